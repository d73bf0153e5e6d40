"""Where a store's real schema differs from what this version's models say, in sentences.

What should be is made from the models in an empty place (SQLite in memory; on PostgreSQL a schema that is rolled back)
and read back by the same means as the store itself, so that both are spelt alike.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, inspect, text

from storage.models import metadata
from storage.views import VIEWS, create_views

Parts = Mapping[str, str]  # what a table is made of: "column name" -> "TEXT NOT NULL"
REFERENCE = "falsetto_reference"
LONG = 120  # of a view's query, nobody wants to read two


def differences(engine: Engine) -> list[str]:
    """Say what a store's tables and views lack, have too much or have otherwise; an empty list is a store in order."""
    wanted, real = _both(engine)
    return [
        sentence
        for name in sorted(wanted)
        for sentence in ([f"{name} is missing"] if name not in real else _of_one(name, wanted[name], real[name]))
    ]


def _of_one(name: str, wanted: Parts, real: Parts) -> Iterator[str]:
    for part in sorted({*wanted, *real}):
        if part not in real:
            yield f"{name}: {part} is missing"
        elif part not in wanted:
            yield f"{name}: {part} is none of this version's"
        elif wanted[part] != real[part]:
            yield (
                f"{name}: {part} is {real[part]}, not {wanted[part]}"
                if len(wanted[part]) < LONG
                else f"{name}: {part} is another"
            )


def _both(engine: Engine) -> tuple[dict[str, Parts], dict[str, Parts]]:
    if engine.dialect.name == "sqlite":
        empty = create_engine("sqlite://")
        with empty.begin() as reference:
            metadata.create_all(reference)
            create_views(reference)
            wanted = _described(reference)
        empty.dispose()
        with engine.connect() as connection:
            return wanted, _described(connection)
    with (
        engine.connect().execution_options(postgresql_readonly=False) as connection,
        connection.begin() as transaction,
    ):
        real = _described(connection)
        connection.execute(text(f"CREATE SCHEMA {REFERENCE}"))
        connection.execute(text(f"SET LOCAL search_path TO {REFERENCE}"))
        metadata.create_all(connection, checkfirst=False)
        create_views(connection)
        wanted = _described(connection, REFERENCE)
        transaction.rollback()
    return wanted, real


def _described(connection: Connection, schema: str | None = None) -> dict[str, Parts]:
    found = inspect(connection)
    views = {f"view {name}": {"its query": query} for name, query in _views(connection)}
    tables = {f"table {name}": _table(found, name, schema) for name in found.get_table_names(schema)}
    return {**tables, **views}


def _views(connection: Connection) -> Iterator[tuple[str, str]]:
    if connection.dialect.name == "sqlite":
        rows = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'view'"))
    else:
        rows = connection.execute(text("SELECT viewname, definition FROM pg_views WHERE schemaname = current_schema()"))
    for name, query in rows:
        if name in VIEWS:
            yield name, _spelt(query)


def _table(found: Any, name: str, schema: str | None) -> dict[str, str]:
    parts = {}
    for column in found.get_columns(name, schema):
        kind = column["type"].compile(found.dialect)
        null = "" if column["nullable"] else " NOT NULL"
        default = _default(column["default"])
        parts[f"column {column['name']}"] = f"{kind}{null}{f' DEFAULT {default}' if default else ''}"
    parts["primary key"] = ", ".join(found.get_pk_constraint(name, schema)["constrained_columns"])
    for index in found.get_indexes(name, schema):
        if "duplicates_constraint" not in index:
            where = {key: str(value) for key, value in index.get("dialect_options", {}).items() if "where" in key}
            kind = "unique on" if index["unique"] else "on"
            parts[f"index {index['name']}"] = _spelt(
                f"{kind} {', '.join(map(str, index['column_names']))} {' '.join(where.values())}"
            )
    for unique in found.get_unique_constraints(name, schema):
        parts[f"constraint {unique['name']}"] = f"unique on {', '.join(unique['column_names'])}"
    for key in found.get_foreign_keys(name, schema):
        there = f"{key['referred_table']} ({', '.join(key['referred_columns'])})"
        parts[f"reference of {', '.join(key['constrained_columns'])}"] = f"to {there}"
    for rule in found.get_check_constraints(name, schema):
        parts[f"constraint {rule['name']}"] = _spelt(rule["sqltext"])
    return parts


def _default(written: str | None) -> str:
    return re.sub(rf'"?{REFERENCE}"?\.', "", written or "").strip("()")


def _spelt(query: str) -> str:
    return " ".join(query.split())
