"""Which monitored names the texts of an answer imitate: profiles, credits and titles, as they are recorded. Pure.

A match counts when it is louder than the cut that the alarm budget of a name allows. Most texts come again and again,
so what was found in them is remembered.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from crawler.resemblance import Index, Kind, Match, RosterName, build_index, cut_for
from storage.observations import CreditSeen, Observation, ProfileSeen, ReleaseSeen, TrackSeen

ALARMS, CREDITS = 0.2, 100_000.0  # false alarms that a name may raise among so many credits examined
REMEMBERED = 200_000  # texts
WHOLE = 0.8  # share of a text that a name must make up to be the whole of it

SAME = frozenset({"exact", "case", "punctuation", "diacritic", "spacing"})  # the name itself, printed another way


@dataclass(frozen=True, slots=True)
class Likeness:
    """A monitored artist met in a text: by which spelling, how, how surely, and what differs."""

    artist_id: int
    met: str
    kinds: tuple[str, ...]
    score: float
    evidence: str
    whole: bool  # the text is that name, not one of several in it
    bits: float = 0.0  # by which an imitation explains the text better than chance
    chance: float = 0.0  # such texts expected by chance among the credits looked at

    @property
    def same(self) -> bool:
        """Tell whether the text is the name itself, at most printed another way."""
        return SAME.issuperset(self.kinds)


@dataclass(slots=True)
class Names:
    """The monitored names, ready to be met."""

    names: dict[int, str] = field(default_factory=dict)  # artist id -> name
    spellings: frozenset[str] = frozenset()
    spelled: dict[int, tuple[str, ...]] = field(default_factory=dict)  # artist id -> name and aliases
    index: Index | None = None
    cut: float = 0.0
    _met: dict[tuple[Kind, str], tuple[Likeness, ...]] = field(default_factory=dict)

    def spellings_of(self, artist_id: int) -> tuple[str, ...]:
        """Return an artist's name and aliases."""
        return self.spelled.get(artist_id, ())

    def met_in(self, texts: Iterable[str], kind: Kind) -> dict[str, tuple[Likeness, ...]]:
        """Find the monitored artists in each text that has any."""
        wanted = list(dict.fromkeys(texts))
        fresh = [text for text in wanted if (kind, text) not in self._met]
        if fresh and self.index is not None:
            if len(self._met) + len(fresh) > REMEMBERED:
                self._met.clear()
            for text, matches in zip(fresh, self.index.match_many(fresh, kind=kind), strict=True):
                self._met[kind, text] = tuple(_likeness(m) for m in matches if m.surprise >= self.cut)
        return {text: found for text in wanted if (found := self._met.get((kind, text)))}


@lru_cache(maxsize=2)  # a roster rarely changes, and what was met in texts is worth keeping
def names_of(monitored: tuple[tuple[int, str, tuple[str, ...], float], ...]) -> Names:
    """Index (artist id, name, aliases, weight) rows."""
    rows = [RosterName(str(artist_id), name, aliases, weight) for artist_id, name, aliases, weight in monitored]
    return Names(
        names={artist_id: name for artist_id, name, _, _ in monitored},
        spellings=frozenset(spelling for row in rows for spelling in row.spellings),
        spelled={int(row.artist): row.spellings for row in rows},
        index=build_index(rows) if rows else None,
        cut=cut_for(ALARMS, CREDITS),
    )


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
    return Likeness(
        int(match.artist), match.alias, match.kinds, round(match.score, 4), match.evidence, whole, match.surprise
    )
