"""What the pages of an artist, a platform and a campaign show. Reads only."""

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, func, select, tuple_

from storage.console.figures import as_date, day_of
from storage.models import (
    artist,
    budget,
    campaign,
    case,
    finding,
    listing,
    look,
    look_day,
    odd_row,
    profile,
    release,
    standing,
    target,
    watch,
)
from storage.models.upkeep import OUTCOMES

RECENT_LOOKS = 20_000
LAST_SECOND = 253_402_300_799  # of the year 9999
Rows = list[dict[str, Any]]


def find_artist(connection: Connection, number: int) -> Row[Any] | None:
    """Return a monitored artist, following merges."""
    for _ in range(20):
        row = connection.execute(select(artist).where(artist.c.id == number)).first()
        if row is None or row.merged_into is None:
            return row
        number = row.merged_into
    return None


def artists(connection: Connection, name: str, limit: int, after: int | None = None) -> Rows:
    """List watched artists by name, behind one of them, those that begin with some letters or all, with open cases."""
    counted = select(func.count()).where(case.c.artist_id == artist.c.id, case.c.status.concat("") == "open")
    query = (
        select(artist.c.id, artist.c.name, artist.c.name_key, counted.scalar_subquery().label("open"))
        .where(artist.c.merged_into.is_(None), artist.c.watched)
        .order_by(artist.c.name_key, artist.c.id)
        .limit(limit)
    )
    if after is not None and (last := find_artist(connection, after)) is not None:
        query = query.where(tuple_(artist.c.name_key, artist.c.id) > (last.name_key, last.id))
    if name:
        query = query.where(artist.c.name_key >= name, artist.c.name_key < name + "\U0010ffff")
    return [dict(row._mapping) for row in connection.execute(query)]


def profiles(connection: Connection, artist_id: int) -> Rows:
    """List the pages that have a standing towards an artist."""
    query = (
        select(profile, standing.c.standing, standing.c.authority, standing.c.reason, standing.c.decided_at)
        .join(standing, standing.c.profile_id == profile.c.id)
        .where(standing.c.artist_id == artist_id)
        .order_by(standing.c.standing != "official", profile.c.platform, profile.c.id)
    )
    return [dict(row._mapping) for row in connection.execute(query)]


def arrivals(connection: Connection, artist_id: int, limit: int = 60) -> Rows:
    """List what appeared on an artist's official pages after their baseline, newest first, each with its case."""
    query = (
        select(
            listing.c.first_seen_at,
            listing.c.removed_at,
            listing.c.section,
            listing.c.release_id,
            profile.c.platform,
            release.c.title,
            release.c.date_raw,
            release.c.kind,
            release.c.url,
        )
        .join(standing, standing.c.profile_id == listing.c.profile_id)
        .join(profile, profile.c.id == listing.c.profile_id)
        .join(release, release.c.id == listing.c.release_id)
        .where(standing.c.artist_id == artist_id, standing.c.standing == "official", listing.c.new)
        .order_by(listing.c.first_seen_at.desc(), listing.c.id)
        .limit(limit)
    )
    rows = [dict(row._mapping) for row in connection.execute(query)]
    cases = select(finding.c.release_id, case.c.id, case.c.status, case.c.score)
    cases = cases.join(case, case.c.id == finding.c.case_id).where(case.c.artist_id == artist_id)
    found = {
        row.release_id: row
        for row in connection.execute(cases.where(finding.c.release_id.in_([r["release_id"] for r in rows])))
    }
    return [{**row, "case": found.get(row["release_id"])} for row in rows]


def coverage(connection: Connection, artist_id: int, first: date, last: date) -> dict[tuple[str, date], dict[str, int]]:
    """Count an artist's looks by (platform, day) and outcome, over the days from one to another."""
    found: dict[tuple[str, date], dict[str, int]] = {}
    since, until = _midnight(first), _midnight(last + timedelta(days=1))
    day, withheld = day_of(connection, look.c.ended_at), look.c.blind != ""
    looks = (
        select(target.c.platform, day, look.c.outcome, withheld, func.count())
        .join(target, target.c.id == look.c.target_id)
        .join(watch, watch.c.target_id == target.c.id)
        .where(watch.c.artist_id == artist_id, look.c.ended_at >= since, look.c.ended_at < until)
        .group_by(target.c.platform, day, look.c.outcome, withheld)
    )
    for platform, on, outcome, blind, number in connection.execute(looks):
        cell = found.setdefault((platform, as_date(on)), {})
        cell[outcome] = cell.get(outcome, 0) + number
        if blind:
            cell["with blind fields"] = cell.get("with blind fields", 0) + number
    days = (
        select(target.c.platform, look_day)
        .join(target, target.c.id == look_day.c.target_id)
        .join(watch, watch.c.target_id == target.c.id)
        .where(watch.c.artist_id == artist_id, look_day.c.day.between(first, last))
    )
    for row in connection.execute(days):
        cell = found.setdefault((row.platform, row.day), {})
        for outcome in OUTCOMES:
            if number := getattr(row, outcome):
                cell[outcome] = cell.get(outcome, 0) + number
    return found


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def cases_of(connection: Connection, artist_id: int, limit: int = 60) -> Rows:
    """List an artist's cases, the most suspicious first."""
    shown = (case.c.id, case.c.kind, case.c.attack, case.c.title, case.c.status, case.c.score, case.c.opened_at)
    query = select(*shown).where(case.c.artist_id == artist_id, case.c.merged_into.is_(None))
    return [
        dict(row._mapping) for row in connection.execute(query.order_by(case.c.score.desc(), case.c.id).limit(limit))
    ]


