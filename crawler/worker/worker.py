"""The worker: one process, one loop, a lane per platform, one writer.

Scrapy's reactor owns the (uvloop) event loop, and everything here is a task in it. Stopping closes the budgets first,
so that waiting calls fail fast, then the spiders, then gives this worker's leases back.
"""

import asyncio
import contextlib
import logging
import os
import signal
import socket
import uuid
from collections.abc import Callable, Collection, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine

from crawler.journey import Journey
from crawler.settings import Settings
from crawler.suspicion.meeting import Names
from crawler.timelapse import Timepiece
from crawler.watching import enrol
from crawler.watching.follow_up import Asking
from crawler.worker import retention
from crawler.worker.lane import Lane, run_client
from crawler.worker.summary import LaneEnded, Summary
from crawler.worker.timer import ticking
from crawler.worker.writer import Desk
from spiders.base.client import Client
from spiders.base.platform import Platform
from storage import frontier
from storage.facts import bindings
from storage.facts.bindings import Monitored

SWEEP_EVERY, PURGE_EVERY = timedelta(minutes=15), timedelta(hours=6)
PATIENCE_S = 0.4  # real seconds that a stopping worker gives to what is in flight

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
    ) -> None:
        """Prepare a worker; `progress` is called after every look."""
        self.settings, self.plan, self.progress = settings, plan, progress
        self.time = timepiece or Timepiece(settings.time_lapse, settings.time_origin, settings.time_anchor)
        self.owner = f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:8]}"
        self.desk = Desk(engine)
        access = {name: settings.access(name) for name in platforms}
        markets = {name: access[name].market for name, cls in platforms.items() if cls.has_markets}
        self.journey = Journey(Asking(platforms, markets), Names(), self.time, settings.egress)
        self.journey.wake = self._wake
        self.journey.looked = lambda: self.progress(self)
        self.lanes = {
            name: Lane(cls, access[name], self.owner, self.desk, self.time, self.journey)
            for name, cls in platforms.items()
        }
        self.stopping = asyncio.Event()
        self.stopped_by: signal.Signals | None = None
        self._runners: list[Any] = []

    async def work(self) -> Summary:
        """Work the plan, or until stopped."""
        self._loop = asyncio.get_running_loop()
        await self.sweep()
        if self.plan.once:
            start = self.time.now()
            for lane in self.lanes.values():
                lane.until = start
        tasks = [asyncio.create_task(self._run(lane), name=name) for name, lane in self.lanes.items()]
        watchers: list[asyncio.Task[Any]] = [asyncio.create_task(self.stopping.wait())]
        if self.plan.ends:
            watchers.append(asyncio.create_task(self._until_all_idle()))
        try:
            async with ticking({SWEEP_EVERY: self.sweep, PURGE_EVERY: self.purge}):
                done, _ = await asyncio.wait([*tasks, *watchers], return_when=asyncio.FIRST_COMPLETED)
                for task in done:
                    task.result()
                    if task in tasks and not self.stopping.is_set():
                        raise LaneEnded(f"the lane of {task.get_name()} ended by itself; the log says why")
        finally:
            await self._stop(tasks, watchers)
        return self.summary()

    async def sweep(self) -> None:
        """Enrol what the roster wants, and read the monitored names anew."""

        def enrolled(connection: Connection) -> tuple[tuple[Monitored, ...], dict[str, frozenset[str]]]:
            if self.plan.enrol:
                enrol.enrol(connection, self.journey.asking, self.time.now())
            return bindings.monitored(connection), bindings.owned(connection)

        monitored, self.journey.owned = await self.desk.do(enrolled)
        self.journey.names = await asyncio.to_thread(self.journey.names.now, monitored)
        self._wake(self.lanes)

    async def purge(self) -> None:
        """Purge raw payloads that may be kept no longer."""
        kept = retention.limits(self.journey.asking.platforms, self.settings.keep_raw_days)
        await retention.purge(self.desk, self.time, kept)

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
            refused={name: lane.refused for name, lane in self.lanes.items() if lane.refused},
            stopped_by=self.stopped_by,
        )

    def _wake(self, platforms: Collection[str]) -> None:
        """Have lanes look at the frontier again; called from the desk's thread too."""
        for name in platforms:
            self._loop.call_soon_threadsafe(self.lanes[name].rung.set)

    async def _run(self, lane: Lane) -> None:
        if issubclass(lane.platform, Client):
            await run_client(lane, lane.platform)
        else:
            await self._crawl(lane)

    async def _crawl(self, lane: Lane) -> None:
        from scrapy.crawler import AsyncCrawlerRunner

        from spiders.base.crawled.settings import scrapy_settings

        runner = AsyncCrawlerRunner(scrapy_settings(lane.access))
        self._runners.append(runner)
        spider: Any = lane.platform  # the platforms that are no API clients are spiders
        await runner.crawl(spider, access=lane.access, gate=lane.gate, source=lane)

    async def _until_all_idle(self) -> None:
        while True:
            for lane in self.lanes.values():
                await lane.idle.wait()
            if all(lane.idle.is_set() for lane in self.lanes.values()) and await self._nothing_due():
                return
            await asyncio.sleep(0.005)

    async def _nothing_due(self) -> bool:
        def left(connection: Connection) -> int:
            return sum(lane.claimable(connection) for lane in self.lanes.values())

        return await self.desk.do(left) == 0 and all(lane.idle.is_set() for lane in self.lanes.values())

    async def _stop(self, tasks: Sequence["asyncio.Task[None]"], watchers: Sequence["asyncio.Task[Any]"]) -> None:
        for watcher in watchers:
            watcher.cancel()
        for lane in self.lanes.values():
            lane.drain()
        if self._runners and self.stopping.is_set():
            from spiders.base.crawled.spider import stop_crawls

            await asyncio.wait([asyncio.ensure_future(stop_crawls(r)) for r in self._runners], timeout=PATIENCE_S)
        _, late = await asyncio.wait(tasks, timeout=PATIENCE_S if self.stopping.is_set() else 30.0)
        for task in late:
            task.cancel()
        with contextlib.suppress(Exception):
            await self.desk.do(lambda connection: frontier.let_go(connection, self.owner))
        self.desk.close()


