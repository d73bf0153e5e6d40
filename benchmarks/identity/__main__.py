"""`python -m benchmarks.identity --releases 2000`: precision and recall of the cross-platform tie, per pair.

Every platform is asked for its own record of each release, over HTTP by a real worker that records, groups and judges
them; the truth is the same world made again from its seed. One release is what was delivered under one barcode, and
what was delivered again with the same title, date and recordings (docs/decisions/0012). Where every upload is one
track, only releases of one track are one with an upload; and where two products consist of the same one recording, the
upload shows the recording and neither of them in particular: it is left out. Every pair is printed; with too few
releases a pair's figure is rough.
"""

import argparse
import asyncio
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import combinations
from pathlib import Path

from sqlalchemy import Engine, select

import sandbox
from benchmarks.crawl.budgets import everybody
from crawler.demo import play
from crawler.timelapse import Timepiece
from crawler.worker.reactor import in_reactor
from crawler.worker.worker import Plan, Worker
from sandbox.generate import GeneratedWorld
from sandbox.world import EVERYWHERE, Release
from spiders.base.platform import platform
from storage import frontier
from storage.database import open_database, upgrade, writing
from storage.frontier import Wanted
from storage.models import grouped_release, release
from storage.targets import Ask, Target

PRECISION, RECALL = 0.995, 0.98
LAPSE = 1_000.0
NINE = (*EVERYWHERE, "musicbrainz")
UPLOADS = frozenset({"soundcloud", "youtube"})  # every track is an upload of its own
Place = tuple[str, str]


def products(world: GeneratedWorld, found: Mapping[Place, int]) -> dict[Place, int]:
    """Take for one what has one barcode, or the same title, date and recordings."""
    numbers = set(found.values())
    first: dict[object, int] = {}
    meant: dict[int, int] = {}
    for row in world.roster():
        for one in world.listings(row.act):
            if one.n not in numbers or one.n in meant:
                continue
            same = (one.upc.lstrip("0"), (one.title, one.date, tuple(track.isrc for track in world.tracks(one))))
            meant[one.n] = min(first.get(key, one.n) for key in same)
            for key in same:
                first.setdefault(key, meant[one.n])
    return {place: meant[n] for place, n in found.items()}


def chosen(world: GeneratedWorld, most: int) -> dict[Place, int]:
    """Map so many releases' records, on every platform where they stand, to the release that they are."""
    found: dict[Place, int] = {}
    numbers: set[int] = set()
    for row in world.roster():
        listed = world.listings(row.act)
        alone = singles(world, listed)
        for one in listed:
            if len(numbers) >= most and one.n not in numbers:
                continue
            places = {
                (name, entry.id): one.n
                for name, entry in one.on.items()
                if name in NINE and entry.since <= world.start and (name not in UPLOADS or one.n in alone)
            }
            if len(places) > 1:
                numbers.add(one.n)
                found |= places
    return found


def singles(world: GeneratedWorld, listed: Iterable[Release]) -> set[int]:
    """List the releases of one track whose recording no other release has for itself."""
    of_recording: dict[str, list[Release]] = {}
    for one in listed:
        if one.track_count == 1 and not one.tracks_vary:
            of_recording.setdefault(world.tracks(one)[0].isrc, []).append(one)
    return {ones[0].n for ones in of_recording.values() if len({one.upc.lstrip("0") for one in ones}) == 1}


def crawl(
    world: sandbox.Sandbox, engine: Engine, url: str, folder: str, places: Iterable[Place], patience_s: float
) -> None:
    """Ask for every record, and let what comes be recorded and grouped."""
    settings = play.demo_settings(world, url)
    reach = {name: {**settings.reach.get(name, {}), **words} for name, words in everybody().items()}
    more = {"platforms": NINE, "reach": reach, "time_lapse": LAPSE, "token_dir": folder}
    settings = settings.model_copy(update=more)
    clock = Timepiece(LAPSE, world.now())
    with writing(engine) as connection:
        markets = {name: settings.access(name).market if platform(name).has_markets else "" for name in NINE}
        asked = [Target(name, Ask.RELEASE, id_, market=markets[name]) for name, id_ in places]
        frontier.want(connection, [Wanted(target, clock.now()) for target in asked], clock.now())

    async def main(stops: object) -> None:
        known = {name: platform(name) for name in settings.platforms}
        worker = Worker(settings, engine, known, Plan(until_idle=True, enrol=False), clock)
        working = asyncio.create_task(worker.work())
        await asyncio.wait([working], timeout=patience_s)
        worker.stop()
        await working

    in_reactor(main)


