"""The fault matrix: `python -m benchmarks.faults [--short | --share S] [--seed N] [PART ...]`.

Each part does harm to workers over the sandbox (real HTTP, strict limits) and then counts, against the sandbox's own
truth, what was lost, doubled, falsely new or falsely removed. The exit code is 1 when anything was. `make test` does
the same harm in short: tests/test_worker.py, test_lanes.py, test_locks.py. What takes too long at once is done in
shares, each in a world of its own that is asked and counted to its end: four times `--share 0.25 --seed 1` (2, 3, 4).
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from benchmarks.faults import clocks, cuts, deaths, locks
from benchmarks.faults.found import Found, Harm
from storage.database import fresh_schema, open_database
from tests import postgres

SHORT = 0.1
Part = Callable[[str, Path, Harm], Found]
PARTS: dict[str, tuple[str, Part]] = {
    "deaths-sqlite": ("sqlite", deaths.on_sqlite),
    "deaths-postgresql": ("postgresql", deaths.on_postgresql),
    "cuts": ("postgresql", cuts.cut),
    "clocks-sqlite": ("sqlite", clocks.off),
    "clocks-postgresql": ("postgresql", clocks.off),
    "locks-sqlite": ("sqlite", locks.on_sqlite),
    "locks-postgresql": ("postgresql", locks.on_postgresql),
}


@contextmanager
def store(engine: str) -> Iterator[tuple[str, Path]]:
    """Make a fresh store and say its URL, and a folder for files."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="falsetto-faults-")))
        url = f"sqlite:///{folder / 'store.db'}"
        if engine == "postgresql":
            server = stack.enter_context(postgres.running())
            server.run("CREATE DATABASE faults")
            url = server.url("faults")
        made = open_database(url)
        fresh_schema(made)
        made.dispose()
        yield url, folder


def main() -> int:
    """Run the parts that are named, or all."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.faults", description=__doc__)
    parser.add_argument("--share", type=float, default=1.0, help="so much of it")
    parser.add_argument(
        "--short", action="store_const", const=SHORT, dest="share", default=1.0, help="a tenth of the harm"
    )
    parser.add_argument("--seed", type=int, default=1, help="of the moments at which harm is done")
    parser.add_argument("parts", nargs="*", help=", ".join(PARTS))
    asked = parser.parse_args()
    for name in asked.parts:
        if name not in PARTS:
            parser.error(f"unknown part {name!r}")
    if not SHORT <= asked.share <= 1:
        parser.error(f"--share is between {SHORT} and 1")
    bad, harm = False, Harm(asked.share, asked.seed)
    for name in asked.parts or PARTS:
        engine, part = PARTS[name]
        began = time.monotonic()
        with store(engine) as (url, folder):
            found = part(url, folder, harm)
        print(f"{name}: {found}; {time.monotonic() - began:.0f} s", flush=True)
        bad |= found.bad
    return int(bad)


if __name__ == "__main__":
    sys.exit(main())
