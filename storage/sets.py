"""Small set-based inserts that mind what is there already, the same on both engines."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import Connection, Table, select, tuple_
from sqlalchemy.dialects import postgresql, sqlite

ROWS_A_STATEMENT = 400

Row = Mapping[str, Any]
T = TypeVar("T")


def dialect_insert(connection: Connection, table: Table) -> Any:
    """Return the engine's own INSERT, which knows ON CONFLICT."""
    maker = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    return maker(table)


def batched(rows: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """Split rows into runs of at most `size`."""
    for start in range(0, len(rows), size):
        yield rows[start : start + size]


def insert_missing(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Insert the rows that are not there yet and leave the others as they are."""
    put = dialect_insert(connection, table).on_conflict_do_nothing()  # the rows go beside it: it is compiled once
    for part in batched(rows, ROWS_A_STATEMENT):
        connection.execute(put, [dict(row) for row in part])


def ids_by_key(
    connection: Connection, table: Table, columns: Sequence[str], keys: Sequence[tuple[Any, ...]]
) -> dict[tuple[Any, ...], int]:
    """Find the ids of rows by a natural key of several columns."""
    found: dict[tuple[Any, ...], int] = {}
    wanted = [table.c[column] for column in columns]
    for part in batched(keys, ROWS_A_STATEMENT):
        for row in connection.execute(select(table.c.id, *wanted).where(tuple_(*wanted).in_(part))):
            found[tuple(row[1:])] = row[0]
    return found
