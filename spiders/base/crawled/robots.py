"""What a host lets robots read: its robots.txt is asked before the first page, and again after a day.

Only where a platform is read from pages made for people. A host without the file allows everything; one whose file does
not come (an error, a challenge) is not asked at all. The file costs a slot like every other call.
"""

import asyncio
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any

from protego import Protego
from scrapy.crawler import Crawler
from scrapy.http import Request
from scrapy.http.request import NO_CALLBACK

from spiders.base.crawled.middlewares import Between
from spiders.base.crawled.spider import PlatformSpider
from spiders.base.errors import Refused

KEPT_S = 86_400.0
HOSTS = 1_000  # whose rules are remembered


@dataclass(slots=True)
class Host:
    """What one host allows, once it was asked; the lock keeps a second question from asking it again."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    rules: Protego | None = None
    asked_at: float = 0.0


class Robots(Between):
    """Downloader middleware: refuses what robots.txt disallows."""

    def __init__(self, crawler: Crawler) -> None:
        """Start knowing no host."""
        super().__init__(crawler)
        self._hosts: OrderedDict[str, Host] = OrderedDict()

    async def process_request(self, request: Request) -> None:
        """Let a request pass that its host allows."""
        spider = self.spider
        if spider is None or not spider.obeys_robots or request.meta.get("robots"):
            return
        base = request.meta.get("base", spider.base)
        rules = await self._rules(spider, base, request)
        if not rules.can_fetch(rooted(request.url, base), spider.access.user_agent):
            raise Refused("its robots.txt does not allow this page", about_target=True)

    async def _rules(self, spider: PlatformSpider, base: str, request: Request) -> Protego:
        host = self._hosts.setdefault(base, Host())
        self._hosts.move_to_end(base)
        while len(self._hosts) > HOSTS:
            self._hosts.popitem(last=False)
        async with host.lock:
            if host.rules is None or time.monotonic() - host.asked_at > KEPT_S / spider.access.lapse:
                host.rules, host.asked_at = await self._read(spider, base, request), time.monotonic()
            return host.rules

    async def _read(self, spider: PlatformSpider, base: str, request: Request) -> Protego:
        kept = ("bucket", "download_timeout", "download_maxsize")
        meta: dict[str, Any] = {key: value for key, value in request.meta.items() if key in kept}
        asked = Request(
            f"{base}/robots.txt",
            callback=NO_CALLBACK,
            headers={"User-Agent": spider.access.user_agent, "Accept": "text/plain"},
            meta={**meta, "base": base, "robots": True},
            priority=request.priority + 1,
            dont_filter=True,
        )
        engine = self.crawler.engine
        assert engine is not None
        response = await engine.download_async(asked)
        text = "" if response.status == 404 else response.body.decode("utf-8", "replace")
        return Protego.parse(text)


def rooted(url: str, base: str) -> str:
    """Return an address as the host itself would see it, wherever the base stands in for that host."""
    return f"https://host.invalid/{url.removeprefix(base).lstrip('/')}"
