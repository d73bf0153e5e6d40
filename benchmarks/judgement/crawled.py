"""A sandbox's world played through the whole system over HTTP, and its cases set against the sandbox's truth.

`python -m benchmarks.judgement.crawled --seed 91 [--scale 4] [--attacks 60] [--days 21] [--dir out/worlds]` keeps the
store and the truth in the folder, so that `--again` can judge the same store by other rules without a crawl. With
`--platforms deezer,tidal,...` only these are asked (each in a folder of its own): what one more of them is worth is the
difference of two runs of one seed. An attack that stands on none of them counts as missed. With `--minutes 8` a run
ends after so long; run it again to go on, until the last day has ended and the figures are printed.
"""

import argparse
import json
import sys
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import pairwise, zip_longest
from math import log2
from pathlib import Path
from statistics import median
from typing import Any

from sqlalchemy import Connection, Engine, delete, func, select, update

import sandbox
from benchmarks.crawl.budgets import everybody
from benchmarks.judgement import stood
from benchmarks.judgement.pieces import Played, play_on
from benchmarks.judgement.worlds import UNSEEN, Case, Key, keys_of, measure
from crawler.demo.play import PLATFORMS, START, demo_settings
from crawler.journey import rescore, waves
from crawler.journey.surroundings import Acts
from crawler.suspicion.alerts import CUT
from crawler.suspicion.meeting import names_of
from crawler.watching.follow_up import Asking
from crawler.worker.reactor import in_reactor
from sandbox.world import PLATFORMS as EVERY
from spiders.base.platform import platform
from storage.database import open_database, upgrade, writing
from storage.facts import bindings, case_list
from storage.models import (
    artist,
    campaign,
    case,
    case_history,
    finding,
    listing,
    look,
    outbox,
    profile,
    standing,
    target,
)

QUIET_DAYS = 2.0  # at the end, in which nothing is planted: what came last is to be seen too


def main() -> int:
    """Play a world, or judge one again, and print its figures."""
    asked = argparse.ArgumentParser(prog="benchmarks.judgement.crawled")
    asked.add_argument("--seed", type=int, default=91)
    asked.add_argument("--scale", type=float, default=4.0)
    asked.add_argument("--attacks", type=int, default=60)
    asked.add_argument("--days", type=int, default=21)
    asked.add_argument("--dir", type=Path, default=Path("out/worlds"))
    asked.add_argument("--platforms", type=named, default=PLATFORMS, help="ask only these, comma separated")
    asked.add_argument("--minutes", type=float, default=600.0, help="end after so long; run again to go on")
    asked.add_argument("--again", action="store_true", help="no crawl: judge the kept store anew")
    asked.add_argument("--kept", action="store_true", help="no crawl: measure the kept store as it is")
    asked.add_argument("--wrong", type=int, default=0, help="so many false cases and missed attacks, one a line")
    told = asked.parse_args()
    chosen = "" if told.platforms == PLATFORMS else "-" + "-".join(told.platforms)
    folder = told.dir / f"{told.seed}-{told.scale:g}{chosen}"
    if told.again or told.kept:
        engine = open_database(f"sqlite:///{folder / 'falsetto.db'}")
        if told.again:
            judge_again(engine, told.platforms)
    else:
        folder.mkdir(parents=True, exist_ok=True)
        engine = crawl(folder, told)
        played = Played.read(folder)
        if played.days < told.days:
            print(f"{played.days} of {told.days} days were played; run it again to go on")
            return 0
    truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    with engine.connect() as connection:
        cases = kept_cases(connection)
        watched = connection.scalar(select(func.count()).select_from(artist)) or 0
        days = Played.read(folder).days
        figures = measure(truth, cases, watched * days / 7)
        print(f"seed {told.seed}, scale {told.scale:g}: {watched} artists, {days} days")
        print(f"asked: {', '.join(told.platforms)}")
        print("\n".join(figures.lines()))
        hours = interval(connection)
        if figures.delay_hours is not None:
            print(f"official lists were looked at every {hours:.1f} hours: {figures.delay_hours / hours:.2f} of that")
        print("\n".join(stood.lines(connection, truth)))
        for line in wrong_ones(connection, truth, cases)[: told.wrong]:
            print(line)
    engine.dispose()
    return 0


def named(text: str) -> tuple[str, ...]:
    """Read a list of platforms that the sandbox stands in for."""
    names = tuple(dict.fromkeys(text.split(",")))
    if unknown := set(names) - set(EVERY):
        raise argparse.ArgumentTypeError(f"unknown: {', '.join(sorted(unknown))}; known: {', '.join(EVERY)}")
    return names


def crawl(folder: Path, told: argparse.Namespace) -> Engine:
    """Play a world day by day, from where it was left, and keep its truth."""
    url = f"sqlite:///{folder / 'falsetto.db'}"
    upgrade(url)
    engine = open_database(url)
    planted = told.days - QUIET_DAYS
    with sandbox.running(told.seed, told.scale, start=START, attacks=told.attacks, days=planted, told=True) as world:
        settings = demo_settings(world, url)
        reach = {name: {**settings.reach[name], **words} for name, words in everybody().items()}
        more = {"platforms": told.platforms, "reach": reach, "token_dir": str(folder)}
        settings = settings.model_copy(update=more)
        in_reactor(lambda stops: play_on(world, engine, settings, folder, stops, _said, told.days, told.minutes))
        (folder / "truth.json").write_text(json.dumps(world.truth()), encoding="utf-8")
    return engine


