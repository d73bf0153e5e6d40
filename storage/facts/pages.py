"""Profiles as judgement sees them, and which of them are one act. Reads only."""

import json
from collections.abc import Collection, Sequence

from sqlalchemy import Connection, select

from storage.facts.values import Page
from storage.models import grouped_release, listing, profile, standing
from storage.sets import ROWS_A_STATEMENT, batched, sets_by_id, several

# Statements are built once: building one costs more than running it.
_STANDINGS = select(standing.c.profile_id, standing.c.artist_id, standing.c.standing).where(
    standing.c.profile_id.in_(several("ids"))
)
_PAGES = select(profile).where(profile.c.id.in_(several("ids"))).order_by(profile.c.id)


def pages(connection: Connection, profile_ids: Collection[int], artist_id: int) -> list[Page]:
    """Describe profiles, with their standing towards an artist."""
    found: list[Page] = []
    for part in batched(sorted(set(profile_ids)), ROWS_A_STATEMENT):
        standings: dict[int, list[tuple[int, str]]] = {}
        for row in connection.execute(_STANDINGS, {"ids": part}):
            standings.setdefault(row.profile_id, []).append((row.artist_id, row.standing))
        for row in connection.execute(_PAGES, {"ids": part}):
            towards = standings.get(row.id, [])
            found.append(
                Page(
                    id=row.id,
                    platform=row.platform,
                    platform_id=row.platform_id,
                    name=row.name,
                    url=row.url,
                    image_url=row.image_url,
                    followers=row.followers,
                    release_count=row.release_count,
                    genres=frozenset(genre.lower() for genre in (json.loads(row.genres) if row.genres else ())),
                    country=row.country,
                    disambiguation=row.disambiguation,
                    first_seen_at=row.first_seen_at,
                    standing=next((said for one, said in towards if one == artist_id), ""),
                    official_for=tuple(sorted(one for one, said in towards if said == "official")),
                )
            )
    return found


def name_keys(connection: Connection, profile_ids: Collection[int]) -> dict[int, str]:
    """Map profiles to their folded names."""
    found: dict[int, str] = {}
    for part in batched(sorted(set(profile_ids)), ROWS_A_STATEMENT):
        rows = connection.execute(select(profile.c.id, profile.c.name_key).where(profile.c.id.in_(part)))
        found.update((row.id, row.name_key) for row in rows)
    return found


def of_same_name(connection: Connection, name_keys: Collection[str]) -> dict[str, list[tuple[int, str]]]:
    """Map folded names to (profile row id, platform) of the pages that go by them and are nobody's official page."""
    found: dict[str, list[tuple[int, str]]] = {}
    official = select(standing.c.profile_id).where(standing.c.standing.in_(("official", "namesake")))
    for part in batched(sorted(set(name_keys)), ROWS_A_STATEMENT):
        rows = connection.execute(
            select(profile.c.name_key, profile.c.id, profile.c.platform)
            .where(profile.c.name_key.in_(part), profile.c.id.not_in(official))
            .order_by(profile.c.id)
        )
        for name_key, row_id, platform in rows:
            found.setdefault(name_key, []).append((row_id, platform))
    return found


def shared_groups(connection: Connection, profile_ids: Sequence[int]) -> dict[int, set[int]]:
    """Map profiles to the release groups that they list."""
    shown = (
        select(listing.c.profile_id, grouped_release.c.group_id)
        .join(grouped_release, grouped_release.c.release_id == listing.c.release_id)
        .distinct()
    )
    return sets_by_id(connection, profile_ids, lambda part: shown.where(listing.c.profile_id.in_(part)))
