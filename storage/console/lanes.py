"""What a platform's lane has before it: what is asked again, what is due, and who has claimed what. Reads only."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from storage.facts import reports
from storage.models import target

Rows = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Frontier:
    """What is asked of every platform, and what each withholds."""

    counted_at: datetime
    by_platform: dict[str, Rows]
    blind: dict[str, str]


def frontier(connection: Connection, now: datetime) -> Frontier:
    """Count the questions of every platform, also those that rest."""
    by_platform: dict[str, Rows] = {}
    for row in reports.freshness(connection, now):
        by_platform.setdefault(row["platform"], []).append(row)
    return Frontier(now, by_platform, reports.blind_fields(connection))


def queues(connection: Connection, platform: str, now: datetime) -> Rows:
    """Count a platform's live questions of each kind: seen whole, due and since when, in trouble, due next."""
    due = target.c.due_at <= now
    query = (
        select(
            target.c.ask,
            target.c.section,
            target.c.market,
            func.count().label("targets"),
            func.count(target.c.last_complete_at).label("seen_whole"),
            func.count().filter(due).label("due"),
            func.min(target.c.due_at).filter(due).label("due_since"),
            func.min(target.c.due_at).filter(target.c.due_at > now).label("due_next"),
            func.count().filter(target.c.failures > 0).label("in_trouble"),
            func.max(target.c.last_look_at).label("last_look"),
        )
        .where(target.c.due_at.is_not(None), target.c.platform == platform)
        .group_by(target.c.ask, target.c.section, target.c.market)
        .order_by(target.c.ask, target.c.section, target.c.market)
    )
    return [dict(row._mapping) for row in connection.execute(query)]


def claims(connection: Connection, platform: str, now: datetime) -> Rows:
    """Count what each worker holds of a platform's questions, and until when; what ran out is held by nobody."""
    query = (
        select(target.c.lease_owner, func.count().label("targets"), func.min(target.c.lease_until).label("until"))
        .where(target.c.lease_until >= now, target.c.platform == platform)
        .group_by(target.c.lease_owner)
        .order_by(target.c.lease_owner)
    )
    return [dict(row._mapping) for row in connection.execute(query)]
