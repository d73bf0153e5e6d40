"""TIDAL's documents, read: JSON:API resources and what they name. Pure."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from spiders.base.errors import Misunderstood, legible
from spiders.base.reading import duration_ms, each, identifier, may, need
from spiders.base.walk import Walk
from storage.observations import (
    AiSeen,
    CreditSeen,
    LineSeen,
    Observation,
    ProfileSeen,
    ProviderSeen,
    ReleaseSeen,
    TrackSeen,
)

SITE = "https://tidal.com"
SYMBOLS = re.compile(r"\s*(?:(?P<p>℗|\([Pp]\))|(?P<c>©|\([Cc]\)))")

Raw = dict[str, Any]
Rows = tuple[Observation, ...]
Read = Callable[["Included", Raw], Rows]


@dataclass(slots=True)
class Included:
    """What a document tells of the resources that it names, by type and id."""

    held: dict[tuple[str, str], Raw]

    def __init__(self, walk: Walk, raw: Raw) -> None:
        """Read the list of included resources; an odd one is noted."""
        entries = may(raw, "included", list) or []
        rows = walk.read_rows(entries, "included", lambda entry: (need(entry, "type", str), identifier(entry), entry))
        self.held = {(kind, id_): entry for kind, id_, entry in rows}
        walk.entries -= len(entries)  # they are no rows of the list

    def of(self, raw: Raw) -> Raw:
        """Return the resource that an identifier names, or raise Misunderstood where it was not told."""
        kind, id_ = need(raw, "type", str), identifier(raw)
        found = self.held.get((kind, id_))
        if found is None:
            raise Misunderstood(f"{kind} {legible(id_)} is listed and not told")
        return found

    def related(self, raw: Raw, name: str) -> list[Raw] | None:
        """Return the identifiers of a relationship; None where it was not asked for."""
        relations = may(raw, "relationships", dict) or {}
        data = (may(relations, name, dict) or {}).get("data")
        if isinstance(data, dict):
            return [data]
        return need(relations[name], "data", list) if data is not None else None


def read_artist(included: Included, raw: Raw, position: int | None = None) -> ProfileSeen:
    """Read an artist, in full or as a search hit."""
    said, id_ = need(raw, "attributes", dict), identifier(raw)
    owner, providers = may(said, "ownerType", str), included.related(raw, "trackProviders")
    return ProfileSeen(
        id=id_,
        name=need(said, "name", str),
        url=f"{SITE}/artist/{id_}",
        image_url=read_picture(included, raw, "profileArt"),
        owner=owner and owner.lower(),
        providers=None if providers is None else each(providers, "provider", lambda p: read_share(included, p)),
        position=position,
    )


def read_share(included: Included, raw: Raw) -> ProviderSeen:
    """Read who delivered tracks of an artist, and how many."""
    return ProviderSeen(read_named(included.of(raw), "name"), may(may(raw, "meta", dict) or {}, "numberOfTracks", int))


def read_album(included: Included, raw: Raw, listed_on: str | None = None) -> ReleaseSeen:
    """Read an album, as a list's row or in full."""
    said, id_ = need(raw, "attributes", dict), identifier(raw)
    kind, access = may(said, "albumType", str) or may(said, "type", str), may(said, "accessType", str)
    genres = included.related(raw, "genres")
    title, version = need(said, "title", str), may(said, "version", str)
    return ReleaseSeen(
        id=id_,
        title=title if not version or version in title else f"{title} ({version})",
        url=f"{SITE}/album/{id_}",
        kind=kind and kind.lower(),
        date=may(said, "releaseDate", str),
        upc=may(said, "barcodeId", str) or None,
        cover_url=read_picture(included, raw, "coverArt"),
        track_count=may(said, "numberOfItems", int),
        explicit=may(said, "explicit", bool),
        genres=None if genres is None else each(genres, "genre", lambda g: read_named(included.of(g), "genreName")),
        lines=read_lines(included, raw, said),
        credits=read_credits(included, raw),
        ai=read_ai(said),
        listed_on=listed_on,
        added=may(said, "createdAt", str),
        status=None if access in (None, "PUBLIC") else access.lower(),
    )


