"""Events as judgement is given them: one release group, or one profile group, against one artist. Reads only.

Events are gathered artist by artist: an artist's past is read once for all of its events.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, func, or_, select

from storage.facts.artists import artists
from storage.facts.concerned import Pair, by_artist
from storage.facts.pages import pages
from storage.facts.references import listed_by, said_of
from storage.facts.sharing import shared
from storage.facts.shown import past_groups, shown
from storage.facts.values import Claimed, Event, Finding, Page, Shown
from storage.models import (
    artist,
    case,
    claim,
    credit,
    grouped_profile,
    grouped_release,
    listing,
    profile,
    release,
    standing,
    target,
    watch,
)
from storage.targets import Ask

NOT_TEACHING = ("open", "watching", "confirmed", "takedown_requested", "gone", "returned")
LISTED_MOST = 60  # groups of a suspect page that judgement looks at


def release_events(
    connection: Connection, pairs: Collection[Pair], references: frozenset[str], at: datetime
) -> list[Event]:
    """Gather events about release groups; a group of which nothing is on a platform any more gives none."""
    events: list[Event] = []
    for artist_id, group_ids in by_artist(pairs).items():
        who = artists(connection, [artist_id]).get(artist_id)
        if who is None:
            continue
        past = past_of(connection, artist_id, references)
        missing = [group_id for group_id in group_ids if group_id not in past]
        known = past | shown(connection, artist_id, missing, references)
        baselines = _baselines(connection, artist_id)
        since = connection.scalar(select(artist.c.added_at).where(artist.c.id == artist_id))
        quiet = not_teaching(connection, artist_id)
        for group_id in group_ids:
            one = known.get(group_id)
            findings = _findings(connection, artist_id, group_id, references, baselines, since)
            if one is None or not findings:
                continue
            events.append(
                Event(
                    kind="release",
                    artist=who,
                    findings=findings,
                    leaders=_leaders(connection, artist_id, findings),
                    shown=replace(one, news=all(f.news for f in findings)),
                    claims=claims_about(connection, artist_id, one, findings),
                    references=listed_by(connection, artist_id, one, references),
                    shared=shared(connection, artist_id, one, at) if all(f.news for f in findings) else (),
                    past=before(one, past.values(), quiet),
                    watched_platforms=frozenset(baselines),
                    at=at,
                )
            )
    return events


def past_of(connection: Connection, artist_id: int, references: frozenset[str]) -> dict[int, Shown]:
    """Describe everything that stands, or stood, on the artist's official pages."""
    return shown(connection, artist_id, past_groups(connection, artist_id), references)


def before(one: Shown, past: Iterable[Shown], quiet: Collection[int]) -> tuple[Shown, ...]:
    """Keep what may teach about a group: what was there when it came, and is under no suspicion itself."""
    rest = [p for p in past if p.group_id != one.group_id and p.group_id not in quiet]
    if one.news:
        rest = [p for p in rest if not p.news or p.first_seen_at < one.first_seen_at]
    return tuple(sorted(rest, key=lambda p: p.group_id))


def profile_events(
    connection: Connection, pairs: Collection[Pair], references: frozenset[str], at: datetime
) -> list[Event]:
    """Gather events about pages that go by an artist's name, or nearly."""
    events: list[Event] = []
    for artist_id, group_ids in by_artist(pairs).items():
        who = artists(connection, [artist_id]).get(artist_id)
        if who is None:
            continue
        past = past_of(connection, artist_id, references)
        baselines = _search_baselines(connection, artist_id)
        known_on = official_platforms(connection, artist_id)
        proposed_on = _platforms(connection, artist_id, "proposed") - known_on
        quiet = not_teaching(connection, artist_id)
        for group_id in group_ids:
            ids = connection.scalars(
                select(grouped_profile.c.profile_id).where(grouped_profile.c.group_id == group_id)
            ).all()
            found = [p for p in pages(connection, ids, artist_id) if p.platform not in references]
            found = [p for p in found if not p.official_for and p.standing != "namesake"]
            found = [p for p in found if p.platform in known_on or _came_beside(p, proposed_on, baselines)]
            if not found:
                continue
            known = baselines
            findings = tuple(_page_finding(page, known.get(page.platform)) for page in found)
            listed = _listed_groups(connection, [page.id for page in found])
            events.append(
                Event(
                    kind="profile",
                    artist=who,
                    findings=findings,
                    releases=tuple(shown(connection, artist_id, listed, references).values()),
                    claims=_profile_claims(connection, artist_id, found),
                    references=said_of(connection, artist_id, found, references),
                    past=tuple(p for p in past.values() if p.group_id not in quiet),
                    watched_platforms=frozenset(baselines),
                    at=at,
                )
            )
    return events


