"""Two artists of the roster that turned out to be one: everything of the one becomes the other's, and nothing is lost.

The merged row stays with its key, and says whom it became. Where both have a case about the same binding, the verdicts
move to the one that stays.
"""

from datetime import datetime

from sqlalchemy import Connection, Table, and_, delete, insert, select, update

from storage import cases, frontier, judging_queue, latecomers
from storage.models import (
    artist,
    artist_alias,
    artist_tag,
    case,
    census,
    claim,
    profile,
    rejudge,
    standing,
    watch,
)
from storage.normalize import name_key
from storage.roster import Change, note


class NotOne(Exception):
    """These can't be merged, and the message says why."""


def merge(connection: Connection, twin_id: int, into_id: int, authority: str, reason: str, at: datetime) -> list[int]:
    """Merge an artist into another for good; return the cases that are withdrawn, for they were kept twice."""
    rows = {row.id: row for row in connection.execute(select(artist).where(artist.c.id.in_([twin_id, into_id])))}
    if len(rows) != 2 or any(row.merged_into is not None for row in rows.values()):
        raise NotOne("two different artists of the roster were expected")
    twin, into = rows[twin_id], rows[into_id]
    _standings(connection, twin_id, into_id)
    _move(connection, artist_alias, ("name",), twin_id, into_id, "ended_at")
    _move(connection, claim, ("subject", "value_key", "authority", "stance"), twin_id, into_id, "superseded_at")
    _move(connection, artist_tag, ("tag",), twin_id, into_id)
    _move(connection, watch, ("target_id",), twin_id, into_id)
    withdrawn = _cases(connection, twin_id, into_id, at)
    connection.execute(delete(census).where(census.c.artist_id == twin_id))
    connection.execute(delete(rejudge).where(rejudge.c.artist_id == twin_id))
    frontier.forget(connection, [twin_id, into_id])
    if twin.name != into.name:
        alias = {"artist_id": into_id, "name": twin.name, "name_key": name_key(twin.name), "source": authority}
        known = select(artist_alias.c.id).where(artist_alias.c.artist_id == into_id, artist_alias.c.name == twin.name)
        if connection.scalar(known) is None:
            connection.execute(insert(artist_alias).values(**alias, added_at=at))
    gone = {"merged_into": into_id, "watched": False, "mbid": None, "changed_at": at}
    connection.execute(update(artist).where(artist.c.id == twin_id).values(**gone))
    better = {"mbid": into.mbid or twin.mbid, "weight": max(into.weight, twin.weight), "watched": True}
    connection.execute(update(artist).where(artist.c.id == into_id).values(**better, changed_at=at))
    said = [
        Change(twin_id, "merged", into.key, twin.key, into.key, reason),
        Change(into_id, "merged", twin.key, None, into.key, reason),
    ]
    note(connection, said, authority, at)
    judging_queue.want(connection, [into_id], "merged with another", at)
    judging_queue.want_census(connection, [into_id], at)
    latecomers.follow(connection, twin_id, into_id, at)
    return withdrawn


def _standings(connection: Connection, twin_id: int, into_id: int) -> None:
    """Move standings; where both have one about a page, that of the artist who stays counts, and the other is kept."""
    mine, theirs = standing.alias(), standing.alias()
    both = connection.execute(
        select(theirs.c.profile_id, theirs.c.standing, theirs.c.authority, theirs.c.decided_at)
        .join(mine, and_(mine.c.profile_id == theirs.c.profile_id, mine.c.artist_id == into_id))
        .where(theirs.c.artist_id == twin_id)
    ).all()
    pages = {
        row.id: f"{row.platform}:{row.platform_id}"
        for row in connection.execute(
            select(profile.c.id, profile.c.platform, profile.c.platform_id).where(
                profile.c.id.in_([row.profile_id for row in both])
            )
        )
    }
    for row in both:
        said = Change(twin_id, "standing", pages[row.profile_id], f"{row.standing} by {row.authority}", None, "merged")
        note(connection, [said], row.authority, row.decided_at)
        connection.execute(
            delete(standing).where(standing.c.profile_id == row.profile_id, standing.c.artist_id == twin_id)
        )
    connection.execute(update(standing).where(standing.c.artist_id == twin_id).values(artist_id=into_id))


def _move(
    connection: Connection, table: Table, key: tuple[str, ...], twin_id: int, into_id: int, ended: str | None = None
) -> None:
    """Give rows to the artist who stays; those that both have are there already, and stand if either stands."""
    theirs = table.alias()
    same = and_(*(theirs.c[column] == table.c[column] for column in key))
    if ended is not None:
        live = select(theirs.c[key[0]]).where(theirs.c.artist_id == twin_id, theirs.c[ended].is_(None), same).exists()
        connection.execute(update(table).where(table.c.artist_id == into_id, live).values({ended: None}))
    there = select(theirs.c[key[0]]).where(theirs.c.artist_id == into_id, same).exists()
    connection.execute(delete(table).where(table.c.artist_id == twin_id, there))
    connection.execute(update(table).where(table.c.artist_id == twin_id).values(artist_id=into_id))


def _cases(connection: Connection, twin_id: int, into_id: int, at: datetime) -> list[int]:
    """Give cases to the artist who stays, verdicts and all; return those that are withdrawn for another."""
    rows = connection.execute(select(case).where(case.c.artist_id == twin_id, case.c.merged_into.is_(None))).all()
    return [case_id for row in rows for case_id, _ in cases.move(connection, row, into_id, row.group_id, at)]
