"""Pages that lost much at once, held back until that is confirmed or they return: what status shows. Reads only."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from storage.models import artist, listing, profile, standing


def held_back(connection: Connection) -> Iterator[dict[str, Any]]:
    """Yield one row for each page that is held, the largest loss first."""
    held = (
        select(
            listing.c.profile_id,
            listing.c.market,
            func.count().label("held"),
            func.min(listing.c.missing_since).label("since"),
        )
        .where(listing.c.held_at.is_not(None))
        .group_by(listing.c.profile_id, listing.c.market)
        .subquery()
    )
    shown = (
        select(func.count())
        .where(
            listing.c.profile_id == held.c.profile_id,
            listing.c.market == held.c.market,
            listing.c.removed_at.is_(None),
        )
        .scalar_subquery()
    )
    query = (
        select(
            profile.c.platform,
            profile.c.platform_id.label("profile"),
            profile.c.name,
            held.c.market,
            held.c.held,
            shown.label("listed"),
            held.c.since,
            select(func.min(artist.c.name))
            .join(standing, standing.c.artist_id == artist.c.id)
            .where(standing.c.profile_id == profile.c.id, standing.c.standing == "official")
            .scalar_subquery()
            .label("artist"),
        )
        .join(profile, profile.c.id == held.c.profile_id)
        .order_by(held.c.held.desc(), profile.c.id, held.c.market)
    )
    for row in connection.execute(query):
        yield dict(row._mapping)


def oldest_hold(connection: Connection) -> datetime | None:
    """Return since when the longest hold lasts, or None when nothing is held."""
    since: datetime | None = connection.scalar(
        select(func.min(listing.c.missing_since)).where(listing.c.held_at.is_not(None))
    )
    return since
