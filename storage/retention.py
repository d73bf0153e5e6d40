"""What a store keeps no longer: so that it grows with what exists, and not with how long we look.

Each job works in pieces of a few rows, a transaction each, so that nobody waits for it. What goes:

    raw answers         past the platform's terms or the operator's wish
    looks               that changed nothing, brought no new answer and are not their target's newest: counted by day
    changes             past their period; what counters (followers) did in a month that is over becomes one change
    retired targets     asked for the last time long ago, about what is no longer seen
    candidates' papers  that a newer one of the same case replaces

    deliveries          past their period, but for each endpoint's newest of each case: it must hear of its end
    alerts              past their period, but for the newest of each rule and subject

    lapsed documents    what a platform's terms let nobody keep, in the feed and in what is pushed (storage/blanking.py)
    lapsed catalogue    what a platform's terms let nobody keep (storage/lapsing.py): asked anew in time, or emptied

No case, verdict or claim ever goes; of the catalogue only what a platform's terms demand.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, Table, and_, bindparam, delete, func, or_, select, text, update

from storage import blanking, lapsing
from storage.models import (
    Moment,
    alert,
    canary,
    change,
    delivery,
    look,
    look_day,
    look_payload,
    odd_row,
    outbox,
    payload,
    target,
    upkeep,
    watch,
)
from storage.models.upkeep import OUTCOMES
from storage.sets import dialect_insert

ROWS = 500  # a transaction: some milliseconds on either engine
DAILY = timedelta(hours=20)  # less than a day, so that a run at the same hour of each day is not skipped
COUNTERS = ("followers", "release_count")
MONTHS = 3  # that are looked at again: a store that nobody looked after for longer keeps its counters' changes in full


@dataclass(frozen=True, slots=True)
class Periods:
    """How long a store keeps what time makes more of; None is for ever."""

    raw: timedelta = timedelta(days=365)
    terms: Mapping[str, timedelta] = field(default_factory=dict)  # platform -> the longest that its terms allow
    looks: timedelta | None = timedelta(days=90)
    changes: timedelta | None = timedelta(days=1095)
    retired: timedelta | None = timedelta(days=365)
    told: timedelta | None = timedelta(days=365)
    deliveries: timedelta | None = timedelta(days=90)
    alerts: timedelta | None = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Piece:
    """What one transaction did: rows that went, and after which id to go on (None: the job is done)."""

    gone: int
    after: int | None = None


Job = Callable[[Connection, Periods, datetime, int], Piece]


def begin(connection: Connection, now: datetime) -> bool:
    """Tell whether the day's upkeep is due, and make it ours if it is."""
    made = dialect_insert(connection, upkeep).values(name="retention", begun_at=now).on_conflict_do_nothing()
    if connection.execute(made.returning(upkeep.c.name)).first() is not None:
        return True
    ours = update(upkeep).where(upkeep.c.name == "retention", upkeep.c.begun_at <= now - DAILY).values(begun_at=now)
    return bool(connection.execute(ours).rowcount)


def today(connection: Connection, now: datetime) -> datetime:
    """Return the day that periods end on: a store is as old as its newest look, whatever a worker's clock says."""
    newest = connection.scalar(select(look.c.ended_at).order_by(look.c.id.desc()).limit(1))
    return now if newest is None else min(now, newest)


def raw_answers(connection: Connection, periods: Periods, now: datetime, after: int) -> Piece:
    """Drop raw answers that may be kept no longer, of every platform that there ever was."""
    gone = 0
    for platform in connection.scalars(select(payload.c.platform).distinct()).all():
        kept_for = min(periods.raw, periods.terms.get(platform, periods.raw))
        old = select(payload.c.hash).where(payload.c.platform == platform, payload.c.last_seen_at < now - kept_for)
        gone += connection.execute(
            delete(payload).where(payload.c.hash.in_(old.limit(ROWS).scalar_subquery()))
        ).rowcount
    return Piece(gone, 0 if gone else None)


