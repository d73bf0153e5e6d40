"""The roster as letters: every alias in each of its readings, with and without its article."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from crawler.resemblance.bones import own_keys
from crawler.resemblance.hashing import Hashes, ranges, rolling, running
from crawler.resemblance.keys import (
    RAREST,
    Heard,
    initial_keys,
    letter_keys,
    pair_keys,
    rarest,
    set_keys,
    single_keys,
    sound_keys,
    sound_set_keys,
)
from crawler.resemblance.language import Floats, shipped
from crawler.resemblance.letters import Bytes, Ints, read_letters
from crawler.resemblance.units import Batch, nearest, prepare, trimmed
from crawler.resemblance.vocabulary import SMALL

PAIR_BITS = 21.0
"""Pairs of words more ordinary than this are not looked up."""
ORIGINS = 7
CHUNK = 8192
"""Aliases that are read at once."""


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
    origins: NDArray[np.uint16]
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


Keys = tuple[Hashes, NDArray[np.int32]]
"""Keys, and the number of the spelling of each."""


@dataclass(frozen=True)
class Spelt:
    """Newly read spellings with the keys of their exact forms and of the pairs of their words."""

    spellings: Spellings
    exact: Keys
    pairs: Keys


def spell(aliases: Sequence[str]) -> Spelt:
    """Read aliases and make their keys, some thousands at a time so that little memory is used."""
    parts = [spell_some(aliases[at : at + CHUNK]) for at in range(0, max(1, len(aliases)), CHUNK)]
    spellings, exact, pairs = parts[0].spellings, [parts[0].exact], [parts[0].pairs]
    for number, part in enumerate(parts[1:], 1):
        after = np.int32(len(spellings.alias))
        exact.append((part.exact[0], part.exact[1] + after))
        pairs.append((part.pairs[0], part.pairs[1] + after))
        spellings = spellings.joined(part.spellings, number * CHUNK)
    return Spelt(spellings, together(exact), together(pairs))


def spell_some(aliases: Sequence[str]) -> Spelt:
    """Read aliases in one batch."""
    batch = prepare(read_letters(aliases))
    read = batch.read
    first, last, row, short = ranges_spelt(batch)
    start, end = read.word_from[first], read.word_to[last - 1]
    bits = shipped().bits(read, rolling(read.plain))
    spellings = Spellings(
        alias=read.text[row].astype(np.int32),
        start=start,
        end=end,
        words=last - first,
        short=short,
        bits=sums(bits, first, last),
        origins=np.stack([sums(read.origin == o, start, end) for o in range(ORIGINS)], axis=1).astype(np.uint16),
        alike=read.alike,
        plain=read.plain,
        word_hash=batch.hashes.view(np.uint64)[ranges(first, last)],
        word_bits=bits[ranges(first, last)],
        word_start=np.append(0, np.cumsum(last - first)),
        texts=np.array([read.letters[a:b] for a, b in zip(start, end, strict=True)], object),
    )
    return Spelt(spellings, exact_keys(batch, first, last), paired_keys(batch, first, last, bits))


def ranges_spelt(batch: Batch) -> tuple[Ints, Ints, Ints, NDArray[np.bool_]]:
    """Return the first and after-last word of every spelling, its row, and whether its article was left out."""
    words = batch.read.row_words
    row = np.flatnonzero(words[1:] > words[:-1])
    first, last = words[row], words[row + 1]
    bare, _ = trimmed(first, last, *nearest((batch.kinds & SMALL) == 0))
    named = np.isin(row, batch.read.word_row[bare])
    shorter = np.flatnonzero(bare > first[named])
    short = np.arange(len(row) + len(shorter)) >= len(row)
    rows = np.concatenate((row, row[named][shorter]))
    return np.concatenate((first, bare[shorter])), np.concatenate((last, last[named][shorter])), rows, short


def exact_keys(batch: Batch, first: Ints, last: Ints) -> Keys:
    """Return the keys of spellings by letters, by words and by sound."""
    number = np.arange(len(first), dtype=np.int32)
    sets = set_keys(batch, first, last)
    heard = Heard.of(batch.read)
    sounds = sound_keys(heard, batch.read.word_from[first], batch.read.word_to[last - 1])
    ordered = sound_set_keys(heard, batch.read, first, last), initial_keys(batch, first, last)
    others = (sets, sounds, *ordered, *own_keys(batch.read, first, last))
    keys = [(letter_keys(batch, first, last), number)]
    keys += [(each[each > 0], number[each > 0]) for each in others]
    return together(keys)


def paired_keys(batch: Batch, first: Ints, last: Ints, bits: Floats) -> Keys:
    """Return the keys of the telling pairs of words of spellings, and of words that tell a longer name alone."""
    pairs, which = pair_keys(batch, rarest(first, last, bits, RAREST), bits, PAIR_BITS)
    longer = np.flatnonzero(last - first > 1)
    alone, whose = single_keys(batch, first[longer], last[longer], bits)
    return np.append(pairs, alone), np.append(which, longer[whose]).astype(np.int32)


def together(keys: list[Keys]) -> Keys:
    """Return several keys with their values as one."""
    return np.concatenate([k for k, _ in keys]), np.concatenate([v for _, v in keys])


def sums(values: NDArray[np.generic], start: Ints, end: Ints) -> Floats:
    """Return the sum of values over each range."""
    total = running(values, np.dtype(np.float64))
    return np.asarray(total[end] - total[start])
