"""The review queue: cases by filters, the most suspicious first, a page at a time. Reads only.

Each status is read along its own index and the lists are merged, so that a page costs what it shows.
"""

import heapq
import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    Subquery,
    desc,
    exists,
    func,
    literal,
    or_,
    select,
    union_all,
)

from storage.facts import case_list
from storage.models import artist, case, finding, profile
from storage.sets import ROWS_A_STATEMENT, batched

STATUSES = case_list.STATUSES
COUNTED_UP_TO = 10_000
SEARCHED_UP_TO = 1_000  # of what no index counts: a title's part
LOOKED_UP_TO = 250  # of what is looked up for each case: a platform
LONG_TITLE = 1_000  # bytes; longer ones are not in the index of titles
FEW = 2_000
SHOWN = (
    "id", "kind", "attack", "origin", "status", "loud", "score_low", "score", "score_high", "bits", "title", "evidence",
    "revision", "opened_at", "changed_at", "campaign_id", "artist_id", "reopened_because",
)  # fmt: skip
KEYS = (case.c.id, case.c.score)


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


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of the list and how many cases match, counted no further than `most`, and one more."""

    rows: list[dict[str, Any]]
    matching: int
    most: int


def listed(
    connection: Connection, filters: Filters, limit: int, after: int | None, tallied: Mapping[str, int]
) -> Listed:
    """Return a page of cases with how many match; `tallied` is what `tallies` counted."""
    most, known = most_counted(filters), _narrowed(connection, filters)
    if known.title or known.platform:
        return _searched(connection, known, limit, after, most)
    rows = _page(connection, known, limit, after)
    if after is None and len(rows) < limit:
        matching = len(rows)
    elif filters == Filters(statuses=filters.statuses):
        matching = sum(tallied[status] for status in filters.statuses or STATUSES)
    else:
        matching = _count(connection, known, most)
    return Listed(rows, min(matching, most + 1), most)


def _searched(connection: Connection, known: Filters, limit: int, after: int | None, most: int) -> Listed:
    """Walk the queue once for both the page and the count, which is what such a list costs."""
    keys = [(row.id, row.score) for row in islice(_merged(connection, known, most + 1, None), most + 1)]
    start = 0
    if after is not None and (last := connection.scalar(select(case.c.score).where(case.c.id == after))) is not None:
        start = sum((-score, number) <= (-last, after) for number, score in keys)
    if start + limit > len(keys) > most:
        return Listed(_page(connection, known, limit, after), len(keys), most)
    only = tuple(number for number, _ in keys[start : start + limit])
    rows = _page(connection, Filters(known.statuses, only=only), limit, None) if only else []
    return Listed(rows, len(keys), most)


def page(connection: Connection, filters: Filters, limit: int, after: int | None = None) -> list[dict[str, Any]]:
    """Return cases with their findings; `after` is the last case of the page before."""
    return _page(connection, _narrowed(connection, filters), limit, after)


def _page(connection: Connection, known: Filters, limit: int, after: int | None) -> list[dict[str, Any]]:
    rows = list(islice(_merged(connection, known, limit, after, [case.c[name] for name in SHOWN]), limit))
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
    rows = _merged(connection, _narrowed(connection, filters), limit, None, (*KEYS, case.c.revision))
    return [(row.id, row.revision) for row in islice(rows, limit)]


def following(connection: Connection, filters: Filters, case_id: int) -> int | None:
    """Return the case after this one in the list, or the first when this was the last; None when there is no other."""
    known = _narrowed(connection, filters)
    for after in (case_id, None):
        rows = _merged(connection, known, 2, after)
        other = next((int(row.id) for row in rows if row.id != case_id), None)
        if other is not None:
            return other
    return None


def most_counted(filters: Filters) -> int:
    """Say how far matching cases are counted."""
    if filters.platform:
        return LOOKED_UP_TO
    return SEARCHED_UP_TO if filters.title else COUNTED_UP_TO


def count(connection: Connection, filters: Filters) -> int:
    """Count matching cases, no further than `most_counted` and one more."""
    return _count(connection, _narrowed(connection, filters), most_counted(filters))


def _count(connection: Connection, known: Filters, most: int) -> int:
    total = 0
    for status in known.statuses or STATUSES:
        part = _found(connection, known, status, (), (case.c.id,)).limit(most + 1 - total).subquery()
        total += int(connection.scalar(select(func.count()).select_from(part)) or 0)
        if total > most:
            break
    return total


def tallies(connection: Connection) -> dict[str, int]:
    """Count the cases of every status, none further than COUNTED_UP_TO and one more."""
    each = [
        select(literal(status), select(func.count()).select_from(_first_of(status)).scalar_subquery())
        for status in STATUSES
    ]
    return {row[0]: int(row[1]) for row in connection.execute(union_all(*each))}


def _first_of(status: str) -> Subquery:
    return select(case.c.status).where(case.c.status == status).limit(COUNTED_UP_TO + 1).subquery()


def _merged(
    connection: Connection, known: Filters, limit: int, after: int | None, columns: Sequence[Any] = KEYS
) -> Iterator[Row[Any]]:
    behind: list[ColumnElement[bool]] = []
    if after is not None:
        score = connection.scalar(select(case.c.score).where(case.c.id == after))
        if score is not None:  # the first of these is where an index can begin
            behind = [case.c.score <= score, or_(case.c.score < score, case.c.id > after)]
    lists: list[Sequence[Row[Any]]] = []
    for status in known.statuses or STATUSES:
        query = _found(connection, known, status, behind, KEYS if known.title else columns)
        query = query.order_by(desc("score"), "id").limit(limit)
        if known.title and columns is not KEYS:  # first which they are, from an index alone, then the few rows
            query = select(*columns).where(case.c.id.in_(select(query.subquery().c.id)))
            query = query.order_by(case.c.score.desc(), case.c.id)
        lists.append(connection.execute(query).all())
        if len(lists[-1]) == limit:  # what is less suspicious than all of these is on no page of theirs
            behind = [*behind, case.c.score >= lists[-1][-1].score]
    return heapq.merge(*lists, key=lambda row: (-row.score, row.id))


def _found(
    connection: Connection, known: Filters, status: str, behind: Sequence[ColumnElement[bool]], columns: Sequence[Any]
) -> Select[Any]:
    """Select what matches among the cases of a status."""
    conditions = [_of_status(known, status), *_conditions(connection, known), *behind]
    if not known.title:
        return select(*columns).where(*conditions)
    conditions.append(case.c.title.icontains(known.title, autoescape=True))
    if connection.dialect.name == "sqlite":
        return select(*columns).where(*conditions)
    size = func.octet_length(case.c.title)  # each part has an index of its own
    parts = union_all(*(select(*columns).where(*conditions, fits) for fits in (size <= LONG_TITLE, size > LONG_TITLE)))
    return select(*parts.subquery().c)


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
    """Name the cases that match when they are few: else the whole queue would be walked in search of them."""
    if filters.platform:
        shown = select(finding.c.case_id).join(profile, profile.c.id == finding.c.profile_id)
        filters = _only(connection, filters, shown.where(profile.c.platform == filters.platform), platform="")
    if filters.kind or filters.attack or filters.origin or filters.loud:
        of_status = case.c.status.in_(filters.statuses or STATUSES)
        alike = Filters(kind=filters.kind, attack=filters.attack, origin=filters.origin, loud=filters.loud)
        # All of this stands in the index ix_suspect_case_counted: no case's row is read.
        filters = _only(connection, filters, select(case.c.id).where(of_status, *_conditions(connection, alike)))
    return filters


def _only(connection: Connection, filters: Filters, ids: Select[int], **changed: Any) -> Filters:
    found = set(connection.scalars(ids.limit(FEW + 1)))
    if len(found) > FEW:
        return filters
    only = found & set(filters.only) if filters.only else found
    return replace(filters, only=tuple(sorted(only)) or (0,), **changed)  # no case has the number 0


def _artists(connection: Connection, ids: Collection[int]) -> dict[int, str]:
    found: dict[int, str] = {}
    for part in batched(sorted(ids), ROWS_A_STATEMENT):
        found.update(
            (row[0], row[1])
            for row in connection.execute(select(artist.c.id, artist.c.name).where(artist.c.id.in_(part)))
        )
    return found
