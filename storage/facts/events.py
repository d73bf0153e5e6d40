"""Events as judgement is given them: one release group, or one profile group, against one artist. Reads only.

Events are gathered artist by artist: an artist's past is read once for all of its events.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, and_, bindparam, func, or_, select

from storage.facts.artists import artists
from storage.facts.concerned import Pair, by_artist
from storage.facts.findings import Baselines, findings_of
from storage.facts.pages import pages
from storage.facts.references import Entry, entries, listed_by, said_of
from storage.facts.sharing import shared
from storage.facts.shown import past_groups, shown
from storage.facts.values import Artist, Claimed, Event, Finding, Page, Shown
from storage.models import (
    artist,
    case,
    claim,
    credit,
    grouped_profile,
    grouped_release,
    listing,
    profile,
    standing,
    target,
    watch,
)
from storage.sets import ROWS_A_STATEMENT, batched, several
from storage.targets import Ask

NOT_TEACHING = ("open", "watching", "confirmed", "takedown_requested", "gone", "returned")
CLAIMS_MOST = 1_000  # of an artist that are read at once; of more, each event's are asked for
GUESTS_SETTLE = timedelta(days=30)
LISTED_MOST = 60  # groups of a suspect page that judgement looks at

# Statements are built once: building one costs more than running it.
_ADDED = select(artist.c.added_at).where(artist.c.id == bindparam("artist"))
_CLAIMS = (
    select(claim.c.subject, claim.c.value_key, claim.c.value, claim.c.stance, claim.c.authority, claim.c.made_at)
    .where(claim.c.artist_id == bindparam("artist"), claim.c.superseded_at.is_(None))
    .order_by(claim.c.id)
)
_FIRST_CLAIMS = _CLAIMS.limit(CLAIMS_MOST + 1)
_CAME = (
    select(grouped_profile.c.group_id, grouped_profile.c.profile_id, profile.c.platform, profile.c.first_seen_at)
    .join(profile, profile.c.id == grouped_profile.c.profile_id)
    .where(grouped_profile.c.group_id.in_(several("groups")))
)
_BESIDE = (
    select(credit.c.profile_id)
    .join(listing, listing.c.release_id == credit.c.release_id)
    .join(standing, standing.c.profile_id == listing.c.profile_id)
    .where(
        credit.c.profile_id.in_(several("pages")),
        ~listing.c.new,
        standing.c.artist_id == bindparam("artist"),
        standing.c.standing == "official",
    )
    .distinct()
)
_PAGES_OF = select(grouped_profile.c.profile_id).where(grouped_profile.c.group_id == bindparam("group"))
_PLATFORMS = (
    select(profile.c.platform)
    .join(standing, standing.c.profile_id == profile.c.id)
    .where(standing.c.artist_id == bindparam("artist"), standing.c.standing == bindparam("held"))
    .distinct()
)
_FIRST_ANSWERED = (
    select(target.c.platform, func.min(target.c.baseline_at))
    .join(watch, watch.c.target_id == target.c.id)
    .where(
        watch.c.artist_id == bindparam("artist"), target.c.ask == bindparam("ask"), target.c.baseline_at.is_not(None)
    )
    .group_by(target.c.platform)
)
_NOT_TEACHING = select(case.c.group_id).where(
    case.c.artist_id == bindparam("artist"), case.c.kind == "release", case.c.status.in_(NOT_TEACHING)
)
_LISTED_GROUPS = (
    select(grouped_release.c.group_id)
    .join(listing, listing.c.release_id == grouped_release.c.release_id)
    .where(listing.c.profile_id.in_(several("pages")))
    .order_by(grouped_release.c.group_id.desc())
    .distinct()
    .limit(LISTED_MOST)
)


@dataclass(slots=True)
class Known:
    """What is read once of an artist for all of its events."""

    who: Artist
    past: dict[int, Shown]  # everything that stands, or stood, on the artist's official pages
    baselines: dict[str, datetime]  # platform -> when a page was first seen whole there
    searched: dict[str, datetime]  # platform -> when a search was first answered there
    since: datetime  # when the artist was added
    quiet: set[int]  # groups that teach nothing: they are, or were found to be, under suspicion
    referred: tuple[Entry, ...]  # what reference sources list as the artist's
    claims: Sequence[Any] | None  # what authorities say; None: too much to be read at once


Memo = dict[int, Known | None]  # of one look or one artist's turn: nothing may be written meanwhile


def known(connection: Connection, artist_id: int, references: frozenset[str], memo: Memo | None = None) -> Known | None:
    """Read what all events of an artist need, or what is remembered of it."""
    if memo is not None and artist_id in memo:
        return memo[artist_id]
    who = artists(connection, [artist_id]).get(artist_id)
    found = None
    if who is not None:
        found = Known(
            who=who,
            past=_past_of(connection, artist_id, references),
            baselines=_earliest(connection, artist_id, Ask.RELEASES),
            searched=_earliest(connection, artist_id, Ask.SEARCH),
            since=connection.execute(_ADDED, {"artist": artist_id}).scalar_one(),
            quiet=_not_teaching(connection, artist_id),
            referred=entries(connection, artist_id, references),
            claims=_all_claims(connection, artist_id),
        )
    if memo is not None:
        memo[artist_id] = found
    return found


def release_events(
    connection: Connection,
    pairs: Collection[Pair],
    references: frozenset[str],
    at: datetime,
    memo: Memo | None = None,
) -> list[Event]:
    """Gather events about release groups; a group of which nothing is on a platform any more gives none."""
    events: list[Event] = []
    for artist_id, group_ids in by_artist(pairs).items():
        about = known(connection, artist_id, references, memo)
        if about is None:
            continue
        missing = [group_id for group_id in group_ids if group_id not in about.past]
        groups = about.past | (shown(connection, artist_id, missing, references) if missing else {})
        findings, leaders = findings_of(
            connection, artist_id, group_ids, references, Baselines(about.baselines, about.searched, about.since)
        )
        for group_id in group_ids:
            one, found = groups.get(group_id), findings.get(group_id, ())
            if one is None or not found:
                continue
            news = all(f.news for f in found)
            events.append(
                Event(
                    kind="release",
                    artist=about.who,
                    findings=found,
                    leaders=leaders.get(group_id, ()),
                    shown=replace(one, news=news),
                    claims=claims_about(connection, artist_id, one, found, about.claims),
                    references=listed_by(about.referred, one),
                    shared=shared(connection, artist_id, one, at) if news else (),
                    past=before(one, about.past.values(), about.quiet),
                    watched_platforms=frozenset(about.baselines) - references,
                    at=at,
                )
            )
    return events


def _past_of(connection: Connection, artist_id: int, references: frozenset[str]) -> dict[int, Shown]:
    """Describe everything that stands, or stood, on the artist's official pages."""
    return shown(connection, artist_id, past_groups(connection, artist_id), references)


