"""The monitored artists a page at a time, each with the pages that are theirs. Reads only."""

from typing import Any

from sqlalchemy import Connection, select

from storage.models import artist, profile, standing


def watched(connection: Connection, after: int, limit: int, name: str | None = None) -> list[dict[str, Any]]:
    """List watched artists whose number is greater, by number."""
    query = select(artist.c.id, artist.c.key, artist.c.name, artist.c.mbid)
    query = query.where(artist.c.id > after, artist.c.watched, artist.c.merged_into.is_(None))
    if name is not None:
        query = query.where(artist.c.name == name)
    rows = connection.execute(query.order_by(artist.c.id).limit(limit)).all()
    official: dict[int, list[dict[str, Any]]] = {row.id: [] for row in rows}
    pages = (
        select(standing.c.artist_id, profile.c.platform, profile.c.platform_id, profile.c.url)
        .join(profile, profile.c.id == standing.c.profile_id)
        .where(standing.c.artist_id.in_(official), standing.c.standing == "official")
        .order_by(profile.c.id)
    )
    for page in connection.execute(pages):
        official[page.artist_id].append({"platform": page.platform, "id": page.platform_id, "url": page.url})
    return [{**row._mapping, "official": official[row.id]} for row in rows]
