"""The worker: one process, one loop, a lane per platform, transactions one after the other.

Scrapy's reactor owns the (uvloop) event loop, and everything here is a task in it. A lane that ends by itself, or that
stands still while work is due, is said and replaced. Stopping closes the budgets first, so that waiting calls fail
fast, then the spiders, then gives this worker's leases back.
"""

import asyncio
import contextlib
import logging
import os
import signal
import socket
import time
import uuid
from collections import deque
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from crawler.alerts.setting_out import surroundings
from crawler.feed.push.deliverer import Deliverer, Store, Terms
from crawler.journey import Journey
from crawler.settings import Settings
from crawler.suspicion.meeting import Names
from crawler.timelapse import Timepiece
from crawler.watching.follow_up import Asking
from crawler.worker import lane as lanes
from crawler.worker import retention
from crawler.worker.keeper import PATIENCE_S, Keeper
from crawler.worker.lane import Lane
from crawler.worker.pulse import BEAT_S, Pulse
from crawler.worker.reader import Reader
from crawler.worker.summary import ClockOff, Summary
from crawler.worker.sweeper import Sweeper
from crawler.worker.teller import Teller
from crawler.worker.timer import ticking
from crawler.worker.writer import Desk, Rank
from spiders.base.platform import Platform
from storage import frontier, outbox

SWEEP_EVERY, PURGE_EVERY = timedelta(minutes=15), timedelta(hours=1)  # retention itself knows that it works daily
REFRESH_EVERY, TELL_EVERY = timedelta(seconds=2), timedelta(minutes=1)
TOLD_WITHIN_S = 90.0  # for so long a run that ends by itself waits for the destinations of its alerts
AWAY_S = 300.0  # for how long a run that ends by itself waits for a store that is away
HELD_S = 60.0  # for how long the end of a run waits for what other workers hold
ENDING_S = 30.0  # for how long a run that ends by itself waits for its lanes
PAUSE_S = 0.02

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Plan:
    """How long a worker works: for ever, once over what is due, or until nothing is left to do now."""

    once: bool = False
    until_idle: bool = False
    enrol: bool = True  # put what the roster wants on the frontier first

    @property
    def ends(self) -> bool:
        """Tell whether the worker stops by itself."""
        return self.once or self.until_idle


