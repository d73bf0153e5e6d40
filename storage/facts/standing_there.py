"""What is said of the releases that already stand on an artist's pages: claims on them, and references. Reads only."""

from collections.abc import Collection, Iterable

from sqlalchemy import Connection, select

from storage.facts.events import Known, claims_on
from storage.facts.references import listed_by
from storage.facts.values import Claimed, Referred, Shown
from storage.models import grouped_release, release
from storage.sets import ROWS_A_STATEMENT, batched


def claims_of(connection: Connection, about: Known, releases: Collection[Shown]) -> dict[int, tuple[Claimed, ...]]:
    """Map groups to what authorities say of them, where they say anything."""
    if about.claims is not None and not about.claims:
        return {}
    refs = _refs(connection, [one.group_id for one in releases])
    found = {
        one.group_id: claims_on(connection, about.who.id, one, refs.get(one.group_id, set()), about.claims)
        for one in releases
    }
    return {group_id: said for group_id, said in found.items() if said}


def references_of(about: Known, releases: Iterable[Shown]) -> dict[int, tuple[Referred, ...]]:
    """Map groups to the reference sources that list them among the artist's own, where any does."""
    found = {one.group_id: listed_by(about.referred, one) for one in releases} if about.referred else {}
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
