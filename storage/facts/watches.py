"""The lists that are looked at again and again, with how often their pages brought something. Reads only, set-wise."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection, and_, func, or_, select

from storage.models import artist, budget, case, finding, listing, profile, release, standing, target, watch
from storage.targets import Ask

YEAR = timedelta(days=365)


class Watched(NamedTuple):
    """A list with what is known of its page."""

    platform: str
    artist_id: int
    weight: float
    suspected: bool
    dated: int  # releases of the last year, by the dates that the page tells


def watched(connection: Connection, now: datetime) -> Iterator[Watched]:
    """Yield every live list, once for each artist it is looked at for."""
    dated = {
        (row[0], row[1]): row[2]
        for row in connection.execute(
            select(profile.c.platform, profile.c.platform_id, func.count(func.distinct(release.c.date)))
            .join(listing, listing.c.profile_id == profile.c.id)
            .join(release, release.c.id == listing.c.release_id)
            .join(standing, and_(standing.c.profile_id == profile.c.id, standing.c.standing == "official"))
            .where(release.c.date >= _day(now - YEAR), release.c.date <= _day(now))
            .group_by(profile.c.platform, profile.c.platform_id)
        )
    }
    suspects = {
        (row[0], row[1])
        for row in connection.execute(
            select(profile.c.platform, profile.c.platform_id)
            .join(finding, finding.c.profile_id == profile.c.id)
            .join(case, case.c.id == finding.c.case_id)
            .where(case.c.status.in_(("open", "watching", "returned")), or_(case.c.kind == "profile", case.c.loud))
            .distinct()
        )
    }
    rows = connection.execute(
        select(target.c.platform, target.c.subject, artist.c.id, artist.c.weight)
        .join(watch, watch.c.target_id == target.c.id)
        .join(artist, artist.c.id == watch.c.artist_id)
        .where(target.c.ask == Ask.RELEASES.value, target.c.due_at.is_not(None), artist.c.watched)
        .order_by(target.c.id)
    )
    for platform, subject, artist_id, weight in rows:
        key = (platform, subject)
        yield Watched(platform, artist_id, weight, key in suspects, dated.get(key, 0))


def holders(connection: Connection) -> dict[str, int]:
    """Count the credentials (or addresses) that have spent on each platform."""
    rows = connection.execute(
        select(budget.c.platform, func.count(func.distinct(budget.c.holder))).group_by(budget.c.platform)
    )
    return {row[0]: row[1] for row in rows}


def _day(moment: datetime) -> date:
    return moment.date()
