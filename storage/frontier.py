"""Which targets are due, and who has them: leases in SQL, fenced by owner and expiry.

A due target is claimed for a while by one worker; finishing it requires still holding it. A worker that dies loses
nothing: its leases run out and the targets are due again.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, Connection, TextClause, bindparam, case, or_, select, text, update

from storage.models import Moment, listing, profile, release, target, watch
from storage.sets import ROWS_A_STATEMENT, batched, ids_by_key, insert_missing
from storage.targets import Ask, Target

PATIENCE = timedelta(hours=6)  # a target so much longer overdue goes before one of the next higher priority
KEY = ("platform", "ask", "subject", "section", "market")


def rank(due_at: datetime | None, priority: int) -> datetime | None:
    """Say where a target stands in the queue: urgent ones first, but nothing waits for ever."""
    return None if due_at is None else due_at + priority * PATIENCE


class LeaseLost(Exception):
    """Another worker holds the target by now: what was told must not be recorded by this one."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A target that somebody wants asked: from when on, how urgently (0 first, 9 last), and for which artists."""

    target: Target
    due_at: datetime
    priority: int = 5
    artists: tuple[int, ...] = ()


def want(connection: Connection, wanted: Iterable[Wanted], at: datetime) -> dict[Target, int]:
    """Put targets on the frontier and return their ids; a target that is there keeps its history and its due time."""
    wanted = list(wanted)
    rows = {w.target: w for w in wanted}
    ids = ids_by_key(connection, target, KEY, [key(t) for t in rows])
    fresh = [w for t, w in rows.items() if key(t) not in ids]
    insert_missing(connection, target, [_row(w, at) for w in fresh])
    if fresh:
        ids |= ids_by_key(connection, target, KEY, [key(w.target) for w in fresh])
    _watch(connection, {(ids[key(w.target)], artist) for w in wanted for artist in w.artists})
    return {t: ids[key(t)] for t in rows}


def _row(wanted: Wanted, at: datetime) -> dict[str, object]:
    named = dict(zip(KEY, key(wanted.target), strict=True))
    due = {"priority": wanted.priority, "due_at": wanted.due_at, "rank_at": rank(wanted.due_at, wanted.priority)}
    return {**named, **due, "added_at": at}


def _watch(connection: Connection, links: set[tuple[int, int]]) -> None:
    """Note for whose sake targets are asked; most of it is known already."""
    known: set[tuple[int, int]] = set()
    for part in batched(sorted({target_id for target_id, _ in links}), ROWS_A_STATEMENT):
        rows = connection.execute(select(watch.c.target_id, watch.c.artist_id).where(watch.c.target_id.in_(part)))
        known.update((row.target_id, row.artist_id) for row in rows)
    insert_missing(connection, watch, [{"target_id": t, "artist_id": a} for t, a in sorted(links - known)])


def key(wanted: Target) -> tuple[str, str, str, str, str]:
    """Return a target's natural key."""
    return (wanted.platform, wanted.ask.value, wanted.subject, wanted.section, wanted.market)


def hasten(connection: Connection, target_ids: Sequence[int], due_at: datetime, priority: int) -> None:
    """Make targets due sooner and more urgent; never later, never calmer."""
    first = rank(due_at, priority)
    for part in batched(target_ids, ROWS_A_STATEMENT):
        connection.execute(
            update(target)
            .where(target.c.id.in_(part))
            .where(or_(target.c.due_at.is_(None), target.c.due_at > due_at, target.c.priority > priority))
            .values(
                due_at=case((target.c.due_at < due_at, target.c.due_at), else_=due_at),
                priority=case((target.c.priority < priority, target.c.priority), else_=priority),
                rank_at=case((target.c.rank_at < first, target.c.rank_at), else_=first),
            )
        )


_DUE = """platform = :platform AND due_at <= :due_by AND (lease_until IS NULL OR lease_until < :now)
    AND ask NOT IN :resting"""
_MOMENTS = [bindparam(name, type_=Moment) for name in ("due_by", "now")]
_RESTING: BindParameter[Any] = bindparam("resting", expanding=True)

_FIRST = text(f"SELECT ask, market FROM target WHERE {_DUE} ORDER BY rank_at LIMIT 1")
_FIRST = _FIRST.bindparams(*_MOMENTS, _RESTING)


