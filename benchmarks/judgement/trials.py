"""The trials on real catalogues: honest arrivals and releases of others on the same pages, judged by production."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time

from benchmarks.judgement.catalogue import Act
from benchmarks.judgement.surroundings import Index, values_of
from crawler.suspicion.history import History
from crawler.suspicion.score import Judged, judge
from crawler.suspicion.traits import traits_of
from storage.facts.values import Artist, Event, Finding, Page, Shown
from storage.normalize import name_key

SINCE, EARLIER = 2018, 5  # arrivals from that year on, with so many earlier releases that tell a line
SMALL = 3  # acts that a small label has at most


@dataclass(frozen=True, slots=True)
class Trial:
    """One judged arrival."""

    act: str
    forged: bool
    judged: Judged
    shown: Shown


def arrivals(acts: Sequence[Act]) -> Iterator[tuple[Act, int]]:
    """Find the honest arrivals: a release that tells a line, after enough that do."""
    for act in acts:
        told = 0
        for place, shown in enumerate(act.own):
            if told >= EARLIER and (shown.year or 0) >= SINCE and shown.lines:
                yield act, place
            told += bool(shown.lines)


def pool_of(acts: Sequence[Act], index: Index, small: bool) -> list[tuple[Act, Shown]]:
    """Collect the releases that may be put on somebody else's page: own ones since 2018 that tell a line."""
    found = [(act, s) for act in acts for s in act.own if (s.year or 0) >= SINCE and s.lines]
    if not small:
        return found
    return [
        (act, s) for act, s in found if all(len(index.by_value[v]) <= SMALL for v in values_of(s) if v[0] == "holder")
    ]


def run(acts: Sequence[Act], index: Index, pool: Sequence[tuple[Act, Shown]], seed: int) -> Iterator[Trial]:
    """Judge every honest arrival, and one foreign release in its place."""
    chance = random.Random(seed)
    histories: dict[str, tuple[int, History]] = {}
    for act, place in arrivals(acts):
        shown = act.own[place]
        upto, history = histories.pop(act.key, (0, None))
        if history is None:
            history = History.of(act.artist, act.guest)
        for past in act.own[upto:place]:
            history.add(traits_of(past, act.artist, history.names))
        histories[act.key] = (place, history)
        yield Trial(act.key, False, _judged(act, act.own[:place], shown, index, history, ""), shown)
        other, foreign = _elsewhere(chance, pool, act.key)
        moved = transplanted(foreign, other.artist, act.artist, shown)
        yield Trial(act.key, True, _judged(act, act.own[:place], moved, index, history, other.key), moved)


def _judged(act: Act, past: Sequence[Shown], shown: Shown, index: Index, history: History, origin: str) -> Judged:
    around = index.around(shown, frozenset({act.key, origin}))
    return judge(event_of(act, shown, (*past, *act.guest), around), history)


def event_of(act: Act, shown: Shown, past: tuple[Shown, ...], around) -> Event:  # type: ignore[no-untyped-def]
    """Present a release as an arrival on the act's page."""
    page = Page(act.artist.id, "catalogue", act.key, act.artist.name, standing="official")
    finding = Finding(page, shown.group_id, str(shown.group_id), shown.title, "listed", None, shown.first_seen_at)
    return Event("release", act.artist, (finding,), shown, past=past, surroundings=around, at=shown.first_seen_at)


def transplanted(foreign: Shown, origin: Artist, artist: Artist, honest: Shown) -> Shown:
    """Put a release on another page: the victim's name for the origin's, the day of the honest arrival.

    The codes' years move with the claim, so that nothing but what it carries tells it from the honest one.
    """
    years = (honest.year or 0) - (foreign.year or 0)
    there, here = name_key(origin.name), name_key(artist.name)
    return replace(
        foreign,
        date=honest.date,
        year=honest.year,
        first_seen_at=honest.first_seen_at if honest.date else datetime.combine(honest.first_seen_at, time(12), UTC),
        isrcs=frozenset(_moved(code, years) for code in foreign.isrcs),
        credits=tuple(
            replace(c, name=artist.name, key=here, artist_id=artist.id) if c.key == there else c
            for c in foreign.credits
        ),
        tracks=tuple(replace(t, isrc=_moved(t.isrc, years) if t.isrc else None) for t in foreign.tracks),
    )


def _moved(code: str, years: int) -> str:
    return f"{code[:5]}{(int(code[5:7]) + years) % 100:02d}{code[7:]}"


def _elsewhere(chance: random.Random, pool: Sequence[tuple[Act, Shown]], key: str) -> tuple[Act, Shown]:
    while True:
        act, shown = chance.choice(pool)
        if act.key != key:
            return act, shown
