"""`python -m benchmarks.scale`: what every command costs in the store of the main user, on both engines.

The issue's main user: --artists 10000 --listings 2000000 --tracks 5000000 --targets 1700000 --cases 120000. Without
options a twentieth of that, so that it runs in minutes. `--kept FOLDER --fill` only fills the stores and keeps them;
the same without `--fill` measures what is kept there, on a machine that is quiet by then.
"""

import argparse
import os
import platform
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from sqlalchemy import Engine

from benchmarks.scale.measures import Measured, Measures, plan
from benchmarks.scale.store import Sizes, build
from storage.database import open_database
from tests.postgres import running

ROOMY = ("max_connections=20", "shared_buffers=1GB", "maintenance_work_mem=512MB", "max_wal_size=4GB")
LENIENCE = {"postgresql": 1.0, "sqlite": 2.0}  # "on SQLite at most twice that"


@contextmanager
def opened(engine_name: str, folder: Path) -> Iterator[tuple[Engine, bool]]:
    """Open a folder's database of one kind, and tell whether it is filled already."""
    if engine_name == "sqlite":
        file = folder / "scale.db"
        filled = file.exists()
        engine = open_database(f"sqlite:///{file}")
        try:
            yield engine, filled
        finally:
            engine.dispose()
        return
    filled = (folder / "server" / "cluster").exists()
    with running(ROOMY, folder / "server") as server:
        engine = open_database(server.url("t1" if filled else server.create()))
        try:
            flushing(engine, on=False)
            yield engine, filled
        finally:
            engine.dispose()


def flushing(engine: Engine, *, on: bool) -> None:
    """Make a PostgreSQL server wait for the disk at each commit, or not, which is only for filling it."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql(f"ALTER SYSTEM SET fsync = {'on' if on else 'off'}")
        connection.exec_driver_sql("CHECKPOINT")
        connection.exec_driver_sql("SELECT pg_reload_conf()")
    with engine.connect() as connection:
        while connection.exec_driver_sql("SHOW fsync").scalar_one() != ("on" if on else "off"):
            connection.rollback()


def row(engine: Engine, one: Measured) -> str:
    """Write a line of the table."""
    if one.goal_ms is None:
        return f"| {one.name} | {one.ms:,.1f} | {one.worst_ms:,.1f} | | |"
    goal = one.goal_ms * LENIENCE[engine.dialect.name]
    judged = one.worst_ms if "longest" in one.name else one.ms
    return f"| {one.name} | {one.ms:,.1f} | {one.worst_ms:,.1f} | {goal:,.0f} | {'yes' if judged <= goal else 'NO'} |"


def plans(engine: Engine, measured: list[Measured]) -> None:
    """Print the plans of what was sent; of the same statement once."""
    for one in measured:
        for statement, values in {sent[0]: sent[1] for sent in one.statements}.items():
            if statement.lstrip().upper().startswith(("SELECT", "WITH", "UPDATE", "DELETE")):
                print(f"\n{one.name}: {' '.join(statement.split())[:300]}\n{plan(engine, statement, values)}")


@contextmanager
def kept(folder: Path | None) -> Iterator[Path]:
    """Give the folder that keeps the stores, or one that goes with them."""
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        yield folder.resolve()
        return
    with tempfile.TemporaryDirectory(prefix="falsetto-scale-") as made:
        Path(made).chmod(0o755)  # PostgreSQL's user must come in
        yield Path(made)


def step_done(engine_name: str, began: float, step: str) -> None:
    """Say on the error stream that a step of filling is done."""
    print(f"{engine_name}: {step}, {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)


def measure(engine: Engine, sizes: Sizes, with_plans: bool) -> None:
    """Measure everything in a filled store, and print it."""
    print("| what | median ms | slowest ms | goal | met |\n|---|---|---|---|---|")
    measured, measures = [], Measures(engine, sizes)
    for one in measures.all():
        measured.append(one)
        print(row(engine, one), flush=True)
    if engine.dialect.name == "postgresql":
        flushing(engine, on=True)
        for one in measures.writing():
            print(row(engine, replace(one, name=f"{one.name}, each commit flushed")), flush=True)
    if with_plans:
        plans(engine, measured)


def main() -> None:
    """Build, measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scale", description=__doc__)
    parser.add_argument("--artists", type=int, default=500)
    parser.add_argument("--platforms", type=int, default=8)
    parser.add_argument("--listings", type=int, help="default: 200 an artist")
    parser.add_argument("--tracks", type=int, help="default: 500 an artist")
    parser.add_argument("--targets", type=int, help="retired ones; default: 170 an artist")
    parser.add_argument("--cases", type=int, help="default: 12 an artist")
    parser.add_argument("--engine", choices=("sqlite", "postgresql"), action="append")
    parser.add_argument("--kept", type=Path, help="a folder that keeps the stores, filled once, for the next time")
    parser.add_argument("--fill", action="store_true", help="fill the stores and measure nothing")
    parser.add_argument("--plans", action="store_true", help="print the plans of all statements")
    wanted = parser.parse_args()
    each = {"listings": 200, "tracks": 500, "targets": 170, "cases": 12}
    made = {name: getattr(wanted, name) or number * wanted.artists for name, number in each.items()}
    sizes = Sizes(wanted.artists, wanted.platforms, **made)
    print(f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {os.cpu_count()} CPUs, load {os.getloadavg()[0]:.1f}, ", end="")
    print(f"CPython {platform.python_version()}; {sizes}")
    for name in wanted.engine or ("sqlite", "postgresql"):
        with kept(wanted.kept) as folder, opened(name, folder) as (engine, filled):
            began = time.monotonic()
            if not filled:
                build(engine, sizes, partial(step_done, name, began))
            how = "kept" if filled else f"built in {time.monotonic() - began:.0f} s"
            print(f"\n### {name} ({how})\n", flush=True)
            if not wanted.fill:
                measure(engine, sizes, wanted.plans)


if __name__ == "__main__":
    main()
