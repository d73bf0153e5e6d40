"""Deezer: public catalogue API, no key.

https://developers.deezer.com/api
- Errors arrive as HTTP 200 with an "error" object: code 4 is "too fast" (a sliding window of 50 calls per 5 s and
  address, whoever makes them), 800 "no such thing here", 700 "busy". An unknown path is a 404 whose error is a string.
- Lists end where `next` is missing: a page may be short although more follows, and `total` may promise more than comes.
- A profile's list is grouped by kind and only nearly newest first, so it is always read whole.
- The caller's address decides the country: an album may come back as its regional alternative, under another id.
- Barcodes match as strings, mostly with 12 digits; an ISRC finds one of the tracks that share it.
- `explicit_lyrics: false` may mean "nobody said": the content code tells. `readable: false` means "not playable here",
  nothing more. There are no P- and C-lines, composers or AI disclosures.
"""

from collections.abc import Mapping
from typing import Any, ClassVar

from scrapy.http import Request

from spiders.base import reading as r
from spiders.base.crawled import CrawledPlatform, Listing, Look, segment
from spiders.base.errors import Misunderstood, Refused, Throttled, Trouble, Unavailable, legible
from spiders.base.trouble import error_of
from storage.limits import Limit
from storage.observations import CreditSeen, LineSeen, Observation, ProfileSeen, ReleaseSeen, TrackSeen
from storage.targets import Ask

PAGE = {"limit": 100}
SEARCH_PAGES = 3  # a listener looks no further
SAID = frozenset({0, 1, 3, 4})  # content codes by which somebody said what is explicit; the others mean "unknown"
Raw = Mapping[str, Any]


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
        (look,) = looks
        subject = segment(look.subject)
        match look.target.ask:
            case Ask.SEARCH:
                return self.list(look, "search/artist", read_artist, {"q": look.subject, **PAGE}, at_most=SEARCH_PAGES)
            case Ask.PROFILE:
                return self.one(look, f"artist/{subject}", read_artist)
            case Ask.RELEASES:
                return self.list(look, f"artist/{subject}/albums", read_listed, PAGE, resumes=True)
            case Ask.RELEASE:
                tracks = (f"album/{subject}/tracks", read_track, PAGE)
                return self.one(look, f"album/{subject}", read_album, then=tracks)
            case Ask.UPC:
                forms = [f"album/upc:{segment(form)}" for form in r.barcode_forms(look.subject)]
                return self.one(look, forms, read_album, by="upc")
            case Ask.ISRC:
                return self.one(look, f"track/isrc:{subject}", read_recording, by="isrc", of_several=True)
        raise Misunderstood(f"{self.name} can't be asked by {look.target.ask}")

    def answer(self, body: bytes) -> dict[str, Any] | None:
        """Return an answer's object, or None for "no data", which is an answer and no trouble."""
        raw = r.parse(body, "answer")
        if (trouble := read_error(raw.get("error"))) is not None:
            raise trouble
        return None if raw.get("error") else raw

    def listing(self, raw: Raw) -> Listing:
        """Read a page of a list."""
        return Listing(r.need(raw, "data", list), r.may(raw, "total", int), r.may(raw, "next", str) or None)

    def refusal(self, status: int, body: bytes) -> Trouble | None:
        """Read the error object that an answer of any status may be."""
        return read_error(error_of(body)[0]) if b'"error"' in body else None


def read_error(error: object) -> Trouble | None:
    """Say what an error means; "no data" is an answer, and no trouble."""
    code = error.get("code") if isinstance(error, dict) else None
    words = error.get("message") if isinstance(error, dict) else error
    message = f"error {legible(str(words))}" if code is None else f"error {legible(str(code))}: {legible(str(words))}"
    match code:
        case None if not error:
            return None
        case 800:
            return None
        case 4:
            return Throttled(message)
        case 700:
            return Unavailable(message)
        case 200 | 300:
            return Refused(message)
    return Misunderstood(message)


