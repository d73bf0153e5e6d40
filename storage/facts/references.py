"""What reference sources say of pages and releases: evidence with source and date, never a verdict. Reads only."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Connection, bindparam, func, select

from storage.facts.values import Page, Referred, Shown
from storage.models import artist, grouped_release, listing, profile, profile_link, release, standing, target
from storage.sets import several
from storage.targets import Ask

MUSICBRAINZ, MBID_PAGE = "musicbrainz", "https://musicbrainz.org/artist/"

# Statements are built once: building one costs more than running it.
_ENTRIES = (
    select(
        release.c.platform,
        release.c.title,
        listing.c.last_seen_at,
        grouped_release.c.group_id,
        release.c.gtin14,
    )
    .join(listing, listing.c.release_id == release.c.id)
    .join(standing, standing.c.profile_id == listing.c.profile_id)
    .outerjoin(grouped_release, grouped_release.c.release_id == release.c.id)
    .where(
        release.c.platform.in_(several("references")),
        standing.c.artist_id == bindparam("artist"),
        standing.c.standing == "official",
        listing.c.removed_at.is_(None),
    )
    .order_by(release.c.id)
)
_LINKING = (
    select(profile.c.id, profile.c.platform, profile.c.platform_id, profile.c.name, profile_link.c.last_seen_at)
    .join(profile, profile.c.id == profile_link.c.profile_id)
    .where(
        profile_link.c.url.in_(several("forms")),
        ~profile_link.c.ended,
        profile_link.c.gone_at.is_(None),
        profile.c.platform.in_(several("references")),
    )
    .order_by(profile_link.c.id)
)
_UNANCHORED = (
    select(target.c.platform, func.max(target.c.last_look_at).label("at"))
    .where(
        target.c.platform.in_(several("references")),
        target.c.ask == Ask.IDENTITY.value,
        target.c.subject.in_(several("forms")),
        target.c.last_outcome == "absent",
    )
    .group_by(target.c.platform)
    .order_by(target.c.platform)
)


def said_of(
    connection: Connection, artist_id: int, found: Sequence[Page], references: frozenset[str]
) -> tuple[Referred, ...]:
    """Say whose pages these are: the artist's (anchored), somebody else's (elsewhere), or nobody's (unanchored).

    An entry is the artist's by its MBID, which a source with ids of its own may name, or by being official. Where it is
    not known which entry of a source is the artist's, another one says nothing.
    """
    forms = {form for page in found if page.url for form in url_forms(page.url)}
    if not forms or not references:
        return ()
    rows = connection.execute(_LINKING, {"forms": sorted(forms), "references": sorted(references)}).all()
    said = list(_said(connection, artist_id, rows)) if rows else []
    return (*said, *_unanchored(connection, forms, references - {one.source for one in said}))


def _said(connection: Connection, artist_id: int, entries: Sequence[Any]) -> Iterator[Referred]:
    """Say whose the entries are that link the pages."""
    mbid = connection.scalar(select(artist.c.mbid).where(artist.c.id == artist_id))
    official = (
        select(profile.c.platform, profile.c.platform_id, profile.c.id)
        .join(standing, standing.c.profile_id == profile.c.id)
        .where(standing.c.artist_id == artist_id, standing.c.standing == "official")
    )
    own = connection.execute(official).all()
    ours = {row.id: row.platform for row in own}
    known = {row.platform_id for row in own if row.platform == MUSICBRAINZ} | ({mbid} - {None})
    named = _mbids(connection, [row.id for row in entries])
    for row in entries:
        mbids = {row.platform_id} if row.platform == MUSICBRAINZ else named.get(row.id, set())
        if row.id in ours or known & mbids:
            says = "anchored"
        elif (known and mbids) or row.platform in ours.values():
            says = "elsewhere"
        else:
            continue
        yield Referred(row.platform, says, row.name, row.last_seen_at)


def _mbids(connection: Connection, entries: Sequence[int]) -> dict[int, set[str]]:
    """Map entries of a source to the MBIDs that they name."""
    named: dict[int, set[str]] = {}
    rows = connection.execute(
        select(profile_link.c.profile_id, profile_link.c.url).where(
            profile_link.c.profile_id.in_(entries),
            profile_link.c.url.like(f"{MBID_PAGE}%"),
            ~profile_link.c.ended,
            profile_link.c.gone_at.is_(None),
        )
    )
    for row in rows:
        named.setdefault(row.profile_id, set()).add(row.url.removeprefix(MBID_PAGE).strip("/"))
    return named


def _unanchored(connection: Connection, forms: set[str], references: frozenset[str]) -> list[Referred]:
    """Say which sources were asked whose pages these are, and knew nobody."""
    if not references:
        return []
    rows = connection.execute(_UNANCHORED, {"forms": sorted(forms), "references": sorted(references)})
    return [Referred(row.platform, "unanchored", "", row.at) for row in rows]


@dataclass(frozen=True, slots=True)
class Entry:
    """A release that a reference source lists among the artist's own."""

    source: str
    title: str
    seen_at: datetime
    group: int | None
    gtin: str | None


def entries(connection: Connection, artist_id: int, references: frozenset[str]) -> tuple[Entry, ...]:
    """List what reference sources show on the artist's own entries."""
    if not references:
        return ()
    rows = connection.execute(_ENTRIES, {"references": sorted(references), "artist": artist_id})
    return tuple(Entry(*row) for row in rows.all())


def listed_by(referred: Iterable[Entry], one: Shown) -> tuple[Referred, ...]:
    """Say which references list a release among the artist's own: by its group, or by a barcode it carries."""
    same = (entry for entry in referred if entry.group == one.group_id or entry.gtin in one.gtins)
    return tuple(Referred(entry.source, "lists", entry.title, entry.seen_at) for entry in same)


def url_forms(url: str) -> set[str]:
    """Write a page's address in the ways in which it is usually given."""
    try:
        parts = urlsplit(url)
    except ValueError:  # a platform may print any text where an address should stand: a broken IPv6 one, say
        return {url}
    host = (parts.hostname or "").removeprefix("www.")
    path = parts.path.rstrip("/")
    return {
        f"{scheme}://{www}{host}{path}{end}"
        for scheme in ("https", "http")
        for www in ("", "www.")
        for end in ("", "/")
    }