def judge_again(engine: Engine, names: tuple[str, ...] = PLATFORMS) -> None:
    """Forget every case and judge the whole store by today's rules, waves included."""
    asking = Asking({name: platform(name) for name in names}, {})
    with writing(engine) as connection:
        connection.execute(update(case).values(campaign_id=None, merged_into=None))
        for table in (finding, case_history, outbox, case, campaign):
            connection.execute(delete(table))
        at = connection.scalar(select(func.max(look.c.ended_at)))
        bound = connection.scalar(select(func.count()).select_from(listing)) or 0
    found: waves.Waves = {}
    began = time.process_time()
    for _ in range(2):  # waves are found among cases, and raise them
        with writing(engine) as connection:
            watched = bindings.monitored(connection)
            known = names_of(watched)
            for artist_id, *_ in watched:
                rescore.rescore(connection, artist_id, asking, known, Acts(), CUT, at, found)
            seen = select(func.min(finding.c.first_seen_at)).where(finding.c.case_id == case.c.id).scalar_subquery()
            connection.execute(update(case).values(opened_at=func.coalesce(seen, case.c.opened_at)))
            found = waves.find(connection, at).waves
    spent = time.process_time() - began
    print(
        f"re-scored twice: {bound} bindings, {spent:.1f} s of CPU, {2 * bound / spent:.0f} bindings a second on a core"
    )


def interval(connection: Connection) -> float:
    """Say how many hours pass between two looks at an official page's list, in the middle."""
    lists = (
        select(target.c.id)
        .join(profile, (profile.c.platform == target.c.platform) & (profile.c.platform_id == target.c.subject))
        .join(standing, (standing.c.profile_id == profile.c.id) & (standing.c.standing == "official"))
        .where(target.c.ask == "releases", target.c.baseline_at.is_not(None))
    )
    looks: dict[int, list[datetime]] = defaultdict(list)
    rows = select(look.c.target_id, look.c.ended_at).where(look.c.target_id.in_(lists)).order_by(look.c.ended_at)
    for target_id, ended_at in connection.execute(rows):
        looks[target_id].append(ended_at)
    gaps = [(b - a).total_seconds() / 3600 for found in looks.values() for a, b in pairwise(found)]
    return median(gaps) if gaps else 24.0


def kept_cases(connection: Connection) -> list[Case]:
    """Read the cases of a store, each with the highest that it ever stood at."""
    peaks = dict(
        connection.execute(select(case_history.c.case_id, func.max(case_history.c.score)).group_by("case_id")).all()
    )
    rows = connection.execute(select(case.c.id, case.c.bits, case.c.opened_at, case.c.origin, case.c.merged_into)).all()
    into = {row.id: row.merged_into for row in rows if row.merged_into is not None}
    found = case_list.findings(connection, [row.id for row in rows])
    keys: dict[int, set[Key]] = defaultdict(set)
    for row in rows:
        bound = {(f["platform"], f["profile_id"], f["release_id"]) for f in found.get(row.id, ())}
        keys[into.get(row.id, row.id)] |= bound
    return [
        Case(row.id, frozenset(keys[row.id]), max(row.bits, _bits(peaks.get(row.id, 0.0))), row.opened_at,
             row.origin == "census")
        for row in rows if row.merged_into is None
    ]  # fmt: skip


def wrong_ones(connection: Connection, truth: Mapping[str, Any], cases: Sequence[Case]) -> list[str]:
    """Describe the false cases, the loudest first, and the attacks that were missed or stayed lowest."""
    rows = {row["id"]: row for row in case_list.cases(connection)}
    by_key: dict[Key, list[Case]] = defaultdict(list)
    for one in cases:
        for key in one.keys:
            by_key[key].append(one)
    right: set[int] = set()
    whose: dict[int, str] = {}
    missed = []
    for name in ("attacks", "twins", "ordinary"):
        for event in truth.get(name, ()):
            mine = {c.id: c for key in keys_of(event | {"profiles": event.get("profiles", ())}) for c in by_key[key]}
            for number in mine:
                whose.setdefault(number, f"{name}:{event.get('kind') or event.get('nature')}")
            if name == "attacks" and event.get("class") not in UNSEEN and not event["census"]:
                right |= mine.keys()
                best = max((c.bits for c in mine.values()), default=-100.0)
                missed.append((best, f"ATTACK {best:6.1f} {event['kind']} {event['artist_name']}: {event['bindings']}"))
    wrong = sorted((c for c in cases if c.id not in right and not c.census), key=lambda c: -c.bits)
    lines = []
    for one in wrong:
        row = rows.get(one.id)
        if row is None:
            continue
        spoke = sorted((p for p in row["evidence"] if p["bits"]), key=lambda p: -p["bits"])
        said = "; ".join(f"{p['signal']} {p['bits']:+.1f} ({p['because'][:110]})" for p in spoke)
        lines.append(f"FALSE {one.bits:6.1f} now {row['bits']:.1f} {row['status']} case {one.id} {row['kind']} "
                     f"{whose.get(one.id, 'nothing planted')} {row['artist']}: {row['title']}: {said}")  # fmt: skip
    low = [line for _, line in sorted(missed)]
    return [line for pair in zip_longest(lines, low) for line in pair if line]


def _bits(score: float) -> float:
    return log2(score / (1 - score)) if 0 < score < 1 else (60.0 if score else -60.0)


def _said(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main())
