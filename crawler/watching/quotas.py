"""The plan of who can be watched how fresh, from what the store knows and the enabled platforms grant."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection

from crawler.watching import plan as planning
from crawler.watching.rates import PRIOR_COUNT, PRIOR_DAYS
from crawler.watching.recheck import SUSPECT_WEIGHT
from spiders.base.platform import Access, Platform
from storage.facts import watches
from storage.targets import Ask

DAY_S = 86_400.0


def fresh(
    connection: Connection, platforms: Mapping[str, type[Platform]], access: Mapping[str, Access], at: datetime
) -> tuple[planning.Freshness, ...]:
    """Plan every enabled platform that has lists."""
    lists = [
        planning.Watch(
            platform=one.platform,
            artist_id=one.artist_id,
            weight=one.weight * (SUSPECT_WEIGHT if one.suspected else 1.0),
            rate=(PRIOR_COUNT + one.dated) / (PRIOR_DAYS + watches.YEAR.days),
        )
        for one in watches.watched(connection, at)
    ]
    credentials = {name: max(1, count) for name, count in watches.holders(connection).items()}
    quotas = [
        planning.Quota(name, calls_a_day(cls, access[name]) * credentials.get(name, 1), credentials.get(name, 1))
        for name, cls in platforms.items()
    ]
    return planning.plan(lists, quotas)


def calls_a_day(cls: type[Platform], access: Access) -> float:
    """Say how many calls for lists a platform grants in a day to one credential."""
    limit = cls.limits_for(access)[cls.bucket(Ask.RELEASES)]
    calls = limit.calls * DAY_S / limit.window_s
    granted = min(calls, limit.per_day) if limit.per_day is not None else calls
    return granted * cls.batch.get(Ask.RELEASES, 1)
