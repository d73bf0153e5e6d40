"""What judgement and scheduling need to know, as plain values: reads only."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Integer, Row, Select, and_, exists, or_, select, text

from storage.models import (
    Moment,
    artist,
    artist_alias,
    claim,
    credit,
    listing,
    profile,
    release,
    release_line,
    standing,
    target,
    track,
)
from storage.targets import Ask, Target


@dataclass(frozen=True, slots=True)
class ProfileFacts:
    """A profile as a case quotes it."""

    id: int
    platform: str
    platform_id: str
    name: str
    name_key: str
    url: str | None
    followers: int | None
    release_count: int | None


@dataclass(frozen=True, slots=True)
class Arrival:
    """A release that appeared on an official profile after its baseline."""

    artist_id: int
    artist_name: str
    profile: ProfileFacts
    release_id: int
    release_platform_id: str
    title: str
    url: str | None
    section: str
    date_raw: str | None
    date: date | None
    upc: str | None
    first_seen_at: datetime
    baseline_at: datetime | None
    labels: tuple[tuple[str, str], ...]  # (key, as printed): labels and rights lines of this release
    home_labels: tuple[str, ...]  # keys that the rights team claims or that stood on this profile before
    claimed: bool  # the barcode or an ISRC is claimed as ours
    redelivered: bool  # the same barcode stood on this profile before, under the same title


@dataclass(frozen=True, slots=True)
class NameHit:
    """A profile whose name met a monitored one."""

    artist_id: int
    artist_name: str
    met: str  # the name or alias met
    same: bool  # the profile's name is that name, at most printed another way
    kinds: tuple[str, ...]  # how it was met: exact, confusable, typo, ...
    likeness: float  # probability of an imitation, 0..1
    differs: str  # what differs, quoted
    profile: ProfileFacts
    official_elsewhere: tuple[str, ...]  # the artist's official profile ids on that platform


@dataclass(frozen=True, slots=True)
class TitleHit:
    """A release of somebody else whose title, or a track's, names a monitored artist."""

    artist_id: int
    artist_name: str
    met: str
    kinds: tuple[str, ...]
    likeness: float
    quote: str  # the title
    profile: ProfileFacts  # credited with it
    release_id: int


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What a target's schedule depends on."""

    official: bool
    suspected: bool
    baseline_at: datetime | None
    failures: int
    last_news_at: datetime | None


Monitored = tuple[int, str, tuple[str, ...], float]


def monitored(connection: Connection) -> tuple[Monitored, ...]:
    """List (artist id, name, aliases, weight) of every watched artist."""
    aliases: dict[int, list[str]] = {}
    for row in connection.execute(select(artist_alias.c.artist_id, artist_alias.c.name).order_by(artist_alias.c.id)):
        aliases.setdefault(row.artist_id, []).append(row.name)
    watched = select(artist.c.id, artist.c.name, artist.c.weight).where(artist.c.watched).order_by(artist.c.id)
    rows = connection.execute(watched)
    return tuple((row.id, row.name, tuple(aliases.get(row.id, ())), row.weight) for row in rows)


def arrivals(
    connection: Connection, *, listings: Collection[int] = (), releases: Collection[int] = ()
) -> list[Arrival]:
    """Describe the new listings on official profiles, chosen by listing or by release."""
    if not listings and not releases:
        return []
    rows = connection.execute(
        select(listing, release, profile, artist.c.id.label("artist"), artist.c.name.label("artist_name"))
        .join(release, release.c.id == listing.c.release_id)
        .join(profile, profile.c.id == listing.c.profile_id)
        .join(standing, and_(standing.c.profile_id == profile.c.id, standing.c.standing == "official"))
        .join(artist, artist.c.id == standing.c.artist_id)
        .where(listing.c.new, or_(listing.c.id.in_(listings), listing.c.release_id.in_(releases)))
        .order_by(listing.c.id)
    ).all()
    return [_arrival(connection, row) for row in rows]


