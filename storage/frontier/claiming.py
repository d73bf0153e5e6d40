"""Claims: which queue is the most urgent, who takes what from it, and how a claim ends.

Targets that are live (due some day) stand in queues, one for each question, market and priority, in the order of their
due times; the heads of all queues are found by one walk over the heads alone, however many targets there are.
"""

import secrets
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Connection, Row, SmallInteger, Text, TextClause, bindparam, column, select, text

from storage.frontier.targets import LeaseLost, packed
from storage.models import Moment, listing, profile, release, target
from storage.targets import Ask, Target

# How much longer than the most urgent ones a target of each priority waits when not everything can be asked in time:
# a suspect's list (1) is stretched a quarter as much as a calm one (3). Whatever waits grows more urgent, for ever.
STRETCH = (1, 4, 4, 16, 16, 32, 64, 64, 128, 256)
FAR = timedelta(days=100)  # nothing is put off so long: such a due time was written by a clock that was wrong


@dataclass(frozen=True, slots=True)
class Queue:
    """The head of one queue: when its first free target is due."""

    ask: Ask
    market: str
    priority: int
    due_at: datetime

    def urgency(self, now: datetime) -> tuple[float, int]:
        """Say how urgent the head is: how long it waits, measured by its priority's patience."""
        waits = (now - self.due_at).total_seconds()
        return (waits / STRETCH[min(max(self.priority, 0), 9)], -self.priority)


_FREE = "(lease_until IS NULL OR lease_until < :now)"


def _first(where: str, order: str) -> str:
    return f"""(SELECT n.id FROM target n WHERE n.platform = :platform AND n.due_at IS NOT NULL {where}
        AND (n.lease_until IS NULL OR n.lease_until < :now) ORDER BY {order} LIMIT 1)"""


# The next queue is one of the same question and market, else of the same question, else another's: three steps instead
# of one comparison of rows, because SQLite would compare their first column only.
_NEXT = f"""coalesce(
    {_first("AND n.ask = h.ask AND n.market = h.market AND n.priority > h.priority", "n.priority, n.due_at")},
    {_first("AND n.ask = h.ask AND n.market > h.market", "n.market, n.priority, n.due_at")},
    {_first("AND n.ask > h.ask", "n.ask, n.market, n.priority, n.due_at")})"""
_QUEUES = (
    text(
        f"""WITH RECURSIVE head(ask, market, priority, due_at) AS (
        SELECT t.ask, t.market, t.priority, t.due_at FROM target t
        WHERE t.id = {_first("", "n.ask, n.market, n.priority, n.due_at")}
        UNION ALL
        SELECT t.ask, t.market, t.priority, t.due_at FROM head h JOIN target t ON t.id = {_NEXT})
        SELECT ask, market, priority, due_at FROM head"""
    )
    .bindparams(bindparam("now", type_=Moment))
    .columns(column("ask", Text), column("market", Text), column("priority", SmallInteger), column("due_at", Moment))
)


def queues(connection: Connection, platform: str, now: datetime) -> list[Queue]:
    """List the queues of a platform that hold a free target."""
    rows = connection.execute(_QUEUES, {"platform": platform, "now": now})
    return [Queue(Ask(row.ask), row.market, row.priority, row.due_at) for row in rows]


def next_due(standing: Sequence[Queue], resting: Collection[Ask] = ()) -> datetime | None:
    """Say when the next target is due whose ask does not rest."""
    return min((queue.due_at for queue in standing if queue.ask not in resting), default=None)


