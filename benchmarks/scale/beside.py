"""`python -m benchmarks.scale.beside`: what two workers on two platforms record on PostgreSQL beside what one does.

Where the machine has no cores for that, the waits say whether it is the fault of a lock: the server is asked again and
again what each worker waits for, and which worker stands in another's way.
"""

import argparse
import multiprocessing
import os
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from functools import partial
from multiprocessing.synchronize import Event

from sqlalchemy import Engine, text

from benchmarks.scale.__main__ import ROOMY
from crawler.journey import Journey
from crawler.suspicion.meeting import Names
from crawler.timelapse import Timepiece
from crawler.watching.follow_up import Asking
from crawler.worker.writer import Desk, Rank
from spiders.base.platform import platform
from storage import frontier
from storage.database import fresh_schema, open_database
from storage.frontier import Wanted
from storage.observations import Coverage, Outcome, ReleaseSeen, Told
from storage.targets import Ask, Target
from tests.postgres import running

ROWS, LEASE = 100, timedelta(minutes=15)
GOAL = 1.7
WAITS = text(
    "SELECT coalesce(wait_event_type, 'running') AS kind, coalesce(wait_event, '') AS what, "
    "cardinality(pg_blocking_pids(pid)) AS blockers FROM pg_stat_activity "
    "WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'"
)


def work(url: str, name: str, go: Event, seconds: float, counts: "multiprocessing.Queue[tuple[int, float]]") -> None:
    """Want, claim and record pages of new releases as a lane does, for so long."""
    engine = open_database(url)
    recorder, counter = Desk(engine), Desk(engine)
    journey = Journey(Asking({name: platform(name)}, {}), Names(), Timepiece())
    go.wait()
    until, looks, used_s = time.monotonic() + seconds, 0, time.process_time()
    while time.monotonic() < until:
        at, page = datetime.now(UTC), f"{name}{os.getpid()}x{looks}"
        wanted = [Wanted(Target(name, Ask.RELEASES, page), at, 0)]
        counter.call(partial(frontier.want, wanted=wanted, at=at), Rank.CLAIM).result()
        claiming = partial(frontier.claim, platform=name, owner=name, due_by=at, now=at, lease_for=LEASE, batch={})
        (mine,) = counter.call(claiming, Rank.CLAIM).result()
        rows = tuple(ReleaseSeen(f"{page}-{n}", f"Title {page} {n}", listed_on=page) for n in range(ROWS))
        told = Told(mine, rows, Coverage(Outcome.COMPLETE, stop_reason="end", received=ROWS), at, datetime.now(UTC))
        recorder.call(partial(journey.take, told=told, owner=name)).result()
        looks += 1
    counts.put((looks, time.process_time() - used_s))
    for desk in (recorder, counter):
        desk.close()
    engine.dispose()


def round_of(engine: Engine, url: str, names: list[str], seconds: float) -> tuple[float, float, Counter[str]]:
    """Let workers record at once; return their looks a second, processor time a look, and what they waited for."""
    spawn = multiprocessing.get_context("spawn")
    go, counts = spawn.Event(), spawn.Queue()
    workers = [spawn.Process(target=work, args=(url, name, go, seconds, counts)) for name in names]
    for worker in workers:
        worker.start()
    go.set()
    seen: Counter[str] = Counter()
    while any(worker.is_alive() for worker in workers):
        with engine.connect() as connection:
            for row in connection.execute(WAITS):
                seen[f"{row.kind} {row.what}".strip() + (", held up by another" if row.blockers else "")] += 1
        time.sleep(0.05)  # asking costs processor time that the workers need
    told = [counts.get() for _ in workers]
    looks = sum(count for count, _ in told)
    return looks / seconds, sum(used_s for _, used_s in told) / max(1, looks), seen


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scale.beside", description=__doc__)
    parser.add_argument("--seconds", type=float, default=10.0)
    wanted = parser.parse_args()
    print(f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {os.cpu_count()} CPUs, load {os.getloadavg()[0]:.1f}")
    with running(ROOMY) as server:
        url = server.url(server.create())
        engine = open_database(url)
        fresh_schema(engine)
        round_of(engine, url, ["deezer"], 1.0)  # warm
        alone, cost_alone, _ = round_of(engine, url, ["deezer"], wanted.seconds)
        both, cost, seen = round_of(engine, url, ["deezer", "itunes"], wanted.seconds)
        engine.dispose()
    ratio = both / (alone or 1)
    print(f"looks of {ROWS} new releases a second: alone {alone:.1f}, two workers on two platforms {both:.1f}")
    print(
        f"processor time of a worker for a look: alone {cost_alone * 1000:.0f} ms, beside another {cost * 1000:.0f} ms"
    )
    print(f"ratio {ratio:.2f} (goal {GOAL}): {'met' if ratio >= GOAL else 'not met'}")
    total = sum(seen.values()) or 1
    for what, count in seen.most_common():
        print(f"  {what}: {count} of {total} samples ({count / total:.1%})")
    held_up = sum(count for what, count in seen.items() if what.endswith("held up by another"))
    print(f"held up by another worker's lock: {held_up} of {total} samples")


if __name__ == "__main__":
    main()
