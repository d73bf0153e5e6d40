"""A verdict's whole effect, in the caller's transaction: the case, the profiles' standing, the feed.

What a detection system says is heard, not obeyed: it moves the score, and leaves the status, standings and verdicts.
"""

import json
from datetime import datetime

from sqlalchemy import Connection

from crawler.feed import candidates
from crawler.feed.answer import Answer
from crawler.suspicion import detectors
from crawler.suspicion.life import ANALYST, STATUS_OF
from storage import cases, detections, judging_queue, keys, roster
from storage.console import actions
from storage.console.actions import Before
from storage.detections import DETECTOR, Opinion
from storage.facts.case_file import case_file

STANDING = {"namesake": "namesake", "legitimate": "official", "impersonation": "suspected", "takedown": "suspected"}


class NotAPerson(Exception):
    """A detection system can't decide this, and the message says who tried."""


def decide(
    connection: Connection,
    case_id: int,
    decision: str,
    authority: str,
    note: str,
    at: datetime,
    rank: int = ANALYST,
) -> int:
    """Decide a case for good, or raise NoSuchCase; a verdict on pages also says whose they are. Returns the case."""
    status, said = STATUS_OF[decision], Opinion(decision, authority, note)
    if rank >= DETECTOR or keys.is_detector(connection, authority):
        return _heard(connection, case_id, said, at)
    case_id = cases.decide(connection, case_id, said, at, status=status, rank=rank)
    file = case_file(connection, case_id)
    if file.case.kind == "profile" and decision in STANDING and file.case.status == status:
        settled = [
            roster.Standing(
                file.artist.id,
                one.platform,
                one.platform_id,
                STANDING[decision],
                "analyst",
                one.name,
                f"case {case_id}: {decision} by {authority}",
            )
            for one in file.profiles
        ]
        roster.keep_standings(connection, settled, at)
    candidates.tell(connection, [(case_id, "decided")], at)
    return case_id


def answered(connection: Connection, case_id: int, answer: Answer, authority: str, at: datetime) -> int:
    """Keep a detector's answer to a question about a case, or raise NoSuchCase. Returns the case."""
    whole = answer.model_dump_json(exclude_none=True)
    return _heard(connection, case_id, Opinion("unsure", authority, answer.sentence(), answer.question, whole), at)


def person(connection: Connection, by: str) -> None:
    """Raise NotAPerson if somebody who decides is a detection system."""
    if keys.is_detector(connection, by):
        raise NotAPerson(f"{by!r} is a detection system: it may say what it thinks of a case, and decides nothing")


def _heard(connection: Connection, case_id: int, said: Opinion, at: datetime) -> int:
    row = cases.find(connection, case_id)
    detections.keep(connection, row.id, said, at)
    detected = detections.of_cases(connection, [row.id])[row.id]
    detections.moved(connection, row.id, detectors.added_up(json.loads(row.evidence), detected), at)
    what = said.note if said.question else said.decision
    cases.note(connection, row, "detected", at, f"{what} by {said.authority}, a detection system")
    judging_queue.want(connection, [row.artist_id], "a detection system answered", at)
    candidates.tell(connection, [(row.id, "changed")], at)
    return int(row.id)


def undo(connection: Connection, case_id: int, verdict_id: int, was: Before, authority: str, at: datetime) -> int:
    """Take a verdict back with its whole effect: the case, the profiles' standing, the feed. Returns the case."""
    row = cases.find(connection, case_id)
    cases.withdraw(connection, row.id, verdict_id, authority, at, status=was.status, because=was.reopened_because)
    actions.bring_back(connection, row.artist_id, row.id, was, authority, at)
    candidates.tell(connection, [(row.id, "changed")], at)
    return int(row.id)