_LOOKS = (
    text(
        """SELECT k.id, k.target_id, k.ended_at, k.outcome, k.pages, k.cost, k.received FROM look k
    WHERE k.id > :after AND k.id <= :last AND k.ended_at < :until
    AND k.id < (SELECT max(id) FROM look WHERE target_id = k.target_id)
    AND k.id <> coalesce(
        (SELECT id FROM look WHERE target_id = k.target_id AND outcome = 'complete' ORDER BY id DESC LIMIT 1), 0)
    AND NOT EXISTS (SELECT 1 FROM change WHERE look_id = k.id)
    AND NOT EXISTS (SELECT 1 FROM look_payload l JOIN payload p ON p.hash = l.hash
        WHERE l.look_id = k.id AND p.first_seen_at = k.ended_at)"""
    )
    .columns(ended_at=Moment)
    .bindparams(bindparam("until", type_=Moment))
)


def looks(connection: Connection, periods: Periods, now: datetime, after: int) -> Piece:
    """Count looks that changed nothing by target and day, and drop their rows."""
    page = connection.execute(
        select(look.c.id, look.c.ended_at).where(look.c.id > after).order_by(look.c.id).limit(ROWS)
    )
    rows = page.all()
    if periods.looks is None or not rows or all(row.ended_at >= now - periods.looks for row in rows):
        return Piece(0)
    last = rows[-1].id
    old = connection.execute(_LOOKS, {"after": after, "last": last, "until": now - periods.looks}).all()
    if old:
        _count(connection, old)
        ids = [row.id for row in old]
        connection.execute(delete(look_payload).where(look_payload.c.look_id.in_(ids)))
        connection.execute(delete(look).where(look.c.id.in_(ids)))
    return Piece(len(old), last)


def _count(connection: Connection, old: Sequence[Row[Any]]) -> None:
    days: dict[tuple[int, object], Counter[str]] = {}
    for row in old:
        tally = days.setdefault((row.target_id, row.ended_at.astimezone(UTC).date()), Counter())
        tally.update({row.outcome: 1, "pages": row.pages, "cost": row.cost})
        tally["received"] = max(tally["received"], row.received)
    columns = (*OUTCOMES, "pages", "cost", "received")
    adding = dialect_insert(connection, look_day)
    summed = {name: look_day.c[name] + adding.excluded[name] for name in columns if name != "received"}
    larger = func.greatest if connection.dialect.name == "postgresql" else func.max
    summed["received"] = larger(look_day.c.received, adding.excluded.received)
    values = [
        {"target_id": target_id, "day": day, **{name: tally[name] for name in columns}}
        for (target_id, day), tally in sorted(days.items(), key=str)
    ]
    connection.execute(adding.on_conflict_do_update(index_elements=["target_id", "day"], set_=summed), values)


def counted_days(connection: Connection, periods: Periods, now: datetime, after: int) -> Piece:
    """Drop counts of looks that are as old as changes may become."""
    if periods.changes is None:
        return Piece(0)
    old = (
        select(look_day.c.target_id, look_day.c.day).where(look_day.c.day < (now - periods.changes).date()).limit(ROWS)
    )
    rows = connection.execute(old).all()
    for row in rows:
        connection.execute(delete(look_day).where(look_day.c.target_id == row.target_id, look_day.c.day == row.day))
    return Piece(len(rows), 0 if rows else None)


def changes(connection: Connection, periods: Periods, now: datetime, after: int) -> Piece:
    """Drop changes past their period."""
    if periods.changes is None:
        return Piece(0)
    old = select(change.c.id).where(change.c.changed_at < now - periods.changes).order_by(change.c.changed_at)
    gone = connection.execute(delete(change).where(change.c.id.in_(old.limit(ROWS).scalar_subquery()))).rowcount
    return Piece(gone, 0 if gone else None)