def read_artist(raw: Raw, look: Look) -> ProfileSeen:
    """Read an artist, full or as a search hit."""
    return ProfileSeen(
        id=r.identifier(raw),
        name=r.need(raw, "name", str),
        url=r.may(raw, "link", str),
        image_url=read_image(raw, "picture"),
        followers=r.may(raw, "nb_fan", int),
        release_count=r.may(raw, "nb_album", int),
    )


def read_small(raw: Raw, **more: Any) -> ReleaseSeen:
    """Read what every rendering of an album says."""
    return ReleaseSeen(
        id=r.identifier(raw),
        title=r.need(raw, "title", str),
        url=r.may(raw, "link", str),
        cover_url=read_image(raw, "cover"),
        **more,
    )


def read_listed(raw: Raw, look: Look) -> ReleaseSeen:
    """Read an album as a row of an artist's list."""
    return read_small(
        raw,
        kind=r.need(raw, "record_type", str),
        date=r.need(raw, "release_date", str),
        explicit=read_explicit(raw),
        listed_on=look.subject,
    )


def read_album(raw: Raw, look: Look) -> ReleaseSeen:
    """Read a full album."""
    label, available = r.may(raw, "label", str), r.may(raw, "available", bool)
    genres = r.may(r.may(raw, "genres", dict) or {}, "data", list) or ()
    return read_small(
        raw,
        kind=r.need(raw, "record_type", str),
        date=r.need(raw, "release_date", str),
        upc=r.need(raw, "upc", str),
        track_count=r.may(raw, "nb_tracks", int),
        explicit=read_explicit(raw),
        genres=r.each(genres, "genre", lambda genre: r.need(genre, "name", str)),
        lines=(LineSeen("label", label),) if label else (),
        credits=read_credits(raw),
        status=None if available is None else "available" if available else "unavailable",
    )


def read_track(raw: Raw, look: Look, release_id: str = "") -> TrackSeen:
    """Read a track, as an album lists it or in full."""
    return TrackSeen(
        id=r.identifier(raw),
        title=r.need(raw, "title", str),
        release_id=release_id or look.subject,
        version=r.may(raw, "title_version", str) or None,
        disc=r.may(raw, "disk_number", int),
        position=r.may(raw, "track_position", int),
        duration_ms=r.need(raw, "duration", int) * 1000,
        isrc=r.may(raw, "isrc", str) or None,
        explicit=read_explicit(raw),
        url=r.may(raw, "link", str),
        credits=read_credits(raw),
        markets=r.words(raw, "available_countries"),
    )


def read_recording(raw: Raw, look: Look) -> tuple[Observation, ...]:
    """Read one of the tracks that carry an ISRC, and the little it says about its album."""
    album = r.need(raw, "album", dict)
    small = read_small(album, date=r.may(album, "release_date", str))
    return read_track(raw, look, small.id), small


def read_credits(raw: Raw) -> tuple[CreditSeen, ...]:
    """Read who is credited: the contributors with their roles, or else the one artist."""
    return r.each(r.may(raw, "contributors", list) or [r.need(raw, "artist", dict)], "credit", read_credit)


def read_credit(raw: Raw) -> CreditSeen:
    """Read one of those who are credited."""
    return CreditSeen(r.need(raw, "name", str), r.identifier(raw), (r.may(raw, "role", str) or "main").lower())


def read_explicit(raw: Raw) -> bool | None:
    """Read whether it is explicit, where somebody said so: "no" under a code that means "unknown" is none."""
    said, code = r.may(raw, "explicit_lyrics", bool), r.may(raw, "explicit_content_lyrics", int)
    return None if said is False and code is not None and code not in SAID else said


def read_image(raw: Raw, key: str) -> str | None:
    """Return the largest picture's address; it may be empty or null."""
    return r.may(raw, f"{key}_xl", str) or r.may(raw, key, str) or None
