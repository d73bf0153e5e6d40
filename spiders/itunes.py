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
from dataclasses import dataclass, field
from typing import Any, ClassVar

from scrapy.http import Request, Response

from spiders.base.crawled.spider import CrawledPlatform, Look
from spiders.base.errors import Misunderstood, Throttled, Trouble
from spiders.base.reading import barcode_forms, identifier, may, need, parse
from storage.limits import Limit
from storage.observations import Absent, CreditSeen, LineSeen, Page, ProfileSeen, Redirected, ReleaseSeen, TrackSeen
from storage.targets import Ask

LIMIT = 200
IDS_A_CALL = 15
CUT = f"cut at {LIMIT}"


Row = Mapping[str, Any]


@dataclass(slots=True)
class Part:
    """The rows of an answer that concern one id."""

    head: Row | None = None  # the artist, or the collection
    rows: list[Row] = field(default_factory=list)


@dataclass(slots=True)
class Parts:
    """An answer about several ids, taken apart."""

    asked: list[str]
    of: dict[str, Part] = field(default_factory=dict)
    lost: int = 0  # rows that can't be given to anybody

    def at(self, one: str) -> Part:
        """Return the part of an id, asked or not."""
        return self.of.setdefault(one, Part())

    def instead_of(self, one: str) -> list[str]:
        """Name what came that nobody asked for, where this id may be meant: it may have been merged into it."""
        return [other for other in self.of if other not in self.asked] if self.at(one).head is None else []

    @property
    def missing(self) -> int:
        """Count the ids asked that have no row of their own."""
        return sum(self.at(one).head is None for one in self.asked)


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
            look.walk.cut = doubt == CUT
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


def read_rows(body: bytes) -> tuple[list[Row], str]:
    """Return the rows of an answer, and a doubt where the answer does not hold as many as it says."""
    raw = parse(body, "answer")
    rows = need(raw, "results", list)
    count = need(raw, "resultCount", int)
    return rows, "" if count == len(rows) else f"{len(rows)} rows came, resultCount says {count}"


def by_artist(rows: list[Row], asked: list[str]) -> Parts:
    """Give each artist their collections.

    An artist's collections follow the artist's row, also those that credit another artist. Were all artists to come
    first, the credited id would decide.
    """
    parts = Parts(asked)
    grouped = not _all_artists_first(rows, asked)
    current: Part | None = None
    for row in rows:
        kind = need(row, "wrapperType", str)
        if kind == "artist":
            current = parts.at(identifier(row, "artistId"))
            current.head = row
        elif kind == "collection" and grouped and current is not None:
            current.rows.append(row)
        elif kind == "collection" and not grouped and str(row.get("artistId")) in parts.of:
            parts.at(str(row["artistId"])).rows.append(row)
        else:
            parts.lost += 1
    return parts


def _all_artists_first(rows: list[Row], asked: list[str]) -> bool:
    kinds = [row.get("wrapperType") for row in rows]
    artists = kinds.count("artist")
    if artists < 2 or "artist" in kinds[artists:]:
        return False
    last = str(rows[artists - 1].get("artistId"))
    return any(str(row.get("artistId")) != last and str(row.get("artistId")) in asked for row in rows[artists:])


def cut_artist(rows: list[Row], limit: int) -> str | None:
    """Name the artist at whom an answer about several may have been cut: it is just as long as one list may be."""
    artists = [row for row in rows if row.get("wrapperType") == "artist"]
    if not artists or limit not in (len(rows), len(rows) - len(artists)):
        return None
    return identifier(artists[-1], "artistId")


def by_collection(rows: list[Row], asked: list[str]) -> Parts:
    """Give each collection its tracks."""
    parts = Parts(asked)
    for row in rows:
        match need(row, "wrapperType", str):
            case "collection":
                parts.at(identifier(row, "collectionId")).head = row
            case "track":
                parts.at(identifier(row, "collectionId")).rows.append(row)
            case _:
                parts.lost += 1
    return parts


def read_artist(row: Row, position: int | None = None) -> ProfileSeen:
    """Read an artist row."""
    if row.get("wrapperType") != "artist":
        raise Misunderstood(f"an artist was expected, got {row.get('wrapperType')!r}")
    genre = may(row, "primaryGenreName", str)
    return ProfileSeen(
        id=identifier(row, "artistId"),
        name=need(row, "artistName", str),
        url=may(row, "artistLinkUrl", str),
        genres=(genre,) if genre else None,
        position=position,
    )


def read_collection(row: Row, listed_on: str | None = None, upc: str | None = None) -> ReleaseSeen:
    """Read a collection row; Various Artists have no page, and prices say nothing."""
    genre, line = may(row, "primaryGenreName", str), may(row, "copyright", str)
    return ReleaseSeen(
        id=identifier(row, "collectionId"),
        title=need(row, "collectionName", str),
        url=may(row, "collectionViewUrl", str),
        kind=need(row, "collectionType", str),
        date=may(row, "releaseDate", str),
        upc=upc,
        cover_url=may(row, "artworkUrl100", str),
        track_count=may(row, "trackCount", int),
        explicit=read_explicit(row, "collectionExplicitness"),
        genres=(genre,) if genre else None,
        lines=(LineSeen("c" if line.lstrip().startswith("©") else "p", line),) if line else (),
        credits=(read_credit(row),),
        listed_on=listed_on,
    )


def read_track(row: Row) -> TrackSeen:
    """Read a song row."""
    return TrackSeen(
        id=identifier(row, "trackId"),
        title=need(row, "trackName", str),
        release_id=identifier(row, "collectionId"),
        disc=may(row, "discNumber", int),
        position=may(row, "trackNumber", int),
        duration_ms=may(row, "trackTimeMillis", int),
        explicit=read_explicit(row, "trackExplicitness"),
        url=may(row, "trackViewUrl", str),
        credits=(read_credit(row),),
    )


def read_credit(row: Row) -> CreditSeen:
    """Read whom a row credits."""
    known = row.get("artistId") is not None
    return CreditSeen(need(row, "artistName", str), identifier(row, "artistId") if known else None)


def read_explicit(row: Row, key: str) -> bool | None:
    """Read an explicitness; a cleaned version is not explicit."""
    match may(row, key, str):
        case None:
            return None
        case "explicit":
            return True
        case "cleaned" | "notExplicit":
            return False
        case other:
            raise Misunderstood(f"{key} is {other!r}")
