"""Who changed what, and when: appended in the transaction of the change, never edited."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from storage.models import audit

COMMAND_LINE = "command line"


def note(connection: Connection, who: str, action: str, subject: str, at: datetime, note: str = "") -> None:
    """Append one change."""
    connection.execute(insert(audit).values(at=at, who=who, action=action, subject=subject, note=note))


def since(connection: Connection, after: int, limit: int) -> Iterator[dict[str, Any]]:
    """Yield changes after one of them, oldest first."""
    for row in connection.execute(select(audit).where(audit.c.id > after).order_by(audit.c.id).limit(limit)):
        yield dict(row._mapping)