def groups(engine: Engine, places: Mapping[Place, int]) -> dict[Place, int]:
    """Return the group of every record that came."""
    query = select(release.c.platform, release.c.platform_id, grouped_release.c.group_id)
    with engine.connect() as connection:
        rows = connection.execute(query.join(grouped_release, grouped_release.c.release_id == release.c.id))
        return {(row[0], row[1]): row[2] for row in rows if (row[0], row[1]) in places}


def examples(engine: Engine, truth: Mapping[Place, int], said: Mapping[Place, int], most: int = 12) -> list[str]:
    """Quote some records that share a group and are not one, or are one and share none."""
    columns = release.c.platform, release.c.platform_id, release.c.title, release.c.date_raw, release.c.gtin14
    with engine.connect() as connection:
        shown = {(row[0], row[1]): row for row in connection.execute(select(*columns))}
    told = []
    for name, by, other in (("one group", said, truth), ("two groups", truth, said)):
        held: dict[int, list[Place]] = {}
        for place in said:
            held.setdefault(by[place], []).append(place)
        for places in held.values():
            apart = next((place for place in places[1:] if other[place] != other[places[0]]), None)
            if apart is not None:
                told.append(f"{name}: {tuple(shown[places[0]])} and {tuple(shown[apart])}")
    return told[:most]


def pairs(said: Mapping[Place, int], one: str, other: str) -> Counter[tuple[int, int]]:
    """Count, for two platforms, which records a grouping puts together."""
    held: dict[int, tuple[list[Place], list[Place]]] = {}
    for place, group in said.items():
        if place[0] in (one, other):
            held.setdefault(group, ([], []))[place[0] == other].append(place)
    return Counter((hash(a), hash(b)) for here, there in held.values() for a in here for b in there)


def report(truth: Mapping[Place, int], said: Mapping[Place, int]) -> str:
    """Write the table of every pair, and of how many the goal is met."""
    came = {place: n for place, n in truth.items() if place in said}
    lines, reached = ["| pair | ties | precision | recall | |", "|---|---|---|---|---|"], []
    for one, other in combinations(sorted({name for name, _ in came}), 2):
        right, told = pairs(came, one, other), pairs(said, one, other)
        both = (right & told).total()
        precision = both / told.total() if told else 1.0
        recall = both / right.total() if right else 1.0
        reached.append(precision >= PRECISION and recall >= RECALL)
        met = "met" if reached[-1] else "not met"
        lines.append(f"| {one} - {other} | {right.total()} | {precision:.4f} | {recall:.4f} | {met} |")
    return "\n".join([*lines, "", f"{sum(reached)} of {len(reached)} pairs met"])


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description="Precision and recall of the cross-platform tie, per pair.")
    parser.add_argument("--releases", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--scale", type=float, default=4.0)
    parser.add_argument("--patience", type=float, default=1_200.0, help="seconds after which what came is measured")
    asked = parser.parse_args()
    began = time.monotonic()
    made = GeneratedWorld(asked.seed, asked.scale, play.START.timestamp())
    truth = products(made, chosen(made, asked.releases))
    with (
        tempfile.TemporaryDirectory() as folder,
        sandbox.running(seed=asked.seed, scale=asked.scale, lapse=LAPSE, start=play.START) as world,
    ):
        world.limits({"enforced": False})
        url = f"sqlite:///{Path(folder) / 'store.db'}"
        upgrade(url)
        engine = open_database(url)
        crawl(world, engine, url, folder, truth, asked.patience)
        said = groups(engine, truth)
        wrong = examples(engine, truth, said)
        engine.dispose()
    print(
        f"{len(set(truth.values()))} releases, {len(truth)} records on {len(NINE)} platforms; "
        f"{len(said)} came in {time.monotonic() - began:.0f} s; goal: precision {PRECISION}, recall {RECALL}\n"
    )
    print(report(truth, said))
    print("\n".join(["", "of what was told wrongly:", *(wrong or ["nothing"])]))


if __name__ == "__main__":
    main()
