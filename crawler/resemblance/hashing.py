"""Hashes of any span of letters in constant time, and the table that finds them again.

A rolling polynomial over 64-bit numbers: one running sum for the whole batch, then the hash of a span, of a span
without one or two of its letters, or of a set of words is a subtraction or two.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from crawler.resemblance.letters import Bytes, Ints

Hashes = NDArray[np.uint64]

BASE = 0x9E3779B97F4A7C15 | 1
INVERSE = pow(BASE, -1, 1 << 64)
MIX = np.uint64(0xD6E8FEB86659FD93)
SHIFT = np.uint64(32)
LETTERS: Hashes = np.random.default_rng(37).integers(1, 1 << 63, 256, dtype=np.uint64) | np.uint64(1)
SMALLEST_POWERS = 1 << 16
MIN_BITS = 8
"""Top bits that address the smallest table; each further bit doubles its buckets."""
SEEN_BITS = 4
"""Further bits that are asked first, in a bit set, so that most keys that are not there cost one look."""
ROUNDS = 4
"""Entries of a bucket that are compared one at a time; what is left of crowded ones is compared at once."""
FEW = 0.02
"""Share of a table that may be added to it without making it anew."""
BIT = np.left_shift(1, np.arange(8)).astype(np.uint8)


@lru_cache(maxsize=8)
def powers_of(base: int, size: int) -> Hashes:
    """Return the first powers of a base, modulo 2^64."""
    powers = np.full(size, base, np.uint64)
    powers[0] = 1
    return np.cumprod(powers)


def powers(base: int, atleast: int) -> Hashes:
    """Return at least so many powers of a base; sizes are rounded up so that few are kept."""
    return powers_of(base, max(SMALLEST_POWERS, 1 << int(atleast).bit_length()))


def mixed(hashes: Hashes) -> Hashes:
    """Spread the bits of hashes, so that their top bits can address a table."""
    hashes = hashes ^ (hashes >> SHIFT)
    hashes = hashes * MIX
    return hashes ^ (hashes >> SHIFT)


@dataclass(frozen=True)
class Rolling:
    """Running sums over letters."""

    sums: Hashes
    inverse: Hashes

    def span(self, start: Ints, end: Ints) -> Hashes:
        """Return the hash of each span of letters."""
        return (self.sums[end] - self.sums[start]) * self.inverse[start]


def rolling(letters: Bytes) -> Rolling:
    """Sum letters up once, for any number of spans."""
    terms = LETTERS[letters] * powers(BASE, len(letters))[: len(letters)]
    return Rolling(running(terms, np.dtype(np.uint64)), powers(INVERSE, len(letters) + 1))


def running(values: NDArray[Any], kind: np.dtype[Any]) -> NDArray[Any]:
    """Return the running sums of values, from 0 to all of them."""
    total = np.zeros(len(values) + 1, kind)
    np.cumsum(values, dtype=kind, out=total[1:])
    return total


def hash_of(letters: Bytes) -> int:
    """Return the hash of one string of letters."""
    return int(rolling(letters).sums[-1])


@dataclass(frozen=True)
class Table:
    """Which numbers stand under which hash: entries addressed by the hash's top bits, with a bit set in front.

    The sums that hashes are made of spread well into their top bits.
    """

    keys: Hashes
    values: NDArray[np.int32]
    start: NDArray[np.int32]
    seen: Bytes
    bits: int

    @classmethod
    def of(cls, keys: Hashes, values: NDArray[np.int32]) -> "Table":
        """Build a table; repeated pairs that come one after the other are kept once."""
        order = np.argsort(keys, kind="stable")
        keys, values = keys[order], values[order]
        fresh = np.ones(len(keys), bool)
        fresh[1:] = (keys[1:] != keys[:-1]) | (values[1:] != values[:-1])
        return cls.sorted_by(keys[fresh], values[fresh])

    @classmethod
    def sorted_by(cls, keys: Hashes, values: NDArray[np.int32]) -> "Table":
        """Build a table from keys in order."""
        bits = max(MIN_BITS, len(keys).bit_length() - 1)
        bucket = (keys >> np.uint64(64 - bits)).astype(np.intp)
        start = np.zeros((1 << bits) + 1, np.int32)
        np.cumsum(np.bincount(bucket, minlength=1 << bits), out=start[1:])
        seen = np.zeros(1 << (bits + SEEN_BITS - 3), np.uint8)
        mark = keys >> np.uint64(64 - bits - SEEN_BITS)
        np.bitwise_or.at(seen, mark >> np.uint64(3), BIT[mark & np.uint64(7)])
        return cls(keys, values, start, seen, bits)

    def with_more(self, keys: Hashes, values: NDArray[np.int32]) -> "Table":
        """Return a table with further keys; a few are put in their places, which is much quicker than a new table."""
        if len(keys) > len(self.keys) * FEW:
            return Table.of(np.concatenate((self.keys, keys)), np.concatenate((self.values, values)))
        order = np.argsort(keys, kind="stable")
        keys, values = keys[order], values[order]
        places = np.searchsorted(self.keys, keys, "right")
        bucket = (keys >> np.uint64(64 - self.bits)).astype(np.intp)
        start = self.start.copy()
        start[1:] += np.cumsum(np.bincount(bucket, minlength=1 << self.bits)).astype(np.int32)
        seen = self.seen.copy()
        mark = keys >> np.uint64(64 - self.bits - SEEN_BITS)
        np.bitwise_or.at(seen, mark >> np.uint64(3), BIT[mark & np.uint64(7)])
        return Table(np.insert(self.keys, places, keys), np.insert(self.values, places, values), start, seen, self.bits)

    def find(self, keys: Hashes) -> tuple[Ints, NDArray[np.int32]]:
        """Return every (position in the asked keys, value) that the table holds."""
        mark = keys >> np.uint64(64 - self.bits - SEEN_BITS)
        within = mark.astype(np.uint8) & np.uint8(7)
        asked = (self.seen[(mark >> np.uint64(3)).view(np.int64)] >> within & np.uint8(1)).nonzero()[0]
        keys = keys[asked]
        bucket = (keys >> np.uint64(64 - self.bits)).view(np.int64)
        here, end = self.start[bucket], self.start[bucket + 1]
        some = (here < end).nonzero()[0]
        asked, keys, here, end = asked[some], keys[some], here[some], end[some]
        found, values = [np.zeros(0, np.int64)], [np.zeros(0, np.int32)]
        for _ in range(ROUNDS):
            if not len(asked):
                break
            stored = self.keys[here]
            hit = (stored == keys).nonzero()[0]
            found.append(asked[hit])
            values.append(self.values[here[hit]])
            here = here + 1
            some = ((here < end) & (stored <= keys)).nonzero()[0]
            asked, keys, here, end = asked[some], keys[some], here[some], end[some]
        if len(asked):
            size = end - here
            which = ranges(here, end)
            hit = (self.keys[which] == np.repeat(keys, size)).nonzero()[0]
            found.append(np.repeat(asked, size)[hit])
            values.append(self.values[which[hit]])
        return np.concatenate(found), np.concatenate(values)


def ranges(start: NDArray[Any], end: NDArray[Any]) -> Ints:
    """Return all the numbers of all the ranges, one after the other."""
    size = (end - start).astype(np.int64)
    before = np.cumsum(size) - size
    return np.asarray(np.repeat(start - before, size) + np.arange(int(size.sum())))
