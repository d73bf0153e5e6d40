"""What happened between two moments, what waits, and how long takedowns take: the ground of the digest. Reads only."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, select, text

from storage.facts.loud import platforms_of, tags_of
from storage.models import artist, case, case_history, finding, listing, profile, takedown, verdict

Chosen = Sequence[ColumnElement[bool]]


def opened(connection: Connection, since: datetime, until: datetime, chosen: Chosen = ()) -> list[dict[str, Any]]:
    """List the cases that were opened, the most suspicious first; a census is no news."""
    query = _CASES.where(case.c.opened_at > since, case.c.opened_at <= until, case.c.origin == "news", *chosen)
    return _with_places(connection, query)


def newest(connection: Connection, limit: int, loud: bool | None = None) -> list[dict[str, Any]]:
    """List the news that was opened last, the latest first."""
    query = _CASES.order_by(None).order_by(case.c.id.desc()).where(case.c.origin == "news").limit(limit)
    return _with_places(connection, query if loud is None else query.where(case.c.loud == loud))


def waits(connection: Connection, chosen: Chosen = ()) -> list[dict[str, Any]]:
    """List the loud cases that nobody has decided, the most suspicious first."""
    return _with_places(connection, _CASES.where(case.c.status.in_(("open", "returned")), case.c.loud, *chosen))


_CASES = (
    select(
        case.c.id,
        case.c.kind,
        case.c.attack,
        case.c.status,
        case.c.loud,
        case.c.score,
        case.c.title,
        case.c.artist_id,
        artist.c.name.label("artist"),
        case.c.opened_at,
        case.c.changed_at,
        case.c.campaign_id,
        case.c.key,
    )
    .join(artist, artist.c.id == case.c.artist_id)
    .where(case.c.merged_into.is_(None))
    .order_by(case.c.loud.desc(), case.c.score.desc(), case.c.id)
)


def _with_places(connection: Connection, query: Any) -> list[dict[str, Any]]:
    rows = connection.execute(query).all()
    places = platforms_of(connection, [row.id for row in rows])
    tags = tags_of(connection, [row.artist_id for row in rows])
    return [
        {**row._mapping, "platforms": sorted(places.get(row.id, ())), "tags": sorted(tags.get(row.artist_id, ()))}
        for row in rows
    ]


def changed(connection: Connection, since: datetime, until: datetime, chosen: Chosen = ()) -> list[dict[str, Any]]:
    """List what cases became: reopened, returned, gone, decided; the latest of each case."""
    latest = (
        select(func.max(case_history.c.id))
        .join(case, case.c.id == case_history.c.case_id)
        .where(case_history.c.at > since, case_history.c.at <= until, case_history.c.event != "opened")
        .where((case_history.c.event != "scored") | (case_history.c.note != "") | (case_history.c.status == "gone"))
        .group_by(case_history.c.case_id)
    )
    query = (
        select(
            case.c.id,
            case.c.kind,
            case.c.title,
            case.c.artist_id,
            case.c.score,
            artist.c.name.label("artist"),
            case_history.c.event,
            case_history.c.status,
            case_history.c.note,
            case_history.c.at,
        )
        .join(case, case.c.id == case_history.c.case_id)
        .join(artist, artist.c.id == case.c.artist_id)
        .where(case_history.c.id.in_(latest), case.c.merged_into.is_(None), *chosen)
        .order_by(case_history.c.at.desc(), case_history.c.id.desc())
    )
    return _with_places(connection, query)


def arrivals(connection: Connection, since: datetime, until: datetime) -> int:
    """Count the releases that newly stand on monitored pages, ordinary ones too."""
    new = text('listing."new"')  # as its index says it: SQLite knows `"new" = 1` for no such thing
    arrived = (new, listing.c.first_seen_at > since, listing.c.first_seen_at <= until)
    return int(connection.scalar(select(func.count(func.distinct(listing.c.release_id))).where(*arrived)) or 0)


def takedowns(connection: Connection, case_id: int | None = None) -> list[dict[str, Any]]:
    """List reports to platforms, the newest first, with the days until the case was gone from that platform."""
    columns = (case.c.title, case.c.kind, case.c.score, case.c.status, case.c.artist_id)
    query = (
        select(takedown, *columns, artist.c.name.label("artist"))
        .join(case, case.c.id == takedown.c.case_id)
        .join(artist, artist.c.id == case.c.artist_id)
        .order_by(takedown.c.reported_at.desc(), takedown.c.id.desc())
    )
    if case_id is not None:
        query = query.where(takedown.c.case_id == case_id)
    gone = _gone(connection, case_id)
    found = []
    for row in connection.execute(query):
        gone_at = gone.get((row.case_id, row.platform))
        after = None if gone_at is None or gone_at < row.reported_at else gone_at - row.reported_at
        days = None if after is None else round(after.total_seconds() / 86400, 2)
        found.append({**row._mapping, "gone_at": gone_at, "days_to_takedown": days})
    return found


def _gone(connection: Connection, case_id: int | None) -> dict[tuple[int, str], datetime]:
    """Map (case, platform) to when the last finding there was removed; what still stands there is left out."""
    query = (
        select(
            finding.c.case_id,
            profile.c.platform,
            func.count().label("findings"),
            func.count(finding.c.removed_at).label("removed"),
            func.max(finding.c.removed_at).label("at"),
        )
        .join(profile, profile.c.id == finding.c.profile_id)
        .where(finding.c.case_id.in_(select(takedown.c.case_id)))
        .group_by(finding.c.case_id, profile.c.platform)
    )
    if case_id is not None:
        query = query.where(finding.c.case_id == case_id)
    return {(row.case_id, row.platform): row.at for row in connection.execute(query) if row.findings == row.removed}


def decided(connection: Connection, since: datetime, until: datetime) -> int:
    """Count the verdicts that were given."""
    given = (verdict.c.decided_at > since, verdict.c.decided_at <= until)
    return int(connection.scalar(select(func.count()).select_from(verdict).where(*given)) or 0)
