"""Budgets in SQL: one row per platform, bucket and holder, shared by all workers and kept across restarts."""

import json
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update
from sqlalchemy.dialects.postgresql import insert as pg_insert

from storage.limits import Grant, Limit, Spent, grant, pause
from storage.models import budget


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
) -> Grant:
    """Reserve slots for calls inside the caller's transaction; `now` is in epoch seconds."""
    row_id, spent = _locked(connection, platform, bucket, holder)
    given, after = grant(limit, spent, now, want, ahead_s)
    if given.slots:
        _keep(connection, row_id, after)
    return given


def park(connection: Connection, platform: str, bucket: str, holder: str, until: float, reason: str) -> None:
    """Park a budget until an epoch second, because the platform said so."""
    row_id, spent = _locked(connection, platform, bucket, holder)
    _keep(connection, row_id, pause(spent, until), reason)


def _locked(connection: Connection, platform: str, bucket: str, holder: str) -> tuple[int, Spent]:
    """Read a budget under a row lock, making it on first use."""
    where = (budget.c.platform == platform, budget.c.bucket == bucket, budget.c.holder == holder)
    query = select(budget).where(*where).with_for_update()
    row = connection.execute(query).first()
    if row is None:
        _make(connection, platform, bucket, holder)
        row = connection.execute(query).one()
    return row.id, _spent(row)


def _make(connection: Connection, platform: str, bucket: str, holder: str) -> None:
    values = {"platform": platform, "bucket": bucket, "holder": holder}
    if connection.dialect.name == "postgresql":
        # Two workers may make it at once; under SQLite's write lock that can't happen.
        connection.execute(pg_insert(budget).values(values).on_conflict_do_nothing())
    else:
        connection.execute(insert(budget).values(values))


def _keep(connection: Connection, row_id: int, spent: Spent, reason: str | None = None) -> None:
    values: dict[str, object] = {
        "next_at": spent.next_at,
        "paused_until": spent.paused_until,
        "hours": json.dumps({str(hour): calls for hour, calls in spent.hours.items()}),
    }
    if reason is not None:
        values["pause_reason"] = reason[:300]
    connection.execute(update(budget).where(budget.c.id == row_id).values(values))


def _spent(row: Row[Any]) -> Spent:
    return Spent(row.next_at, row.paused_until, {int(hour): calls for hour, calls in json.loads(row.hours).items()})
