"""Who issued an ISRC or a barcode, and to whom: computed both ways, remembered nowhere.

A label has codes of its own, which the acts of its scene share. A distributor has many, each shared by hundreds of
unrelated acts, honest and other; newer ones begin with other letters. Some acts are registrants themselves.
"""

from dataclasses import dataclass

from sandbox.made.ids import BASE36, Scramble, check_digit, spell, unspell
from sandbox.made.scenes import LABELS, MOST_SPOTS, RING, SCENE, Scenes

REGISTRANT_PRIME = 46_649
COMPANY_PRIME = 899_981
DISTRIBUTORS = 8
ERAS = ("TC", "QM", "QZ", "QT")
ERA_ENDS = (2009, 2015, 2021)
GENERATIONS = 2
LABEL_ROOM = 500
POOL_ROOM, POOL_PAGES = 200, 4
PAGE_ROOM = POOL_ROOM // POOL_PAGES
UPC_ROOM, UPC_PAGES = 96, 6
UPC_PAGE_ROOM = UPC_ROOM // UPC_PAGES
OWN_EVERY = 4
LABEL, POOL, OWN = "label", "pool", "own"


@dataclass(frozen=True, slots=True)
class Origin:
    """Who issues codes: which label (twice its number, one more for its newer code), or distributor, era and page."""

    kind: str
    which: int = 0
    era: int = 0
    page: int = 0


def era_of(year: int) -> int:
    """Give the era in which a distributor issues codes."""
    return sum(year > end for end in ERA_ENDS)


class Codes:
    """The codes of one world."""

    def __init__(self, seed: int, acts: int, scenes: Scenes) -> None:
        """Prepare the shuffles; the more acts, the more codes the distributors have."""
        self.acts, self.scenes = acts, scenes
        self.registrants = Scramble(f"{seed}/registrant", REGISTRANT_PRIME)
        self.companies = Scramble(f"{seed}/company", COMPANY_PRIME)
        self.pools = max(8, -(-acts // (100_000 // POOL_ROOM)))
        self.upc_pools = max(8, -(-acts // (99_840 // UPC_ROOM)))
        rounds = -(-acts // SCENE) // len(RING) + 2
        self.label_codes = rounds * MOST_SPOTS * LABELS * GENERATIONS
        self.label_companies = (-(-acts // SCENE) + 1) * LABELS
        own = rounds * MOST_SPOTS * (SCENE // OWN_EVERY)
        pools = self.label_companies + len(ERAS) * DISTRIBUTORS * self.upc_pools
        room = self.label_codes + own, DISTRIBUTORS * self.pools
        if max(room) >= REGISTRANT_PRIME or pools >= COMPANY_PRIME:
            raise ValueError(f"a world of {acts} acts has more registrants than there are codes")

    def pool(self, origin: Origin, act: int) -> int:
        """Give which of a distributor's prefixes an act gets on a page."""
        return (act + origin.page * 7) % self.pools

    def prefix(self, origin: Origin, act: int) -> str:
        """Give the five letters with which ISRCs begin."""
        if origin.kind == POOL:
            number = origin.which * self.pools + self.pool(origin, act)
            return ERAS[origin.era] + self.spelled(number)
        scene, spot = divmod(act, SCENE)
        place = self.scenes.place(scene)
        if origin.kind == LABEL:
            number = place * LABELS * GENERATIONS + origin.which
        else:
            number = self.label_codes + (place * SCENE + spot) // OWN_EVERY
        return self.scenes.country(scene) + self.spelled(number)

    def spelled(self, number: int) -> str:
        """Write a registrant's number as three letters."""
        return spell(self.registrants.hide(number), BASE36, 3)

    def isrc(self, origin: Origin, act: int, year: int, serial: int) -> str:
        """Give an ISRC for an act."""
        number = serial
        if origin.kind == POOL:
            number += act // self.pools * POOL_ROOM + origin.page * PAGE_ROOM
        elif origin.kind == LABEL:
            number += act % SCENE * LABEL_ROOM
        return f"{self.prefix(origin, act)}{year % 100:02d}{number:05d}"

    def holder(self, isrc: str) -> int | None:
        """Give the act to which an ISRC was issued."""
        if len(isrc) != 12 or not isrc[5:].isdigit() or not isrc.isascii():
            return None
        hidden, number = unspell(isrc[2:5], BASE36), int(isrc[7:])
        if hidden is None or hidden >= REGISTRANT_PRIME:
            return None
        code = self.registrants.show(hidden)
        if isrc[:2] in ERAS:
            spot, rest = divmod(number, POOL_ROOM)
            first = (code % self.pools - rest // PAGE_ROOM * 7) % self.pools
            return self.known(spot * self.pools + first) if code < DISTRIBUTORS * self.pools else None
        if code < self.label_codes:
            scene = self.scenes.scene(isrc[:2], code // (LABELS * GENERATIONS))
            return self.known(scene * SCENE + number // LABEL_ROOM) if scene is not None else None
        place, spot = divmod(code - self.label_codes, SCENE // OWN_EVERY)
        scene = self.scenes.scene(isrc[:2], place)
        return self.known(scene * SCENE + spot * OWN_EVERY) if scene is not None else None

    def known(self, act: int) -> int | None:
        """Give an act's number if there is such an act."""
        return act if act < self.acts else None

    def upc(self, origin: Origin, act: int, serial: int) -> str:
        """Give a 12-digit barcode with its check digit."""
        if origin.kind == POOL:
            company = (origin.era * DISTRIBUTORS + origin.which) * self.upc_pools
            company += self.label_companies + (act + origin.page * 5) % self.upc_pools
            item = act // self.upc_pools * UPC_ROOM + origin.page * UPC_PAGE_ROOM + serial
        else:
            company, item = act // SCENE * LABELS + origin.which // GENERATIONS, act % SCENE * LABEL_ROOM + serial
        digits = f"{100_000 + self.companies.hide(company):06d}{item:05d}"
        return digits + check_digit(digits)

    def buyer(self, upc: str) -> int | None:
        """Give the act for whose release a barcode was bought, zeros in front ignored."""
        digits = upc.lstrip("0")
        if not (digits.isascii() and digits.isdigit()) or len(digits) != 12 or check_digit(digits[:-1]) != digits[-1]:
            return None
        hidden, item = int(digits[:6]) - 100_000, int(digits[6:11])
        if not 0 <= hidden < COMPANY_PRIME:
            return None
        company = self.companies.show(hidden)
        if company < self.label_companies:
            return self.known(company // LABELS * SCENE + item // LABEL_ROOM)
        spot, rest = divmod(item, UPC_ROOM)
        first = ((company - self.label_companies) % self.upc_pools - rest // UPC_PAGE_ROOM * 5) % self.upc_pools
        return self.known(spot * self.upc_pools + first)
