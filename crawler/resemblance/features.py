"""What is known of a candidate, as numbers: how ordinary its letters are, where it stands, what differs and how.

Each feature is one column; score.py weighs them. Nothing here decides.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from crawler.resemblance.bones import consonants
from crawler.resemblance.candidates import BONES, NEAR, ORDER, SOUND, SUBSET, Candidates
from crawler.resemblance.folding import Origin
from crawler.resemblance.hashing import running
from crawler.resemblance.language import Floats
from crawler.resemblance.letters import ALPHABET, HARD, PARTED, ROW, SOFT, SOUNDS, STRONG, VOWEL, Ints
from crawler.resemblance.spellings import ORIGINS, Spellings, sums
from crawler.resemblance.units import BARE, RUN, TRIMMED, WHOLE, Batch, place
from crawler.resemblance.vocabulary import AFFIX, DIGITS, JOINER, SMALL, VERSION, WEAK

WINDOW = 24
"""Letters at either end of a part that are compared one by one."""
MOST_WORDS = 8
MOST_BY_SOUND = 4
"""Letters typed otherwise that are counted in names that sound alike: words in another order differ in many."""
MOST_CONSONANTS = 10
MOST_BITS = 64.0
SPLITS = (12, 18, 25, 35, 64)
"""Bits at which what they say may change its slope."""
KEYBOARD = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
Features = dict[str, NDArray[Any]]


def neighbours() -> NDArray[np.bool_]:
    """Return which letters lie side by side on a keyboard."""
    near = np.zeros((256, 256), bool)
    at = {c: (x + y * 0.4, y) for y, row in enumerate(KEYBOARD) for x, c in enumerate(row)}
    for one, (x, y) in at.items():
        for other, (u, v) in at.items():
            near[ALPHABET.index(one) + 1, ALPHABET.index(other) + 1] = (
                one != other and abs(x - u) < 1.5 and abs(y - v) < 2
            )
    return near


BESIDE = neighbours()


@dataclass(frozen=True)
class Shared:
    """How much of a part and of a spelling is made of words of both, in bits; counted only for subsets."""

    part: Floats
    spelling: Floats
    words: Ints
    """How many of the spelling's words are in the part."""


def shared_words(batch: Batch, bits: Floats, found: Candidates, spellings: Spellings) -> Shared:
    """Count the words that candidates have in common with their spelling."""
    every, subset = len(found.first), np.flatnonzero(found.tier == SUBSET)
    told = Shared(np.zeros(every), np.zeros(every), np.zeros(every, np.int64))
    if not len(subset):
        return told
    counts = some_shared(batch, bits, found.first[subset], found.last[subset], spellings, found.spelling[subset])
    told.part[subset], told.spelling[subset], told.words[subset] = counts
    return told


def some_shared(
    batch: Batch, bits: Floats, first: Ints, last: Ints, spellings: Spellings, spelling: Ints
) -> tuple[Floats, Floats, Ints]:
    """Return the bits of a part that are in its spelling, of the spelling that are in the part, and their words."""
    count = len(first)
    of_part, of_spelling = np.zeros(count), np.zeros(count)
    begin, end = spellings.word_start[spelling], spellings.word_start[spelling + 1]
    hashes = batch.hashes.view(np.uint64)
    words = np.zeros(count, np.int64)
    part_met = np.zeros((count, MOST_WORDS), bool)
    mine = [np.where(first + i < last, hashes[np.minimum(first + i, len(hashes) - 1)], i) for i in range(MOST_WORDS)]
    for j in range(MOST_WORDS):
        some = np.flatnonzero(begin + j < end)
        if not len(some):
            break
        word = begin[some] + j
        theirs = spellings.word_hash[word]
        met = np.zeros(len(some), bool)
        for i in range(MOST_WORDS):
            same = mine[i][some] == theirs
            met |= same
            part_met[some[same], i] = True
        words[some] += met
        of_spelling[some] += np.where(met, spellings.word_bits[word], 0)
    for i in range(MOST_WORDS):
        of_part += np.where(part_met[:, i], bits[np.minimum(first + i, len(bits) - 1)], 0)
    return of_part, of_spelling, words


@dataclass(frozen=True)
class Edit:
    """Where the letters of a part and a spelling begin and cease to differ, and how much of each lies between."""

    before: Ints
    after: Ints
    part: Ints
    spelling: Ints
    letter: NDArray[np.uint8]
    """The first differing letter of the part."""
    other: NDArray[np.uint8]
    """The first differing letter of the spelling."""
    previous: NDArray[np.uint8]
    """The letter before the first difference."""


