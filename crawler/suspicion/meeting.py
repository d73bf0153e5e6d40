"""Which monitored names the texts of an answer imitate: profiles, credits and titles, as they are recorded. Pure.

A match counts when it is louder than the cut that the alarm budget of its name allows (crawler.resemblance.budget).
Most texts come again and again, so what was found in them is remembered, also when the roster changes: a remembered
text is then held against the changed names alone.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from crawler.resemblance import Index, Kind, Match, RosterName, build_index, explain_all
from storage.observations import CreditSeen, Observation, ProfileSeen, ReleaseSeen, TrackSeen

REMEMBERED = 200_000  # texts
GENERATIONS = 50  # changes of the roster after which what is remembered is dropped
MOST_CHANGED, MOST_GONE = 0.1, 0.25  # shares of a roster that may change, or be gone, before it is indexed anew
WHOLE = 0.8  # share of a text that a name must make up to be the whole of it

SAME = frozenset(
    {"exact", "case", "punctuation", "diacritic", "spacing", "escaped"}
)  # the name itself, printed another way

MonitoredName = tuple[int, str, tuple[str, ...], float]  # artist id, name, aliases, weight


@dataclass(frozen=True, slots=True)
class Likeness:
    """A monitored artist met in a text: by which spelling, how, how loud, and what differs."""

    artist_id: int
    match: Match
    kinds: tuple[str, ...]  # of imitation, most telling first
    evidence: str  # what differs, quoted
    whole: bool  # the text is that name, not one of several in it

    @property
    def met(self) -> str:
        """Return the roster's spelling that was met."""
        return self.match.alias

    @property
    def score(self) -> float:
        """Return how probable an imitation is."""
        return round(self.match.score, 4)

    @property
    def bits(self) -> float:
        """Return by how many doublings an imitation explains the text better than chance."""
        return self.match.bits

    @property
    def chance(self) -> float:
        """Return how many of 100,000 unrelated texts would be as loud with one name by chance."""
        return self.match.chance

    @property
    def same(self) -> bool:
        """Tell whether the text is the name itself, at most printed another way."""
        return SAME.issuperset(self.kinds)


Remembered = tuple[int, tuple[Likeness, ...]]  # the generation of the roster, and what was found then


@dataclass
class Names:
    """The monitored names, ready to be met."""

    rows: dict[int, MonitoredName] = field(default_factory=dict)
    index: Index | None = None
    generation: int = 0
    _met: dict[tuple[Kind, str], Remembered] = field(default_factory=dict)
    _changed: tuple[frozenset[int], ...] = ()  # the artists that each generation changed, added or left out
    _later: dict[int, Index] = field(default_factory=dict)  # the names changed since a generation

    @cached_property
    def names(self) -> dict[int, str]:
        """Return the name of every artist."""
        return {artist_id: name for artist_id, name, _, _ in self.rows.values()}

    @cached_property
    def spellings(self) -> frozenset[str]:
        """Return every name and alias."""
        return frozenset(spelling for row in roster_names(self.rows.values()) for spelling in row.spellings)

    def now(self, monitored: Iterable[MonitoredName]) -> "Names":
        """Return the names of a changed roster; only what changed is read, and what was met is kept."""
        rows = {row[0]: row for row in monitored}
        if rows == self.rows:
            return self
        changed = frozenset(i for i in rows.keys() | self.rows.keys() if rows.get(i) != self.rows.get(i))
        if self.index is None or len(changed) > MOST_CHANGED * len(self.rows) or self.generation >= GENERATIONS:
            return names_of(rows.values())
        index = self.index.without(map(str, changed))
        if len(index.gone) > MOST_GONE * len(index.aliases):
            return names_of(rows.values())
        index = index.with_names(roster_names(rows[i] for i in changed if i in rows))
        return Names(rows, index, self.generation + 1, self._met, (*self._changed, changed))

    def spellings_of(self, artist_id: int) -> tuple[str, ...]:
        """Return an artist's name and aliases."""
        row = self.rows.get(artist_id)
        return RosterName("", row[1], row[2]).spellings if row else ()

    def met_in(self, texts: Iterable[str], kind: Kind) -> dict[str, tuple[Likeness, ...]]:
        """Find the monitored artists in each text that has any."""
        wanted = list(dict.fromkeys(texts))
        if self.index is None:
            return {}
        known = {text: before for text in wanted if (before := self._met.get((kind, text)))}
        fresh = [text for text in wanted if text not in known]
        told = dict(zip(fresh, found_in(self.index, fresh, kind), strict=True)) if fresh else {}
        for generation in {before[0] for before in known.values()}:
            some = {text: before[1] for text, before in known.items() if before[0] == generation}
            told |= some if generation == self.generation else self._since(generation, some, kind)
        if len(self._met) + len(fresh) > REMEMBERED:
            self.forget()
        self._met.update({(kind, text): (self.generation, met) for text, met in told.items()})
        return {text: met for text in wanted if (met := told[text])}

    @property
    def remembered(self) -> int:
        """Return of how many texts it is known what was met in them."""
        return len(self._met)

    def forget(self) -> None:
        """Forget what was met in texts."""
        self._met.clear()

    def _since(
        self, generation: int, met: dict[str, tuple[Likeness, ...]], kind: Kind
    ) -> dict[str, tuple[Likeness, ...]]:
        """Return what was met in texts in an earlier generation, held against the names that changed since."""
        changed = frozenset[int]().union(*self._changed[generation:])
        if generation not in self._later:
            self._later[generation] = build_index(roster_names(self.rows[i] for i in changed if i in self.rows))
        told = {}
        for (text, before), more in zip(met.items(), found_in(self._later[generation], list(met), kind), strict=True):
            kept = (likeness for likeness in before if likeness.artist_id not in changed)
            told[text] = tuple(sorted((*kept, *more), key=lambda likeness: -likeness.bits))
        return told


