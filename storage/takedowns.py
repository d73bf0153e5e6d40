"""What people reported to platforms: when, under which ticket, by when an answer is due, and what came of it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from storage import cases
from storage.models import takedown

ANSWERS = ("removed", "refused", "other")


class NoSuchReport(Exception):
    """There is no such report, or it is answered."""


def reported(connection: Connection, case_id: int, values: Mapping[str, Any], at: datetime) -> int:
    """Keep a report, or raise NoSuchCase; return its number."""
    row = cases.find(connection, case_id)
    number = connection.execute(insert(takedown).values(case_id=row.id, **values).returning(takedown.c.id)).scalar_one()
    said = f"to {values['platform']} as {values['ground']} by {values['reported_by']}"
    cases.note(connection, row, "reported", at, said)
    return int(number)


def answered(connection: Connection, number: int, answer: str, note: str, at: datetime) -> int:
    """Keep what a platform answered, or raise NoSuchReport; return the case."""
    waits = takedown.c.id == number, takedown.c.answered_at.is_(None)
    row = connection.execute(select(takedown).where(*waits)).first()
    if row is None:
        raise NoSuchReport(f"there is no report {number} that waits for an answer; see falsetto cases reports")
    said = {"answered_at": at, "answer": answer, "note": note or row.note}
    connection.execute(update(takedown).where(takedown.c.id == number).values(**said))
    cases.note(connection, cases.find(connection, row.case_id), "answered", at, f"{row.platform}: {answer}")
    return int(row.case_id)
