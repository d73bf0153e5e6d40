"""The census lists as they are kept: the top of what stood on and near each artist's pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from storage.models import artist, case, census


@dataclass(frozen=True, slots=True)
class Row:
    """One place of a list."""

    artist_id: int
    group_id: int
    kind: str  # release or profile
    score: float
    bits: float
    title: str
    evidence: str  # JSON
    rule_version: str


def keep(connection: Connection, artist_id: int, rows: Sequence[Row], at: datetime) -> None:
    """Put an artist's list in the place of the one before."""
    connection.execute(delete(census).where(census.c.artist_id == artist_id))
    values = [
        {name: getattr(row, name) for name in Row.__dataclass_fields__} | {"place": place, "judged_at": at}
        for place, row in enumerate(rows, 1)
    ]
    if values:
        connection.execute(insert(census), values)


def listed(connection: Connection, artist_name: str | None = None, limit: int | None = None) -> list[dict[str, Any]]:
    """List what stands there, most unlike first, with the case that somebody opened on it."""
    query = (
        select(
            artist.c.name.label("artist"),
            census,
            case.c.id.label("case_id"),
            case.c.status.label("status"),
        )
        .join(artist, artist.c.id == census.c.artist_id)
        .outerjoin(
            case,
            (case.c.artist_id == census.c.artist_id)
            & (case.c.group_id == census.c.group_id)
            & (case.c.kind == census.c.kind),
        )
        .order_by(census.c.bits.desc(), census.c.artist_id, census.c.place)
    )
    if artist_name is not None:
        query = query.where(artist.c.name == artist_name)
    if limit is not None:
        query = query.limit(limit)
    return [dict(row._mapping) for row in connection.execute(query)]