def names_of(monitored: Iterable[MonitoredName]) -> Names:
    """Index (artist id, name, aliases, weight) rows."""
    rows = {row[0]: row for row in monitored}
    return Names(rows, build_index(roster_names(rows.values())) if rows else None)


def roster_names(rows: Iterable[MonitoredName]) -> list[RosterName]:
    """Return monitored names as the matcher reads them."""
    return [RosterName(str(artist_id), name, aliases, weight) for artist_id, name, aliases, weight in rows]


def found_in(index: Index, texts: list[str], kind: Kind) -> Iterator[tuple[Likeness, ...]]:
    """Yield what is met in each text, loudest first; only what passed the cut is explained."""
    told = index.match_many(texts, kind=kind)
    explain_all((match.text, match.span, match.alias) for matches in told for match in matches)
    for matches in told:
        yield tuple(map(_likeness, matches))


@dataclass(frozen=True, slots=True)
class Met:
    """The likenesses of one answer: by profile id, and by release id with the text that was met."""

    profiles: dict[str, tuple[Likeness, ...]]
    releases: dict[str, tuple[tuple[str, Likeness], ...]]


def likenesses(names: Names, told: Sequence[Observation], owned: Collection[str] = ()) -> Met:
    """Find monitored artists in the names, credits and titles that an answer told.

    A profile is met by its own name; a joint credit ("A & B") is no name of A's profile, but names B on the release.
    `owned` are ids of official profiles.
    """
    profiles = {o.id: o.name for o in told if isinstance(o, ProfileSeen) and o.id not in owned}
    credited = [(i, c) for i, c in _credits(told) if c.profile_id not in owned]
    titles = [(o.id, o.title) for o in told if isinstance(o, ReleaseSeen)]
    titles += [(o.release_id, o.title) for o in told if isinstance(o, TrackSeen)]
    met_names = names.met_in([*profiles.values(), *(credit.name for _, credit in credited)], "name")
    met_titles = names.met_in((title for _, title in titles), "title")
    pages = {i: met_names[name] for i, name in profiles.items() if name in met_names}
    releases: dict[str, tuple[tuple[str, Likeness], ...]] = {}

    def named_on(release_id: str, text: str, found: Iterable[Likeness]) -> None:
        releases[release_id] = (*releases.get(release_id, ()), *((text, likeness) for likeness in found))

    for release_id, credit in credited:
        found = met_names.get(credit.name, ())
        whole = tuple(likeness for likeness in found if likeness.whole)
        if whole and credit.profile_id is not None:
            pages.setdefault(credit.profile_id, whole)
        if len(whole) < len(found):
            named_on(release_id, credit.name, (likeness for likeness in found if not likeness.whole))
    for release_id, title in titles:
        if title in met_titles:
            named_on(release_id, title, met_titles[title])
    return Met(pages, releases)


def _credits(told: Sequence[Observation]) -> Iterator[tuple[str, CreditSeen]]:
    """Yield every credit with the id of its release."""
    for seen in told:
        match seen:
            case ReleaseSeen():
                yield from ((seen.id, credit) for credit in seen.credits or ())
            case TrackSeen():
                yield from ((seen.release_id, credit) for credit in seen.credits or ())


def _likeness(match: Match) -> Likeness:
    start, end = match.span
    whole = end - start >= WHOLE * len(match.text.strip())
    return Likeness(int(match.artist), match, match.kinds, match.evidence, whole)
