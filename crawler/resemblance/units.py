"""The parts of a text that may be a name: the whole, its segments, the runs between joiners, those without affixes.

A part is a range of words. `Parts` are whole candidates for misspelt names; any short run of words may hold an exact
one, so those are listed apart, as spans.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from crawler.resemblance.hashing import Hashes, Rolling, mixed, rolling
from crawler.resemblance.letters import HARD, ROW, STRONG, Bytes, Ints, Letters
from crawler.resemblance.vocabulary import AFFIX, JOINER, SMALL, WEAK, meant, word_hashes, word_kinds

WHOLE, SEGMENT, RUN, TRIMMED, BARE = 0, 1, 2, 3, 4
PLACES = (WHOLE, SEGMENT, RUN, RUN, RUN, TRIMMED, TRIMMED, TRIMMED, TRIMMED, TRIMMED)
"""The place of each way to part a text, in the order of `parts_by_way`."""
LAST_RUN = 4
"""The way to part a text into its shortest runs."""
LEFT_OVER = 7
"""Letters that a part of three words or more must keep when its first or last word is left out."""
LONGEST = 6
"""Words in the longest span that is looked for anywhere in a text."""


@dataclass(frozen=True)
class Batch:
    """A batch of texts with everything that is computed once for all of it."""

    read: Letters
    roll: Rolling
    hashes: Ints
    meanings: Hashes
    """The hashes of the words with numbers and shorthand written one way."""
    kinds: Bytes
    until: Ints
    """For each way to part a text and each word, where the part that starts with the word ends; 0 if none does."""
    first: Ints
    """The first word of every part."""
    last: Ints
    """The word after the last of every part."""
    clipped: int
    """The number of the first part that is another with a word left out; those come last."""


def prepare(read: Letters) -> Batch:
    """Find the words' kinds and the parts of a batch."""
    hashes = word_hashes(read)
    kinds = word_kinds(read, hashes)
    until = np.zeros((len(PLACES), len(kinds)), np.int64)
    size = len(kinds) + 1
    code = np.zeros(0, np.int64)
    for way, (first, last) in enumerate(parts_by_way(read, kinds)):
        until[way, first] = last
        code = np.append(code, first * size + last)
    code = distinct(code)
    less = distinct(clipped(read, code // size, code % size))
    parts = len(code)
    code = np.append(code, less[~among(less, code)])
    meanings = mixed(meant(hashes).view(np.uint64))
    return Batch(read, rolling(read.alike), hashes, meanings, kinds, until, code // size, code % size, parts)


def distinct(numbers: Ints) -> Ints:
    """Return each number once, in order; for numbers of few digits much quicker than numpy's own by hashes."""
    numbers = np.sort(numbers)
    fresh = np.ones(len(numbers), bool)
    fresh[1:] = numbers[1:] != numbers[:-1]
    return np.asarray(numbers[fresh])


def among(numbers: Ints, known: Ints) -> NDArray[np.bool_]:
    """Return which numbers are among others; for many numbers much quicker than numpy's own by hashes."""
    if not len(known) or not len(numbers):
        return np.zeros(len(numbers), bool)
    known = np.sort(known)
    return np.asarray(known[np.minimum(np.searchsorted(known, numbers), len(known) - 1)] == numbers)


def parts_by_way(read: Letters, kinds: Bytes) -> list[tuple[Ints, Ints]]:
    """Return first and after-last words of the parts, by each way to part a text."""
    joiner = (kinds & JOINER) > 0
    none = np.zeros(len(kinds), bool)
    plain = [
        between(read.word_gap >= ROW, none),
        between(read.word_gap >= HARD, none),
        between(read.word_gap >= HARD, joiner),
        between(read.word_gap >= STRONG, joiner),
        between(read.word_gap >= STRONG, (kinds & (JOINER | WEAK)) > 0),
    ]
    around = (kinds & (AFFIX | SMALL)) > 0
    onward, back = nearest(~around)
    return plain + [trimmed(first, last, onward, back) for first, last in plain]


def between(breaks: np.ndarray, joiner: np.ndarray) -> tuple[Ints, Ints]:
    """Return the runs of words between breaks and joiners; the joiners themselves are in none."""
    starts = breaks & ~joiner
    starts[1:] |= joiner[:-1] & ~joiner[1:]
    first = np.flatnonzero(starts)
    stop = np.flatnonzero(joiner | breaks)
    return first, np.append(stop, len(breaks))[np.searchsorted(stop, first, "right")]


def clipped(read: Letters, first: Ints, last: Ints) -> Ints:
    """Return, as codes, the parts without their first and without their last word, where enough letters are left."""
    size = len(read.word_from) + 1
    some = last - first > 2
    first, last = first[some], last[some]
    starts, ends = read.word_from, read.word_to
    tail = ends[last - 1] - starts[first + 1] >= LEFT_OVER
    head = ends[last - 2] - starts[first] >= LEFT_OVER
    return np.append(((first + 1) * size + last)[tail], (first * size + last - 1)[head])


def nearest(name: np.ndarray) -> tuple[Ints, Ints]:
    """Return for each word the next one that is of a name, from it onward, and the last one up to it."""
    places = np.arange(len(name))
    onward = np.where(name, places, len(name))[::-1]
    return np.minimum.accumulate(onward)[::-1], np.maximum.accumulate(np.where(name, places, -1))


def trimmed(first: Ints, last: Ints, onward: Ints, back: Ints) -> tuple[Ints, Ints]:
    """Return parts without the words at their ends that stand around names; parts of nothing else are left out."""
    begin, end = onward[first], back[last - 1]
    some = np.flatnonzero(begin <= end)
    return begin[some], end[some] + 1


def spans(batch: Batch, telling: np.ndarray) -> tuple[Ints, Ints]:
    """Return the runs of up to six words that might be an exact name in the middle of a text.

    A single word must be telling: an ordinary one among others is nobody's name.
    """
    row = batch.read.word_row
    firsts, lasts = [np.flatnonzero(telling & (batch.kinds == 0))], []
    lasts.append(firsts[0] + 1)
    for words in range(2, LONGEST + 1):
        first = np.flatnonzero(row[: 1 - words] == row[words - 1 :])
        firsts.append(first)
        lasts.append(first + words)
    return np.concatenate(firsts), np.concatenate(lasts)


def place(batch: Batch, first: Ints, last: Ints) -> Ints:
    """Return the best place of each range of words: the whole, a segment, a run, trimmed, or bare."""
    places: Ints = np.full(len(first), BARE)
    for way in range(len(PLACES) - 1, -1, -1):
        places[batch.until[way, first] == last] = PLACES[way]
    return places
