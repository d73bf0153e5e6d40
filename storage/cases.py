"""Cases: one event against one artist is one case for ever, and a verdict outlives every re-crawl and re-score.

What a case is worth and how it lives is decided elsewhere; here it is read and written.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from storage import detections
from storage.models import case, case_history, finding, takedown, verdict
from storage.sets import ROWS_A_STATEMENT, batched

LARGEST = 2**63 - 1
OPEN = ("open", "watching", "returned")


class NoSuchCase(Exception):
    """There is no case of that number."""


@dataclass(frozen=True, slots=True)
class Bound:
    """A finding as a row: a release on a page, or a page."""

    profile_id: int
    release_id: int | None
    role: str
    first_seen_at: datetime
    removed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Judged:
    """An event as judgement hands it to the store."""

    kind: str  # release, profile, disappearance, tampering
    artist_id: int
    group_id: int
    attack: str
    origin: str  # news or census
    status: str
    loud: bool
    score_low: float
    score: float
    score_high: float
    bits: float
    rule_version: str
    evidence: tuple[dict[str, Any], ...]
    title: str
    meaning: str  # hash of what consumers must be told
    bindings: tuple[Bound, ...]
    reopened_because: str = ""
    gone_at: datetime | None = None

    @property
    def key(self) -> str:
        """Name the event: the same one is the same case."""
        return key_of(self.kind, self.artist_id, self.group_id)


@dataclass(frozen=True, slots=True)
class State:
    """What a case is now, for whoever decides what it becomes."""

    id: int
    kind: str
    artist_id: int
    group_id: int
    status: str
    meaning: str
    origin: str
    score: float
    decision: str = ""  # of the verdict that counts
    rank: int = 9
    settled: frozenset[str] = frozenset()  # the signals that had fired when it was decided
    decided_at: datetime | None = None
    gone_at: datetime | None = None
    detected: tuple[detections.Detected, ...] = ()  # what detection systems said of it


def key_of(kind: str, artist_id: int, group_id: int) -> str:
    """Write an event's key."""
    return f"{kind}:{artist_id}:{group_id}"


def states(connection: Connection, keys: Collection[str]) -> dict[str, State]:
    """Read what the cases of these events are now."""
    found: dict[str, State] = {}
    for part in batched(sorted(set(keys)), ROWS_A_STATEMENT):
        rows = connection.execute(select(case).where(case.c.key.in_(part)).order_by(case.c.id).with_for_update()).all()
        given = _latest_verdicts(connection, [row.id for row in rows])
        detected = detections.of_cases(connection, [row.id for row in rows])
        found.update((row.key, _state(row, given.get(row.id), detected.get(row.id, ()))) for row in rows)
    return found


def _state(row: Row[Any], given: Row[Any] | None, detected: tuple[detections.Detected, ...] = ()) -> State:
    more: dict[str, Any] = {}
    if given is not None:
        settled = frozenset(json.loads(given.signals)) if given.signals else frozenset()
        more = {"decision": given.decision, "rank": given.rank, "settled": settled, "decided_at": given.decided_at}
    return State(
        id=row.id,
        kind=row.kind,
        artist_id=row.artist_id,
        group_id=row.group_id,
        status=row.status,
        meaning=row.meaning,
        origin=row.origin,
        score=row.score,
        gone_at=row.gone_at,
        detected=detected,
        **more,
    )


def _latest_verdicts(connection: Connection, case_ids: Sequence[int]) -> dict[int, Row[Any]]:
    """Find the verdict that counts: the strongest authority's latest. What detectors say is none."""
    found: dict[int, Row[Any]] = {}
    given = select(verdict).where(
        verdict.c.case_id.in_(case_ids), verdict.c.rank < detections.DETECTOR, verdict.c.withdrawn_at.is_(None)
    )
    for row in connection.execute(given.order_by(verdict.c.id)):
        before = found.get(row.case_id)
        if before is None or row.rank <= before.rank:
            found[row.case_id] = row
    return found