def _arrival(connection: Connection, row: Row[Any]) -> Arrival:
    m = row._mapping
    release_id, profile_id, artist_id = m[release.c.id], m[profile.c.id], m["artist"]
    lines = connection.execute(
        select(release_line.c.text_key, release_line.c.text).where(release_line.c.release_id == release_id)
    ).all()
    return Arrival(
        artist_id=artist_id,
        artist_name=m["artist_name"],
        profile=_profile(m),
        release_id=release_id,
        release_platform_id=m[release.c.platform_id],
        title=m[release.c.title],
        url=m[release.c.url],
        section=m[listing.c.section],
        date_raw=m[release.c.date_raw],
        date=m[release.c.date],
        upc=m[release.c.gtin14],
        first_seen_at=m[listing.c.first_seen_at],
        baseline_at=_baseline(connection, m[profile.c.platform], m[profile.c.platform_id], m[listing.c.section]),
        labels=tuple((line.text_key, line.text) for line in lines),
        home_labels=_home_labels(connection, artist_id, profile_id, m[listing.c.first_seen_at]),
        claimed=_claimed(connection, artist_id, release_id, m[release.c.gtin14]),
        redelivered=_redelivered(connection, profile_id, release_id, m),
    )


def _profile(m: Any) -> ProfileFacts:
    columns = ("id", "platform", "platform_id", "name", "name_key", "url", "followers", "release_count")
    return ProfileFacts(*(m[profile.c[column]] for column in columns))


def _baseline(connection: Connection, platform: str, profile_id: str, section: str) -> datetime | None:
    return connection.scalar(
        select(target.c.baseline_at).where(
            target.c.platform == platform,
            target.c.ask == Ask.RELEASES.value,
            target.c.subject == profile_id,
            target.c.section == section,
        )
    )


def _home_labels(connection: Connection, artist_id: int, profile_id: int, before: datetime) -> tuple[str, ...]:
    claimed = select(claim.c.value_key).where(
        claim.c.artist_id == artist_id,
        claim.c.subject == "label",
        claim.c.stance == "ours",
        claim.c.superseded_at.is_(None),
    )
    stood = (
        select(release_line.c.text_key)
        .join(listing, listing.c.release_id == release_line.c.release_id)
        .where(listing.c.profile_id == profile_id, ~listing.c.new, listing.c.first_seen_at <= before)
    )
    return tuple(sorted(set(connection.scalars(claimed.union(stood)))))


def _claimed(connection: Connection, artist_id: int, release_id: int, gtin14: str | None) -> bool:
    ours = and_(claim.c.artist_id == artist_id, claim.c.stance == "ours", claim.c.superseded_at.is_(None))
    isrcs = select(track.c.isrc).where(track.c.release_id == release_id, track.c.isrc.is_not(None))
    by_isrc: ColumnElement[bool] = and_(claim.c.subject == "isrc", claim.c.value_key.in_(isrcs))
    by_upc = and_(claim.c.subject == "upc", claim.c.value_key == gtin14)
    return bool(connection.scalar(select(exists().where(ours, or_(by_isrc, by_upc) if gtin14 else by_isrc))))


def profiles(connection: Connection, platform: str, platform_ids: Collection[str]) -> list[ProfileFacts]:
    """Describe profiles of a platform."""
    chosen = select(profile).where(profile.c.platform == platform, profile.c.platform_id.in_(platform_ids))
    return [_profile(row._mapping) for row in connection.execute(chosen)]


def somebody_elses(
    connection: Connection, platform: str, release_ids: Collection[str], artist_ids: Collection[int]
) -> list[tuple[int, str, ProfileFacts, frozenset[int]]]:
    """Describe releases by (id, platform id, first credited profile, artists whose official profile has part in it)."""
    rows = connection.execute(
        select(release.c.id, release.c.platform_id, profile, standing.c.artist_id, standing.c.standing)
        .join(credit, credit.c.release_id == release.c.id)
        .join(profile, profile.c.id == credit.c.profile_id)
        .outerjoin(standing, standing.c.profile_id == profile.c.id)
        .where(release.c.platform == platform, release.c.platform_id.in_(release_ids))
        .order_by(release.c.id, credit.c.track_id.is_not(None), credit.c.position)
    ).all()
    found: dict[int, tuple[str, ProfileFacts, set[int]]] = {}
    for row in rows:
        m = row._mapping
        _, _, owners = found.setdefault(m[release.c.id], (m[release.c.platform_id], _profile(m), set()))
        if m[standing.c.standing] in ("official", "namesake"):
            owners.add(m[standing.c.artist_id])
    listed = connection.execute(
        select(listing.c.release_id, standing.c.artist_id)
        .join(standing, standing.c.profile_id == listing.c.profile_id)
        .where(listing.c.release_id.in_(list(found)), standing.c.standing == "official")
    )
    for release_id, artist_id in listed:
        found[release_id][2].add(artist_id)
    return [(i, platform_id, page, frozenset(owners)) for i, (platform_id, page, owners) in found.items()]