@cache
def _leasing(engine: str) -> TextClause:
    """Lease the first due targets of one queue; on PostgreSQL, workers skip what another is just leasing.

    The choice is made once (MATERIALIZED): as a plain subquery PostgreSQL may run it again for every row, each time
    skipping what it has just locked, and lease more than was asked.

    What a clock that was ahead left behind in a target's memory is brought back to now: it would silence every later
    look.
    """
    skip = "FOR UPDATE SKIP LOCKED" if engine == "postgresql" else ""
    memory = "".join(
        f", {name} = CASE WHEN {name} > :now THEN :now ELSE {name} END"
        for name in ("last_look_at", "last_complete_at", "baseline_at", "last_news_at", "walk_started_at")
    )
    return text(
        f"""WITH first AS MATERIALIZED (SELECT id FROM target WHERE platform = :platform AND ask = :ask
            AND market = :market AND priority = :priority AND due_at <= :due_by AND {_FREE}
            ORDER BY due_at LIMIT :count {skip})
        UPDATE target SET lease_owner = :owner, lease_token = :token, lease_until = :until{memory}
        WHERE id IN (SELECT id FROM first)
        RETURNING id, ask, subject, section, market, resume"""
    ).bindparams(*(bindparam(name, type_=Moment) for name in ("due_by", "now", "until")))


# A claim that a crash of the server forgets is refused when it is to be finished, and its target is still due.
_WITHOUT_THE_DISK = text("SET LOCAL synchronous_commit = off")


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
    token: str | None = None,
) -> list[Target]:
    """Lease the most urgent due targets of one kind, as many as so many calls can answer.

    `resting` are the asks whose budget is parked. Workers that claim at once get different targets. All of one claim
    carry its token, a new one unless it is given.
    """
    token = token or secrets.token_hex(8)
    due = [queue for queue in queues(connection, platform, now) if queue.due_at <= due_by and queue.ask not in resting]
    if not due:
        return []
    if connection.dialect.name == "postgresql":
        connection.execute(_WITHOUT_THE_DISK)
    due.sort(key=lambda queue: queue.urgency(now), reverse=True)
    first, left = due[0], calls * batch.get(due[0].ask, 1)
    lease = {"platform": platform, "owner": owner, "token": token, "until": now + lease_for}
    lease |= {"due_by": due_by, "now": now, "ask": first.ask.value, "market": first.market}
    claimed: list[Target] = []
    for queue in due:
        if left and (queue.ask, queue.market) == (first.ask, first.market):
            wanted = {"priority": queue.priority, "count": left}
            rows = connection.execute(_leasing(connection.dialect.name), lease | wanted).all()
            claimed += [_target(platform, row, token) for row in rows]
            left -= len(rows)
    return claimed


def _target(platform: str, row: Row[Any], token: str) -> Target:
    return Target(
        platform, Ask(row.ask), row.subject, row.section, row.market, id=row.id, resume=row.resume, token=token
    )


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
    return replace(leased, whole=False, known=frozenset(known))


_FREED = "lease_owner = NULL, lease_token = NULL, lease_until = NULL"
_AGAIN = "CASE WHEN due_at IS NULL THEN due_at ELSE :due_at END"  # what was retired meanwhile stays so
_FINISH = text(
    f"""UPDATE target SET {_FREED}, due_at = {_AGAIN}, priority = :priority,
    last_news_at = coalesce(:news_at, last_news_at) WHERE id = :id AND lease_token = :token"""
).bindparams(*(bindparam(name, type_=Moment) for name in ("due_at", "news_at")))


def finish(
    connection: Connection,
    leased: Target,
    due_at: datetime | None,
    priority: int = 5,
    *,
    news_at: datetime | None = None,
) -> None:
    """Close a claim and say when the target is due again (None: never, until somebody wants it)."""
    values = {"id": leased.id, "token": leased.token, "due_at": due_at, "priority": priority, "news_at": news_at}
    if connection.execute(_FINISH, values).rowcount != 1:
        raise LeaseLost(f"target {leased.id} is no longer held by this claim")


_LET_GO = text(f"UPDATE target SET {_FREED} WHERE id = :id AND lease_token = :token")


def let_go(connection: Connection, leased: Collection[Target]) -> None:
    """Give claims back unanswered: the targets stay due. A claim that is over by now is left alone."""
    rows = [{"id": one.id, "token": one.token} for one in sorted(leased, key=lambda one: one.id)]
    if rows:
        connection.execute(_LET_GO, rows)