def counters(connection: Connection, periods: Periods, now: datetime, after: int) -> Piece:
    """Make one change of all that a counter did in a month that is over."""
    if periods.looks is None:
        return Piece(0)
    gone, first = 0, (now - periods.looks).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    for _ in range(MONTHS):
        month = (first - timedelta(days=1)).replace(day=1)
        gone += _one_change(connection, month, first)
        first = month
    return Piece(gone, 0 if gone else None)


def _one_change(connection: Connection, start: datetime, end: datetime) -> int:
    several = (
        select(change.c.entity, change.c.entity_id, change.c.field)
        .where(change.c.changed_at >= start, change.c.changed_at < end, change.c.field.in_(COUNTERS))
        .group_by(change.c.entity, change.c.entity_id, change.c.field)
        .having(func.count() > 1)
        .limit(ROWS)
    )
    gone = 0
    for entity, entity_id, name in connection.execute(several).all():
        about = (change.c.entity == entity) & (change.c.entity_id == entity_id) & (change.c.field == name)
        there = select(change.c.id, change.c.before).where(
            about, change.c.changed_at >= start, change.c.changed_at < end
        )
        rows = connection.execute(there.order_by(change.c.changed_at, change.c.id)).all()
        connection.execute(update(change).where(change.c.id == rows[-1].id).values(before=rows[0].before))
        connection.execute(delete(change).where(change.c.id.in_([row.id for row in rows[:-1]])))
        gone += len(rows) - 1
    return gone


_RETIRED = text(
    """SELECT t.id FROM target t WHERE t.id > :after AND t.id <= :last AND t.due_at IS NULL AND t.lease_owner IS NULL
    AND coalesce(t.last_look_at, t.added_at) < :until
    AND (t.ask <> 'releases' OR t.baseline_at IS NULL)
    AND NOT EXISTS (SELECT 1 FROM release r WHERE t.ask = 'release' AND r.platform = t.platform
        AND r.platform_id = t.subject AND r.last_seen_at >= :until)
    AND NOT EXISTS (SELECT 1 FROM look k JOIN change c ON c.look_id = k.id WHERE k.target_id = t.id)"""
).bindparams(bindparam("until", type_=Moment))


def _last_of_page(connection: Connection, table: Table, after: int) -> int | None:
    page = select(table.c.id).where(table.c.id > after).order_by(table.c.id).limit(ROWS).subquery()
    last: int | None = connection.scalar(select(func.max(page.c.id)))
    return last


def retired_targets(connection: Connection, periods: Periods, now: datetime, after: int) -> Piece:
    """Drop targets that nobody asks any longer, with their looks; what is still seen keeps its target."""
    last = _last_of_page(connection, target, after)
    if periods.retired is None or last is None:
        return Piece(0)
    until = now - periods.retired
    ids = connection.scalars(_RETIRED, {"after": after, "last": last, "until": until}).all()
    if ids:
        of_them = select(look.c.id).where(look.c.target_id.in_(ids))
        connection.execute(delete(look_payload).where(look_payload.c.look_id.in_(of_them)))
        for table in (canary, look_day, look, odd_row, watch):
            connection.execute(delete(table).where(table.c.target_id.in_(ids)))
        connection.execute(delete(target).where(target.c.id.in_(ids)))
    return Piece(len(ids), last)


def told_documents(connection: Connection, periods: Periods, now: datetime, after: int) -> Piece:
    """Drop candidates' documents that a newer one of the same case replaces; the newest of each case stays."""
    page = select(outbox.c.id, outbox.c.written_at).where(outbox.c.id > after).order_by(outbox.c.id).limit(ROWS)
    rows = connection.execute(page).all()
    if periods.told is None or not rows or all(row.written_at >= now - periods.told for row in rows):
        return Piece(0)
    newer = outbox.alias()
    old = delete(outbox).where(
        outbox.c.id > after,
        outbox.c.id <= rows[-1].id,
        outbox.c.written_at < now - periods.told,
        # Whatever has the last position stays, so that no position is given twice.
        select(newer.c.id).where(newer.c.case_id == outbox.c.case_id, newer.c.position > outbox.c.position).exists(),
    )
    return Piece(connection.execute(old).rowcount, rows[-1].id)


