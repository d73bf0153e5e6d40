"""The plan of who can be watched how fresh, from what the store knows and the enabled platforms grant."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import Connection

from crawler.watching import plan as planning
from crawler.watching.rates import PRIOR_COUNT, PRIOR_DAYS, STEADY, season
from crawler.watching.recheck import SUSPECT_WEIGHT
from spiders.base.platform import Access, Platform
from storage.facts import watches
from storage.facts.circumstances import YEAR
from storage.targets import Ask

DAY_S = 86_400.0
WIDE = timedelta(days=30)  # for so long after a campaign grew its neighbours are watched more closely
NEAR_WAVE = 4.0  # and by so much more weight: twice as often


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How a platform's lists are paced: by its plan and the week of its releases."""

    pace: float
    oldest: float
    week: tuple[float, ...] = STEADY


@dataclass(frozen=True, slots=True)
class Rhythms:
    """How every platform is paced, and whose lists are watched more closely for a while."""

    of: Mapping[str, Rhythm] = field(default_factory=dict)
    near: frozenset[int] = frozenset()


def fresh(
    connection: Connection, platforms: Mapping[str, type[Platform]], access: Mapping[str, Access], at: datetime
) -> tuple[planning.Freshness, ...]:
    """Plan every enabled platform that has lists."""
    near = watches.near_waves(connection, at - WIDE)
    return _planned(connection, platforms, access, near, at)


def rhythms(
    connection: Connection, platforms: Mapping[str, type[Platform]], access: Mapping[str, Access], at: datetime
) -> Rhythms:
    """Say how the worker paces the lists of every platform."""
    near = watches.near_waves(connection, at - WIDE)
    days = watches.weekdays(connection, at)
    found = {
        one.platform: Rhythm(one.pace, one.oldest_days, season(_noon(day) for day in days.get(one.platform, ())))
        for one in _planned(connection, platforms, access, near, at)
    }
    return Rhythms(found, near)


def _planned(
    connection: Connection,
    platforms: Mapping[str, type[Platform]],
    access: Mapping[str, Access],
    near: frozenset[int],
    at: datetime,
) -> tuple[planning.Freshness, ...]:
    lists = [
        planning.Watch(
            platform=one.platform,
            artist_id=one.artist_id,
            weight=one.weight
            * (SUSPECT_WEIGHT if one.suspected else 1.0)
            * (NEAR_WAVE if one.artist_id in near else 1.0),
            rate=(PRIOR_COUNT + one.dated) / (PRIOR_DAYS + YEAR.days),
        )
        for one in watches.watched(connection, at)
        if one.platform in platforms and _paced(platforms[one.platform], one)
    ]
    credentials = {name: max(1, count) for name, count in watches.holders(connection).items()}
    quotas = [
        planning.Quota(name, calls_a_day(cls, access[name]) * credentials.get(name, 1), credentials.get(name, 1))
        for name, cls in platforms.items()
    ]
    return planning.plan(lists, quotas)


def _paced(cls: type[Platform], one: watches.Watched) -> bool:
    """Tell whether a list goes by the law: long unordered ones and pages that nobody vouches for have tiers."""
    return (one.official or one.suspected) and one.section not in cls.rare_sections


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), UTC)


def calls_a_day(cls: type[Platform], access: Access) -> float:
    """Say how many calls for lists a platform grants in a day to one credential."""
    limit = cls.limits_for(access)[cls.bucket(Ask.RELEASES)]
    calls = limit.calls * DAY_S / limit.window_s
    granted = min(calls, limit.per_day) if limit.per_day is not None else calls
    return granted * cls.batch.get(Ask.RELEASES, 1)
