"""A spider without a worker: `scrapy crawl deezer -a profile=27 -O out.jsonl`.

Bad arguments end the program with one line. They are read when the crawl starts, so that `scrapy list` and
`scrapy shell` need none. Pages are exported through Scrapy's feeds, one JSON object for every observation.
"""

import logging
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import asdict
from typing import Any, Protocol

from scrapy.exporters import JsonItemExporter, JsonLinesItemExporter
from scrapy.settings import BaseSettings

from spiders.base.platform import Access, Platform
from storage.observations import Page
from storage.targets import Ask, Target

log = logging.getLogger(__name__)

ASKS = {
    "search": (Ask.SEARCH,),
    "profile": (Ask.PROFILE, Ask.RELEASES),
    "release": (Ask.RELEASE,),
    "upc": (Ask.UPC,),
    "isrc": (Ask.ISRC,),
}


class Asker(Protocol):
    """What is needed of the spider that runs alone."""

    access: Access
    arguments: Mapping[str, str]


def access_alone(platform: type[Platform], arguments: dict[str, Any], settings: BaseSettings) -> Access:
    """Take what says how to reach the platform out of the arguments, or else out of Scrapy's settings."""
    prefix = f"FALSETTO_{platform.name.upper()}"
    return Access(
        base_url=arguments.pop("base_url", None) or settings.get(f"{prefix}_BASE_URL") or "",
        contact=arguments.pop("contact", None) or settings.get("FALSETTO_CONTACT") or "",
        market=arguments.pop("market", None) or settings.get("FALSETTO_MARKET") or "US",
    )


def targets_alone(platform: type[Platform], arguments: Mapping[str, str], access: Access) -> list[Target]:
    """Read the targets out of the arguments; whatever is wrong with them ends the program with one line."""
    known = ", ".join(f"-a {word}=..." for word, asks in ASKS.items() if asks[0] in platform.accepts)
    if not access.base_url and not access.contact:
        raise SystemExit(f"{platform.name}: say who asks: -a contact=you@example.org (it goes into the User-Agent)")
    market = access.market if platform.has_markets else ""
    targets = []
    for word, value in arguments.items():
        if word not in ASKS or ASKS[word][0] not in platform.accepts:
            raise SystemExit(f"{platform.name}: unknown argument {word!r}; known: {known}")
        values = [part.strip() for part in value.split("|" if word == "search" else ",")]
        if not all(values):
            raise SystemExit(f"{platform.name}: -a {word}= names nothing to ask for")
        for ask in ASKS[word]:
            targets += [Target(platform.name, ask, one, market=market) for one in dict.fromkeys(values)]
    if not targets:
        raise SystemExit(f"{platform.name}: say what to ask: {known} (several ids comma separated)")
    return targets


class Alone:
    """The source of a spider that runs alone: its targets come from the arguments, what is told goes to the log."""

    def __init__(self, spider: Asker, platform: type[Platform]) -> None:
        """Read the arguments."""
        self._platform = platform
        self._targets = targets_alone(platform, spider.arguments, spider.access)
        log.info("%s: terms: %s", platform.title, platform.terms)

    async def batches(self) -> AsyncIterator[list[Target]]:
        """Yield the targets, as many at a time as one call answers."""
        for ask in Ask:
            asked = [target for target in self._targets if target.ask is ask]
            size = self._platform.batch.get(ask, 1)
            for first in range(0, len(asked), size):
                yield asked[first : first + size]

    async def told(self, pages: list[Page]) -> None:
        """Say in one line how much of a target was seen."""
        coverage = pages[-1].coverage
        if coverage is not None:
            seen = f"{coverage.received} of {coverage.expected}" if coverage.expected else f"{coverage.received}"
            log.info("%s: %s, %s seen (%s)", pages[-1].target, coverage.outcome, seen, coverage.stop_reason)


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
