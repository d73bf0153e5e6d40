"""Apple Music's resources, read. Pure."""

import re
from typing import Any

from spiders.base.errors import Misunderstood
from spiders.base.reading import each, identifier, may, need, words
from storage.observations import CreditSeen, LineSeen, Observation, ProfileSeen, ReleaseSeen, TrackSeen

Raw = dict[str, Any]
Rows = tuple[Observation, ...]
SYMBOLS = re.compile(r"\s*(?:(?P<p>℗|\([Pp]\))|(?P<c>©|\([Cc]\)))")
PICTURE = 1000  # pixels, in the place of an address' {w}x{h}


def read_artist(raw: Raw, position: int | None = None) -> ProfileSeen:
    """Read an artist."""
    said = need(raw, "attributes", dict)
    return ProfileSeen(
        id=identifier(raw),
        name=need(said, "name", str),
        url=may(said, "url", str),
        image_url=read_picture(said),
        genres=words(said, "genreNames"),
        position=position,
    )


def read_album(raw: Raw, listed_on: str | None = None, section: str = "") -> ReleaseSeen:
    """Read an album, as a list's row or in full."""
    said = need(raw, "attributes", dict)
    label, line = may(said, "recordLabel", str), may(said, "copyright", str)
    lines = (*((LineSeen("label", label),) if label else ()), *((LineSeen(symbol_of(line), line),) if line else ()))
    return ReleaseSeen(
        id=identifier(raw),
        title=need(said, "name", str),
        url=may(said, "url", str),
        kind=read_kind(said),
        date=may(said, "releaseDate", str),
        upc=may(said, "upc", str) or None,
        cover_url=read_picture(said),
        track_count=may(said, "trackCount", int),
        explicit=read_rating(said),
        genres=words(said, "genreNames"),
        lines=lines or None,
        credits=read_credits(raw, said),
        listed_on=listed_on,
        section=section,
        status="pre-release" if may(said, "isPrerelease", bool) else None,
    )


def read_song(raw: Raw, release_id: str) -> TrackSeen:
    """Read a song, or a music video that stands among an album's tracks."""
    said = need(raw, "attributes", dict)
    composer = may(said, "composerName", str)
    credits = read_credits(raw, said)
    return TrackSeen(
        id=identifier(raw),
        title=need(said, "name", str),
        release_id=release_id,
        version="video" if may(raw, "type", str) == "music-videos" else None,
        disc=may(said, "discNumber", int),
        position=may(said, "trackNumber", int),
        duration_ms=may(said, "durationInMillis", int),
        isrc=may(said, "isrc", str) or None,
        explicit=read_rating(said),
        url=may(said, "url", str),
        credits=(*credits, CreditSeen(composer, None, "composer")) if composer else credits,
    )


def read_recording(raw: Raw) -> Rows:
    """Read one of the songs that carry an ISRC, on each of the albums that it stands on."""
    albums = related(raw, "albums") or []
    told = each(albums, "album", read_album)
    if not told:
        raise Misunderstood("a song stands on no album that was told")
    return (*(read_song(raw, album.id) for album in told), *told)


def read_credits(raw: Raw, said: Raw) -> tuple[CreditSeen, ...]:
    """Read who is credited: the artists where they were included, or else the one name as printed."""
    printed = need(said, "artistName", str)
    artists = related(raw, "artists") or []
    if any("attributes" in one for one in artists if isinstance(one, dict)):
        read = each(artists, "credit", lambda one: (need(need(one, "attributes", dict), "name", str), identifier(one)))
        return tuple(CreditSeen(name, id_) for name, id_ in read)
    alone = identifier(artists[0]) if len(artists) == 1 and isinstance(artists[0], dict) else None
    return (CreditSeen(printed, alone),)


def related(raw: Raw, name: str) -> list[Any] | None:
    """Return a relationship's resources; None where it was not told."""
    holder = may(may(raw, "relationships", dict) or {}, name, dict)
    return None if holder is None else may(holder, "data", list)


def read_kind(said: Raw) -> str:
    """Say which kind of album it is: flags tell singles and compilations, a suffix of the name tells EPs."""
    if may(said, "isSingle", bool):
        return "single"
    if may(said, "isCompilation", bool):
        return "compilation"
    return "ep" if need(said, "name", str).endswith(" - EP") else "album"


def read_rating(said: Raw) -> bool | None:
    """Read the rating; where there is none, it may be clean or not be known."""
    rating = may(said, "contentRating", str)
    return None if rating is None else rating == "explicit"


def read_picture(said: Raw) -> str | None:
    """Return the address of the picture in one size."""
    template = may(may(said, "artwork", dict) or {}, "url", str)
    return template and template.replace("{w}", str(PICTURE)).replace("{h}", str(PICTURE))


def symbol_of(line: str) -> str:
    """Say which line a copyright's text is: by its symbol, and without one it is what its field is called."""
    found = SYMBOLS.match(line)
    return "p" if found is not None and found["p"] else "c"
