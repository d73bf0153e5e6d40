"""Which events are concerned: artists and groups that a look touched, that have news, a case, or a name. Reads only."""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import Connection, and_, bindparam, exists, func, select

from storage.models import case, credit, finding, grouped_profile, grouped_release, listing, profile, standing
from storage.sets import ROWS_A_STATEMENT, batched, several

Pair = tuple[int, int]  # artist id, group id
SAME_DAY = timedelta(days=1)  # looks at several stores, and stores themselves, are hours apart
LED_MOST = 20  # of somebody whom we hardly know there are few

# Statements are built once: building one costs more than running it.
_ON_PAGES = (
    select(standing.c.artist_id, grouped_release.c.group_id)
    .join(listing, listing.c.release_id == grouped_release.c.release_id)
    .join(standing, standing.c.profile_id == listing.c.profile_id)
    .where(grouped_release.c.group_id.in_(several("groups")), standing.c.standing == "official")
    .distinct()
)
_CREDITED = (
    select(standing.c.artist_id, grouped_release.c.group_id)
    .join(credit, credit.c.release_id == grouped_release.c.release_id)
    .join(standing, standing.c.profile_id == credit.c.profile_id)
    .where(
        grouped_release.c.group_id.in_(several("groups")),
        standing.c.standing == "official",
        credit.c.gone_at.is_(None),
    )
    .distinct()
)
_CASES = select(case.c.artist_id, case.c.group_id).where(
    case.c.kind == bindparam("kind"), case.c.group_id.in_(several("groups"))
)
_ABOUT_PAGES = (
    select(case.c.artist_id, case.c.group_id)
    .join(finding, finding.c.case_id == case.c.id)
    .where(finding.c.profile_id.in_(several("pages")), case.c.kind == "profile", case.c.merged_into.is_(None))
)
_OWN_LISTINGS = (
    select(grouped_release.c.group_id, listing.c.new, func.min(listing.c.first_seen_at))
    .join(listing, listing.c.release_id == grouped_release.c.release_id)
    .where(
        grouped_release.c.group_id.in_(several("groups")),
        exists().where(
            and_(
                standing.c.profile_id == listing.c.profile_id,
                standing.c.artist_id == bindparam("artist"),
                standing.c.standing == "official",
            )
        ),
    )
    .group_by(grouped_release.c.group_id, listing.c.new)
)
_NAMED_PAGES = select(profile.c.platform_id, profile.c.id, profile.c.name, profile.c.name_key).where(
    profile.c.platform == bindparam("platform"), profile.c.platform_id.in_(several("pages"))
)


def concerned(connection: Connection, group_ids: Collection[int]) -> set[Pair]:
    """List (artist, group) for every watched artist on whose official page, or in whose credit, a group stands."""
    found: set[Pair] = set()
    for part in batched(sorted(set(group_ids)), ROWS_A_STATEMENT):
        for query in (_ON_PAGES, _CREDITED):
            found.update((row[0], row[1]) for row in connection.execute(query, {"groups": part}))
    return found


def led_by(connection: Connection, platform: str, profile_id: str) -> list[int]:
    """List the groups of the newest releases that credit a page."""
    query = (
        select(grouped_release.c.group_id)
        .join(credit, credit.c.release_id == grouped_release.c.release_id)
        .join(profile, profile.c.id == credit.c.profile_id)
        .where(profile.c.platform == platform, profile.c.platform_id == profile_id, credit.c.gone_at.is_(None))
        .order_by(grouped_release.c.group_id.desc())
        .distinct()
    )
    return list(connection.scalars(query.limit(LED_MOST)))


def with_cases(connection: Connection, kind: str, pairs: Collection[Pair]) -> set[Pair]:
    """Of these pairs, list those that have a case."""
    found: set[Pair] = set()
    for part in batched(sorted({group_id for _, group_id in pairs}), ROWS_A_STATEMENT):
        rows = connection.execute(_CASES, {"kind": kind, "groups": part})
        found.update((row[0], row[1]) for row in rows)
    return found & set(pairs)