def edit(batch: Batch, start: Ints, end: Ints, spellings: Spellings, spelling: Ints, some: Ints) -> Edit:
    """Return what differs between some spans of letters and their spellings, and zeros for the others."""
    count = len(start)
    start, end, spelling = start[some], end[some], spelling[some]
    a, b = spellings.start[spelling], spellings.end[spelling]
    size, long = end - start, b - a
    shorter = np.minimum(size, long)
    steps = np.arange(WINDOW)
    mine, theirs = batch.read.alike, spellings.alike

    def run(one: Ints, other: Ints, step: int) -> Ints:
        left = mine[np.clip(one[:, None] + steps * step, 0, len(mine) - 1)]
        right = theirs[np.clip(other[:, None] + steps * step, 0, len(theirs) - 1)]
        differs = (left != right) | (steps >= shorter[:, None])
        return np.asarray(np.where(differs.any(1), differs.argmax(1), np.minimum(shorter, WINDOW)))

    before = run(start, a, 1)
    after = np.minimum(run(end - 1, b - 1, -1), shorter - before)
    first = np.clip(start + before, 0, len(mine) - 1)

    def spread(values: NDArray[Any]) -> NDArray[Any]:
        every = np.zeros(count, values.dtype)
        every[some] = values
        return every

    return Edit(
        spread(before),
        spread(after),
        spread(size - before - after),
        spread(long - before - after),
        spread(batch.read.plain[first]),
        spread(spellings.plain[np.clip(a + before, 0, len(theirs) - 1)]),
        spread(np.where(before > 0, mine[first - 1], 0).astype(np.uint8)),
    )


def measure(
    batch: Batch, bits: Floats, found: Candidates, spellings: Spellings, shared: Shared, usual: Floats | None = None
) -> Features:
    """Return all the features of candidates by name; in titles also how usual the words are there, in bits."""
    read, spelling = batch.read, found.spelling
    start, end = read.word_from[found.first], read.word_to[found.last - 1]
    row = read.word_row[found.first]
    size, long = end - start, spellings.end[spelling] - spellings.start[spelling]
    of_part, of_spelling = np.minimum(sums(bits, found.first, found.last), 99), np.minimum(spellings.bits[spelling], 99)
    told: Features = {}
    outside = beside(batch, found, row)
    where = np.where(outside.words == 0, WHOLE, place(batch, found.first, found.last))
    for at in range(BARE + 1):
        told[f"at {at}"] = where == at
    for most in SPLITS:
        told[f"bits up to {most}"] = np.minimum(of_part, most)
    told["short"] = np.maximum(8 - np.minimum(size, long), 0)
    told["very short"] = np.maximum(5 - np.minimum(size, long), 0)
    told["letters"] = np.minimum(long, 24)
    told["bare bits"] = (where == BARE) * np.minimum(of_part, MOST_BITS)
    told["whole bits"] = (where == 0) * np.minimum(of_part, MOST_BITS)
    told["run bits"] = (where == RUN) * np.minimum(of_part, MOST_BITS)
    told["trimmed bits"] = (where == TRIMMED) * np.minimum(of_part, MOST_BITS)
    told["words"] = np.minimum(spellings.words[spelling], 5)
    told["without article"] = spellings.short[spelling]
    told["without article, one word"] = spellings.short[spelling] & (spellings.words[spelling] == 1)
    told["one word"] = spellings.words[spelling] == 1
    told |= differing(found, spellings, batch, start, end, of_part - of_spelling)
    told |= printed(batch, row, start, end, spellings, spelling)
    told |= around(batch, bits, found, row, outside)
    if usual is not None:
        told |= as_title(sums(usual, found.first, found.last), where, found.tier)
    subset = found.tier == SUBSET
    told["subset of spelling"] = subset * (shared.spelling / np.maximum(of_spelling, 1))
    told["subset of part"] = subset * (shared.part / np.maximum(of_part, 1))
    told["subset one word"] = subset & (shared.words == 1)
    told["subset bits"] = subset * np.minimum(shared.spelling, MOST_BITS)
    told["subset missing"] = subset * np.minimum(of_spelling - shared.spelling, MOST_BITS)
    told["subset more"] = subset * np.minimum(of_part - shared.part, MOST_BITS)
    nothing_more = subset & (of_part - shared.part < 1)
    told["subset nothing more"] = nothing_more
    told["subset one word less"] = nothing_more & (shared.words == spellings.words[spelling] - 1)
    told["subset three words"] = subset & (shared.words >= 3)
    told["subset three words, no more"] = nothing_more & (shared.words >= 3)
    told["subset nothing missing"] = subset & (of_spelling - shared.spelling < 1)
    told["initials"] = (found.tier == ORDER) & (long - size > 2)
    spaced = (found.tier < NEAR) * (found.last - found.first - spellings.words[spelling])
    told["split"] = np.clip(spaced, 0, 3)
    told["joined"] = np.clip(-spaced, 0, 3)
    return told


