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

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import Any, ClassVar

from scrapy.http import Request, Response

from spiders.base import reading as r
from spiders.base.crawled import CrawledPlatform, Listing, Look
from spiders.base.crawled.answers import Many, read_rows
from spiders.base.errors import Misunderstood, Throttled, Trouble
from spiders.base.walk import key_of
from storage.limits import Limit
from storage.observations import CreditSeen, LineSeen, Page, ProfileSeen, ReleaseSeen, TrackSeen
from storage.targets import Ask

LIMIT = 200
IDS_A_CALL = 15
CUT = f"cut at {LIMIT}"
APPLE = r"(geo\.)?(music|itunes)\.apple\.com(/(?P<country>[a-z]{2}))?"
Row = Mapping[str, Any]


class Itunes(CrawledPlatform):
    """Apple's iTunes Store."""

    name = "itunes"  # type: ignore[misc]  # Scrapy declares it per instance
    title = "iTunes"
    api = "https://itunes.apple.com"
    page = "https://music.apple.com/artist/{id}"
    page_forms = (rf"{APPLE}/artist(/[^/]+)?/(id)?(?P<id>[1-9]\d*)(/[\w-]+)*",)
    other_pages: ClassVar[Mapping[str, tuple[str, ...]]] = {
        **{kind: (rf"{APPLE}/{kind}/.+",) for kind in ("album", "playlist", "music-video")},
        "track": (rf"{APPLE}/song/.+",),
        "short link": (r"(apple\.co|itun\.es|apple\.lnk\.to)/.+",),
    }
    spellings = ("https://music.apple.com/{country}/artist/{id}", "https://itunes.apple.com/{country}/artist/id{id}")
    profile_id = r"[1-9]\d*"
    accepts = frozenset({Ask.SEARCH, Ask.PROFILE, Ask.RELEASES, Ask.RELEASE, Ask.UPC})
    limits: ClassVar[Mapping[str, Limit]] = {"": Limit(calls=20, window_s=60.0, concurrency=2)}
    batch: ClassVar[Mapping[Ask, int]] = dict.fromkeys((Ask.PROFILE, Ask.RELEASES, Ask.RELEASE), IDS_A_CALL)
    parks = (600.0, 1200.0, 1800.0)
    longest_pause_s = 6 * 3600.0
    has_markets = True
    never_says = frozenset({"upc", "isrc", "label", "role", "followers", "ai"})
    terms = (
        "Content may only be used to promote the store; caching is limited. Record a basis before monitoring with it."
    )

    def observe(self, looks: list[Look]) -> Request:
        """Ask what these targets want to know, all of one kind and market."""
        ids = ",".join(look.subject for look in looks)
        match looks[0].target.ask:
            case Ask.SEARCH:
                query = {"term": looks[0].subject, "media": "music", "entity": "musicArtist", "limit": LIMIT}
                return self.ask(looks, "search", self.hits, query | {"country": self.country(looks)})
            case Ask.PROFILE:
                return self.lookup(looks, self.artists, id=ids)
            case Ask.RELEASES:
                return self.lookup(looks, self.artists, id=ids, entity="album", sort="recent", limit=LIMIT)
            case Ask.RELEASE:
                return self.lookup(looks, self.collections, id=ids, entity="song", limit=LIMIT)
            case Ask.UPC:
                return self.barcode_of(looks, r.barcode_forms(looks[0].subject))
        raise Misunderstood(f"{self.name} can't be asked by {looks[0].target.ask}")

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
        """Say the artists found by name."""
        (look,) = looks
        rows, doubt = read_results(response.body)
        found = read_rows(look, Listing(rows, None, None), Many(read_artist))
        look.walk.must_show(rows, found)
        look.walk.page(map(key_of, found))
        yield self.last(look, response, chain(*found), doubt or (CUT if len(rows) >= LIMIT else ""))

    def artists(self, response: Response, looks: list[Look]) -> Iterator[list[Page]]:
        """Say several artists, with what their pages list."""
        yield self.parts(response, looks, by_artist, self.artist)

    def collections(self, response: Response, looks: list[Look]) -> Iterator[list[Page]]:
        """Say several releases with their tracks."""
        yield self.parts(response, looks, by_collection, self.collection)

    def barcode(self, response: Response, looks: list[Look], others: list[str]) -> Iterator[Page | Request]:
        """Say the variants that carry a barcode, or try the next way to print it."""
        (look,) = looks
        rows, doubt = read_results(response.body)
        variants = [row for row in rows if _kind(row) not in ("artist", "track")]
        found = look.walk.read_rows(variants, "release", lambda row: read_variant(row, look.subject))
        look.walk.must_show(variants, found)
        if doubt or (rows and not variants):  # kept over all forms: an answer in doubt proves no absence
            look.walk.doubt(doubt or "rows came, no release among them")
        if not variants and others:
            yield self.barcode_of(looks, others)
        elif not rows and not look.walk.doubts:
            yield self.absent(look, response, "no result")
        else:
            look.walk.page([release.id for release in found])
            yield self.last(look, response, found, "")

    def parts(self, response: Response, looks: list[Look], divide: "Divide", say: Callable[..., Page]) -> list[Page]:
        """Say each target's part of one answer; a row that nobody can read is told with all of them."""
        rows, doubt = read_results(response.body)
        parts = divide(rows, [look.subject for look in looks])
        for look in looks:
            for place, reason, row in parts.odd:
                look.walk.noted.odd("row", place, reason, row)
        return self.each(looks, response, lambda look: say(look, response, parts, doubt))

    def artist(self, look: Look, response: Response, parts: "Parts", doubt: str) -> Page:
        """Say an artist's row and the releases that came with it."""
        part = parts.at(look.subject)
        doubt = CUT if parts.may_be_cut(look.subject) else doubt
        if part.head is None:
            return self.missing(look, response, parts, doubt)
        listed = look.walk.read_rows(part.rows, "release", lambda row: read_collection(row, listed_on=look.subject))
        look.walk.must_show(part.rows, listed)
        listing = look.target.ask is Ask.RELEASES
        look.walk.page([release.id for release in listed] if listing else [look.subject])
        return self.last(look, response, [read_artist(part.head, look), *listed], parts.doubt(part) or doubt)

    def collection(self, look: Look, response: Response, parts: "Parts", doubt: str) -> Page:
        """Say a release and its tracks; a list that is shorter than the release is partial."""
        part, cut = parts.at(look.subject), parts.may_be_cut(look.subject)
        if part.head is None:
            return self.missing(look, response, parts, CUT if cut else doubt)
        release, tracks = read_collection(part.head), look.walk.read_rows(part.rows, "track", read_track)
        look.walk.must_show(part.rows, tracks)
        look.walk.page([key_of((track,)) for track in tracks], total=release.track_count)
        unvouched = CUT if cut and release.track_count is None else doubt
        return self.last(look, response, [release, *tracks], parts.doubt(part) or unvouched)

    def missing(self, look: Look, response: Response, parts: "Parts", doubt: str) -> Page:
        """Say that there is no such thing, unless another came instead or the answer may have been cut."""
        instead = parts.instead_of(look.subject)
        if len(instead) == 1 and parts.missing == 1:
            return self.redirected(look, response, instead[0])
        doubt = "others came that nobody asked for" if instead else doubt or parts.doubt(Part())
        if doubt or look.walk.noted:
            look.walk.pages += 1
            return look.page([], response, look.walk.stopped(doubt or "some rows could not be read"))
        return self.absent(look, response, "no result")

    def last(self, look: Look, response: Response, told: Any, doubt: str) -> Page:
        """Say everything and end the walk."""
        if doubt:
            look.walk.doubt(doubt)
            look.walk.cut = doubt == CUT
        return look.page(told, response, look.walk.ended())

    def refusal(self, status: int, body: bytes) -> Trouble | None:
        """Read the empty 403, which is a lock-out and no answer about anybody."""
        return Throttled("locked out (empty 403)") if status == 403 and not body.strip() else None


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
    odd: list[tuple[int, str, Any]] = field(default_factory=list)  # rows that can't be read: place, reason, row
    cut_at: str | None = None  # the id at which an answer about several may have been cut

    def at(self, one: str) -> Part:
        """Return the part of an id, asked or not."""
        return self.of.setdefault(one, Part())

    def instead_of(self, one: str) -> list[str]:
        """Name what came that nobody asked for, where this id may be meant: it may have been merged into it."""
        return [other for other in self.of if other not in self.asked] if self.at(one).head is None else []

    def may_be_cut(self, one: str) -> bool:
        """Tell whether an answer about several may end before all of this one came."""
        return len(self.asked) > 1 and self.cut_at is not None and (self.at(one).head is None or one == self.cut_at)

    @property
    def missing(self) -> int:
        """Count the ids asked that have no row of their own."""
        return sum(self.at(one).head is None for one in self.asked)

    def doubt(self, part: Part) -> str:
        """Say why a list may not be whole."""
        if self.lost:
            return f"{self.lost} rows are of nobody asked"
        return CUT if len(part.rows) >= LIMIT else ""


