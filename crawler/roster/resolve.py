"""Official profiles for the roster: MusicBrainz relations say, name searches only propose."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine

from crawler.settings import Settings
from crawler.timelapse import Timepiece
from crawler.watching.enrol import SEARCHES
from crawler.watching.follow_up import Asking
from crawler.worker.worker import Plan, Progress, Stop, Worker
from spiders.base import pages
from spiders.base.platform import Platform, platform_names
from storage import frontier, roster
from storage.database import writing
from storage.facts import bindings, leads
from storage.facts.leads import Page
from storage.frontier import Wanted
from storage.normalize import name_key
from storage.roster import Standing
from storage.targets import Ask

URGENT = 0
REFERENCE = "musicbrainz"


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
        before = set(leads.standings(connection))
        _want(connection, Asking(platforms, markets), time.now())
    worker = Worker(settings, engine, platforms, Plan(until_idle=True, enrol=False), time, progress)
    stops.append(worker.stop)
    await worker.work()
    with writing(engine) as connection:
        from_links(connection, time.now())
        propose(connection, time.now())
        after = leads.standings(connection)
    return [_row(page) for page in after if page not in before]


def _row(page: Page) -> dict[str, Any]:
    """Show a page that is official now, or proposed."""
    return {
        "artist": page.artist,
        "platform": page.platform,
        "id": page.profile_id,
        "name": page.name,
        "standing": page.standing,
        "reason": page.reason,
    }


def _want(connection: Connection, asking: Asking, at: datetime) -> None:
    references = [name for name, cls in asking.platforms.items() if cls.reference and Ask.PROFILE in cls.accepts]
    wanted = [
        Wanted(asking.about(name, Ask.PROFILE, mbid), at, URGENT, (artist_id,))
        for artist_id, mbid in leads.artists_by_mbid(connection)
        for name in references
    ]
    settled = {(artist_id, platform) for artist_id, platform, _ in bindings.official_profiles(connection)}
    wanted += [
        Wanted(asking.about(platform, Ask.SEARCH, name), at, SEARCHES, (artist_id,))
        for platform, cls in asking.platforms.items()
        if Ask.SEARCH in cls.accepts
        for artist_id, name, _, _ in bindings.monitored(connection)
        if (artist_id, platform) not in settled
    ]
    found = frontier.want(connection, wanted, at)
    frontier.hasten(connection, list(found.values()), at, URGENT)


def from_links(connection: Connection, at: datetime) -> int:
    """Make official what a reference source links to an artist's MBID; relations that ended say nothing."""
    found = [
        Standing(artist_id, platform, profile_id, "official", REFERENCE, name, f"MusicBrainz links {url}")
        for artist_id, name, url in leads.linked_pages(connection, REFERENCE)
        for platform, profile_id in pages.profiles_of(url)
        if platform in platform_names()
    ]
    return roster.keep_standings(connection, found, at)


def propose(connection: Connection, at: datetime) -> int:
    """Propose profiles under an artist's very name on platforms where no official profile is known."""
    monitored: dict[str, list[tuple[int, str]]] = {}
    for artist_id, name, aliases, _ in bindings.monitored(connection):
        for spelling in (name, *aliases):
            monitored.setdefault(name_key(spelling), []).append((artist_id, spelling))
    settled = {(artist_id, platform) for artist_id, platform, _ in bindings.official_profiles(connection)}
    proposals = [
        Standing(artist_id, platform, profile_id, "proposed", "search", name, f"name search: {name!r} met {met!r}")
        for platform, profile_id, name, key in leads.pages_named(connection, monitored)
        for artist_id, met in monitored[key]
        if (artist_id, platform) not in settled
    ]
    return roster.keep_standings(connection, proposals, at)
