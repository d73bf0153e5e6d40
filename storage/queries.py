"""What judgement and scheduling need to know, as plain values: reads only."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Connection, and_, exists, or_, select

from storage.models import (
    artist,
    artist_alias,
    case,
    claim,
    listing,
    profile,
    release,
    release_line,
    standing,
    target,
    track,
    watch,
)
from storage.targets import Ask


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
    detailed: bool  # its full record was seen


@dataclass(frozen=True, slots=True)
class NameHit:
    """A profile whose name met a monitored one."""

    artist_id: int
    artist_name: str
    met: str  # the name or alias met
    profile: ProfileFacts
    first_seen_at: datetime
    official_elsewhere: tuple[str, ...]  # the artist's official profile ids on that platform


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What a target's schedule depends on."""

    official: bool
    suspected: bool
    baseline_at: datetime | None
    last_news_at: datetime | None
    failures: int


def monitored_names(connection: Connection) -> list[tuple[int, str, str]]:
    """List (artist id, name, folded name) for every watched artist's name and aliases."""
    watched = artist.c.watched
    names = select(artist.c.id, artist.c.name, artist.c.name_key).where(watched)
    aliases = (
        select(artist.c.id, artist_alias.c.name, artist_alias.c.name_key)
        .join(artist_alias, artist_alias.c.artist_id == artist.c.id)
        .where(watched)
    )
    return [(row[0], row[1], row[2]) for row in connection.execute(names.union_all(aliases))]


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


def _arrival(connection: Connection, row: object) -> Arrival:
    m = row._mapping  # type: ignore[attr-defined]
    release_id, profile_id, artist_id = m[release.c.id], m[profile.c.id], m["artist"]
    lines = connection.execute(
        select(release_line.c.text_key, release_line.c.text).where(release_line.c.release_id == release_id)
    ).all()
    detailed = connection.scalar(
        select(target.c.last_look_at).where(
            target.c.platform == m[profile.c.platform],
            target.c.ask == Ask.RELEASE.value,
            target.c.subject == m[release.c.platform_id],
            target.c.last_outcome.in_(("complete", "partial")),
        )
    )
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
        detailed=detailed is not None,
    )


def _profile(m: object) -> ProfileFacts:
    columns = ("id", "platform", "platform_id", "name", "name_key", "url", "followers", "release_count")
    return ProfileFacts(*(m[profile.c[column]] for column in columns))  # type: ignore[index]


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


def profiles(connection: Connection, ids: Collection[int]) -> dict[int, tuple[ProfileFacts, datetime]]:
    """Describe profiles, with when we first saw each."""
    rows = connection.execute(select(profile).where(profile.c.id.in_(ids))).all()
    return {row.id: (_profile(row._mapping), row.first_seen_at) for row in rows}


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


def circumstances(connection: Connection, target_id: int) -> Circumstances:
    """Gather what a target's next due time depends on."""
    row = connection.execute(select(target).where(target.c.id == target_id)).one()
    about_profile = and_(profile.c.platform == row.platform, profile.c.platform_id == row.subject)
    official, suspected = row.ask == Ask.SEARCH.value, False
    if row.ask in (Ask.PROFILE.value, Ask.RELEASES.value):
        official = bool(
            _has(
                connection,
                select(standing.c.profile_id).join(profile).where(about_profile, standing.c.standing == "official"),
            )
        )
        suspected = bool(
            _has(
                connection,
                select(case.c.id)
                .join(profile, profile.c.id == case.c.profile_id)
                .where(about_profile, case.c.release_id.is_(None), case.c.status == "open"),
            )
        )
    elif row.ask == Ask.RELEASE.value:
        suspected = bool(
            _has(
                connection,
                select(case.c.id)
                .join(release, release.c.id == case.c.release_id)
                .where(
                    release.c.platform == row.platform, release.c.platform_id == row.subject, case.c.status == "open"
                ),
            )
        )
    return Circumstances(official, suspected, row.baseline_at, None, row.failures)


def _has(connection: Connection, query: object) -> bool:
    return connection.execute(query.limit(1)).first() is not None  # type: ignore[attr-defined]


def official_profiles(connection: Connection) -> Sequence[tuple[int, str, str]]:
    """List (artist id, platform, profile id) of every official profile of a watched artist."""
    rows = connection.execute(
        select(standing.c.artist_id, profile.c.platform, profile.c.platform_id)
        .join(profile, profile.c.id == standing.c.profile_id)
        .join(artist, artist.c.id == standing.c.artist_id)
        .where(standing.c.standing == "official", artist.c.watched)
    )
    return [(row[0], row[1], row[2]) for row in rows]


def watchers(connection: Connection, target_id: int) -> list[int]:
    """List the artists for whose sake a target is asked."""
    return list(connection.scalars(select(watch.c.artist_id).where(watch.c.target_id == target_id)))


def mbid_of(connection: Connection, artist_id: int) -> str | None:
    """Return an artist's MBID."""
    return connection.scalar(select(artist.c.mbid).where(artist.c.id == artist_id))
