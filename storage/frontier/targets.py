"""What is wanted: targets put on the frontier, for whose sake, and made due sooner."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, text

from storage.models import Moment, target, watch
from storage.sets import ids_by_key, insert_missing
from storage.targets import Ask, Target

KEY = ("platform", "ask", "subject", "section", "market")
ASKED_ONCE = frozenset({Ask.RELEASE, Ask.UPC, Ask.ISRC})  # answered once, they rest until somebody hastens them


class LeaseLost(Exception):
    """The claim is over, by time or because its worker seemed dead: what it was told must not be recorded."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A target that somebody wants asked: from when on, how urgently (0 first, 9 last), and for which artists."""

    target: Target
    due_at: datetime
    priority: int = 5
    artists: tuple[int, ...] = ()


def key(wanted: Target) -> tuple[str, str, str, str, str]:
    """Return a target's natural key."""
    return (wanted.platform, wanted.ask.value, wanted.subject, wanted.section, wanted.market)


def want(connection: Connection, wanted: Iterable[Wanted], at: datetime) -> dict[Target, int]:
    """Put targets on the frontier and return their ids; a target that is there keeps its history and its due time.

    What was retired and is wanted again is due again. Rows are written in the order of their keys, so that two workers
    that want the same things at once wait for each other and never in a circle.
    """
    wanted = list(wanted)
    rows = dict(sorted(((key(w.target), w) for w in wanted), key=lambda row: row[0]))
    ids = ids_by_key(connection, target, KEY, list(rows))
    fresh = {k: w for k, w in rows.items() if k not in ids}
    if fresh:
        insert_missing(connection, target, [_row(k, w, at) for k, w in fresh.items()])
        ids |= ids_by_key(connection, target, KEY, list(fresh))
    _revive(connection, sorted((ids[k], w) for k, w in rows.items() if k not in fresh and _recurs(w.target)))
    insert_missing(
        connection,
        watch,
        [
            {"target_id": target_id, "artist_id": artist_id}
            for target_id, artist_id in sorted({(ids[key(w.target)], artist) for w in wanted for artist in w.artists})
        ],
    )
    return {w.target: ids[k] for k, w in rows.items()}


def _row(named: tuple[str, ...], wanted: Wanted, at: datetime) -> dict[str, object]:
    return {
        **dict(zip(KEY, named, strict=True)),
        "priority": wanted.priority,
        "due_at": wanted.due_at,
        "added_at": at,
    }


def _recurs(asked: Target) -> bool:
    return asked.ask not in ASKED_ONCE


_REVIVE = text("UPDATE target SET due_at = :due_at, priority = :priority WHERE id = :id AND due_at IS NULL").bindparams(
    bindparam("due_at", type_=Moment)
)
_RETIRED = {
    "sqlite": "SELECT t.id FROM json_each(:ids) AS k CROSS JOIN target t ON t.id = k.value WHERE t.due_at IS NULL",
    "postgresql": "SELECT id FROM target WHERE id = ANY(:ids) AND due_at IS NULL ORDER BY id FOR UPDATE",
}


def _revive(connection: Connection, wanted: Sequence[tuple[int, Wanted]]) -> None:
    if not wanted:
        return
    retired = set(connection.scalars(text(_RETIRED[connection.dialect.name]), {"ids": packed(connection, wanted)}))
    rows = [{"id": i, "due_at": w.due_at, "priority": w.priority} for i, w in wanted if i in retired]
    if rows:
        connection.execute(_REVIVE, rows)


def packed(connection: Connection, rows: Sequence[int | tuple[int, object]]) -> object:
    """Pack ids (or rows that begin with one) into one parameter."""
    ids = sorted(row if isinstance(row, int) else row[0] for row in rows)
    return ids if connection.dialect.name == "postgresql" else str(ids)


_HASTEN = """UPDATE target SET due_at = CASE WHEN due_at < :due_at THEN due_at ELSE :due_at END,
    priority = CASE WHEN priority < :priority THEN priority ELSE :priority END
    WHERE id {among} AND (due_at IS NULL OR due_at > :due_at OR priority > :priority)"""


def hasten(connection: Connection, target_ids: Sequence[int], due_at: datetime, priority: int) -> None:
    """Make targets due sooner and more urgent; never later, never calmer."""
    if not target_ids:
        return
    ids = {"ids": packed(connection, list(target_ids))}
    if connection.dialect.name == "postgresql":  # an UPDATE locks in the order of its plan
        connection.execute(text("SELECT id FROM target WHERE id = ANY(:ids) ORDER BY id FOR UPDATE"), ids)
    among = "= ANY(:ids)" if connection.dialect.name == "postgresql" else "IN (SELECT value FROM json_each(:ids))"
    statement = text(_HASTEN.format(among=among)).bindparams(bindparam("due_at", type_=Moment))
    connection.execute(statement, ids | {"due_at": due_at, "priority": priority})


def analyse(connection: Connection) -> None:
    """Tell the planner how many targets there are, after many came at once."""
    if connection.dialect.name == "sqlite":
        connection.execute(text("PRAGMA analysis_limit = 400"))  # samples the indexes instead of reading them whole
    for table in ("target", "watch"):
        connection.execute(text(f"ANALYZE {table}"))
