"""What already stood on a page when we first looked whole: each release against all the others. Pure.

The census ranks and never alerts. A list is read from its top: what looks least like the rest comes first.
"""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from crawler.suspicion.history import History
from crawler.suspicion.score import Judged, judge
from storage.facts.values import Artist, Claimed, Event, Finding, Referred, Shown, Surroundings

NOWHERE = Surroundings()


@dataclass(frozen=True, slots=True)
class Ranked:
    """A release of a page with its place in the list, 1 for the most unlike."""

    place: int
    shown: Shown
    judged: Judged


def census(
    artist: Artist,
    releases: Sequence[Shown],
    *,
    surroundings: Mapping[int, Surroundings] | None = None,
    findings: Mapping[int, tuple[Finding, ...]] | None = None,
    claims: Mapping[int, tuple[Claimed, ...]] | None = None,
    references: Mapping[int, tuple[Referred, ...]] | None = None,
    at: datetime | None = None,
    only: Container[int] | None = None,
) -> tuple[Ranked, ...]:
    """Judge each own release, or only these groups, against all the others; the mappings go by group id."""
    history = History.of(artist, releases)
    judged = []
    for shown in releases:
        if shown.role != "own" or (only is not None and shown.group_id not in only):
            continue
        event = Event(
            kind="release",
            artist=artist,
            findings=(findings or {}).get(shown.group_id, ()),
            shown=replace(shown, news=False),
            claims=(claims or {}).get(shown.group_id, ()),
            references=(references or {}).get(shown.group_id, ()),
            past=tuple(other for other in releases if other.group_id != shown.group_id),
            surroundings=(surroundings or {}).get(shown.group_id, NOWHERE),
            at=at,
        )
        judged.append((shown, judge(event, history.without(shown.group_id))))
    return ranked(judged)


def ranked(judged: Iterable[tuple[Shown, Judged]]) -> tuple[Ranked, ...]:
    """Put the most unlike first; equal ones by their group, so that the list is the same every time."""
    ordered = sorted(judged, key=lambda pair: (-pair[1].bits, pair[0].group_id))
    return tuple(Ranked(place, shown, one) for place, (shown, one) in enumerate(ordered, 1))
