"""A world played in pieces: what is done stands in the store and in a small file, and the next run goes on from there.

Time is virtual, so that a world of months costs only what is computed; a piece ends after some minutes of the machine's
time, in the middle of a day if need be, and loses nothing: what was due then is due when it goes on.
"""

import asyncio
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine

import sandbox
from crawler.demo.play import START, clock
from crawler.roster import importing
from crawler.roster.file import read_roster
from crawler.roster.resolve import resolve
from crawler.settings import Settings
from crawler.worker.reactor import Stop
from crawler.worker.summary import Summary
from crawler.worker.worker import Plan, Worker
from spiders.base.platform import platform
from storage.database import writing

FILE = "played.json"


@dataclass(slots=True)
class Played:
    """How far a world was played."""

    resolved: bool = False
    days: int = -1  # ended; -1 while the baseline is taken
    now: str = START.isoformat()
    looks: int = 0

    @classmethod
    def read(cls, folder: Path) -> "Played":
        """Read how far it came, from the beginning when nothing is written."""
        file = folder / FILE
        return cls(**json.loads(file.read_text(encoding="utf-8"))) if file.exists() else cls()

    def keep(self, folder: Path, now: datetime) -> None:
        """Write how far it came."""
        self.now = now.isoformat()
        (folder / FILE).write_text(json.dumps(asdict(self)), encoding="utf-8")


async def play_on(
    world: sandbox.Sandbox,
    engine: Engine,
    settings: Settings,
    folder: Path,
    stops: list[Stop],
    say: Callable[[str], None],
    days: int,
    minutes: float,
) -> Played:
    """Go on with a world for so many minutes, or until its last day has ended."""
    loop = asyncio.get_running_loop()
    until = loop.time() + minutes * 60
    played = Played.read(folder)
    time = clock(world, settings)
    now = datetime.fromisoformat(played.now)
    if now > START:
        world.advance(now)
        time.forward_to(now)
    platforms = {name: platform(name) for name in settings.platforms}
    last: Worker | None = None

    async def work() -> Summary | None:
        """Work until nothing is due, or return nothing where the piece's time is over."""
        nonlocal last
        last = worker = Worker(settings, engine, platforms, Plan(until_idle=True), time, _unwatched, last)
        stops.append(worker.stop)
        over = loop.call_at(until, worker.stop)
        try:
            summary = await worker.work()
        finally:
            over.cancel()
            stops.remove(worker.stop)
        played.looks += sum(sum(tally.values()) for tally in summary.looks.values())
        return None if worker.stopping.is_set() else summary

    if not played.resolved:
        file = folder / "roster.csv"
        file.write_text(world.roster_csv(), encoding="utf-8")
        with writing(engine) as connection:
            importing.keep(connection, read_roster(file), time.now())
        await resolve(settings, engine, platforms, stops, _unwatched, time)
        played.resolved = True
        played.keep(folder, time.now())
    while played.days < days and loop.time() < until:
        morning = START + timedelta(days=played.days + 1)
        if morning > time.now():
            world.advance(morning)
            time.forward_to(morning)
        summary = await work()
        if summary is not None:
            played.days += 1
            say(f"day {played.days} of {days}: {played.looks} looks so far, {summary.new_cases} new cases")
        played.keep(folder, time.now())
        if summary is None:
            break
    return played


def _unwatched(worker: Worker) -> None:
    """Show no progress."""
