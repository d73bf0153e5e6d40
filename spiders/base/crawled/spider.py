"""A Scrapy platform: one request per batch of targets, one item per answer, and a coverage for every target.

A platform's file says how to ask (`observe`), reads answers in callbacks, and ends every walk with a coverage. What
goes wrong in the download or in a callback ends as the coverage of the targets concerned, by `errback` and `give_up`.

    worker's lane or command line -> start -> observe -> callback -> Page -> pipeline -> source.told
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, ClassVar
from urllib.parse import quote, urlencode, urlsplit

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
from spiders.base.errors import Closing, Misunderstood, Refused, Throttled, Trouble, Unavailable
from spiders.base.gate import Gate, LocalGate, Source
from spiders.base.platform import Access, Platform
from spiders.base.walk import Walk
from storage.observations import Coverage, Observation, Page, Payload
from storage.targets import Target

log = logging.getLogger(__name__)


@dataclass(slots=True, eq=False)
class Look:
    """One attempt to answer one target: its tally, and what was said for it so far."""

    target: Target
    walk: Walk
    batch: list["Look"] = field(repr=False)  # the looks that share the first call and are still open
    pages: list[Page] = field(default_factory=list)
    ended: bool = False  # a page with its coverage was made

    @property
    def subject(self) -> str:
        """Return what is asked about."""
        return self.target.subject

    def page(
        self, told: Iterable[Observation], response: Response | None = None, coverage: Coverage | None = None
    ) -> Page:
        """Make the page that one answer gave for this target; the one with the coverage is the last."""
        self.ended |= coverage is not None
        return Page(self.target, tuple(told), None if response is None else payload(response), coverage)


class CrawledPlatform(Platform, scrapy.Spider):
    """A platform that is crawled by Scrapy."""

    name: ClassVar[str]  # type: ignore[misc]  # to Scrapy it may differ from spider to spider
    parks: ClassVar[tuple[float, ...]] = (60.0,)  # seconds of rest after the first, second, ... refusal in a row

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
        self.room = asyncio.Semaphore(2 * max(limit.concurrency for limit in self.limits.values()))
        self._waiting: set[asyncio.Task[Any]] = set()

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> "CrawledPlatform":
        """Build the spider; without an access, one is read from the arguments and the settings."""
        if kwargs.get("access") is None:
            kwargs["access"] = access_alone(cls, kwargs, crawler.settings)
        spider: CrawledPlatform = super().from_crawler(crawler, *args, **kwargs)
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
            look = Look(target, Walk(resumed=target.resume is not None, blind=self.blind_for(self.access)), looks)
            self.looks[target] = look
            looks.append(look)
        return list(looks)

    def first(self, looks: list[Look]) -> Any:
        """Make the first request of a batch, or the pages that say why there is none."""
        try:
            return self.observe(looks)
        except Exception as error:  # a fault in one platform's file costs its targets, never the lane
            return self.give_up(looks, fault(error))

    def observe(self, looks: list[Look]) -> Request:
        """Ask the question that these looks share."""
        raise NotImplementedError

    def ask(
        self, looks: list[Look], path: str, callback: Any, query: Mapping[str, Any] | None = None, **more: Any
    ) -> Request:
        """Make a request for a path under the base URL; `more` goes to the callback."""
        url = f"{self.base}/{path}"
        if query:
            url += ("&" if "?" in path else "?") + urlencode(query, errors="replace")
        target = looks[0].target
        return Request(
            url,
            callback=callback,
            errback=self.errback,
            headers={"User-Agent": self.access.user_agent, "Accept": "application/json"},
            cb_kwargs={"looks": looks, **more},
            meta={
                "bucket": self.bucket(target.ask, target.section),
                "download_timeout": self.access.timeout_s,
                "download_maxsize": self.access.max_bytes,
            },
            dont_filter=True,
        )

    def trouble_in(self, response: Response) -> Trouble | None:
        """Say what is wrong with an answer as a whole; a platform that hides errors in bodies reads those first."""
        status = response.status
        if 200 <= status < 300 or status == 404:
            return Unavailable("the answer is cut short") if is_cut(response.body) else None
        if 300 <= status < 400:
            return Refused(f"redirect refused (status {status})")
        if status == 429 or (status == 503 and retry_after(response)):
            return Throttled(f"too many requests (status {status})", wait_s=retry_after(response))
        if status in (401, 403):
            return Refused(f"status {status}")
        if status >= 500 or status == 408:
            return Unavailable(f"status {status}")
        return Misunderstood(f"status {status}")

    def errback(self, failure: Any) -> Iterator[list[Page]]:
        """End the looks of a request that got no usable answer."""
        error = failure.value
        if not isinstance(error, Trouble):
            error = trouble_of(error) or Unavailable(f"{type(error).__name__}: {error}")
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
                pages += self.give_up([look], fault(error), response)
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
        if isinstance(crawler.spider, CrawledPlatform):
            crawler.spider.drop()
    await runner.stop()


def segment(text: str) -> str:
    """Write a subject so that it stays one segment of a path."""
    return quote(text, safe="", errors="replace")


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


def fault(error: Exception) -> Trouble:
    """Turn a programming fault into a trouble, loudly."""
    if isinstance(error, Trouble):
        return error
    log.error("fault of ours: %s", error, exc_info=error)
    return Misunderstood(f"fault of ours: {type(error).__name__}: {str(error)[:200]}")


def is_cut(body: bytes) -> bool:
    """Tell whether a JSON object begins and does not end, though every byte that was announced came."""
    return body.lstrip()[:1] == b"{" and body.rstrip()[-1:] != b"}"


def payload(response: Response) -> Payload:
    """Keep an answer as it came."""
    content_type = response.headers.get("Content-Type") or b""
    return Payload(response.url, response.status, response.body, content_type.decode("latin-1"))


def retry_after(response: Response) -> float | None:
    """Read a Retry-After in seconds."""
    value = (response.headers.get("Retry-After") or b"").strip()
    return float(value) if value.isdigit() else None
