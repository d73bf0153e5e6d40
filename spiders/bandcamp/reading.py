"""Reading what Bandcamp's pages carry. A release's id is its address without the scheme, for only that can be asked."""

import re
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from spiders.base import reading as r
from spiders.base.errors import Misunderstood
from storage.observations import CreditSeen, LineSeen, ProfileSeen, ReleaseSeen, TrackSeen

HOST = "bandcamp.com"
BAND = r"[a-z0-9][a-z0-9-]{0,62}"
KINDS = ("album", "track")
LONGEST_S = 10_000_000
MOMENT = "%d %b %Y %H:%M:%S GMT"

Raw = dict[str, Any]


def band_of(url: str | None) -> str | None:
    """Return whose host an address is on; None for a domain of somebody's own."""
    try:
        host = (urlsplit(url or "").hostname or "").lower()
    except ValueError:
        return None
    name = host.removesuffix(f".{HOST}")
    return name if name != host and re.fullmatch(BAND, name) else None


def read_band(raw: Raw, asked: str) -> ProfileSeen:
    """Read whose page it is."""
    band = r.need(raw, "band", dict)
    name = r.may(band, "subdomain", str) or band_of(r.may(raw, "url", str)) or asked
    return ProfileSeen(
        id=name.lower(),
        name=r.need(band, "name", str),
        url=f"https://{name.lower()}.{HOST}",
        image_url=r.may(raw, "image", str) or None,
        owner="label" if r.may(band, "is_label", bool) else None,
    )


def read_row(raw: Raw, band: str) -> ReleaseSeen:
    """Read one of the releases that a band's page shows; a label's may stand on its artists' own pages."""
    id_, kind, artist = address(r.need(raw, "page_url", str), band), r.need(raw, "type", str), r.may(raw, "artist", str)
    if kind not in KINDS:
        raise Misunderstood(f"key 'type' should be one of {', '.join(KINDS)}, is {kind[:40]!r}")
    r.identifier(raw)
    return ReleaseSeen(
        id=id_,
        title=r.need(raw, "title", str),
        url=f"https://{id_}",
        kind=kind,
        cover_url=r.may(raw, "cover", str) or cover(r.may(raw, "art_id", int)),
        credits=(CreditSeen(artist),) if artist else None,
        listed_on=band,
    )


def address(printed: str, band: str) -> str:
    """Return a release's address without the scheme; on the band's own page it is printed without a host."""
    try:
        parts = urlsplit(printed)
    except ValueError:
        raise Misunderstood("key 'page_url' is no address") from None
    if not re.fullmatch(rf"/({'|'.join(KINDS)})/[^/]+", parts.path.rstrip("/")):
        raise Misunderstood(f"key 'page_url' leads to no release: {printed[:80]!r}")
    return f"{(parts.hostname or f'{band}.{HOST}').lower()}{parts.path.rstrip('/')}"


def read_release(raw: Raw, id_: str, listed_on: str | None = None) -> tuple[ReleaseSeen | TrackSeen, ...]:
    """Read a release with its tracks; a track on its own is a release of one."""
    thing, band, ld = r.need(raw, "thing", dict), r.need(raw, "band", dict), r.need(raw, "ld", dict)
    current, url = r.need(thing, "current", dict), r.may(thing, "url", str)
    tracks = r.need(thing, "trackinfo", list)
    credits = read_credits(thing, current, band, ld)
    kind, title = r.need(current, "type", str), r.need(current, "title", str)
    r.identifier(current)
    release = ReleaseSeen(
        id=address(url, id_.partition(".")[0]) if url else id_,
        title=title,
        url=url or f"https://{id_}",
        kind=kind,
        date=day(r.may(current, "release_date", str) or r.may(thing, "album_release_date", str)),
        upc=r.may(current, "upc", str) or None,
        cover_url=cover(r.may(thing, "art_id", int)),
        track_count=promised(r.may(raw, "about", str)) or len(tracks),
        lines=(LineSeen("label", credits[1].name),) if len(credits) > 1 else (),
        credits=credits,
        listed_on=listed_on,
        added=moment(r.may(current, "publish_date", str)),
        status="preorder" if r.may(thing, "is_preorder", bool) else None,
    )
    isrc = r.may(current, "isrc", str) or None if kind == "track" else None
    told = r.each(tracks, "track", lambda entry: read_track(entry, release, credits, isrc))
    return release, *told


def read_track(raw: Raw, release: ReleaseSeen, credits: tuple[CreditSeen, ...], isrc: str | None) -> TrackSeen:
    """Read one of a release's tracks; a length of nothing means that it can't be heard yet."""
    seconds, artist, link = seconds_of(raw), r.may(raw, "artist", str), r.may(raw, "title_link", str)
    host = release.id.partition("/")[0]
    return TrackSeen(
        id=r.identifier(raw, "track_id"),
        title=r.need(raw, "title", str),
        release_id=release.id,
        disc=1,
        position=r.may(raw, "track_num", int) or (1 if release.kind == "track" else None),
        duration_ms=round(seconds * 1000) if seconds else None,
        isrc=isrc,
        url=f"https://{host}{link}" if link and link.startswith("/") else None,
        credits=(CreditSeen(artist),) if artist else credits[:1],
    )


def seconds_of(raw: Raw) -> float:
    """Return a length in seconds, which is printed with or without decimals."""
    whole = isinstance(r.an_object(raw).get("duration"), int)
    seconds = (r.may(raw, "duration", int) if whole else r.may(raw, "duration", float)) or 0.0
    if not 0 <= seconds < LONGEST_S:  # JSON here may say NaN or Infinity, too
        raise Misunderstood("key 'duration' is no length of time")
    return seconds


def read_credits(thing: Raw, current: Raw, band: Raw, ld: Raw) -> tuple[CreditSeen, ...]:
    """Read who made it, and whose page it is on where that is somebody else: a label, or whoever uploaded it."""
    owner = r.need(band, "name", str)
    name = r.may(current, "artist", str) or r.may(thing, "artist", str) or owner
    by, publisher = r.may(ld, "byArtist", dict) or {}, r.may(ld, "publisher", dict) or {}
    made, held = band_of(r.may(by, "@id", str)), band_of(r.may(publisher, "@id", str) or r.may(thing, "url", str))
    if name == owner:
        return (CreditSeen(name, held),)
    return CreditSeen(name, made if made != held else None), CreditSeen(owner, held, "uploader")


def day(printed: str | None) -> str | None:
    """Return a day as everybody else prints it; what is no day of Bandcamp's stays as it is."""
    said = moment(printed)
    return said[:10] if said != printed and said else printed


def moment(printed: str | None) -> str | None:
    """Return a moment as everybody else prints it; what is no moment of Bandcamp's stays as it is."""
    try:
        return None if printed is None else datetime.strptime(printed, MOMENT).strftime("%Y-%m-%dT%H:%M:%SZ")  # noqa: DTZ007
    except ValueError:
        return printed


def promised(about: str | None) -> int | None:
    """Return how many tracks a page says that an album has."""
    found = re.fullmatch(r"\s*(\d{1,5}) track album\s*", about or "")
    return int(found[1]) if found else None


def cover(art_id: int | None) -> str | None:
    """Return a cover's address."""
    return None if art_id is None else f"https://f4.bcbits.com/img/a{art_id:010}_10.jpg"