def questions_anew(connection: Connection, periods: Periods, now: datetime, after: int) -> Piece:
    """Ask anew what its platform's terms let nobody keep much longer; nothing goes."""
    for platform, kept_for in periods.terms.items():
        lapsing.refresh(connection, platform, kept_for, now)
    return Piece(0)


def what_lapsed(connection: Connection, periods: Periods, now: datetime, after: int) -> Piece:
    """Let go of the catalogue what the terms of its platform let nobody keep."""
    gone = sum(lapsing.purge(connection, platform, kept_for, now) for platform, kept_for in periods.terms.items())
    return Piece(gone, 0 if gone else None)


def deliveries(connection: Connection, periods: Periods, now: datetime, after: int) -> Piece:
    """Drop what was pushed or given up long ago; each endpoint's newest message of each case stays."""
    last = _last_of_page(connection, delivery, after)
    if periods.deliveries is None or last is None:
        return Piece(0)
    newer = delivery.alias()
    old = delete(delivery).where(
        delivery.c.id > after,
        delivery.c.id <= last,
        delivery.c.state != "waiting",
        func.coalesce(delivery.c.delivered_at, delivery.c.queued_at) < now - periods.deliveries,
        select(newer.c.id)
        .where(
            newer.c.endpoint_id == delivery.c.endpoint_id,
            newer.c.case_id == delivery.c.case_id,
            newer.c.id > delivery.c.id,
        )
        .exists(),
    )
    return Piece(connection.execute(old).rowcount, last)


def told_alerts(connection: Connection, periods: Periods, now: datetime, after: int) -> Piece:
    """Drop alerts long over and told; the newest of each rule and subject stays, so that none is told twice."""
    last = _last_of_page(connection, alert, after)
    if periods.alerts is None or last is None:
        return Piece(0)
    newer = alert.alias()
    replaced = or_(newer.c.key == alert.c.key, and_(alert.c.key.like("digest:%"), newer.c.key.like("digest:%")))
    old = delete(alert).where(
        alert.c.id > after,
        alert.c.id <= last,
        alert.c.ended_at < now - periods.alerts,
        or_(alert.c.end_told_at.is_not(None), alert.c.silent),
        select(newer.c.id).where(newer.c.rule_id == alert.c.rule_id, newer.c.id > alert.c.id, replaced).exists(),
    )
    return Piece(connection.execute(old).rowcount, last)


def lapsed_documents(connection: Connection, periods: Periods, now: datetime, after: int) -> Piece:
    """Blank in the feed's documents what the terms of its platform let nobody keep."""
    return _blanked(connection, periods, now, after, blanking.documents)


def lapsed_messages(connection: Connection, periods: Periods, now: datetime, after: int) -> Piece:
    """Blank the same in what was or is to be pushed, whatever was frozen."""
    return _blanked(connection, periods, now, after, blanking.messages)


def _blanked(connection: Connection, periods: Periods, now: datetime, after: int, sweep: Callable[..., Any]) -> Piece:
    gone, last = 0, None
    for platform, kept_for in periods.terms.items():
        if blanking.any_of(connection, platform):
            count, last = sweep(connection, platform, kept_for, now, after, ROWS)
            gone += count
    return Piece(gone, last)


JOBS: Mapping[str, Job] = {
    "questions anew": questions_anew,
    "documents of lapsed terms": lapsed_documents,
    "messages of lapsed terms": lapsed_messages,
    "rows of lapsed terms": what_lapsed,
    "raw answers": raw_answers,
    "changes": changes,
    "counters' changes": counters,
    "looks": looks,
    "counted days": counted_days,
    "retired targets": retired_targets,
    "told documents": told_documents,
    "deliveries": deliveries,
    "alerts": told_alerts,
}
