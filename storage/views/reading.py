"""One statement that reads, whatever it says: nothing that it holds can write, on either engine.

SQLite asks an authorizer for every step of a statement. On PostgreSQL the transaction is read-only and the statement is
what a cursor is declared for. That can be one query alone: no command such as COPY, which a read-only transaction lets
write files and start programs, and no second statement behind the end of the transaction.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine

ROWS_AT_ONCE = 1000
ALLOWED = {
    sqlite3.SQLITE_SELECT,
    sqlite3.SQLITE_READ,
    sqlite3.SQLITE_FUNCTION,
    sqlite3.SQLITE_RECURSIVE,
}
PRAGMAS = {"table_info", "table_xinfo", "index_list", "index_info"}
STEPS = 100_000  # of SQLite's machine, after which Python may hear that somebody interrupts


class NotRead(Exception):
    """The statement is none, or would do more than read; the message is the database's."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a statement gives: its columns, and its rows as they are read."""

    columns: tuple[str, ...]
    rows: Iterator[Sequence[Any]]


@contextmanager
def answered(engine: Engine, statement: str) -> Iterator[Answer]:
    """Read one statement in a transaction of its own, which is always rolled back."""
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            with _sqlite(connection, statement) as answer:
                yield answer
        else:
            with _postgresql(connection, statement) as answer:
                yield answer


@contextmanager
def _sqlite(connection: Connection, statement: str) -> Iterator[Answer]:
    driver = connection.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)

    def allowed(step: int, what: str | None, value: str | None, *_: str | None) -> int:
        looks = step == sqlite3.SQLITE_PRAGMA and (what or "").lower() in PRAGMAS
        return sqlite3.SQLITE_OK if step in ALLOWED or looks else sqlite3.SQLITE_DENY

    driver.set_authorizer(allowed)
    driver.set_progress_handler(lambda: 0, STEPS)
    try:
        cursor = driver.execute(statement)
        if cursor.description is None:
            raise NotRead("a statement that gives rows was expected")
        yield Answer(tuple(column[0] for column in cursor.description), _batches(cursor))
    except sqlite3.DatabaseError as fault:
        said = "only reading is allowed here" if "not authorized" in str(fault) else str(fault)
        raise NotRead(said) from None
    except sqlite3.Warning as fault:  # two statements at once
        raise NotRead(str(fault)) from None
    finally:
        driver.set_progress_handler(None, 0)
        driver.set_authorizer(None)


def _batches(cursor: sqlite3.Cursor) -> Iterator[Sequence[Any]]:
    while rows := cursor.fetchmany(ROWS_AT_ONCE):
        yield from rows


@contextmanager
def _postgresql(connection: Connection, statement: str) -> Iterator[Answer]:
    import psycopg

    driver = connection.connection.driver_connection
    assert isinstance(driver, psycopg.Connection)
    try:
        driver.rollback()
        driver.read_only = True
        driver.execute("SET LOCAL TIME ZONE 'UTC'")
        driver.execute("SET LOCAL cursor_tuple_fraction = 1")  # the plan is for all rows, not for the first
        with driver.cursor("answer") as cursor:
            cursor.itersize = ROWS_AT_ONCE
            cursor.execute(statement.encode())
            yield Answer(tuple(column.name for column in cursor.description or ()), cursor)
    except psycopg.Error as fault:
        raise NotRead(str(fault).strip()) from None
    finally:
        connection.invalidate()  # whatever the statement did to its session ends with it
