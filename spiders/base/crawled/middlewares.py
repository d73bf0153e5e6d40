"""What stands between a spider and the network: a slot before every request, and a look at every answer's trouble.

Politeness   asks the gate; refuses links to other hosts; the waiting request is dropped when the worker stops
Retrying     reads bodies before statuses; parks a throttled bucket; tries again a few times, each for its own slot;
             follows one redirect inside the base URL
Excuses      turns what a callback raises into the coverage of its looks
Download     Scrapy's own HTTP handler, whose downloads can be dropped; bodies are unpacked within a bound
"""

import asyncio
import logging
import random
import time
from collections.abc import AsyncIterator
from typing import Any

from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.crawler import Crawler
from scrapy.http import Request, Response

from spiders.base.crawled.spider import PlatformSpider, fault, headers_of, trouble_of
from spiders.base.errors import Misunderstood, Throttled, Trouble, Unavailable
from spiders.base.platform import same_host
from spiders.base.trouble import Strikes, hop
from spiders.base.unpacking import unpacked

TRIES = 3
BACKOFF_S = 1.0

log = logging.getLogger(__name__)
logging.getLogger("scrapy.core.downloader").setLevel(logging.CRITICAL)  # it quotes URLs; the coverage says what it says


class Between:
    """A component that serves the platforms' spiders and leaves others (those of `scrapy shell`) alone."""

    def __init__(self, crawler: Crawler) -> None:
        """Remember whose spider it is."""
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "Between":
        """Build the component."""
        return cls(crawler)

    @property
    def spider(self) -> PlatformSpider | None:
        """Return the platform's spider, if it is one."""
        return self.crawler.spider if isinstance(self.crawler.spider, PlatformSpider) else None


class Politeness(Between):
    """Downloader middleware: no request without a slot, and none to another host."""

    async def process_request(self, request: Request) -> None:
        """Wait for this request's turn."""
        spider = self.spider
        if spider is None:
            return
        same_host(request.url, request.meta.get("base", spider.base))
        with spider.droppable():
            request.meta["slot"] = await spider.gate.slot(request.meta.get("bucket", ""))
        request.meta["sent_at"] = time.monotonic()
        for look in request.cb_kwargs.get("looks", ())[:1]:
            look.walk.cost += 1

    async def process_response(self, request: Request, response: Response) -> Response:
        """Tell the gate when an answer came."""
        self._landed(request)
        return response

    async def process_exception(self, request: Request, exception: Exception) -> None:
        """Tell the gate that no answer came: the call may have arrived as well."""
        self._landed(request)

    def _landed(self, request: Request) -> None:
        slot = request.meta.pop("slot", None)  # a try that gets no slot of its own must not tell of the one before
        if self.spider is not None and slot is not None:
            self.spider.gate.landed(slot)


class Retrying(Between):
    """Downloader middleware: what is wrong with an answer, and whether to ask again."""

    def __init__(self, crawler: Crawler) -> None:
        """Start without a strike."""
        super().__init__(crawler)
        self._counted: Strikes | None = None
        self._parked_at: dict[str, float] = {}

    async def process_response(self, request: Request, response: Response) -> Response | Request:
        """Let a good answer pass; ask again for a bad one, or raise its trouble."""
        spider = self.spider
        if spider is None:
            return response
        led = hop(response.status, headers_of(response), request.url, request.meta.get("base", spider.base))
        if led is not None and not request.meta.get("hopped"):
            return request.replace(url=led, meta={**request.meta, "hopped": True})
        trouble = spider.trouble_in(response)
        if trouble is None:
            self._strikes(spider).clear(request.meta.get("bucket", ""))
            return response
        return await self._again(spider, request, trouble)

    async def process_exception(self, request: Request, exception: Exception) -> Request | None:
        """Ask again after a failed download, or raise what it means."""
        spider, trouble = self.spider, trouble_of(exception)
        if isinstance(exception, Unavailable | Misunderstood):  # the body, as it was unpacked
            trouble = exception
        if spider is None or trouble is None:
            return None
        return await self._again(spider, request, trouble)

    async def _again(self, spider: PlatformSpider, request: Request, trouble: Trouble) -> Request:
        tries: int = request.meta.get("tries", 1)
        if isinstance(trouble, Throttled):
            self._park(spider, request, trouble)
        if tries >= TRIES or not isinstance(trouble, Throttled | Unavailable):
            raise trouble
        log.info("%s: %s, try %d of %d", spider.access.masked(request.url), trouble, tries, TRIES)
        if isinstance(trouble, Unavailable):
            with spider.droppable():
                await asyncio.sleep(BACKOFF_S * 2 ** (tries - 1) * random.uniform(0.5, 1.0) / spider.access.lapse)
        return request.replace(meta={**request.meta, "tries": tries + 1}, priority=request.priority + 1)

    def _park(self, spider: PlatformSpider, request: Request, trouble: Throttled) -> None:
        bucket = request.meta.get("bucket", "")
        if request.meta.get("sent_at", 0.0) >= self._parked_at.get(bucket, 0.0):  # else it was under way already
            self._strikes(spider).strike(bucket)
            self._parked_at[bucket] = time.monotonic()
        spider.gate.park(bucket, self._strikes(spider).pause_s(bucket, trouble.wait_s), str(trouble))

    def _strikes(self, spider: PlatformSpider) -> Strikes:
        if self._counted is None:
            self._counted = Strikes(type(spider))
        return self._counted


class Excuses(Between):
    """Spider middleware: whatever a callback raises or forgets becomes the coverage of its looks."""

    def process_spider_exception(self, response: Response, exception: Exception) -> list[Any] | None:
        """Close the looks of an answer that could not be read."""
        if self.spider is None or response.request is None or "looks" not in response.request.cb_kwargs:
            return None
        return [
            self.spider.give_up(response.request.cb_kwargs["looks"], fault(exception, self.spider.access), response)
        ]

    async def process_spider_output(self, response: Response, result: AsyncIterator[Any]) -> AsyncIterator[Any]:
        """Close the looks about which a callback said nothing, and asked nothing more."""
        asks_on = False
        async for one in result:
            asks_on |= isinstance(one, Request)
            yield one
        looks = response.request.cb_kwargs.get("looks", []) if response.request else []
        if self.spider is not None and not asks_on and not all(look.ended for look in looks):
            yield self.spider.give_up(looks, Misunderstood("fault of ours: the callback said nothing"), response)


class Download(HTTP11DownloadHandler):
    """Scrapy's HTTP handler; the spider can drop its downloads."""

    def __init__(self, crawler: Crawler) -> None:
        """Remember whose downloads these are."""
        super().__init__(crawler)
        self.crawler = crawler
        self._pool.retryAutomatically = False  # Twisted's silent second try would pay no slot
        self._fail_on_dataloss_warned = True  # its advice is to take answers that are cut short

    async def download_request(self, request: Request) -> Response:
        """Download, unless the worker stops."""
        spider = self.crawler.spider
        if not isinstance(spider, PlatformSpider):
            return await super().download_request(request)
        with spider.droppable():
            response = await super().download_request(request)
        return whole(response, spider.access.max_bytes)


def whole(response: Response, max_bytes: int) -> Response:
    """Return an answer with its body as it was before it was encoded."""
    encodings = [value.decode("latin-1") for value in response.headers.getlist("Content-Encoding")]
    if not encodings:
        return response
    body = b"".join(unpacked([response.body], ",".join(encodings), max_bytes, "the answer"))
    headers = response.headers.copy()
    del headers["Content-Encoding"]
    return Response(response.url, response.status, headers, body, request=response.request)
