"""The roster as letters: every alias in each of its readings, with and without its article."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from crawler.resemblance.hashing import Hashes, Rolling, Table, rolling
from crawler.resemblance.keys import PREFIX, deletion_keys, letter_keys, pair_keys, set_keys, sound_keys
from crawler.resemblance.language import Floats, shipped
from crawler.resemblance.letters import Bytes, Ints, read_letters
from crawler.resemblance.units import Batch, prepare, trimmed
from crawler.resemblance.vocabulary import SMALL

PAIR_BITS = 22.0
"""Pairs of words more ordinary than this are not looked up."""
ORIGINS = 7
SHORTEST_NEAR, SHORTEST_TWO = 5, 9
"""Letters from which one, and two, edits are looked for."""


@dataclass(frozen=True)
class Spellings:
    """Columns: one entry per spelling; its letters lie in the two flat arrays."""

    alias: NDArray[np.int32]
    start: Ints
    end: Ints
    words: Ints
    short: NDArray[np.bool_]
    """Whether the article was left out."""
    bits: Floats
    origins: Ints
    """How many letters of each origin, one row per spelling."""
    alike: Bytes
    plain: Bytes
    word_hash: Hashes
    """The words of all spellings, sorted within each, for counting those that are shared."""
    word_bits: Floats
    word_start: Ints
    texts: NDArray[np.object_]

    def joined(self, more: "Spellings", aliases: int) -> "Spellings":
        """Return these and more spellings, whose aliases are numbered after so many."""
        letters, words = len(self.alike), len(self.word_hash)

        def both(name: str, plus: int = 0) -> NDArray[Any]:
            return np.concatenate((getattr(self, name), getattr(more, name) + plus if plus else getattr(more, name)))

        return Spellings(
            alias=both("alias", aliases).astype(np.int32),
            start=both("start", letters),
            end=both("end", letters),
            words=both("words"),
            short=both("short"),
            bits=both("bits"),
            origins=both("origins"),
            alike=both("alike"),
            plain=both("plain"),
            word_hash=both("word_hash"),
            word_bits=both("word_bits"),
            word_start=np.concatenate((self.word_start[:-1], more.word_start + words)),
            texts=both("texts"),
        )


@dataclass(frozen=True)
class Near:
    """The spellings by the near misses of their first letters; those that begin alike are one group with one set."""

    table: Table
    start: Ints
    members: NDArray[np.int32]

    def members_of(self, part: Ints, group: Ints) -> tuple[Ints, Ints]:
        """Return every (part, spelling) of pairs of parts and groups."""
        begin, end = self.start[group], self.start[group + 1]
        return np.repeat(part, end - begin), self.members[ranges(begin, end)].astype(np.int64)

    def with_more(self, more: "Near") -> "Near":
        """Return these and further groups; one that is in both stays two."""
        values = more.table.values + np.int32(len(self.start) - 1)
        table = self.table.with_more(more.table.keys, values)
        start = np.concatenate((self.start[:-1], more.start + len(self.members)))
        return Near(table, start, np.concatenate((self.members, more.members)))


@dataclass(frozen=True)
class Keys:
    """The keys of spellings and the spelling of each: exact forms and pairs of words; and their near misses."""

    exact: tuple[Hashes, NDArray[np.int32]]
    pairs: tuple[Hashes, NDArray[np.int32]]
    near: Near


def spell(aliases: Iterable[str], after: int = 0) -> tuple[Spellings, Keys]:
    """Read aliases, and make the keys of their spellings, which are numbered after so many."""
    batch = prepare(read_letters(list(aliases)))
    read = batch.read
    words = read.row_words
    first, last = words[:-1], words[1:]
    row = np.flatnonzero(last > first)
    first, last = first[row], last[row]
    bare_first, _ = trimmed(first, last, (batch.kinds & SMALL) > 0)
    keeps = np.isin(row, read.word_row[bare_first])
    shorter = bare_first > first[keeps]
    row = np.concatenate((row, row[keeps][shorter]))
    first, last = np.concatenate((first, bare_first[shorter])), np.concatenate((last, last[keeps][shorter]))
    start, end = read.word_from[first], read.word_to[last - 1]
    bits = shipped().bits(read, rolling(read.plain))
    spellings = Spellings(
        alias=read.text[row].astype(np.int32),
        start=start,
        end=end,
        words=last - first,
        short=np.arange(len(row)) >= len(row) - int(shorter.sum()),
        bits=sums(bits, first, last),
        origins=np.stack([sums(read.origin == o, start, end) for o in range(ORIGINS)], axis=1).astype(np.int64),
        alike=read.alike,
        plain=read.plain,
        word_hash=batch.hashes.view(np.uint64)[ranges(first, last)],
        word_bits=bits[ranges(first, last)],
        word_start=np.append(0, np.cumsum(last - first)),
        texts=np.array([read.letters[a:b] for a, b in zip(start, end, strict=True)], object),
    )
    return spellings, keys_of(batch, first, last, bits, after)


def keys_of(batch: Batch, first: Ints, last: Ints, bits: Floats, after: int) -> Keys:
    """Return the keys of the spellings that are these ranges of words."""
    start, end = batch.read.word_from[first], batch.read.word_to[last - 1]
    number = np.arange(after, after + len(first), dtype=np.int32)
    sets, sounds = set_keys(batch, first, last), sound_keys(batch.read, start, end)
    exact = [(letter_keys(batch, first, last), number), (sets[sets > 0], number[sets > 0])]
    exact.append((sounds[sounds > 0], number[sounds > 0]))
    pairs, which = pair_keys(batch, first, last, bits, PAIR_BITS)
    return Keys(together(exact), (pairs, number[which]), near_of(batch.roll, start, end, number))


def near_of(roll: Rolling, start: Ints, end: Ints, number: NDArray[np.int32]) -> Near:
    """Return the near misses of spellings, grouped by their first letters."""
    long = np.flatnonzero(end - start >= SHORTEST_NEAR)
    start, end, number = start[long], end[long], number[long]
    begins = roll.span(start, np.minimum(end, start + PREFIX))
    order = np.argsort(begins, kind="stable")
    fresh = np.ones(len(order), bool)
    fresh[1:] = begins[order[1:]] != begins[order[:-1]]
    bounds = np.append(np.flatnonzero(fresh), len(order))
    one = order[bounds[:-1]]
    keys = []
    for two in (False, True):
        some = np.flatnonzero((end[one] - start[one] >= SHORTEST_TWO) == two)
        made, of = deletion_keys(roll, start[one[some]], end[one[some]], two)
        keys.append((made, some[of].astype(np.int32)))
    return Near(Table.of(*together(keys)), bounds, number[order])


def together(keys: list[tuple[Hashes, NDArray[np.int32]]]) -> tuple[Hashes, NDArray[np.int32]]:
    """Return several keys with their values as one."""
    return np.concatenate([k for k, _ in keys]), np.concatenate([v for _, v in keys])


def sums(values: NDArray[np.generic], start: Ints, end: Ints) -> Floats:
    """Return the sum of values over each range."""
    total = np.append(0.0, np.cumsum(values, dtype=np.float64))
    return np.asarray(total[end] - total[start])


def ranges(start: Ints, end: Ints) -> Ints:
    """Return all the numbers of all the ranges, one after the other."""
    size = end - start
    offset = np.repeat(start - np.append(0, np.cumsum(size)[:-1]), size) if len(size) else np.zeros(0, np.int64)
    return np.asarray(offset + np.arange(int(size.sum())))
