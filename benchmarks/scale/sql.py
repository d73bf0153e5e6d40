"""What the two engines write differently when rows are made inside the database."""

from datetime import UTC, datetime

from sqlalchemy import Connection, text

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


class Maker:
    """Inserts rows made by one SELECT each, on either engine."""

    def __init__(self, connection: Connection) -> None:
        """Write through a connection that may write."""
        self.connection = connection
        self.postgresql = connection.dialect.name == "postgresql"

    def series(self, count: int) -> str:
        """Write a table of the numbers from 0 to count - 1, in a column i."""
        if self.postgresql:
            return f"(SELECT i FROM generate_series(0::bigint, {count - 1}::bigint) AS g(i))"
        return (
            f"(WITH RECURSIVE n(i) AS (SELECT 0 WHERE {count} > 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < {count})"
            " SELECT i FROM n)"
        )

    def ago(self, days: str) -> str:
        """Write the moment so many days before now."""
        seconds = f"{int(NOW.timestamp())} - ({days}) * 86400"
        if self.postgresql:
            return f"to_timestamp({seconds})"
        return f"strftime('%Y-%m-%d %H:%M:%f000', {seconds}, 'unixepoch')"

    def padded(self, number: str, width: int) -> str:
        """Write a number with leading zeros."""
        return f"lpad(({number})::text, {width}, '0')" if self.postgresql else f"printf('%0{width}d', {number})"

    def insert(self, table: str, columns: str, query: str) -> int:
        """Insert what a query gives."""
        return self.connection.execute(text(f"INSERT INTO {table} ({columns}) {query}".replace(":", "\\:"))).rowcount

    def after_ids(self, *tables: str) -> None:
        """Let PostgreSQL's sequences go on after the ids that were given."""
        if self.postgresql:
            for table in tables:
                self.connection.execute(
                    text(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))")
                )
