"""Numbers made to look like each platform's ids, and back: nothing is remembered, everything is computed."""

import random
import string
import uuid

from sandbox.dialects import facts

BASE62 = string.digits + string.ascii_uppercase + string.ascii_lowercase
BASE64 = string.ascii_uppercase + string.ascii_lowercase + string.digits + "-_"
BASE36 = string.digits + string.ascii_uppercase
DECIMAL_PRIMES = (999_999_937, 9_999_999_967, 99_999_999_977)
SPOTIFY_PRIME = 2**130 - 5
BASE64_PRIME = 2**61 - 1
UUID_PRIME = 2**122 - 3


KINDS = ("artist", "album", "twin", "track")
PAIRS62 = tuple(a + b for a in BASE62 for b in BASE62)


class Scramble:
    """A one-to-one shuffle of the numbers below a prime."""

    def __init__(self, seed: str, prime: int) -> None:
        """Choose the shuffle by a seed."""
        rng = random.Random(seed)
        self.prime = prime
        self.times = rng.randrange(prime // 3, prime - 1)
        self.plus = rng.randrange(prime)
        self.undo = pow(self.times, -1, prime)

    def hide(self, n: int) -> int:
        """Give the number that stands for n."""
        return (n * self.times + self.plus) % self.prime

    def show(self, hidden: int) -> int:
        """Give back the number that something stands for."""
        return (hidden - self.plus) * self.undo % self.prime


def spell(number: int, alphabet: str, length: int) -> str:
    """Write a number with a given alphabet and length."""
    letters = []
    for _ in range(length):
        number, rest = divmod(number, len(alphabet))
        letters.append(alphabet[rest])
    return "".join(reversed(letters))


def spell_62(number: int) -> str:
    """Write a number in 22 letters, two at a time."""
    pairs = []
    for _ in range(11):
        number, rest = divmod(number, len(PAIRS62))
        pairs.append(PAIRS62[rest])
    return "".join(reversed(pairs))


def unspell(text: str, alphabet: str) -> int | None:
    """Read a number back, or nothing when a letter is foreign."""
    number = 0
    for letter in text:
        value = alphabet.find(letter)
        if value < 0:
            return None
        number = number * len(alphabet) + value
    return number


def decimal_prime(capacity: int) -> int:
    """Give the smallest usual modulus that holds so many ids."""
    return next(prime for prime in DECIMAL_PRIMES if prime > capacity)


class IdShape:
    """One kind of id on one platform."""

    def __init__(self, platform: str, kind: str, seed: int, capacity: int) -> None:
        """Prepare the shuffle in the platform's own id space."""
        self.platform, self.kind = platform, kind
        self.prefix = "user-" if kind == "artist" else "soundcloud:tracks:"  # of a handle
        known = facts.of(facts.of(platform).ids_of or platform)
        self.spelled = known.ids
        primes = {"base62": SPOTIFY_PRIME, "base64url": BASE64_PRIME, "uuid": UUID_PRIME}
        prime = primes.get(known.ids) or decimal_prime(capacity)
        self.scramble = Scramble(f"{seed}/{known.name}/{kind}", prime)
        self.step, self.first = (4, 5 + KINDS.index(kind)) if known.one_id_space else (1, 1)

    def id(self, n: int) -> str:
        """Give the platform's id for a number."""
        hidden = self.scramble.hide(n)
        if self.spelled == "base62":
            return spell_62(hidden)
        if self.spelled == "handle":
            return f"{self.prefix}{hidden + self.first}"
        if self.spelled == "item":
            return f"Q{hidden + self.first}"
        if self.spelled == "host":
            return self.place(hidden + self.first)
        if self.spelled == "base64url":
            return f"UC{spell(hidden, BASE64, 21)}g" if self.kind == "artist" else spell(hidden, BASE64, 11)
        if self.spelled == "uuid":
            return str(uuid.UUID(int=uuid_bits(hidden)))
        return str(hidden * self.step + self.first)

    def place(self, number: int) -> str:
        """Give a host, a release's address, or a bare number."""
        return {"artist": f"b{number}", "track": str(number)}.get(self.kind, f"r{number}.bandcamp.com/album/r{number}")

    def undo_place(self, id: str) -> int | None:
        """Give the hidden number of a host or an address of this kind."""
        number = id.rpartition("/r")[2] if self.kind in ("album", "twin") else id.removeprefix("b")
        return self.undo_decimal(number) if number.isdigit() and self.place(int(number)) == id else None

    def undo_decimal(self, id: str) -> int | None:
        """Give the hidden number of a decimal id of this kind."""
        if not (id.isascii() and id.isdigit()) or len(id) > 13:
            return None
        hidden, rest = divmod(int(id) - self.first, self.step)
        return None if rest else hidden

    def undo_base64(self, id: str) -> int | None:
        """Give the hidden number of a channel's or a video's id."""
        if self.kind == "artist":
            return unspell(id[2:23], BASE64) if len(id) == 24 and id.startswith("UC") and id.endswith("g") else None
        return unspell(id, BASE64) if len(id) == 11 else None

    def number(self, id: str) -> int | None:
        """Give the number behind an id, or nothing when it has not the platform's shape."""
        if self.spelled == "base62":
            hidden = unspell(id, BASE62) if len(id) == 22 else None
        elif self.spelled == "handle":
            hidden = self.undo_decimal(id.removeprefix(self.prefix)) if id.startswith(self.prefix) else None
        elif self.spelled == "item":
            hidden = self.undo_decimal(id[1:]) if id.startswith("Q") else None
        elif self.spelled == "host":
            hidden = self.undo_place(id)
        elif self.spelled == "base64url":
            hidden = self.undo_base64(id)
        elif self.spelled == "uuid":
            hidden = bits_of_uuid(id)
        else:
            hidden = self.undo_decimal(id)
        if hidden is None or not 0 <= hidden < self.scramble.prime:
            return None
        return self.scramble.show(hidden)


def uuid_bits(number: int) -> int:
    """Spread 122 bits around the version and variant of a random UUID."""
    low, middle, high = number & (2**62 - 1), number >> 62 & 0xFFF, number >> 74
    return high << 80 | 4 << 76 | middle << 64 | 2 << 62 | low


def bits_of_uuid(text: str) -> int | None:
    """Collect the 122 free bits of a UUID."""
    try:
        bits = uuid.UUID(text).int
    except ValueError:
        return None
    return bits >> 80 << 74 | (bits >> 64 & 0xFFF) << 62 | bits & (2**62 - 1)


def check_digit(digits: str) -> str:
    """Give the GS1 mod-10 check digit for the digits before it."""
    total = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(digits)))
    return str(-total % 10)
