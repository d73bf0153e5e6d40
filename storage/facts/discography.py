"""What stands on pages as a discography: own releases with their codes, titles and claimed days. Reads only."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import Connection, func, select, tuple_

from storage.models import artist, listing, profile, release, roster_change, standing, target, track
from storage.sets import ROWS_A_STATEMENT, batched
from storage.targets import Ask

Place = tuple[str, str]  # platform, profile id


@dataclass(frozen=True, slots=True)
class Own:
    """A release of a page's own sections, guest parts left out."""

    platform: str
    release_id: str
    title: str
    title_key: str
    gtin14: str | None
    day: date | None  # claimed to the day
    isrcs: frozenset[str] = field(default_factory=frozenset)


def own_releases(connection: Connection, pages: Collection[Place]) -> dict[Place, list[Own]]:
    """Map pages to the releases that stand on them now."""
    found: dict[Place, list[Own]] = {}
    for part in batched(sorted(pages), ROWS_A_STATEMENT):
        here = tuple_(profile.c.platform, profile.c.platform_id).in_(part)
        shown = (
            select(profile.c.platform, profile.c.platform_id.label("page"), release)
            .join(listing, listing.c.profile_id == profile.c.id)
            .join(release, release.c.id == listing.c.release_id)
            .where(here, listing.c.removed_at.is_(None), listing.c.section != "appears_on")
            .order_by(release.c.id)
        )
        rows = {(row.page, row.id): row for row in connection.execute(shown)}
        isrcs: dict[int, set[str]] = {}
        for ids in batched(sorted({release_id for _, release_id in rows}), ROWS_A_STATEMENT):
            codes = select(track.c.release_id, track.c.isrc).where(
                track.c.release_id.in_(ids), track.c.isrc.is_not(None)
            )
            for code in connection.execute(codes):
                isrcs.setdefault(code.release_id, set()).add(code.isrc)
        for (page, release_id), row in rows.items():
            day = row.date if row.date_precision == "day" else None
            codes_of = frozenset(isrcs.get(release_id, ()))
            own = Own(row.platform, row.platform_id, row.title, row.title_key, row.gtin14, day, codes_of)
            found.setdefault((row.platform, page), []).append(own)
    return found


def common_titles(connection: Connection, keys: Collection[str], least: int) -> set[str]:
    """Say which of these folded titles stand on pages of at least so many differently named profiles."""
    common: set[str] = set()
    for part in batched(sorted(keys), ROWS_A_STATEMENT):
        rows = connection.execute(
            select(release.c.title_key)
            .join(listing, listing.c.release_id == release.c.id)
            .join(profile, profile.c.id == listing.c.profile_id)
            .where(release.c.title_key.in_(part))
            .group_by(release.c.title_key)
            .having(func.count(profile.c.name_key.distinct()) >= least)
        )
        common.update(row.title_key for row in rows)
    return common


def proposals(connection: Connection) -> dict[tuple[int, str], list[str]]:
    """Map (artist id, platform) without an official profile to the profile ids that are proposed for it."""
    settled = {
        (row.artist_id, row.platform)
        for row in connection.execute(
            select(standing.c.artist_id, profile.c.platform)
            .join(profile, profile.c.id == standing.c.profile_id)
            .where(standing.c.standing == "official")
        )
    }
    found: dict[tuple[int, str], list[str]] = {}
    rows = connection.execute(
        select(standing.c.artist_id, profile.c.platform, profile.c.platform_id)
        .join(profile, profile.c.id == standing.c.profile_id)
        .join(artist, artist.c.id == standing.c.artist_id)
        .where(standing.c.standing == "proposed", artist.c.watched)
        .order_by(profile.c.id)
    )
    for row in rows:
        if (row.artist_id, row.platform) not in settled:
            found.setdefault((row.artist_id, row.platform), []).append(row.platform_id)
    return found


def linked_only(connection: Connection) -> set[tuple[int, str]]:
    """List the (artist id, platform) whose official profiles rest on a reference's word alone."""
    rows = connection.execute(
        select(standing.c.artist_id, profile.c.platform, standing.c.authority)
        .join(profile, profile.c.id == standing.c.profile_id)
        .join(artist, artist.c.id == standing.c.artist_id)
        .where(standing.c.standing == "official", artist.c.watched)
    )
    words: dict[tuple[int, str], set[str]] = {}
    for row in rows:
        words.setdefault((row.artist_id, row.platform), set()).add(row.authority)
    return {pair for pair, authorities in words.items() if authorities <= {"musicbrainz", "wikidata"}}


