"""The ledger of asking: what a target remembers, its looks, their raw answers, and the change log."""

from collections.abc import Sequence
from dataclasses import asdict, fields, replace

from sqlalchemy import Connection, Row, bindparam, insert, select, update

from storage.models import look, target, watch
from storage.normalize import ID, LINK, clean_text
from storage.observations import Outcome, Told
from storage.recording import payloads
from storage.recording.merge import Bulk
from storage.recording.presence import Memory
from storage.recording.rows import WHOLE
from storage.targets import Target

KEY = ("platform", "ask", "subject", "section", "market")
REMEMBERED = tuple(f.name for f in fields(Memory))
CHANGE = ("entity", "entity_id", "field", "before", "after", "look_id", "changed_at")

# Statements are built once: building one costs more than running it.
_TARGET = select(target.c.id, *(target.c[name] for name in REMEMBERED))
_BY_ID = _TARGET.where(target.c.id == bindparam("wanted"))
_BY_KEY = _TARGET.where(*(target.c[name] == bindparam(name) for name in KEY))
_REMEMBER = (
    update(target).where(target.c.id == bindparam("wanted")).values({name: bindparam(name) for name in REMEMBERED})
)
_WATCHERS = select(watch.c.artist_id).where(watch.c.target_id == bindparam("wanted")).order_by(watch.c.artist_id)
_LOOK = insert(look).returning(look.c.id)


def cleaned(asked: Target) -> Target:
    """Return a target whose words every database can hold."""
    return replace(
        asked,
        subject=clean_text(asked.subject, LINK)[0],
        section=clean_text(asked.section, ID)[0],
        market=clean_text(asked.market, ID)[0],
    )


def remembered(connection: Connection, asked: Target, told: Told) -> tuple[int, Memory]:
    """Return a target's id and what it remembers; one that nobody asked for before is put down, not due."""
    key = {"platform": asked.platform, "ask": asked.ask.value, "subject": asked.subject}
    key |= {"section": asked.section, "market": asked.market}
    found = connection.execute(_BY_ID, {"wanted": asked.id}) if asked.id else connection.execute(_BY_KEY, key)
    row: Row[tuple[object, ...]] | None = found.first()
    if row is not None:
        return row[0], Memory(*row[1:])  # type: ignore[return-value]
    if asked.id:
        raise LookupError(f"the store has no target {asked.id} ({asked})")
    made = connection.execute(insert(target).values(**key, added_at=told.ended_at).returning(target.c.id)).scalar_one()
    return made, Memory()


def remember(connection: Connection, target_id: int, memory: Memory) -> None:
    """Keep what a target remembers after a look."""
    values = asdict(memory)
    if memory.resume is not None:
        values["resume"] = clean_text(memory.resume, 10 * LINK)[0]
    connection.execute(_REMEMBER, values | {"wanted": target_id})


def watchers(connection: Connection, target_id: int) -> tuple[int, ...]:
    """Return the artists for whose sake a target is asked."""
    return tuple(connection.scalars(_WATCHERS, {"wanted": target_id}))


def log_redirects(bulk: Bulk, target_id: int, redirects: Sequence[tuple[str, str]]) -> None:
    """Log that a platform answered with another thing than was asked, once per thing it answered with."""
    for asked, got in dict.fromkeys(redirects):
        known = bulk.port.fetch(
            "SELECT id FROM change WHERE entity = ? AND entity_id = ? AND field = ? AND before = ? AND after = ?",
            *("target", target_id, "redirected", asked, got),
        )
        if not known:
            bulk.log.append(("target", target_id, "redirected", asked, got))


def write(
    connection: Connection, bulk: Bulk, target_id: int, told: Told, outcome: Outcome, reason: str, worker: str
) -> int:
    """Write the look, its raw answers and all that it changed."""
    coverage = told.coverage
    values = {
        "target_id": target_id,
        "started_at": told.started_at,
        "ended_at": told.ended_at,
        "outcome": outcome.value,
        "pages": min(coverage.pages, WHOLE),
        "expected": None if coverage.expected is None else min(coverage.expected, WHOLE),
        "received": min(coverage.received, WHOLE),
        "stop_reason": clean_text(reason)[0],
        "cost": min(coverage.cost, WHOLE),
        "blind": ",".join(sorted(coverage.blind)),
        "worker": worker,
    }
    look_id: int = connection.execute(_LOOK, values).scalar_one()
    payloads.keep(bulk.port, told.target.platform, look_id, told.payloads, told.ended_at)
    if bulk.log:
        bulk.port.insert("change", CHANGE, [(*row, look_id, bulk.now) for row in bulk.log])
    return look_id
