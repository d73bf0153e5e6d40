"""A platform's spider: one request per batch of targets, one item per answer, and a coverage for every target.

A platform's file says how to ask (`observe`); answers are read in callbacks, and every walk ends with a coverage. What
goes wrong in the download or in a callback ends as the coverage of the targets concerned, by `errback` and `give_up`.

    worker's lane or command line -> start -> observe -> callback -> Page -> pipeline -> source.told
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, ClassVar, Protocol
from urllib.parse import urlencode, urlsplit

import scrapy
from scrapy.crawler import AsyncCrawlerRunner, Crawler
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)
from scrapy.http import Request, Response
from scrapy.settings import BaseSettings
from twisted.internet.error import ConnectError, ConnectionClosed

from spiders.base.crawled.alone import Alone, access_alone
from spiders.base.crawled.look import Look
from spiders.base.errors import Closing, Misunderstood, Trouble, Unavailable
from spiders.base.gate import Gate, LocalGate
from spiders.base.platform import Access, Platform
from spiders.base.trouble import fault_of_ours, is_cut, said_with, trouble_with
from spiders.base.unpacking import ASKED
from spiders.base.walk import Walk
from storage.observations import Page
from storage.targets import Target

log = logging.getLogger(__name__)


class Source(Protocol):
    """Where a spider's targets come from and where what it was told goes: the worker's lane, or a command line."""

    def batches(self) -> AsyncIterator[list[Target]]:
        """Yield claimed targets, each list answerable by one call; wait while none is due, end when the lane drains."""

    async def told(self, pages: list[Page]) -> None:
        """Take everything said for one target; the last page carries its coverage."""


class PlatformSpider(Platform, scrapy.Spider):
    """A spider that asks for targets, and ends every one of them with a coverage."""

    name: ClassVar[str]  # type: ignore[misc]  # to Scrapy it may differ from spider to spider

    def __init__(
        self,
        name: str | None = None,
        *,
        access: Access | None = None,
        gate: Gate | None = None,
        source: Source | None = None,
        **arguments: str,
    ) -> None:
        """Take what the worker's lane hands over; a spider that runs alone reads its arguments instead."""
        super().__init__(name)
        self.access = access or Access()
        self.gate: Gate = gate or LocalGate(self.limits_for(self.access), self.access.lapse)
        self.source = source
        self.arguments: Mapping[str, str] = arguments
        self.looks: dict[Target, Look] = {}  # the open ones
        self.closing = False
        self.room = asyncio.Semaphore(max(limit.in_flight for limit in self.limits.values()))
        self._waiting: set[asyncio.Task[Any]] = set()

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> "PlatformSpider":
        """Build the spider; without an access, one is read from the arguments and the settings."""
        if kwargs.get("access") is None:
            kwargs["access"] = access_alone(cls, kwargs, crawler.settings)
        spider: PlatformSpider = super().from_crawler(crawler, *args, **kwargs)
        return spider

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        """Ask no more at once than the platform's limits say."""
        super().update_settings(settings)
        at_once = max(limit.concurrency for limit in cls.limits.values())
        settings.setdict({"CONCURRENT_REQUESTS": at_once, "CONCURRENT_REQUESTS_PER_DOMAIN": at_once}, "spider")

    @classmethod
    def handles_request(cls, request: Request) -> bool:
        """Claim the platform's own host, for `scrapy shell` and `scrapy fetch`."""
        return urlsplit(request.url).hostname == urlsplit(cls.api).hostname

    @property
    def base(self) -> str:
        """Return the base URL that every request stays on."""
        return (self.access.base_url or self.api).rstrip("/")

    def base_for(self, target: Target) -> str:
        """Return the base URL that a question stays on; where every profile has a host of its own, that host."""
        return self.base

    async def start(self) -> AsyncIterator[Any]:
        """Pull a batch of targets whenever there is room, and ask one question for it."""
        source = self.source or Alone(self, type(self))
        batches = source.batches()
        self.source = source
        while True:
            await self.room.acquire()
            targets = await anext(batches, None)
            if targets is None:
                return
            yield self.first(self.open(targets))

    def open(self, targets: list[Target]) -> list[Look]:
        """Begin a look for every target of a batch."""
        looks: list[Look] = []
        for target in targets:
            walk = Walk(resumed=target.resume is not None, blind=self.blind_for(self.access))
            look = Look(target, walk, self.access, looks)
            self.looks[target] = look
            looks.append(look)
        return list(looks)

    def first(self, looks: list[Look]) -> Any:
        """Make the first request of a batch, or the pages that say why there is none."""
        try:
            return self.observe(looks)
        except Exception as error:  # a fault in one platform's file costs its targets, never the lane
            return self.give_up(looks, fault(error, self.access))

    def observe(self, looks: list[Look]) -> Request:
        """Ask the question that these looks share; a platform's file says how."""
        # No abstract method: Scrapy's feed export reads every attribute of a spider, and an ABC has one that raises.
        raise Misunderstood(f"{self.name} can't be asked anything: its file does not say how")

    def ask(
        self, looks: list[Look], path: str, callback: Any, query: Mapping[str, Any] | None = None, **more: Any
    ) -> Request:
        """Make a request for a path under the base URL; `more` goes to the callback."""
        target = looks[0].target
        base = self.base_for(target)
        url = f"{base}/{path}"
        if query:
            url += ("&" if "?" in path else "?") + urlencode(query, errors="replace")
        return Request(
            url,
            callback=callback,
            errback=self.errback,
            headers={"User-Agent": self.access.user_agent, "Accept": self.media, "Accept-Encoding": ASKED},
            cb_kwargs={"looks": looks, **more},
            meta={
                "base": base,
                "bucket": self.bucket(target.ask, target.section),
                "download_timeout": self.access.timeout_s,
                "download_maxsize": self.access.max_bytes,
            },
            dont_filter=True,
        )

    def trouble_in(self, response: Response) -> Trouble | None:
        """Say what is wrong with an answer as a whole: its body is read before its status."""
        trouble = self.refusal(response.status, response.body)
        if trouble is None and (200 <= response.status < 300 or response.status == 404):
            return Unavailable("the answer is cut short") if is_cut(response.body) else None
        return said_with(trouble, headers_of(response)) or trouble_with(
            type(self), response.status, headers_of(response), "the answer"
        )

    def errback(self, failure: Any) -> Iterator[list[Page]]:
        """End the looks of a request that got no usable answer."""
        error = failure.value
        if not isinstance(error, Trouble):
            error = trouble_of(error) or Unavailable(self.access.masked(f"{type(error).__name__}: {error}"))
        yield self.give_up(failure.request.cb_kwargs["looks"], error)

    def give_up(self, looks: list[Look], trouble: Trouble, response: Response | None = None) -> list[Page]:
        """Close every look that is still open, saying why; an answer that was not understood is kept."""
        return [look.page((), response, look.walk.failed(trouble)) for look in looks if look.target in self.looks]

    def each(self, looks: list[Look], response: Response, read: Callable[[Look], Page]) -> list[Page]:
        """Read each target's part of one answer; a part that can't be read fails alone."""
        pages: list[Page] = []
        for look in looks:
            try:
                pages.append(read(look))
            except Exception as error:  # as above: a fault costs its target only
                pages += self.give_up([look], fault(error, self.access), response)
        return pages

    async def told(self, look: Look) -> None:
        """Hand over a finished look, and make room for the next batch when it was the last of its own."""
        del self.looks[look.target]
        look.batch.remove(look)
        if not look.batch:
            self.room.release()
        if self.source is not None:
            await self.source.told(look.pages)

    @contextmanager
    def droppable(self) -> Iterator[None]:
        """Let `drop` end what the current task waits for: a slot, an answer, a pause between two tries."""
        task = asyncio.current_task()
        if self.closing or task is None:
            raise Closing()
        self._waiting.add(task)
        try:
            yield
        except asyncio.CancelledError:
            if not self.closing:
                raise
            raise Closing() from None
        finally:
            self._waiting.discard(task)

    def drop(self) -> None:
        """Stop asking at once: whatever is under way is cut, its targets stay due."""
        self.closing = True
        for task in list(self._waiting):
            task.cancel()


