"""What Spotify's JSON says, as observations. Pure: nothing here asks, cleans or judges."""

from dataclasses import dataclass
from typing import Any

from spiders.base.errors import Misunderstood
from spiders.base.reading import an_object, each, identifier, may, need, words
from storage.observations import CreditSeen, LineSeen, ProfileSeen, Redirected, ReleaseSeen, TrackSeen

Raw = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of a list: its entries, some of which may be null, and what the list says about itself."""

    rows: list[Any]
    total: int
    offset: int
    step: int
    next: str | None


def read_listing(raw: Raw) -> Listing:
    """Read a paging object; `limit` is what the platform really applied."""
    step = need(raw, "limit", int)
    if step < 1:
        raise Misunderstood(f"a page of {step} entries")
    if "next" not in raw:
        raise Misunderstood("mandatory key 'next' is missing")
    return Listing(
        rows=need(raw, "items", list),
        total=need(raw, "total", int),
        offset=need(raw, "offset", int),
        step=step,
        next=may(raw, "next", str),
    )


def read_artist(raw: Raw, position: int | None = None) -> ProfileSeen:
    """Read an artist, from a search or as the thing asked."""
    return ProfileSeen(
        id=identifier(raw),
        name=need(raw, "name", str),
        url=_page(raw),
        image_url=_widest(raw),
        followers=may(may(raw, "followers", dict) or {}, "total", int),
        genres=words(raw, "genres"),
        position=position,
    )


def read_album(raw: Raw, listed_on: str | None = None, section: str = "") -> ReleaseSeen:
    """Read an album as a row of a list or as its full record; a taken-down one has an empty name."""
    if "release_date" not in an_object(raw):
        raise Misunderstood("mandatory key 'release_date' is missing")
    return ReleaseSeen(
        id=identifier(raw),
        title=need(raw, "name", str),
        url=_page(raw),
        kind=need(raw, "album_type", str),
        date=may(raw, "release_date", str),
        upc=_external(raw, "upc", "ean"),
        cover_url=_widest(raw),
        track_count=may(raw, "total_tracks", int),
        genres=words(raw, "genres") or None,  # documented as always empty
        lines=_lines(raw),
        credits=_credits(raw),
        markets=words(raw, "available_markets"),
        listed_on=listed_on,
        section=section,
        status=_status(raw),
    )


def read_track(raw: Raw, release_id: str) -> TrackSeen:
    """Read a track; "explicit": false means "no or unknown", so that only true says anything."""
    return TrackSeen(
        id=identifier(raw),
        title=need(raw, "name", str),
        release_id=release_id,
        disc=may(raw, "disc_number", int),
        position=may(raw, "track_number", int),
        duration_ms=need(raw, "duration_ms", int),
        isrc=_external(raw, "isrc"),
        explicit=may(raw, "explicit", bool) or None,
        url=_page(raw),
        credits=_credits(raw),
        markets=words(raw, "available_markets"),
    )


def read_relinked(raw: Raw) -> tuple[Redirected, ...]:
    """Read which track of the album this one stands in for, in the market that was asked."""
    linked = may(raw, "linked_from", dict)
    asked = identifier(linked) if linked else identifier(raw)
    return () if asked == identifier(raw) else (Redirected(asked, identifier(raw)),)


def holds_name(album: ReleaseSeen, name: str) -> bool:
    """Tell whether an album's title holds a name that nobody bears to whom it is credited."""
    wanted = name.casefold()
    return wanted in album.title.casefold() and all(c.name.casefold() != wanted for c in album.credits or ())


def _page(raw: Raw) -> str | None:
    return may(may(raw, "external_urls", dict) or {}, "spotify", str)


def _widest(raw: Raw) -> str | None:
    images = may(raw, "images", list)
    return need(images[0], "url", str) if images else None


def _external(raw: Raw, *kinds: str) -> str | None:
    ids = may(raw, "external_ids", dict) or {}
    return next((code for kind in kinds if (code := may(ids, kind, str))), None)


def _credits(raw: Raw) -> tuple[CreditSeen, ...]:
    artists = need(raw, "artists", list)
    return each(artists, "credit", lambda artist: CreditSeen(need(artist, "name", str), identifier(artist)))


def _lines(raw: Raw) -> tuple[LineSeen, ...] | None:
    copyrights, label = may(raw, "copyrights", list), may(raw, "label", str)
    if copyrights is None and label is None:
        return None
    named = (LineSeen("label", label),) if label else ()
    return (*named, *each(copyrights or [], "line", _line))


def _line(raw: Raw) -> LineSeen:
    kind = need(raw, "type", str).lower()
    if kind not in ("c", "p"):
        raise Misunderstood(f"a copyright line of type {kind[:40]!r}")
    return LineSeen(kind, need(raw, "text", str))


def _status(raw: Raw) -> str | None:
    reason = may(may(raw, "restrictions", dict) or {}, "reason", str)
    if not raw["name"]:
        return "taken down"
    return f"restricted: {reason}" if reason else None
