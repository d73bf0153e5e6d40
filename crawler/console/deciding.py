"""Decisions from the console, on one case or many: the same way as the API's and the command line's, and undone as one.

A decision is made for a revision that somebody read. When the case has moved on meanwhile, that is a conflict, which is
told; nothing is decided then.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, Row

from crawler import verdicts
from crawler.suspicion.life import DECISIONS, STATUS_OF
from storage import audit, cases, outbox
from storage.console import actions, kept
from storage.database import writing
from storage.normalize import clean_text

AT_ONCE = 25  # cases of one transaction: other writers wait no longer than for these
MOST = 500
UNDO_WITHIN = timedelta(minutes=30)
LONGEST_NOTE = 2000
REASONS = {
    "impersonation": ("not in our catalogue", "not the artist's recording", "look-alike page", "part of a campaign"),
    "takedown": ("reported to the platform", "reported to the distributor"),
    "legitimate": (
        "in our catalogue",
        "licensed or authorised",
        "a re-delivery or reissue",
        "mapped wrongly",
    ),
    "namesake": ("another act of that name", "a page of that act"),
    "unsure": ("needs the label's answer", "needs to be heard", "waiting for more evidence"),
}
KEYS = {"impersonation": "i", "takedown": "t", "legitimate": "l", "namesake": "n", "unsure": "u"}
assert set(REASONS) == set(KEYS) == set(DECISIONS)
NEEDS_REASON = frozenset({"legitimate", "namesake"})  # what dismisses a case


class Conflict(Exception):
    """Somebody else was quicker, or the crawler learnt something: what was read is not what is there."""

    def __init__(self, case_id: int) -> None:
        """Keep which case."""
        super().__init__(f"case {case_id} changed while you read it")
        self.case_id = case_id


class NotAllowed(Exception):
    """A decision that can't be made so; the message says why."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How many cases of an action were decided or undone, and how many had moved on."""

    done: int
    conflicts: int


def said(decision: str, reason: str, note: str) -> str:
    """Write the note of a verdict from a reason out of the list and free words, or raise NotAllowed."""
    if decision not in DECISIONS:
        raise NotAllowed("a decision out of the list was expected")
    if reason and reason not in REASONS[decision]:
        raise NotAllowed(f"{decision}: a reason out of its list was expected")
    if decision in NEEDS_REASON and not reason:
        raise NotAllowed(f"{decision}: say why, by one of: {'; '.join(REASONS[decision])}")
    return clean_text(". ".join(part for part in (reason, note.strip()) if part), LONGEST_NOTE)[0]


def decide(engine: Engine, who: str, case_id: int, revision: int, decision: str, note: str, at: datetime) -> int:
    """Decide one case at the revision that was read, or raise Conflict; return the action that can be undone."""
    with writing(engine) as connection:
        cases.find(connection, case_id)
        number = actions.freeze(connection, who, decision, note, [(case_id, revision)], at)
        (row,) = actions.frozen(connection, number)
        if not _decide_one(connection, row, who, decision, note, at):
            raise Conflict(case_id)
        actions.close(connection, number, done_at=at)
    _tell(engine)
    return number


def carry_out(engine: Engine, who: str, number: int, at: datetime) -> Ended:
    """Decide the cases of a frozen action, a part at a time; those that moved on are left and counted."""
    with engine.connect() as connection:
        action = actions.find(connection, number, who)
        rows = actions.frozen(connection, number)
    if action.done_at is not None:
        raise NotAllowed("this was done already")
    done = conflicts = 0
    for part in _parts(rows):
        with writing(engine) as connection:
            for row in part:
                if row.outcome:
                    continue
                is_done = _decide_one(connection, row, who, action.decision, action.note, at)
                done, conflicts = done + is_done, conflicts + (not is_done)
    with writing(engine) as connection:
        actions.close(connection, number, done_at=at)
        audit.note(connection, who, "bulk verdict given", f"action {number}", at, f"{action.decision}: {done} cases")
    _tell(engine)
    return Ended(done, conflicts)


def undo(engine: Engine, who: str, number: int, at: datetime) -> Ended:
    """Take an action back whole, but for cases that were changed since; those stay as they are and are counted."""
    with engine.connect() as connection:
        action = actions.find(connection, number, who)
        rows = [row for row in actions.frozen(connection, number) if row.outcome == "decided"]
    if action.undone_at is not None or action.done_at is None:
        raise NotAllowed("there is nothing to undo")
    if at - action.done_at > UNDO_WITHIN:
        raise NotAllowed(f"a decision can be undone for {UNDO_WITHIN // timedelta(minutes=1)} minutes: decide anew")
    done = 0
    for part in _parts(rows):
        with writing(engine) as connection:
            done += sum(_undo_one(connection, row, action, at) for row in part)
    with writing(engine) as connection:
        actions.close(connection, number, undone_at=at)
    _tell(engine)
    return Ended(done, len(rows) - done)


def _decide_one(connection: Connection, row: Row[Any], who: str, decision: str, note: str, at: datetime) -> bool:
    known = actions.lock(connection, row.case_id)
    if known is None or known.merged_into is not None or known.revision != row.revision:
        actions.note(connection, row.id, "conflict")
        return False
    was = actions.before(connection, known)
    case_id = verdicts.decide(connection, known.id, decision, who, note, at)
    audit.note(connection, who, "verdict given", f"case {case_id}", at, decision)
    kept.forget(connection, case_id, who, at)
    actions.note(connection, row.id, "decided", verdict_id=actions.given(connection, case_id), before=was.written())
    return True


def _undo_one(connection: Connection, row: Row[Any], action: Row[Any], at: datetime) -> bool:
    known = actions.lock(connection, row.case_id)
    # What changed only the score, such as a detector's answer, is no reason to keep a verdict that somebody takes back.
    stands = known is not None and known.merged_into is None and known.status == STATUS_OF[action.decision]
    if known is None or not stands or actions.given(connection, known.id) != row.verdict_id:
        actions.note(connection, row.id, "kept")
        return False
    verdicts.undo(connection, known.id, row.verdict_id, actions.Before.read(row.before), action.who, at)
    kept.recall(connection, known.id, action.who, action.done_at)
    audit.note(connection, action.who, "verdict undone", f"case {known.id}", at)
    actions.note(connection, row.id, "undone")
    return True


def _parts(rows: Sequence[Row[Any]]) -> list[Sequence[Row[Any]]]:
    return [rows[start : start + AT_ONCE] for start in range(0, len(rows), AT_ONCE)]


def _tell(engine: Engine) -> None:
    with writing(engine) as connection:
        outbox.sequence(connection)
