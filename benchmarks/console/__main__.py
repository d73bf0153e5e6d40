"""`python -m benchmarks.console`: every page of the console in a large store, on both engines.

The issue's size: --releases 5000000 --cases 135000 --artists 10000. Without options a hundredth of the releases, so
that it runs in minutes. --at URL builds the store in that database and leaves it there, to be measured again.
--questions asks the worked questions of docs/views.md instead, --plans shows how they are answered.
"""

import argparse
import os
import platform
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import httpx
from sqlalchemy import Engine, inspect

from benchmarks.console import pages, questions
from benchmarks.console.store import build, sizes
from benchmarks.scale.__main__ import opened
from benchmarks.scale.sql import NOW
from benchmarks.scale.store import Sizes
from crawler.console import app as console
from storage import keys
from storage.database import open_database, writing
from tests import served


@contextmanager
def filled(name: str, of: Sizes, at: str) -> Iterator[Engine]:
    """Open a store of these sizes: one that was kept, or one that is built."""
    began = time.monotonic()

    def tell(step: str) -> None:
        print(f"{name}: {step} after {time.monotonic() - began:.0f} s", flush=True)

    if not at:
        with tempfile.TemporaryDirectory(prefix="falsetto-console-") as folder, opened(name, Path(folder)) as engine:
            build(engine, of, tell)
            yield engine
        return
    engine = open_database(at)
    if not inspect(engine).has_table("release"):
        build(engine, of, tell)
    yield engine
    engine.dispose()


def measured(engine: Engine, of: Sizes, rounds: int, only: str) -> Iterator[pages.Page]:
    """Serve the console over a store and yield each page as it is measured."""
    with writing(engine) as connection:
        key = keys.create(connection, f"bench {time.time_ns()}", "decide", NOW)
    app = console.build(engine, lambda: NOW)
    clock = pages.Clocked(app, app.state.desk)
    with served.running(clock) as url, httpx.Client(base_url=url, timeout=600) as client:
        assert client.post("/console/login", data={"key": key}).status_code == 303
        for page in pages.pages(of):
            if only in page.name:
                pages.measure(client, clock, engine, page, rounds)
                yield page


def main() -> None:
    """Build, measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.console", description=__doc__)
    parser.add_argument("--releases", type=int, default=50_000)
    parser.add_argument("--cases", type=int, default=10_000, help="undecided ones")
    parser.add_argument("--artists", type=int, default=1_000)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--only", default="", help="only pages whose name has this")
    parser.add_argument("--at", default="", help="the URL of a database in which the store stays")
    parser.add_argument("--questions", action="store_true", help="measure the worked questions instead")
    parser.add_argument("--plans", action="store_true", help="show the plans of the worked questions")
    parser.add_argument("--engine", choices=("sqlite", "postgresql"), action="append")
    wanted = parser.parse_args()
    of = sizes(wanted.releases, wanted.cases, wanted.artists)
    print(f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {os.cpu_count()} CPUs, load {os.getloadavg()[0]:.1f}, ", end="")
    print(f"CPython {platform.python_version()}; {of}; {wanted.rounds} rounds")
    for name in ("given",) if wanted.at else wanted.engine or ("sqlite", "postgresql"):
        with filled(name, of, wanted.at) as engine:
            print(f"\n### {engine.dialect.name}\n", flush=True)
            for line in _lines(engine, of, wanted):
                print(line, flush=True)


def _lines(engine: Engine, of: Sizes, wanted: argparse.Namespace) -> Iterator[str]:
    if wanted.plans:
        return questions.plans(engine)
    if wanted.questions:
        return questions.table(engine, wanted.rounds)
    return pages.table(measured(engine, of, wanted.rounds, wanted.only))


if __name__ == "__main__":
    main()