def before(one: Shown, past: Iterable[Shown], quiet: Collection[int]) -> tuple[Shown, ...]:
    """Keep what may teach about a group: what was there when it came, and is under no suspicion itself."""
    rest = [p for p in past if p.group_id != one.group_id and p.group_id not in quiet]
    if one.news:
        rest = [p for p in rest if not p.news or p.first_seen_at < one.first_seen_at - _settling(p)]
    return tuple(sorted(rest, key=lambda p: p.group_id))


def _settling(past: Shown) -> timedelta:
    """Say how long a release has to stand before it teaches: guests may be a stranger's doing, as the next one is."""
    return timedelta(0) if past.role == "own" else GUESTS_SETTLE


def profile_events(
    connection: Connection,
    pairs: Collection[Pair],
    references: frozenset[str],
    at: datetime,
    memo: Memo | None = None,
) -> list[Event]:
    """Gather events about pages that go by an artist's name, or nearly."""
    events: list[Event] = []
    for artist_id, group_ids in by_artist(pairs).items():
        about = known(connection, artist_id, references, memo)
        if about is None:
            continue
        known_on = official_platforms(connection, artist_id)
        proposed_on = _platforms(connection, artist_id, "proposed") - known_on
        for group_id in group_ids:
            ids = connection.scalars(_PAGES_OF, {"group": group_id}).all()
            found = [p for p in pages(connection, ids, artist_id) if p.platform not in references]
            found = [p for p in found if not p.official_for and p.standing != "namesake"]
            found = [p for p in found if p.platform in known_on or _came_beside(p, proposed_on, about.searched)]
            if not found:
                continue
            beside = _beside(connection, artist_id, [page.id for page in found])
            since = {page.id: about.searched.get(page.platform) for page in found if page.id not in beside}
            findings = tuple(_page_finding(page, since.get(page.id)) for page in found)
            listed = _listed_groups(connection, [page.id for page in found])
            events.append(
                Event(
                    kind="profile",
                    artist=about.who,
                    findings=findings,
                    releases=tuple(shown(connection, artist_id, listed, references).values()) if listed else (),
                    claims=_profile_claims(connection, artist_id, found, about.claims),
                    references=said_of(connection, artist_id, found, references),
                    past=tuple(p for p in about.past.values() if p.group_id not in about.quiet),
                    watched_platforms=frozenset(about.searched) - references,
                    at=at,
                )
            )
    return events


