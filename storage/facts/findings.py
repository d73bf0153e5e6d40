"""Where release groups stand: on an artist's own pages, or on those of whoever is credited. Reads only, in sets."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, and_, bindparam, select

from storage.facts.pages import pages
from storage.facts.values import Finding, Page
from storage.models import credit, grouped_release, listing, release, standing
from storage.sets import ROWS_A_STATEMENT, batched, several

LATELY = timedelta(days=31)  # what only a search shows, and claims to be older, may have been there all the time

# Statements are built once: building one costs more than running it.
_MEMBERS = (
    select(
        grouped_release.c.group_id,
        release.c.id,
        release.c.platform,
        release.c.platform_id,
        release.c.title,
        release.c.url,
        release.c.date,
        release.c.first_seen_at,
        release.c.whole_at,
    )
    .join(grouped_release, grouped_release.c.release_id == release.c.id)
    .where(grouped_release.c.group_id.in_(several("groups")))
    .order_by(release.c.id)
)
_LISTED = (
    select(
        listing.c.release_id,
        listing.c.profile_id,
        listing.c.section,
        listing.c.new,
        listing.c.first_seen_at,
        listing.c.missing_since,
        listing.c.removed_at,
        standing.c.artist_id,
    )
    .outerjoin(
        standing,
        and_(
            standing.c.profile_id == listing.c.profile_id,
            standing.c.artist_id == bindparam("artist"),
            standing.c.standing == "official",
        ),
    )
    .where(listing.c.release_id.in_(several("ids")))
    .order_by(listing.c.id)
)
_CREDITED = (
    select(credit.c.release_id, credit.c.profile_id)
    .where(credit.c.release_id.in_(several("ids")), credit.c.profile_id.is_not(None), credit.c.gone_at.is_(None))
    .order_by(credit.c.release_id, credit.c.track_id.is_not(None), credit.c.position, credit.c.id)
)


@dataclass(frozen=True, slots=True)
class Baselines:
    """From when on something is news, by platform: of an artist's pages, of searches; and since when it is watched."""

    pages: Mapping[str, datetime]
    searches: Mapping[str, datetime]
    since: datetime

    def came(self, member: Any) -> bool:
        """Tell whether a release that no list shows came after all that was known at first."""
        known = self.searches.get(member.platform, self.pages.get(member.platform))
        if known is None:
            return False
        lately = member.date is None or member.date >= (known - LATELY).date()
        return bool(member.first_seen_at > known and lately)


def findings_of(
    connection: Connection,
    artist_id: int,
    group_ids: Collection[int],
    references: frozenset[str],
    baselines: Baselines,
) -> tuple[dict[int, tuple[Finding, ...]], dict[int, tuple[Page, ...]]]:
    """Map groups to where they stand, and to the pages of whoever leads them, the artist's own left out."""
    members = [m for m in _rows(connection, _MEMBERS, "groups", group_ids) if m.platform not in references]
    ids = [m.id for m in members]
    own: dict[int, Any] = {}
    others: dict[int, Any] = {}
    listed = _rows(connection, _LISTED, "ids", ids, artist=artist_id)
    for row in listed:
        (others if row.artist_id is None else own).setdefault(row.release_id, row)
    gone = _everywhere(listed)
    leading: dict[int, int] = {}
    for release_id, profile_id in _rows(connection, _CREDITED, "ids", ids):
        leading.setdefault(release_id, profile_id)
    page_ids = {row.profile_id for row in (*own.values(), *others.values())} | set(leading.values())
    known = {page.id: page for page in pages(connection, sorted(page_ids), artist_id)}
    found: dict[int, list[Finding]] = {}
    leaders: dict[int, set[int]] = {}
    for m in members:
        row = own.get(m.id) or others.get(m.id)
        page_id = own[m.id].profile_id if m.id in own else leading.get(m.id, row.profile_id if row else None)
        if page_id in known:
            page = known[page_id]
            found.setdefault(m.group_id, []).append(_finding(m, row, page, m.id in own, baselines, gone))
            if m.id in leading:
                leaders.setdefault(m.group_id, set()).add(leading[m.id])
    led = {group: [known[one] for one in sorted(page_ids)] for group, page_ids in leaders.items()}
    return (
        {group: tuple(each) for group, each in found.items()},
        {group: tuple(page for page in each if page.standing != "official") for group, each in led.items()},
    )


@dataclass(frozen=True, slots=True)
class Gone:
    """Releases on pages, as (release, page), that no market lists: missed by one look, and removed."""

    missing: frozenset[tuple[int, int]]
    removed: frozenset[tuple[int, int]]


def _everywhere(listed: Sequence[Any]) -> Gone:
    bound = {(row.release_id, row.profile_id) for row in listed}
    there = {(row.release_id, row.profile_id) for row in listed if row.missing_since is None}
    still = {(row.release_id, row.profile_id) for row in listed if row.removed_at is None}
    return Gone(frozenset(bound - there), frozenset(bound - still))


def _finding(m: Any, row: Any, page: Page, own: bool, baselines: Baselines, gone: Gone) -> Finding:
    bound = (m.id, row.profile_id if row is not None else 0)
    news = bool(row.new) if row is not None else baselines.came(m)
    if not own and m.first_seen_at <= baselines.since:
        news = False  # it stood on a stranger's page before anybody watched for this artist
    return Finding(
        page=page,
        release_id=m.id,
        platform_id=m.platform_id,
        title=m.title,
        role="credited" if not own else "appears_on" if row.section == "appears_on" else "listed",
        url=m.url,
        first_seen_at=row.first_seen_at if row is not None else m.first_seen_at,
        news=news,
        baseline_at=baselines.pages.get(m.platform),
        missing_since=row.missing_since if bound in gone.missing else None,
        removed_at=row.removed_at if bound in gone.removed else None,
        detailed=m.whole_at is not None,
    )


def _rows(connection: Connection, query: Any, name: str, ids: Collection[int], **more: int) -> Sequence[Any]:
    found: list[Any] = []
    for part in batched(sorted(set(ids)), ROWS_A_STATEMENT):
        found += connection.execute(query, {name: part, **more}).all()
    return found
