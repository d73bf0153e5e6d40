"""`python -m benchmarks.sandbox [SCALE]`: start-up, memory and CPU per page, cold and warm, over real HTTP.

`python -m benchmarks.sandbox --rates [SCALE] [SEED]` prints instead how real a world is.
"""

import csv
import io
import random
import resource
import sys
import time
from pathlib import Path

import httpx

from benchmarks.sandbox import rates, signs
from sandbox import Sandbox, running
from sandbox.generate import GeneratedWorld
from sandbox.made.roster import HEADER
from sandbox.planted.programme import Staging
from sandbox.server.serving import START

PAGES = 1000
SCALE = 200.0
UNLIMITED = {"deezer.all": 10**9, "itunes.all": 10**9, "musicbrainz.all": 10**9}
CONTACT = {"User-Agent": "falsetto-benchmarks/1.0 ( benchmarks@example.org )"}


def usage(pid: int) -> tuple[float, float]:
    """CPU seconds and peak memory in MiB of the sandbox, from /proc."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    ticks = int(fields[11]) + int(fields[12])
    status = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines())
    return ticks / 100, int(status["VmHWM"].split()[0]) / 1024


def ids(sandbox: Sandbox) -> dict[str, list[str]]:
    """The official profile ids that the roster gives."""
    rows = list(csv.reader(io.StringIO(sandbox.roster_csv())))[1:]
    place = {name: at for at, name in enumerate(HEADER)}
    return {
        name: [row[place[name]] for row in rows if row[place[name]]] for name in ("deezer", "itunes", "musicbrainz")
    }


def paths(known: dict[str, list[str]], rng: random.Random) -> dict[str, list[str]]:
    """What to ask, by kind of page."""
    chosen = {platform: [rng.choice(found) for _ in range(PAGES)] for platform, found in known.items()}
    return {
        "deezer: a profile's albums, 100 a page": [f"deezer/artist/{id}/albums?limit=100" for id in chosen["deezer"]],
        "itunes: an artist with albums": [f"itunes/lookup?id={id}&entity=album&limit=200" for id in chosen["itunes"]],
        "musicbrainz: releases without tracks": [
            f"musicbrainz/ws/2/release?artist={id}&inc=labels&limit=100&fmt=json" for id in chosen["musicbrainz"]
        ],
    }


def measure(http: httpx.Client, sandbox: Sandbox, asked: list[str]) -> tuple[float, float, float]:
    """CPU ms of the sandbox a page, wall ms a page, and KiB a page."""
    before, began, size = usage(sandbox.pid)[0], time.perf_counter(), 0
    for path in asked:
        reply = http.get(f"{sandbox.url}/{path}").raise_for_status()
        size += len(reply.content)
    wall = time.perf_counter() - began
    count = len(asked)
    return (usage(sandbox.pid)[0] - before) / count * 1000, wall / count * 1000, size / count / 1024


def print_rates(scale: float, seed: int) -> None:
    """Print the base rates and the signs of attacks of a world beside the real ones."""
    world = GeneratedWorld(seed, scale, START.timestamp(), Staging(attacks=round(15 * scale), days=90))
    print(f"seed {seed}, scale {scale:g}, {round(15 * scale)} attacks in 90 days; ~ marks a tolerance of ours")
    for table in (rates.report(world), signs.report(world)):
        print()
        print("\n".join(table))


def main() -> None:
    """Measure and print."""
    if "--rates" in sys.argv:
        said = [float(word) for word in sys.argv[1:] if word != "--rates"]
        print_rates(said[0] if said else 10.0, int(said[1]) if len(said) > 1 else 7)
        return
    scale = float(sys.argv[1]) if len(sys.argv) > 1 else SCALE
    began = time.perf_counter()
    with running(scale=scale) as sandbox, httpx.Client(trust_env=False, headers=CONTACT) as http:
        start = time.perf_counter() - began
        print(f"scale {scale:g}: {50 * scale:,.0f} monitored artists among {2000 * scale:,.0f}")
        print(f"ready after {start:.1f} s, {usage(sandbox.pid)[1]:,.0f} MiB")
        sandbox.limits(UNLIMITED)
        began = time.perf_counter()
        known = ids(sandbox)
        print(f"roster of {sum(map(len, known.values())):,} ids in {time.perf_counter() - began:.1f} s")
        print("| page | cold CPU ms | warm CPU ms | warm wall ms | KiB |\n|---|---|---|---|---|")
        for kind, asked in paths(known, random.Random(1)).items():
            cold = measure(http, sandbox, asked)
            warm = measure(http, sandbox, asked)
            print(f"| {kind} | {cold[0]:.2f} | {warm[0]:.2f} | {warm[1]:.2f} | {warm[2]:.1f} |")
        print(f"peak {usage(sandbox.pid)[1]:,.0f} MiB; this process {own_peak():,.0f} MiB")


def own_peak() -> float:
    """The peak memory of the benchmark itself in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