def differing(found: Candidates, spellings: Spellings, batch: Batch, start: Ints, end: Ints, rarer: Floats) -> Features:
    """Return how the letters of misspelt candidates differ: which edit, of which letters, where."""
    told: Features = {}
    near = found.tier == NEAR
    long = (spellings.end - spellings.start)[found.spelling]
    e = edit(batch, start, end, spellings, found.spelling, np.flatnonzero(near))
    one = near & (found.edits == 1)
    sub, more, less = (one & (e.part == p) & (e.spelling == s) for p, s in ((1, 1), (1, 0), (0, 1)))
    vowels = VOWEL[e.letter] & VOWEL[e.other]
    told["two edits"] = near & (found.edits == 2)
    told["three edits"] = near & (found.edits == 3)
    told["edits by sound"] = (found.tier == SOUND) * np.minimum(found.edits, MOST_BY_SOUND)
    bones = found.tier == BONES
    told["edits a letter by consonants"] = bones * found.edits / np.maximum(end - start, 1)
    told["size by consonants"] = bones * np.minimum(np.abs(end - start - long), MOST_BY_SOUND)
    # every ideograph is a word, and read as in Chinese sounds like nobody
    words = np.abs(found.last - found.first - spellings.words[found.spelling])
    told["words by consonants"] = bones * np.minimum(words, MOST_BY_SOUND)
    told["consonants"] = bones * np.minimum(counts(consonants(batch.read) > 0, start, end), MOST_CONSONANTS)
    told["edits a letter"] = near * found.edits / np.maximum(end - start, 1)
    told["other letter"] = sub
    told["other vowel"] = sub & vowels
    told["key beside"] = sub & BESIDE[e.letter, e.other]
    told["more letters"] = more
    told["doubled"] = more & (e.letter == e.previous)
    told["less letters"] = less
    told["undoubled"] = less & (e.other == e.previous)
    told["swapped"] = one & (e.part == 2)
    told["digit"] = near & ((e.letter > 26) | (e.other > 26))
    told["at end"] = near & (e.after == 0)
    told["vowel at end"] = near & (e.after == 0) & (VOWEL[e.letter] | VOWEL[e.other])
    told["s at end"] = near & (e.after == 0) & ((e.letter == 19) | (e.other == 19))
    told["at start"] = near & (e.before == 0)
    told["far apart"] = near * np.minimum(np.maximum(e.part, e.spelling), 10)
    told["rarer"] = (near | (found.tier == SOUND)) * np.clip(rarer, 0, 24)
    told["commoner"] = (near | (found.tier == SOUND)) * np.clip(-rarer, 0, 24)
    told["size"] = near * np.abs(e.part - e.spelling)
    return told


def printed(batch: Batch, row: Ints, start: Ints, end: Ints, spellings: Spellings, spelling: Ints) -> Features:
    """Return how letters were printed where the spelling's were not."""
    told: Features = {}
    read = batch.read
    for origin in range(1, ORIGINS):
        mine = counts(read.origin == origin, start, end)
        more = np.maximum(mine - spellings.origins[spelling, origin], 0)
        name = Origin(origin).name.lower()
        told[name] = more > 0
        told[f"{name} letters"] = np.minimum(more, 4)
        told[f"all {name}"] = more >= end - start
        told[f"un{name}"] = spellings.origins[spelling, origin] > mine
    digits = counts(read.plain > 26, start, end)
    told["digits"] = np.minimum(digits, 4)
    their = counts(spellings.plain > 26, spellings.start[spelling], spellings.end[spelling])
    told["digits differ"] = np.minimum(np.abs(digits - their), 4)
    told["all digits"] = (digits >= end - start) != (their >= spellings.end[spelling] - spellings.start[spelling])
    told["unseen"] = read.unseen[row] > 0
    told["sounds"] = read.way[row] == SOUNDS
    told["parted"] = read.way[row] == PARTED
    return told


