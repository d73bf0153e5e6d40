"""The overview's figures, counted in the store. Reads only; they are read at most once a minute."""

import statistics
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, case, func, select, text

from storage.detections import DETECTOR
from storage.models import artist, finding, listing, profile, target, verdict
from storage.models import case as cases

AGES = (("under a day", 1), ("1 to 3 days", 3), ("3 to 7 days", 7), ("1 to 4 weeks", 28), ("older", 100_000))
ARRIVED = text('listing."new"')  # as its index says it: SQLite knows `"new" = 1` for no such thing
STANDS = ("confirmed", "takedown_requested", "gone")


@dataclass(frozen=True, slots=True)
class Figures:
    """What the overview draws."""

    counted_at: datetime
    arrivals: dict[date, int]
    by_class: list[tuple[str, str, int]]  # attack, status, cases
    freshness: list[tuple[str, int]]  # age of the last whole look, live lists
    alerts: list[tuple[date, int, int]]  # week, loud cases opened, of which cleared since
    artists: int  # that are watched
    takedowns: list[tuple[str, int, float | None, int]]  # platform, taken down, median days, still shown


def figures(connection: Connection, now: datetime, days: int = 28) -> Figures:
    """Count everything that the overview shows."""
    since = now - timedelta(days=days)
    return Figures(
        counted_at=now,
        arrivals=_arrivals(connection, since),
        by_class=_by_class(connection),
        freshness=_freshness(connection, now),
        alerts=_alerts(connection, now, weeks=8),
        artists=int(connection.scalar(select(func.count()).select_from(artist).where(artist.c.watched)) or 0),
        takedowns=_takedowns(connection),
    )


def _arrivals(connection: Connection, since: datetime) -> dict[date, int]:
    day = day_of(connection, listing.c.first_seen_at)
    query = select(day, func.count()).where(ARRIVED, listing.c.first_seen_at >= since).group_by(day)
    return {as_date(row[0]): int(row[1]) for row in connection.execute(query)}


def day_of(connection: Connection, moment: ColumnElement[Any]) -> ColumnElement[Any]:
    """Write the day of a moment in UTC."""
    if connection.dialect.name == "postgresql":
        return func.date(func.timezone("UTC", moment))
    return func.date(moment)


def as_date(value: Any) -> date:
    """Read a day as either engine gives it."""
    return value if isinstance(value, date) else date.fromisoformat(value)


def _by_class(connection: Connection) -> list[tuple[str, str, int]]:
    group = (cases.c.attack, cases.c.status)
    query = select(*group, func.count()).where(cases.c.status != "merged").group_by(*group).order_by(*group)
    return [(row[0], row[1], int(row[2])) for row in connection.execute(query)]


def _freshness(connection: Connection, now: datetime) -> list[tuple[str, int]]:
    seen = target.c.last_complete_at
    aged = [(seen >= now - timedelta(days=days), name) for name, days in AGES]
    age = case(*aged, else_="never whole")
    query = select(age, func.count()).where(target.c.due_at.is_not(None)).group_by(age)
    found = {row[0]: int(row[1]) for row in connection.execute(query)}
    return [(name, found.get(name, 0)) for name in (*(name for name, _ in AGES), "never whole")]


def _alerts(connection: Connection, now: datetime, weeks: int) -> list[tuple[date, int, int]]:
    query = select(cases.c.opened_at, cases.c.status).where(
        cases.c.loud, cases.c.origin == "news", cases.c.opened_at >= now - timedelta(weeks=weeks)
    )
    loud, cleared = [0] * weeks, [0] * weeks
    for opened, status in connection.execute(query):
        back = min(weeks - 1, max(0, (now - opened) // timedelta(weeks=1)))
        loud[back] += 1
        cleared[back] += status == "cleared"
    return [((now - timedelta(weeks=b + 1)).date(), loud[b], cleared[b]) for b in range(weeks - 1, -1, -1)]


def _takedowns(connection: Connection) -> list[tuple[str, int, float | None, int]]:
    query = (
        select(profile.c.platform, func.min(verdict.c.decided_at), finding.c.removed_at)
        .join(finding, finding.c.case_id == verdict.c.case_id)
        .join(profile, profile.c.id == finding.c.profile_id)
        .join(cases, cases.c.id == verdict.c.case_id)
        .where(verdict.c.decision.in_(("takedown", "impersonation")), verdict.c.withdrawn_at.is_(None))
        .where(verdict.c.rank < DETECTOR, cases.c.status.in_(STANDS))
        .group_by(profile.c.platform, finding.c.id, finding.c.removed_at)
    )
    took: dict[str, list[float]] = {}
    shown: dict[str, int] = {}
    for platform, decided, removed in connection.execute(query):
        took.setdefault(platform, [])
        if removed is None:
            shown[platform] = shown.get(platform, 0) + 1
        else:
            took[platform].append(max(0.0, (removed - decided) / timedelta(days=1)))
    return [
        (platform, len(days), statistics.median(days) if days else None, shown.get(platform, 0))
        for platform, days in sorted(took.items())
    ]
