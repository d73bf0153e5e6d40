"""Judges the whole store again: several processes read and judge, and this one alone writes what they decided.

A worker does the same by itself, a few artists at a time, when rules are new to the store: this is for whoever does not
want to wait. What a person or a look changed between reading and writing is judged once more by the writer.
"""

import multiprocessing
import os
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, Engine

from crawler.journey import census, decide, grouping, keep, rescore
from crawler.journey.decide import Decision
from crawler.journey.surroundings import Acts
from crawler.journey.waves import Waves
from crawler.suspicion.meeting import Names, names_of
from crawler.watching.follow_up import Asking
from spiders.base.platform import platform
from storage import cases, censuses, judging_queue
from storage.censuses import Row
from storage.database import open_to_read, writing
from storage.facts import appearances, bindings
from storage.facts import events as facts
from storage.normalize import name_key

AT_ONCE = 25  # artists that a process takes on, and that one transaction keeps


@dataclass(frozen=True, slots=True)
class Order:
    """What every process needs to know."""

    url: str
    platforms: tuple[str, ...]
    markets: Mapping[str, str]
    cut: float
    at: datetime
    waves: Waves = field(default_factory=dict)
    second: str = ""  # market in which what has an open case is asked too

    @property
    def asking(self) -> Asking:
        """Name the platforms that are asked here."""
        return Asking({name: platform(name) for name in self.platforms}, self.markets, self.second)


@dataclass(slots=True)
class Heard:
    """What a process made of one artist, and of which state of its cases."""

    artist_id: int
    decision: Decision
    states: dict[str, cases.State]
    keys: list[str]
    stood: list[Row]
    bindings: int


@dataclass(slots=True)
class Done:
    """What was judged again."""

    artists: int = 0
    events: int = 0
    bindings: int = 0  # findings of events, and releases of the census
    kept: keep.Done = field(default_factory=keep.Done)


@dataclass(slots=True)
class Bench:
    """What a process keeps between one task and the next."""

    order: Order
    asking: Asking
    engine: Engine
    names: Names
    acts: Acts = field(default_factory=Acts)


def cores() -> int:
    """Say how many processes this machine has cores for."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def rejudge(engine: Engine, order: Order, processes: int) -> Iterator[Done]:
    """Judge every watched artist's events and census again; yield what is done so far, now and then."""
    with engine.connect() as connection:
        watched = bindings.monitored(connection)
    names, done = names_of(watched), Done()
    ids = [artist_id for artist_id, *_ in watched]
    parts = [ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE)]
    for part in parts:
        with writing(engine) as connection:
            done.kept.add(_group(connection, part, names, order))
    for heard in _judged(order, parts, processes):
        with writing(engine) as connection:
            for one in heard:
                done.kept.add(_keep(connection, one, names, order))
                done.artists, done.events = done.artists + 1, done.events + len(one.keys)
                done.bindings += one.bindings
        yield done


def _judged(order: Order, parts: Sequence[Sequence[int]], processes: int) -> Iterator[list[Heard]]:
    """Have processes judge artists, in the order that is asked for; one process is this one."""
    if processes < 2 or len(parts) < 2:
        _begin(order)
        yield from map(_judge, parts)
        _end()
        return
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, spawn, _begin, (order,)) as pool:
        ahead = [pool.submit(_judge, part) for part in parts[: 2 * processes]]
        for place in range(len(parts)):
            following = place + 2 * processes  # no more than these wait in memory for the writer
            if following < len(parts):
                ahead.append(pool.submit(_judge, parts[following]))
            yield ahead[place].result()
            ahead[place] = ahead[-1]  # what was kept is let go


_bench: list[Bench] = []  # of this process


def _begin(order: Order) -> None:
    engine = open_to_read(order.url)
    with engine.connect() as connection:
        names = names_of(bindings.monitored(connection))
    _bench[:] = [Bench(order, order.asking, engine, names)]


def _end() -> None:
    _bench.pop().engine.dispose()


def _judge(artist_ids: Sequence[int]) -> list[Heard]:
    bench = _bench[0]
    with bench.engine.connect() as connection:  # one view of the store for all of them
        return [_hear(connection, artist_id, bench) for artist_id in artist_ids]


def _hear(connection: Connection, artist_id: int, bench: Bench) -> Heard:
    order, asking = bench.order, bench.asking
    memo: facts.Memo = {}
    again = rescore.events_of(connection, artist_id, asking.references, bench.names, bench.acts, order.at, memo)
    decision = Decision()
    for event, group_id in zip(again.events, again.groups, strict=True):
        decide.add(decision, event, group_id, again.states, asking, order.cut, order.at, order.waves)
    keys = [cases.key_of(e.kind, e.artist.id, g) for e, g in zip(again.events, again.groups, strict=True)]
    stood = census.take(connection, artist_id, asking, bench.names, bench.acts, order.at, memo)
    bound = sum(len(event.findings) for event in again.events) + len(stood)
    return Heard(artist_id, decision, again.states, keys, stood[: census.KEPT], bound)


def _group(connection: Connection, artist_ids: Sequence[int], names: Names, order: Order) -> keep.Done:
    decision = Decision()
    for artist_id in artist_ids:
        ungrouped = appearances.to_group(connection, artist_id)
        decision.withdrawn += grouping.group_releases(connection, ungrouped, order.at)
        spellings = {name_key(spelling) for spelling in names.spellings_of(artist_id)}
        decision.withdrawn += grouping.group_names(connection, spellings, order.at)
    return keep.keep(connection, decision, order.at)


def _keep(connection: Connection, heard: Heard, names: Names, order: Order) -> keep.Done:
    if cases.states(connection, heard.keys) == heard.states:
        done = keep.keep(connection, heard.decision, order.at)
    else:  # somebody decided meanwhile
        around = (order.asking, names, Acts(), order.cut, order.at, order.waves)
        done = rescore.rescore(connection, heard.artist_id, *around)
    censuses.keep(connection, heard.artist_id, heard.stood, order.at)
    judging_queue.done(connection, heard.artist_id)
    judging_queue.done_census(connection, heard.artist_id)
    return done