Divide = Callable[[list[Any], list[str]], Parts]


def read_results(body: bytes) -> tuple[list[Any], str]:
    """Return the rows of an answer, and a doubt where the answer does not hold as many as it says."""
    raw = r.parse(body, "answer")
    rows, count = r.need(raw, "results", list), r.need(raw, "resultCount", int)
    return rows, "" if count == len(rows) else f"{len(rows)} rows came, resultCount says {count}"


def by_artist(rows: list[Any], asked: list[str]) -> Parts:
    """Give each artist their collections.

    An artist's collections follow the artist's row, also those that credit another artist. Were all artists to come
    first, the credited id would decide. What follows an artist's row that can't be read is given to nobody.
    """
    parts, current = Parts(asked, cut_at=cut_at(rows, "artist", "artistId")), None
    grouped = not _all_artists_first(rows, asked)
    for place, row in enumerate(rows, 1):
        try:
            kind = r.need(row, "wrapperType", str)
            if kind == "artist":
                current = None
                current = parts.at(r.identifier(row, "artistId"))
                current.head = row
            elif kind == "collection" and grouped and current is not None:
                current.rows.append(row)
            elif kind == "collection" and not grouped and str(row.get("artistId")) in parts.of:
                parts.at(str(row["artistId"])).rows.append(row)
            else:
                parts.lost += 1
        except Misunderstood as odd:
            parts.odd.append((place, str(odd), row))
    return parts


