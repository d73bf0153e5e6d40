"""Who is watched: monitored artists and their official profiles. Reads only."""

from collections.abc import Sequence

from sqlalchemy import Connection, select

from storage.models import artist, artist_alias, profile, standing

Monitored = tuple[int, str, tuple[str, ...], float]


def monitored(connection: Connection) -> tuple[Monitored, ...]:
    """List (artist id, name, aliases, weight) of every watched artist."""
    aliases: dict[int, list[str]] = {}
    names = select(artist_alias.c.artist_id, artist_alias.c.name).where(artist_alias.c.ended_at.is_(None))
    for row in connection.execute(names.order_by(artist_alias.c.id)).all():
        aliases.setdefault(row.artist_id, []).append(row.name)
    watched = select(artist.c.id, artist.c.name, artist.c.weight).where(artist.c.watched).order_by(artist.c.id)
    rows = connection.execute(watched).all()
    return tuple((i, name, tuple(aliases.get(i, ())), weight) for i, name, weight in rows)


def official_profiles(connection: Connection) -> Sequence[tuple[int, str, str]]:
    """List (artist id, platform, profile id) of every official profile of a watched artist."""
    rows = connection.execute(
        select(standing.c.artist_id, profile.c.platform, profile.c.platform_id)
        .join(profile, profile.c.id == standing.c.profile_id)
        .join(artist, artist.c.id == standing.c.artist_id)
        .where(standing.c.standing == "official", artist.c.watched)
    ).all()
    return [(artist_id, platform, platform_id) for artist_id, platform, platform_id in rows]


def owned(connection: Connection) -> dict[str, frozenset[str]]:
    """Map each platform to the ids of its official profiles."""
    found: dict[str, set[str]] = {}
    for _, platform, profile_id in official_profiles(connection):
        found.setdefault(platform, set()).add(profile_id)
    return {platform: frozenset(ids) for platform, ids in found.items()}