def pages_that_came(connection: Connection, pairs: Collection[Pair]) -> set[Pair]:
    """Of these pairs, keep those with a page that came after the first answer to a search: the others are no news."""
    kept: set[Pair] = set()
    for artist_id, group_ids in by_artist(pairs).items():
        searched = _earliest(connection, artist_id, Ask.SEARCH)
        for part in batched(group_ids, ROWS_A_STATEMENT):
            rows = connection.execute(_CAME, {"groups": part}).all()
            later = [row for row in rows if row.platform in searched and row.first_seen_at > searched[row.platform]]
            beside = _beside(connection, artist_id, [row.profile_id for row in later])
            kept |= {(artist_id, row.group_id) for row in later if row.profile_id not in beside}
    return kept


def _beside(connection: Connection, artist_id: int, page_ids: Collection[int]) -> set[int]:
    """Of these pages, list those that are credited on what stood on the artist's own at the first whole look.

    No search need have shown them: that they were met later makes them no news.
    """
    if not page_ids:
        return set()
    return set(connection.scalars(_BESIDE, {"artist": artist_id, "pages": sorted(page_ids)}))


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


def official_platforms(connection: Connection, artist_id: int) -> set[str]:
    """List where an official page of the artist is known: elsewhere a page of that name may be the artist's own."""
    return _platforms(connection, artist_id, "official")


def _platforms(connection: Connection, artist_id: int, held: str) -> set[str]:
    return set(connection.scalars(_PLATFORMS, {"artist": artist_id, "held": held}))


def _came_beside(page: Page, proposed_on: Collection[str], baselines: dict[str, datetime]) -> bool:
    """Tell whether a page came where another was proposed as the artist's before: the artist has that one."""
    baseline, first = baselines.get(page.platform), page.first_seen_at
    is_news = baseline is not None and first is not None and first > baseline
    return is_news and page.platform in proposed_on and page.standing != "proposed"


def _earliest(connection: Connection, artist_id: int, ask: Ask) -> dict[str, datetime]:
    """Map platforms to when such a question for the artist was first answered whole there."""
    return {row[0]: row[1] for row in connection.execute(_FIRST_ANSWERED, {"artist": artist_id, "ask": ask.value})}


def _not_teaching(connection: Connection, artist_id: int) -> set[int]:
    """List the groups of an artist that are, or were found to be, under suspicion."""
    return set(connection.scalars(_NOT_TEACHING, {"artist": artist_id}))


def _listed_groups(connection: Connection, profile_ids: Sequence[int]) -> list[int]:
    return sorted(connection.scalars(_LISTED_GROUPS, {"pages": list(profile_ids)}))


def claims_about(
    connection: Connection, artist_id: int, one: Shown, findings: Sequence[Finding], known: Sequence[Any] | None
) -> tuple[Claimed, ...]:
    """List what authorities say of a group's codes, labels and ids."""
    return claims_on(connection, artist_id, one, {f"{f.page.platform}:{f.platform_id}" for f in findings}, known)


def claims_on(
    connection: Connection, artist_id: int, one: Shown, refs: Collection[str], known: Sequence[Any] | None = None
) -> tuple[Claimed, ...]:
    """List what authorities say of a release's codes, labels and ids, given as platform:id."""
    values = {
        "upc": one.gtins,
        "isrc": one.isrcs,
        "label": {line.key for line in one.lines},
        "release": set(refs),
        "isrc_prefix": {isrc[:5] for isrc in one.isrcs},
        "distributor": {line.key for line in one.lines if line.kind == "provider"},
    }
    return _claims(connection, artist_id, values, known)


def _profile_claims(
    connection: Connection, artist_id: int, found: Sequence[Page], known: Sequence[Any] | None
) -> tuple[Claimed, ...]:
    return _claims(connection, artist_id, {"profile": {f"{p.platform}:{p.platform_id}" for p in found}}, known)


def _all_claims(connection: Connection, artist_id: int) -> Sequence[Any] | None:
    rows = connection.execute(_FIRST_CLAIMS, {"artist": artist_id}).all()
    return rows if len(rows) <= CLAIMS_MOST else None


def _claims(
    connection: Connection, artist_id: int, values: dict[str, Any], known: Sequence[Any] | None = None
) -> tuple[Claimed, ...]:
    rows = known
    if rows is None:
        told = ((subject, keys) for subject, keys in values.items() if keys)
        any_of = or_(*(and_(claim.c.subject == subject, claim.c.value_key.in_(sorted(keys))) for subject, keys in told))
        rows = connection.execute(_CLAIMS.where(any_of), {"artist": artist_id}).all()
    return tuple(
        Claimed(row.subject, row.value, row.stance, row.authority, row.made_at)
        for row in rows
        if row.value_key in values.get(row.subject, ())
    )
