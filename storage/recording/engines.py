"""Rows in and out in sets, by the drivers' own fastest ways: the two engines behind one face.

SQL is written once, with `?` for values. Everything happens in the transaction of the connection that a port is made
for, and that transaction must have begun for writing: new ids are reserved before their rows are written.
"""

import json
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime
from functools import lru_cache, wraps
from typing import Any, Protocol, TypeVar

import psycopg
from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import DBAPIError

from storage.models import metadata

Rows = Sequence[tuple[Any, ...]]


class Port(Protocol):
    """What both engines can do."""

    def fetch(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """Read rows."""

    def run(self, statement: str, *values: Any) -> int:
        """Run one statement and count the rows it touched."""

    def run_each(self, statement: str, rows: Rows) -> None:
        """Run one statement per row, in one go."""

    def among(self, column: str) -> str:
        """Write the condition that a column is one of many values, given as one parameter."""

    def many(self, values: Iterable[Any]) -> Any:
        """Pack many values into that one parameter."""

    def moment(self, value: datetime) -> Any:
        """Return a moment as the engine keeps it; what it keeps can be compared."""

    def read_moment(self, kept: Any) -> datetime | None:
        """Return the moment that the engine kept."""

    def day(self, value: date | None) -> Any:
        """Return a date as the engine keeps it."""

    def reserve(self, table: str, count: int) -> Sequence[int]:
        """Reserve ids for new rows."""

    def insert(self, table: str, columns: Sequence[str], rows: Rows) -> None:
        """Insert rows that are known to be new."""

    def insert_shared(self, table: str, columns: Sequence[str], rows: Rows) -> int:
        """Insert rows that somebody else may insert at the same moment; count those that were ours."""

    def alone(self, what: str) -> None:
        """Wait until no other transaction writes what is named, and keep it so till this one ends."""


def port(connection: Connection) -> Port:
    """Reach through a connection that is in a transaction."""
    if not connection.in_transaction():
        raise RuntimeError("rows are written inside a transaction: use storage.database.writing")
    driver = connection.connection.driver_connection
    if isinstance(driver, sqlite3.Connection):
        return SqlitePort(driver, connection)
    assert isinstance(driver, psycopg.Connection)
    return PostgresPort(driver, connection)


P = TypeVar("P", bound=type)
EFFECTS = ("fetch", "run", "run_each", "reserve", "insert", "insert_shared", "alone")


def _as_sqlalchemy_says(cls: P) -> P:
    """Have a port's troubles raised as those of SQLAlchemy, so that whoever writes knows one kind of error only.

    A connection that was lost is marked as such: the pool forgets it and the next transaction gets a new one.
    """

    def wrapped(effect: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(effect)
        def called(port: Any, *values: Any) -> Any:
            try:
                return effect(port, *values)
            except (sqlite3.Error, psycopg.Error) as error:
                raise _told(port.connection, error) from error

        return called

    for name in EFFECTS:
        setattr(cls, name, wrapped(getattr(cls, name)))
    return cls


def _told(connection: Connection, error: sqlite3.Error | psycopg.Error) -> BaseException:
    dialect = connection.dialect
    lost = dialect.is_disconnect(error, connection.connection.dbapi_connection, None)  # type: ignore[arg-type]
    base = sqlite3.Error if isinstance(error, sqlite3.Error) else psycopg.Error
    told = DBAPIError.instance(
        "rows in sets", None, error, base, hide_parameters=True, connection_invalidated=lost, dialect=dialect
    )
    if lost:
        connection.invalidate(error)
    return told


@_as_sqlalchemy_says
class SqlitePort:
    """SQLite: executemany, and JSON for sets of values. Its write lock makes every transaction the only writer."""

    def __init__(self, driver: sqlite3.Connection, connection: Connection) -> None:
        """Share the driver's connection."""
        self._driver, self.connection = driver, connection

    def fetch(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """Read rows."""
        return self._driver.execute(query, values).fetchall()

    def run(self, statement: str, *values: Any) -> int:
        """Run one statement and count the rows it touched."""
        return self._driver.execute(statement, values).rowcount

    def run_each(self, statement: str, rows: Rows) -> None:
        """Run one statement per row, in one go."""
        self._driver.executemany(statement, rows)

    def among(self, column: str) -> str:
        """Write the condition that a column is one of many values, given as one parameter."""
        return f"{column} IN (SELECT value FROM json_each(?))"

    def many(self, values: Iterable[Any]) -> str:
        """Pack many values into that one parameter."""
        return json.dumps(list(values))

    def moment(self, value: datetime) -> str:
        """Return a moment as the engine keeps it: text whose order is that of time."""
        return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")

    def read_moment(self, kept: str | None) -> datetime | None:
        """Return the moment that the engine kept."""
        return None if kept is None else datetime.fromisoformat(kept).replace(tzinfo=UTC)

    def day(self, value: date | None) -> str | None:
        """Return a date as the engine keeps it."""
        return None if value is None else value.isoformat()

    def reserve(self, table: str, count: int) -> Sequence[int]:
        """Reserve ids for new rows: nobody else can write now."""
        last = self._driver.execute(f"SELECT coalesce(max(id), 0) FROM {table}").fetchone()[0]
        return range(last + 1, last + 1 + count)

    def insert(self, table: str, columns: Sequence[str], rows: Rows) -> None:
        """Insert rows that are known to be new."""
        self._driver.executemany(_insert(table, tuple(columns)), rows)

    def insert_shared(self, table: str, columns: Sequence[str], rows: Rows) -> int:
        """Insert rows; nobody else can insert at the same moment."""
        self.insert(table, columns, rows)
        return len(rows)

    def alone(self, what: str) -> None:
        """Nobody else can write now."""


@_as_sqlalchemy_says
class PostgresPort:
    """PostgreSQL: COPY for new rows, arrays for sets of values."""

    def __init__(self, driver: psycopg.Connection[Any], connection: Connection) -> None:
        """Share the driver's connection."""
        self._driver, self.connection = driver, connection

    def fetch(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """Read rows."""
        return self._driver.execute(_percent(query), values).fetchall()

    def run(self, statement: str, *values: Any) -> int:
        """Run one statement and count the rows it touched."""
        return self._driver.execute(_percent(statement), values).rowcount

    def run_each(self, statement: str, rows: Rows) -> None:
        """Run one statement per row, in one go."""
        with self._driver.cursor() as cursor:
            cursor.executemany(_percent(statement), rows)

    def among(self, column: str) -> str:
        """Write the condition that a column is one of many values, given as one parameter."""
        return f"{column} = ANY(?)"

    def many(self, values: Iterable[Any]) -> list[Any]:
        """Pack many values into that one parameter."""
        return list(values)

    def moment(self, value: datetime) -> datetime:
        """Return a moment as the engine keeps it."""
        return value

    def read_moment(self, kept: datetime | None) -> datetime | None:
        """Return the moment that the engine kept."""
        return kept

    def day(self, value: date | None) -> date | None:
        """Return a date as the engine keeps it."""
        return value

    def reserve(self, table: str, count: int) -> Sequence[int]:
        """Reserve ids for new rows, from the table's sequence."""
        query = b"SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)"
        return [row[0] for row in self._driver.execute(query, (table, count))]

    def insert(self, table: str, columns: Sequence[str], rows: Rows) -> None:
        """Insert rows that are known to be new."""
        with (
            self._driver.cursor() as cursor,
            cursor.copy(f"COPY {table} ({_names(tuple(columns))}) FROM STDIN".encode()) as copy,
        ):
            for row in rows:
                copy.write_row(row)

    def insert_shared(self, table: str, columns: Sequence[str], rows: Rows) -> int:
        """Insert rows that somebody else may insert at the same moment; count those that were ours."""
        arrays = [list(column) for column in zip(*rows, strict=True)]
        return self._driver.execute(_unnest(table, tuple(columns)), arrays).rowcount

    def alone(self, what: str) -> None:
        """Wait until no other transaction writes what is named, and keep it so till this one ends."""
        self._driver.execute(b"SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", (f"falsetto:{what}",))


def _names(columns: tuple[str, ...]) -> str:
    return ", ".join(f'"{column}"' for column in columns)


@lru_cache(256)
def _percent(statement: str) -> bytes:
    return statement.replace("?", "%s").encode()


@lru_cache(256)
def _insert(table: str, columns: tuple[str, ...]) -> str:
    return f"INSERT INTO {table} ({_names(columns)}) VALUES ({', '.join('?' * len(columns))})"


@lru_cache(256)
def _unnest(table: str, columns: tuple[str, ...]) -> bytes:
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    types = [metadata.tables[table].c[column].type.compile(dialect) for column in columns]
    arrays = ", ".join(f"%s::{kind}[]" for kind in types)
    return (f"INSERT INTO {table} ({_names(columns)}) SELECT * FROM unnest({arrays}) ON CONFLICT DO NOTHING").encode()
