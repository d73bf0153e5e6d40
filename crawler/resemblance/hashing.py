"""Hashes of any span of letters in constant time, and the table that finds them again.

A rolling polynomial over 64-bit numbers: one running sum for the whole batch, then the hash of a span, of a span
without one or two of its letters, or of a set of words is a subtraction or two.
"""

from dataclasses import dataclass
from functools import lru_cache

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
    return Rolling(np.append(np.uint64(0), np.cumsum(terms, dtype=np.uint64)), powers(INVERSE, len(letters) + 1))


def hash_of(letters: Bytes) -> int:
    """Return the hash of one string of letters."""
    return int(rolling(letters).sums[-1])


@dataclass(frozen=True)
class Table:
    """Which numbers stand under which hash: sorted keys addressed by their top bits, with a bit set in front."""

    keys: Hashes
    values: NDArray[np.int32]
    start: NDArray[np.int32]
    seen: Bytes
    bucket_shift: np.uint64
    seen_shift: np.uint64

    @classmethod
    def of(cls, keys: Hashes, values: NDArray[np.int32]) -> "Table":
        """Build a table from unmixed keys; equal pairs are kept once."""
        return cls.sorted_by(mixed(keys), values)

    @classmethod
    def sorted_by(cls, keys: Hashes, values: NDArray[np.int32]) -> "Table":
        """Build a table from mixed keys."""
        order = np.argsort(keys, kind="stable")
        keys, values = keys[order], values[order]
        fresh = np.ones(len(keys), bool)
        fresh[1:] = (keys[1:] != keys[:-1]) | (values[1:] != values[:-1])
        keys, values = keys[fresh], values[fresh]
        bits = max(8, len(keys).bit_length())
        shift, seen_shift = np.uint64(64 - bits), np.uint64(64 - bits - 4)
        start = np.searchsorted(keys >> shift, np.arange((1 << bits) + 1, dtype=np.uint64)).astype(np.int32)
        seen = np.zeros(1 << (bits + 1), np.uint8)
        mark = keys >> seen_shift
        np.bitwise_or.at(seen, mark >> np.uint64(3), np.left_shift(1, mark & np.uint64(7)).astype(np.uint8))
        return cls(keys, values, start, seen, shift, seen_shift)

    def with_more(self, keys: Hashes, values: NDArray[np.int32]) -> "Table":
        """Return a table with further unmixed keys; the old ones are merged, not hashed again."""
        return Table.sorted_by(np.concatenate((self.keys, mixed(keys))), np.concatenate((self.values, values)))

    def find(self, keys: Hashes) -> tuple[Ints, NDArray[np.int32]]:
        """Return every (position in the asked keys, value) that the table holds."""
        keys = mixed(keys)
        mark = keys >> self.seen_shift
        asked = np.flatnonzero(self.seen[mark >> np.uint64(3)] >> (mark & np.uint64(7)).astype(np.uint8) & 1)
        keys = keys[asked]
        bucket = keys >> self.bucket_shift
        here, end = self.start[bucket], self.start[bucket + np.uint64(1)]
        found: list[Ints] = []
        values: list[NDArray[np.int32]] = []
        alive = np.flatnonzero(here < end)
        while len(alive):
            asked, keys, here, end = asked[alive], keys[alive], here[alive], end[alive]
            stored = self.keys[here]
            hit = stored == keys
            found.append(asked[hit])
            values.append(self.values[here[hit]])
            here = here + 1
            alive = np.flatnonzero((stored <= keys) & (here < end))
        if not found:
            return np.zeros(0, np.int64), np.zeros(0, np.int32)
        return np.concatenate(found), np.concatenate(values)
