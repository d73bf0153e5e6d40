"""Real Scrapy crawls for tests: one child process with a reactor, as the worker has it, runs crawl after crawl.

with Crawling() as crawling:
    looks = crawling.crawl("deezer", [("profile", "27")], server.url)
"""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
LAPSE = 1000.0  # waits and limits shrink by it


@dataclass(frozen=True)
class Crawled:
    """What one crawl told."""

    looks: dict[str, dict[str, Any]]  # by the target's name; in the order in which they were told
    told: list[str]  # target names, one for every call of `told`
    slots: int
    landed: int
    parks: list[list[Any]]  # bucket, seconds, reason
    took_s: float
    stopped_in_s: float | None

    def only(self) -> dict[str, Any]:
        """Return the one look there is."""
        (look,) = self.looks.values()
        return look


class Crawling:
    """The child process, with these variables added to its environment."""

    def __init__(self, **environment: str) -> None:
        self._environment = {**os.environ, **environment}

    def __enter__(self) -> "Crawling":
        self._child = subprocess.Popen(
            [sys.executable, "-m", "tests.crawling"],
            cwd=ROOT,
            env=self._environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        return self

    def __exit__(self, *exc: object) -> None:
        self._child.communicate(timeout=20)

    def crawl(self, platform: str, targets: list[tuple[str, ...]], base_url: str, **more: Any) -> Crawled:
        """Ask for targets (ask, subject, and perhaps a market and where to resume) and wait for what is told.

        `more`: access, throttle_after (slots, then the gate refuses), forgets_parks, stop_after_s,
        spider (module:class instead of the platform's own).
        """
        access = {"base_url": base_url, "lapse": LAPSE, "timeout_s": 5.0, **more.pop("access", {})}
        asked = {"platform": platform, "targets": targets, "access": access, **more}
        assert self._child.stdin is not None
        assert self._child.stdout is not None
        self._child.stdin.write(json.dumps(asked) + "\n")
        self._child.stdin.flush()
        return Crawled(**json.loads(self._child.stdout.readline()))


def serve() -> None:
    """Run crawls in the reactor until the parent closes our input."""
    import asyncio
    import importlib
    import time
    from collections.abc import AsyncIterator
    from dataclasses import asdict

    from scrapy.crawler import AsyncCrawlerRunner
    from scrapy.utils.reactor import install_reactor

    from spiders.base.crawled.settings import scrapy_settings
    from spiders.base.crawled.spider import stop_crawls
    from spiders.base.errors import Throttled
    from spiders.base.gate import LocalGate, Slot
    from spiders.base.platform import Access
    from spiders.base.platform import platform as load
    from storage.observations import Page
    from storage.targets import Ask, Target

    install_reactor("twisted.internet.asyncioreactor.AsyncioSelectorReactor", "uvloop.Loop")
    from twisted.internet import reactor

    class Gate(LocalGate):
        slots = landings = 0
        refuses_after: int | None = None
        forgets_parks = False

        async def slot(self, bucket: str) -> Slot:
            if self.slots == self.refuses_after:
                raise Throttled("parked elsewhere", until=time.time() + 3600, bucket=bucket)
            self.slots += 1
            return await super().slot(bucket)

        def landed(self, slot: Slot) -> None:
            self.landings += 1
            super().landed(slot)

        def park(self, bucket: str, wait_s: float, reason: str) -> None:
            parks.append([bucket, wait_s, reason])
            if not self.forgets_parks:
                super().park(bucket, wait_s, reason)

    class Lane:
        def __init__(self, batches: list[list[Target]], waits: bool) -> None:
            self.due, self.waits, self.told_pages = batches, waits, []

        async def batches(self) -> AsyncIterator[list[Target]]:
            for batch in self.due:
                yield batch
            if self.waits:
                await asyncio.Event().wait()

        async def told(self, pages: list[Page]) -> None:
            self.told_pages.append(pages)

    parks: list[list[Any]] = []

    def plain(value: Any) -> Any:
        return sorted(value) if isinstance(value, frozenset) else value

    def look(pages: list[Page]) -> dict[str, Any]:
        coverage = {key: plain(value) for key, value in asdict(pages[-1].coverage).items()}
        told = [o for page in pages for o in page.observations]
        return {
            **coverage,
            "told": [{"type": type(o).__name__, **asdict(o)} for o in told],
            "payloads": [[p.payload.status, len(p.payload.body)] for p in pages if p.payload is not None],
        }

    async def crawl(asked: dict[str, Any]) -> Crawled:
        parks.clear()
        cls, access = load(asked["platform"]), Access(**asked["access"])
        if "spider" in asked:
            module, _, name = asked["spider"].partition(":")
            cls = getattr(importlib.import_module(module), name)
        targets = [
            Target(cls.name, Ask(ask), subject, market=(rest or ("",))[0], resume=rest[1] if rest[1:] else None)
            for ask, subject, *rest in asked["targets"]
        ]
        batches = []
        for ask in dict.fromkeys(target.ask for target in targets):
            same, size = [t for t in targets if t.ask is ask], asked.get("batch") or cls.batch.get(ask, 1)
            batches += [same[first : first + size] for first in range(0, len(same), size)]
        gate, lane = Gate(cls.limits, access.lapse), Lane(batches, waits="stop_after_s" in asked)
        gate.refuses_after, gate.forgets_parks = asked.get("throttle_after"), asked.get("forgets_parks", False)
        runner, began, stopped_in_s = AsyncCrawlerRunner(scrapy_settings(access)), time.monotonic(), None
        running = runner.crawl(cls, access=access, gate=gate, source=lane)
        if "stop_after_s" in asked:
            await asyncio.sleep(asked["stop_after_s"])
            stopping = time.monotonic()
            gate.close()
            await stop_crawls(runner)
            stopped_in_s = time.monotonic() - stopping
        await running
        looks = {str(pages[-1].target): look(pages) for pages in lane.told_pages}
        names = [str(pages[-1].target) for pages in lane.told_pages]
        return Crawled(looks, names, gate.slots, gate.landings, list(parks), time.monotonic() - began, stopped_in_s)

    async def run() -> None:
        loop = asyncio.get_running_loop()
        try:
            while line := await loop.run_in_executor(None, sys.stdin.readline):
                print(json.dumps(asdict(await crawl(json.loads(line)))), flush=True)  # noqa: T201
        finally:
            reactor.stop()

    reactor.callWhenRunning(lambda: asyncio.ensure_future(run()))
    reactor.run(installSignalHandlers=False)


if __name__ == "__main__":
    serve()
