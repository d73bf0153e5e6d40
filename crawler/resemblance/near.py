"""The spellings by the near misses of their first letters; those that begin alike are one group with one set of keys.

Without groups, a text that begins like a thousand orchestras would meet each of them under each of 79 keys.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from crawler.resemblance.hashing import BASE, LETTERS, Table, powers, ranges, rolling
from crawler.resemblance.keys import PREFIX, deletion_keys
from crawler.resemblance.letters import Bytes, Ints
from crawler.resemblance.spellings import Keys, Spellings, together

SHORTEST_NEAR, SHORTEST_TWO, SHORTEST_THREE = 5, 9, 18
"""Letters from which one, two and three edits are looked for; not more than two of them among the first letters."""
CHUNK = 16_384
"""Groups whose keys are made at once."""


@dataclass(frozen=True)
class Near:
    """A table of groups, and the spellings of each group."""

    table: Table
    start: Ints
    members: NDArray[np.int32]

    def members_of(self, part: Ints, group: Ints) -> tuple[Ints, Ints]:
        """Return every (part, spelling) of pairs of parts and groups."""
        begin, end = self.start[group], self.start[group + 1]
        return np.repeat(part, end - begin), self.members[ranges(begin, end)].astype(np.int64)

    def with_more(self, more: "Near") -> "Near":
        """Return these and further groups; one that is in both stays two."""
        table = self.table.with_more(more.table.keys, more.table.values + np.int32(len(self.start) - 1))
        start = np.concatenate((self.start[:-1], more.start + len(self.members)))
        return Near(table, start, np.concatenate((self.members, more.members)))


def near_of(spellings: Spellings, after: int = 0) -> Near:
    """Return the near misses of spellings, which are numbered after so many."""
    size = spellings.end - spellings.start
    number = np.flatnonzero(size >= SHORTEST_NEAR)
    size = size[number]
    begins = beginnings(spellings, number)
    hashes = (LETTERS[begins] * powers(BASE, PREFIX)[:PREFIX]).sum(axis=1, dtype=np.uint64)
    # names of eight letters and of nine may begin alike, but not all their near misses are looked for
    hashes += size.astype(np.uint64) >= SHORTEST_TWO
    order = np.argsort(hashes, kind="stable")
    fresh = np.ones(len(order), bool)
    fresh[1:] = hashes[order[1:]] != hashes[order[:-1]]
    bounds = np.append(np.flatnonzero(fresh), len(order))
    keys = keys_of(begins[order[bounds[:-1]]], size[order[bounds[:-1]]])
    return Near(Table.of(*keys), bounds, (number[order] + after).astype(np.int32))


def beginnings(spellings: Spellings, number: Ints) -> Bytes:
    """Return the first letters of spellings, one row each, 0 where there are no more."""
    places = spellings.start[number][:, None] + np.arange(PREFIX, dtype=np.int32)
    inside = places < spellings.end[number][:, None]
    return np.where(inside, spellings.alike[np.minimum(places, len(spellings.alike) - 1)], np.uint8(0))


def keys_of(begins: Bytes, size: Ints) -> Keys:
    """Return the keys of groups by their beginnings and the size of their names."""
    keys = [(np.zeros(0, np.uint64), np.zeros(0, np.int32))]
    for two in (False, True):
        groups = np.flatnonzero((size >= SHORTEST_TWO) == two)
        for at in range(0, len(groups), CHUNK):
            some = groups[at : at + CHUNK]
            letters = begins[some]
            end = np.cumsum((letters > 0).sum(axis=1))
            start = np.append(0, end[:-1])
            made, of = deletion_keys(rolling(letters[letters > 0]), start, end, two)
            keys.append((made, some[of].astype(np.int32)))
    return together(keys)
