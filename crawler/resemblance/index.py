"""The index of a roster: immutable, picklable, made once and asked for batches of texts."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from crawler.resemblance import folding
from crawler.resemblance.budget import ALARMS, cut_for, expected
from crawler.resemblance.candidates import EXACT, SUBSET, Candidates, Tables, find
from crawler.resemblance.features import Shared, measure, shared_words
from crawler.resemblance.gloss import is_glossed
from crawler.resemblance.hashing import Table, rolling
from crawler.resemblance.language import TITLES, Floats, shipped
from crawler.resemblance.letters import Ints, read_letters
from crawler.resemblance.match import Match, RosterName
from crawler.resemblance.near import near_of
from crawler.resemblance.printed import Chunk, Span, as_printed, as_shown, chunks
from crawler.resemblance.score import bits_of, likelihood, probability, surprise
from crawler.resemblance.spellings import Spellings, spell
from crawler.resemblance.symbols import Symbols
from crawler.resemblance.units import Batch, among, distinct, prepare

Kind = Literal["name", "credit", "title"]
COVERED = 0.40
"""Share of a spelling's bits that a subset of its words must have."""
GLOSSED = 8.0
"""Nats that a name beside its own reading costs: three thousand to one it is honest."""


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
    stakes: Floats
    """The weight of each alias's artist: how many times the ordinary share of false alarms it may raise."""
    spellings: Spellings
    tables: Tables
    symbols: Symbols
    gone: frozenset[int] = frozenset()
    """Aliases that are no longer met."""

    @cached_property
    def artist_numbers(self) -> Ints:
        """Return a number for the artist of each alias."""
        numbers: dict[str, int] = {}
        return np.array([numbers.setdefault(artist, len(numbers)) for artist in self.artists], np.int64)

    @cached_property
    def barred(self) -> NDArray[np.bool_] | None:
        """Return which aliases are met no more, if any."""
        return np.isin(np.arange(len(self.aliases)), list(self.gone)) if self.gone else None

    def match(self, text: str, *, kind: Kind = "credit", least: float | None = None) -> list[Match]:
        """Return the artists that one text resembles, most surprising first."""
        return self.match_many([text], kind=kind, least=least)[0]

    def match_many(
        self, texts: Sequence[str], *, kind: Kind = "credit", least: float | None = None, alarms: float = ALARMS
    ) -> list[list[Match]]:
        """Return for each text the artists that it resembles, most surprising first.

        Everything passes and is cut once: by what each artist's budget of false alarms allows, so many among 100,000
        texts times its weight; or, where a least score is given, by that alone.
        """
        cuts = self.cuts(alarms, kind) if least is None else bits_of(least)
        matches: list[list[Match]] = []
        for chunk in chunks(texts):
            matches += self._match_chunk(chunk, kind, cuts)
        return matches

    def cuts(self, alarms: float, kind: Kind) -> Floats | float:
        """Return the bits that each alias must be met with, or all of them, for a budget of alarms a name."""
        titles = kind == "title"
        if (self.stakes == 1).all():
            return cut_for(alarms, titles=titles)
        weights, which = np.unique(self.stakes, return_inverse=True)
        return np.array([cut_for(alarms * weight, titles=titles) for weight in weights.tolist()])[which]

    def with_names(self, more: Iterable[RosterName]) -> "Index":
        """Return an index that knows further names as well; only the new ones are read."""
        artists, aliases, stakes = listed(more)
        if not aliases:
            return self
        new = spell(list(map(as_shown, aliases)))
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
            stakes=np.concatenate((self.stakes, stakes)),
            spellings=self.spellings.joined(new.spellings, len(self.aliases)),
            tables=tables,
            symbols=self.symbols.with_more(aliases, len(self.aliases)),
        )

    def without(self, artists: Iterable[str]) -> "Index":
        """Return an index that meets some artists no more; their spellings stay in it until it is built anew."""
        left = set(artists)
        return replace(self, gone=self.gone | {at for at, artist in enumerate(self.artists) if artist in left})

    def weigh(self, texts: Sequence[str], kind: Kind = "credit") -> Weighed:
        """Return every candidate of a batch with its likelihood, unsorted: what match_many chooses from."""
        batch = prepare(read_letters(texts))
        letters = rolling(batch.read.plain)
        bits = shipped().bits(batch.read, letters)
        usual = shipped(TITLES).bits(batch.read, letters) if kind == "title" else None
        found, shared = covering(
            batch, bits, self._living(find(batch, bits, self.tables, self.spellings)), self.spellings
        )
        likelihoods = np.zeros(0)
        if len(found.first):
            told = measure(batch, bits, found, self.spellings, shared, usual)
            likelihoods = likelihood(told, found.tier, kind == "title")
        text = batch.read.text[batch.read.word_row[found.first]]
        glossed = [at for at in distinct(text).tolist() if is_glossed(texts[at])]
        likelihoods -= GLOSSED * among(text, np.array(glossed, np.int64))
        return Weighed(batch, found, likelihoods, text, self.spellings.alias[found.spelling].astype(np.int64))

    def _living(self, found: Candidates) -> Candidates:
        if self.barred is None:
            return found
        return found.some(np.flatnonzero(~self.barred[self.spellings.alias[found.spelling]]))

    def _match_chunk(self, chunk: "Chunk", kind: Kind, cuts: Floats | float) -> list[list[Match]]:
        matches: list[list[Match]] = [[] for _ in chunk.texts]
        weighed = self.weigh(chunk.seen, kind)
        bits = surprise(weighed.likelihood)
        chosen = np.flatnonzero(bits >= (cuts if isinstance(cuts, float) else cuts[weighed.alias]))
        chosen, loudest = self._best_of_each(weighed, chosen[np.argsort(-bits[chosen], kind="stable")])
        nats = weighed.likelihood[loudest]
        columns = (
            weighed.text[chosen],
            weighed.alias[chosen],
            weighed.found.edits[chosen],
            surprise(nats),
            probability(nats),
            expected(surprise(nats), titles=kind == "title"),
        )
        told = zip(*(column.tolist() for column in columns), shown_spans(weighed, chosen, chunk.seen), strict=True)
        for text, alias, edits, loud, score, chance, span in told:
            matches[text].append(self._told(chunk, text, alias, span, loud, score, chance, edits))
        self._add_symbols(weighed, chunk, matches, kind, cuts)
        return matches

    def _best_of_each(self, weighed: Weighed, chosen: Ints) -> tuple[Ints, Ints]:
        """Return for every text and artist the candidate that is told, and the loudest, in the order of those chosen.

        A name that stands there letter for letter is told, and is as loud as any other reading of the same letters.
        """
        who = weighed.text[chosen] * len(self.artists) + self.artist_numbers[weighed.alias[chosen]]
        first, group = np.unique(who, return_index=True, return_inverse=True)[1:]
        told = first.copy()
        exact = np.flatnonzero(weighed.found.tier[chosen] == EXACT)[::-1]
        told[group[exact]] = exact
        order = np.argsort(first, kind="stable")
        return np.asarray(chosen[told[order]]), np.asarray(chosen[first[order]])

    def _told(
        self, chunk: "Chunk", text: int, alias: int, span: Span, bits: float, score: float, chance: float, edits: int
    ) -> Match:
        name = self.aliases[alias]
        start, end = chunk.printed(text, as_printed(chunk.seen[text], span, name))
        whole = chunk.texts[text]
        return Match(self.artists[alias], name, whole[start:end], (start, end), score, bits, chance, edits, whole)

    def _add_symbols(
        self, weighed: Weighed, chunk: "Chunk", matches: list[list[Match]], kind: Kind, cuts: Floats | float
    ) -> None:
        if not self.symbols.aliases:
            return
        read = weighed.batch.read
        wordless = np.flatnonzero(np.bincount(read.text[read.word_row], minlength=len(chunk.texts)) == 0)
        for text, alias, span, nats in self.symbols.find(chunk.seen, wordless.tolist()):
            bits = float(surprise(np.array(nats)))
            known = alias in self.gone or any(m.artist == self.artists[alias] for m in matches[text])
            if not known and bits >= (cuts if isinstance(cuts, float) else cuts[alias]):
                score = float(probability(np.array(nats)))
                chance = float(expected(np.array(bits), titles=kind == "title"))
                matches[text].append(self._told(chunk, text, alias, span, bits, score, chance, 0))
                matches[text].sort(key=lambda match: -match.bits)


