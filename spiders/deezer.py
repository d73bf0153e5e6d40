"""Deezer: public catalogue API, no key.

https://developers.deezer.com/api
- Errors arrive as HTTP 200 with an "error" object: code 4 is "too fast" (a sliding window of 50 calls per 5 s and
  address, whoever makes them), 800 "no such thing here", 700 "busy". An unknown path is a 404 whose error is a string.
- Lists end where `next` is missing: a page may be short although more follows, and `total` may promise more than comes.
- A profile's list is grouped by kind and only nearly newest first, so it is always read whole.
- The caller's address decides the country: an album may come back as its regional alternative, under another id.
- Barcodes match as strings, mostly with 12 digits; an ISRC finds one of the tracks that share it.
- `readable: false` means "not playable here", nothing more. There are no P- and C-lines, composers or AI disclosures.
"""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from scrapy.http import Request, Response

from spiders.base.crawled.spider import CrawledPlatform, Look, segment
from spiders.base.errors import Misunderstood, Refused, Throttled, Trouble, Unavailable
from spiders.base.platform import same_host
from spiders.base.reading import barcode_forms, identifier, may, need, parse
from storage.limits import Limit
from storage.observations import Absent, CreditSeen, LineSeen, Page, ProfileSeen, Redirected, ReleaseSeen, TrackSeen
from storage.targets import Ask

PAGE = 100
SEARCH_PAGES = 3  # a listener looks no further


