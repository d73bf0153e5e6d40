"""The index of a roster: immutable, picklable, made once and asked for batches of texts."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

import numpy as np

from crawler.resemblance import folding
from crawler.resemblance.candidates import SUBSET, Candidates, Tables, find
from crawler.resemblance.features import Shared, measure, shared_words
from crawler.resemblance.gloss import is_glossed
from crawler.resemblance.hashing import Table, rolling
from crawler.resemblance.language import Floats, shipped
from crawler.resemblance.letters import Ints, read_letters
from crawler.resemblance.match import Match, RosterName
from crawler.resemblance.near import near_of
from crawler.resemblance.score import likelihood, probability, surprise
from crawler.resemblance.spellings import Spellings, spell
from crawler.resemblance.symbols import Symbols
from crawler.resemblance.units import WHOLE, Batch, distinct, place, prepare

Kind = Literal["name", "credit", "title"]
Span = tuple[int, int]
LEAST = 0.1
CHUNK = 6144
"""Texts that are read at once; larger batches only take more memory."""
LARGEST = 400_000
"""Signs that are read at once."""
LONGEST = 100_000
"""Signs of a text that are read; a longer one is no name or title."""
COVERED = 0.40
"""Share of a spelling's bits that a subset of its words must have."""
GLOSSED = 7.0
"""Nats that a name beside its own reading costs: a thousand to one it is honest."""
TITLE_COMMON = 2.1
"""Nats that a whole title costs more than a whole credit: song titles are ordinary words oftener than names are."""


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

    @cached_property
    def artist_numbers(self) -> Ints:
        """Return a number for the artist of each alias."""
        numbers: dict[str, int] = {}
        return np.array([numbers.setdefault(artist, len(numbers)) for artist in self.artists], np.int64)

    def match(self, text: str, *, kind: Kind = "credit", least: float = LEAST) -> list[Match]:
        """Return the artists that one text resembles, most probable first."""
        return self.match_many([text], kind=kind, least=least)[0]

    def match_many(self, texts: Sequence[str], *, kind: Kind = "credit", least: float = LEAST) -> list[list[Match]]:
        """Return for each text the artists that it resembles with at least this score, most probable first."""
        matches: list[list[Match]] = []
        for chunk in chunks(texts):
            matches += self._match_chunk(chunk, kind, least)
        return matches

    def with_names(self, more: Iterable[RosterName]) -> "Index":
        """Return an index that knows further names as well; only the new ones are read."""
        artists, aliases = listed(more)
        new = spell(aliases)
        after = len(self.spellings.alias)
        tables = Tables(
            self.tables.exact.with_more(new.exact[0], new.exact[1] + np.int32(after)),
            self.tables.pairs.with_more(new.pairs[0], new.pairs[1] + np.int32(after)),
            self.tables.near.with_more(near_of(new.spellings, after)),
        )
        return replace(
            self,
            artists=self.artists + artists,
            aliases=self.aliases + aliases,
            spellings=self.spellings.joined(new.spellings, len(self.aliases)),
            tables=tables,
            symbols=self.symbols.with_more(aliases, len(self.aliases)),
        )

    def weigh(self, texts: Sequence[str], kind: Kind = "credit") -> Weighed:
        """Return every candidate of a batch with its likelihood, unsorted: what match_many chooses from."""
        batch = prepare(read_letters(texts))
        bits = shipped().bits(batch.read, rolling(batch.read.plain))
        found, shared = covering(batch, bits, find(batch, bits, self.tables, self.spellings), self.spellings)
        likelihoods = np.zeros(0)
        if len(found.first):
            likelihoods = likelihood(measure(batch, bits, found, self.spellings, shared), len(found.first))
        if kind == "title":
            likelihoods -= TITLE_COMMON * (place(batch, found.first, found.last) == WHOLE)
        text = batch.read.text[batch.read.word_row[found.first]]
        glossed = [at for at in distinct(text).tolist() if is_glossed(texts[at])]
        likelihoods -= GLOSSED * np.isin(text, glossed)
        return Weighed(batch, found, likelihoods, text, self.spellings.alias[found.spelling].astype(np.int64))

    def _match_chunk(self, texts: list[str], kind: Kind, least: float) -> list[list[Match]]:
        matches: list[list[Match]] = [[] for _ in texts]
        weighed = self.weigh(texts, kind)
        scores, bits = probability(weighed.likelihood), surprise(weighed.likelihood)
        chosen = np.flatnonzero(scores >= least)
        chosen = self._best_of_each(weighed, chosen[np.argsort(-scores[chosen], kind="stable")])
        columns = (weighed.text, weighed.alias, scores, bits)
        told = zip(*(column[chosen].tolist() for column in columns), printed_spans(weighed, chosen, texts), strict=True)
        for text, alias, score, surprising, span in told:
            matches[text].append(self._told(texts[text], alias, span, score, surprising))
        self._add_symbols(weighed, texts, matches, least)
        return matches

    def _best_of_each(self, weighed: Weighed, chosen: Ints) -> Ints:
        """Return the first of the chosen candidates of every text and artist, in their order."""
        who = weighed.text[chosen] * len(self.artists) + self.artist_numbers[weighed.alias[chosen]]
        return np.asarray(chosen[np.sort(np.unique(who, return_index=True)[1])])

    def _told(self, text: str, alias: int, span: Span, score: float, bits: float) -> Match:
        part = text[span[0] : span[1]]
        return Match(self.artists[alias], self.aliases[alias], part, span, score, bits, text)

    def _add_symbols(self, weighed: Weighed, texts: list[str], matches: list[list[Match]], least: float) -> None:
        if not self.symbols.aliases:
            return
        read = weighed.batch.read
        wordless = np.flatnonzero(np.bincount(read.text[read.word_row], minlength=len(texts)) == 0)
        for text, alias, span, likelihoods in self.symbols.find(texts, wordless.tolist()):
            score = float(probability(np.array(likelihoods)))
            if score >= least and all(m.artist != self.artists[alias] for m in matches[text]):
                bits = float(surprise(np.array(likelihoods)))
                matches[text].append(self._told(texts[text], alias, span, score, bits))
                matches[text].sort(key=lambda match: -match.surprise)


