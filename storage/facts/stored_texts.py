"""Every name, title and credit in the store, in pieces: so that an artist added later is met without a new crawl.

A credit that says what its profile is called says nothing new and is left out; one without a profile ("Tribute to Ada
Quill" by Various Artists) is here like any other. A track that is called like its release is left out too. Reads only.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, Table, func, literal, null, or_, select

from storage.latecomers import PLACES, Cursor
from storage.models import credit, profile, release, track

PIECE = 5_000  # rows


@dataclass(frozen=True, slots=True)
class StoredText:
    """One text, and what bears it."""

    kind: str  # name, title, credit
    text: str
    platform: str
    profile_id: int | None  # row ids
    release_id: int | None
    track_id: int | None


def piece(
    connection: Connection, since: Cursor, size: int = PIECE, until: Cursor | None = None
) -> tuple[Cursor | None, list[StoredText]]:
    """Read the next rows, at most so many and not beyond a place; return where to go on (None: that was the end)."""
    for place in PLACES[PLACES.index(since.table) :]:
        after = since.row_id if place == since.table else 0
        key = TABLES[place].c.id
        rows = select(key).where(key > after)
        if until is not None and until.table == place:
            rows = rows.where(key <= until.row_id)
        last = connection.scalar(select(func.max(rows.order_by(key).limit(size).subquery().c.id)))
        if last is not None:
            query = QUERIES[place].where(key > after, key <= last).order_by(key)
            return Cursor(place, last), [StoredText(*row) for row in connection.execute(query)]
        if until is not None and until.table == place:
            return until, []
    return None, []


def share_read(connection: Connection, cursor: Cursor) -> float:
    """Say which share of all rows a reading has behind it, by their numbers: counting would read them all."""
    last = [connection.scalar(select(func.max(TABLES[place].c.id))) or 0 for place in PLACES]
    table, row_id = cursor.order
    return (sum(last[:table]) + row_id) / (sum(last) or 1)


def _named() -> Select[Any]:
    return select(literal("name"), profile.c.name, profile.c.platform, profile.c.id, null(), null()).where(
        profile.c.name != ""
    )


def _titled() -> Select[Any]:
    return select(literal("title"), release.c.title, release.c.platform, null(), release.c.id, null()).where(
        release.c.title != ""
    )


def _tracked() -> Select[Any]:
    return (
        select(literal("title"), track.c.title, track.c.platform, null(), track.c.release_id, track.c.id)
        .join(release, release.c.id == track.c.release_id)
        .where(track.c.gone_at.is_(None), track.c.title_key != release.c.title_key)
    )


def _credited() -> Select[Any]:
    return (
        select(
            literal("credit"),
            credit.c.name,
            release.c.platform,
            credit.c.profile_id,
            credit.c.release_id,
            credit.c.track_id,
        )
        .join(release, release.c.id == credit.c.release_id)
        .outerjoin(profile, profile.c.id == credit.c.profile_id)
        .where(credit.c.gone_at.is_(None), or_(profile.c.id.is_(None), profile.c.name != credit.c.name))
    )


TABLES: dict[str, Table] = {"profile": profile, "release": release, "track": track, "credit": credit}
QUERIES = {"profile": _named(), "release": _titled(), "track": _tracked(), "credit": _credited()}
