"""Sandboxes for tests: a roster in the store, and the truth to compare the store with."""

import json
import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, select, text

import sandbox
from crawler.roster import importing
from crawler.roster.file import read_roster
from storage.database import writing
from storage.models import listing, profile, release, standing, target

ROOT = Path(__file__).resolve().parent.parent


def import_roster(engine: Engine, world: sandbox.Sandbox, folder: Path) -> None:
    """Import the world's roster."""
    file = folder / "roster.csv"
    file.write_text(world.roster_csv(), encoding="utf-8")
    with writing(engine) as connection:
        importing.keep(connection, read_roster(file), world.now())


def official(engine: Engine) -> set[tuple[str, str]]:
    """List the official profiles that the store knows, of the platforms that are asked."""
    with engine.connect() as connection:
        rows = connection.execute(
            select(profile.c.platform, profile.c.platform_id)
            .join(standing, standing.c.profile_id == profile.c.id)
            .where(standing.c.standing == "official", profile.c.platform.in_(select(target.c.platform).distinct()))
        )
        return {(row[0], row[1]) for row in rows}


def listed(engine: Engine) -> dict[tuple[str, str, str], Any]:
    """Map (platform, profile, release) of every listing to its row."""
    with engine.connect() as connection:
        rows = connection.execute(
            select(
                listing, profile.c.platform, profile.c.platform_id, release.c.platform_id.label("release_platform_id")
            )
            .join(profile, profile.c.id == listing.c.profile_id)
            .join(release, release.c.id == listing.c.release_id)
        )
        return {(row.platform, row.platform_id, row.release_platform_id): row for row in rows}


def visible_all_along(
    world: sandbox.Sandbox, pages: set[tuple[str, str]], since: datetime, until: datetime
) -> set[tuple[str, str, str]]:
    """List what stood on these profiles' pages from one moment to another, as far as the platform shows it at all."""
    return {
        (row["platform"], row["profile"], row["release"])
        for row in world.visible(at=since)
        if (row["platform"], row["profile"]) in pages
        and row["reachable"]
        and (row["until"] is None or datetime.fromisoformat(row["until"]) > until)
        and not (row["platform"] == "musicbrainz" and row["section"] == "appears_on")
    }


def wrongs(world: sandbox.Sandbox, engine: Engine, began: datetime) -> dict[str, int]:
    """Count what faults may have done to the store: lost, doubled, falsely new or removed, limits exceeded."""
    now = world.now()
    spans = {
        (row["platform"], row["profile"], row["release"]): row
        for row in world.visible(since=began - timedelta(days=1), at=now)
    }
    stood = {(row["platform"], row["profile"], row["release"]) for row in world.visible(at=began)}
    there = listed(engine)
    expected = visible_all_along(world, official(engine), began, now)
    gone = {key: row.removed_at for key, row in there.items() if row.removed_at is not None}
    return {
        "expected": len(expected),
        "lost": len(expected - set(there)),
        "doubled": sum(doubles(engine)),
        "falsely_new": sum(row.new and key in stood for key, row in there.items()),
        "falsely_removed": sum(
            key in spans and (spans[key]["until"] is None or datetime.fromisoformat(spans[key]["until"]) > at)
            for key, at in gone.items()
        ),
        "over_limits": sum(violations(world).values()),
        "still_held": _count(engine, "SELECT count(*) FROM target WHERE lease_owner IS NOT NULL"),
    }


DAY = timedelta(days=1)
DOUBLED = (
    "SELECT 1 FROM change WHERE field = 'appeared' GROUP BY entity, entity_id HAVING count(*) > 1",
    "SELECT 1 FROM outbox WHERE event = 'opened' GROUP BY case_id HAVING count(*) > 1",
    "SELECT 1 FROM suspect_case WHERE id NOT IN (SELECT case_id FROM outbox)",
)


def doubles(engine: Engine) -> tuple[int, ...]:
    """Count what only a doubled, or half, transaction could leave behind."""
    return tuple(_count(engine, f"SELECT count(*) FROM ({query}) AS found") for query in DOUBLED)


def _count(engine: Engine, query: str) -> int:
    with engine.connect() as connection:
        return int(connection.scalar(text(query)) or 0)


def violations(world: sandbox.Sandbox) -> dict[str, int]:
    """Count the calls that broke a limit, as each strict server saw them that was asked at all."""
    return {
        name: sum(bucket["violations"] for bucket in buckets.values())
        for name, buckets in world.calls().items()
        if any(bucket["calls"] for bucket in buckets.values())
    }


def fleet(
    world: sandbox.Sandbox,
    database_url: str,
    platforms: Sequence[str],
    *,
    deaths: int = 0,
    workers: int = 1,
    lapse: float = 3600.0,
    lives: tuple[int, int] = (0, 20),
    seed: int = 1,
    once: bool = False,
    timeout_s: float = 850,
    ahead_s: float = 0.0,
) -> dict[str, Any]:
    """Run workers that die after a random number of looks, and then to the end of their work."""
    told = {
        "database_url": database_url,
        "base_urls": {name: world.base_urls()[name] for name in platforms},
        "origin": world.now().isoformat(),
        "anchor": time.time(),
        "lapse": lapse,
        "deaths": deaths,
        "workers": workers,
        "lives": lives,
        "seed": seed,
        "ahead_s": ahead_s,
        "once": once,
    }
    return _said("tests.fleet", told, timeout_s)


def days(
    world: sandbox.Sandbox, database_url: str, folder: Path, count: int, capability: str = "extended"
) -> dict[str, Any]:
    """Play virtual days: roster, resolving, baseline and daily runs."""
    told = {
        "url": world.url,
        "pid": world.pid,
        "dial": str(world.dial or ""),
        "database_url": database_url,
        "folder": str(folder),
        "days": count,
        "capability": capability,
    }
    return _said("tests.days", told)


def _said(module: str, told: dict[str, Any], timeout_s: float = 850) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", module],
        input=json.dumps(told),
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=timeout_s,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    said: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return said | {"errors": done.stderr[-3000:]}
