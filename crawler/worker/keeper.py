"""Keeps lanes alive: one that ended by itself, or stands still while work is due, is said, counted and replaced."""

import asyncio
import contextlib
import logging
from typing import Any

from crawler.timelapse import Timepiece
from crawler.worker import lane as lanes
from crawler.worker.lane import Lane
from crawler.worker.pulse import Pulse
from crawler.worker.summary import LaneEnded
from crawler.worker.threads import run_client
from crawler.worker.writer import Desk
from spiders.base.client import Client

CHECK_S = 1.0  # real seconds between looks whether a lane stands still
PATIENCE_S = 0.4  # real seconds that a stopping worker gives to what is in flight
LIVES = 3  # a lane that ends so often in a row, without a look between, won't come to life
LONGEST_S = 60.0  # before a lane is started again

log = logging.getLogger(__name__)


class Keeper:
    """Runs lanes, and puts a new one in the place of one that can't go on."""

    def __init__(
        self,
        lanes_: dict[str, Lane],
        desk: Desk,
        pulse: Pulse,
        timepiece: Timepiece,
        stopping: asyncio.Event,
        *,
        ends: bool,
    ) -> None:
        """`ends`: the run ends by itself, so a lane that won't live must end it."""
        self.lanes, self.desk, self.pulse, self.time, self.stopping = lanes_, desk, pulse, timepiece, stopping
        self.ends = ends
        self.troubles: dict[str, str] = {}  # platform -> what its lane met last
        self._runners: dict[Lane, Any] = {}

    async def keep(self, name: str) -> None:
        """Keep a platform's lane alive until it drains."""
        ends = 0
        while not self.stopping.is_set():
            lane = self.lanes[name]
            looks = sum(lane.tally.values())
            why = await self._live(lane)
            if lane.draining and not why:
                return
            ends = ends + 1 if sum(lane.tally.values()) == looks else 1
            why = f"the lane of {name} {why or 'ended by itself'}; the log says why"
            log.error("%s: it is started again", why)
            lane.give_up()
            if self.ends and ends >= LIVES:
                raise LaneEnded(why)
            self.troubles[name] = f"{why} ({self.time.now():%d %b %H:%M} UTC)"
            self.lanes[name] = lane.again()
            self.lanes[name].count("restarted")
            await self.pulse.free_unknown()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.stopping.wait(), min(LONGEST_S, 2.0 ** min(ends - 1, 6) - 1))

    async def stop_crawls(self) -> None:
        """Stop the spiders of all lanes."""
        from spiders.base.crawled.spider import stop_crawls

        stops = [asyncio.ensure_future(stop_crawls(runner)) for runner in self._runners.values()]
        if stops:
            await asyncio.wait(stops, timeout=PATIENCE_S)

    async def _live(self, lane: Lane) -> str:
        """Run a lane to its end, and say why it did not come there by itself."""
        task = asyncio.create_task(self._run(lane))
        try:
            while True:
                done, _ = await asyncio.wait([task], timeout=CHECK_S)
                if done:
                    task.result()
                    return ""
                if lane.still_s > lanes.LEASE_S and await self._has_work(lane):
                    return f"stood still for {lane.still_s:.0f} s"
        except Exception as error:  # whatever ends a lane must not end the worker: it is said and counted
            log.exception("the lane of %s ended", lane.platform.name)
            return f"failed ({type(error).__name__})"
        finally:
            if not task.done():
                await self._abandon(lane, task)

    async def _has_work(self, lane: Lane) -> bool:
        return lane.busy or await self.desk.read(lane.is_due)

    async def _abandon(self, lane: Lane, task: "asyncio.Task[None]") -> None:
        lane.drain()
        runner = self._runners.pop(lane, None)
        if runner is not None:
            from spiders.base.crawled.spider import stop_crawls

            await asyncio.wait([asyncio.ensure_future(stop_crawls(runner))], timeout=PATIENCE_S)
        task.cancel()

    async def _run(self, lane: Lane) -> None:
        if issubclass(lane.platform, Client):
            await run_client(lane, lane.platform)
        else:
            await self._crawl(lane)

    async def _crawl(self, lane: Lane) -> None:
        from scrapy.crawler import AsyncCrawlerRunner

        from spiders.base.crawled.settings import scrapy_settings

        runner = AsyncCrawlerRunner(scrapy_settings(lane.access))
        self._runners[lane] = runner
        spider: Any = lane.platform  # the platforms that are no API clients are spiders
        try:
            await runner.crawl(spider, access=lane.access, gate=lane.gate, source=lane)
        finally:
            self._runners.pop(lane, None)
