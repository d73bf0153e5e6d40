"""The main job, offline: sandbox platforms on loopback, a fresh store, and three virtual weeks of daily discovery runs.

Nothing here is staged: the spiders and clients that ask real platforms ask the sandbox over HTTP, held to the same
budgets under a declared time-lapse. What is printed at the end is read from the store, and set against the sandbox's
own truth.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from pydantic import SecretStr
from sqlalchemy import Engine

import sandbox
from crawler.roster import importing
from crawler.roster.file import read_roster
from crawler.roster.resolve import resolve
from crawler.settings import Settings
from crawler.timelapse import Timepiece
from crawler.virtual_time import VirtualTime
from crawler.worker.reactor import Stop
from crawler.worker.summary import Summary
from crawler.worker.worker import Plan, Progress, Worker
from spiders.base.platform import platform
from storage.database import writing

PLATFORMS = ("deezer", "itunes", "spotify", "musicbrainz")
START = datetime(2026, 3, 2, 6, tzinfo=UTC)
DAYS = 21
LAPSE = 1800.0  # half an hour in a second
LEEWAY = timedelta(minutes=10)


@dataclass(slots=True)
class Ran:
    """What the demo's runs did, in the order they ran."""

    settings: Settings
    proposals: list[dict[str, Any]] = field(default_factory=list)
    baseline: Summary | None = None
    days: list[tuple[datetime, Summary]] = field(default_factory=list)
    stopped: bool = False
    ended: datetime = START


def demo_settings(world: sandbox.Sandbox, database_url: str, contact: str = "demo@falsetto.example") -> Settings:
    """Point every platform at the sandbox, under its time-lapse."""
    reach: dict[str, dict[str, SecretStr]] = {
        name: {"base_url": SecretStr(url)} for name, url in world.base_urls().items()
    }
    reach["spotify"] |= secrets(client_id="demo", client_secret="demo-secret")
    return Settings(
        database_url=SecretStr(database_url),
        platforms=PLATFORMS,
        contact=contact,
        time_lapse=LAPSE,
        reach=reach,
    )


def clock(world: sandbox.Sandbox, settings: Settings) -> Timepiece:
    """Return the clock that is the world's too: one that stands still meanwhile, where the world is told the time."""
    now = world.now()
    return VirtualTime(now, sandbox.Dial(world.dial).set) if world.dial else Timepiece(settings.time_lapse, now)


def secrets(**words: str) -> dict[str, SecretStr]:
    """Wrap a platform's credentials."""
    return {name: SecretStr(word) for name, word in words.items()}


async def play(
    world: sandbox.Sandbox,
    engine: Engine,
    settings: Settings,
    workdir: Path,
    stops: list[Stop],
    say: Callable[[str], None],
    progress: Progress,
    days: int = DAYS,
    *,
    whole_roster: bool = False,
) -> Ran:
    """Import the roster, find profiles, take the baseline, and run once a day; whole: no page is left to be found."""
    ran = Ran(settings)
    time = clock(world, settings)
    platforms = {name: platform(name) for name in settings.platforms}
    stops.append(lambda number: setattr(ran, "stopped", True))
    file = workdir / "roster.csv"
    file.write_text(world.roster_csv(whole_roster), encoding="utf-8")
    with writing(engine) as connection:
        done = importing.keep(connection, read_roster(file), time.now())
    say(f"roster: {done.artists} artists imported from {file.name}")
    ran.proposals = await resolve(settings, engine, platforms, stops, progress, time)
    official = sum(row["standing"] == "official" for row in ran.proposals)
    say(f"profiles: {official} found by MusicBrainz links, {len(ran.proposals) - official} proposed by name")

    last: Worker | None = None

    async def work() -> Summary:
        nonlocal last
        last = worker = Worker(settings, engine, platforms, Plan(until_idle=True), time, progress, last)
        stops.append(worker.stop)
        try:
            return await worker.work()
        finally:
            stops.remove(worker.stop)

    ran.baseline = await work()
    say(f"baseline: {_looks(ran.baseline)} looks")
    morning = START
    for _ in range(days):
        if ran.stopped:
            break
        morning = max(morning + timedelta(days=1), time.now() + LEEWAY)  # a slow machine's runs outlast the day
        world.advance(morning)
        time.forward_to(morning)
        summary = await work()
        ran.days.append((morning, summary))
        ran.ended = time.now()
        say(f"{morning:%a %d %b}: {_looks(summary)} looks, {summary.new_cases} new cases")
    return ran


def _looks(summary: Summary) -> int:
    return sum(sum(tally.values()) for tally in summary.looks.values())