class Deezer(CrawledPlatform):
    """Deezer's public catalogue."""

    name = "deezer"  # type: ignore[misc]  # Scrapy declares it per instance
    title = "Deezer"
    api = "https://api.deezer.com"
    page = "https://www.deezer.com/artist/{id}"
    page_forms = (r"deezer\.com(/[a-z]{2})?/artist/(?P<id>[1-9]\d*)(/[\w-]+)*",)
    other_pages: ClassVar[Mapping[str, tuple[str, ...]]] = {
        **{kind: (rf"deezer\.com(/[a-z]{{2}})?/{kind}/.+",) for kind in ("album", "track", "playlist")},
        "short link": (r"(link\.deezer\.com|deezer\.page\.link|dzr\.page\.link)/.+",),
    }
    profile_id = r"[1-9]\d*"
    accepts = frozenset({Ask.SEARCH, Ask.PROFILE, Ask.RELEASES, Ask.RELEASE, Ask.UPC, Ask.ISRC})
    limits: ClassVar[Mapping[str, Limit]] = {"": Limit(calls=50, window_s=5.0, concurrency=4)}
    parks = (5.0,)
    never_says = frozenset({"p_line", "c_line", "composer", "ai"})
    terms = "Non-commercial use only; reproduction needs Deezer's consent (https://developers.deezer.com/termsofuse)."

    def observe(self, looks: list[Look]) -> Request:
        """Ask what one target wants to know."""
        target = looks[0].target
        subject = segment(target.subject)
        match target.ask:
            case Ask.SEARCH:
                return self.ask(looks, "search/artist", self.search, {"q": target.subject, "limit": PAGE})
            case Ask.PROFILE:
                return self.ask(looks, f"artist/{subject}", self.profile)
            case Ask.RELEASES if target.resume:
                return self.ask(looks, target.resume, self.releases)
            case Ask.RELEASES:
                return self.ask(looks, f"artist/{subject}/albums", self.releases, {"limit": PAGE})
            case Ask.RELEASE:
                return self.ask(looks, f"album/{subject}", self.release)
            case Ask.UPC:
                first, *others = barcode_forms(target.subject)
                return self.ask(looks, f"album/upc:{segment(first)}", self.barcode, others=others)
            case Ask.ISRC:
                return self.ask(looks, f"track/isrc:{subject}", self.recording)
        raise Misunderstood(f"{self.name} can't be asked by {target.ask}")

    def search(self, response: Response, looks: list[Look]) -> Iterator[Page | Request]:
        """Read a page of artists found by name."""
        rows, total, link = read_list(read_answer(response.body))
        first = len(looks[0].walk.ids) + 1
        told = [read_artist(raw, position) for position, raw in enumerate(rows, first)]
        yield from self.turn(response, looks, told, total, link, self.search, at_most=SEARCH_PAGES)

    def profile(self, response: Response, looks: list[Look]) -> Iterator[Page]:
        """Read an artist."""
        (look,) = looks
        raw = read_answer(response.body)
        if raw is None:
            yield self.absent(look, response)
            return
        artist = read_artist(raw)
        look.walk.page([artist.id])
        if artist.id != look.subject:
            yield self.redirected(look, response, artist.id)
        else:
            yield look.page([artist], response, look.walk.ended())

    def releases(self, response: Response, looks: list[Look]) -> Iterator[Page | Request]:
        """Read a page of what an artist's page lists."""
        raw = read_answer(response.body)
        if raw is None:
            yield self.absent(looks[0], response)
            return
        rows, total, link = read_list(raw)
        told = [read_listed(raw, looks[0].subject) for raw in rows]
        yield from self.turn(response, looks, told, total, link, self.releases)

    def release(self, response: Response, looks: list[Look]) -> Iterator[Page | Request]:
        """Read an album; its tracks, with their ISRCs, are a list of their own."""
        (look,) = looks
        raw = read_answer(response.body)
        if raw is None:
            yield self.absent(look, response)
            return
        album = read_album(raw)
        if album.id != look.subject:
            yield self.redirected(look, response, album.id)
            return
        look.walk.pages += 1
        look.walk.expected = album.track_count
        yield look.page([album], response)
        yield self.ask(looks, f"album/{segment(album.id)}/tracks", self.tracks, {"limit": PAGE})

    def tracks(self, response: Response, looks: list[Look]) -> Iterator[Page | Request]:
        """Read a page of an album's tracks."""
        rows, total, link = read_list(read_answer(response.body))
        told = [read_track(raw, looks[0].subject) for raw in rows]
        yield from self.turn(response, looks, told, total, link, self.tracks)

    def barcode(self, response: Response, looks: list[Look], others: list[str]) -> Iterator[Page | Request]:
        """Read the album of a barcode, or try the next way to print it."""
        (look,) = looks
        raw = read_answer(response.body)
        if raw is not None:
            album = read_album(raw)
            look.walk.page([album.id])
            if (album.upc or "").lstrip("0") != look.subject.strip().lstrip("0"):
                yield self.redirected(look, response, album.id)
            else:
                yield look.page([album], response, look.walk.ended())
        elif others:
            yield self.ask(looks, f"album/upc:{segment(others[0])}", self.barcode, others=others[1:])
        else:
            yield self.absent(look, response)

    def recording(self, response: Response, looks: list[Look]) -> Iterator[Page]:
        """Read one of the tracks that carry an ISRC; which one is up to Deezer."""
        (look,) = looks
        raw = read_answer(response.body)
        if raw is None:
            yield self.absent(look, response)
            return
        album = read_tracks_album(need(raw, "album", dict))
        track = read_track(raw, album.id)
        look.walk.page([track.id])
        if track.isrc is not None and track.isrc.upper() != look.subject.upper():
            yield self.redirected(look, response, track.id)
        else:
            yield look.page([album, track], response, look.walk.stopped("one of the tracks that may carry this ISRC"))

    def turn(
        self,
        response: Response,
        looks: list[Look],
        told: list[Any],
        total: int | None,
        link: str | None,
        callback: Any,
        at_most: int | None = None,
    ) -> Iterator[Page | Request]:
        """Say a page of a list, and follow its `next` or end the walk."""
        (look,) = looks
        going = look.walk.page([one.id for one in told], total=total, asked=PAGE, more=link is not None)
        if link is None or not going:
            yield look.page(told, response, look.walk.ended())
        elif look.walk.pages == at_most:
            yield look.page(told, response, look.walk.stopped(f"{at_most} pages are enough"))
        else:
            yield look.page(told, response)
            path = same_host(link, self.base).removeprefix(self.base).lstrip("/")
            look.walk.resume = path if callback == self.releases else None
            yield self.ask(looks, path, callback)

    def absent(self, look: Look, response: Response) -> Page:
        """Say that Deezer has no such thing."""
        look.walk.pages += 1
        return look.page([Absent(look.subject, "no data")], response, look.walk.absent())

    def redirected(self, look: Look, response: Response, got: str) -> Page:
        """Say that Deezer answered with another thing, which is not recorded as the one asked."""
        return look.page([Redirected(look.subject, got)], response, look.walk.withheld(f"answered with {got} instead"))

    def trouble_in(self, response: Response) -> Trouble | None:
        """Read the error object that an answer of any status may be."""
        if not response.body.lstrip()[:9].startswith(b'{"error"'):
            return super().trouble_in(response)
        return read_error(parse(response.body, "error")["error"])


