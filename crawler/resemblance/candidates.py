"""Which spellings of the roster might stand in which parts of a batch: looked up by key, then verified by distance."""

from dataclasses import dataclass

import numpy as np
from rapidfuzz.distance import OSA
from rapidfuzz.process import cpdist

from crawler.resemblance.bones import asked_keys
from crawler.resemblance.hashing import Table
from crawler.resemblance.keys import (
    ASKED,
    Heard,
    deletion_keys,
    initialed_keys,
    letter_keys,
    opening,
    pair_keys,
    set_keys,
    single_keys,
    sound_keys,
    sound_set_keys,
)
from crawler.resemblance.language import Floats
from crawler.resemblance.letters import Ints
from crawler.resemblance.near import SHORTEST_NEAR, SHORTEST_THREE, SHORTEST_TWO, Near
from crawler.resemblance.spellings import PAIR_BITS, Spellings
from crawler.resemblance.units import LAST_RUN, WHOLE, Batch, among, distinct, spans

EXACT, ORDER, SOUND, NEAR, SUBSET, BONES = range(6)
"""How a candidate is found: by its letters, its words or initials, its sound, edits, some words, its consonants."""
LONGEST_NEAR = 400
"""Letters; longer parts are no misspelt names, and their distance would cost too much."""
FURTHEST = 3
"""Edits that are looked for, and that only in names of SHORTEST_THREE letters."""
TELLING = 14.0
"""Bits that a single word must have to be looked for in the middle of a text."""


@dataclass(frozen=True)
class Candidates:
    """Columns: a range of words of the batch, the spelling that may stand there, by which key, how many edits away."""

    first: Ints
    last: Ints
    spelling: Ints
    tier: Ints
    edits: Ints

    def some(self, kept: Ints) -> "Candidates":
        """Return some of the candidates."""
        columns = (self.first, self.last, self.spelling, self.tier, self.edits)
        return Candidates(*(column[kept] for column in columns))


@dataclass(frozen=True)
class Tables:
    """The roster's look-up tables."""

    exact: Table
    pairs: Table
    near: Near


def find(batch: Batch, bits: Floats, tables: Tables, spellings: Spellings) -> Candidates:
    """Return all candidates of a batch; the bits are those of its words."""
    found = [*exact_ones(batch, bits, tables.exact, spellings), near_ones(batch, tables.near, spellings)]
    found.append(paired_ones(batch, bits, tables.pairs))
    columns = zip(*((c.first, c.last, c.spelling, c.tier, c.edits) for c in found), strict=True)
    return Candidates(*(np.concatenate(column) for column in columns))


def candidates(first: Ints, last: Ints, spelling: Ints, tier: int, edits: Ints | None = None) -> Candidates:
    """Return candidates of one tier."""
    none = np.zeros(len(first), np.int64)
    return Candidates(first, last, spelling, none + tier, none if edits is None else edits)


