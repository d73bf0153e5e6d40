"""The keys under which a name is found: its letters, its set of words, its sound, pairs of its words, its near misses.

The same functions make the keys of the roster and those of a text, so that they cannot drift apart.
"""

from dataclasses import dataclass
from itertools import combinations

import numpy as np

from crawler.resemblance.hashing import INVERSE, LETTERS, Hashes, Rolling, mixed, ranges, rolling, running
from crawler.resemblance.letters import VOWEL, Bytes, Ints, Letters, numbers
from crawler.resemblance.units import Batch
from crawler.resemblance.vocabulary import SMALL

PREFIX = 11
"""Letters of a long name that its near misses are made of."""
RAREST, ASKED = 3, 6
"""How many of a name's rarest words are paired, so that any one may be missing, and how many first words of a text."""
SALT_SET, SALT_SOUND = np.uint64(0xA5A5A5A5DEADBEEF), np.uint64(0x5B5B5B5B12345678)
SALT_SOUNDS = np.uint64(0x3C3C3C3C87654321)
SALT_INITIALS, SALT_ALONE = np.uint64(0x6D6D6D6D2468ACE0), np.uint64(0x71717171FEDCBA98)
SHORTEST_INITIALED = 3
"""Letters of a last name that is looked for behind initials."""
ALONE = 28.0
"""Bits that one word of a longer name must have to be looked for where it stands alone."""

SHORTEST_ENDED = 4
"""Letters of a word whose last e may be silent: that of "the" and "me" is not."""
SHORTEST_SOUNDS = 8
"""Sounds that a name must have to be looked for with its words in another order."""
_ONE = np.uint64(INVERSE)
PAIRS = [np.triu_indices(size, 1) for size in range(PREFIX + 1)]


def letter_keys(batch: Batch, first: Ints, last: Ints) -> Hashes:
    """Return the key of the letters of each range of words."""
    return batch.roll.span(batch.read.word_from[first], batch.read.word_to[last - 1])


def set_keys(batch: Batch, first: Ints, last: Ints) -> Hashes:
    """Return the key of each range's words whatever their order; 0 for a single word.

    Articles are left out where two other words are, and count where they do not: "Beatles, The".
    """
    counts = (batch.kinds & SMALL) == 0
    told = np.where(counts, batch.meanings, np.uint64(0))
    sums, every = running(told, np.dtype(np.uint64)), running(batch.meanings, np.dtype(np.uint64))
    words = running(counts, np.dtype(np.int64))
    few = words[last] - words[first] < 2
    keys: Hashes = np.where(few, every[last] - every[first], sums[last] - sums[first]) ^ SALT_SET
    keys[last - first < 2] = 0
    return keys


def initial_keys(batch: Batch, first: Ints, last: Ints) -> Hashes:
    """Return the key of each range's last word and the initials of those before it; 0 for a single or short word."""
    read = batch.read
    start = mixed(LETTERS[read.alike[read.word_from]])
    sums, whole = running(start, np.dtype(np.uint64)), mixed(batch.hashes.view(np.uint64))
    keys: Hashes = (sums[last - 1] - sums[first] + whole[last - 1]) ^ SALT_INITIALS
    keys[(last - first < 2) | (read.word_to[last - 1] - read.word_from[last - 1] < SHORTEST_INITIALED)] = 0
    return keys


def initialed_keys(batch: Batch, first: Ints, last: Ints) -> Hashes:
    """Return the same key of ranges that are initials and one word, whatever their order; 0 for others."""
    read = batch.read
    letters = running(read.word_to - read.word_from == 1, np.dtype(np.int64))
    whole = running(mixed(batch.hashes.view(np.uint64)), np.dtype(np.uint64))
    keys: Hashes = (whole[last] - whole[first]) ^ SALT_INITIALS
    keys[(last - first < 2) | (letters[last] - letters[first] != last - first - 1)] = 0
    return keys


def single_keys(batch: Batch, first: Ints, last: Ints, bits: np.ndarray) -> tuple[Hashes, Ints]:
    """Return the keys of the words of each range that are telling enough to be met alone, and the range of each."""
    words = ranges(first, last)
    owner = np.repeat(np.arange(len(first)), last - first)
    telling = np.flatnonzero(bits[words] >= ALONE)
    return batch.meanings[words[telling]] ^ SALT_ALONE, owner[telling]


def deletion_keys(roll: Rolling, start: Ints, end: Ints, two: bool) -> tuple[Hashes, Ints]:
    """Return keys of each span with none, one or two of its first letters left out, and the span of each key."""
    size = np.minimum(end - start, PREFIX)
    keys, which = [np.zeros(0, np.uint64)], [np.zeros(0, np.int64)]
    for letters in np.bincount(size).nonzero()[0].tolist():
        some = (size == letters).nonzero()[0]
        rows = deletions(roll, start[some], letters, two)
        keys.append(rows.ravel())
        which.append(np.tile(some, len(rows)))
    return np.concatenate(keys), np.concatenate(which)


def deletions(roll: Rolling, start: Ints, size: int, two: bool) -> Hashes:
    """Return the deletion keys of spans of one size, one row per way to leave letters out.

    The letters after one or two gaps move down by as many places, which divides their sum by the base or its square;
    so the key of two gaps is one number for the first gap plus one for the second.
    """
    inverse = roll.inverse[start]
    sums = (roll.sums[start + np.arange(size + 1)[:, None]] - roll.sums[start]) * inverse
    once = sums * _ONE
    rows = [sums[-1:], sums[:-1] + (once[-1] - once[1:])]
    if two and size > 2:
        twice = once * _ONE
        first, second = sums[:-1] - once[1:], once[:-1] + (twice[-1] - twice[1:])
        one, other = PAIRS[size]
        rows.append(first[one] + second[other])
    return np.concatenate(rows)