def keep(connection: Connection, judged: Sequence[Judged], at: datetime) -> list[tuple[int, str]]:
    """Open and update cases; return (case id, 'opened' or 'changed') of those whose meaning is new."""
    known = states(connection, [one.key for one in judged])
    events = []
    for one in sorted({j.key: j for j in judged}.values(), key=lambda j: j.key):
        before = known.get(one.key)
        values = _values(one, at)
        if before is None:
            row = {"key": one.key, "kind": one.kind, "artist_id": one.artist_id, "group_id": one.group_id}
            row |= {"origin": one.origin, "opened_at": at}
            case_id = int(connection.execute(insert(case).values(**row, **values).returning(case.c.id)).scalar_one())
            events.append((case_id, "opened"))
        else:
            case_id = before.id
            is_news = before.meaning != one.meaning or before.status != one.status
            if not is_news:
                values.pop("changed_at")
            else:
                values["revision"] = case.c.revision + 1
                events.append((case_id, "changed"))
            connection.execute(update(case).where(case.c.id == case_id).values(**values))
        if before is None or before.meaning != one.meaning or before.status != one.status:
            note = one.reopened_because if before is not None and before.status != one.status else ""
            log(connection, case_id, "opened" if before is None else "scored", one.status, one, at, note)
        _bind(connection, case_id, one.bindings)
    return events


def _values(one: Judged, at: datetime) -> dict[str, Any]:
    return {
        "attack": one.attack,
        "status": one.status,
        "loud": one.loud,
        "score_low": one.score_low,
        "score": one.score,
        "score_high": one.score_high,
        "bits": one.bits,
        "rule_version": one.rule_version,
        "evidence": json.dumps(one.evidence, ensure_ascii=False, sort_keys=True),
        "title": one.title,
        "meaning": one.meaning,
        "reopened_because": one.reopened_because,
        "gone_at": one.gone_at,
        "changed_at": at,
    }


def _bind(connection: Connection, case_id: int, bindings: Sequence[Bound]) -> None:
    """Make a case's findings those that judgement saw."""
    known = {
        (row.profile_id, row.release_id): row
        for row in connection.execute(select(finding).where(finding.c.case_id == case_id))
    }
    wanted = {(b.profile_id, b.release_id): b for b in bindings}
    gone = [row.id for key, row in known.items() if key not in wanted]
    if gone:
        connection.execute(delete(finding).where(finding.c.id.in_(gone)))
    fresh = []
    for key, bound in wanted.items():
        row = known.get(key)
        if row is None:
            fresh.append({name: getattr(bound, name) for name in Bound.__dataclass_fields__} | {"case_id": case_id})
        elif (row.role, row.removed_at) != (bound.role, bound.removed_at):
            changed = {"role": bound.role, "removed_at": bound.removed_at}
            connection.execute(update(finding).where(finding.c.id == row.id).values(**changed))
    if fresh:
        connection.execute(insert(finding), fresh)


def log(
    connection: Connection, case_id: int, event: str, status: str, one: Judged | State, at: datetime, note: str = ""
) -> None:
    """Append to a case's history."""
    rules = one.rule_version if isinstance(one, Judged) else ""
    connection.execute(
        insert(case_history).values(
            case_id=case_id, at=at, event=event, status=status, score=one.score, rule_version=rules, note=note
        )
    )


def note(connection: Connection, row: Row[Any], event: str, at: datetime, said: str) -> None:
    """Append to a case's history what changes nothing of the case itself."""
    log(connection, row.id, event, row.status, _state(row, None), at, said)


def decide(
    connection: Connection, case_id: int, said: detections.Opinion, at: datetime, *, status: str, rank: int = 2
) -> int:
    """Give a verdict, or raise NoSuchCase; return the case that it counts for. Earlier verdicts stay readable.

    Where a stronger authority has spoken, the verdict is kept and the case stays what that one made it.
    """
    row = find(connection, case_id)
    stronger = _latest_verdicts(connection, [row.id]).get(row.id)
    outweighed = stronger is not None and stronger.rank < rank
    status = row.status if outweighed else status
    because = row.reopened_because if outweighed else ""
    fired = sorted(f"{one['signal']}={one['because']}" for one in json.loads(row.evidence) if one["state"] == "fired")
    connection.execute(
        insert(verdict).values(
            case_id=row.id,
            rank=rank,
            signals=json.dumps(fired, ensure_ascii=False),
            decided_at=at,
            **asdict(said),
        )
    )
    connection.execute(
        update(case)
        .where(case.c.id == row.id)
        .values(status=status, changed_at=at, revision=case.c.revision + 1, reopened_because=because)
    )
    note = f"{said.decision} by {said.authority}"
    if stronger is not None and outweighed:
        note += f", outweighed by {stronger.authority}: {stronger.decision}"
    log(connection, row.id, "verdict", status, _state(row, None), at, note)
    return int(row.id)


