"""What a platform's terms let nobody keep for long: asked anew in time, or gone when the time is over.

Of what lapses, its number, its platform's id, when it was seen and what we decided stay; what the platform said goes:
texts, dates, codes, pictures, lines, credits, tracks, disclosures, and what changes of them said.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Select, Table, delete, exists, or_, select, update

from storage.frontier import Wanted, hasten, want
from storage.models import (
    ai_disclosure,
    change,
    credit,
    look,
    odd_row,
    profile,
    profile_link,
    release,
    release_line,
    target,
    track,
)
from storage.targets import Ask, Target

ROWS = 500
AHEAD = timedelta(days=5)  # so long before its time is over, a thing is asked anew
CALM = 6  # no hurry: behind what is new, before what was always there
EMPTY = {
    profile: {"name": "", "name_key": ""},
    release: {"title": "", "title_key": ""},
}
STAYS = frozenset({"id", "platform", "platform_id", "first_seen_at", "last_seen_at", "whole_at"})
LIVES = (
    "appeared",
    "missing",
    "held",
    "lifted",
    "removed",
    "returned",
)  # what a change says of us, not of the platform


def refresh(connection: Connection, platform: str, kept_for: timedelta, now: datetime) -> int:
    """Let what will soon be over be asked anew, and say how many questions that hastened."""
    count = 0
    for table, ask in ((release, Ask.RELEASE), (profile, Ask.PROFILE)):
        soon = now - kept_for + AHEAD
        tired = table.c.last_seen_at < soon
        if table is release:
            tired = or_(tired, table.c.id.in_(select(track.c.release_id).where(track.c.last_seen_at < soon)))
        query = select(table.c.platform_id).where(table.c.platform == platform, tired, _told(table))
        ids = connection.scalars(query.order_by(table.c.last_seen_at).limit(ROWS)).all()
        asked = [Wanted(Target(platform, ask, id_), now, CALM) for id_ in ids]
        known = select(target.c.id, target.c.due_at).where(
            target.c.platform == platform, target.c.ask == ask.value, target.c.subject.in_(ids)
        )
        before = {row.id: row.due_at for row in connection.execute(known)}
        wanted = sorted(set(want(connection, asked, now).values()) | set(before))
        fresh = [one for one in wanted if (due := before.get(one)) is None or due > now]
        hasten(connection, fresh, now, CALM)
        count += len(fresh)
    return count


def purge(connection: Connection, platform: str, kept_for: timedelta, now: datetime) -> int:
    """Let go what may be kept no longer, some rows at a time, and say how many went."""
    over, count = now - kept_for, 0
    ours = select(release.c.id).where(release.c.platform == platform).scalar_subquery()
    pages = select(profile.c.id).where(profile.c.platform == platform).scalar_subquery()
    old_tracks = select(track.c.id).where(track.c.platform == platform, track.c.last_seen_at < over)
    for table in (credit, ai_disclosure):
        count += _deleted(connection, table, table.c.track_id.in_(old_tracks.scalar_subquery()))
        count += _deleted(connection, table, table.c.release_id.in_(ours), table.c.last_seen_at < over)
    count += _deleted(connection, release_line, release_line.c.release_id.in_(ours), release_line.c.last_seen_at < over)
    # By each track's own rows: every piece would otherwise read all credits of the store.
    free = (~exists().where(of.c.track_id == track.c.id) for of in (credit, ai_disclosure))
    count += _deleted(connection, track, track.c.platform == platform, track.c.last_seen_at < over, *free)
    count += _deleted(
        connection, profile_link, profile_link.c.profile_id.in_(pages), profile_link.c.last_seen_at < over
    )
    for table in (release, profile):
        blank = {column.name: None for column in table.c if column.name not in STAYS} | EMPTY[table]
        old = select(table.c.id).where(table.c.platform == platform, table.c.last_seen_at < over, _told(table))
        some = table.c.id.in_(old.limit(ROWS).scalar_subquery())
        count += connection.execute(update(table).where(some).values(blank)).rowcount
    return count + sum(_words(connection, platform, over))


def _told(table: Table) -> Any:
    """Say which rows still hold what the platform said."""
    columns = [column for column in table.c if column.name not in STAYS]
    return or_(*(column != "" if column.name in EMPTY[table] else column.is_not(None) for column in columns))


def _words(connection: Connection, platform: str, over: datetime) -> Iterator[int]:
    """Let go what the change log and the odd rows quote."""
    asked = select(look.c.id).join(target, target.c.id == look.c.target_id).where(target.c.platform == platform)
    yield _deleted(
        connection,
        change,
        change.c.look_id.in_(asked.scalar_subquery()),
        change.c.changed_at < over,
        change.c.field.not_in(LIVES),
    )
    of_it = select(target.c.id).where(target.c.platform == platform).scalar_subquery()
    yield _deleted(connection, odd_row, odd_row.c.target_id.in_(of_it), odd_row.c.last_seen_at < over)


def _deleted(connection: Connection, table: Table, *which: Any) -> int:
    some: Select[Any] = select(table.c.id).where(*which).limit(ROWS)
    return connection.execute(delete(table).where(table.c.id.in_(some.scalar_subquery()))).rowcount
