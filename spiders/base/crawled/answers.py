"""What Scrapy platforms share of answering: one thing, or a list over its pages, with whatever may come instead.

A platform says how to ask and how to read; here an answer becomes pages of a look and its coverage. "No such thing" is
`absent`; another thing than was asked is told and never recorded as the one asked; a row that can't be read costs
itself only.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count
from typing import Any
from urllib.parse import unquote, unquote_plus, urlsplit

from scrapy.http import Request, Response

from spiders.base.crawled.look import Look
from spiders.base.crawled.spider import PlatformSpider
from spiders.base.errors import Misunderstood
from spiders.base.platform import same_host, segment
from spiders.base.reading import parse, same_barcode
from spiders.base.walk import key_of
from storage.observations import Absent, Observation, Page, ProfileSeen, Redirected
from storage.targets import Ask

Raw = dict[str, Any]
Seen = Observation | tuple[Observation, ...]
Reader = Callable[[Any, Look], Seen]
Query = Mapping[str, Any]
Then = tuple[str, Reader, Query]  # where a thing's own list is, how to read its rows, and what else to ask


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of a list: its rows, how many the list claims to have, and the link to the next page."""

    rows: list[Any]
    total: int | None
    next: str | None


@dataclass(frozen=True, slots=True)
class One:
    """How to read one thing: by which word it was asked, whether it is one of several, and what to ask then."""

    read: Reader
    others: tuple[str, ...] = ()  # further places, where the first has no such thing
    by: str = "id"
    of_several: bool = False
    then: Then | None = None


@dataclass(frozen=True, slots=True)
class Many:
    """How to read a list: its rows, the page size asked for, where to stop, and whether a later look may go on."""

    read: Reader
    asked: int | None = None
    at_most: int | None = None
    resumes: bool = False
    part: bool = False  # it belongs to a thing that was told before


class CrawledPlatform(PlatformSpider):
    """A platform that is crawled by Scrapy."""

    def answer(self, body: bytes) -> Raw | None:
        """Return an answer's object; None is the platform's "no such thing"."""
        return parse(body, "answer")

    def listing(self, raw: Raw) -> Listing:
        """Read a page of a list; a platform that asks for lists by `list` overrides this."""
        raise Misunderstood(f"fault of ours: {self.name} does not say how to read a list")

    def one(
        self,
        look: Look,
        path: str | Sequence[str],
        read: Reader,
        *,
        by: str = "id",
        of_several: bool = False,
        then: Then | None = None,
    ) -> Request:
        """Ask for one thing, in the first of these places that has it."""
        first, *others = [path] if isinstance(path, str) else path
        return self.ask([look], first, self.read_one, how=One(read, tuple(others), by, of_several, then))

    def list(
        self,
        look: Look,
        path: str,
        read: Reader,
        query: Query,
        *,
        at_most: int | None = None,
        resumes: bool = False,
        part: bool = False,
    ) -> Request:
        """Ask for a list; it is followed until the platform says that it ends."""
        how = Many(read, query.get("limit"), at_most, resumes, part)
        if resumes and look.target.resume:
            return self.ask([look], look.target.resume, self.read_list, how=how)
        return self.ask([look], path, self.read_list, query, how=how)

    def read_one(self, response: Response, looks: Sequence[Look], how: One) -> Iterator[Page | Request]:
        """Read one thing, or try the next place where it may be."""
        (look,) = looks
        raw = self.answer(response.body)
        if raw is None:
            if how.others:
                yield self.ask([look], how.others[0], self.read_one, how=replace(how, others=how.others[1:]))
            else:
                yield self.absent(look, response)
            return
        told = as_told(look.walk.read(lambda entry: how.read(entry, look), raw))
        head = told[0]
        if not is_asked(head, look.subject, how.by):
            yield self.redirected(look, response, str(getattr(head, "id", "")))
        elif how.then is not None:
            path, read, query = how.then
            look.walk.pages += 1
            look.walk.expected = getattr(head, "track_count", None)
            yield look.page(told, response)
            yield self.list(look, path, read, query, part=True)
        else:
            look.walk.page([key_of(told)])
            end = look.walk.stopped("one of several that may answer this") if how.of_several else look.walk.ended()
            yield look.page(told, response, end)

    def read_list(self, response: Response, looks: Sequence[Look], how: Many) -> Iterator[Page | Request]:
        """Read a page of a list, and follow it or end the walk."""
        (look,) = looks
        raw, walk = self.answer(response.body), look.walk
        if raw is None:
            if walk.pages or how.part or look.target.ask is Ask.SEARCH:
                raise Misunderstood("a list was expected, got no such thing")
            yield self.absent(look, response)
            return
        instead = led_to(response, look.subject)
        if instead is not None:
            yield self.redirected(look, response, instead)
            return
        listing = self.listing(raw)
        rows = read_rows(look, listing, how)
        walk.must_show(listing.rows, rows)
        told, more = [seen for row in rows for seen in row], listing.next is not None
        going = walk.page([key_of(row) for row in rows], total=listing.total, asked=how.asked, more=more)
        if listing.next is None or not going:
            yield look.page(told, response, walk.ended())
        elif walk.pages == how.at_most:
            yield look.page(told, response, walk.stopped(f"{how.at_most} pages are enough"))
        else:
            yield look.page(told, response)
            base = self.base_for(look.target)
            path = same_host(listing.next, base).removeprefix(base).lstrip("/")
            walk.resume = path if how.resumes else None
            yield self.ask([look], path, self.read_list, how=how)

    def absent(self, look: Look, response: Response, reason: str = "no such thing") -> Page:
        """Say that the platform has no such thing."""
        look.walk.pages += 1
        return look.page([Absent(look.subject, reason)], response, look.walk.absent(reason))

    def redirected(self, look: Look, response: Response, got: str) -> Page:
        """Say that the platform answered with another thing, which is not recorded as the one asked."""
        look.walk.pages += 1
        return look.page([Redirected(look.subject, got)], response, look.walk.withheld(f"answered with {got} instead"))


def read_rows(look: Look, listing: Listing, how: Many) -> tuple[tuple[Observation, ...], ...]:
    """Read the rows of a page, each for itself; an artist found by a search is told with its rank."""
    ranks = count(look.walk.entries + 1)

    def read(entry: Any) -> tuple[Observation, ...]:
        rank, (head, *more) = next(ranks), as_told(how.read(entry, look))
        return (replace(head, position=rank) if isinstance(head, ProfileSeen) else head, *more)

    return look.walk.read_rows(listing.rows, "row", read)


def as_told(seen: Seen) -> tuple[Observation, ...]:
    """Return what a reader said as a tuple; the thing asked for comes first."""
    return seen if isinstance(seen, tuple) else (seen,)


def is_asked(seen: Any, subject: str, by: str) -> bool:
    """Tell whether an answer is the thing asked for."""
    match by:
        case "upc":
            return same_barcode(seen.upc, subject)
        case "isrc":
            return seen.isrc is None or seen.isrc.upper() == subject.upper()
    return bool(seen.id == subject)


def led_to(response: Response, subject: str) -> str | None:
    """Return what a redirect put in the subject's place; None where it still asks for the subject."""
    if not response.meta.get("hopped"):
        return None
    parts = urlsplit(response.url)
    host = (parts.hostname or "").partition(".")[0]  # it names the profile where every profile has a host of its own
    if segment(subject) in (host, *parts.path.split("/")) or subject in unquote_plus(parts.query):
        return None
    return next((unquote(part) for part in parts.path.split("/") if any(char.isdigit() for char in part)), parts.path)
