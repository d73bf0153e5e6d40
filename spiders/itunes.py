"""iTunes: Apple's public search and look-up, no key, one storefront per question.

https://performance-partners.apple.com/search-api
- One look-up answers for many ids: about 20 calls a minute are 300 artists a minute.
- There is no paging: an artist's list ends silently at 200, newest first. A full list is reported as partial.
- A profile's row comes with its releases; rows that credit another artist are on the profile's page all the same.
- Over the limit comes an empty 403 without Retry-After (or a 429), for everything, for ten minutes or more.
- Answers are `text/javascript` after blank lines; "no such thing" is an empty answer. Track lists may be partial, dates
  may lie ahead, countries come back with three letters. There are no ISRCs (asking by one finds nothing), barcodes,
  labels or AI disclosures.
"""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from scrapy.http import Request, Response

from spiders.crawl import CrawledPlatform, Look
from spiders.errors import Misunderstood, Throttled, Trouble
from spiders.itunes_reading import (
    Parts,
    by_artist,
    by_collection,
    cut_artist,
    read_artist,
    read_collection,
    read_rows,
    read_track,
)
from spiders.reading import barcode_forms
from storage.limits import Limit
from storage.observations import Absent, Page, Redirected
from storage.targets import Ask

LIMIT = 200
IDS_A_CALL = 15
CUT = f"cut at {LIMIT}"


