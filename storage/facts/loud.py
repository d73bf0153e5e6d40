"""Loud cases, as alerts tell them, and how cases that were told stand now. Reads only, in sets."""

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, select

from storage.models import artist, artist_tag, campaign, case, case_history, finding, profile, takedown
from storage.sets import ROWS_A_STATEMENT, batched, sets_by_id

NEW = ("open", "returned")  # nobody has looked at it since
STANDING = ("open", "watching", "returned", "confirmed", "takedown_requested")  # it is still there
REASONS = 4


@dataclass(frozen=True, slots=True)
class LoudCase:
    """A case that is above the alert cut and that nobody has decided."""

    id: int
    kind: str
    attack: str
    status: str
    title: str
    artist_id: int
    artist: str
    score_low: float
    score: float
    score_high: float
    opened_at: datetime
    reopened: int  # grows with every reopening and return; 0: never
    reopened_because: str
    campaign_id: int | None
    reasons: tuple[tuple[str, float], ...]  # the strongest signals: what was seen, and its bits
    platforms: frozenset[str]
    tags: frozenset[str]


def loud_cases(connection: Connection) -> list[LoudCase]:
    """Read the loud news that waits for somebody; a census is never loud."""
    again = (
        select(func.max(case_history.c.id))
        .where(case_history.c.case_id == case.c.id, case_history.c.event == "scored")
        .where(case_history.c.note != "", case_history.c.status.in_(NEW))
        .correlate(case)
        .scalar_subquery()
    )
    rows = connection.execute(
        select(case, artist.c.name.label("artist"), again.label("again"))
        .join(artist, artist.c.id == case.c.artist_id)
        .where(case.c.status.in_(NEW), case.c.loud, case.c.origin == "news", case.c.merged_into.is_(None))
        .order_by(case.c.id)
    ).all()
    where = platforms_of(connection, [row.id for row in rows])
    tags = tags_of(connection, {row.artist_id for row in rows})
    return [_loud(row, where.get(row.id, ()), tags.get(row.artist_id, ())) for row in rows]


def _loud(row: Row[Any], platforms: Iterable[str], tags: Iterable[str]) -> LoudCase:
    fired = [one for one in json.loads(row.evidence) if one["state"] == "fired" and one["bits"] > 0]
    fired.sort(key=lambda one: -one["bits"])
    return LoudCase(
        id=row.id,
        kind=row.kind,
        attack=row.attack,
        status=row.status,
        title=row.title,
        artist_id=row.artist_id,
        artist=row.artist,
        score_low=row.score_low,
        score=row.score,
        score_high=row.score_high,
        opened_at=row.opened_at,
        reopened=row.again or 0,
        reopened_because=row.reopened_because,
        campaign_id=row.campaign_id,
        reasons=tuple((f"{one['reason']} {one['because']}", one["bits"]) for one in fired[:REASONS]),
        platforms=frozenset(platforms),
        tags=frozenset(tags),
    )


def platforms_of(connection: Connection, case_ids: Iterable[int]) -> dict[int, set[str]]:
    """Map cases to the platforms that they were found on."""
    pages = select(finding.c.case_id, profile.c.platform).join(profile, profile.c.id == finding.c.profile_id).distinct()
    return sets_by_id(connection, case_ids, lambda part: pages.where(finding.c.case_id.in_(part)))


def tags_of(connection: Connection, artist_ids: Iterable[int]) -> dict[int, set[str]]:
    """Map artists to their tags."""
    tags = select(artist_tag.c.artist_id, artist_tag.c.tag)
    return sets_by_id(connection, artist_ids, lambda part: tags.where(artist_tag.c.artist_id.in_(part)))


def statuses(connection: Connection, case_ids: Iterable[int]) -> dict[int, str]:
    """Map cases to their status now."""
    found: dict[int, str] = {}
    for part in batched(sorted(set(case_ids)), ROWS_A_STATEMENT):
        rows = connection.execute(select(case.c.id, case.c.status).where(case.c.id.in_(part)))
        found.update((row[0], row[1]) for row in rows)
    return found


def campaign_statuses(connection: Connection, numbers: Iterable[int]) -> dict[int, set[str]]:
    """Map campaigns to what their cases are now."""
    members = select(case.c.campaign_id, case.c.status).distinct()
    return sets_by_id(connection, numbers, lambda part: members.where(case.c.campaign_id.in_(part)))


def ties(connection: Connection, numbers: Collection[int]) -> dict[int, list[str]]:
    """Map campaigns to what ties their cases."""
    rows = connection.execute(select(campaign.c.id, campaign.c.ties).where(campaign.c.id.in_(numbers)))
    return {row.id: [str(tie) for tie in json.loads(row.ties)] for row in rows}


def overdue(connection: Connection, at: datetime) -> list[dict[str, Any]]:
    """List reports to platforms whose answer is late, the latest deadline last."""
    columns = (case.c.title, case.c.kind, case.c.score, case.c.status, case.c.artist_id)
    rows = connection.execute(
        select(takedown, *columns, artist.c.name.label("artist"))
        .join(case, case.c.id == takedown.c.case_id)
        .join(artist, artist.c.id == case.c.artist_id)
        .where(takedown.c.answered_at.is_(None), takedown.c.deadline_at <= at)
        .where(case.c.status.not_in(("gone", "cleared", "merged")))
        .order_by(takedown.c.deadline_at, takedown.c.id)
    ).all()
    tags = tags_of(connection, {row.artist_id for row in rows})
    return [{**row._mapping, "platforms": [row.platform], "tags": sorted(tags.get(row.artist_id, ()))} for row in rows]