def is_asked(connection: Connection, platform: str) -> bool:
    """Tell whether a platform was ever asked."""
    return connection.scalar(select(func.min(target.c.ask)).where(target.c.platform == platform)) is not None


def budgets(connection: Connection, platform: str) -> Rows:
    """List a platform's budgets, with the calls of the hours that are kept."""
    query = select(budget).where(budget.c.platform == platform).order_by(budget.c.bucket, budget.c.holder)
    return [
        {
            **row._mapping,
            "next_moment": _moment(row.next_at),
            "paused_moment": _moment(row.paused_until),
            "calls": sum(json.loads(row.hours).values()),
        }
        for row in connection.execute(query)
    ]


def _moment(seconds: float) -> datetime | None:
    return datetime.fromtimestamp(seconds, UTC) if 0 < seconds < LAST_SECOND else None


def outcomes(connection: Connection, platform: str) -> Rows:
    """Count how the newest looks at a platform ended, by day, among the newest of the store."""
    newest = connection.scalar(select(func.max(look.c.id))) or 0
    day = day_of(connection, look.c.ended_at)
    query = (
        select(day, look.c.outcome, func.count())
        .join(target, target.c.id == look.c.target_id)
        .where(look.c.id > newest - RECENT_LOOKS, target.c.platform == platform)
        .group_by(day, look.c.outcome)
        .order_by(day, look.c.outcome)
    )
    return [{"day": as_date(row[0]), "outcome": row[1], "looks": row[2]} for row in connection.execute(query)]


def drift(connection: Connection, platform: str, limit: int = 40) -> Rows:
    """List what could not be read in a platform's answers, by reason, the latest first."""
    query = (
        select(
            odd_row.c.reason,
            func.count().label("entries"),
            func.sum(odd_row.c.times).label("times"),
            func.min(odd_row.c.first_seen_at).label("since"),
            func.max(odd_row.c.last_seen_at).label("last"),
        )
        .join(target, target.c.id == odd_row.c.target_id)
        .where(target.c.platform == platform)
        .group_by(odd_row.c.reason)
        .order_by(func.max(odd_row.c.last_seen_at).desc())
        .limit(limit)
    )
    return [dict(row._mapping) for row in connection.execute(query)]


def campaigns(connection: Connection, limit: int = 100) -> Rows:
    """List campaigns, the latest changed first, with how many cases and artists each has."""
    query = (
        select(
            campaign,
            func.count(case.c.id).label("cases"),
            func.count(func.distinct(case.c.artist_id)).label("artists"),
            func.max(case.c.score).label("score"),
        )
        .join(case, case.c.campaign_id == campaign.c.id)
        .where(case.c.merged_into.is_(None))
        .group_by(campaign.c.id)
        .order_by(campaign.c.changed_at.desc(), campaign.c.id)
        .limit(limit)
    )
    return [dict(row._mapping) for row in connection.execute(query)]


def members(connection: Connection, number: int, limit: int = 200) -> Rows:
    """List a campaign's cases with their artists and platforms."""
    query = (
        select(case.c.id, case.c.title, case.c.status, case.c.score, case.c.opened_at, artist.c.name.label("artist"))
        .add_columns(artist.c.id.label("artist_id"))
        .join(artist, artist.c.id == case.c.artist_id)
        .where(case.c.campaign_id == number, case.c.merged_into.is_(None))
        .order_by(case.c.score.desc(), case.c.id)
        .limit(limit)
    )
    rows = [dict(row._mapping) for row in connection.execute(query)]
    shown = _platforms_of(connection, [row["id"] for row in rows])
    return [{**row, "platforms": shown.get(row["id"], [])} for row in rows]


def _platforms_of(connection: Connection, ids: Sequence[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    query = select(finding.c.case_id, profile.c.platform).join(profile, profile.c.id == finding.c.profile_id).distinct()
    for case_id, platform in connection.execute(query.where(finding.c.case_id.in_(ids)).order_by(profile.c.platform)):
        found.setdefault(case_id, []).append(platform)
    return found


def days_back(now: datetime, days: int) -> list[date]:
    """List the last days, the oldest first."""
    return [(now - timedelta(days=back)).date() for back in range(days - 1, -1, -1)]
