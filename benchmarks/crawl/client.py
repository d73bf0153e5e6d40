"""One crawl of the benchmark's pages in its own process: `python -m benchmarks.crawl.client bare|ours URL PAGES`."""

import asyncio
import json
import sys
import time
from collections.abc import AsyncIterator
from typing import Any

import scrapy
from scrapy.crawler import AsyncCrawlerRunner
from scrapy.utils.reactor import install_reactor

from spiders.base.crawled.settings import scrapy_settings
from spiders.base.gate import Slot
from spiders.base.platform import Access
from spiders.deezer import Deezer
from storage.observations import Outcome, Page
from storage.targets import Ask, Target


class Bare(scrapy.Spider):
    """A spider as one writes it from Scrapy's tutorial: default settings, one item for every release."""

    name = "bare"
    items = 0

    async def start(self) -> AsyncIterator[Any]:
        """Ask for every artist."""
        for number in range(int(self.pages)):
            yield scrapy.Request(f"{self.url}/artist/{number}/albums?limit=100", callback=self.parse)

    def parse(self, response: Any) -> Any:
        """Yield the releases of a page one by one."""
        for row in json.loads(response.body)["data"]:
            Bare.items += 1
            yield {
                "id": str(row["id"]),
                "title": row["title"],
                "url": row["link"],
                "kind": row["record_type"],
                "date": row["release_date"],
                "cover_url": row["cover_xl"],
                "explicit": row["explicit_lyrics"],
            }


class Open:
    """A gate that never makes anybody wait: the budget is not what is measured here."""

    async def slot(self, bucket: str) -> Slot:
        """Grant at once."""
        return Slot(bucket, 0.0)

    def wait(self, bucket: str) -> Slot:
        """Grant at once."""
        return Slot(bucket, 0.0)

    def landed(self, slot: Slot) -> None:
        """Forget it: nothing is spent here."""

    def park(self, bucket: str, wait_s: float, reason: str) -> None:
        """Fail: nothing may go wrong in a benchmark."""
        raise AssertionError(reason)


class Lane:
    """A source of as many targets as there are pages."""

    def __init__(self, pages: int) -> None:
        """Count from nothing."""
        self.pages, self.complete, self.items = pages, 0, 0

    async def batches(self) -> AsyncIterator[list[Target]]:
        """Yield one target at a time."""
        for number in range(self.pages):
            yield [Target("deezer", Ask.RELEASES, str(number))]

    async def told(self, pages: list[Page]) -> None:
        """Count what was told."""
        self.complete += pages[-1].coverage.outcome is Outcome.COMPLETE  # type: ignore[union-attr]
        self.items += sum(len(page.observations) for page in pages)


async def crawl(which: str, url: str, pages: int) -> dict[str, Any]:
    """Crawl every page once and return what it took."""
    lane, access = Lane(pages), Access(base_url=url)
    runner = AsyncCrawlerRunner(scrapy_settings(access) if which == "ours" else {})
    began, cpu = time.perf_counter(), time.process_time()
    if which == "ours":
        await runner.crawl(Deezer, access=access, gate=Open(), source=lane)
        assert lane.complete == pages
    else:
        await runner.crawl(Bare, url=url, pages=pages)
    cpu, took = time.process_time() - cpu, time.perf_counter() - began
    return {"cpu_ms": cpu / pages * 1000, "pages_s": pages / took, "items": lane.items or Bare.items}


def main() -> None:
    """Run one crawl in the reactor and print its figures."""
    which, url, pages = sys.argv[1], sys.argv[2], int(sys.argv[3])
    install_reactor(
        "twisted.internet.asyncioreactor.AsyncioSelectorReactor", "uvloop.Loop" if which == "ours" else None
    )
    from twisted.internet import reactor

    async def run() -> None:
        try:
            print(json.dumps(await crawl(which, url, pages)), flush=True)
        finally:
            reactor.stop()  # type: ignore[attr-defined]

    reactor.callWhenRunning(lambda: asyncio.ensure_future(run()))  # type: ignore[attr-defined]
    reactor.run(installSignalHandlers=False)  # type: ignore[attr-defined]


if __name__ == "__main__":
    main()
