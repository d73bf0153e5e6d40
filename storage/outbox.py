"""The transactional outbox: a candidate's document is written in the transaction that changed its case.

A row's position is the feed's cursor. It is given after the commit, by one sequencer at a time that sees only committed
rows: a number given while writing (a row id) becomes visible out of order, and a reader that remembers the last one it
saw would miss what committed later. Writers wait for nobody.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, insert, select, text

from storage.models import outbox

IN_ORDER = 0x0FA15E770  # the advisory lock that PostgreSQL's sequencers take
ROWS_A_READ = 500


@dataclass(frozen=True, slots=True)
class Entry:
    """One new or changed case, ready to be read by a detection system."""

    case_id: int
    event: str
    idempotency_key: str
    document: str


def write(connection: Connection, entries: Sequence[Entry], at: datetime) -> None:
    """Append documents; the same idempotency key twice is a fault of ours and raises."""
    if not entries:
        return
    connection.execute(
        insert(outbox),
        [
            {
                "case_id": e.case_id,
                "event": e.event,
                "idempotency_key": e.idempotency_key,
                "document": e.document,
                "written_at": at,
            }
            for e in entries
        ],
    )


_PLACE = text(
    """UPDATE outbox SET position = given.position FROM (
        SELECT id, (SELECT coalesce(max(position), 0) FROM outbox) + row_number() OVER (ORDER BY id) AS position
        FROM outbox WHERE position IS NULL) AS given
    WHERE outbox.id = given.id AND outbox.position IS NULL"""
)


def sequence(connection: Connection) -> int:
    """Give positions to what was committed since the last time, and say to how many; in a transaction of its own."""
    if connection.dialect.name == "postgresql":
        # The statement after the lock sees what the sequencer before us committed.
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": IN_ORDER})
    return connection.execute(_PLACE).rowcount


def unplaced(connection: Connection) -> bool:
    """Tell whether something waits for its position."""
    return connection.scalar(select(outbox.c.id).where(outbox.c.position.is_(None)).limit(1)) is not None


def newest(connection: Connection) -> int:
    """Return the greatest position given; 0 before the first."""
    return connection.scalar(select(func.max(outbox.c.position))) or 0


def since(connection: Connection, cursor: int, limit: int | None = None) -> Iterator[tuple[int, str]]:
    """Yield (cursor, document) of everything that took its place after a cursor, in the order of places."""
    left = limit
    while left is None or left > 0:
        size = ROWS_A_READ if left is None else min(ROWS_A_READ, left)
        rows = connection.execute(
            select(outbox.c.position, outbox.c.document)
            .where(outbox.c.position > cursor)
            .order_by(outbox.c.position)
            .limit(size)
        ).all()
        for row in rows:
            yield row.position, row.document
        if len(rows) < size:
            return
        cursor, left = rows[-1].position, None if left is None else left - len(rows)


def events_of(connection: Connection, case_id: int) -> int:
    """Return the number of the last event written about a case; earlier ones may have been kept no longer."""
    newest = select(outbox.c.idempotency_key).where(outbox.c.case_id == case_id).order_by(outbox.c.id.desc()).limit(1)
    return int((connection.scalar(newest) or "0").rpartition("-")[2])
