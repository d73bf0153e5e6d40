"""What every table's columns are made of: moments, ids, references."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    ForeignKey,
    Integer,
    MetaData,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Moment(TypeDecorator[datetime]):
    """A moment in UTC; SQLite would return it naive."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive moments and store UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a moment without a time zone: {value!r}")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return it aware."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


BigId = BigInteger().with_variant(Integer, "sqlite")


def id_() -> Column[int]:
    """Make the column of a row's own number."""
    return Column("id", BigId, primary_key=True, autoincrement=True)


def to(table: str, *, nullable: bool = False, **more: Any) -> Column[int]:
    """Make a column that refers to a row of another table."""
    return Column(f"{table}_id", BigId, ForeignKey(f"{table}.id"), nullable=nullable, **more)


# PostgreSQL writes a new version of a row for every change: half-empty pages keep it beside the old one, so that moving
# last_seen_at touches no index. That is a sixth of the write-ahead log, in a file that would grow to this size anyway.
SEEN_AGAIN: dict[str, Any] = {"postgresql_with": {"fillfactor": 50}}


def seen() -> list[Column[datetime]]:
    """Make the columns of our own clock."""
    return [Column("first_seen_at", Moment, nullable=False), Column("last_seen_at", Moment, nullable=False)]


def gone() -> Column[datetime]:
    """Make the column of when something was no longer shown; null while it is."""
    return Column("gone_at", Moment, comment="a later whole answer no longer showed it; null while it is shown")
