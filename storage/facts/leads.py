"""What answers, cases and reference sources point at: where to look next, and whose page something is. Reads only."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, select

from storage.facts.references import MUSICBRAINZ, url_forms
from storage.models import artist, listing, profile, profile_link, release, standing, target
from storage.sets import ROWS_A_STATEMENT, batched
from storage.targets import Ask


@dataclass(frozen=True, slots=True)
class Page:
    """A profile, and (where asked for) what it is to an artist."""

    artist_id: int
    artist: str
    platform: str
    profile_id: str
    name: str
    standing: str
    reason: str


def first_shown(connection: Connection, listing_ids: Collection[int]) -> list[tuple[str, bool]]:
    """List (release id of the platform, whether it came after the baseline) for these listings."""
    shown: list[tuple[str, bool]] = []
    for part in batched(list(listing_ids), ROWS_A_STATEMENT):
        rows = connection.execute(
            select(release.c.platform_id, listing.c.new)
            .join(listing, listing.c.release_id == release.c.id)
            .where(listing.c.id.in_(part))
        )
        shown += [(row.platform_id, row.new) for row in rows]
    return shown


def page_of(connection: Connection, platform: str, profile_id: str) -> tuple[int, str] | None:
    """Find a profile's row id and name."""
    row = connection.execute(
        select(profile.c.id, profile.c.name).where(profile.c.platform == platform, profile.c.platform_id == profile_id)
    ).first()
    return None if row is None else (row.id, row.name)


def asked_for(connection: Connection, platform: str, profile_ids: Collection[str]) -> set[str]:
    """Of these pages, keep those whose lists are asked."""
    query = select(target.c.subject).where(target.c.platform == platform, target.c.ask == Ask.RELEASES.value)
    return set(connection.scalars(query.where(target.c.subject.in_(sorted(profile_ids))))) if profile_ids else set()


def pages_at(connection: Connection, urls: Collection[str]) -> list[int]:
    """List the row ids of the profiles whose address is one of these."""
    forms = sorted({form for url in urls for form in url_forms(url)})
    found: list[int] = []
    for part in batched(forms, ROWS_A_STATEMENT):
        found += connection.scalars(select(profile.c.id).where(profile.c.url.in_(part)))
    return found


def links_of(connection: Connection, profile_ids: Collection[int]) -> list[str]:
    """List the URLs that entries of reference sources link, or linked once."""
    found: list[str] = []
    for part in batched(sorted(profile_ids), ROWS_A_STATEMENT):
        found += connection.scalars(select(profile_link.c.url).where(profile_link.c.profile_id.in_(part)))
    return found


def names_of(connection: Connection, platform: str, profile_ids: Collection[str]) -> list[tuple[str, str]]:
    """List (profile id, name) of profiles."""
    chosen = select(profile.c.platform_id, profile.c.name)
    rows = connection.execute(chosen.where(profile.c.platform == platform, profile.c.platform_id.in_(profile_ids)))
    return [(row.platform_id, row.name) for row in rows]


def artists_by_mbid(connection: Connection) -> list[tuple[int, str]]:
    """List (artist id, MBID) of the artists that have one."""
    rows = connection.execute(select(artist.c.id, artist.c.mbid).where(artist.c.mbid.is_not(None), artist.c.watched))
    return [(row.id, row.mbid) for row in rows]


def linked_pages(connection: Connection, reference: str) -> list[tuple[int, str, str]]:
    """List (artist id, artist's name, URL) that a reference source links and has not ended.

    Whose entry it is says the artist's MBID, or where the source has ids of its own, that the entry is official.
    """
    entry = select(standing.c.profile_id).where(standing.c.artist_id == artist.c.id, standing.c.standing == "official")
    theirs = artist.c.mbid == profile.c.platform_id if reference == MUSICBRAINZ else profile.c.id.in_(entry)
    rows = connection.execute(
        select(artist.c.id, artist.c.name, profile_link.c.url)
        .join(profile, profile.c.id == profile_link.c.profile_id)
        .join(artist, theirs)
        .where(profile.c.platform == reference, ~profile_link.c.ended, profile_link.c.gone_at.is_(None))
        .order_by(profile_link.c.id)
    )
    return [(row.id, row.name, row.url) for row in rows]


def pages_named(connection: Connection, keys: Collection[str]) -> Iterator[tuple[str, str, str, str]]:
    """Yield (platform, profile id, name, folded name) of the profiles that go by one of these folded names."""
    for part in batched(sorted(keys), ROWS_A_STATEMENT):
        chosen = select(profile.c.platform, profile.c.platform_id, profile.c.name, profile.c.name_key)
        for row in connection.execute(chosen.where(profile.c.name_key.in_(part)).order_by(profile.c.id)):
            yield row.platform, row.platform_id, row.name, row.name_key


def standings(connection: Connection) -> list[Page]:
    """List every profile that is something to a monitored artist."""
    rows = connection.execute(
        select(
            artist.c.id,
            artist.c.name,
            profile.c.platform,
            profile.c.platform_id,
            profile.c.name,
            standing.c.standing,
            standing.c.reason,
        )
        .select_from(standing)
        .join(artist, artist.c.id == standing.c.artist_id)
        .join(profile, profile.c.id == standing.c.profile_id)
        .order_by(artist.c.name, profile.c.platform, profile.c.id)
    )
    return [Page(*row) for row in rows]


def everybody(connection: Connection) -> list[tuple[str, str, str, str | None, int | None]]:
    """List (platform, profile id, name, address, followers) of every page: for a store of one look."""
    columns = (profile.c.platform, profile.c.platform_id, profile.c.name, profile.c.url, profile.c.followers)
    return [(r[0], r[1], r[2], r[3], r[4]) for r in connection.execute(select(*columns).order_by(profile.c.id))]
