"""What is usual for an artist, and how often something new is usual. Pure.

Counts go up when a release is added and down when it is left out, so that a replay costs one step a release and the
census can judge each release against all the others. The chance of a value never seen is a Pitman-Yor estimate: three
releases do not pretend to know, and a discount counts by how well it would have foretold the artist's own past.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from heapq import nsmallest
from math import exp, log, log2
from typing import Any

from crawler.suspicion.lines import Holder, holders
from crawler.suspicion.traits import Traits, own_names, traits_of
from storage.facts.values import Artist, Shown

# field -> strength of the Pitman-Yor estimate, by likelihood on the half of the catalogues that sets weights
STRENGTH = {"holders": 0.75, "registrants": 0.5, "prefixes": 0.5, "providers": 0.75, "makers": 0.75}
DISCOUNTS = (0.1, 0.3, 0.6, 0.95)  # somebody settled, the population's usual, restless, always something new
COUNTED = (
    "holders", "words", "line_keys", "registrants", "prefixes", "providers", "collaborators", "makers", "genres",
)  # fmt: skip
REMEMBERED = 2_000  # releases whose traits are remembered
NAMED = 3  # usual values that a sentence names
NEAREST = 3  # releases around a date that say what is usual just then
DAY = 1 / 365.25
GAPS = (1.0, 1.0)  # gamma prior on releases per year: as if one release had been seen in one year


@dataclass(slots=True)
class History:
    """An artist's releases as distributions, field by field."""

    artist: Artist
    names: frozenset[str]
    own: list[Traits] = field(default_factory=list)
    guest: list[Traits] = field(default_factory=list)
    counts: dict[str, Counter[object]] = field(default_factory=lambda: {name: Counter() for name in COUNTED})
    told: Counter[str] = field(default_factory=Counter)  # releases that tell a field
    guests: dict[str, set[object]] = field(default_factory=dict)  # values of guest releases, by field
    own_holders: frozenset[Holder] = frozenset()  # the artist's own name as a label prints it

    @classmethod
    def of(cls, artist: Artist, past: Iterable[Shown]) -> "History":
        """Learn from an artist's past."""
        held = (holders(name) for name in (artist.name, *artist.aliases))
        history = cls(artist, own_names(artist), own_holders=frozenset[Holder]().union(*held))
        for shown in past:
            history.add(_read(shown, artist, history.names))
        return history

    def add(self, traits: Traits) -> None:
        """Learn one more release."""
        if traits.role != "own":
            self.guest.append(traits)
            for name in ("holders", "registrants", "collaborators"):
                self.guests.setdefault(name, set()).update(getattr(traits, name))
            return
        self.own.append(traits)
        self._count(traits, 1)

    def without(self, group_id: int) -> "History":
        """Return the history with one release left out; the other stays as it is."""
        gone = [t for t in self.own if t.group_id == group_id]
        guest = [t for t in self.guest if t.group_id != group_id]
        if not gone and len(guest) == len(self.guest):
            return self
        kept = [t for t in self.own if t.group_id != group_id]
        rest = History(self.artist, self.names, kept, own_holders=self.own_holders)
        rest.counts = {name: Counter(counts) for name, counts in self.counts.items()}
        rest.told = Counter(self.told)
        for traits in gone:
            rest._count(traits, -1)
        for traits in guest:
            rest.add(traits)
        return rest

    def read(self, shown: Shown) -> Traits:
        """Read a release as one of this artist's."""
        return _read(shown, self.artist, self.names)

    def is_own(self, holder: Holder) -> bool:
        """Tell whether a holder is the artist's own name."""
        return holder in self.own_holders or "".join(holder) in self.names

    def known(self, name: str, values: Iterable[object]) -> list[object]:
        """Say which of these values were seen, the most usual first."""
        counts = self.counts[name]
        return sorted((v for v in values if v in counts), key=lambda v: (-counts[v], str(v)))

    def share(self, name: str, value: object) -> float:
        """Say on which share of the releases that tell the field a value stands."""
        return float(self.counts[name][value] / self.told[name]) if self.told[name] else 0.0

    def chance_new(self, name: str) -> float:
        """Estimate how often a release of this artist shows only values never seen before."""
        seen: set[object] = set()
        news = []
        for traits in sorted(self.own, key=_when):
            values = getattr(traits, name)
            if values:
                news.append(seen.isdisjoint(values))
                seen |= values
        return novelty(news, STRENGTH[name])

    def around(self, when: date | None, name: str) -> list[Traits]:
        """Find the releases nearest in date that tell a field."""
        telling = [t for t in self.own if getattr(t, name)]
        if when is None:
            return telling[-NEAREST:]
        return sorted(telling, key=lambda t: abs((t.day - when).days) if t.day else 10**6)[:NEAREST]

    def chance_of_gap(self, years: float, before: date) -> float:
        """Estimate how often this artist stays silent for so long, by the dates before that day."""
        days = sorted(t.day for t in self.own if t.day and t.day < before)
        if not days:
            return 1.0
        shape, rate = GAPS[0] + len(days) - 1, GAPS[1] + (days[-1] - days[0]).days * DAY
        return float((rate / (rate + years)) ** shape)

    def last_before(self, day: date) -> date | None:
        """Return the day of the last own release before a day."""
        return max((t.day for t in self.own if t.day and t.day < day), default=None)

    def lift(self, of: Iterable[str], value: str, strength: float, base: float) -> float:
        """Say in bits how usual a value is here beside its base rate, as if `strength` more releases were usual."""
        seen = list(of)
        return log2((seen.count(value) + strength * base) / (len(seen) + strength) / base)

    def _count(self, traits: Traits, step: int) -> None:
        for name in COUNTED:
            values = getattr(traits, name)
            if not values:
                continue
            self.told[name] += step
            counts = self.counts[name]
            for value in values:
                counts[value] += step
                if not counts[value]:
                    del counts[value]


