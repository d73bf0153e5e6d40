"""Progress of long work: a live line on a terminal, a plain line now and then elsewhere."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crawler.worker.worker import Worker

EVERY_S = {True: 0.1, False: 10.0}

Progress = Callable[["Worker"], None]


@contextmanager
def showing(title: str = "looking") -> Iterator[Progress]:
    """Show how far a worker is; calls may come as often as they like."""
    on_terminal = sys.stderr.isatty()
    last = time.monotonic()
    if not on_terminal:

        def plainly(worker: "Worker") -> None:
            nonlocal last
            if time.monotonic() - last >= EVERY_S[False]:
                last = time.monotonic()
                sys.stderr.write(_line(title, worker) + "\n")

        yield plainly
        return
    from rich.console import Console

    with Console(stderr=True).status(title) as status:

        def lively(worker: "Worker") -> None:
            nonlocal last
            if time.monotonic() - last >= EVERY_S[True]:
                last = time.monotonic()
                status.update(_line(title, worker))

        yield lively


def _line(title: str, worker: "Worker") -> str:
    looks = ", ".join(f"{name} {sum(lane.tally.values())}" for name, lane in worker.lanes.items())
    return f"{title} {worker.time.now():%Y-%m-%d %H:%M}Z: looks {looks}; new cases {worker.journey.new_cases}"
