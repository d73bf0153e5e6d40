"""`python -m benchmarks.ingest`: rows per second of recording looks, as a share of the rawest way of the same run."""

import argparse
import os
import platform
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from benchmarks.ingest.raw import RawPostgres, RawSqlite
from benchmarks.ingest.rows import RELEASES, ROWS_A_RELEASE, START, Flat, look
from storage.database import fresh_schema, open_database, writing
from storage.recording.record import record
from tests.postgres import running

AGAIN = START + timedelta(days=1)
GOALS = {
    ("SQLite", "new"): 0.35,
    ("SQLite", "recheck"): 0.5,
    ("PostgreSQL", "new"): 0.7,
    ("PostgreSQL", "recheck"): 0.7,
}
DURABLE = ("max_connections=20", "shared_buffers=128MB")  # fsync stays on

Speeds = dict[tuple[str, str, str], list[float]]


def clock(batches: int, write: Callable[[int], object]) -> float:
    """Return rows per second of writing every batch."""
    started = time.perf_counter()
    for batch in range(batches):
        write(batch)
    return batches * RELEASES * ROWS_A_RELEASE / (time.perf_counter() - started)


def ours(engine: Engine, batches: int, name: str, speeds: Speeds, wal: Callable[[Engine], int]) -> int:
    """Time our path on new rows and on a recheck that changes nothing; return the recheck's bytes of WAL."""

    def write(told: Any) -> None:
        with writing(engine) as connection:
            record(connection, told)

    looks = [look(batch, START) for batch in range(batches)]
    speeds.setdefault((name, "record", "new"), []).append(clock(batches, lambda batch: write(looks[batch])))
    looks = [look(batch, AGAIN) for batch in range(batches)]
    before = wal(engine)
    speeds.setdefault((name, "record", "recheck"), []).append(clock(batches, lambda batch: write(looks[batch])))
    return wal(engine) - before


def raws(raw: RawSqlite | RawPostgres, batches: int, name: str, speeds: Speeds) -> None:
    """Time a raw path on the same rows."""
    prepared = [raw.prepare(Flat(look(batch, START))) for batch in range(batches)]
    for kind, at in (("new", START), ("recheck", AGAIN)):
        speed = clock(batches, lambda batch, at=at: raw.write(prepared[batch], at))
        speeds.setdefault((name, "raw", kind), []).append(speed)
    raw.driver.close()


def sqlite_wal(engine: Engine) -> int:
    """Count the bytes in SQLite's log, after emptying it the first time."""
    with engine.connect() as connection:
        if not engine.dialect.__dict__.setdefault("measuring", False):
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            engine.dialect.__dict__["measuring"] = True
    log = Path(f"{engine.url.database}-wal")
    return log.stat().st_size if log.exists() else 0


def postgres_wal(engine: Engine) -> int:
    """Return the position in PostgreSQL's log."""
    with engine.connect() as connection:
        return int(connection.exec_driver_sql("SELECT pg_current_wal_lsn() - '0/0'").scalar_one())


@contextmanager
def opened(url: str) -> Iterator[Engine]:
    """Open a fresh store."""
    engine = open_database(url)
    try:
        fresh_schema(engine)
        yield engine
    finally:
        engine.dispose()


def measure(batches: int, rounds: int) -> tuple[Speeds, dict[str, int]]:
    """Run every way in turn, each on a fresh database, and again."""
    speeds: Speeds = {}
    written: dict[str, int] = {}
    with tempfile.TemporaryDirectory() as folder, running(DURABLE) as server:
        for number in range(rounds):
            path = f"sqlite:///{folder}/raw{number}.db"
            with opened(path):
                raws(RawSqlite(path.removeprefix("sqlite:///")), batches, "SQLite", speeds)
            with opened(f"sqlite:///{folder}/ours{number}.db") as engine:
                written["SQLite"] = ours(engine, batches, "SQLite", speeds, sqlite_wal)
            with opened(server.url(server.create())) as engine:
                raws(RawPostgres(engine.url.render_as_string().replace("+psycopg", "")), batches, "PostgreSQL", speeds)
            with opened(server.url(server.create())) as engine:
                written["PostgreSQL"] = ours(engine, batches, "PostgreSQL", speeds, postgres_wal)
    return speeds, written


def report(speeds: Speeds, written: dict[str, int], batches: int, rounds: int) -> None:
    """Print the table."""
    print(f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {os.cpu_count()} CPUs, {platform.machine()}, ", end="")
    print(f"CPython {platform.python_version()}; {batches} looks of {RELEASES} releases, median of {rounds} rounds")
    print("| engine | rows | raw rows/s | record rows/s | share | goal | met |")
    print("|---|---|---|---|---|---|---|")
    for (engine, kind), goal in GOALS.items():
        raw = statistics.median(speeds[engine, "raw", kind])
        record_ = statistics.median(speeds[engine, "record", kind])
        met = "yes" if record_ / raw >= goal else "no"
        print(f"| {engine} | {kind} | {raw:,.0f} | {record_:,.0f} | {record_ / raw:.2f} | {goal} | {met} |")
    rows = batches * RELEASES * ROWS_A_RELEASE
    for engine, size in written.items():
        print(f"{engine}: an unchanged recheck wrote {size:,} bytes of WAL, {size / rows:.0f} a row")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.ingest", description=__doc__)
    parser.add_argument("--looks", type=int, default=10, help="looks of 200 releases each (default 10)")
    parser.add_argument("--rounds", type=int, default=3, help="rounds, of which the median counts (default 3)")
    wanted = parser.parse_args()
    report(*measure(wanted.looks, wanted.rounds), wanted.looks, wanted.rounds)


if __name__ == "__main__":
    main()
