"""How much of what each budget allows the worker really asks, all lanes at once, against strict servers at factor 1.

The sandbox counts. A warm-up of a few seconds is left out (a lane's first calls come alone).
"""

import asyncio
import tempfile
from pathlib import Path

import sandbox
from crawler.demo import play
from crawler.roster import importing
from crawler.roster.file import read_roster
from crawler.timelapse import Timepiece
from crawler.worker.worker import Plan, Worker, in_reactor
from spiders.base.platform import platform
from storage.database import open_database, upgrade, writing

SECONDS, WARM_UP = 62.0, 4.0
GOAL = 0.95


def report(seconds: float = SECONDS) -> str:
    """Run every lane against a sandbox for so long, and return the table."""
    with tempfile.TemporaryDirectory() as folder, sandbox.running(scale=10, start=play.START) as world:
        calls, counted = _run(world, Path(folder), seconds)
    lines = [
        f"| lane | calls in {seconds:g} s | allowed | share (goal {GOAL}) | limit violations |",
        "|---|---|---|---|---|",
    ]
    for name in play.PLATFORMS:
        allowed = sum(limit.calls / limit.window_s * seconds for limit in platform(name).limits.values())
        spent, violations = calls[name], sum(bucket["violations"] for bucket in counted[name].values())
        lines.append(f"| {name} | {spent} | {allowed:.0f} | {spent / allowed:.3f} | {violations} |")
    return "\n".join(lines)


def _run(
    world: sandbox.Sandbox, folder: Path, seconds: float
) -> tuple[dict[str, int], dict[str, dict[str, dict[str, int]]]]:
    url = f"sqlite:///{folder / 'store.db'}"
    upgrade(url)
    engine = open_database(url)
    settings = play.demo_settings(world, url).model_copy(update={"time_lapse": 1.0})
    time = Timepiece(1.0, world.now())
    (folder / "roster.csv").write_text(world.roster_csv(), encoding="utf-8")
    with writing(engine) as connection:
        importing.keep(connection, read_roster(folder / "roster.csv"), time.now())
    worker: list[Worker] = []

    async def main(stops: object) -> dict[str, int]:
        worker.append(Worker(settings, engine, {name: platform(name) for name in settings.platforms}, Plan(), time))
        working = asyncio.create_task(worker[0].work())
        await asyncio.sleep(WARM_UP)
        before = await asyncio.to_thread(_calls, world)
        await asyncio.sleep(seconds)
        after = await asyncio.to_thread(_calls, world)
        worker[0].stop()
        await working
        return {name: after[name] - before[name] for name in after}

    calls = in_reactor(main)
    engine.dispose()
    return calls, world.calls()


def _calls(world: sandbox.Sandbox) -> dict[str, int]:
    counted = world.calls()
    return {
        name: sum(b["calls"] for bucket, b in buckets.items() if bucket not in ("token", "app_30s"))
        for name, buckets in counted.items()
    }
