"""Official profiles for the roster: MusicBrainz relations say, name searches only propose."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, select

from crawler.discovery import Asking
from crawler.enrol import SEARCHES
from crawler.settings import Settings
from crawler.timelapse import Timepiece
from crawler.worker import Plan, Progress, Stop, Worker
from spiders.platform import Platform, platform_names
from storage import frontier, links, queries, roster
from storage.database import writing
from storage.frontier import Wanted
from storage.models import artist, profile, profile_link, standing
from storage.normalize import name_key
from storage.roster import Standing
from storage.targets import Ask

URGENT = 0


@dataclass(frozen=True, slots=True)
class Found:
    """A profile that is official now, or proposed."""

    artist: str
    platform: str
    id: str
    name: str
    standing: str
    reason: str


async def resolve(
    settings: Settings,
    engine: Engine,
    platforms: Mapping[str, type[Platform]],
    stops: list[Stop],
    progress: Progress = lambda worker: None,
    timepiece: Timepiece | None = None,
) -> list[dict[str, Any]]:
    """Ask the reference sources about every MBID and the platforms about every name; return what is new."""
    time = timepiece or Timepiece(settings.time_lapse, settings.time_origin, settings.time_anchor)
    markets = {name: settings.access(name).market for name, cls in platforms.items() if cls.has_markets}
    with writing(engine) as connection:
        before = _standings(connection)
        _want(connection, Asking(platforms, markets), time.now())
    worker = Worker(settings, engine, platforms, Plan(until_idle=True, enrol=False), time, progress)
    stops.append(worker.stop)
    await worker.work()
    with writing(engine) as connection:
        from_links(connection, time.now())
        propose(connection, time.now())
        after = _standings(connection)
    return [asdict(found) for key, found in after.items() if before.get(key) != found]


def _want(connection: Connection, asking: Asking, at: datetime) -> None:
    references = [name for name, cls in asking.platforms.items() if cls.reference and Ask.PROFILE in cls.accepts]
    wanted = [
        Wanted(asking.about(name, Ask.PROFILE, row.mbid), at, URGENT, (row.id,))
        for row in connection.execute(select(artist.c.id, artist.c.mbid).where(artist.c.mbid.is_not(None)))
        for name in references
    ]
    names = {row.id: row.name for row in connection.execute(select(artist.c.id, artist.c.name))}
    for name, cls in asking.platforms.items():
        if Ask.SEARCH in cls.accepts:
            known = queries.official_ids(connection, list(names), name)
            wanted += [
                Wanted(asking.about(name, Ask.SEARCH, text), at, SEARCHES, (artist_id,))
                for artist_id, text in names.items()
                if artist_id not in known
            ]
    found = frontier.want(connection, wanted, at)
    frontier.hasten(connection, list(found.values()), at, URGENT)


def from_links(connection: Connection, at: datetime) -> int:
    """Make official what a reference source links to an artist's MBID; relations that ended say nothing."""
    rows = connection.execute(
        select(artist.c.id, artist.c.name, profile_link.c.url)
        .join(profile, profile.c.id == profile_link.c.profile_id)
        .join(artist, artist.c.mbid == profile.c.platform_id)
        .where(profile.c.platform == "musicbrainz", ~profile_link.c.ended)
        .order_by(profile_link.c.id)
    ).all()
    found = []
    for row in rows:
        reason = f"MusicBrainz links {row.url}"
        found += [
            Standing(row.id, platform, profile_id, "official", "musicbrainz", row.name, reason)
            for platform, profile_id in links.profiles_of(row.url)
            if platform in platform_names()
        ]
    return roster.keep_standings(connection, found, at)


def propose(connection: Connection, at: datetime) -> int:
    """Propose profiles under an artist's very name on platforms where no official profile is known."""
    monitored: dict[str, list[tuple[int, str]]] = {}
    for artist_id, name, aliases, _ in queries.monitored(connection):
        for spelling in (name, *aliases):
            monitored.setdefault(name_key(spelling), []).append((artist_id, spelling))
    rows = connection.execute(select(profile).where(profile.c.name_key.in_(list(monitored)))).all()
    official: dict[str, dict[int, tuple[str, ...]]] = {}
    proposals = []
    everybody = [artist_id for found in monitored.values() for artist_id, _ in found]
    for row in rows:
        known = official.setdefault(row.platform, queries.official_ids(connection, everybody, row.platform))
        for artist_id, met in monitored[row.name_key]:
            if artist_id not in known:
                reason = f"name search: {row.name!r} met {met!r}"
                proposals.append(
                    Standing(artist_id, row.platform, row.platform_id, "proposed", "search", row.name, reason)
                )
    return roster.keep_standings(connection, proposals, at)


def _standings(connection: Connection) -> dict[tuple[int, int], Found]:
    rows = connection.execute(
        select(standing, artist.c.name.label("artist"), profile.c.platform, profile.c.platform_id, profile.c.name)
        .join(artist, artist.c.id == standing.c.artist_id)
        .join(profile, profile.c.id == standing.c.profile_id)
        .order_by(artist.c.name, profile.c.platform, profile.c.id)
    )
    return {
        (row.artist_id, row.profile_id): Found(
            row.artist, row.platform, row.platform_id, row.name, row.standing, row.reason
        )
        for row in rows
    }
