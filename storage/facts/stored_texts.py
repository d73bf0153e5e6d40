"""Every name, title and credit in the store, in batches: so that an artist added later is met without a new crawl.

A credit that says what its profile is called says nothing new and is left out; one without a profile ("Tribute to Ada
Quill" by Various Artists) is here like any other. A track that is called like its release is left out too. Reads only.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, literal, null, or_, select

from storage.models import credit, profile, release, track

BATCH = 10_000


@dataclass(frozen=True, slots=True)
class StoredText:
    """One text, and what bears it."""

    kind: str  # name, title, credit
    text: str
    platform: str
    profile_id: int | None  # row ids
    release_id: int | None
    track_id: int | None


@dataclass(frozen=True, slots=True)
class Cursor:
    """How far somebody has read: in which table, and up to which row; tables are read in the order of QUERIES."""

    table: str = "profile"
    row_id: int = 0


def stored_texts(
    connection: Connection, since: Cursor | None = None, size: int = BATCH
) -> Iterator[tuple[Cursor, list[StoredText]]]:
    """Yield batches, each with the cursor behind it: an interrupted reader goes on from the last it finished."""
    since = since or Cursor()
    tables = list(QUERIES)
    for table in tables[tables.index(since.table) :]:
        after = since.row_id if table == since.table else 0
        while True:
            query = QUERIES[table]
            row_id = query.selected_columns[0]
            rows = connection.execute(query.where(row_id > after).order_by(row_id).limit(size)).all()
            if not rows:
                break
            after = rows[-1][0]
            yield Cursor(table, after), [StoredText(*row[1:]) for row in rows]


def _named() -> Select[Any]:
    return select(
        profile.c.id, literal("name"), profile.c.name, profile.c.platform, profile.c.id, null(), null()
    ).where(profile.c.name != "")


def _titled() -> Select[Any]:
    return select(
        release.c.id, literal("title"), release.c.title, release.c.platform, null(), release.c.id, null()
    ).where(release.c.title != "")


def _tracked() -> Select[Any]:
    return (
        select(track.c.id, literal("title"), track.c.title, track.c.platform, null(), track.c.release_id, track.c.id)
        .join(release, release.c.id == track.c.release_id)
        .where(track.c.gone_at.is_(None), track.c.title_key != release.c.title_key)
    )


def _credited() -> Select[Any]:
    return (
        select(
            credit.c.id,
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


QUERIES = {"profile": _named(), "release": _titled(), "track": _tracked(), "credit": _credited()}
