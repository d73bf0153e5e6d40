"""What a target's schedule depends on. Reads only; one look, a few keyed reads."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Integer, text

from storage.models import Moment
from storage.targets import Ask, Target


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What a target's schedule depends on."""

    official: bool
    suspected: bool
    baseline_at: datetime | None
    failures: int
    last_news_at: datetime | None


_UNDER = "c.status IN ('open', 'watching', 'returned', 'confirmed', 'takedown_requested')"
_OFFICIAL = text(
    """SELECT 1 FROM standing s JOIN profile p ON p.id = s.profile_id
    WHERE p.platform = :platform AND p.platform_id = :subject AND s.standing = 'official' LIMIT 1"""
)
_SUSPECT_PROFILE = text(
    f"""SELECT 1 FROM profile p JOIN finding f ON f.profile_id = p.id AND f.release_id IS NULL
    JOIN suspect_case c ON c.id = f.case_id
    WHERE p.platform = :platform AND p.platform_id = :subject AND {_UNDER} LIMIT 1"""
)
_SUSPECT_RELEASE = text(
    f"""SELECT 1 FROM release r JOIN finding f ON f.release_id = r.id
    JOIN suspect_case c ON c.id = f.case_id
    WHERE r.platform = :platform AND r.platform_id = :subject AND {_UNDER} LIMIT 1"""
)
_MEMORY = text("SELECT baseline_at, failures, last_news_at FROM target WHERE id = :id").columns(
    baseline_at=Moment, failures=Integer, last_news_at=Moment
)


def circumstances(connection: Connection, asked: Target) -> Circumstances:
    """Gather what a target's next due time depends on."""
    memory = connection.execute(_MEMORY, {"id": asked.id}).one()
    about = {"platform": asked.platform, "subject": asked.subject}
    official, suspected = asked.ask is Ask.SEARCH, False
    if asked.ask in (Ask.PROFILE, Ask.RELEASES):
        official = connection.scalar(_OFFICIAL, about) is not None
        suspected = connection.scalar(_SUSPECT_PROFILE, about) is not None
    elif asked.ask is Ask.RELEASE:
        suspected = connection.scalar(_SUSPECT_RELEASE, about) is not None
    return Circumstances(official, suspected, memory.baseline_at, memory.failures, memory.last_news_at)