def counts(mask: NDArray[np.bool_], start: Ints, end: Ints) -> Ints:
    """Return how many are set in each range."""
    places = np.flatnonzero(mask)
    if not len(places):
        return np.zeros(len(start), np.int64)
    if len(start) * 8 > len(mask):
        total = running(mask, np.dtype(np.int64))
        return np.asarray(total[end] - total[start])
    return np.asarray(np.searchsorted(places, end) - np.searchsorted(places, start))


@dataclass(frozen=True)
class Outside:
    """The words of a candidate's text that are not its own."""

    words: Ints
    told: NDArray[np.bool_]
    """For each word of the batch, whether it counts: those that only say which version of a song it is do not."""
    versions: NDArray[np.bool_]
    """Whether nothing else stands there."""


def beside(batch: Batch, found: Candidates, row: Ints) -> Outside:
    """Count the words outside of candidates."""
    starts = batch.read.row_words
    told = ~spare_words(batch)
    plain = told & ((batch.kinds & (VERSION | DIGITS | SMALL)) == 0)
    version = (batch.kinds & VERSION) > 0

    def of(mask: NDArray[np.bool_]) -> Ints:
        return counts(mask, starts[row], starts[row + 1]) - counts(mask, found.first, found.last)

    versions = (of(plain) == 0) & (of(version) > 0)
    return Outside(np.where(versions, 0, of(told)), told, versions)


def spare_words(batch: Batch) -> NDArray[np.bool_]:
    """Return which words stand in a segment that only says which version of a song it is ("- 2011 Remaster")."""
    if not len(batch.kinds):
        return np.zeros(0, bool)
    opens = np.flatnonzero(batch.read.word_gap >= HARD)
    rest = (batch.kinds & (VERSION | DIGITS | SMALL)) == 0
    spare = ~np.logical_or.reduceat(rest, opens) & np.logical_or.reduceat((batch.kinds & VERSION) > 0, opens)
    # the first segment is what the song is called, whatever its words
    spare &= batch.read.word_gap[opens] != ROW
    return np.repeat(spare, np.diff(np.append(opens, len(rest))))


def around(batch: Batch, bits: Floats, found: Candidates, row: Ints, outside: Outside) -> Features:
    """Return what stands beside a candidate in its text."""
    starts, kinds = batch.read.row_words, np.where(outside.told, batch.kinds, 0)
    told: Features = {"words outside": np.minimum(outside.words, 5), "nothing outside": outside.words == 0}
    some = outside.words > 0
    for name, kind in (("affixes", AFFIX), ("joiners", JOINER), ("small words", SMALL)):
        of_kind = (kinds & kind) > 0
        count = counts(of_kind, starts[row], starts[row + 1]) - counts(of_kind, found.first, found.last)
        told[f"{name} outside"] = some * np.minimum(count, 3)
        told[f"only {name} outside"] = some & (count == outside.words)
    counted = running(outside.told, np.dtype(np.int64))
    before = some & (counted[found.first] > counted[starts[row]])
    after = some & (counted[starts[row + 1]] > counted[found.last])
    last, next_one = np.maximum(found.first - 1, 0), np.minimum(found.last, len(kinds) - 1)
    told["joiner before"] = before & ((kinds[last] & JOINER) > 0)
    told["weak before"] = before & ((kinds[last] & WEAK) > 0)
    told["joiner after"] = after & ((kinds[next_one] & JOINER) > 0)
    told["weak after"] = after & ((kinds[next_one] & WEAK) > 0)
    told["affix before"] = before & ((kinds[last] & AFFIX) > 0)
    told["affix after"] = after & ((kinds[next_one] & (AFFIX | VERSION)) == AFFIX)
    gaps = batch.read.word_gap
    for name, there, gap in (("before", before, gaps[found.first]), ("after", after, gaps[next_one])):
        for way in (SOFT, STRONG, HARD):
            told[f"gap {way} {name}"] = there & (gap == way)
    told["opens"] = some & ~before
    told["closes"] = some & ~after
    counting = np.where(outside.told, bits, 0)
    told["bits outside"] = some * np.clip(
        sums(counting, starts[row], starts[row + 1]) - sums(counting, found.first, found.last), 0, MOST_BITS
    )
    return told


def as_title(usual: Floats, where: Ints, tier: Ints) -> Features:
    """Return how usual the words of candidates are in titles, for the whole ones and the others."""
    whole, plain = where == WHOLE, tier < NEAR
    usual = np.minimum(usual, MOST_BITS)
    return {
        "usual title": (whole & plain) * usual,
        "very usual title": (whole & plain) * np.maximum(20 - usual, 0),
        "usual title, nearly": (whole & ~plain) * usual,
        "usual in titles": ~whole * usual,
    }
