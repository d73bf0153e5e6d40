"""How large a store is, table by table, with its indexes: what an operator asks before it is too late."""

from dataclasses import dataclass, replace

from sqlalchemy import Connection, text

from storage.models import metadata

SMALL = 1_000_000  # bytes: so little is counted at once
WALKABLE = 256_000_000  # bytes: SQLite tells a table's size by reading the whole file


@dataclass(frozen=True, slots=True)
class Size:
    """One table: about how many rows, and how many bytes with its indexes where that is quickly told."""

    table: str
    rows: int
    bytes: int | None


def sizes(connection: Connection) -> list[Size]:
    """List the tables, the largest first."""
    found = _sqlite(connection) if connection.dialect.name == "sqlite" else _postgresql(connection)
    return sorted(found, key=lambda size: (-(size.bytes or 0), -size.rows, size.table))


def whole(connection: Connection) -> int:
    """Return the bytes that the store takes in all."""
    if connection.dialect.name == "sqlite":
        query = "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"
    else:
        query = "SELECT pg_database_size(current_database())"
    return int(connection.scalar(text(query)) or 0)


def _postgresql(connection: Connection) -> list[Size]:
    rows = connection.execute(
        text(
            """SELECT c.relname, greatest(c.reltuples, s.n_live_tup, 0)::bigint, pg_total_relation_size(c.oid)
            FROM pg_class c LEFT JOIN pg_stat_user_tables s ON s.relid = c.oid
            WHERE c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace"""
        )
    )
    known = [Size(*row) for row in rows if row[0] in metadata.tables]
    return [size if (size.bytes or 0) > SMALL else _counted(connection, size) for size in known]


def _counted(connection: Connection, size: Size) -> Size:
    """Count a small table: the server's own estimate comes late, and is nothing until it comes."""
    return replace(size, rows=int(connection.scalar(text(f'SELECT count(*) FROM "{size.table}"')) or 0))


def _sqlite(connection: Connection) -> list[Size]:
    walked: dict[str, int] = {}
    if whole(connection) <= WALKABLE:
        query = """SELECT m.tbl_name, sum(d.pgsize) FROM dbstat d JOIN sqlite_master m ON m.name = d.name
            WHERE d.aggregate = TRUE GROUP BY m.tbl_name"""
        walked = dict(map(tuple, connection.execute(text(query))))
    return [
        Size(name, int(connection.scalar(text(f'SELECT max(rowid) FROM "{name}"')) or 0), walked.get(name))
        for name in metadata.tables
    ]
