"""Scrapy's settings: lean (what is not used is off) and safe (every unsafe default is off).

The worker takes `scrapy_settings()`; `scrapy.cfg` names this module, whose capitals add what a spider alone needs.
"""

import logging
from importlib.util import find_spec
from typing import Any

from scrapy import Spider
from scrapy.crawler import Crawler
from scrapy.http import Request, Response
from scrapy.logformatter import LogFormatter
from scrapy.settings import default_settings

from spiders.base.platform import Access

KEPT = {
    "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware",  # for `scrapy shell`; ours come unpacked
    "scrapy.extensions.feedexport.FeedExporter",
}


def _off(base: dict[str, Any]) -> dict[str, None]:
    return {component: None for component in base if component not in KEPT}


def scrapy_settings(access: Access | None = None) -> dict[str, Any]:
    """Return what every crawl runs with, in the worker and alone."""
    access = access or Access()
    return {
        "ASYNCIO_EVENT_LOOP": "uvloop.Loop" if find_spec("uvloop") else None,
        "TWISTED_REACTOR": "twisted.internet.asyncioreactor.AsyncioSelectorReactor",
        # Safe.
        "REMOTE_CONTROL_ENABLED": False,  # it executes code
        "TELNETCONSOLE_ENABLED": False,
        "DOWNLOAD_VERIFY_CERTIFICATES": True,
        "DOWNLOAD_MAXSIZE": access.max_bytes,
        "DOWNLOAD_WARNSIZE": 0,
        "DOWNLOAD_TIMEOUT": access.timeout_s,
        "DOWNLOAD_HANDLERS": {
            "http": "spiders.base.crawled.middlewares.Download",
            "https": "spiders.base.crawled.middlewares.Download",
            **dict.fromkeys(("data", "file", "ftp", "s3")),
        },
        "REDIRECT_ENABLED": False,
        "METAREFRESH_ENABLED": False,
        "COOKIES_ENABLED": False,
        "HTTPPROXY_ENABLED": False,
        "REFERER_ENABLED": False,
        "RETRY_ENABLED": False,  # Scrapy's reads statuses only and ignores Retry-After
        "USER_AGENT": access.user_agent,
        # Polite.
        "DOWNLOADER_MIDDLEWARES": {
            **_off(default_settings.DOWNLOADER_MIDDLEWARES_BASE),
            "spiders.base.crawled.middlewares.Retrying": 550,
            "spiders.base.crawled.robots.Robots": 800,
            "spiders.base.crawled.middlewares.Politeness": 900,
        },
        "SPIDER_MIDDLEWARES": {
            **_off(default_settings.SPIDER_MIDDLEWARES_BASE),
            "spiders.base.crawled.middlewares.Excuses": 50,
        },
        "ITEM_PIPELINES": {"spiders.base.crawled.pipeline.Telling": 100},
        "DOWNLOAD_DELAY": 0,
        # Lean.
        "CONCURRENT_ITEMS": 1,  # Scrapy starts so many tasks for every answer; ours hold one item
        "EXTENSIONS": _off(default_settings.EXTENSIONS_BASE),
        "DOWNLOADER_STATS": False,
        "STATS_CLASS": "spiders.base.crawled.settings.NoStats",
        "STATS_DUMP": False,
        "LOG_FORMATTER": "spiders.base.crawled.settings.Quiet",
        "LOG_VERSIONS": [],
        "DUPEFILTER_CLASS": "scrapy.dupefilters.BaseDupeFilter",
        "SCHEDULER_PRIORITY_QUEUE": "scrapy.pqueues.ScrapyPriorityQueue",
        "WARN_ON_GENERATOR_RETURN_VALUE": False,
        "FEED_EXPORTERS": dict.fromkeys(("jsonl", "jsonlines", "jl"), "spiders.base.crawled.alone.JsonLines")
        | {"json": "spiders.base.crawled.alone.Json"},
    }


class Quiet(LogFormatter):
    """Scrapy's log messages without a line for every page and item."""

    def crawled(self, request: Request, response: Response, spider: Spider) -> None:  # type: ignore[override]
        """Say nothing of a good answer."""

    def scraped(self, item: Any, response: Any, spider: Spider) -> None:  # type: ignore[override]
        """Say nothing of an item."""

    def item_error(self, item: Any, exception: Any, response: Any, spider: Spider) -> dict[str, Any]:  # type: ignore[override]
        """Name the targets that could not be handed over, without what was said for them."""
        pages = item if isinstance(item, list) else [item]
        names = ", ".join(str(getattr(page, "target", "?")) for page in pages)
        return {"level": logging.ERROR, "msg": "could not hand over %(names)s", "args": {"names": names}}


class NoStats:
    """A collector that counts nothing: each look's coverage says more, and is kept."""

    def __init__(self, crawler: Crawler) -> None:
        """Take what every collector is given."""

    def get_value(self, key: str, default: Any = None) -> Any:
        """Return the default."""
        return default

    def get_stats(self) -> dict[str, Any]:
        """Return nothing."""
        return {}

    def open_spider(self) -> None:
        """Open nothing."""

    def close_spider(self, reason: str = "") -> None:
        """Close nothing."""

    def inc_value(self, key: str, count: int = 1, start: int = 0) -> None:
        """Count nothing."""

    set_value = max_value = min_value = inc_value


# `scrapy.cfg` reads the capitals of this module: what the worker runs with, and what a spider alone needs besides.
globals().update(scrapy_settings())
BOT_NAME = "falsetto"
SPIDER_MODULES = ["spiders"]
LOG_LEVEL = "INFO"