def exact_ones(batch: Batch, bits: Floats, table: Table, spellings: Spellings) -> list[Candidates]:
    """Return the spans that are a spelling, by letters; and the parts that are one by their words or sound alone."""
    words, spelt = len(batch.kinds) + 1, len(spellings.alias)
    inside = spans(batch, bits >= TELLING)
    first, last = np.append(batch.first, inside[0]), np.append(batch.last, inside[1])
    at, spelling = table.find(letter_keys(batch, first, last))
    known = distinct((first[at] * words + last[at]) * spelt + spelling)
    span, spelling_of = np.divmod(known, max(1, spelt))
    found = [candidates(span // words, span % words, spelling_of, EXACT)]
    first, last = batch.first, batch.last
    starts, ends = batch.read.word_from[first], batch.read.word_to[last - 1]
    heard = Heard.of(batch.read)
    for tier, keys in (
        (ORDER, set_keys(batch, first, last)),
        (ORDER, initialed_keys(batch, first, last)),
        (SOUND, sound_keys(heard, starts, ends)),
        (SOUND, sound_set_keys(heard, batch.read, first, last)),
        *((BONES, keys) for keys in asked_keys(batch.read, first, last)),
    ):
        some = np.flatnonzero(keys)
        at, spelling = table.find(keys[some])
        part = some[at]
        code = (first[part] * words + last[part]) * spelt + spelling
        fresh = np.flatnonzero(~among(code, known))
        known = np.append(known, code[fresh])
        part, spelling_of = part[fresh], spelling[fresh].astype(np.int64)
        edits = None
        if tier in (SOUND, BONES):
            ends_by = np.minimum(ends[part], starts[part] + LONGEST_NEAR)
            edits = distances(batch, starts[part], ends_by, spellings, spelling_of, LONGEST_NEAR)
        found.append(candidates(first[part], last[part], spelling_of, tier, edits))
    return found


def near_ones(batch: Batch, near: Near, spellings: Spellings) -> Candidates:
    """Return the parts that lie within one or two edits of a spelling, by the letters that look alike."""
    start, end = batch.read.word_from[batch.first], batch.read.word_to[batch.last - 1]
    size = end - start
    # of a part that is a guess already, a second edit would be one guess too many
    twice = (size >= SHORTEST_TWO - 1) & (np.arange(len(size)) < batch.clipped)
    sought = (size >= SHORTEST_NEAR - 1) & (size <= LONGEST_NEAR)
    pairs = []
    for some, two in ((np.flatnonzero(sought & ~twice), False), (np.flatnonzero(sought & twice), True)):
        keys, which = deletion_keys(batch.roll, start[some], end[some], two)
        at, group = near.table.find(keys)
        pairs.append(some[which[at]] << 32 | group)
    pair = distinct(np.concatenate(pairs))
    if not len(pair):
        return candidates(pair, pair, pair, NEAR)
    part, spelling = near.members_of(pair >> 32, pair & 0xFFFFFFFF)
    away = np.flatnonzero(np.abs(size[part] - (spellings.end - spellings.start)[spelling]) <= FURTHEST)
    part, spelling = part[away], spelling[away]
    edits = distances(batch, start[part], end[part], spellings, spelling, FURTHEST)
    long = (spellings.end - spellings.start)[spelling]
    allowed = 1 + (long >= SHORTEST_TWO) + (long >= SHORTEST_THREE)
    close = np.flatnonzero((edits > 0) & (edits <= allowed))
    part, spelling = part[close], spelling[close]
    return candidates(batch.first[part], batch.last[part], spelling, NEAR, edits[close])


def distances(batch: Batch, start: Ints, end: Ints, spellings: Spellings, spelling: Ints, most: int) -> Ints:
    """Return how many edits (a swap is one) lie between spans and spellings; one more than the most means more."""
    if not len(start):
        return np.zeros(0, np.int64)
    letters = batch.read.letters
    spans = [letters[a:b] for a, b in zip(start.tolist(), end.tolist(), strict=True)]
    names = spellings.texts[spelling].tolist()
    return cpdist(spans, names, scorer=OSA.distance, score_cutoff=most, dtype=np.uint16).astype(np.int64)


def paired_ones(batch: Batch, bits: Floats, table: Table) -> Candidates:
    """Return the texts and runs that share two telling words with a spelling, or are one that tells it alone."""
    some = np.flatnonzero((batch.until[[WHOLE, LAST_RUN]][:, batch.first] == batch.last).any(0))
    more = batch.last[some] - batch.first[some] > 1
    lone, some = some[~more], some[more]
    keys, part = pair_keys(batch, opening(batch.first[some], batch.last[some], ASKED), bits, PAIR_BITS)
    alone, owner = single_keys(batch, batch.first[lone], batch.last[lone], bits)
    keys, part = np.append(keys, alone), np.append(some[part], lone[owner])
    at, spelling = table.find(keys)
    pair = distinct(part[at] << 32 | spelling)
    part = pair >> 32
    return candidates(batch.first[part], batch.last[part], pair & 0xFFFFFFFF, SUBSET)