@cache
def _leasing(engine: str) -> TextClause:
    """Lease the most urgent due targets of one kind; on PostgreSQL, workers skip what another is just leasing."""
    skip = "FOR UPDATE SKIP LOCKED" if engine == "postgresql" else ""
    return text(
        f"""UPDATE target SET lease_owner = :owner, lease_until = :until WHERE id IN (
            SELECT id FROM target WHERE {_DUE} AND ask = :ask AND market = :market
            ORDER BY rank_at LIMIT :count {skip})
        RETURNING id, ask, subject, section, market, resume"""
    ).bindparams(*_MOMENTS, _RESTING, bindparam("until", type_=Moment))


def claim(
    connection: Connection,
    platform: str,
    owner: str,
    due_by: datetime,
    now: datetime,
    lease_for: timedelta,
    *,
    batch: Mapping[Ask, int],
    calls: int = 1,
    resting: Collection[Ask] = (),
) -> list[Target]:
    """Lease the most urgent due targets of one kind, as many as so many calls can answer.

    `resting` are the asks whose budget is parked. Workers that claim at once get different targets.
    """
    due = {"platform": platform, "due_by": due_by, "now": now, "resting": [a.value for a in resting] or [""]}
    first = connection.execute(_FIRST, due).first()
    if first is None:
        return []
    kind = {"ask": first.ask, "market": first.market, "count": calls * batch.get(Ask(first.ask), 1)}
    lease = {"owner": owner, "until": now + lease_for}
    rows = connection.execute(_leasing(connection.dialect.name), due | kind | lease).all()
    return [
        Target(platform, Ask(row.ask), row.subject, row.section, row.market, id=row.id, resume=row.resume)
        for row in rows
    ]


def with_memory(connection: Connection, leased: Target, now: datetime, whole_every: timedelta) -> Target:
    """Hand a list target what its page listed before, unless its next whole walk is due."""
    complete = connection.scalar(select(target.c.last_complete_at).where(target.c.id == leased.id))
    if complete is None or complete + whole_every <= now or leased.resume is not None:
        return leased
    known = connection.scalars(
        select(release.c.platform_id)
        .join(listing, listing.c.release_id == release.c.id)
        .join(profile, profile.c.id == listing.c.profile_id)
        .where(
            profile.c.platform == leased.platform,
            profile.c.platform_id == leased.subject,
            listing.c.section == leased.section,
            listing.c.market == leased.market,
            listing.c.removed_at.is_(None),
        )
    )
    return Target(
        leased.platform,
        leased.ask,
        leased.subject,
        leased.section,
        leased.market,
        id=leased.id,
        whole=False,
        known=frozenset(known),
    )


_FINISH = text(
    """UPDATE target SET lease_owner = NULL, lease_until = NULL, due_at = :due_at, priority = :priority,
    rank_at = :rank_at
    WHERE id = :id AND lease_owner = :owner"""
).bindparams(bindparam("due_at", type_=Moment), bindparam("rank_at", type_=Moment))


def finish(connection: Connection, target_id: int, owner: str, due_at: datetime | None, priority: int = 5) -> None:
    """Close a lease and say when the target is due again (None: never, until somebody wants it)."""
    values = {
        "id": target_id,
        "owner": owner,
        "due_at": due_at,
        "priority": priority,
        "rank_at": rank(due_at, priority),
    }
    if connection.execute(_FINISH, values).rowcount != 1:
        raise LeaseLost(f"target {target_id} is no longer leased by {owner}")


def let_go(connection: Connection, owner: str, target_ids: Sequence[int] | None = None) -> int:
    """Give leases back unanswered: the targets stay due."""
    statement = update(target).where(target.c.lease_owner == owner).values(lease_owner=None, lease_until=None)
    if target_ids is not None:
        statement = statement.where(target.c.id.in_(target_ids))
    return connection.execute(statement).rowcount


_COUNT = text(f"SELECT count(*) FROM target WHERE {_DUE}").bindparams(*_MOMENTS, _RESTING)


def due_count(
    connection: Connection, platform: str, due_by: datetime, now: datetime, resting: Collection[Ask] = ()
) -> int:
    """Count the targets that are due and not leased."""
    due = {"platform": platform, "due_by": due_by, "now": now, "resting": [a.value for a in resting] or [""]}
    return int(connection.scalar(_COUNT, due) or 0)
