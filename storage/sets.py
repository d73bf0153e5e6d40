"""Small set-based inserts that mind what is there already, the same on both engines."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import BindParameter, Connection, Select, Table, TextClause, bindparam, text
from sqlalchemy.dialects import postgresql, sqlite

ROWS_A_STATEMENT = 400

Row = Mapping[str, Any]
T = TypeVar("T")


def several(name: str) -> "BindParameter[Any]":
    """Stand in a statement that is built once for the values that an IN is given with each execution."""
    return bindparam(name, expanding=True)


def dialect_insert(connection: Connection, table: Table) -> Any:
    """Return the engine's own INSERT, which knows ON CONFLICT."""
    maker = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    return maker(table)


def batched(rows: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """Split rows into runs of at most `size`."""
    for start in range(0, len(rows), size):
        yield rows[start : start + size]


def sets_by_id(
    connection: Connection, ids: Iterable[int], query: Callable[[Sequence[int]], Select[int, Any]]
) -> dict[int, set[Any]]:
    """Map ids to all that a query for some of them, which selects (id, value), finds for each."""
    found: dict[int, set[Any]] = {}
    for part in batched(sorted(set(ids)), ROWS_A_STATEMENT):
        for id_, value in connection.execute(query(part)):
            found.setdefault(id_, set()).add(value)
    return found


def insert_missing(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Insert the rows that are not there yet and leave the others as they are; all rows name the same columns."""
    if not rows:
        return
    if connection.dialect.name == "postgresql":
        columns = tuple(rows[0])
        arrays = {f"k{n}": [row[name] for row in rows] for n, name in enumerate(columns)}
        connection.execute(_from_arrays(table, columns), arrays)
    else:
        connection.execute(dialect_insert(connection, table).on_conflict_do_nothing(), [dict(row) for row in rows])


@cache
def _from_arrays(table: Table, columns: tuple[str, ...]) -> TextClause:
    """Insert rows that come as one array for each column: one statement, planned once, whatever their number."""
    names = ", ".join(f'"{name}"' for name in columns)
    return text(
        f"INSERT INTO {table.name} ({names}) SELECT * FROM unnest({_arrays(table, columns)}) ON CONFLICT DO NOTHING"
    )


def _arrays(table: Table, columns: Sequence[str]) -> str:
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    kinds = [table.c[name].type.compile(dialect) for name in columns]
    return ", ".join(f"CAST(:k{n} AS {kind}[])" for n, kind in enumerate(kinds))


def ids_by_key(
    connection: Connection, table: Table, columns: Sequence[str], keys: Sequence[tuple[Any, ...]]
) -> dict[tuple[Any, ...], int]:
    """Find the ids of rows by a natural key of several columns, in one join against the set of keys."""
    if not keys:
        return {}
    if connection.dialect.name == "postgresql":
        values: dict[str, Any] = {f"k{n}": list(part) for n, part in enumerate(zip(*keys, strict=True))}
    else:
        values = {"keys": json.dumps(keys)}
    rows = connection.execute(_by_key(connection.dialect.name, table, tuple(columns)), values)
    return {tuple(row[1:]): row[0] for row in rows}


@cache
def _by_key(engine: str, table: Table, columns: tuple[str, ...]) -> TextClause:
    """Join a table with keys, given as arrays or as JSON, so that its unique index is walked once for each key."""
    if engine == "postgresql":
        names = [f"c{n}" for n in range(len(columns))]
        met = " AND ".join(f"{name} = k.{key}" for name, key in zip(columns, names, strict=True))
        # LATERAL with a LIMIT keeps PostgreSQL from reading the table whole while it does not know how large it grew
        return text(
            f"SELECT t.id, {', '.join(f'k.{key}' for key in names)} "
            f"FROM unnest({_arrays(table, columns)}) AS k({', '.join(names)}) "
            f"CROSS JOIN LATERAL (SELECT id FROM {table.name} WHERE {met} LIMIT 1) AS t"
        )
    # CROSS keeps SQLite from walking the table and looking into the set for each row
    met = " AND ".join(f"t.{name} = json_extract(k.value, '$[{n}]')" for n, name in enumerate(columns))
    wanted = ", ".join(f"t.{name}" for name in ("id", *columns))
    return text(f"SELECT {wanted} FROM json_each(:keys) AS k CROSS JOIN {table.name} t ON {met}")
