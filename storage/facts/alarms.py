"""What alarms were raised and how they were decided: the ground on which the alert cut stands. Reads only."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select

from storage.detections import DETECTOR
from storage.models import artist, case, target, verdict

WINDOW = timedelta(weeks=8)


@dataclass(frozen=True, slots=True)
class Alarms:
    """How loud decided innocents were, over how many artist-weeks, and what happened lately."""

    cleared: tuple[float, ...]  # bits of news cases that a person called innocent
    artist_weeks: float
    artists: int
    loud_last_week: int
    opened_last_week: int


def alarms(connection: Connection, at: datetime) -> Alarms:
    """Read the alarms of the last weeks."""
    artists = int(connection.scalar(select(func.count()).select_from(artist).where(artist.c.watched)) or 0)
    span = _watched_for(connection, at)
    cleared = connection.scalars(
        select(case.c.bits)
        .join(verdict, verdict.c.case_id == case.c.id)
        .where(case.c.status == "cleared", case.c.origin == "news", verdict.c.decided_at >= at - WINDOW)
        .where(verdict.c.decision.in_(("legitimate", "namesake")))
        .where(verdict.c.rank < DETECTOR, verdict.c.withdrawn_at.is_(None))
        .group_by(case.c.id, case.c.bits)
    )
    week = (case.c.origin == "news", case.c.opened_at >= at - timedelta(weeks=1), case.c.merged_into.is_(None))
    return Alarms(
        cleared=tuple(cleared),
        artist_weeks=artists * span / timedelta(weeks=1),
        artists=artists,
        loud_last_week=int(connection.scalar(select(func.count()).where(*week, case.c.loud)) or 0),
        opened_last_week=int(connection.scalar(select(func.count()).where(*week)) or 0),
    )


def _watched_for(connection: Connection, at: datetime) -> timedelta:
    """Say how long anything was watched, up to the window; only a younger store is read for its first baseline."""
    if connection.scalar(select(target.c.id).where(target.c.baseline_at <= at - WINDOW).limit(1)) is not None:
        return WINDOW
    began = connection.scalar(select(func.min(target.c.baseline_at)))
    return at - began if began is not None and began < at else timedelta(0)
