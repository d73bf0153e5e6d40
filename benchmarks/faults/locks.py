"""Another process killed while it holds a lock: every kind of lock that a worker may wait for.

The other process takes the lock, says so and sleeps; a worker starts, meets the lock, and the other is killed. The
worker must go on, and all must be seen.
"""

import subprocess
import sys
import threading
import time
from pathlib import Path

import sandbox
from benchmarks.faults.deaths import ALL, FOR_EVER_S, LAPSE
from benchmarks.faults.found import Found, Harm
from storage.database import open_database
from tests import sandboxed

HELD_S = 3.0  # how long the worker meets the lock before its holder is killed
SQLITE = {
    "the write lock": "UPDATE target SET due_at = due_at",
}
POSTGRESQL = {
    "a platform's recording": "SELECT pg_advisory_xact_lock(hashtextextended('falsetto:deezer', 0))",
    "the feed's sequencer": "SELECT pg_advisory_xact_lock({in_order})",
    "the migrations": "SELECT pg_advisory_xact_lock({migrations})",
    "budgets": "SELECT * FROM budget FOR UPDATE",
    "targets": "SELECT * FROM target FOR UPDATE",
    "artists and standings": "SELECT * FROM artist, standing FOR UPDATE",
    "workers": "SELECT * FROM worker FOR UPDATE",
    "profiles": "LOCK TABLE profile IN SHARE MODE",
    "cases": "LOCK TABLE suspect_case IN SHARE MODE",
    "the outbox": "LOCK TABLE outbox IN SHARE MODE",
}
HOLDER = """
import sys, time
from sqlalchemy import text
from storage.database import open_database, writing
with writing(open_database(sys.argv[1])) as connection:
    connection.execute(text(sys.argv[2]))
    print("held", flush=True)
    time.sleep(3600)
"""


def on_sqlite(url: str, folder: Path, harm: Harm) -> Found:
    """Kill holders of SQLite's one lock."""
    return _locks(url, folder, SQLITE)


def on_postgresql(url: str, folder: Path, harm: Harm) -> Found:
    """Kill holders of each lock, row and table that workers write."""
    from storage.database import MIGRATION_LOCK
    from storage.outbox import IN_ORDER

    locks = {
        name: statement.format(in_order=IN_ORDER, migrations=MIGRATION_LOCK) for name, statement in POSTGRESQL.items()
    }
    return _locks(url, folder, dict(list(locks.items())[:: 3 if harm.share < 1 else 1]))


def _locks(url: str, folder: Path, locks: dict[str, str]) -> Found:
    engine, faults = open_database(url), []
    with sandbox.running(scale=0.1, lapse=LAPSE, capability="extended") as world:
        began = world.now()
        sandboxed.import_roster(engine, world, folder)
        sandboxed.fleet(world, url, ALL, deaths=2, lives=(3, 9), lapse=LAPSE, once=True, timeout_s=FOR_EVER_S)
        for name, statement in locks.items():
            world.advance(world.now() + sandboxed.DAY)
            faults += [f"{name}: {fault}" for fault in _meet(url, world, statement)]
        counts = sandboxed.wrongs(world, engine, began)
    engine.dispose()
    return Found(f"killed while holding {', '.join(locks)}", counts, tuple(faults))


def _meet(url: str, world: sandbox.Sandbox, statement: str) -> list[str]:
    root = Path(__file__).resolve().parents[2]
    command = [sys.executable, "-c", HOLDER, url, statement]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=root) as holder:
        assert holder.stdout is not None
        if holder.stdout.readline().strip() != "held":
            holder.kill()
            return ["the lock was never taken: the holder ended before"]
        early: list[int] = []

        def kill() -> None:
            time.sleep(HELD_S)
            code = holder.poll()
            early.extend([] if code is None else [code])
            holder.kill()

        killer = threading.Thread(target=kill)
        killer.start()
        ran = sandboxed.fleet(world, url, ALL, lapse=LAPSE, once=True, timeout_s=FOR_EVER_S)
        killer.join()
    faults = [f"the holder had let go by itself, with code {code}" for code in early]
    return faults + [f"the worker ended with code {code}" for code in ran["codes"] if code]