def _page_finding(page: Page, baseline: datetime | None) -> Finding:
    first = page.first_seen_at
    assert first is not None
    return Finding(
        page=page,
        release_id=None,
        platform_id=None,
        title=None,
        role="page",
        url=page.url,
        first_seen_at=first,
        news=baseline is not None and first > baseline,
        baseline_at=baseline,
    )


def _findings(
    connection: Connection,
    artist_id: int,
    group_id: int,
    references: frozenset[str],
    baselines: dict[str, datetime],
    since: datetime | None,
) -> tuple[Finding, ...]:
    """List where a group stands: on the artist's own pages, or else on the pages of whoever is credited."""
    members = connection.execute(
        select(
            release.c.id,
            release.c.platform,
            release.c.platform_id,
            release.c.title,
            release.c.url,
            release.c.first_seen_at,
            release.c.whole_at,
        )
        .join(grouped_release, grouped_release.c.release_id == release.c.id)
        .where(grouped_release.c.group_id == group_id, release.c.platform.not_in(references or ("",)))
        .order_by(release.c.id)
    ).all()
    if not members:
        return ()
    listed = connection.execute(
        select(listing, standing.c.artist_id)
        .outerjoin(
            standing,
            and_(
                standing.c.profile_id == listing.c.profile_id,
                standing.c.artist_id == artist_id,
                standing.c.standing == "official",
            ),
        )
        .where(listing.c.release_id.in_([m.id for m in members]))
        .order_by(listing.c.id)
    ).all()
    own = {row.release_id: row for row in reversed(listed) if row.artist_id is not None}
    others = {row.release_id: row for row in reversed(listed) if row.artist_id is None}
    still = {(row.release_id, row.profile_id) for row in listed if row.removed_at is None}  # in some market
    there = {(row.release_id, row.profile_id) for row in listed if row.missing_since is None}
    page_ids = {row.profile_id for row in (*own.values(), *others.values())}
    strangers = _first_credited(connection, [m.id for m in members if m.id not in own])
    known = {p.id: p for p in pages(connection, sorted(page_ids | set(strangers.values())), artist_id)}
    findings = []
    for m in members:
        row = own.get(m.id) or others.get(m.id)
        page_id = own[m.id].profile_id if m.id in own else strangers.get(m.id, row.profile_id if row else None)
        if page_id not in known:
            continue
        baseline = baselines.get(m.platform)
        news = bool(row.new) if row is not None else baseline is not None and m.first_seen_at > baseline
        if m.id not in own and since is not None and m.first_seen_at <= since:
            news = False  # it stood on a stranger's page before anybody watched for this artist
        bound = (m.id, row.profile_id if row is not None else None)
        role = "credited" if m.id not in own else "appears_on" if own[m.id].section == "appears_on" else "listed"
        findings.append(
            Finding(
                page=known[page_id],
                release_id=m.id,
                platform_id=m.platform_id,
                title=m.title,
                role=role,
                url=m.url,
                first_seen_at=row.first_seen_at if row is not None else m.first_seen_at,
                news=news,
                baseline_at=baseline,
                missing_since=row.missing_since if row is not None and bound not in there else None,
                removed_at=row.removed_at if row is not None and bound not in still else None,
                detailed=m.whole_at is not None,
            )
        )
    return tuple(findings)


def _leaders(connection: Connection, artist_id: int, findings: Sequence[Finding]) -> tuple[Page, ...]:
    """List the pages of those whom the appearances credit first, the artist's own left out."""
    first = _first_credited(connection, [f.release_id for f in findings if f.release_id is not None])
    known = {f.page.id: f.page for f in findings}
    known |= {page.id: page for page in pages(connection, set(first.values()) - known.keys(), artist_id)}
    leading = [known[page_id] for page_id in sorted(set(first.values()))]
    return tuple(page for page in leading if page.standing != "official")


def _first_credited(connection: Connection, release_ids: Sequence[int]) -> dict[int, int]:
    rows = connection.execute(
        select(credit.c.release_id, credit.c.profile_id)
        .where(credit.c.release_id.in_(release_ids), credit.c.profile_id.is_not(None), credit.c.gone_at.is_(None))
        .order_by(credit.c.release_id, credit.c.track_id.is_not(None), credit.c.position, credit.c.id)
    )
    found: dict[int, int] = {}
    for release_id, profile_id in rows:
        found.setdefault(release_id, profile_id)
    return found