def build_index(names: Iterable[RosterName]) -> Index:
    """Build the index of a roster."""
    artists, aliases, stakes = listed(names)
    spelt = spell(list(map(as_shown, aliases)))
    tables = Tables(Table.of(*spelt.exact), Table.of(*spelt.pairs), near_of(spelt.spellings))
    return Index(artists, aliases, stakes, spelt.spellings, tables, Symbols.of(aliases))


def listed(names: Iterable[RosterName]) -> tuple[tuple[str, ...], tuple[str, ...], Floats]:
    """Return the artist, the text and the weight of every alias of a roster."""
    rows = [(name.artist, alias, name.weight) for name in names for alias in name.spellings]
    stakes = np.array([weight for _, _, weight in rows], float)
    return tuple(artist for artist, _, _ in rows), tuple(alias for _, alias, _ in rows), stakes


def covering(batch: Batch, bits: Floats, found: Candidates, spellings: Spellings) -> tuple[Candidates, Shared]:
    """Leave out subsets of words that are too small a share of the spelling; return also what the others share."""
    shared = shared_words(batch, bits, found, spellings)
    share = shared.spelling / np.maximum(spellings.bits[found.spelling], 1)
    kept = np.flatnonzero((found.tier != SUBSET) | (share >= COVERED))
    return found.some(kept), Shared(shared.part[kept], shared.spelling[kept], shared.words[kept])


def shown_spans(weighed: Weighed, chosen: Ints, texts: Sequence[str]) -> Iterator[Span]:
    """Yield for each chosen candidate where in its shown text its letters stand."""
    read, found = weighed.batch.read, weighed.found
    row = read.word_row[found.first[chosen]]
    start = read.at[read.word_from[found.first[chosen]]] - read.row_at[row]
    end = read.at[read.word_to[found.last[chosen] - 1] - 1] - read.row_at[row]
    columns = (start.tolist(), end.tolist(), read.way[row].tolist(), weighed.text[chosen].tolist())
    known: dict[tuple[int, int], list[int]] = {}
    for a, b, way, text in zip(*columns, strict=True):
        if texts[text].isascii():
            yield a, b + 1
        else:
            if (text, way) not in known:
                known = {(text, way): folding.places(texts[text], way)}
            places = known[text, way]
            yield places[a], places[b] + 1
