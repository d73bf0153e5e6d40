"""The index of a roster: immutable, picklable, made once and asked for batches of texts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from crawler.resemblance import folding
from crawler.resemblance.candidates import SUBSET, Candidates, Tables, find
from crawler.resemblance.features import measure, shared_words
from crawler.resemblance.hashing import Table, rolling
from crawler.resemblance.language import Floats, shipped
from crawler.resemblance.letters import Ints, read_letters
from crawler.resemblance.match import Match, RosterName
from crawler.resemblance.score import likelihood, probability, surprise
from crawler.resemblance.spellings import Spellings, spell
from crawler.resemblance.symbols import Symbols
from crawler.resemblance.units import WHOLE, Batch, place, prepare

Kind = Literal["name", "credit", "title"]
LEAST = 0.1
CHUNK = 8192
"""Texts that are read at once; larger batches only take more memory."""
LONGEST = 100_000
"""Signs of a text that are read; a longer one is no name or title."""
COVERED = 0.45
"""Share of a spelling's bits that a subset of its words must have."""
TITLE_COMMON = 3.0
"""Bits that a whole title costs more than a whole credit: song titles are ordinary words oftener than names are."""


@dataclass(frozen=True)
class Weighed:
    """Candidates with their likelihoods, and the batch that they stand in."""

    batch: Batch
    found: Candidates
    likelihood: Floats
    text: Ints
    alias: Ints


@dataclass(frozen=True)
class Index:
    """Answers which monitored artists a text resembles."""

    artists: tuple[str, ...]
    """The artist of each alias."""
    aliases: tuple[str, ...]
    spellings: Spellings
    tables: Tables
    symbols: Symbols

    def match(self, text: str, *, kind: Kind = "credit", least: float = LEAST) -> list[Match]:
        """Return the artists that one text resembles, most probable first."""
        return self.match_many([text], kind=kind, least=least)[0]

    def match_many(self, texts: Sequence[str], *, kind: Kind = "credit", least: float = LEAST) -> list[list[Match]]:
        """Return for each text the artists that it resembles with at least this score, most probable first."""
        matches: list[list[Match]] = []
        for start in range(0, len(texts), CHUNK):
            matches += self._match_chunk(
                [folding.unescaped(t[:LONGEST]) for t in texts[start : start + CHUNK]], kind, least
            )
        return matches

    def with_names(self, more: Iterable[RosterName]) -> "Index":
        """Return an index that knows further names as well; only the new ones are read."""
        artists, aliases = listed(more)
        new, keys = spell(aliases, after=len(self.spellings.alias))
        tables = Tables(
            self.tables.exact.with_more(*keys.exact),
            self.tables.pairs.with_more(*keys.pairs),
            self.tables.near.with_more(*keys.near),
        )
        return replace(
            self,
            artists=self.artists + artists,
            aliases=self.aliases + aliases,
            spellings=self.spellings.joined(new, len(self.aliases)),
            tables=tables,
            symbols=self.symbols.with_more(aliases, len(self.aliases)),
        )

    def weigh(self, texts: Sequence[str], kind: Kind = "credit") -> Weighed:
        """Return every candidate of a batch with its likelihood, unsorted: what match_many chooses from."""
        batch = prepare(read_letters(texts))
        bits = shipped().bits(batch.read, rolling(batch.read.plain))
        found = covering(batch, bits, find(batch, bits, self.tables, self.spellings), self.spellings)
        shared = shared_words(batch, bits, found, self.spellings)
        likelihoods = likelihood(measure(batch, bits, found, self.spellings, shared), len(found.first))
        if kind == "title":
            likelihoods -= TITLE_COMMON * (place(batch, found.first, found.last) == WHOLE)
        text = batch.read.text[batch.read.word_row[found.first]]
        return Weighed(batch, found, likelihoods, text, self.spellings.alias[found.spelling].astype(np.int64))

    def _match_chunk(self, texts: list[str], kind: Kind, least: float) -> list[list[Match]]:
        matches: list[list[Match]] = [[] for _ in texts]
        weighed = self.weigh(texts, kind)
        scores, bits = probability(weighed.likelihood), surprise(weighed.likelihood)
        seen: set[tuple[int, str]] = set()
        for at in np.flatnonzero(scores >= least)[
            np.argsort(-weighed.likelihood[scores >= least], kind="stable")
        ].tolist():
            text, alias = int(weighed.text[at]), int(weighed.alias[at])
            if (text, self.artists[alias]) not in seen:
                seen.add((text, self.artists[alias]))
                span = printed_span(weighed, at, texts[text])
                matches[text].append(self._told(texts[text], alias, span, float(scores[at]), float(bits[at])))
        self._add_symbols(weighed, texts, matches, least)
        return matches

    def _told(self, text: str, alias: int, span: tuple[int, int], score: float, bits: float) -> Match:
        part = text[span[0] : span[1]]
        return Match(self.artists[alias], self.aliases[alias], part, span, score, bits, text)

    def _add_symbols(self, weighed: Weighed, texts: list[str], matches: list[list[Match]], least: float) -> None:
        wordless = np.setdiff1d(np.arange(len(texts)), weighed.batch.read.text[weighed.batch.read.word_row])
        for text, alias, span, likelihoods in self.symbols.find(texts, wordless.tolist()):
            score = float(probability(np.array(likelihoods)))
            if score >= least and all(m.artist != self.artists[alias] for m in matches[text]):
                bits = float(surprise(np.array(likelihoods)))
                matches[text].append(self._told(texts[text], alias, span, score, bits))


def build_index(names: Iterable[RosterName]) -> Index:
    """Build the index of a roster."""
    artists, aliases = listed(names)
    spellings, keys = spell(aliases)
    tables = Tables(Table.of(*keys.exact), Table.of(*keys.pairs), Table.of(*keys.near))
    return Index(artists, aliases, spellings, tables, Symbols.of(aliases))


def listed(names: Iterable[RosterName]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the artist and the text of every alias of a roster."""
    pairs = [(name.artist, alias) for name in names for alias in name.spellings]
    return tuple(artist for artist, _ in pairs), tuple(alias for _, alias in pairs)


def covering(batch: Batch, bits: Floats, found: Candidates, spellings: Spellings) -> Candidates:
    """Leave out subsets of words that are too small a share of the spelling."""
    subset = np.flatnonzero(found.tier == SUBSET)
    some = taken(found, subset)
    share = shared_words(batch, bits, some, spellings).spelling / np.maximum(spellings.bits[some.spelling], 1)
    kept = np.ones(len(found.first), bool)
    kept[subset[share < COVERED]] = False
    return taken(found, np.flatnonzero(kept))


def taken(found: Candidates, which: Ints) -> Candidates:
    """Return some of the candidates."""
    return Candidates(
        found.first[which], found.last[which], found.spelling[which], found.tier[which], found.edits[which]
    )


def printed_span(weighed: Weighed, at: int, text: str) -> tuple[int, int]:
    """Return where in its text a candidate was printed."""
    read, found = weighed.batch.read, weighed.found
    first = int(read.word_from[found.first[at]])
    last = int(read.word_to[found.last[at] - 1]) - 1
    start, end = read.place(first), read.place(last)
    if text.isascii():
        return start, end + 1
    places = folding.places(text, bool(read.sounds[read.word_row[found.first[at]]]))
    return places[start], places[end] + 1
