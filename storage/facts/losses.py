"""What happened to an artist's own: releases that left a platform's pages, official pages that were changed. Reads."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Table, and_, bindparam, func, select

from storage.facts.artists import artists
from storage.facts.events import Memo, before, known
from storage.facts.pages import pages
from storage.facts.shown import shown
from storage.facts.values import Event, Finding
from storage.models import Moment, case, change, grouped_release, listing, profile, release, standing, track
from storage.sets import ROWS_A_STATEMENT, batched, several

Pair = tuple[int, int]  # artist, group
PAGE_FIELDS = ("name", "image_url", "url")
COVERS_MOST = 3  # of an artist on a platform within a week: more than that change because the store writes them anew
A_WEEK = timedelta(days=7)


def _own(about: Table, joined: ColumnElement[bool]) -> Select[Any]:
    """Begin a query about changes of what stands on official pages as the artist's own: whose and which group."""
    number = about.c.release_id if about is track else about.c.id
    return (
        select(standing.c.artist_id, grouped_release.c.group_id)
        .distinct()
        .select_from(change)
        .join(about, joined)
        .join(grouped_release, grouped_release.c.release_id == number)
        .join(listing, listing.c.release_id == number)
        .join(standing, and_(standing.c.profile_id == listing.c.profile_id, standing.c.standing == "official"))
        .where(listing.c.section != "appears_on")
    )


# Statements are built once: building one costs more than running it.
_RETRACKED = _own(track, and_(track.c.id == change.c.entity_id, change.c.entity == "track")).where(
    track.c.release_id.in_(several("ids")), change.c.look_id == bindparam("look"), change.c.field == "appeared"
)
_RECOVERED = (
    _own(release, and_(release.c.id == change.c.entity_id, change.c.entity == "release"))
    .add_columns(release.c.id, release.c.platform, change.c.id.label("number"), change.c.before, change.c.after)
    .where(release.c.id.in_(several("ids")), change.c.look_id == bindparam("look"), change.c.field == "cover_url")
    .where(change.c.before.is_not(None), change.c.after.is_not(None))
    .order_by(change.c.id)
)
_COVERS_LATELY = (
    select(standing.c.artist_id, func.count(listing.c.release_id.distinct()))
    .select_from(standing)
    .join(profile, profile.c.id == standing.c.profile_id)
    .join(listing, listing.c.profile_id == profile.c.id)
    .join(change, and_(change.c.entity == "release", change.c.entity_id == listing.c.release_id))
    .where(standing.c.artist_id.in_(several("artists")), standing.c.standing == "official")
    .where(profile.c.platform == bindparam("platform"), change.c.changed_at > bindparam("since", type_=Moment))
    .where(change.c.field == "cover_url", change.c.before.is_not(None), change.c.after.is_not(None))
    .group_by(standing.c.artist_id)
)
_COVERS_HAD = select(change.c.entity_id, change.c.before).where(
    change.c.entity == "release", change.c.field == "cover_url", change.c.entity_id.in_(several("ids"))
)


def disappearances(
    connection: Connection, listing_ids: Collection[int], references: frozenset[str], at: datetime
) -> list[tuple[int, Event]]:
    """Gather (group, event) of releases that left an artist's page on a platform and stand there under no other id.

    A release under suspicion is no loss: it is that case which is gone. What came back is told of once more.
    """
    found: set[tuple[int, int]] = set()
    for part in batched(sorted(set(listing_ids)), ROWS_A_STATEMENT):
        rows = connection.execute(
            select(standing.c.artist_id, grouped_release.c.group_id)
            .select_from(listing)
            .join(profile, profile.c.id == listing.c.profile_id)
            .join(standing, and_(standing.c.profile_id == profile.c.id, standing.c.standing == "official"))
            .join(grouped_release, grouped_release.c.release_id == listing.c.release_id)
            .where(listing.c.id.in_(part), profile.c.platform.not_in(references or ("",)))
        )
        found |= {(row[0], row[1]) for row in rows}
    events = []
    for artist_id, group_id in sorted(found):
        if _has_case(connection, artist_id, group_id, ("release",)):
            continue
        listed = _listed(connection, artist_id, group_id, references)
        findings = tuple(finding for finding, _ in listed)
        left = {f.page.platform for f in findings if f.removed_at is None}
        lost = tuple(f for f in findings if f.page.platform not in left)
        went = min((f.missing_since or at for f in lost), default=at)
        still = frozenset(
            f.page.platform for f, seen in listed if f.page.platform in left and not f.missing_since and seen > went
        )
        if not lost and _has_case(connection, artist_id, group_id, ("disappearance",)):
            lost = findings  # it is there again
        who = artists(connection, [artist_id]).get(artist_id)
        if lost and who is not None:
            one = shown(connection, artist_id, [group_id], references).get(group_id)
            event = Event(kind="disappearance", artist=who, findings=lost, shown=one, still_on=still, at=at)
            events.append((group_id, event))
    return events


def _has_case(connection: Connection, artist_id: int, group_id: int, kinds: Collection[str]) -> bool:
    query = select(case.c.id).where(
        case.c.artist_id == artist_id,
        case.c.group_id == group_id,
        case.c.kind.in_(kinds),
        case.c.status.not_in(("cleared", "merged")),
    )
    return connection.execute(query.limit(1)).first() is not None


