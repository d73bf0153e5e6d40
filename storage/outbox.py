"""The transactional outbox: a candidate's document is written in the transaction that changed its case.

The row id is the feed's cursor. Writers take a lock until they commit, so that ids become visible in their order and a
reader that remembers the last id it saw misses nothing.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select, text

from storage.models import outbox

IN_ORDER = 0x0FA15E770  # the advisory lock that PostgreSQL's writers take
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
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": IN_ORDER})
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


def since(connection: Connection, cursor: int, limit: int | None = None) -> Iterator[tuple[int, str]]:
    """Yield (cursor, document) of everything written after a cursor, oldest first."""
    left = limit
    while left is None or left > 0:
        size = ROWS_A_READ if left is None else min(ROWS_A_READ, left)
        rows = connection.execute(
            select(outbox.c.id, outbox.c.document).where(outbox.c.id > cursor).order_by(outbox.c.id).limit(size)
        ).all()
        for row in rows:
            yield row.id, row.document
        if len(rows) < size:
            return
        cursor, left = rows[-1].id, None if left is None else left - len(rows)


def events_of(connection: Connection, case_id: int) -> int:
    """Return the number of the last event written about a case; earlier ones may have been kept no longer."""
    newest = select(outbox.c.idempotency_key).where(outbox.c.case_id == case_id).order_by(outbox.c.id.desc()).limit(1)
    return int((connection.scalar(newest) or "0").rpartition("-")[2])
