"""A verdict's whole effect, in the caller's transaction: the case, the profile's standing, the feed."""

from datetime import datetime

from sqlalchemy import Connection

from crawler.feed import candidates
from storage import cases, roster
from storage.facts.case_file import case_file

STANDING = {"namesake": "namesake", "legitimate": "official", "impersonation": "suspected"}


def decide(connection: Connection, case_id: int, decision: str, authority: str, note: str, at: datetime) -> None:
    """Decide a case for good, or raise NoSuchCase; a verdict on a whole profile also says whose it is."""
    event = cases.decide(connection, case_id, decision, authority, note, at)
    file = case_file(connection, case_id)
    if file.release is None and decision in STANDING:
        settled = roster.Standing(
            file.artist.id,
            file.profile.platform,
            file.profile.platform_id,
            STANDING[decision],
            "analyst",
            file.profile.name,
            f"case {case_id}: {decision} by {authority}",
        )
        roster.keep_standings(connection, [settled], at)
    candidates.tell(connection, [event], at)