_PUT_OFF = text(
    f"UPDATE target SET {_FREED}, failures = failures + 1, due_at = {_AGAIN} WHERE id = :id AND lease_token = :token"
).bindparams(bindparam("due_at", type_=Moment))


def put_off(connection: Connection, leased: Target, now: datetime, wait: Callable[[int], timedelta]) -> None:
    """Close a claim whose look could not be recorded; `wait` says for how long, after so many failures in a row."""
    found = select(target.c.failures).where(target.c.id == leased.id)
    failures = min((connection.scalar(found) or 0) + 1, 1000)
    connection.execute(_PUT_OFF, {"id": leased.id, "token": leased.token, "due_at": now + wait(failures)})


_HELD = "SELECT id FROM target WHERE lease_owner = :owner AND {which} ORDER BY id"


def _held(connection: Connection, owner: str, which: str, tokens: Collection[str]) -> list[int]:
    """List what a worker holds, locked in order on PostgreSQL."""
    lock = " FOR UPDATE" if connection.dialect.name == "postgresql" else ""
    query = text(_HELD.format(which=f"lease_token {which} :tokens") + lock)
    query = query.bindparams(bindparam("tokens", expanding=True))
    return list(connection.scalars(query, {"owner": owner, "tokens": sorted(tokens) or [""]}))


def _among(connection: Connection) -> str:
    return "= ANY(:ids)" if connection.dialect.name == "postgresql" else "IN (SELECT value FROM json_each(:ids))"


def renew(connection: Connection, owner: str, tokens: Collection[str], until: datetime) -> int:
    """Let claims that are still worked on last longer, and count their targets."""
    ids = _held(connection, owner, "IN", tokens)
    if ids:
        statement = text(f"UPDATE target SET lease_until = :until WHERE id {_among(connection)}")
        values = {"ids": packed(connection, ids), "until": until}
        connection.execute(statement.bindparams(bindparam("until", type_=Moment)), values)
    return len(ids)


def free_unknown(connection: Connection, owner: str, tokens: Collection[str]) -> int:
    """Free what a worker holds by claims that it does not know of, as after a commit whose answer was lost."""
    ids = _held(connection, owner, "NOT IN", tokens)
    free(connection, ids)
    return len(ids)


def free(connection: Connection, ids: Sequence[int]) -> None:
    """Free targets whoever holds them."""
    if ids:
        connection.execute(
            text(f"UPDATE target SET {_FREED} WHERE id {_among(connection)}"), {"ids": packed(connection, ids)}
        )


def held_by_others(connection: Connection, platform: str, owner: str, due_by: datetime) -> set[tuple[int, str]]:
    """List the claims (target, token) that other workers have on what is due."""
    rows = connection.execute(
        select(target.c.id, target.c.lease_token).where(
            target.c.lease_owner.is_not(None),
            target.c.lease_owner != owner,
            target.c.platform == platform,
            target.c.due_at <= due_by,
        )
    )
    return {(row.id, row.lease_token or "") for row in rows}


def still_due(connection: Connection, since: Mapping[int, datetime]) -> set[int]:
    """Of these targets, list those that nobody looked at since a moment, nobody holds, and somebody wants."""
    rows = connection.execute(
        select(target.c.id, target.c.last_look_at).where(
            target.c.id.in_(sorted(since)), target.c.due_at.is_not(None), target.c.lease_owner.is_(None)
        )
    )
    return {row.id for row in rows if row.last_look_at is None or row.last_look_at < since[row.id]}


def bound(connection: Connection, platform: str, now: datetime) -> int:
    """Make due what a clock that was wrong put off for months, and count it."""
    statement = text(
        "UPDATE target SET due_at = :now WHERE platform = :platform AND ask = :ask AND market = :market "
        "AND priority = :priority AND due_at > :far"
    ).bindparams(*(bindparam(name, type_=Moment) for name in ("now", "far")))
    moments = {"now": now, "far": now + FAR}
    return sum(
        connection.execute(
            statement,
            moments
            | {"platform": platform, "ask": queue.ask.value, "market": queue.market, "priority": queue.priority},
        ).rowcount
        for queue in queues(connection, platform, now)
    )
