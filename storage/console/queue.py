"""The review queue: cases by filters, the most suspicious first, a page at a time. Reads only.

Each status is read along its own index and the lists are merged, so that a page costs what it shows.
"""

import heapq
import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, exists, func, or_, select

from storage.facts import case_list
from storage.models import artist, case, finding, profile
from storage.sets import ROWS_A_STATEMENT, batched

STATUSES = case_list.STATUSES
COUNTED_UP_TO = 10_000
SEARCHED_UP_TO = 1_000  # of what no index counts: a title's part, a platform
FEW = 2_000
SHOWN = (
    "id", "kind", "attack", "origin", "status", "loud", "score_low", "score", "score_high", "bits", "title", "evidence",
    "revision", "opened_at", "changed_at", "campaign_id", "artist_id", "reopened_because",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list of cases is narrowed to; empty fields narrow nothing."""

    statuses: tuple[str, ...] = ()
    kind: str = ""
    attack: str = ""
    origin: str = ""
    platform: str = ""
    artist: str = ""
    title: str = ""
    loud: bool = False
    campaign: int | None = None
    least: float = 0.0
    since: datetime | None = None
    only: tuple[int, ...] = field(default=())


def page(connection: Connection, filters: Filters, limit: int, after: int | None = None) -> list[dict[str, Any]]:
    """Return cases with their findings; `after` is the last case of the page before."""
    rows = list(islice(_merged(connection, filters, limit, after, [case.c[name] for name in SHOWN]), limit))
    found = case_list.findings(connection, [row.id for row in rows])
    names = _artists(connection, {row.artist_id for row in rows})
    return [
        {
            **row._mapping,
            "evidence": json.loads(row.evidence),
            "findings": found.get(row.id, []),
            "artist": names[row.artist_id],
        }
        for row in rows
    ]


def frozen(connection: Connection, filters: Filters, limit: int) -> list[tuple[int, int]]:
    """Return (case, revision) of those that match, the most suspicious first."""
    rows = _merged(connection, filters, limit, None, [case.c.id, case.c.score, case.c.revision])
    return [(row.id, row.revision) for row in islice(rows, limit)]


def following(connection: Connection, filters: Filters, case_id: int) -> int | None:
    """Return the case after this one in the list, or the first when this was the last; None when there is no other."""
    for after in (case_id, None):
        rows = _merged(connection, filters, 2, after, [case.c.id, case.c.score])
        other = next((int(row.id) for row in rows if row.id != case_id), None)
        if other is not None:
            return other
    return None


def most_counted(filters: Filters) -> int:
    """Say how far matching cases are counted."""
    return SEARCHED_UP_TO if filters.title or filters.platform else COUNTED_UP_TO


def count(connection: Connection, filters: Filters) -> int:
    """Count matching cases, no further than `most_counted` and one more."""
    most = most_counted(filters)
    filters = _narrowed(connection, filters)
    conditions = _conditions(connection, filters)
    total = 0
    for status in filters.statuses or STATUSES:
        part = select(case.c.id).where(_of_status(filters, status), *conditions).limit(most + 1 - total).subquery()
        total += int(connection.scalar(select(func.count()).select_from(part)) or 0)
        if total > most:
            break
    return total


def tallies(connection: Connection) -> dict[str, int]:
    """Count the cases of every status."""
    rows = connection.execute(select(case.c.status, func.count()).group_by(case.c.status))
    known = {row[0]: int(row[1]) for row in rows}
    return {status: known.get(status, 0) for status in STATUSES}


def _merged(
    connection: Connection, filters: Filters, limit: int, after: int | None, columns: list[Any]
) -> Iterator[Row[Any]]:
    filters = _narrowed(connection, filters)
    conditions = _conditions(connection, filters)
    if after is not None:
        score = connection.scalar(select(case.c.score).where(case.c.id == after))
        if score is not None:
            conditions.append(or_(case.c.score < score, and_(case.c.score == score, case.c.id > after)))
    lists = []
    for status in filters.statuses or STATUSES:
        found = select(*([case.c.id] if filters.title else columns)).where(_of_status(filters, status), *conditions)
        query = found.order_by(case.c.score.desc(), case.c.id).limit(limit)
        if filters.title:  # first which they are, from an index alone, then the few rows
            query = select(*columns).where(case.c.id.in_(query)).order_by(case.c.score.desc(), case.c.id)
        lists.append(connection.execute(query).all())
    return heapq.merge(*lists, key=lambda row: (-row.score, row.id))


def _of_status(filters: Filters, status: str) -> ColumnElement[bool]:
    # What is few is better found by itself: concatenated, the status hides its index, which would be walked whole.
    narrow = bool(filters.artist or filters.only or filters.campaign is not None)
    return case.c.status.concat("") == status if narrow else case.c.status == status


def _conditions(connection: Connection, filters: Filters) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    for name in ("kind", "attack", "origin"):
        if value := getattr(filters, name):
            found.append(case.c[name] == value)
    if filters.loud:
        found.append(case.c.loud)
    if filters.artist:
        ids = connection.scalars(select(artist.c.id).where(artist.c.name == filters.artist)).all()
        found.append(case.c.artist_id.in_(ids))
    if filters.title:
        found.append(case.c.title.icontains(filters.title, autoescape=True))
    if filters.campaign is not None:
        found.append(case.c.campaign_id == filters.campaign)
    if filters.least > 0:
        found.append(case.c.score >= filters.least)
    if filters.since is not None:
        found.append(case.c.opened_at >= filters.since)
    if filters.only:
        found.append(case.c.id.in_(filters.only))
    if filters.platform:
        shown = select(finding.c.id).join(profile, profile.c.id == finding.c.profile_id)
        found.append(exists(shown.where(finding.c.case_id == case.c.id, profile.c.platform == filters.platform)))
    return found


def _narrowed(connection: Connection, filters: Filters) -> Filters:
    """Name the cases of a platform when they are few: else the whole queue would be walked in search of them."""
    if not filters.platform:
        return filters
    shown = select(finding.c.case_id).join(profile, profile.c.id == finding.c.profile_id)
    ids = set(connection.scalars(shown.where(profile.c.platform == filters.platform).limit(FEW + 1)))
    if len(ids) > FEW:
        return filters
    only = ids & set(filters.only) if filters.only else ids
    return replace(filters, platform="", only=tuple(sorted(only)) or (0,))  # no case has the number 0


def _artists(connection: Connection, ids: Collection[int]) -> dict[int, str]:
    found: dict[int, str] = {}
    for part in batched(sorted(ids), ROWS_A_STATEMENT):
        found.update(
            (row[0], row[1])
            for row in connection.execute(select(artist.c.id, artist.c.name).where(artist.c.id.in_(part)))
        )
    return found
