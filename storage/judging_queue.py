"""What waits for judgement: events that could not be judged, and pages whose census is due."""

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import Connection, delete, func, insert, select, update

from storage.models import rejudge
from storage.sets import insert_missing
from storage.targets import Target

if TYPE_CHECKING:
    from storage.recording.record import Recorded

CENSUS = "census"
LOOK = "look"
SHOWN = 300  # characters of an error that are kept


def failed(
    connection: Connection, target: Target, recorded: "Recorded", error: Exception, rules: str, at: datetime
) -> None:
    """Note that what a look brought could not be judged, and why."""
    said = f"{type(error).__name__}: {error}"[:SHOWN]
    artists = recorded.artists or (None,)
    for artist_id in artists:
        where = (rejudge.c.kind == LOOK, rejudge.c.group_id == recorded.target_id, rejudge.c.artist_id == artist_id)
        known = connection.scalar(select(rejudge.c.id).where(*where))
        if known is None:
            row = {"artist_id": artist_id, "group_id": recorded.target_id, "kind": LOOK, "why": str(target)[:SHOWN]}
            connection.execute(insert(rejudge).values(**row, error=said, rule_version=rules, tries=1, since=at))
        else:
            connection.execute(
                update(rejudge)
                .where(rejudge.c.id == known)
                .values(error=said, rule_version=rules, tries=rejudge.c.tries + 1)
            )


def want_census(connection: Connection, artist_ids: Collection[int], at: datetime) -> None:
    """Queue artists whose pages are to be judged as a whole."""
    rows = [
        {"artist_id": a, "group_id": 0, "kind": CENSUS, "why": "a first whole look", "since": at}
        for a in sorted(artist_ids)
    ]
    insert_missing(connection, rejudge, rows)


def next_census(connection: Connection, most: int) -> list[int]:
    """List artists whose census is due, the longest waiting first."""
    query = select(rejudge.c.artist_id).where(rejudge.c.kind == CENSUS).order_by(rejudge.c.since, rejudge.c.id)
    return list(connection.scalars(query.limit(most)))


def next_unjudged(connection: Connection, rules: str, most: int) -> list[tuple[int, int | None]]:
    """List (target id, artist id) of looks that other rules than these failed on."""
    rows = connection.execute(
        select(rejudge.c.group_id, rejudge.c.artist_id)
        .where(rejudge.c.kind == LOOK, rejudge.c.rule_version != rules)
        .order_by(rejudge.c.id)
        .limit(most)
    )
    return [(row[0], row[1]) for row in rows]


def done(connection: Connection, kind: str, artist_id: int | None, group_id: int = 0) -> None:
    """Take something off the queue."""
    connection.execute(
        delete(rejudge).where(rejudge.c.kind == kind, rejudge.c.artist_id == artist_id, rejudge.c.group_id == group_id)
    )


def unjudged(connection: Connection) -> int:
    """Count the looks that could not be judged."""
    return int(connection.scalar(select(func.count()).select_from(rejudge).where(rejudge.c.kind == LOOK)) or 0)
