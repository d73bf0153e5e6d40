"""How much of what each budget allows the worker really asks, all lanes at once, against strict servers at factor 1.

The sandbox counts. A warm-up of a few seconds is left out (a lane's first calls come alone). Where a roster alone asks
for less than a budget allows, names or pages that nobody bears are asked for too; a platform that answers for everybody
by one call can't be kept busy, and is exempt. Told beside it: how much of a core the worker's process took, and in
which share of moments a lane had a call waiting for its slot: where it had none, the lane was late, not the budget.
"""

import asyncio
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import SecretStr

import sandbox
from crawler.demo import play
from crawler.demo.accounts import apple_account
from crawler.roster import importing
from crawler.roster.file import read_roster
from crawler.timelapse import Timepiece
from crawler.watching.follow_up import BASELINE
from crawler.worker.reactor import in_reactor
from crawler.worker.worker import Plan, Worker
from sandbox.world import PLATFORMS
from spiders.base.platform import platform
from storage import frontier
from storage.database import open_database, upgrade, writing
from storage.frontier import Wanted
from storage.targets import Ask, Target

SECONDS, WARM_UP, BETWEEN = 62.0, 4.0, 0.05
GOAL = 0.95
# Buckets that count no questions, or count them a second time.
ASIDE = {"spotify": {"token", "app_30s"}, "tidal": {"token"}, "soundcloud": {"token", "address"}}


@dataclass(slots=True)
class Measured:
    """What was counted between warm-up and end."""

    calls: dict[str, int] = field(default_factory=dict)
    violations: dict[str, int] = field(default_factory=dict)
    waiting: Counter[str] = field(default_factory=Counter)  # moments in which a call waited for its slot
    moments: int = 0
    core: float = 0.0  # of one, that the worker's process took


def everybody() -> dict[str, dict[str, SecretStr]]:
    """Name every platform that the sandbox stands in for, with credentials that it accepts."""
    made = apple_account()
    return {
        name: play.secrets(**{word: made.get(word, f"bench-{word}") for word in platform(name).needs})
        for name in PLATFORMS
    }


def report(seconds: float = SECONDS, names: Sequence[str] = play.PLATFORMS) -> str:
    """Run these lanes against a sandbox for so long, all at once, and return the table."""
    with tempfile.TemporaryDirectory() as folder, sandbox.running(scale=10, start=play.START) as world:
        found = _run(world, Path(folder), seconds, names)
    lines = [
        f"| lane | calls in {seconds:g} s | allowed | share (goal {GOAL}) | violations | a call waits for its slot |",
        "|---|---|---|---|---|---|",
    ]
    for name in names:
        spent, most = found.calls[name], allowed(name, seconds)
        share = "exempt: one call answers for everybody" if platform(name).windowed else f"{spent / most:.3f}"
        waits = found.waiting[name] / max(1, found.moments)
        lines.append(f"| {name} | {spent} | {most:.0f} | {share} | {found.violations[name]} | {waits:.2f} |")
    lines.append(f"\nThe worker's process took {found.core:.2f} of a core.")
    return "\n".join(lines)


def allowed(name: str, seconds: float) -> float:
    """Return how many questions a platform's budgets allow in so many seconds."""
    return sum(
        min(limit.calls / limit.window_s * seconds, limit.per_day or seconds * limit.calls)
        for bucket, limit in platform(name).limits.items()
        if bucket != "token"
    )


def idle_asks(name: str) -> tuple[Ask, ...]:
    """List by what a platform can be kept busy without end: each question is a call of its own."""
    accepts, batch = platform(name).accepts, platform(name).batch
    return tuple(ask for ask in (Ask.SEARCH, Ask.IDENTITY) if ask in accepts and batch.get(ask, 1) == 1)


def idle_demand(name: str, market: str, seconds: float) -> Iterator[Target]:
    """Ask for what nobody bears, as often as the budgets allow."""
    for ask in idle_asks(name):
        for n in range(round(allowed(name, seconds))):
            subject = f"Nobody {n}" if ask is Ask.SEARCH else f"https://www.deezer.com/artist/{10**10 + n}"
            yield Target(name, ask, subject, market=market)


def _run(world: sandbox.Sandbox, folder: Path, seconds: float, names: Sequence[str]) -> Measured:
    url = f"sqlite:///{folder / 'store.db'}"
    upgrade(url)
    engine = open_database(url)
    settings = play.demo_settings(world, url)
    reach = {name: {**settings.reach.get(name, {}), **words} for name, words in everybody().items()}
    more = {"time_lapse": 1.0, "platforms": tuple(names), "reach": reach, "token_dir": str(folder)}
    settings = settings.model_copy(update=more)
    clock = Timepiece(1.0, world.now())
    (folder / "roster.csv").write_text(world.roster_csv(), encoding="utf-8")
    with writing(engine) as connection:
        importing.keep(connection, read_roster(folder / "roster.csv"), clock.now())
        markets = {name: settings.access(name).market if platform(name).has_markets else "" for name in names}
        more_asked = [one for name in names for one in idle_demand(name, markets[name], seconds + WARM_UP)]
        frontier.want(connection, [Wanted(one, clock.now(), BASELINE) for one in more_asked], clock.now())
    found = Measured()

    async def main(stops: object) -> None:
        worker = Worker(settings, engine, {name: platform(name) for name in settings.platforms}, Plan(), clock)
        working = asyncio.create_task(worker.work())
        await asyncio.sleep(WARM_UP)
        before, cpu, began = await asyncio.to_thread(_calls, world), time.process_time(), time.monotonic()
        while time.monotonic() < began + seconds:
            found.moments += 1
            found.waiting.update(name for name, lane in worker.lanes.items() if lane.gate.waiting)
            await asyncio.sleep(BETWEEN)
        after = await asyncio.to_thread(_calls, world)
        found.core = (time.process_time() - cpu) / (time.monotonic() - began)
        found.calls = {name: after[name] - before[name] for name in after}
        worker.stop()
        await working

    in_reactor(main)
    engine.dispose()
    buckets = world.calls()
    found.violations = {name: sum(bucket["violations"] for bucket in buckets[name].values()) for name in names}
    return found


def _calls(world: sandbox.Sandbox) -> dict[str, int]:
    counted = world.calls()
    return {
        name: sum(b["calls"] for bucket, b in buckets.items() if bucket not in ASIDE.get(name, ()))
        for name, buckets in counted.items()
    }