def read_error(error: Any) -> Trouble | None:
    """Say what an error means; "no data" is an answer, and no trouble."""
    code = error.get("code") if isinstance(error, dict) else None
    message = f"error {code}: {error.get('message')}" if isinstance(error, dict) else f"error {error!r}"
    match code:
        case 800:  # "no data"
            return None
        case 4:
            return Throttled(message)
        case 700:
            return Unavailable(message)
        case 200 | 300:
            return Refused(message)
    return Misunderstood(message)


def read_answer(body: bytes) -> dict[str, Any] | None:
    """Return an answer's object, or None for "no data"."""
    raw = parse(body, "answer")
    if not raw.get("error"):
        return raw
    trouble = read_error(raw["error"])
    if trouble is not None:
        raise trouble
    return None


def read_list(raw: dict[str, Any] | None) -> tuple[list[dict[str, Any]], int | None, str | None]:
    """Return the rows of a page, the total that the list claims, and the link to the next page."""
    if raw is None:
        raise Misunderstood("a list was expected, got no data")
    return need(raw, "data", list), may(raw, "total", int), may(raw, "next", str) or None


def read_artist(raw: dict[str, Any], position: int | None = None) -> ProfileSeen:
    """Read an artist, full or as a search hit."""
    return ProfileSeen(
        id=identifier(raw),
        name=need(raw, "name", str),
        url=may(raw, "link", str),
        image_url=read_image(raw, "picture"),
        followers=may(raw, "nb_fan", int),
        release_count=may(raw, "nb_album", int),
        position=position,
    )


def read_listed(raw: dict[str, Any], listed_on: str) -> ReleaseSeen:
    """Read an album as a row of an artist's list."""
    return ReleaseSeen(
        id=identifier(raw),
        title=need(raw, "title", str),
        url=may(raw, "link", str),
        kind=need(raw, "record_type", str),
        date=need(raw, "release_date", str),
        cover_url=read_image(raw, "cover"),
        explicit=may(raw, "explicit_lyrics", bool),
        listed_on=listed_on,
    )


def read_tracks_album(raw: dict[str, Any]) -> ReleaseSeen:
    """Read the little that a track says about its album."""
    return ReleaseSeen(
        id=identifier(raw),
        title=need(raw, "title", str),
        url=may(raw, "link", str),
        date=may(raw, "release_date", str),
        cover_url=read_image(raw, "cover"),
    )


def read_album(raw: dict[str, Any]) -> ReleaseSeen:
    """Read a full album."""
    label, available = may(raw, "label", str), may(raw, "available", bool)
    genres = (may(raw, "genres", dict) or {}).get("data", ())
    return ReleaseSeen(
        id=identifier(raw),
        title=need(raw, "title", str),
        url=may(raw, "link", str),
        kind=need(raw, "record_type", str),
        date=need(raw, "release_date", str),
        upc=need(raw, "upc", str),
        cover_url=read_image(raw, "cover"),
        track_count=may(raw, "nb_tracks", int),
        explicit=may(raw, "explicit_lyrics", bool),
        genres=tuple(need(genre, "name", str) for genre in genres),
        lines=(LineSeen("label", label),) if label else (),
        credits=read_credits(raw),
        status=None if available is None else "available" if available else "unavailable",
    )


def read_track(raw: dict[str, Any], release_id: str) -> TrackSeen:
    """Read a track, as an album lists it or in full."""
    countries = may(raw, "available_countries", list)
    return TrackSeen(
        id=identifier(raw),
        title=need(raw, "title", str),
        release_id=release_id,
        version=may(raw, "title_version", str) or None,
        disc=may(raw, "disk_number", int),
        position=may(raw, "track_position", int),
        duration_ms=need(raw, "duration", int) * 1000,
        isrc=may(raw, "isrc", str) or None,
        explicit=may(raw, "explicit_lyrics", bool),
        url=may(raw, "link", str),
        credits=read_credits(raw),
        markets=None if countries is None else tuple(countries),
    )


def read_credits(raw: dict[str, Any]) -> tuple[CreditSeen, ...]:
    """Read who is credited: the contributors with their roles, or else the one artist."""
    people = may(raw, "contributors", list) or [need(raw, "artist", dict)]
    return tuple(
        CreditSeen(need(one, "name", str), identifier(one), (may(one, "role", str) or "main").lower()) for one in people
    )


def read_image(raw: dict[str, Any], key: str) -> str | None:
    """Return the largest picture's address; it may be empty or null."""
    return may(raw, f"{key}_xl", str) or may(raw, key, str) or None