def standings_of(connection: Connection, profile_ids: Collection[int]) -> dict[tuple[int, int], str]:
    """Map (profile id, artist id) to the profile's standing."""
    rows = connection.execute(select(standing).where(standing.c.profile_id.in_(profile_ids)))
    return {(row.profile_id, row.artist_id): row.standing for row in rows}


def official_ids(connection: Connection, artist_ids: Collection[int], platform: str) -> dict[int, tuple[str, ...]]:
    """Map artists to their official profile ids on a platform."""
    found: dict[int, tuple[str, ...]] = {}
    rows = connection.execute(
        select(standing.c.artist_id, profile.c.platform_id)
        .join(profile, profile.c.id == standing.c.profile_id)
        .where(standing.c.standing == "official", standing.c.artist_id.in_(artist_ids), profile.c.platform == platform)
    )
    for artist_id, platform_id in rows:
        found[artist_id] = (*found.get(artist_id, ()), platform_id)
    return found


_OFFICIAL = text(
    """SELECT 1 FROM standing s JOIN profile p ON p.id = s.profile_id
    WHERE p.platform = :platform AND p.platform_id = :subject AND s.standing = 'official' LIMIT 1"""
)
_SUSPECT_PROFILE = text(
    """SELECT 1 FROM suspect_case c JOIN profile p ON p.id = c.profile_id
    WHERE p.platform = :platform AND p.platform_id = :subject AND c.release_id IS NULL AND c.status = 'open' LIMIT 1"""
)
_SUSPECT_RELEASE = text(
    """SELECT 1 FROM suspect_case c JOIN release r ON r.id = c.release_id
    WHERE r.platform = :platform AND r.platform_id = :subject AND c.status = 'open' LIMIT 1"""
)
_MEMORY = text("SELECT baseline_at, failures, last_news_at FROM target WHERE id = :id").columns(
    baseline_at=Moment, failures=Integer, last_news_at=Moment
)


def circumstances(connection: Connection, asked: Target) -> Circumstances:
    """Gather what a target's next due time depends on."""
    memory = connection.execute(_MEMORY, {"id": asked.id}).one()
    about = {"platform": asked.platform, "subject": asked.subject}
    official, suspected = asked.ask is Ask.SEARCH, False
    if asked.ask in (Ask.PROFILE, Ask.RELEASES):
        official = connection.scalar(_OFFICIAL, about) is not None
        suspected = connection.scalar(_SUSPECT_PROFILE, about) is not None
    elif asked.ask is Ask.RELEASE:
        suspected = connection.scalar(_SUSPECT_RELEASE, about) is not None
    return Circumstances(official, suspected, memory.baseline_at, memory.failures, memory.last_news_at)


def _has(connection: Connection, query: Select[Any]) -> bool:
    return connection.execute(query.limit(1)).first() is not None


def official_profiles(connection: Connection) -> Sequence[tuple[int, str, str]]:
    """List (artist id, platform, profile id) of every official profile of a watched artist."""
    rows = connection.execute(
        select(standing.c.artist_id, profile.c.platform, profile.c.platform_id)
        .join(profile, profile.c.id == standing.c.profile_id)
        .join(artist, artist.c.id == standing.c.artist_id)
        .where(standing.c.standing == "official", artist.c.watched)
    )
    return [(row[0], row[1], row[2]) for row in rows]


def owned(connection: Connection) -> dict[str, frozenset[str]]:
    """Map each platform to the ids of its official profiles."""
    found: dict[str, set[str]] = {}
    for _, platform, profile_id in official_profiles(connection):
        found.setdefault(platform, set()).add(profile_id)
    return {platform: frozenset(ids) for platform, ids in found.items()}


def _redelivered(connection: Connection, profile_id: int, release_id: int, m: Any) -> bool:
    """Tell whether a platform took a known release in again under a new id."""
    if m[release.c.gtin14] is None:
        return False
    twin = (
        select(release.c.id)
        .join(listing, listing.c.release_id == release.c.id)
        .where(
            listing.c.profile_id == profile_id,
            listing.c.first_seen_at < m[listing.c.first_seen_at],
            release.c.id != release_id,
            release.c.gtin14 == m[release.c.gtin14],
            release.c.title_key == m[release.c.title_key],
        )
    )
    return _has(connection, twin)


def mbid_of(connection: Connection, artist_id: int) -> str | None:
    """Return an artist's MBID."""
    return connection.scalar(select(artist.c.mbid).where(artist.c.id == artist_id))
