"""One look at a name before anybody has a roster: who goes by it, which pages references anchor, what looks unlike.

Everything happens in a store of its own that nobody keeps.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine

from crawler.journey import census
from crawler.journey.surroundings import Acts
from crawler.resemblance import plan_queries
from crawler.roster import resolve
from crawler.roster.passes import Passes
from crawler.settings import Settings
from crawler.suspicion.meeting import names_of
from crawler.timelapse import Timepiece
from crawler.watching import enrol
from crawler.watching.follow_up import Asking
from crawler.worker.reactor import Stop
from crawler.worker.worker import Progress
from spiders.base.platform import Platform
from storage import censuses, frontier, roster
from storage.censuses import Row
from storage.database import writing
from storage.facts import bindings, leads, reports
from storage.frontier import Wanted
from storage.normalize import name_key
from storage.observations import Outcome
from storage.roster import Monitored, Standing
from storage.targets import Ask

VARIANTS = 2
FIRST = 0
UNLIKE = 5  # releases of a page that are shown


@dataclass(frozen=True, slots=True)
class Seen:
    """A page that goes by the name, or nearly."""

    platform: str
    id: str
    name: str
    url: str | None
    followers: int | None
    standing: str
    why: str


@dataclass(slots=True)
class Scanned:
    """What one look at one name showed."""

    name: str
    pages: list[Seen] = field(default_factory=list)
    references: list[str] = field(default_factory=list)  # reference entries of that very name, the taken one first
    unlike: list[Row] = field(default_factory=list)
    unseen: list[str] = field(default_factory=list)


async def scan(
    names: list[str],
    settings: Settings,
    engine: Engine,
    platforms: Mapping[str, type[Platform]],
    stops: list[Stop],
    progress: Progress = lambda worker: None,
    timepiece: Timepiece | None = None,
) -> list[Scanned]:
    """Ask the enabled platforms once about each name."""
    time = timepiece or settings.clock()
    passes = Passes(settings, engine, platforms, stops, progress, time)
    asking = passes.asking

    with writing(engine) as connection:
        ids, _ = roster.keep_artists(
            connection, [Monitored(f"scan-{n}", name, None, 1.0, (), ()) for n, name in enumerate(names)], time.now()
        )
        _search(connection, asking, dict(zip(ids.values(), names, strict=True)), time.now())
    await passes.run()
    with writing(engine) as connection:
        taken = {row_id: _reference(connection, asking, row_id, name, time.now()) for row_id, name in _of(ids, names)}
    await passes.run()
    with writing(engine) as connection:
        resolve.from_links(connection, time.now())
        enrol.enrol(connection, asking, time.now())
    await passes.run()
    with writing(engine) as connection:
        return [_told(connection, asking, row_id, name, taken[row_id], time.now()) for row_id, name in _of(ids, names)]


def _of(ids: Mapping[str, int], names: list[str]) -> Iterator[tuple[int, str]]:
    for n, name in enumerate(names):
        yield ids[f"scan-{n}"], name


def _search(connection: Connection, asking: Asking, artists: Mapping[int, str], at: datetime) -> None:
    wanted = [
        Wanted(asking.about(platform, Ask.SEARCH, query.text), at, FIRST, (artist_id,))
        for platform, cls in asking.platforms.items()
        if Ask.SEARCH in cls.accepts
        for artist_id, name in artists.items()
        for query in plan_queries(name, (), cls.search_folds, most=1 + (0 if cls.reference else VARIANTS))
    ]
    frontier.want(connection, wanted, at)


def _reference(connection: Connection, asking: Asking, artist_id: int, name: str, at: datetime) -> list[str]:
    """Take the reference entry of that very name, where there is one, and ask for its links."""
    found = [
        (platform, profile_id, shown)
        for platform, profile_id, shown, _ in leads.pages_named(connection, {name_key(name)})
        if platform in asking.references
    ]
    known = [one for one in found if one[0] == resolve.REFERENCE]
    if known:
        platform, mbid, shown = known[0]
        said = Standing(artist_id, platform, mbid, "official", "search", shown, "the first entry of that name")
        roster.keep_standings(connection, [said], at)
        roster.name_mbid(connection, artist_id, mbid)
        frontier.want(connection, [Wanted(asking.about(platform, Ask.PROFILE, mbid), at, FIRST, (artist_id,))], at)
    return [f"{platform} {profile_id} ({shown})" for platform, profile_id, shown in found]


def _told(
    connection: Connection, asking: Asking, artist_id: int, name: str, references: list[str], at: datetime
) -> Scanned:
    names = names_of(tuple(row for row in bindings.monitored(connection) if row[0] == artist_id))
    rows = census.take(connection, artist_id, asking, names, Acts(), at)
    censuses.keep(connection, artist_id, rows, at)
    standings = {
        (page.platform, page.profile_id): (page.standing, page.reason)
        for page in leads.standings(connection)
        if page.artist_id == artist_id
    }
    pages = []
    for platform, profile_id, shown, url, followers in leads.everybody(connection):
        met = names.met_in([shown], "name").get(shown, ())
        standing, why = standings.get((platform, profile_id), ("", ""))
        if platform not in asking.references and (met or standing):
            said = standing or ("the same name" if met and met[0].same else "a name like it")
            why = why or (met[0].evidence if met else "")
            pages.append(Seen(platform, profile_id, shown, url, followers, said, why))
    unseen = [
        f"{row['platform']} {row['ask']}{':' + row['section'] if row['section'] else ''}: "
        f"{row['last_outcome'] or 'not asked'} {row['stop_reason'] or ''}".rstrip()
        for row in reports.coverage(connection, name)
        if row["last_outcome"] != "complete" and not _enough(row)
    ]
    blind = [
        f"{platform} does not tell {fields}" for platform, fields in reports.blind_fields(connection).items() if fields
    ]
    return Scanned(name, pages, references, [row for row in rows if row.kind == "release"][:UNLIKE], unseen + blind)


def _enough(row: Mapping[str, Any]) -> bool:
    """Tell whether a search gave what is asked of one: hits that end by our own choice are no gap, a failure is."""
    return row["ask"] == Ask.SEARCH.value and row["last_outcome"] == Outcome.PARTIAL.value and bool(row["received"])


def as_row(one: Scanned) -> dict[str, Any]:
    """Return what a look showed under stable keys."""
    return {
        "name": one.name,
        "pages": [{name: getattr(page, name) for name in Seen.__dataclass_fields__} for page in one.pages],
        "references": one.references,
        "unlike": [{"title": row.title, "bits": row.bits, "score": row.score} for row in one.unlike],
        "unseen": one.unseen,
    }