def withdraw(
    connection: Connection, case_id: int, verdict_id: int, authority: str, at: datetime, *, status: str, because: str
) -> None:
    """Take a verdict back: it stays readable and counts no longer; the case is again what it was before."""
    undone = update(verdict).where(verdict.c.id == verdict_id)
    connection.execute(undone.values(withdrawn_at=at, withdrawn_by=authority))
    row = find(connection, case_id)
    values = {"status": status, "changed_at": at, "revision": case.c.revision + 1, "reopened_because": because}
    connection.execute(update(case).where(case.c.id == row.id).values(**values))
    log(connection, row.id, "verdict undone", status, _state(row, None), at, f"by {authority}")


def find(connection: Connection, case_id: int) -> Row[Any]:
    """Return a case's row, following merges; raise NoSuchCase."""
    seen: set[int] = set()
    while 0 < case_id <= LARGEST and case_id not in seen:
        seen.add(case_id)
        row = connection.execute(select(case).where(case.c.id == case_id)).first()
        if row is None:
            break
        if row.merged_into is None:
            return row
        case_id = row.merged_into
    raise NoSuchCase(f"there is no case {case_id}")


def merge_groups(connection: Connection, kind: str, merged: Mapping[int, int], at: datetime) -> list[tuple[int, str]]:
    """Follow groups that went up in others: their cases become one, verdicts and all; return what is withdrawn."""
    events: list[tuple[int, str]] = []
    for old, new in sorted(merged.items()):
        rows = connection.execute(
            select(case).where(case.c.kind == kind, case.c.group_id == old, case.c.merged_into.is_(None))
        ).all()
        for row in rows:
            events += move(connection, row, row.artist_id, new, at)
    return events


def move(connection: Connection, row: Row[Any], artist_id: int, group_id: int, at: datetime) -> list[tuple[int, str]]:
    """Give a case to an artist and a group; return what is withdrawn where there is a case of that event already.

    The older of the two stays, with the verdicts of both; it is told anew, and so is a case that got another artist.
    """
    key = key_of(row.kind, artist_id, group_id)
    place = {"key": key, "artist_id": artist_id, "group_id": group_id}
    other = connection.execute(select(case).where(case.c.key == key, case.c.id != row.id)).first()
    if other is None:
        anew = {"meaning": ""} if row.artist_id != artist_id else {}
        connection.execute(update(case).where(case.c.id == row.id).values(**place, **anew))
        return []
    stays, goes = (other, row) if other.id < row.id else (row, other)
    decided = _status_of_both(connection, stays, goes)
    for table in (verdict, takedown):
        connection.execute(update(table).where(table.c.case_id == goes.id).values(case_id=stays.id))
    connection.execute(delete(finding).where(finding.c.case_id == goes.id))
    gone = {"key": f"merged:{goes.id}", "status": "merged", "merged_into": stays.id, "artist_id": artist_id}
    connection.execute(update(case).where(case.c.id == goes.id).values(**gone, changed_at=at))
    connection.execute(update(case).where(case.c.id == stays.id).values(**place, status=decided, meaning=""))
    log(connection, stays.id, "merged", decided, _state(stays, None), at, f"case {goes.id} is the same event")
    return [(goes.id, "withdrawn")]


def _status_of_both(connection: Connection, stays: Row[Any], goes: Row[Any]) -> str:
    """Say what two cases that are one are: what was decided, and of two decisions the one whose verdict counts."""
    decided = [one for one in (stays, goes) if one.status not in ("open", "returned")]
    if len(decided) < 2:
        return str(decided[0].status if decided else stays.status)
    given = _latest_verdicts(connection, [stays.id, goes.id])
    counting = min(
        decided, key=lambda one: (given[one.id].rank, -given[one.id].id) if one.id in given else (LARGEST, 0)
    )
    return str(counting.status)


def about_pages(connection: Connection, profile_ids: Collection[int]) -> list[tuple[int, int, int]]:
    """List (artist id, group id, profile id) of open cases about whole pages."""
    return [(row.artist_id, row.group_id, row.profile_id) for row in _about_pages(connection, profile_ids)]


def _about_pages(connection: Connection, profile_ids: Collection[int]) -> Sequence[Any]:
    return connection.execute(
        select(case.c.id, case.c.artist_id, case.c.group_id, finding.c.profile_id)
        .join(finding, finding.c.case_id == case.c.id)
        .where(finding.c.profile_id.in_(profile_ids), case.c.kind == "profile", case.c.status.in_(OPEN))
    ).all()