def about_pages(connection: Connection, profile_ids: Collection[int]) -> set[Pair]:
    """List (artist, group) of the cases, decided or not, about these whole pages."""
    found: set[Pair] = set()
    for part in batched(sorted(set(profile_ids)), ROWS_A_STATEMENT):
        found.update((row[0], row[1]) for row in connection.execute(_ABOUT_PAGES, {"pages": part}))
    return found


def accused(connection: Connection) -> set[tuple[int, str, str]]:
    """List (artist id, platform, profile id) of every page that a case, decided or not, is about as a whole."""
    rows = connection.execute(
        select(case.c.artist_id, profile.c.platform, profile.c.platform_id)
        .join(finding, finding.c.case_id == case.c.id)
        .join(profile, profile.c.id == finding.c.profile_id)
        .where(case.c.kind == "profile", case.c.merged_into.is_(None))
    )
    return {(row[0], row[1], row[2]) for row in rows}


def news_of(connection: Connection, artist_id: int) -> list[int]:
    """List the groups that came to an artist's own pages after their baseline."""
    rows = connection.scalars(
        select(grouped_release.c.group_id)
        .join(listing, listing.c.release_id == grouped_release.c.release_id)
        .join(standing, standing.c.profile_id == listing.c.profile_id)
        .where(standing.c.artist_id == artist_id, standing.c.standing == "official", listing.c.new)
        .distinct()
    )
    found = {(artist_id, group_id) for group_id in rows}
    return sorted(group_id for _, group_id in has_news(connection, found))


def cases_of(connection: Connection, artist_id: int, kind: str) -> list[int]:
    """List the groups of an artist's cases of one kind."""
    query = select(case.c.group_id).where(
        case.c.artist_id == artist_id, case.c.kind == kind, case.c.merged_into.is_(None)
    )
    return sorted(connection.scalars(query))


def page_groups_named(connection: Connection, name_keys: Collection[str]) -> list[int]:
    """List the groups of pages that go by one of these folded names."""
    found: set[int] = set()
    for part in batched(sorted(name_keys), ROWS_A_STATEMENT):
        found.update(
            connection.scalars(
                select(grouped_profile.c.group_id)
                .join(profile, profile.c.id == grouped_profile.c.profile_id)
                .where(profile.c.name_key.in_(part))
                .distinct()
            )
        )
    return sorted(found)


def has_news(connection: Connection, pairs: Collection[Pair]) -> set[Pair]:
    """Of these pairs, keep those whose group has something that came after a baseline, or stands on no own page.

    What was already there at one page's first look is news all the same where it had come to another by then.
    """
    kept: set[Pair] = set()
    for artist_id, group_ids in by_artist(pairs).items():
        for part in batched(group_ids, ROWS_A_STATEMENT):
            came: dict[int, datetime] = {}
            stood: dict[int, datetime] = {}
            for group_id, new, first in connection.execute(_OWN_LISTINGS, {"groups": part, "artist": artist_id}):
                (came if new else stood)[group_id] = first
            census = {g for g, first in stood.items() if g not in came or came[g] > first + SAME_DAY}
            kept |= {(artist_id, group_id) for group_id in part if group_id not in census}
    return kept


def page_names(connection: Connection, platform: str, platform_ids: Collection[str]) -> dict[str, tuple[int, str, str]]:
    """Map profile ids of a platform to (row id, name, folded name)."""
    found: dict[str, tuple[int, str, str]] = {}
    for part in batched(sorted(set(platform_ids)), ROWS_A_STATEMENT):
        rows = connection.execute(_NAMED_PAGES, {"platform": platform, "pages": part})
        found.update((row[0], (row[1], row[2], row[3])) for row in rows)
    return found


def by_artist(pairs: Collection[Pair]) -> dict[int, list[int]]:
    """Gather pairs under their artists, in order."""
    found: dict[int, list[int]] = {}
    for artist_id, group_id in sorted(set(pairs)):
        found.setdefault(artist_id, []).append(group_id)
    return found
