"""From pages to looks: gathers what was said for each target until its coverage came, then hands it over.

A spider that runs alone exports its pages through Scrapy's feeds, one JSON object for every observation.
"""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from scrapy.crawler import Crawler
from scrapy.exporters import JsonItemExporter, JsonLinesItemExporter

from spiders.base.crawled.spider import CrawledPlatform
from spiders.base.errors import Closing
from storage.observations import Page

Item = Page | list[Page]


class Telling:
    """Item pipeline: the last page of a target carries its coverage and completes the look."""

    def __init__(self, crawler: Crawler) -> None:
        """Remember whose spider it is."""
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "Telling":
        """Build the pipeline."""
        return cls(crawler)

    async def process_item(self, item: Item) -> Item:
        """Add pages to their looks; a look that was told already takes no more."""
        spider = self.crawler.spider
        assert isinstance(spider, CrawledPlatform)
        for page in item if isinstance(item, list) else (item,):
            look = spider.looks.get(page.target)
            if look is not None:
                look.pages.append(page)
                if page.coverage is not None:
                    await spider.told(look)
        return item

    async def close_spider(self) -> None:
        """Close what was still open: no target is left without a coverage."""
        spider = self.crawler.spider
        if isinstance(spider, CrawledPlatform):
            for page in spider.give_up(list(spider.looks.values()), Closing()):
                await self.process_item(page)


def rows(item: Any) -> Iterator[Any]:
    """Spread a page into one flat row for each observation, and one for the coverage; no raw bytes."""
    if not isinstance(item, Page | list):
        yield item
        return
    for page in item if isinstance(item, list) else (item,):
        said = {"platform": page.target.platform, "target": str(page.target)}
        for observation in page.observations:
            yield {"type": type(observation).__name__, **said, **_plain(asdict(observation))}
        if page.coverage is not None:
            yield {"type": "Coverage", **said, **_plain(asdict(page.coverage))}


def _plain(fields: dict[str, Any]) -> dict[str, Any]:
    return {
        key: sorted(value) if isinstance(value, frozenset) else value
        for key, value in fields.items()
        if value is not None
    }


class JsonLines(JsonLinesItemExporter):
    """JSON Lines, one line for each observation."""

    def export_item(self, item: Any) -> None:
        """Write the rows of a page."""
        for row in rows(item):
            super().export_item(row)


class Json(JsonItemExporter):
    """One JSON array of observations."""

    def export_item(self, item: Any) -> None:
        """Write the rows of a page."""
        for row in rows(item):
            super().export_item(row)
