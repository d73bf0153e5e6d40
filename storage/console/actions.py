"""Decisions made in the console: frozen before they act, remembered with what undoing brings back."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from storage import roster
from storage.detections import DETECTOR
from storage.models import case, console_action, console_case, finding, profile, standing, verdict
from storage.sets import ROWS_A_STATEMENT, batched


class NoSuchAction(Exception):
    """There is no action of that number, or it is somebody else's."""


@dataclass(frozen=True, slots=True)
class Before:
    """What a case and its pages were before a decision."""

    status: str
    reopened_because: str
    standings: tuple[tuple[int, str | None, str, str, bool, str], ...]  # page, then its standing's columns

    def written(self) -> str:
        """Write it for the store."""
        return json.dumps([self.status, self.reopened_because, self.standings], ensure_ascii=False)

    @classmethod
    def read(cls, text: str) -> "Before":
        """Read what was written."""
        status, because, standings = json.loads(text)
        return cls(status, because, tuple(tuple(one) for one in standings))


def freeze(
    connection: Connection,
    who: str,
    decision: str,
    note: str,
    cases: Sequence[tuple[int, int]],
    at: datetime,
    query: str = "",
    matched: int = 1,
) -> int:
    """Keep which cases (number, revision) a decision is meant for; nothing is decided yet."""
    values = {"who": who, "decision": decision, "note": note, "query": query, "matched": matched, "frozen_at": at}
    number = connection.execute(insert(console_action).values(values).returning(console_action.c.id)).scalar_one()
    for part in batched(list(dict(cases).items()), ROWS_A_STATEMENT // 4):
        rows = [{"action_id": number, "case_id": one, "revision": revision} for one, revision in part]
        connection.execute(insert(console_case), rows)
    return int(number)


def find(connection: Connection, number: int, who: str) -> Row[Any]:
    """Return somebody's own action, or raise NoSuchAction."""
    row = connection.execute(select(console_action).where(console_action.c.id == number)).first()
    if row is None or row.who != who:
        raise NoSuchAction(f"you have no decision {number}")
    return row


def frozen(connection: Connection, number: int, limit: int | None = None) -> list[Row[Any]]:
    """List an action's cases in the order in which they were frozen."""
    columns = (console_case, case.c.title, case.c.status, case.c.score, case.c.revision.label("revision_now"))
    query = select(*columns).join(case, case.c.id == console_case.c.case_id)
    query = query.where(console_case.c.action_id == number).order_by(console_case.c.id).limit(limit)
    return list(connection.execute(query))


def size(connection: Connection, number: int) -> int:
    """Count an action's cases."""
    query = select(func.count()).select_from(console_case).where(console_case.c.action_id == number)
    return int(connection.scalar(query) or 0)


def lock(connection: Connection, case_id: int) -> Row[Any] | None:
    """Return a case's row, which nobody else changes until this transaction ends."""
    return connection.execute(select(case).where(case.c.id == case_id).with_for_update()).first()


def before(connection: Connection, row: Row[Any]) -> Before:
    """Read what a decision on this case may change."""
    pages: list[tuple[int, str | None, str, str, bool, str]] = []
    if row.kind == "profile":
        query = (
            select(finding.c.profile_id, standing)
            .outerjoin(
                standing,
                (standing.c.profile_id == finding.c.profile_id) & (standing.c.artist_id == row.artist_id),
            )
            .where(finding.c.case_id == row.id)
            .order_by(finding.c.profile_id)
        )
        for one in connection.execute(query):
            decided = one.decided_at.isoformat() if one.decided_at else ""
            was = (one.standing, one.authority or "", one.reason or "", bool(one.joint), decided)
            pages.append((one[0], *was))
    return Before(row.status, row.reopened_because, tuple(dict.fromkeys(pages)))


def given(connection: Connection, case_id: int) -> int:
    """Return the number of a case's newest verdict that a person gave and that stands."""
    stands = (verdict.c.case_id == case_id, verdict.c.rank < DETECTOR, verdict.c.withdrawn_at.is_(None))
    return int(connection.scalar(select(func.max(verdict.c.id)).where(*stands)) or 0)


def note(connection: Connection, row_id: int, outcome: str, **values: Any) -> None:
    """Keep how an action's case ended; what ended before, in another request, stays as it is."""
    came_from = "decided" if outcome in ("undone", "kept") else ""
    kept = update(console_case).where(console_case.c.id == row_id, console_case.c.outcome == came_from)
    connection.execute(kept.values(outcome=outcome, **values))


def close(connection: Connection, number: int, **moments: datetime) -> None:
    """Keep when an action was done or undone."""
    connection.execute(update(console_action).where(console_action.c.id == number).values(**moments))


def bring_back(connection: Connection, artist_id: int, case_id: int, was: Before, who: str, at: datetime) -> None:
    """Give pages back the standing that they had, where nobody changed it since the decision."""
    changes = []
    for page, before_, authority, reason, joint, decided in was.standings:
        key = (standing.c.profile_id == page, standing.c.artist_id == artist_id)
        now = connection.execute(select(standing).where(*key)).first()
        if now is None or not now.reason.startswith(f"case {case_id}: "):
            continue
        if before_ is None:
            connection.execute(delete(standing).where(*key))
        else:
            values = {"standing": before_, "authority": authority, "reason": reason, "joint": joint}
            values["decided_at"] = datetime.fromisoformat(decided)
            connection.execute(update(standing).where(*key).values(values))
        shown = connection.execute(select(profile.c.platform, profile.c.platform_id).where(profile.c.id == page)).one()
        subject = f"{shown.platform}:{shown.platform_id}"
        was_now = f"{now.standing} by {now.authority}"
        changes.append(roster.Change(artist_id, "standing", subject, was_now, before_, f"case {case_id}: undone"))
    if changes:
        roster.note(connection, changes, who, at)
        roster.bump(connection)


def latest(connection: Connection, who: str, at: datetime, within: timedelta) -> dict[str, Any] | None:
    """Return somebody's last decision, done a short while ago and not undone, with how it ended."""
    query = (
        select(console_action)
        .where(console_action.c.who == who, console_action.c.done_at >= at - within)
        .order_by(console_action.c.done_at.desc(), console_action.c.id.desc())
        .limit(1)
    )
    row = connection.execute(query).first()
    if row is None or row.undone_at is not None:
        return None
    tally = connection.execute(
        select(console_case.c.outcome, func.count(), func.min(console_case.c.case_id))
        .where(console_case.c.action_id == row.id)
        .group_by(console_case.c.outcome)
    )
    told = {one[0]: (one[1], one[2]) for one in tally}
    decided, first = told.get("decided", (0, None))
    conflicts = told.get("conflict", (0, None))[0]
    return {**row._mapping, "decided": decided, "first": first, "conflicts": conflicts}


def explain(connection: Connection, number: int, note: str) -> None:
    """Keep why an action is taken, as long as it was not."""
    waiting = update(console_action).where(console_action.c.id == number, console_action.c.done_at.is_(None))
    connection.execute(waiting.values(note=note))
