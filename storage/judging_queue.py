"""What waits for judgement: events that could not be judged, artists whose facts changed, pages whose census is due."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, delete, exists, func, insert, or_, select, update

from storage import models
from storage.models import case, census, rejudge
from storage.sets import insert_missing
from storage.targets import Target

CENSUS, LOOK, ARTIST = "census", "look", "artist"
SHOWN = 300  # characters of an error that are kept


def failed(
    connection: Connection,
    target: Target,
    target_id: int,
    artist_ids: Collection[int],
    error: Exception,
    rules: str,
    at: datetime,
) -> None:
    """Note that what a look brought could not be judged, and why."""
    said = f"{type(error).__name__}: {error}"[:SHOWN].replace("\x00", "")
    for artist_id in artist_ids or (None,):
        mine = rejudge.c.artist_id.is_(None) if artist_id is None else rejudge.c.artist_id == artist_id
        query = select(rejudge.c.id).where(rejudge.c.kind == LOOK, rejudge.c.group_id == target_id, mine)
        known = connection.scalar(query)
        if known is None:
            row = {"artist_id": artist_id, "group_id": target_id, "kind": LOOK, "why": str(target)[:SHOWN]}
            connection.execute(insert(rejudge).values(**row, error=said, rule_version=rules, tries=1, since=at))
        else:
            values = {"error": said, "rule_version": rules, "tries": rejudge.c.tries + 1}
            connection.execute(update(rejudge).where(rejudge.c.id == known).values(**values))


def takes_over(connection: Connection, rules: str, at: datetime) -> bool:
    """Note that these rules judge the store from now on; say whether what others judged is there."""
    known = set(connection.scalars(select(models.rules.c.version)))
    if rules in known:
        return False
    insert_missing(connection, models.rules, [{"version": rules, "since": at}])
    others = (exists().where(judged.c.rule_version != rules) for judged in (case, census))
    return bool(known) or any(connection.scalar(select(one)) for one in others)


def want(connection: Connection, artist_ids: Collection[int], why: str, at: datetime) -> None:
    """Queue artists whose events are to be judged again."""
    _queue(connection, ARTIST, artist_ids, why, at)


def want_census(connection: Connection, artist_ids: Collection[int], at: datetime) -> None:
    """Queue artists whose pages are to be judged as a whole."""
    _queue(connection, CENSUS, artist_ids, "a first whole look", at)


def _queue(connection: Connection, kind: str, artist_ids: Collection[int], why: str, at: datetime) -> None:
    rows = [{"artist_id": a, "group_id": 0, "kind": kind, "why": why, "since": at} for a in sorted(set(artist_ids))]
    insert_missing(connection, rejudge, rows)


def next_census(connection: Connection, most: int) -> list[int]:
    """List artists whose census is due, the longest waiting first."""
    query = select(rejudge.c.artist_id).where(rejudge.c.kind == CENSUS).order_by(rejudge.c.since, rejudge.c.id)
    return list(connection.scalars(query.limit(most)))


def next_artists(connection: Connection, rules: str, most: int) -> list[int]:
    """List artists to be judged again: their facts changed, or other rules than these failed on a look of theirs."""
    query = (
        select(rejudge.c.artist_id)
        .where(
            rejudge.c.artist_id.is_not(None),
            or_(rejudge.c.kind == ARTIST, (rejudge.c.kind == LOOK) & (rejudge.c.rule_version != rules)),
        )
        .group_by(rejudge.c.artist_id)
        .order_by(func.min(rejudge.c.id))
    )
    return [one for one in connection.scalars(query.limit(most)) if one is not None]


def put_off(connection: Connection, artist_id: int, error: Exception, rules: str) -> None:
    """Leave an artist's events unjudged until other rules come."""
    said = f"{type(error).__name__}: {error}"[:SHOWN].replace("\x00", "")
    values = {"kind": LOOK, "error": said, "rule_version": rules, "tries": rejudge.c.tries + 1}
    mine = (rejudge.c.artist_id == artist_id, rejudge.c.kind.in_((LOOK, ARTIST)))
    again = select(rejudge.c.id).where(rejudge.c.artist_id == artist_id, rejudge.c.kind == ARTIST)
    if connection.scalar(again) is not None:  # it takes the place of what was put off before
        before = (rejudge.c.artist_id == artist_id, rejudge.c.kind == LOOK, rejudge.c.group_id == 0)
        connection.execute(delete(rejudge).where(*before))
    connection.execute(update(rejudge).where(*mine).values(**values))


def done(connection: Connection, artist_id: int) -> None:
    """Take an artist's events off the queue."""
    connection.execute(delete(rejudge).where(rejudge.c.artist_id == artist_id, rejudge.c.kind.in_((LOOK, ARTIST))))


def done_census(connection: Connection, artist_id: int) -> None:
    """Take an artist's census off the queue."""
    connection.execute(delete(rejudge).where(rejudge.c.artist_id == artist_id, rejudge.c.kind == CENSUS))


def unjudged(connection: Connection) -> int:
    """Count the looks that could not be judged."""
    return int(connection.scalar(select(func.count()).select_from(rejudge).where(rejudge.c.kind == LOOK)) or 0)