class Worker:
    """Runs the lanes of the enabled platforms over one store."""

    def __init__(
        self,
        settings: Settings,
        engine: Engine,
        platforms: Mapping[str, type[Platform]],
        plan: Plan,
        timepiece: Timepiece | None = None,
        progress: "Progress" = lambda worker: None,
        before: "Worker | None" = None,
    ) -> None:
        """Prepare a worker; `progress` is called after every look. It knows what the one `before` it knew."""
        self.settings, self.plan, self.progress = settings, plan, progress
        self.time = timepiece or settings.clock()
        self.owner = f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:8]}"
        patience_s = AWAY_S if plan.ends else float("inf")
        self.desk = Desk(engine, patience_s)
        self.counter = Desk(engine, patience_s) if engine.dialect.name == "postgresql" else self.desk
        access = {name: settings.access(name) for name in platforms}
        markets = {name: access[name].market for name, cls in platforms.items() if cls.has_markets}
        self.journey = Journey(Asking(platforms, markets, settings.second_market), Names(), self.time, settings.egress)
        if before is not None:
            self.journey.goes_on(before.journey)
        self.journey.alerts = settings.alerts
        self.journey.canary_pages = {name: settings.canaries(name) for name in platforms}
        self.journey.wake = self._wake
        self.journey.looked = self._looked
        self.pulse = Pulse(self.owner, self.counter, self.time, self._tokens, lambda: self.time.lasting(lanes.LEASE_S))
        self.lanes = {
            name: Lane(cls, access[name], self.owner, self.desk, self.time, self.journey, self.counter)
            for name, cls in platforms.items()
        }
        for lane in self.lanes.values():
            lane.stopped = lambda: self.pulse.off
        self.stopping = asyncio.Event()
        self.stopped_by: signal.Signals | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self.held: dict[str, int] = {}
        self.lost: dict[str, int] = {}
        self._told = 0  # case events whose feed positions were asked for
        self._woken: deque[str] = deque()
        self.teller = Teller(self.desk, self.time, surroundings(settings, platforms))
        self.reader = Reader(self.desk, self.journey, self.pulse, self.time)
        self.sweeper = Sweeper(
            *(self.desk, self.journey, self.pulse, self.time, access, self.stopping), enrols=plan.enrol
        )
        self.sweeper.wake, self.sweeper.renamed = self._wake, self.reader.wanted.set
        self.keeper = Keeper(self.lanes, self.desk, self.pulse, self.time, self.stopping, ends=plan.ends)

    async def work(self) -> Summary:
        """Work the plan, or until stopped."""
        self._loop = asyncio.get_running_loop()
        keepers: dict[asyncio.Task[None], str] = {}
        watchers: list[asyncio.Task[Any]] = []
        upkeep: list[asyncio.Task[None]] = []
        self.time.begin()
        try:
            await self.beat()
            await self.sweeper.sweep()
            upkeep.append(asyncio.create_task(self.purge()))
            if self.plan.once:
                start = self.time.now()
                for lane in self.lanes.values():
                    lane.claims.until = start
            for lane in self.lanes.values():
                lane.ring()
            keepers = {asyncio.create_task(self.keeper.keep(name), name=name): name for name in self.lanes}
            watchers.append(asyncio.create_task(self.stopping.wait()))
            if self.plan.ends:
                watchers.append(asyncio.create_task(self._until_all_idle()))
            elif self.settings.signing_key.get_secret_value():
                watchers.append(asyncio.create_task(self._push()))
            watchers.append(asyncio.create_task(self._go_on_beating()))
            if self.plan.enrol:
                watchers.append(asyncio.create_task(self.reader.run(self.stopping)))
            jobs = {
                SWEEP_EVERY: self.sweeper.sweep,
                PURGE_EVERY: self.purge,
                REFRESH_EVERY: self.sweeper.refresh,
                TELL_EVERY: self.tell,
            }
            async with ticking({} if self.time.stands_still else jobs):  # they go by real time
                done, _ = await asyncio.wait([*keepers, *watchers], return_when=asyncio.FIRST_COMPLETED)
                for task in done:
                    task.result()
            if not self.stopping.is_set():
                await asyncio.gather(*upkeep)
                await self.tell()
                await self.teller.finish(TOLD_WITHIN_S)
        finally:
            await self._stop(list(keepers), [*watchers, *upkeep])
        return self.summary()

    async def _push(self) -> None:
        """Push candidates to the endpoints; receivers hold the stamps against real time, also under a time-lapse."""

        def do(work: Callable[[Connection], Any]) -> Any:
            return self.desk.do(work, Rank.SWEEP)

        await Deliverer(Store(do, self.desk.read), lambda: datetime.now(UTC), Terms.of(self.settings)).run(
            self.stopping
        )

    async def beat(self) -> None:
        """Say that this worker lives, and find those that do not."""
        self.pulse.trouble = "; ".join(self.keeper.troubles.values())
        await self.pulse.beat()
        if self.pulse.off and self.plan.ends:
            raise ClockOff(self.pulse.off)

    async def _go_on_beating(self) -> None:
        """Beat for ever; a beat that failed is said, and the next one tried."""
        while True:
            await asyncio.sleep(BEAT_S)
            try:
                await self.beat()
            except SQLAlchemyError:
                log.exception("the store did not take our heartbeat")

    async def purge(self) -> None:
        """Let go of what may be kept no longer."""
        if self.pulse.off:
            return
        self.time.hold()
        try:
            await retention.look_after(self.desk, self.time, retention.periods(self.settings))
        except SQLAlchemyError:  # what stays a day longer is no reason to stop asking
            log.exception("retention failed; it is tried again tomorrow")
        finally:
            self.time.rest()

    async def tell(self) -> None:
        """Tell people what they asked to be told."""
        if not self.pulse.off:
            self.teller.start()

    def stop(self, number: signal.Signals | None = None) -> None:
        """Ask the worker to stop; it drains in well under a second."""
        self.stopped_by = number
        self.stopping.set()

    def summary(self) -> Summary:
        """Tell what was done so far."""
        return Summary(
            looks={name: dict(lane.tally) for name, lane in self.lanes.items()},
            new_cases=self.journey.new_cases,
            changed_cases=self.journey.changed_cases,
            unjudged=self.journey.unjudged,
            refused={name: lane.refused for name, lane in self.lanes.items() if lane.refused},
            held={name: count for name, count in self.held.items() if count},
            lost={name: count for name, count in self.lost.items() if count},
            stopped_by=self.stopped_by,
        )

    def _wake(self, platforms: Collection[str]) -> None:
        """Have lanes look at the frontier again; called from the desk's thread too, before its transaction ends."""
        self._woken.extend(platforms)

        def ring() -> None:
            for name in platforms:
                self.lanes[name].ring()

        if self._loop is not None:  # else no lane runs yet
            self._loop.call_soon_threadsafe(ring)

    def _looked(self) -> None:
        while self._woken:  # once more, now that what they are to look for is committed
            self.lanes[self._woken.popleft()].ring()
        told = self.journey.new_cases + self.journey.changed_cases
        if told != self._told:
            self._told = told
            self.counter.call(outbox.sequence, Rank.CLAIM)
        self.progress(self)

    def _tokens(self) -> set[str]:
        return set().union(*(lane.claims.tokens() for lane in self.lanes.values()))

    async def _until_all_idle(self) -> None:
        """Wait until nothing is left to do now; what other workers hold is waited for, or counted."""
        before: dict[str, set[tuple[int, str]]] | None = None
        patience = time.monotonic() + HELD_S
        while True:
            if all(lane.idle.is_set() for lane in self.lanes.values()) and not await self.desk.read(self._is_due):
                held = await self.desk.read(self._held_by_others)
                idle = all(lane.idle.is_set() for lane in self.lanes.values())
                before = held if before is None else {name: before[name] & held[name] for name in held}
                if idle and await self._caught_up() and (not any(before.values()) or time.monotonic() > patience):
                    self.held = {name: len(claims) for name, claims in held.items()}
                    return
                await asyncio.sleep(10 * PAUSE_S)
            await asyncio.sleep(PAUSE_S)

    async def _caught_up(self) -> bool:
        """Judge what waits, and tell whether that left nothing to ask."""
        if self.plan.enrol:
            await self.reader.read_on(self.stopping)
        await self.sweeper.catch_up()
        return not await self.desk.read(self._is_due)

    def _is_due(self, connection: Connection) -> bool:
        """Tell whether a lane has something to ask, and ring it."""
        due = [name for name, lane in self.lanes.items() if lane.is_due(connection)]
        if due:
            self._wake(due)
        return bool(due)

    def _held_by_others(self, connection: Connection) -> dict[str, set[tuple[int, str]]]:
        return {
            name: set() if lane.rests else frontier.held_by_others(connection, name, self.owner, lane.claims.due_by())
            for name, lane in self.lanes.items()
        }

    async def _count_lost(self) -> None:
        """Count the late answers that nobody recorded since; where that can't be seen, all of them."""
        late = {name: dict(lane.late) for name, lane in self.lanes.items() if lane.late}
        self.lost = {name: len(since) for name, since in late.items()}
        if late:
            with contextlib.suppress(SQLAlchemyError):
                self.lost = {
                    name: len(await self.desk.read(partial(frontier.still_due, since=since)))
                    for name, since in late.items()
                }

    async def _stop(self, keepers: Collection["asyncio.Task[None]"], watchers: Collection["asyncio.Task[Any]"]) -> None:
        for watcher in watchers:
            watcher.cancel()
        for lane in self.lanes.values():
            lane.drain()
        until = time.monotonic() + (PATIENCE_S if self.stopping.is_set() else ENDING_S)
        if self.stopping.is_set():
            await self.keeper.stop_crawls()
        if keepers:
            _, late = await asyncio.wait(keepers, timeout=max(PAUSE_S, until - time.monotonic()))
            for task in late:
                task.cancel()
        for desk in {self.desk, self.counter}:
            desk.hurry()
        with contextlib.suppress(Exception):  # a store that is away frees what was held when our heartbeat is missed
            await self.pulse.end()
        await self._count_lost()
        for desk in {self.desk, self.counter}:
            desk.close()


Progress = Callable[[Worker], None]
