"""Who works: a row for each worker with its heartbeat, so that what a dead one held comes back in seconds.

Heartbeats are real time by the database's clock, whatever time the worker's own clock tells or pretends.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection, bindparam, delete, func, select, text

from storage.frontier.claiming import free
from storage.models import target, worker
from storage.sets import dialect_insert

LONGEST = 500  # characters of trouble that are kept


@dataclass(frozen=True, slots=True)
class Beating:
    """A worker as the store knows it."""

    name: str
    host: str
    process: str
    beat_at: datetime
    trouble: str = ""
    revision: int = 0  # of the roster that it judges by


_CLOCK = {
    "postgresql": text("SELECT CAST(extract(epoch FROM clock_timestamp()) AS double precision)"),
    "sqlite": text("SELECT (julianday('now') - 2440587.5) * 86400.0"),  # its host's clock: it has no other
}


def now_of(connection: Connection) -> float:
    """Return the epoch second by the database's clock."""
    return float(connection.execute(_CLOCK[connection.dialect.name]).scalar_one())


def beat(connection: Connection, name: str, host: str, process: str, trouble: str = "", *, revision: int = 0) -> None:
    """Say that a worker lives; one that was taken for dead is there again."""
    now = datetime.fromtimestamp(now_of(connection), UTC)
    row = {"name": name, "host": host, "process": process, "started_at": now, "beat_at": now}
    put = dialect_insert(connection, worker).values(row | {"trouble": trouble[:LONGEST], "roster_revision": revision})
    beating = {column: put.excluded[column] for column in ("beat_at", "trouble", "roster_revision")}
    connection.execute(put.on_conflict_do_update(index_elements=["name"], set_=beating))


def leave(connection: Connection, name: str) -> int:
    """Take a worker that ends off the list, give back what it held, and count that."""
    return bury(connection, [name])


def listed(connection: Connection) -> list[Beating]:
    """List the workers that did not leave, the one that beat last first."""
    rows = connection.execute(select(worker).order_by(worker.c.beat_at.desc(), worker.c.name))
    return [Beating(row.name, row.host, row.process, row.beat_at, row.trouble, row.roster_revision) for row in rows]


_ORPHANED = text(
    """SELECT id FROM target WHERE lease_owner IS NOT NULL
    AND (lease_owner IN :names OR lease_owner NOT IN (SELECT name FROM worker)) ORDER BY id"""
).bindparams(bindparam("names", expanding=True))


def bury(connection: Connection, names: Collection[str]) -> int:
    """Take dead workers off the list and free what they held, and what is held by nobody known; count the targets."""
    lock = " FOR UPDATE SKIP LOCKED" if connection.dialect.name == "postgresql" else ""
    query = text(_ORPHANED.text + lock).bindparams(bindparam("names", expanding=True))
    ids = list(connection.scalars(query, {"names": sorted(names) or [""]}))
    free(connection, ids)
    connection.execute(delete(worker).where(worker.c.name.in_(sorted(names))))
    return len(ids)


def holders(connection: Connection) -> dict[str, int]:
    """Map each worker to how many targets it holds."""
    rows = connection.execute(
        select(target.c.lease_owner, func.count())
        .where(target.c.lease_owner.is_not(None))
        .group_by(target.c.lease_owner)
    )
    return {row[0]: row[1] for row in rows}