async def stop_crawls(runner: AsyncCrawlerRunner) -> None:
    """Stop every spider of a runner in well under a second; close their gates first."""
    for crawler in list(runner.crawlers):
        if isinstance(crawler.spider, PlatformSpider):
            crawler.spider.drop()
    await runner.stop()


def trouble_of(error: BaseException) -> Trouble | None:
    """Say what a failed download means; None for what is no failure of the download."""
    match error:
        case DownloadTimeoutError():
            return Unavailable("no answer in time")
        case ResponseDataLossError():
            return Unavailable("the answer was cut short")
        case DownloadCancelledError() | IgnoreRequest():
            return Misunderstood("the answer is too large")
        case DownloadFailedError() | DownloadConnectionRefusedError() | CannotResolveHostError():
            return Unavailable(f"no connection ({type(error).__name__})")
        case ConnectionClosed() | ConnectError() | OSError():
            return Unavailable(f"connection lost ({type(error).__name__})")
    return None


def fault(error: Exception, access: Access) -> Trouble:
    """Turn a programming fault into a trouble, loudly."""
    if isinstance(error, Trouble):
        return error
    trouble, traced = fault_of_ours(error, access)
    log.error("fault of ours: %s", traced)
    return trouble


def headers_of(response: Response) -> dict[str, str]:
    """Return an answer's headers as text under lower-case names."""
    return {
        name.decode("latin-1").lower(): values[-1].decode("latin-1")
        for name, values in response.headers.items()
        if values
    }
