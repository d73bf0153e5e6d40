"""Budgets in SQL: one row per platform, bucket and holder, shared by all workers and kept across restarts."""

import json
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Connection, Row, Text, TextClause, bindparam, select, text, update

from storage.limits import SKEW_S, Grant, Limit, Spent, grant, landed, pause, put_off
from storage.models import budget
from storage.sets import dialect_insert


def reserve(
    connection: Connection,
    platform: str,
    bucket: str,
    holder: str,
    limit: Limit,
    *,
    now: float,
    want: int,
    ahead_s: float,
    skew_s: float = SKEW_S,
) -> Grant:
    """Reserve slots for calls inside the caller's transaction; `now` is in epoch seconds."""
    row_id, spent = _locked(connection, platform, bucket, holder)
    given, after = grant(limit, spent, now, want, ahead_s, skew_s)
    if given.slots:
        _keep(connection, row_id, after)
    return given


def park(connection: Connection, platform: str, bucket: str, holder: str, until: float, reason: str) -> None:
    """Park a budget until an epoch second, because the platform said so."""
    row_id, spent = _locked(connection, platform, bucket, holder)
    _keep(connection, row_id, pause(spent, until), reason)


def pace(connection: Connection, platform: str, bucket: str, holder: str, at: float) -> None:
    """Let a budget's next call go out no sooner than at an epoch second, because the platform said what is left."""
    row_id, spent = _locked(connection, platform, bucket, holder)
    _keep(connection, row_id, put_off(spent, at))


def land(
    connection: Connection, platform: str, bucket: str, holder: str, limit: Limit, *, slot: float, at: float
) -> None:
    """Note that a call came late: it may have arrived as late as its answer, and counts from then."""
    row_id, spent = _locked(connection, platform, bucket, holder)
    _keep(connection, row_id, landed(limit, spent, slot, at))


@dataclass(frozen=True, slots=True)
class Pause:
    """A pause of one budget: until when, and why."""

    bucket: str
    holder: str
    until: float
    reason: str


def pauses(connection: Connection, platform: str, now: float) -> list[Pause]:
    """List the pauses of a platform's budgets that last."""
    rows = connection.execute(
        select(budget.c.bucket, budget.c.holder, budget.c.paused_until, budget.c.pause_reason)
        .where(budget.c.platform == platform, budget.c.paused_until > now)
        .order_by(budget.c.bucket, budget.c.holder)
    )
    return [Pause(*row) for row in rows]


def unpark(connection: Connection, platform: str, now: float) -> list[Pause]:
    """Lift the pauses of a platform's budgets and say what they were; quotas and spacing stay."""
    lifted = pauses(connection, platform, now)
    connection.execute(update(budget).where(budget.c.platform == platform).values(paused_until=0.0, pause_reason=""))
    return lifted


def paused_until(connection: Connection, platform: str, bucket: str, holder: str) -> float:
    """Return until which epoch second a budget is parked."""
    which = {"platform": platform, "bucket": bucket, "holder": holder}
    row = connection.execute(_reading("unlocked"), which).first()
    return 0.0 if row is None else float(row.paused_until)


@cache
def _reading(engine: str) -> TextClause:
    lock = "FOR UPDATE" if engine == "postgresql" else ""
    return text(
        f"""SELECT id, next_at, paused_until, hours, recent FROM budget
        WHERE platform = :platform AND bucket = :bucket AND holder = :holder {lock}"""
    )


def _locked(connection: Connection, platform: str, bucket: str, holder: str) -> tuple[int, Spent]:
    """Read a budget under a row lock, making it on first use."""
    which = {"platform": platform, "bucket": bucket, "holder": holder}
    query = _reading(connection.dialect.name)
    row = connection.execute(query, which).first()
    if row is None:
        _make(connection, platform, bucket, holder)
        row = connection.execute(query, which).one()
    return row.id, _spent(row)


def _make(connection: Connection, platform: str, bucket: str, holder: str) -> None:
    values = {"platform": platform, "bucket": bucket, "holder": holder}
    connection.execute(dialect_insert(connection, budget).values(values).on_conflict_do_nothing())  # another made it


_KEEP = text(
    """UPDATE budget SET next_at = :next_at, paused_until = :paused_until, hours = :hours,
    recent = :recent, pause_reason = coalesce(:reason, pause_reason) WHERE id = :id"""
).bindparams(bindparam("reason", type_=Text))


def _keep(connection: Connection, row_id: int, spent: Spent, reason: str | None = None) -> None:
    values = {
        "id": row_id,
        "next_at": spent.next_at,
        "paused_until": spent.paused_until,
        "hours": json.dumps({str(hour): calls for hour, calls in spent.hours.items()}),
        "recent": json.dumps(spent.recent),
        "reason": None if reason is None else reason[:300],
    }
    connection.execute(_KEEP, values)


def _spent(row: Row[Any]) -> Spent:
    hours = {int(hour): calls for hour, calls in json.loads(row.hours).items()}
    return Spent(row.next_at, row.paused_until, hours, tuple(json.loads(row.recent)))