def pair_keys(batch: Batch, words: Ints, bits: np.ndarray, least: float) -> tuple[Hashes, Ints]:
    """Return keys of the pairs of words of each row whose bits together reach the least, and the row of each."""
    keys, rows = [np.zeros(0, np.uint64)], [np.zeros(0, np.int64)]
    for a, b in combinations(range(words.shape[1]), 2):
        some = (words[:, b] >= 0).nonzero()[0]
        one, other = words[some, a], words[some, b]
        telling = (bits[one] + bits[other] >= least).nonzero()[0]
        keys.append(batch.meanings[one[telling]] + batch.meanings[other[telling]])
        rows.append(some[telling])
    return np.concatenate(keys), np.concatenate(rows)


def opening(first: Ints, last: Ints, most: int) -> Ints:
    """Return the first words of each range of words, one row each, -1 where there are no more."""
    words = first[:, None] + np.arange(min(most, int((last - first).max(initial=0))))
    return np.where(words < last[:, None], words, -1)


def rarest(first: Ints, last: Ints, bits: np.ndarray, most: int) -> Ints:
    """Return the rarest words of each range of words, one row each, rarest first, -1 where there are no more."""
    words, size = ranges(first, last), last - first
    owner = np.repeat(np.arange(len(first)), size)
    words = words[np.lexsort((-bits[words], owner))]
    rank = np.arange(len(words)) - np.repeat(np.cumsum(size) - size, size)
    table: Ints = np.full((len(first), min(most, int(size.max(initial=0)))), -1)
    kept = rank < most
    table[owner[kept], rank[kept]] = words[kept]
    return table


_C, _K, _S, _Z, _Y, _I, _P, _F, _H, _Q, _W, _V, _D, _J, _X, _E = numbers("ckszyipfhqwvdjxe")
SOUND = np.arange(256, dtype=np.uint8)
for _from, _to in ((_C, _K), (_Q, _K), (_Z, _S), (_Y, _I), (_W, _V), (_H, 0)):
    SOUND[_from] = _to


def unsaid_endings(read: Letters, heard: Bytes) -> None:
    """Read the ends of words as they are said: "Billie", "Billey" and "Billee" as "Billi", "Clarke" as "Clark"."""
    words = np.flatnonzero(read.word_to - read.word_from >= SHORTEST_ENDED)
    last = read.word_to[words] - 1
    # as printed: among letters that look alike l is i
    end, before = read.plain[last], read.plain[last - 1]
    e, i = end == _E, (end == _I) | (end == _Y)
    heard[last[e & (before == _E)]] = _I
    heard[last[e & ((before == _I) | (before == _Y) | ~VOWEL[before])]] = 0
    heard[last[(e | i) & (before == _E)] - 1] = 0


@dataclass(frozen=True)
class Heard:
    """The letters of a batch as they sound, ready for the key of any span of its printed letters."""

    roll: Rolling
    moved: Ints
    """Where each printed letter went."""

    @classmethod
    def of(cls, read: Letters) -> "Heard":
        """Hear a batch once, for all keys of its sound."""
        heard, moved = sound_letters(read)
        return cls(rolling(heard), moved)

    def sounds(self, start: Ints, end: Ints) -> Ints:
        """Return how many sounds each span of letters has."""
        return np.asarray(self.moved[end] - self.moved[start])


def sound_letters(read: Letters) -> tuple[Bytes, Ints]:
    """Return the letters as they sound, and where each old one went.

    ph = f, c = q = k, z = s, y = i, w = v, ks = x, dzh = j; h and the h of other pairs is silent, doubles count once;
    at the end of a word ie = ey = ee = y, and the e of "Clarke" is silent.
    """
    seen = np.append(read.alike, np.zeros(2, np.uint8))
    now, then, later = seen[:-2], seen[1:-1], seen[2:]
    heard = SOUND[now]
    after = SOUND[then]
    heard[(now == _P) & (then == _H)] = _F
    heard[(now == _K) & (then == _H)] = 0
    ks = (heard == _K) & (after == _S)
    heard[ks] = _X
    heard[1:][ks[:-1]] = 0
    dzh = np.flatnonzero((now == _D) & (then == _Z) & (later == _H))
    heard[dzh] = _J
    heard[dzh + 1] = 0
    unsaid_endings(read, heard)
    # doubles are found among what is heard, so silent letters do not keep them apart
    audible = np.flatnonzero(heard)
    kept = np.zeros(len(heard), bool)
    kept[audible[np.append(True, heard[audible[1:]] != heard[audible[:-1]])[: len(audible)]]] = True
    starts = read.word_from[heard[read.word_from] > 0]
    kept[starts] = True
    return heard[kept], running(kept, np.dtype(np.int64))


def sound_keys(heard: Heard, start: Ints, end: Ints) -> Hashes:
    """Return the key of the sound of each span of letters; 0 for spans that sound of less than three letters."""
    keys = heard.roll.span(heard.moved[start], heard.moved[end]) ^ SALT_SOUND
    keys[heard.sounds(start, end) < 3] = 0
    return keys


def sound_set_keys(heard: Heard, read: Letters, first: Ints, last: Ints) -> Hashes:
    """Return the key of the sounds of each range's words whatever their order; 0 for a single word, or a short one."""
    each = mixed(heard.roll.span(heard.moved[read.word_from], heard.moved[read.word_to]))
    sums = running(each, np.dtype(np.uint64))
    keys: Hashes = (sums[last] - sums[first]) ^ SALT_SOUNDS
    short = heard.sounds(read.word_from[first], read.word_to[last - 1]) < SHORTEST_SOUNDS
    keys[(last - first < 2) | short] = 0
    return keys
