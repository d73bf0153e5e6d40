"""What Deezer's answers say: pure readers, one for each shape. Ids and ranks come as numbers or as text."""

from typing import Any

from spiders.errors import Misunderstood, Refused, Throttled, Trouble, Unavailable
from spiders.reading import identifier, may, need, parse
from storage.observations import CreditSeen, LineSeen, ProfileSeen, ReleaseSeen, TrackSeen


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
