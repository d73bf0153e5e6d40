"""Which monitored names the texts of an answer imitate: profiles, credits and titles, as they are recorded. Pure.

A match counts when it is louder than the cut that the alarm budget of a name allows. Most texts come again and again,
so what was found in them is remembered.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from crawler.resemblance import Index, Kind, Match, RosterName, build_index, cut_for
from storage.observations import Observation, ProfileSeen, ReleaseSeen, TrackSeen

ALARMS, CREDITS = 0.2, 100_000.0  # false alarms that a name may raise among so many credits examined
REMEMBERED = 200_000  # texts

SAME = frozenset({"exact", "case", "punctuation", "diacritic", "spacing"})  # the name itself, printed another way


@dataclass(frozen=True, slots=True)
class Likeness:
    """A monitored artist met in a text: by which spelling, how, how surely, and what differs."""

    artist_id: int
    met: str
    kinds: tuple[str, ...]
    score: float
    evidence: str

    @property
    def same(self) -> bool:
        """Tell whether the text is the name itself, at most printed another way."""
        return SAME.issuperset(self.kinds)


@dataclass(slots=True)
class Names:
    """The monitored names, ready to be met."""

    names: dict[int, str] = field(default_factory=dict)  # artist id -> name
    spellings: frozenset[str] = frozenset()
    index: Index | None = None
    cut: float = 0.0
    _met: dict[tuple[Kind, str], tuple[Likeness, ...]] = field(default_factory=dict)

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
        index=build_index(rows) if rows else None,
        cut=cut_for(ALARMS, CREDITS),
    )


@dataclass(frozen=True, slots=True)
class Met:
    """The likenesses of one answer: by profile id, and by release id with the text that was met."""

    profiles: dict[str, tuple[Likeness, ...]]
    releases: dict[str, tuple[tuple[str, Likeness], ...]]


def likenesses(names: Names, told: Sequence[Observation], owned: Collection[str] = ()) -> Met:
    """Find monitored artists in the names and titles that an answer told; `owned` are ids of official profiles."""
    profiles = {i: name for i, name in _profile_names(told).items() if i not in owned}
    met_names = names.met_in(profiles.values(), "name")
    titles = [(o.id, o.title) for o in told if isinstance(o, ReleaseSeen)]
    titles += [(o.release_id, o.title) for o in told if isinstance(o, TrackSeen)]
    met_titles = names.met_in((title for _, title in titles), "title")
    releases: dict[str, tuple[tuple[str, Likeness], ...]] = {}
    for release_id, title in titles:
        for likeness in met_titles.get(title, ()):
            releases[release_id] = (*releases.get(release_id, ()), (title, likeness))
    return Met({i: met_names[name] for i, name in profiles.items() if name in met_names}, releases)


def _profile_names(told: Sequence[Observation]) -> dict[str, str]:
    """Map profile ids to names, those of credits included."""
    found: dict[str, str] = {}
    for seen in told:
        match seen:
            case ProfileSeen():
                found[seen.id] = seen.name
            case ReleaseSeen() | TrackSeen():
                for credit in seen.credits or ():
                    if credit.profile_id is not None:
                        found.setdefault(credit.profile_id, credit.name)
    return found


def _likeness(match: Match) -> Likeness:
    return Likeness(int(match.artist), match.alias, match.kinds, round(match.score, 4), match.evidence)
