"""What is said of the releases that already stand on an artist's pages: claims on them, and references. Reads only."""

from collections.abc import Collection, Iterable

from sqlalchemy import Connection, select

from storage.facts.events import claims_on
from storage.facts.references import listed_by
from storage.facts.values import Claimed, Referred, Shown
from storage.models import claim, grouped_release, profile, release, standing
from storage.sets import ROWS_A_STATEMENT, batched


def claims_of(connection: Connection, artist_id: int, releases: Collection[Shown]) -> dict[int, tuple[Claimed, ...]]:
    """Map groups to what authorities say of them, where they say anything."""
    any_claim = select(claim.c.id).where(claim.c.artist_id == artist_id, claim.c.superseded_at.is_(None)).limit(1)
    if connection.scalar(any_claim) is None:
        return {}
    refs = _refs(connection, [one.group_id for one in releases])
    found = {one.group_id: claims_on(connection, artist_id, one, refs.get(one.group_id, set())) for one in releases}
    return {group_id: said for group_id, said in found.items() if said}


def references_of(
    connection: Connection, artist_id: int, releases: Iterable[Shown], references: frozenset[str]
) -> dict[int, tuple[Referred, ...]]:
    """Map groups to the reference sources that list them among the artist's own, where any does."""
    entry = (
        select(standing.c.profile_id)
        .join(profile, profile.c.id == standing.c.profile_id)
        .where(
            standing.c.artist_id == artist_id,
            standing.c.standing == "official",
            profile.c.platform.in_(sorted(references)),
        )
    )
    if not references or connection.scalar(entry.limit(1)) is None:
        return {}
    found = {one.group_id: listed_by(connection, artist_id, one, references) for one in releases}
    return {group_id: said for group_id, said in found.items() if said}


def _refs(connection: Connection, group_ids: Collection[int]) -> dict[int, set[str]]:
    refs: dict[int, set[str]] = {}
    for part in batched(sorted(group_ids), ROWS_A_STATEMENT):
        rows = connection.execute(
            select(grouped_release.c.group_id, release.c.platform, release.c.platform_id)
            .join(release, release.c.id == grouped_release.c.release_id)
            .where(grouped_release.c.group_id.in_(part))
        )
        for row in rows:
            refs.setdefault(row.group_id, set()).add(f"{row.platform}:{row.platform_id}")
    return refs
