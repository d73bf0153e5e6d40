"""CPU per page of our spiders next to a bare default Scrapy spider: same pages, same server, turn by turn."""

import json
import os
import statistics
import subprocess
import sys
from dataclasses import dataclass

PAGES, TURNS = 1000, 5
GOAL = 0.6


@dataclass(frozen=True)
class Cost:
    """What one kind of crawl cost: median and spread over the turns."""

    name: str
    cpu_ms: list[float]
    pages_s: list[float]

    def __str__(self) -> str:
        """Write one row of the table."""
        middle, low, high = statistics.median(self.cpu_ms), min(self.cpu_ms), max(self.cpu_ms)
        return f"| {self.name} | {middle:.2f} ({low:.2f}-{high:.2f}) | {statistics.median(self.pages_s):.0f} |"


def measure(pages: int = PAGES, turns: int = TURNS) -> tuple[Cost, Cost, int]:
    """Crawl with both, turn by turn, and return both costs and the size of a page."""
    server = _start("benchmarks.crawl.pages", core=1)
    try:
        assert server.stdout is not None
        port, size = server.stdout.readline().split()
        runs: dict[str, list[dict[str, float]]] = {"bare": [], "ours": []}
        for _ in range(turns):
            for which, results in runs.items():
                client = _start("benchmarks.crawl.client", which, f"http://127.0.0.1:{port}", str(pages), core=0)
                printed, _ = client.communicate(timeout=600)
                results.append(json.loads(printed))
                assert results[-1]["items"] == pages * 20
    finally:
        server.communicate(timeout=10)

    def cost(which: str, name: str) -> Cost:
        return Cost(name, [run["cpu_ms"] for run in runs[which]], [run["pages_s"] for run in runs[which]])

    return cost("bare", "bare default Scrapy spider, 20 items a page"), cost("ours", "spiders/deezer.py"), int(size)


def report() -> str:
    """Measure, and write the figures as a table."""
    bare, ours, size = measure()
    ratio = statistics.median(ours.cpu_ms) / statistics.median(bare.cpu_ms)
    met = "met" if ratio <= GOAL else "not met"
    return "\n".join(
        [
            f"{size / 1000:.1f} kB of JSON, 20 releases a page; {PAGES} pages a turn, {TURNS} turns: median (spread)",
            "",
            "| crawl | CPU ms a page | pages/s |",
            "|---|---|---|",
            str(bare),
            str(ours),
            "",
            f"Ratio {ratio:.2f}; goal at most {GOAL}: {met}.",
        ]
    )


def _start(module: str, *arguments: str, core: int) -> "subprocess.Popen[str]":
    def pin() -> None:
        cores = sorted(os.sched_getaffinity(0))
        os.sched_setaffinity(0, {cores[core % len(cores)]})

    return subprocess.Popen(
        [sys.executable, "-m", module, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        preexec_fn=pin if hasattr(os, "sched_setaffinity") else None,
    )
