"""What reference sources say of pages and releases: evidence with source and date, never a verdict. Reads only."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from sqlalchemy import Connection, or_, select

from storage.facts.values import Page, Referred, Shown
from storage.models import artist, grouped_release, listing, profile, profile_link, release, standing


def said_of(connection: Connection, artist_id: int, found: Sequence[Page]) -> tuple[Referred, ...]:
    """Say whose pages these are: the artist's (anchored) or somebody else's (elsewhere)."""
    forms = {form for page in found if page.url for form in url_forms(page.url)}
    if not forms:
        return ()
    mbid = connection.scalar(select(artist.c.mbid).where(artist.c.id == artist_id))
    rows = connection.execute(
        select(profile.c.platform, profile.c.platform_id, profile.c.name, profile_link.c.last_seen_at)
        .join(profile, profile.c.id == profile_link.c.profile_id)
        .where(profile_link.c.url.in_(sorted(forms)), ~profile_link.c.ended)
        .order_by(profile_link.c.id)
    )
    return tuple(
        Referred(row.platform, "anchored" if row.platform_id == mbid else "elsewhere", row.name, row.last_seen_at)
        for row in rows
    )


def listed_by(connection: Connection, artist_id: int, one: Shown, references: frozenset[str]) -> tuple[Referred, ...]:
    """Say which references list a release among the artist's own: by its group, or by a barcode it carries."""
    if not references:
        return ()
    same_group = select(grouped_release.c.release_id).where(grouped_release.c.group_id == one.group_id)
    which = or_(release.c.id.in_(same_group), release.c.gtin14.in_(sorted(one.gtins)))
    rows = connection.execute(
        select(release.c.platform, release.c.title, listing.c.last_seen_at)
        .join(listing, listing.c.release_id == release.c.id)
        .join(standing, standing.c.profile_id == listing.c.profile_id)
        .where(
            release.c.platform.in_(sorted(references)),
            which,
            standing.c.artist_id == artist_id,
            standing.c.standing == "official",
            listing.c.removed_at.is_(None),
        )
        .order_by(release.c.id)
    )
    return tuple(Referred(row.platform, "lists", row.title, row.last_seen_at) for row in rows)


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
