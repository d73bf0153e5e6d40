"""Views of the queue that a team shares, and reminders that are one's own."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from storage.models import case, reminder, saved_view


class NameTaken(Exception):
    """There is a shared view of that name."""


def views(connection: Connection) -> list[dict[str, Any]]:
    """List the shared views by name."""
    return [dict(row._mapping) for row in connection.execute(select(saved_view).order_by(saved_view.c.name))]


def save(connection: Connection, name: str, query: str, who: str, at: datetime) -> None:
    """Share a view, or raise NameTaken."""
    if connection.scalar(select(saved_view.c.id).where(saved_view.c.name == name)) is not None:
        raise NameTaken(f"there is a view named {name!r}")
    connection.execute(insert(saved_view).values(name=name, query=query, who=who, saved_at=at))


def drop(connection: Connection, number: int) -> str | None:
    """Take a shared view away; return its name."""
    taken = delete(saved_view).where(saved_view.c.id == number).returning(saved_view.c.name)
    return connection.execute(taken).scalar_one_or_none()


def remind(connection: Connection, case_id: int, who: str, due_at: datetime, at: datetime) -> None:
    """Remind somebody of a case; a later word replaces the one before."""
    mine = (reminder.c.case_id == case_id, reminder.c.who == who)
    values = {"due_at": due_at, "made_at": at, "done_at": None}
    if connection.execute(update(reminder).where(*mine).values(**values)).rowcount == 0:
        connection.execute(insert(reminder).values(case_id=case_id, who=who, **values))


def forget(connection: Connection, case_id: int, who: str, at: datetime) -> None:
    """Remind somebody of a case no longer."""
    mine = (reminder.c.case_id == case_id, reminder.c.who == who, reminder.c.done_at.is_(None))
    connection.execute(update(reminder).where(*mine).values(done_at=at))


def recall(connection: Connection, case_id: int, who: str, forgotten_at: datetime) -> None:
    """Remind somebody of a case again, if that was given up at a moment."""
    mine = (reminder.c.case_id == case_id, reminder.c.who == who, reminder.c.done_at == forgotten_at)
    connection.execute(update(reminder).where(*mine).values(done_at=None))


def reminded(connection: Connection, case_id: int, who: str) -> datetime | None:
    """Return when somebody wants to be reminded of a case."""
    mine = (reminder.c.case_id == case_id, reminder.c.who == who, reminder.c.done_at.is_(None))
    return connection.scalar(select(reminder.c.due_at).where(*mine))


def reminders(connection: Connection, who: str, by: datetime | None = None) -> list[dict[str, Any]]:
    """List somebody's reminders, those due by a moment or all, the earliest first."""
    query = (
        select(reminder.c.case_id, reminder.c.due_at, case.c.title, case.c.status)
        .join(case, case.c.id == reminder.c.case_id)
        .where(reminder.c.who == who, reminder.c.done_at.is_(None))
        .order_by(reminder.c.due_at)
    )
    if by is not None:
        query = query.where(reminder.c.due_at <= by)
    return [dict(row._mapping) for row in connection.execute(query)]