def _kind(row: Any) -> Any:
    return row.get("wrapperType") if isinstance(row, Mapping) else None


def _all_artists_first(rows: list[Any], asked: list[str]) -> bool:
    kinds = [_kind(row) for row in rows]
    artists = kinds.count("artist")
    if artists < 2 or "artist" in kinds[artists:]:
        return False
    credited = [str(row.get("artistId")) if isinstance(row, Mapping) else "" for row in rows]
    return any(one != credited[artists - 1] and one in asked for one in credited[artists:])


def cut_at(rows: list[Any], kind: str, key: str) -> str | None:
    """Name the id at which an answer about several may have been cut: it is just as long as one list may be."""
    heads = [row for row in rows if _kind(row) == kind]
    if not heads or LIMIT not in (len(rows), len(rows) - len(heads)):
        return None
    return str(heads[-1].get(key))


def by_collection(rows: list[Any], asked: list[str]) -> Parts:
    """Give each collection its tracks."""
    parts = Parts(asked, cut_at=cut_at(rows, "collection", "collectionId"))
    for place, row in enumerate(rows, 1):
        try:
            match r.need(row, "wrapperType", str):
                case "collection":
                    parts.at(r.identifier(row, "collectionId")).head = row
                case "track":
                    parts.at(r.identifier(row, "collectionId")).rows.append(row)
                case _:
                    parts.lost += 1
        except Misunderstood as odd:
            parts.odd.append((place, str(odd), row))
    return parts


def read_artist(row: Row, look: Look) -> ProfileSeen:
    """Read an artist row."""
    if r.need(row, "wrapperType", str) != "artist":
        raise Misunderstood(f"an artist was expected, got {row['wrapperType'][:40]!r}")
    genre = r.may(row, "primaryGenreName", str)
    return ProfileSeen(
        id=r.identifier(row, "artistId"),
        name=r.need(row, "artistName", str),
        url=r.may(row, "artistLinkUrl", str),
        genres=(genre,) if genre else None,
    )


def read_collection(row: Row, listed_on: str | None = None, upc: str | None = None) -> ReleaseSeen:
    """Read a collection row; Various Artists have no page, and prices say nothing."""
    genre, line = r.may(row, "primaryGenreName", str), r.may(row, "copyright", str)
    return ReleaseSeen(
        id=r.identifier(row, "collectionId"),
        title=r.need(row, "collectionName", str),
        url=r.may(row, "collectionViewUrl", str),
        kind=r.need(row, "collectionType", str),
        date=r.may(row, "releaseDate", str),
        upc=upc,
        cover_url=r.may(row, "artworkUrl100", str),
        track_count=r.may(row, "trackCount", int),
        explicit=read_explicit(row, "collectionExplicitness"),
        genres=(genre,) if genre else None,
        lines=(LineSeen("c" if line.lstrip().startswith("©") else "p", line),) if line else (),
        credits=(read_credit(row),),
        listed_on=listed_on,
    )


def read_variant(row: Row, upc: str) -> ReleaseSeen:
    """Read one of the collections that carry a barcode."""
    if r.need(row, "wrapperType", str) != "collection":
        raise Misunderstood(f"a release was expected, got {row['wrapperType'][:40]!r}")
    return read_collection(row, upc=upc)


def read_track(row: Row) -> TrackSeen:
    """Read a song row."""
    return TrackSeen(
        id=r.identifier(row, "trackId"),
        title=r.need(row, "trackName", str),
        release_id=r.identifier(row, "collectionId"),
        disc=r.may(row, "discNumber", int),
        position=r.may(row, "trackNumber", int),
        duration_ms=r.may(row, "trackTimeMillis", int),
        explicit=read_explicit(row, "trackExplicitness"),
        url=r.may(row, "trackViewUrl", str),
        credits=(read_credit(row),),
    )


def read_credit(row: Row) -> CreditSeen:
    """Read whom a row credits."""
    known = row.get("artistId") is not None
    return CreditSeen(r.need(row, "artistName", str), r.identifier(row, "artistId") if known else None)


def read_explicit(row: Row, key: str) -> bool | None:
    """Read an explicitness; a cleaned version is not explicit."""
    match r.may(row, key, str):
        case None:
            return None
        case "explicit":
            return True
        case "cleaned" | "notExplicit":
            return False
        case other:
            raise Misunderstood(f"{key} is {other[:40]!r}")
