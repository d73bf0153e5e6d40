"""Where the crawl does not do what was promised: what status shows, as numbers per platform. Reads only."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, and_, func, or_, select

from storage.models import budget, odd_row, target
from storage.targets import Ask

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class AtWork:
    """What one platform is asked, and how that goes."""

    platform: str
    lists: int  # pages and searches that are looked at again and again
    stale: int  # of them, not seen whole for longer than allowed; cut lists never are
    oldest_due: datetime | None  # since when the longest waits to be asked
    newest_look: datetime | None
    malformed: int  # questions whose last answer, within a day, could not be read
    odd: int  # entries of answers that could not be read, within a day


@dataclass(frozen=True, slots=True)
class Parked:
    """A budget that may spend nothing for now."""

    platform: str
    bucket: str
    until: datetime
    because: str


def at_work(connection: Connection, at: datetime, stale_after: timedelta) -> list[AtWork]:
    """Read how each platform that is asked does."""
    is_list = target.c.ask.in_([Ask.RELEASES.value, Ask.SEARCH.value])
    seen = func.coalesce(target.c.last_complete_at, target.c.added_at)
    malformed = and_(target.c.last_outcome == "malformed", target.c.last_look_at >= at - DAY)
    rows = connection.execute(
        select(
            target.c.platform,
            func.count().filter(is_list).label("lists"),
            func.count().filter(is_list, seen < at - stale_after, target.c.cut.is_(False)).label("stale"),
            func.min(target.c.due_at).filter(target.c.lease_owner.is_(None)).label("oldest_due"),
            func.max(target.c.last_look_at).label("newest_look"),
            func.count().filter(malformed).label("malformed"),
        )
        .where(target.c.due_at.is_not(None))
        .group_by(target.c.platform)
        .order_by(target.c.platform)
    ).all()
    odd = {
        row[0]: row[1]
        for row in connection.execute(
            select(target.c.platform, func.count())
            .join(odd_row, odd_row.c.target_id == target.c.id)
            .where(odd_row.c.last_seen_at >= at - DAY)
            .group_by(target.c.platform)
        )
    }
    return [AtWork(**row._mapping, odd=odd.get(row.platform, 0)) for row in rows]


def parked(connection: Connection, at: datetime, longer_than: timedelta) -> list[Parked]:
    """List budgets that rest for longer than that."""
    late = (at + longer_than).timestamp()
    rows = connection.execute(
        select(budget).where(or_(budget.c.paused_until > late, budget.c.next_at > late)).order_by(budget.c.id)
    )
    return [
        Parked(
            row.platform,
            row.bucket,
            datetime.fromtimestamp(min(max(row.paused_until, row.next_at), 32_000_000_000), at.tzinfo),
            row.pause_reason if row.paused_until > late else "its quota is spent",
        )
        for row in rows
    ]