def build_index(names: Iterable[RosterName]) -> Index:
    """Build the index of a roster."""
    artists, aliases = listed(names)
    spelt = spell(aliases)
    tables = Tables(Table.of(*spelt.exact), Table.of(*spelt.pairs), near_of(spelt.spellings))
    return Index(artists, aliases, spelt.spellings, tables, Symbols.of(aliases))


def listed(names: Iterable[RosterName]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the artist and the text of every alias of a roster."""
    pairs = [(name.artist, alias) for name in names for alias in name.spellings]
    return tuple(artist for artist, _ in pairs), tuple(alias for _, alias in pairs)


def covering(batch: Batch, bits: Floats, found: Candidates, spellings: Spellings) -> tuple[Candidates, Shared]:
    """Leave out subsets of words that are too small a share of the spelling; return also what the others share."""
    shared = shared_words(batch, bits, found, spellings)
    share = shared.spelling / np.maximum(spellings.bits[found.spelling], 1)
    kept = np.flatnonzero((found.tier != SUBSET) | (share >= COVERED))
    columns = (found.first, found.last, found.spelling, found.tier, found.edits)
    some = Shared(shared.part[kept], shared.spelling[kept], shared.words[kept])
    return Candidates(*(column[kept] for column in columns)), some


def printed_spans(weighed: Weighed, chosen: Ints, texts: list[str]) -> Iterator[Span]:
    """Yield for each chosen candidate where in its text it was printed."""
    read, found = weighed.batch.read, weighed.found
    row = read.word_row[found.first[chosen]]
    start = read.at[read.word_from[found.first[chosen]]] - read.row_at[row]
    end = read.at[read.word_to[found.last[chosen] - 1] - 1] - read.row_at[row]
    columns = (start.tolist(), end.tolist(), read.sounds[row].tolist(), weighed.text[chosen].tolist())
    for a, b, sounds, text in zip(*columns, strict=True):
        if texts[text].isascii():
            yield a, b + 1
        else:
            places = folding.places(texts[text], sounds)
            yield places[a], places[b] + 1


def chunks(texts: Sequence[str]) -> Iterator[list[str]]:
    """Yield texts unescaped and cut to a readable length, some thousands at a time but never too many signs."""
    chunk: list[str] = []
    signs = 0
    for at in range(0, len(texts), CHUNK):
        block = list(texts[at : at + CHUNK])
        if sum(map(len, block)) <= LARGEST:
            yield unescaped(block)
            continue
        for text in block:
            chunk.append(text[:LONGEST])
            signs += len(chunk[-1])
            if signs > LARGEST:
                yield unescaped(chunk)
                chunk, signs = [], 0
        if chunk:
            yield unescaped(chunk)
            chunk, signs = [], 0


def unescaped(texts: list[str]) -> list[str]:
    """Return texts with HTML and URL escapes read, which few have."""
    joined = "".join(texts)
    return list(map(folding.unescaped, texts)) if ";" in joined or "%" in joined else texts
