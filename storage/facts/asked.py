"""When which question was answered, and what stood on pages at their first whole look. Reads only.

For whoever holds a run against what is known to be true: the selftest, tests.
"""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, select, tuple_

from storage.models import census, grouped_release, listing, look, profile, release, target
from storage.sets import ROWS_A_STATEMENT, batched

Question = tuple[str, str, str]  # platform, what is asked, of what
Listed = tuple[str, str, str]  # platform, page, release


def answered(connection: Connection, questions: Collection[Question]) -> list[tuple[Question, list[datetime]]]:
    """List, for every section of what is asked, when whole answers came, in order."""
    found: dict[int, tuple[Question, list[datetime]]] = {}
    for part in batched(sorted(set(questions)), ROWS_A_STATEMENT):
        rows = connection.execute(
            select(target.c.id, target.c.platform, target.c.ask, target.c.subject, look.c.ended_at)
            .join(look, look.c.target_id == target.c.id)
            .where(tuple_(target.c.platform, target.c.ask, target.c.subject).in_(part), look.c.outcome == "complete")
            .order_by(look.c.ended_at, look.c.id)
        )
        for target_id, platform, ask, subject, at in rows:
            found.setdefault(target_id, ((platform, ask, subject), []))[1].append(at)
    return list(found.values())


def stood(connection: Connection, asked: Collection[Listed]) -> list[int]:
    """List the places in the census of releases on pages; none where any of them came after a first whole look."""
    places: list[int] = []
    for part in batched(sorted(set(asked)), ROWS_A_STATEMENT):
        rows = connection.execute(
            select(listing.c.new, census.c.place)
            .select_from(listing)
            .join(profile, profile.c.id == listing.c.profile_id)
            .join(release, release.c.id == listing.c.release_id)
            .outerjoin(grouped_release, grouped_release.c.release_id == release.c.id)
            .outerjoin(census, (census.c.group_id == grouped_release.c.group_id) & (census.c.kind == "release"))
            .where(tuple_(profile.c.platform, profile.c.platform_id, release.c.platform_id).in_(part))
        )
        for came, place in rows:
            if came:
                return []
            places += [] if place is None else [place]
    return places