class Itunes(CrawledPlatform):
    """Apple's iTunes Store."""

    name = "itunes"  # type: ignore[misc]  # Scrapy declares it per instance
    title = "iTunes"
    api = "https://itunes.apple.com"
    accepts = frozenset({Ask.SEARCH, Ask.PROFILE, Ask.RELEASES, Ask.RELEASE, Ask.UPC})
    limits: ClassVar[Mapping[str, Limit]] = {"": Limit(calls=20, window_s=60.0, concurrency=2)}
    batch: ClassVar[Mapping[Ask, int]] = dict.fromkeys((Ask.PROFILE, Ask.RELEASES, Ask.RELEASE), IDS_A_CALL)
    parks = (600.0, 1200.0, 1800.0)
    has_markets = True
    never_says = frozenset({"upc", "isrc", "label", "role", "followers", "ai"})
    terms = (
        "Content may only be used to promote the store; caching is limited. Record a basis before monitoring with it."
    )

    @classmethod
    def profile_url(cls, profile_id: str) -> str:
        """Return an artist's public page."""
        return f"https://music.apple.com/artist/{profile_id}"

    def observe(self, looks: list[Look]) -> Request:
        """Ask what these targets want to know, all of one kind and market."""
        ids = ",".join(look.subject for look in looks)
        match looks[0].target.ask:
            case Ask.SEARCH:
                return self.search(looks, looks[0].subject)
            case Ask.PROFILE:
                return self.lookup(looks, self.profiles, id=ids)
            case Ask.RELEASES:
                return self.lookup(looks, self.releases, id=ids, entity="album", sort="recent", limit=LIMIT)
            case Ask.RELEASE:
                return self.lookup(looks, self.tracks, id=ids, entity="song", limit=LIMIT)
            case Ask.UPC:
                return self.barcode_of(looks, barcode_forms(looks[0].subject))
        raise Misunderstood(f"{self.name} can't be asked by {looks[0].target.ask}")

    def search(self, looks: list[Look], name: str) -> Request:
        """Ask for artists by name."""
        query = {"term": name, "media": "music", "entity": "musicArtist", "limit": LIMIT}
        return self.ask(looks, "search", self.hits, query | {"country": self.country(looks)})

    def lookup(self, looks: list[Look], callback: Any, *, others: list[str] | None = None, **query: Any) -> Request:
        """Ask for things by their ids."""
        more = {} if others is None else {"others": others}
        return self.ask(looks, "lookup", callback, query | {"country": self.country(looks)}, **more)

    def country(self, looks: list[Look]) -> str:
        """Return the storefront to ask."""
        return (looks[0].target.market or self.access.market).lower()

    def barcode_of(self, looks: list[Look], forms: list[str]) -> Request:
        """Ask by a barcode, in the first of these forms."""
        return self.lookup(looks, self.barcode, upc=forms[0], others=forms[1:])

    def hits(self, response: Response, looks: list[Look]) -> Iterator[Page]:
        """Read the artists found by name."""
        (look,) = looks
        rows, doubt = read_rows(response.body)
        artists = [read_artist(row, position) for position, row in enumerate(rows, 1)]
        look.walk.page([artist.id for artist in artists])
        yield self.last(look, response, artists, doubt or (CUT if len(rows) >= LIMIT else ""))

    def profiles(self, response: Response, looks: list[Look]) -> Iterator[list[Page]]:
        """Read several artists."""
        rows, doubt = read_rows(response.body)
        parts = by_artist(rows, [look.subject for look in looks])
        yield self.each(looks, response, lambda look: self.artist(look, response, parts, doubt))

    def releases(self, response: Response, looks: list[Look]) -> Iterator[list[Page]]:
        """Read several artists with what their pages list."""
        rows, doubt = read_rows(response.body)
        parts = by_artist(rows, [look.subject for look in looks])
        cut_at = cut_artist(rows, LIMIT) if len(looks) > 1 else None

        def read(look: Look) -> Page:
            cut = cut_at is not None and (parts.at(look.subject).head is None or look.subject == cut_at)
            return self.artist(look, response, parts, CUT if cut else doubt)

        yield self.each(looks, response, read)

    def tracks(self, response: Response, looks: list[Look]) -> Iterator[list[Page]]:
        """Read several releases with their tracks."""
        rows, doubt = read_rows(response.body)
        parts = by_collection(rows, [look.subject for look in looks])
        yield self.each(looks, response, lambda look: self.collection(look, response, parts, doubt))

    def barcode(self, response: Response, looks: list[Look], others: list[str]) -> Iterator[Page | Request]:
        """Read the variants that carry a barcode, or try the next way to print it."""
        (look,) = looks
        rows, doubt = read_rows(response.body)
        found = [read_collection(row, upc=look.subject) for row in rows if row.get("wrapperType") == "collection"]
        look.walk.page([release.id for release in found])
        if not found and others:
            yield self.barcode_of(looks, others)
        elif not found and not doubt:
            yield look.page([Absent(look.subject, "no result")], response, look.walk.absent())
        else:
            yield self.last(look, response, found, doubt)

    def artist(self, look: Look, response: Response, parts: Parts, doubt: str) -> Page:
        """Say an artist's row and the releases that came with it."""
        part = parts.at(look.subject)
        if part.head is None:
            return self.missing(look, response, parts, doubt)
        releases = [read_collection(row, listed_on=look.subject) for row in part.rows]
        listing = look.target.ask is Ask.RELEASES
        look.walk.page([release.id for release in releases] if listing else [look.subject])
        return self.last(look, response, [read_artist(part.head), *releases], doubt_of(parts, releases) or doubt)

    def collection(self, look: Look, response: Response, parts: Parts, doubt: str) -> Page:
        """Say a release and its tracks; a list that is shorter than the release is partial."""
        part = parts.at(look.subject)
        if part.head is None:
            return self.missing(look, response, parts, doubt)
        release, tracks = read_collection(part.head), [read_track(row) for row in part.rows]
        look.walk.page([track.id for track in tracks], total=release.track_count)
        return self.last(look, response, [release, *tracks], doubt_of(parts, tracks) or doubt)

    def missing(self, look: Look, response: Response, parts: Parts, doubt: str) -> Page:
        """Say that there is no such thing, unless another came instead or the answer may have been cut."""
        look.walk.pages += 1
        match parts.instead_of(look.subject):
            case [other] if parts.missing == 1:
                coverage = look.walk.withheld(f"answered with {other} instead")
                return look.page([Redirected(look.subject, other)], response, coverage)
            case [_, *_]:
                doubt = "others came that nobody asked for"
        if doubt or parts.lost:
            return look.page([], response, look.walk.stopped(doubt or doubt_of(parts, [])))
        return look.page([Absent(look.subject, "no result")], response, look.walk.absent())

    def last(self, look: Look, response: Response, told: list[Any], doubt: str) -> Page:
        """Say everything and end the walk."""
        if doubt:
            look.walk.doubt(doubt)
        return look.page(told, response, look.walk.ended())

    def trouble_in(self, response: Response) -> Trouble | None:
        """Read the empty 403, which is a lock-out and no answer about anybody."""
        if response.status == 403 and not response.body.strip():
            return Throttled("locked out (empty 403)")
        return super().trouble_in(response)


def doubt_of(parts: Parts, listed: list[Any]) -> str:
    """Say why a list may not be whole."""
    if parts.lost:
        return f"{parts.lost} rows are of nobody asked"
    return CUT if len(listed) >= LIMIT else ""
