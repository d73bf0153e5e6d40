"""Artists whose names came after much was stored: how far what is stored was read for them, and what was met there.

A reading goes through the tables of texts row by row. Whoever reads keeps what a piece brought and how far it went in
one transaction, so that a reader that dies is followed by another from that very row.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, func, select, update

from storage.models import artist, latecomer, resembling
from storage.sets import ROWS_A_STATEMENT, batched, dialect_insert, insert_missing

PLACES = ("profile", "release", "track", "credit")  # the tables of texts, in the order in which they are read

Met = tuple[int, str, int]  # artist, release or profile, its row id


@dataclass(frozen=True, slots=True)
class Cursor:
    """How far somebody has read: in which table, and up to which row."""

    table: str = PLACES[0]
    row_id: int = 0

    @property
    def order(self) -> tuple[int, int]:
        """Compare by this."""
        return (PLACES.index(self.table), self.row_id)


def want(connection: Connection, artist_ids: Collection[int], at: datetime) -> None:
    """Have artists held against all that is stored; one that is being held is begun anew."""
    rows = [{"artist_id": artist_id, "since": at} for artist_id in sorted(set(artist_ids))]
    put = dialect_insert(connection, latecomer)
    anew = {"place": PLACES[0], "row_id": 0, "turn": latecomer.c.turn + 1, "since": put.excluded.since}
    put = put.on_conflict_do_update(index_elements=["artist_id"], set_=anew)
    for part in batched(rows, ROWS_A_STATEMENT):
        connection.execute(put, part)


def follow(connection: Connection, twin_id: int, into_id: int, at: datetime) -> None:
    """Have an artist that another was merged into held against what is stored by all the names it has now."""
    for table in (latecomer, resembling):
        connection.execute(delete(table).where(table.c.artist_id == twin_id))
    want(connection, [into_id], at)


def furthest_back(connection: Connection) -> tuple[Cursor, dict[int, int]] | None:
    """Find where the reading stands that is furthest back, and for whom (artist id -> turn) it stands there."""
    first = _first(connection)
    if first is None:
        return None
    rows = connection.execute(
        select(latecomer.c.artist_id, latecomer.c.turn)
        .where(latecomer.c.place == first.table, latecomer.c.row_id == first.row_id)
        .order_by(latecomer.c.artist_id)
    )
    return first, {row.artist_id: row.turn for row in rows}


def _first(connection: Connection) -> Cursor | None:
    return min(_places(connection), key=lambda one: one.order, default=None)


def next_place(connection: Connection, after: Cursor) -> Cursor | None:
    """Find the next place where somebody else's reading stands: from there on both are read as one."""
    beyond = [one for one in _places(connection) if one.order > after.order]
    return min(beyond, key=lambda one: one.order, default=None)


def _places(connection: Connection) -> list[Cursor]:
    return [Cursor(*row) for row in connection.execute(select(latecomer.c.place, latecomer.c.row_id).distinct())]


def advance(connection: Connection, turns: Mapping[int, int], to: Cursor | None) -> None:
    """Note how far the reading went (None: to the end) for artists to whom no name was added meanwhile.

    Whom a roster import adds names to right now is passed over: the import is not waited for, and he begins anew.
    """
    for turn in sorted(set(turns.values())):
        ids = sorted(artist_id for artist_id, one in turns.items() if one == turn)
        for part in batched(ids, ROWS_A_STATEMENT):
            same = select(latecomer.c.artist_id).where(latecomer.c.artist_id.in_(part), latecomer.c.turn == turn)
            which = latecomer.c.artist_id.in_(connection.scalars(same.with_for_update(skip_locked=True)).all())
            if to is None:
                connection.execute(delete(latecomer).where(which))
            else:
                connection.execute(update(latecomer).where(which).values(place=to.table, row_id=to.row_id))


def met(connection: Connection, found: Iterable[Met], at: datetime) -> None:
    """Keep what resembles an artist until it is judged; what was met before is left as it is."""
    rows = [
        {"artist_id": artist_id, "kind": kind, "row_id": row_id, "since": at} for artist_id, kind, row_id in set(found)
    ]
    rows.sort(key=lambda row: (row["artist_id"], row["kind"], row["row_id"]))
    for part in batched(rows, ROWS_A_STATEMENT):
        insert_missing(connection, resembling, part)


def unjudged(connection: Connection, most: int) -> list[Met]:
    """List what waits for judgement of one artist."""
    waits = resembling.c.judged_at.is_(None)
    artist_id = connection.scalar(select(func.min(resembling.c.artist_id)).where(waits))
    query = select(resembling.c.artist_id, resembling.c.kind, resembling.c.row_id)
    rows = connection.execute(query.where(waits, resembling.c.artist_id == artist_id).limit(most))
    return [(row.artist_id, row.kind, row.row_id) for row in rows]


def judged(connection: Connection, found: Sequence[Met], at: datetime) -> None:
    """Note that these were judged."""
    for artist_id, kind in sorted({(one[0], one[1]) for one in found}):
        ids = sorted(row_id for a, k, row_id in found if (a, k) == (artist_id, kind))
        which = (resembling.c.artist_id == artist_id, resembling.c.kind == kind, resembling.c.row_id.in_(ids))
        connection.execute(update(resembling).where(*which).values(judged_at=at))


def met_of(connection: Connection, artist_id: int, kind: str) -> list[int]:
    """List the rows of one kind that resemble an artist."""
    query = select(resembling.c.row_id).where(resembling.c.artist_id == artist_id, resembling.c.kind == kind)
    return sorted(connection.scalars(query))


@dataclass(frozen=True, slots=True)
class Standing:
    """How much is left to do for artists that came later."""

    artists: int  # whose names are not yet held against all that is stored
    names: tuple[str, ...]  # of some of them
    cursor: Cursor | None  # the reading that is furthest back
    unjudged: int  # releases and pages that were met and are not judged yet


def standing(connection: Connection, shown: int = 3) -> Standing:
    """Tell how much is left to do."""
    names = select(artist.c.name).join(latecomer, latecomer.c.artist_id == artist.c.id).order_by(artist.c.id)
    count = select(func.count()).select_from(latecomer)
    waits = select(func.count()).select_from(resembling).where(resembling.c.judged_at.is_(None))
    return Standing(
        int(connection.scalar(count) or 0),
        tuple(connection.scalars(names.limit(shown))),
        _first(connection),
        int(connection.scalar(waits) or 0),
    )
