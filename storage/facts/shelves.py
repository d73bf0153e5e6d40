"""The catalogue and the claims a page at a time, by number: what the HTTP API lists. Reads only."""

from typing import Any

from sqlalchemy import Connection, select

from storage.models import artist, claim, listing, profile, release, standing

PROFILE = ("id", "platform", "platform_id", "name", "url", "image_url", "followers", "first_seen_at", "last_seen_at")
RELEASE = ("id", "platform", "platform_id", "title", "kind", "date_raw", "upc_raw", "gtin14", "url", "cover_url")
SEEN = ("first_seen_at", "last_seen_at")
CLAIM = ("id", "subject", "value", "stance", "authority", "made_at", "superseded_at", "source", "place", "note")
Rows = list[dict[str, Any]]


def profiles(
    connection: Connection,
    after: int,
    limit: int,
    *,
    platform: str | None = None,
    artist_name: str | None = None,
    stands: str | None = None,
) -> Rows:
    """List pages whose number is greater, each with its standing towards monitored artists."""
    query = select(*(profile.c[name] for name in PROFILE)).where(profile.c.id > after)
    if platform is not None:
        query = query.where(profile.c.platform == platform)
    if artist_name is not None or stands is not None:
        of_it = select(standing.c.profile_id).join(artist, artist.c.id == standing.c.artist_id)
        if artist_name is not None:
            of_it = of_it.where(artist.c.name == artist_name)
        if stands is not None:
            of_it = of_it.where(standing.c.standing == stands)
        query = query.where(profile.c.id.in_(of_it))
    rows = connection.execute(query.order_by(profile.c.id).limit(limit)).all()
    towards: dict[int, Rows] = {row.id: [] for row in rows}
    known = (
        select(standing.c.profile_id, artist.c.key, artist.c.name, standing.c.standing)
        .join(artist, artist.c.id == standing.c.artist_id)
        .where(standing.c.profile_id.in_(towards))
        .order_by(standing.c.profile_id, artist.c.id)
    )
    for one in connection.execute(known):
        towards[one.profile_id].append({"artist": one.name, "key": one.key, "standing": one.standing})
    return [{**row._mapping, "standings": towards[row.id]} for row in rows]


def releases(
    connection: Connection,
    after: int,
    limit: int,
    *,
    platform: str | None = None,
    artist_name: str | None = None,
    gtin14: str | None = None,
) -> Rows:
    """List releases whose number is greater, each with the pages that list it; of an artist: on official pages."""
    query = select(*(release.c[name] for name in (*RELEASE, *SEEN))).where(release.c.id > after)
    if platform is not None:
        query = query.where(release.c.platform == platform)
    if gtin14 is not None:
        query = query.where(release.c.gtin14 == gtin14)
    if artist_name is not None:
        theirs = (
            select(listing.c.release_id)
            .join(standing, standing.c.profile_id == listing.c.profile_id)
            .join(artist, artist.c.id == standing.c.artist_id)
            .where(artist.c.name == artist_name, standing.c.standing == "official")
        )
        query = query.where(release.c.id.in_(theirs))
    rows = connection.execute(query.order_by(release.c.id).limit(limit)).all()
    pages: dict[int, Rows] = {row.id: [] for row in rows}
    listed = (
        select(listing.c.release_id, profile.c.platform_id, profile.c.name, listing.c.market, listing.c.removed_at)
        .add_columns(*(listing.c[name] for name in SEEN))
        .join(profile, profile.c.id == listing.c.profile_id)
        .where(listing.c.release_id.in_(pages))
        .order_by(listing.c.id)
    )
    for one in connection.execute(listed):
        told = {name: getattr(one, name) for name in ("market", "removed_at", *SEEN)}
        pages[one.release_id].append({"profile": one.platform_id, "name": one.name, **told})
    return [{**row._mapping, "listed_on": pages[row.id]} for row in rows]


def claims(
    connection: Connection, after: int, limit: int, *, artist_name: str | None = None, superseded: bool = False
) -> Rows:
    """List what authorities claim, by number; what was superseded only when it is asked for."""
    query = select(artist.c.name.label("artist"), *(claim.c[name] for name in CLAIM))
    query = query.join(artist, artist.c.id == claim.c.artist_id).where(claim.c.id > after)
    if not superseded:
        query = query.where(claim.c.superseded_at.is_(None))
    if artist_name is not None:
        query = query.where(artist.c.name == artist_name)
    return [dict(row._mapping) for row in connection.execute(query.order_by(claim.c.id).limit(limit))]
