"""kill -9 at random moments of a worker's work, and of three workers' on PostgreSQL."""

from pathlib import Path

import sandbox
from benchmarks.faults.found import Found, Harm
from storage.database import open_database
from tests import sandboxed
from tests.fleet import HELD

ALL = ("deezer", "itunes", "spotify", "musicbrainz")
LAPSE = 600.0
FOR_EVER_S = 4 * 3600.0


def on_sqlite(url: str, folder: Path, harm: Harm) -> Found:
    """Kill one worker after another."""
    return _deaths(url, folder, harm, deaths=harm.of(500), workers=1, lives=(0, harm.between(4, 12)))


def on_postgresql(url: str, folder: Path, harm: Harm) -> Found:
    """Kill one of three workers after another."""
    return _deaths(url, folder, harm, deaths=harm.of(200), workers=3, lives=(0, harm.between(4, 20)))


def _deaths(url: str, folder: Path, harm: Harm, *, deaths: int, workers: int, lives: tuple[int, int]) -> Found:
    engine = open_database(url)
    with sandbox.running(scale=2.0 * harm.share, lapse=LAPSE, capability="extended") as world:
        began = world.now()
        sandboxed.import_roster(engine, world, folder)
        done = sandboxed.fleet(
            *(world, url, ALL),
            deaths=deaths,
            workers=workers,
            lives=lives,
            lapse=LAPSE,
            seed=harm.seed,
            once=True,
            timeout_s=FOR_EVER_S,
        )
        counts = sandboxed.wrongs(world, engine, began)
    engine.dispose()
    faults = [f"a worker ended with code {code}" for code in done["codes"] if code not in (0, HELD)]
    if 0 not in done["codes"]:
        faults.append("every worker left something to others")
    if done["deaths"] < deaths:
        faults.append(f"only {done['deaths']} died")
    return Found(f"{done['deaths']} deaths of {workers} at a time", counts, tuple(faults))
