"""A verdict's whole effect, in the caller's transaction: the case, the profiles' standing, the feed."""

from datetime import datetime

from sqlalchemy import Connection

from crawler.feed import candidates
from crawler.suspicion.life import ANALYST, STATUS_OF
from storage import cases, roster
from storage.console import actions
from storage.console.actions import Before
from storage.facts.case_file import case_file

STANDING = {"namesake": "namesake", "legitimate": "official", "impersonation": "suspected", "takedown": "suspected"}


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
    status = STATUS_OF[decision]
    case_id = cases.decide(connection, case_id, decision, authority, note, at, status=status, rank=rank)
    file = case_file(connection, case_id)
    if file.case.kind == "profile" and decision in STANDING:
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


def undo(connection: Connection, case_id: int, verdict_id: int, was: Before, authority: str, at: datetime) -> int:
    """Take a verdict back with its whole effect: the case, the profiles' standing, the feed. Returns the case."""
    row = cases.find(connection, case_id)
    cases.withdraw(connection, row.id, verdict_id, authority, at, status=was.status, because=was.reopened_because)
    actions.bring_back(connection, row.artist_id, row.id, was, authority, at)
    candidates.tell(connection, [(row.id, "changed")], at)
    return int(row.id)