def _listed(
    connection: Connection, artist_id: int, group_id: int, references: frozenset[str]
) -> list[tuple[Finding, datetime]]:
    """List where a group stands or stood on the artist's pages, those of references left out, and when last seen."""
    rows = connection.execute(
        select(listing, release.c.platform_id.label("release_platform_id"), release.c.title, release.c.url)
        .join(release, release.c.id == listing.c.release_id)
        .join(grouped_release, grouped_release.c.release_id == release.c.id)
        .join(standing, standing.c.profile_id == listing.c.profile_id)
        .where(
            grouped_release.c.group_id == group_id,
            release.c.platform.not_in(references or ("",)),
            standing.c.artist_id == artist_id,
            standing.c.standing == "official",
        )
        .order_by(listing.c.id)
    ).all()
    stood_on = {page.id: page for page in pages(connection, [row.profile_id for row in rows], artist_id)}
    return [
        (
            Finding(
                page=stood_on[row.profile_id],
                release_id=row.release_id,
                platform_id=row.release_platform_id,
                title=row.title,
                role="listed",
                url=row.url,
                first_seen_at=row.first_seen_at,
                missing_since=row.missing_since,
                removed_at=row.removed_at,
            ),
            row.last_seen_at,
        )
        for row in rows
    ]


def tampered(
    connection: Connection, platform: str, profile_ids: Collection[str], look_id: int, at: datetime
) -> list[tuple[int, Event]]:
    """Gather (page, event) of official pages, by their ids, whose name, picture or address a look saw changed."""
    if not profile_ids:
        return []
    rows = connection.execute(
        select(change.c.entity_id, change.c.field, change.c.before, change.c.after, standing.c.artist_id)
        .join(profile, and_(profile.c.id == change.c.entity_id, change.c.entity == "profile"))
        .join(standing, and_(standing.c.profile_id == profile.c.id, standing.c.standing == "official"))
        .where(
            profile.c.platform == platform,
            profile.c.platform_id.in_(sorted(profile_ids)),
            change.c.look_id == look_id,
            change.c.field.in_(PAGE_FIELDS),
            change.c.before.is_not(None),
        )
        .order_by(change.c.id)
    ).all()
    told_first = _first_told(connection, look_id) if rows else set()
    said: dict[tuple[int, int], list[str]] = {}
    for row in rows:
        if row.entity_id in told_first:
            continue
        said.setdefault((row.artist_id, row.entity_id), []).append(f"{row.field}: {row.before!r} became {row.after!r}")
    events = []
    for (artist_id, page_id), notes in sorted(said.items()):
        who = artists(connection, [artist_id]).get(artist_id)
        (page,) = pages(connection, [page_id], artist_id)
        if who is None or page.first_seen_at is None:
            continue
        finding = Finding(page, None, None, None, "page", page.url, page.first_seen_at)
        event = Event(kind="tampering", artist=who, findings=(finding,), notes=tuple(notes), at=at)
        events.append((page_id, event))
    return events


def altered(
    connection: Connection,
    release_ids: Collection[int],
    look_id: int,
    references: frozenset[str],
    at: datetime,
    memo: Memo,
    *,
    is_list: bool,
) -> list[tuple[int, Event]]:
    """Gather (number, event) of own releases that a look saw with a track more or another cover; suspects have a case.

    Covers are taken from lists: one record tells not whether a store writes them all anew. The number is the negative
    of the release group's: cases of this kind go by the numbers of pages otherwise.
    """
    retracked, notes = set[Pair](), dict[Pair, list[str]]()
    for part in batched(sorted(set(release_ids)), ROWS_A_STATEMENT):
        retracked |= _retracked(connection, part, look_id)
        for pair, note in _recovered(connection, part, look_id, at) if is_list else ():
            notes.setdefault(pair, []).append(note)
    events = []
    for artist_id, group_id in sorted(retracked | notes.keys()):
        about = known(connection, artist_id, references, memo)
        if about is None or _has_case(connection, artist_id, group_id, ("release",)):
            continue
        one = about.past.get(group_id)
        findings = tuple(finding for finding, _ in _listed(connection, artist_id, group_id, references))
        if one is not None and findings:
            rest = before(one, about.past.values(), about.quiet)
            said = tuple(notes.get((artist_id, group_id), ()))
            events.append((-group_id, Event("tampering", about.who, findings, one, past=rest, notes=said, at=at)))
    return events


def _retracked(connection: Connection, release_ids: Collection[int], look_id: int) -> set[Pair]:
    rows = connection.execute(_RETRACKED, {"ids": list(release_ids), "look": look_id})
    return {(row.artist_id, row.group_id) for row in rows}


def _recovered(
    connection: Connection, release_ids: Collection[int], look_id: int, at: datetime
) -> list[tuple[Pair, str]]:
    """List whose releases got a cover that they never had: an answer that goes back to an earlier one is no change."""
    rows = connection.execute(_RECOVERED, {"ids": list(release_ids), "look": look_id}).all()
    if not rows:
        return []
    lately = {"artists": sorted({row.artist_id for row in rows}), "platform": rows[0].platform, "since": at - A_WEEK}
    several_anew = {who for who, count in connection.execute(_COVERS_LATELY, lately) if count > COVERS_MOST}
    had = connection.execute(_COVERS_HAD, {"ids": sorted({row.id for row in rows})})
    earlier = {(row.entity_id, row.before) for row in had}
    return [
        ((row.artist_id, row.group_id), f"cover: on {row.platform} {row.before!r} became {row.after!r}")
        for row in rows
        if (row.id, row.after) not in earlier and row.artist_id not in several_anew
    ]


def _first_told(connection: Connection, look_id: int) -> set[int]:
    """List the pages that a look was the first to describe: what was known of them before is a link's word."""
    return set(
        connection.scalars(
            select(change.c.entity_id).where(
                change.c.look_id == look_id,
                change.c.entity == "profile",
                change.c.field == "url",
                change.c.before.is_(None),
            )
        )
    )