def read_listed(artist_id: str) -> Read:
    """Return the reader of an artist's list of albums."""
    return lambda included, raw: (read_album(included, included.of(raw), artist_id),)


def read_track(included: Included, raw: Raw, release_id: str, place: Raw) -> TrackSeen:
    """Read a track, or a video that stands among an album's items; `place` says where it stands."""
    said, id_, kind = need(raw, "attributes", dict), identifier(raw), need(raw, "type", str)
    return TrackSeen(
        id=id_,
        title=need(said, "title", str),
        release_id=release_id,
        version=may(said, "version", str) or ("video" if kind == "videos" else None),
        disc=may(place, "volumeNumber", int),
        position=may(place, "trackNumber", int),
        duration_ms=duration_ms(said, "duration"),
        isrc=may(said, "isrc", str) or None,
        explicit=may(said, "explicit", bool),
        url=f"{SITE}/{kind.removesuffix('s')}/{id_}",
        credits=read_credits(included, raw),
        ai=read_ai(said),
    )


def read_item(release_id: str) -> Read:
    """Return the reader of an album's items."""
    return lambda included, raw: (read_track(included, included.of(raw), release_id, may(raw, "meta", dict) or {}),)


def read_recording(included: Included, raw: Raw) -> Rows:
    """Read one of the tracks that carry an ISRC, on each of the albums that it stands on."""
    albums = included.related(raw, "albums") or []
    told = each(albums, "album", lambda album: read_album(included, included.of(album)))
    if not told:
        raise Misunderstood(f"track {legible(identifier(raw))} stands on no album that was told")
    return (*(read_track(included, raw, album.id, {}) for album in told), *told)


def read_credits(included: Included, raw: Raw) -> tuple[CreditSeen, ...] | None:
    """Read who is credited, in the order printed."""
    artists = included.related(raw, "artists")
    if artists is None:
        return None
    return each(artists, "credit", lambda one: CreditSeen(read_named(included.of(one), "name"), identifier(one)))


def read_lines(included: Included, raw: Raw, said: Raw) -> tuple[LineSeen, ...] | None:
    """Read the copyright's line, by its symbol, and who delivered."""
    copyright_, providers = said.get("copyright"), included.related(raw, "providers")
    text = may(copyright_, "text", str) if isinstance(copyright_, dict) else may(said, "copyright", str)
    lines = () if not text else (LineSeen(_symbol(text), text),)
    if providers is None:
        return lines or None
    named = each(providers, "provider", lambda one: LineSeen("provider", read_named(included.of(one), "name")))
    return (*lines, *named)


def read_ai(said: Raw) -> AiSeen | None:
    """Read the AI flag; none is no declaration."""
    flag = may(said, "ai", bool)
    return None if flag is None else AiSeen("ai", "yes" if flag else "no")


def read_named(resource: Raw, key: str) -> str:
    """Read a resource's name."""
    return need(need(resource, "attributes", dict), key, str)


def read_picture(included: Included, raw: Raw, name: str) -> str | None:
    """Return the address of a picture's widest file; a picture that was named and not told is none."""
    named = included.related(raw, name) or []
    told = [included.held[key] for one in named if (key := (need(one, "type", str), identifier(one))) in included.held]
    files = [file for art in told for file in may(need(art, "attributes", dict), "files", list) or []]
    sized = [(may(may(file, "meta", dict) or {}, "width", int) or 0, need(file, "href", str)) for file in files]
    return max(sized)[1] if sized else None


def one_of(raw: Raw) -> Raw:
    """Return the one result of a search; it came as a list of one since August 2026, and bare before."""
    data = raw.get("data")
    if isinstance(data, list) and len(data) == 1 and isinstance(data[0], dict):
        return data[0]
    return need(raw, "data", dict)


def next_of(holder: Raw) -> str | None:
    """Return the link to the next page."""
    return may(may(holder, "links", dict) or {}, "next", str) or None


def _symbol(text: str) -> str:
    """Say which line a copyright's text is: by its symbol, and without one it is what its field is called."""
    found = SYMBOLS.match(text)
    return "p" if found is not None and found["p"] else "c"
