"""What an event has in common with events of other monitored artists lately: the ties of a campaign. Reads only."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Select, func, select

from storage.facts.shown import WRITERS
from storage.facts.values import Shared, Shown
from storage.models import credit, grouped_release, listing, profile, release, release_line, standing, track

WINDOW = timedelta(days=30)
VALUES_MOST = 12  # of one kind that are looked at


def shared(connection: Connection, artist_id: int, one: Shown, at: datetime) -> tuple[Shared, ...]:
    """List what news on other artists' pages share with a group, with how widespread it is in all."""
    found: list[Shared] = []
    for key in sorted({line.key for line in one.lines if line.key})[:VALUES_MOST]:
        found += _tie(connection, artist_id, one, "line", key, _lined(key), at)
    for prefix in sorted({isrc[:5] for isrc in one.isrcs})[:VALUES_MOST]:
        found += _tie(connection, artist_id, one, "registrant", prefix, _registered(prefix), at)
    for cover in sorted(one.covers)[:VALUES_MOST]:
        found += _tie(connection, artist_id, one, "cover", cover, _covered(cover), at)
    for who in sorted({c.name for c in one.credits if c.role in WRITERS})[:VALUES_MOST]:
        found += _tie(connection, artist_id, one, "writer", who, _written(who), at)
    return tuple(found)


def _lined(key: str) -> Select[Any]:
    return select(release_line.c.release_id).where(release_line.c.text_key == key, release_line.c.gone_at.is_(None))


def _registered(prefix: str) -> Select[Any]:
    return select(track.c.release_id).where(
        track.c.isrc >= prefix, track.c.isrc < prefix[:-1] + chr(ord(prefix[-1]) + 1), track.c.gone_at.is_(None)
    )


def _covered(cover: str) -> Select[Any]:
    return select(release.c.id).where(release.c.cover_url == cover)


def _written(who: str) -> Select[Any]:
    wrote = credit.c.name == who, credit.c.role.in_(sorted(WRITERS)), credit.c.gone_at.is_(None)
    return select(credit.c.release_id).where(*wrote)


def _tie(
    connection: Connection, artist_id: int, one: Shown, what: str, value: str, releases: Select[Any], at: datetime
) -> Iterable[Shared]:
    rows = connection.execute(
        select(standing.c.artist_id, grouped_release.c.group_id, func.min(listing.c.first_seen_at))
        .join(standing, standing.c.profile_id == listing.c.profile_id)
        .join(grouped_release, grouped_release.c.release_id == listing.c.release_id)
        .where(
            listing.c.release_id.in_(releases),
            listing.c.new,
            listing.c.first_seen_at > at - WINDOW,
            standing.c.standing == "official",
            standing.c.artist_id != artist_id,
            grouped_release.c.group_id != one.group_id,
        )
        .group_by(standing.c.artist_id, grouped_release.c.group_id)
    ).all()
    if not rows:
        return ()
    spread = connection.scalar(
        select(func.count(func.distinct(profile.c.name_key)))
        .join(listing, listing.c.profile_id == profile.c.id)
        .where(listing.c.release_id.in_(releases))
    )
    moments = [row[2] for row in rows] + [one.first_seen_at]
    return (
        Shared(
            what=what,
            value=value,
            artists=frozenset(row[0] for row in rows),
            events=frozenset(row[1] for row in rows),
            spread=int(spread or 0),
            days=(max(moments) - min(moments)).total_seconds() / 86400,
        ),
    )