Progress = Callable[[Worker], None]
Stop = Callable[[signal.Signals], None]
T = TypeVar("T")


def run_worker(
    settings: Settings,
    engine: Engine,
    platforms: Mapping[str, type[Platform]],
    plan: Plan,
    timepiece: Timepiece | None = None,
    progress: Progress = lambda worker: None,
) -> Summary:
    """Run a worker to the end of its plan, or until a signal; once per process."""

    async def main(stops: list[Stop]) -> Summary:
        worker = Worker(settings, engine, platforms, plan, timepiece, progress)
        stops.append(worker.stop)
        return await worker.work()

    return in_reactor(main)


def in_reactor(main: Callable[[list[Stop]], Coroutine[Any, Any, T]]) -> T:
    """Run a coroutine in Scrapy's reactor on a uvloop event loop; once per process.

    `main` is handed a list; what it appends is called with each SIGTERM and SIGINT.
    """
    from scrapy.utils.reactor import install_reactor

    install_reactor("twisted.internet.asyncioreactor.AsyncioSelectorReactor", "uvloop.Loop")
    from twisted.internet import reactor as installed

    reactor: Any = installed

    stops: list[Stop] = []
    results: list[T] = []
    errors: list[BaseException] = []
    loop = asyncio.get_event_loop_policy().get_event_loop()

    def signalled(number: signal.Signals) -> None:
        for stop in stops:
            stop(number)

    async def run() -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, signalled, number)
        try:
            results.append(await main(stops))
        except BaseException as error:  # carried out of the reactor and raised below
            errors.append(error)
        finally:
            reactor.stop()

    tasks: list[asyncio.Task[None]] = []
    reactor.callWhenRunning(lambda: tasks.append(loop.create_task(run())))
    reactor.run(installSignalHandlers=False)
    if errors:
        raise errors[0]
    return results[0]
