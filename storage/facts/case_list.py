"""Lists of cases: read along the index of each status, so that a page costs what it shows. Reads only."""

import heapq
import json
from collections.abc import Collection, Iterator, Sequence
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, or_, select

from storage.cases import NoSuchCase
from storage.models import artist, case, finding, profile, release
from storage.sets import batched

STATUSES = ("open", "watching", "returned", "confirmed", "takedown_requested", "gone", "cleared")
PAGE = 100  # cases whose findings are read together

Rows = Iterator[dict[str, Any]]


def cases(
    connection: Connection,
    *,
    statuses: Collection[str] = (),
    artist_name: str | None = None,
    loud: bool | None = None,
    limit: int | None = None,
    after: int | None = None,
) -> Rows:
    """Yield cases, the most suspicious first; `after` is the last case of the page before."""
    found = [
        connection.execute(_of_status(connection, one, artist_name, loud, limit, after))
        for one in STATUSES
        if not statuses or one in statuses
    ]
    merged = list(islice(heapq.merge(*found, key=lambda row: (-row.score, row.id)), limit))
    for part in batched(merged, PAGE):
        yield from _with_findings(connection, part)


def _with_findings(connection: Connection, part: Sequence[Row[Any]]) -> Rows:
    found = findings(connection, [row.id for row in part])
    for row in part:
        yield {**row._mapping, "evidence": json.loads(row.evidence), "findings": found.get(row.id, [])}


def _of_status(
    connection: Connection,
    status: str,
    artist_name: str | None,
    loud: bool | None,
    limit: int | None,
    after: int | None,
) -> Select[Any]:
    query = (
        select(
            case.c.id,
            case.c.kind,
            case.c.attack,
            case.c.origin,
            case.c.status,
            case.c.loud,
            case.c.score_low,
            case.c.score,
            case.c.score_high,
            case.c.bits,
            artist.c.name.label("artist"),
            case.c.title,
            case.c.evidence,
            case.c.opened_at,
            case.c.changed_at,
            case.c.campaign_id,
        )
        .join(artist, artist.c.id == case.c.artist_id)
        .order_by(case.c.score.desc(), case.c.id)
        .limit(limit)
    )
    if artist_name is not None:
        ids = connection.scalars(select(artist.c.id).where(artist.c.name == artist_name)).all()
        # Their cases are few: concatenated, the status hides its index from SQLite, which would walk all open cases.
        query = query.where(case.c.artist_id.in_(ids), case.c.status.concat("") == status)
    else:
        query = query.where(case.c.status == status)
    if loud is not None:
        query = query.where(case.c.loud == loud)
    if after is not None:
        score = connection.scalar(select(case.c.score).where(case.c.id == after))
        if score is None:
            raise NoSuchCase(f"there is no case {after}")
        query = query.where(or_(case.c.score < score, and_(case.c.score == score, case.c.id > after)))
    return query


def findings(connection: Connection, case_ids: Sequence[int]) -> dict[int, list[dict[str, Any]]]:
    """Map each case to its findings."""
    rows = connection.execute(
        select(
            finding.c.case_id,
            finding.c.role,
            finding.c.first_seen_at,
            finding.c.removed_at,
            profile.c.platform,
            profile.c.platform_id.label("profile_id"),
            profile.c.name.label("profile"),
            release.c.platform_id.label("release_id"),
            release.c.title.label("release"),
        )
        .join(profile, profile.c.id == finding.c.profile_id)
        .outerjoin(release, release.c.id == finding.c.release_id)
        .where(finding.c.case_id.in_(case_ids))
        .order_by(finding.c.id)
    )
    found: dict[int, list[dict[str, Any]]] = {}
    for row in rows:
        one = dict(row._mapping)
        found.setdefault(one.pop("case_id"), []).append(one)
    return found


def case_scores(connection: Connection) -> dict[tuple[str, str, str | None], tuple[int, float, bool]]:
    """Map (platform, profile id, release id) of every finding to its case's number, score and loudness."""
    rows = connection.execute(
        select(profile.c.platform, profile.c.platform_id, release.c.platform_id, case.c.id, case.c.score, case.c.loud)
        .select_from(case)
        .join(finding, finding.c.case_id == case.c.id)
        .join(profile, profile.c.id == finding.c.profile_id)
        .outerjoin(release, release.c.id == finding.c.release_id)
        .where(case.c.merged_into.is_(None))
    )
    return {(row[0], row[1], row[2]): (row[3], row[4], row[5]) for row in rows}
