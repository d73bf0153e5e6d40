"""What an operator reads: rows for status, roster and case lists."""

import json
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from storage.models import artist, artist_alias, budget, case, finding, look, profile, release, standing, target, watch
from storage.sets import ROWS_A_STATEMENT, batched
from storage.targets import Ask

Rows = Iterator[dict[str, Any]]


def coverage(connection: Connection, artist_name: str | None = None) -> Rows:
    """Yield one row for each artist and target: what was asked, and how much of the answer we saw last."""
    any_look = look.alias()
    last = (
        select(func.max(any_look.c.id)).where(any_look.c.target_id == target.c.id).correlate(target).scalar_subquery()
    )
    query = (
        select(
            artist.c.name.label("artist"),
            target.c.platform,
            target.c.ask,
            target.c.subject,
            target.c.section,
            target.c.market,
            target.c.last_look_at,
            target.c.last_outcome,
            target.c.last_complete_at,
            target.c.baseline_at,
            target.c.due_at,
            look.c.expected,
            look.c.received,
            look.c.stop_reason,
            look.c.blind,
        )
        .join(watch, watch.c.target_id == target.c.id)
        .join(artist, artist.c.id == watch.c.artist_id)
        .outerjoin(look, look.c.id == last)
        .where(target.c.ask.in_([Ask.SEARCH.value, Ask.PROFILE.value, Ask.RELEASES.value]))
        .order_by(artist.c.name, target.c.platform, target.c.ask, target.c.section)
    )
    if artist_name is not None:
        query = query.where(artist.c.name == artist_name)
    for row in connection.execute(query):
        yield dict(row._mapping)


def freshness(connection: Connection, now: datetime) -> Rows:
    """Yield one row for each platform and question: how many targets, how many seen whole, the oldest whole look."""
    rows = connection.execute(
        select(
            target.c.platform,
            target.c.ask,
            target.c.section,
            func.count().label("targets"),
            func.count(target.c.last_complete_at).label("seen_whole"),
            func.min(target.c.last_complete_at).label("oldest_whole_look"),
            func.max(target.c.last_look_at).label("newest_look"),
            func.count(target.c.due_at).filter(target.c.due_at <= now).label("due"),
            func.count().filter(target.c.failures > 0).label("in_trouble"),
        )
        .group_by(target.c.platform, target.c.ask, target.c.section)
        .order_by(target.c.platform, target.c.ask, target.c.section)
    )
    for row in rows:
        yield dict(row._mapping)


def blind_fields(connection: Connection) -> dict[str, str]:
    """Map each platform to the fields that its latest answered look could not see."""
    newest = (
        select(target.c.platform, func.max(look.c.id).label("look_id"))
        .join(target, target.c.id == look.c.target_id)
        .group_by(target.c.platform)
        .subquery()
    )
    rows = connection.execute(select(newest.c.platform, look.c.blind).join(look, look.c.id == newest.c.look_id))
    return {row.platform: row.blind for row in rows}


def budgets(connection: Connection) -> Rows:
    """Yield one row for each budget."""
    for row in connection.execute(select(budget).order_by(budget.c.platform, budget.c.bucket, budget.c.holder)):
        yield dict(row._mapping)


def roster(connection: Connection) -> Rows:
    """Yield one row for each monitored artist, with aliases and profiles by standing."""
    aliases: dict[int, list[str]] = {}
    live = select(artist_alias).where(artist_alias.c.ended_at.is_(None))
    for row in connection.execute(live.order_by(artist_alias.c.id)):
        aliases.setdefault(row.artist_id, []).append(row.name)
    pages: dict[int, list[dict[str, str]]] = {}
    for row in connection.execute(
        select(standing, profile.c.platform, profile.c.platform_id, profile.c.name)
        .join(profile, profile.c.id == standing.c.profile_id)
        .order_by(profile.c.platform, profile.c.id)
    ):
        page = {"platform": row.platform, "id": row.platform_id, "name": row.name}
        pages.setdefault(row.artist_id, []).append(
            page | {"standing": row.standing, "authority": row.authority, "reason": row.reason}
        )
    for row in connection.execute(
        select(artist).where(artist.c.merged_into.is_(None)).order_by(artist.c.name_key, artist.c.id)
    ):
        yield {
            "id": row.id,
            "key": row.key,
            "name": row.name,
            "mbid": row.mbid,
            "watched": row.watched,
            "aliases": aliases.get(row.id, []),
            "profiles": pages.get(row.id, []),
        }


def cases(
    connection: Connection,
    *,
    statuses: Collection[str] = (),
    artist_name: str | None = None,
    loud: bool | None = None,
    limit: int | None = None,
) -> Rows:
    """Yield cases, the most suspicious first."""
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
        .where(case.c.merged_into.is_(None))
        .order_by(case.c.score.desc(), case.c.id)
    )
    if statuses:
        query = query.where(case.c.status.in_(sorted(statuses)))
    if artist_name is not None:
        query = query.where(artist.c.name == artist_name)
    if loud is not None:
        query = query.where(case.c.loud == loud)
    if limit is not None:
        query = query.limit(limit)
    for part in batched(connection.execute(query).all(), ROWS_A_STATEMENT):
        found = _findings(connection, [row.id for row in part])
        for row in part:
            evidence = json.loads(row.evidence)
            yield {**row._mapping, "evidence": evidence, "findings": found.get(row.id, [])}


def _findings(connection: Connection, case_ids: Sequence[int]) -> dict[int, list[dict[str, Any]]]:
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
