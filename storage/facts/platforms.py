"""What the store knows of each platform: its budgets, its last answer, and what could not be read."""

import json
from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from storage.limits import Spent
from storage.models import budget, look, odd_row, profile, standing, target

FIELDS = ("url", "image_url", "followers", "release_count", "genres", "country", "owner")  # of a page, told or not
MOST_ODD = 10_000


@dataclass(frozen=True, slots=True)
class BudgetState:
    """What one budget has spent, and whether it is parked."""

    bucket: str
    holder: str
    calls_in_last_day: int
    paused_until: float
    reason: str


@dataclass(frozen=True, slots=True)
class Seen:
    """A platform's last answer, and the different entries that could not be read."""

    last_look_at: datetime | None
    odd_rows: int


def budgets_of(connection: Connection, platform: str, now: float) -> list[BudgetState]:
    """List a platform's budgets."""
    rows = connection.execute(
        select(budget).where(budget.c.platform == platform).order_by(budget.c.bucket, budget.c.holder)
    )
    found = []
    for row in rows:
        hours = {int(hour): calls for hour, calls in json.loads(row.hours).items()}
        reason = row.pause_reason if row.paused_until > now else ""
        found.append(BudgetState(row.bucket, row.holder, Spent(hours=hours).in_last_day(now), row.paused_until, reason))
    return found


def seen(connection: Connection, platform: str) -> Seen:
    """Say when a platform was last asked, and how many different entries of its answers could not be read."""
    last = select(func.max(target.c.last_look_at)).where(target.c.platform == platform)
    odd = select(func.count()).select_from(odd_row).join(target).where(target.c.platform == platform)
    return Seen(connection.scalar(last), connection.scalar(odd) or 0)


def any_page(connection: Connection, platform: str) -> str | None:
    """Return a page of this platform that was seen, the latest one: a question that it can answer."""
    query = select(profile.c.platform_id).where(profile.c.platform == platform, profile.c.name != "")
    found: str | None = connection.scalar(query.order_by(profile.c.last_seen_at.desc(), profile.c.id).limit(1))
    return found


def canary(connection: Connection, platform: str) -> str | None:
    """Return the official page that has been known for longest, which should say what it always said; else any page."""
    official = select(standing.c.profile_id).where(standing.c.standing == "official")
    query = select(profile.c.platform_id).where(
        profile.c.platform == platform, profile.c.name != "", profile.c.id.in_(official)
    )
    found: str | None = connection.scalar(query.order_by(profile.c.first_seen_at, profile.c.id).limit(1))
    return found or any_page(connection, platform)


def said_fields(connection: Connection, platform: str, profile_id: str) -> frozenset[str]:
    """Name the fields that a page is known to say."""
    query = select(*(profile.c[name] for name in FIELDS))
    row = connection.execute(query.where(profile.c.platform == platform, profile.c.platform_id == profile_id)).first()
    return frozenset() if row is None else frozenset(name for name in FIELDS if getattr(row, name) not in (None, "[]"))


def drifted(connection: Connection, since: datetime) -> list[tuple[str, str, int]]:
    """List (platform, what could not be read and why, how many entries) of the answers since then, the most first."""
    rows = connection.execute(
        select(target.c.platform, odd_row.c.what, odd_row.c.reason)
        .join(target, target.c.id == odd_row.c.target_id)
        .where(odd_row.c.last_seen_at >= since)
        .order_by(odd_row.c.id.desc())
        .limit(MOST_ODD)
    )
    found = Counter((row.platform, f"{row.what.rstrip('0123456789 ')}: {row.reason}") for row in rows)
    return [(platform, why, times) for (platform, why), times in found.most_common()]


def first_look(connection: Connection, platform: str) -> tuple[str, str] | None:
    """Return outcome and stop reason of the first look at a platform."""
    query = select(look.c.outcome, look.c.stop_reason).join(target, target.c.id == look.c.target_id)
    row = connection.execute(query.where(target.c.platform == platform).order_by(look.c.id).limit(1)).first()
    return None if row is None else (row.outcome, row.stop_reason)
