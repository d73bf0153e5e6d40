"""Goal 4: credits a second on one core, build time and memory, side by side, each engine in a process of its own."""

import multiprocessing
import os
import pickle
import random
import resource
import time
from collections import defaultdict
from dataclasses import dataclass
from multiprocessing.queues import Queue
from pathlib import Path
from queue import Empty

import numpy as np

from benchmarks.resemblance.imitations import ALL, FIRST_25, imitations
from benchmarks.resemblance.names import choosing_names, kept_names, squashed
from benchmarks.resemblance.peers import ENGINES, OURS, PATH
from crawler.suspicion.meeting import names_of

SEED = 127
SIZES = (1_000, 10_000, 100_000)
RECALL_SIZE = 10_000
RECALL_KIND = 40
TEXTS = 20_000
WANTED_SECONDS = 2.0
PATIENCE = 240


@dataclass(frozen=True)
class Measured:
    """What one engine did with one roster."""

    rate: float
    build: float
    megabytes: float
    recall: float | None
    index: int | None
    """Bytes of the index as it is pickled, for ours."""


def resident() -> float:
    """Return this process's memory in megabytes."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1e6


def draw(size: int) -> tuple[list[str], list[str]]:
    """Return a roster and other names: the texts are kept names, of the largest roster some are not."""
    names = random.Random(SEED).sample(kept_names(), len(kept_names()))
    texts, rest = names[:TEXTS], names[TEXTS:]
    return [*rest, *choosing_names()][:size], texts


def changed(size: int) -> float:
    """Return the CPU seconds that one changed name of a roster costs, with what is remembered kept."""
    roster, texts = draw(size)
    rows = [(i, name, (), 1.0) for i, name in enumerate(roster)]
    names = names_of(rows)
    names.met_in(texts[:2_000], "name")
    spent = []
    for number in range(5):
        rows = [*rows[:number], (number, f"Somebody Else {number}", (), 1.0), *rows[number + 1 :]]
        start = time.process_time()
        names = names.now(rows)
        names.met_in(texts[:1], "name")
        spent.append(time.process_time() - start)
    return float(np.median(spent))


def credits_a_second(engine, texts: list[str]) -> float:
    """Return the median rate of CPU time over slices that take long enough to be measured."""
    engine(texts[:64])
    size, spent = 64, 0.0
    while spent < WANTED_SECONDS / 4 and size < len(texts):
        size = min(len(texts), size * 4)
        start = time.process_time()
        engine(texts[:size])
        spent = time.process_time() - start
    rates = [size / max(spent, 1e-9)]
    for _ in range(4 if spent < WANTED_SECONDS else 1):
        start = time.process_time()
        engine(texts[:size])
        rates.append(size / (time.process_time() - start))
    return float(np.median(rates))


def measure(name: str, size: int, told: "Queue[Measured | str]") -> None:
    """Measure one engine in this process, and tell it."""
    roster, texts = draw(size)
    for text in texts:
        squashed(text)
    before, start = resident(), time.process_time()
    try:
        engine = ENGINES[name](roster)
    except ImportError as missing:
        told.put(f"missing: {missing.name}")
        return
    build, megabytes = time.process_time() - start, resident() - before
    recall = None
    if size == RECALL_SIZE:
        recall = recall_of(engine, roster)
    index = getattr(engine, "index", None)
    pickled = len(pickle.dumps(index, protocol=5)) if index is not None else None
    told.put(Measured(credits_a_second(engine, texts), build, megabytes, recall, pickled))


def recall_of(engine, roster: list[str]) -> float:
    """Return the mean recall over the 25 kinds of the peers' table, at the engine's own threshold."""
    made = imitations({kind: ALL[kind] for kind in FIRST_25}, roster, RECALL_KIND, SEED)
    numbers: dict[str, set[int]] = defaultdict(set)
    for i, name in enumerate(roster):
        numbers[name].add(i)
    hits = defaultdict(list)
    for (kind, _, name), met in zip(made, engine([text for _, text, _ in made]), strict=True):
        hits[kind].append(bool(met & numbers[name]))
    return float(np.mean([np.mean(of_kind) for of_kind in hits.values()]))


def apart(name: str, size: int) -> Measured | str:
    """Measure an engine in a fresh process, for at most so long."""
    context = multiprocessing.get_context("spawn")
    told: Queue[Measured | str] = context.Queue()
    process = context.Process(target=measure, args=(name, size, told))
    process.start()
    try:
        result: Measured | str = told.get(timeout=PATIENCE)
    except Empty:
        result = f"no answer in {PATIENCE} s"
    process.kill()
    process.join()
    return result


def main() -> None:
    """Print the table, the ratios, and our growth with the roster."""
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    found: dict[tuple[str, int], Measured] = {}
    sizes = "".join(f" {size:>10,}" for size in SIZES)
    print(f"{'credits a second, one core (CPU time)':36s}{sizes}  recall  build s   MB")
    for name in ENGINES:
        told = {size: apart(name, size) for size in SIZES}
        rates = "".join(f" {m.rate:10,.0f}" if isinstance(m, Measured) else f" {m[:20]:>10s}" for m in told.values())
        found |= {(name, size): m for size, m in told.items() if isinstance(m, Measured)}
        middle, last = found.get((name, RECALL_SIZE)), found.get((name, SIZES[-1]))
        recall = f"{middle.recall:.3f}" if middle and middle.recall is not None else "  -  "
        tail = f"  {recall}  {last.build:7.2f} {last.megabytes:5.0f}" if last else f"  {recall}"
        print(f"{name:36s}{rates}{tail}", flush=True)
    ratios(found)


def ratios(found: dict[tuple[str, int], Measured]) -> None:
    """Print how the rates compare with the goals."""
    ours = {size: found[OURS, size].rate for size in SIZES}
    for size, goal in ((10_000, 10), (100_000, 50)):
        if peer := found.get(("rapidfuzz cdist ratio>=80", size)):
            print(f"falsetto / rapidfuzz cdist at {size:,}: {ours[size] / peer.rate:.1f}x (goal {goal}x)")
    peers = {n: m for (n, size), m in found.items() if size == RECALL_SIZE and not n.startswith(OURS)}
    good = [n for n, m in peers.items() if m.recall is not None and m.recall > 0.6 and (n, 100_000) in found]
    if good:
        fastest = max(good, key=lambda n: found[n, 100_000].rate)
        print(f"falsetto / {fastest} at 100,000: {ours[100_000] / found[fastest, 100_000].rate:.1f}x (goal 5x)")
    growth = np.log(ours[1_000] / ours[100_000]) / np.log(100)
    last = found[OURS, 100_000]
    print(f"cost grows with N^{growth:.2f} (goal at most 0.25)")
    size = (last.index or 0) / 100_000
    print(f"index: {size:.0f} bytes a name, pickled (goal 2,000); process: {last.megabytes * 10:.0f} bytes a name")
    print(f"build of 100,000 names: {last.build:.1f} s (goal 15 s)")
    path = found[PATH, 100_000].rate
    share = path / ours[100_000]
    print(f"production path at 100,000: {path:,.0f} credits a second (goal 25,000), {share:.2f} of the index")
    print(f"production path grows with N^{np.log(found[PATH, 1_000].rate / path) / np.log(100):.2f}")
    print(f"one changed name of 100,000: {changed(100_000):.2f} s (goal 0.3 s)")


if __name__ == "__main__":
    main()