def owners(connection: Connection, pages: Sequence[Place]) -> dict[Place, dict[int, tuple[str, str]]]:
    """Map pages to the artists whose official profile they are: artist id -> (name, authority)."""
    found: dict[Place, dict[int, tuple[str, str]]] = {}
    for part in batched(sorted(set(pages)), ROWS_A_STATEMENT):
        rows = connection.execute(
            select(profile.c.platform, profile.c.platform_id, artist.c.id, artist.c.name, standing.c.authority)
            .join(standing, standing.c.profile_id == profile.c.id)
            .join(artist, artist.c.id == standing.c.artist_id)
            .where(
                tuple_(profile.c.platform, profile.c.platform_id).in_(part),
                standing.c.standing == "official",
                ~standing.c.joint,
            )
        )
        for row in rows:
            found.setdefault((row.platform, row.platform_id), {})[row.id] = (row.name, row.authority)
    return found


def never_seen_whole(connection: Connection, pages: Collection[Place]) -> set[Place]:
    """Say which pages have no list that was seen whole."""
    whole: set[Place] = set()
    for part in batched(sorted(pages), ROWS_A_STATEMENT):
        rows = connection.execute(
            select(target.c.platform, target.c.subject).where(
                tuple_(target.c.platform, target.c.subject).in_(part),
                target.c.ask == Ask.RELEASES.value,
                target.c.last_complete_at.is_not(None),
            )
        )
        whole.update((row.platform, row.subject) for row in rows)
    return set(pages) - whole


def asked_already(connection: Connection, pages: Collection[Place]) -> set[Place]:
    """Say which pages somebody has asked lists of."""
    found: set[Place] = set()
    for part in batched(sorted(pages), ROWS_A_STATEMENT):
        rows = connection.execute(
            select(target.c.platform, target.c.subject).where(
                tuple_(target.c.platform, target.c.subject).in_(part), target.c.ask == Ask.RELEASES.value
            )
        )
        found.update((row.platform, row.subject) for row in rows)
    return found


def corrected_away(connection: Connection) -> set[tuple[int, str]]:
    """List (artist id, "platform:profile") of official pages that the roster once gave and took back."""
    rows = connection.execute(
        select(roster_change.c.artist_id, roster_change.c.subject).where(
            roster_change.c.what == "standing",
            roster_change.c.after.is_(None),
            roster_change.c.before == "official by roster",
        )
    )
    return {(row.artist_id, row.subject) for row in rows}


@dataclass(frozen=True, slots=True)
class Gap:
    """A watched artist without an official page on a platform, and what is proposed."""

    artist: str
    artist_key: str
    platform: str
    proposed: tuple[dict[str, str], ...]  # id, name, reason


def gaps(connection: Connection, platforms: Sequence[str]) -> list[Gap]:
    """List where watched artists have no official page, by name."""
    pages: dict[int, dict[str, list[dict[str, str]]]] = {}
    settled: set[tuple[int, str]] = set()
    rows = connection.execute(
        select(standing, profile.c.platform, profile.c.platform_id, profile.c.name)
        .join(profile, profile.c.id == standing.c.profile_id)
        .where(standing.c.standing.in_(("official", "proposed")), profile.c.platform.in_(platforms))
        .order_by(profile.c.id)
    )
    for row in rows:
        if row.standing == "official":
            settled.add((row.artist_id, row.platform))
        else:
            page = {"id": row.platform_id, "name": row.name, "reason": row.reason}
            pages.setdefault(row.artist_id, {}).setdefault(row.platform, []).append(page)
    watched = select(artist.c.id, artist.c.name, artist.c.key).where(artist.c.watched)
    return [
        Gap(row.name, row.key, platform, tuple(pages.get(row.id, {}).get(platform, ())))
        for row in connection.execute(watched.order_by(artist.c.name_key, artist.c.id))
        for platform in platforms
        if (row.id, platform) not in settled
    ]
