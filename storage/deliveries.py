"""What is on its way to endpoints: frozen when queued, sent under a lease, in order for each case."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, exists, func, insert, or_, select, update

from storage.models import delivery, endpoint, outbox
from storage.sets import ROWS_A_STATEMENT, batched

WAITING, DELIVERED, DEAD = "waiting", "delivered", "dead"


@dataclass(frozen=True, slots=True)
class Queued:
    """One message, ready to be sent."""

    position: int
    case_id: int
    message: str
    body: str


@dataclass(frozen=True, slots=True)
class Claimed:
    """One message that this deliverer sends now."""

    id: int
    message: str
    body: str
    tries: int


def told_before(connection: Connection, endpoint_id: int, case_ids: Collection[int]) -> set[int]:
    """Of these cases, find those of which an endpoint was told something: it must hear what became of them."""
    found: set[int] = set()
    for part in batched(sorted(set(case_ids)), ROWS_A_STATEMENT):
        mine = (delivery.c.endpoint_id == endpoint_id, delivery.c.case_id.in_(part))
        found.update(connection.scalars(select(delivery.c.case_id).where(*mine).distinct()))
    return found


def queue(connection: Connection, endpoint_id: int, messages: Collection[Queued], at: datetime) -> None:
    """Append messages for an endpoint."""
    rows = [
        {
            "endpoint_id": endpoint_id,
            "position": one.position,
            "case_id": one.case_id,
            "message": one.message,
            "body": one.body,
            "next_at": at,
            "queued_at": at,
        }
        for one in messages
    ]
    if rows:
        connection.execute(insert(delivery), rows)


def claim(
    connection: Connection, endpoint_id: int, lease: str, until: datetime, now: datetime, most: int
) -> list[Claimed]:
    """Lease what is due, of each case only the earliest."""
    due = (
        select(delivery.c.id)
        .where(delivery.c.endpoint_id == endpoint_id, *_due(now))
        .order_by(delivery.c.id)
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    ids = connection.scalars(due).all()
    if not ids:
        return []
    # The rows are locked, and a statement after the lock sees what whoever held them before us made of them.
    rows = connection.execute(
        update(delivery)
        .where(delivery.c.id.in_(ids), delivery.c.state == WAITING, _free(now))
        .values(lease=lease, leased_until=until)
        .returning(delivery.c.id, delivery.c.message, delivery.c.body, delivery.c.tries)
    ).all()
    return [Claimed(row.id, row.message, row.body, row.tries) for row in sorted(rows, key=lambda row: int(row.id))]


def ready(connection: Connection, now: datetime) -> list[int]:
    """List the endpoints for which there is something to do: to read on in the feed, or to send."""
    behind = endpoint.c.position < select(func.max(outbox.c.position)).scalar_subquery()
    waits = exists().where(delivery.c.endpoint_id == endpoint.c.id, *_due(now))
    rested = or_(endpoint.c.paused_until.is_(None), endpoint.c.paused_until <= now)
    enabled = endpoint.c.disabled_because == ""
    query = select(endpoint.c.id).where(enabled, rested, or_(behind, waits)).order_by(endpoint.c.id)
    return list(connection.scalars(query))


def _due(now: datetime) -> tuple[ColumnElement[bool], ...]:
    """Say which messages may be sent now: what waits for an earlier one of its case may not."""
    earlier = delivery.alias("earlier")
    before = exists().where(
        earlier.c.endpoint_id == delivery.c.endpoint_id,
        earlier.c.case_id == delivery.c.case_id,
        earlier.c.id < delivery.c.id,
        earlier.c.state == WAITING,
    )
    return delivery.c.state == WAITING, delivery.c.next_at <= now, _free(now), ~before


def _free(now: datetime) -> ColumnElement[bool]:
    return or_(delivery.c.leased_until.is_(None), delivery.c.leased_until <= now)


def delivered(connection: Connection, ids: Collection[int], lease: str, at: datetime) -> None:
    """Note what was taken."""
    for part in batched(sorted(ids), ROWS_A_STATEMENT):
        values = {"state": DELIVERED, "delivered_at": at, "lease": None, "leased_until": None, "error": ""}
        mine = (delivery.c.id.in_(part), delivery.c.lease == lease)
        connection.execute(update(delivery).where(*mine).values(**values, tries=delivery.c.tries + 1))


def released(connection: Connection, ids: Collection[int], lease: str) -> None:
    """Give back what was not tried."""
    for part in batched(sorted(ids), ROWS_A_STATEMENT):
        mine = (delivery.c.id.in_(part), delivery.c.lease == lease)
        connection.execute(update(delivery).where(*mine).values(lease=None, leased_until=None))


def failed(connection: Connection, delivery_id: int, lease: str, error: str, next_at: datetime | None) -> None:
    """Note a try that failed; without another one to come the message is dead."""
    values: dict[str, Any] = {"tries": delivery.c.tries + 1, "error": error, "lease": None, "leased_until": None}
    values |= {"state": DEAD} if next_at is None else {"next_at": next_at}
    connection.execute(update(delivery).where(delivery.c.id == delivery_id, delivery.c.lease == lease).values(**values))


def replay(connection: Connection, endpoint_id: int, at: datetime, *, after: int | None = None) -> int:
    """Have messages sent again under their ids: the dead ones, or all after a cursor. Returns how many."""
    again = (
        delivery.c.state == DEAD
        if after is None
        else and_(delivery.c.state.in_((DEAD, DELIVERED)), delivery.c.position > after)
    )
    values = {"state": WAITING, "tries": 0, "next_at": at, "error": ""}
    return connection.execute(
        update(delivery).where(delivery.c.endpoint_id == endpoint_id, again).values(**values)
    ).rowcount


def counts(connection: Connection, endpoint_id: int) -> dict[str, int]:
    """Count an endpoint's messages by state."""
    mine = select(delivery.c.state, func.count()).where(delivery.c.endpoint_id == endpoint_id)
    found = {state: int(count) for state, count in connection.execute(mine.group_by(delivery.c.state)).all()}
    return {state: found.get(state, 0) for state in (WAITING, DELIVERED, DEAD)}


def dead(connection: Connection, endpoint_id: int) -> Iterator[dict[str, Any]]:
    """Yield the messages that were given up, with their last error."""
    shown = (delivery.c.position, delivery.c.case_id, delivery.c.message, delivery.c.tries, delivery.c.error)
    query = select(*shown).where(delivery.c.endpoint_id == endpoint_id, delivery.c.state == DEAD)
    for row in connection.execute(query.order_by(delivery.c.id)):
        yield dict(row._mapping)