_known: dict[int, tuple[Shown, int, frozenset[str], Traits]] = {}  # by the number of the object that was read


def _read(shown: Shown, artist: Artist, names: frozenset[str]) -> Traits:
    """Read a release's traits once: every event of an artist is held against the same past."""
    known = _known.get(id(shown))
    if known is not None and known[0] is shown and known[1:3] == (artist.id, names):
        return known[3]
    if len(_known) >= REMEMBERED:
        _known.clear()
    traits = traits_of(shown, artist, names)
    _known[id(shown)] = (shown, artist.id, names, traits)  # it is held, so that nothing else gets its number
    return traits


def most_usual(counts: Counter[Any]) -> list[Any]:
    """Name the few values that were counted most; equal ones in the order of their texts."""
    return nsmallest(NAMED, counts, key=lambda value: (-counts[value], str(value)))


def novelty(news: Sequence[bool], strength: float) -> float:
    """Foretell whether something new comes next, from what was new in turn."""
    log_weights = [0.0] * len(DISCOUNTS)
    kinds = 0
    for place, new in enumerate(news):
        for which, discount in enumerate(DISCOUNTS if place else ()):
            chance = _chance(kinds, place, strength, discount)
            log_weights[which] += log(chance if new else 1 - chance)
        kinds += new
    most = max(log_weights)
    weights = [exp(w - most) for w in log_weights]
    chances = [_chance(kinds, len(news), strength, discount) for discount in DISCOUNTS]
    return sum(w * c for w, c in zip(weights, chances, strict=True)) / sum(weights)


def _chance(kinds: int, releases: int, strength: float, discount: float) -> float:
    return min(0.98, (strength + discount * kinds) / (strength + releases))


def _when(traits: Traits) -> tuple[date, int]:
    return (traits.day or date(traits.year or 1, 1, 1), traits.group_id)
