"""Rows of the frontier for its tests: wanted in few words, and read again."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from storage import frontier
from storage.frontier import Wanted
from storage.models import target
from storage.targets import Ask, Target

NOW = datetime(2026, 3, 2, tzinfo=UTC)
TICK, HOUR = timedelta(microseconds=1), timedelta(hours=1)


def want(connection, *wanted):
    return list(frontier.want(connection, wanted, NOW).values())


def row(connection, subject="1"):
    return connection.execute(select(target).where(target.c.subject == subject)).one()


def a(subject, due_at=NOW, priority=5, ask=Ask.RELEASES, platform="deezer", artists=(), market="", section=""):
    return Wanted(Target(platform, ask, subject, section, market), due_at, priority, artists)