def official_platforms(connection: Connection, artist_id: int) -> set[str]:
    """List where an official page of the artist is known: elsewhere a page of that name may be the artist's own."""
    return _platforms(connection, artist_id, "official")


def _platforms(connection: Connection, artist_id: int, held: str) -> set[str]:
    query = select(profile.c.platform).join(standing, standing.c.profile_id == profile.c.id)
    rows = connection.scalars(query.where(standing.c.artist_id == artist_id, standing.c.standing == held).distinct())
    return set(rows)


def _came_beside(page: Page, proposed_on: Collection[str], baselines: dict[str, datetime]) -> bool:
    """Tell whether a page came where another was proposed as the artist's before: the artist has that one."""
    baseline, first = baselines.get(page.platform), page.first_seen_at
    is_news = baseline is not None and first is not None and first > baseline
    return is_news and page.platform in proposed_on and page.standing != "proposed"


def _baselines(connection: Connection, artist_id: int) -> dict[str, datetime]:
    """Map platforms to when a page of the artist was first seen whole there."""
    return _earliest(connection, artist_id, Ask.RELEASES)


def _search_baselines(connection: Connection, artist_id: int) -> dict[str, datetime]:
    """Map platforms to when a search for the artist was first answered there."""
    return _earliest(connection, artist_id, Ask.SEARCH)


def _earliest(connection: Connection, artist_id: int, ask: Ask) -> dict[str, datetime]:
    rows = connection.execute(
        select(target.c.platform, func.min(target.c.baseline_at))
        .join(watch, watch.c.target_id == target.c.id)
        .where(watch.c.artist_id == artist_id, target.c.ask == ask.value, target.c.baseline_at.is_not(None))
        .group_by(target.c.platform)
    )
    return {row[0]: row[1] for row in rows}


def not_teaching(connection: Connection, artist_id: int) -> set[int]:
    """List the groups of an artist that are, or were found to be, under suspicion."""
    return set(
        connection.scalars(
            select(case.c.group_id).where(
                case.c.artist_id == artist_id, case.c.kind == "release", case.c.status.in_(NOT_TEACHING)
            )
        )
    )


def _listed_groups(connection: Connection, profile_ids: Sequence[int]) -> list[int]:
    rows = connection.scalars(
        select(grouped_release.c.group_id)
        .join(listing, listing.c.release_id == grouped_release.c.release_id)
        .where(listing.c.profile_id.in_(profile_ids))
        .order_by(grouped_release.c.group_id.desc())
        .distinct()
        .limit(LISTED_MOST)
    )
    return sorted(rows)


def claims_about(
    connection: Connection, artist_id: int, one: Shown, findings: Sequence[Finding]
) -> tuple[Claimed, ...]:
    """List what authorities say of a group's codes, labels and ids."""
    return claims_on(connection, artist_id, one, {f"{f.page.platform}:{f.platform_id}" for f in findings})


def claims_on(connection: Connection, artist_id: int, one: Shown, refs: Collection[str]) -> tuple[Claimed, ...]:
    """List what authorities say of a release's codes, labels and ids, given as platform:id."""
    values = {
        "upc": one.gtins,
        "isrc": one.isrcs,
        "label": {line.key for line in one.lines},
        "release": set(refs),
        "isrc_prefix": {isrc[:5] for isrc in one.isrcs},
        "distributor": {line.key for line in one.lines if line.kind == "provider"},
    }
    return _claims(connection, artist_id, {subject: keys for subject, keys in values.items() if keys})


def _profile_claims(connection: Connection, artist_id: int, found: Sequence[Page]) -> tuple[Claimed, ...]:
    return _claims(connection, artist_id, {"profile": {f"{p.platform}:{p.platform_id}" for p in found}})


def _claims(connection: Connection, artist_id: int, values: dict[str, Any]) -> tuple[Claimed, ...]:
    if not values:
        return ()
    any_of = or_(
        *(and_(claim.c.subject == subject, claim.c.value_key.in_(sorted(keys))) for subject, keys in values.items())
    )
    rows = connection.execute(
        select(claim)
        .where(claim.c.artist_id == artist_id, claim.c.superseded_at.is_(None), any_of)
        .order_by(claim.c.id)
    )
    return tuple(Claimed(row.subject, row.value, row.stance, row.authority, row.made_at) for row in rows)
