"""`python -m benchmarks.mutants`: how many of a sample of small changes to the core the nearest tests notice.

Needs cosmic-ray (benchmarks/requirements.txt), best in an environment of its own that sees this one's packages. Every
change is made in a copy of the checkout; the checkout itself is never touched. A change counts as noticed when a test
fails, or none ends in time.
"""

import argparse
import fnmatch
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import Queue

from benchmarks.mutants.changes import Change, changes
from benchmarks.mutants.nearest import NEAREST

ROOT = Path(__file__).resolve().parent.parent.parent
COPIED = ("alembic", "benchmarks", "crawler", "docs", "sandbox", "spiders", "storage", "tests", "pyproject.toml")
CORE = [
    *("storage/recording/*.py", "storage/frontier/*.py", "storage/budgets.py", "storage/limits.py", "storage/cases.py"),
    *("spiders/base/*.py", "crawler/watching/*.py"),
]
GOAL = 0.85


def files(patterns: list[str]) -> list[str]:
    """List the files of the patterns."""
    return sorted({str(path.relative_to(ROOT)) for one in patterns for path in ROOT.glob(one)})


def nearest(path: str) -> list[str]:
    """Name the tests that stand nearest to a file, as far as there are such."""
    for pattern, tests in NEAREST:
        if fnmatch.fnmatch(path, pattern):
            return [test for test in tests if (ROOT / test).exists()]
    raise SystemExit(f"benchmarks/mutants/nearest.py names no tests for {path}")


def notices(python: str, place: Path, tests: list[str], engines: str, patience_s: float) -> bool:
    """Run the tests in a copy; tell whether they fail, or don't come to an end."""
    words = [str(Path(python).absolute()), "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "--no-header", *tests]
    if engines == "sqlite":
        words += ["-m", "not postgres"]
    try:
        done = subprocess.run(words, cwd=place, env=_environment(place), capture_output=True, timeout=patience_s)
    except subprocess.TimeoutExpired:
        return True
    if done.returncode not in (0, 1, 2):
        raise SystemExit(f"the tests can't be run: {done.stdout.decode()[-2000:]}{done.stderr.decode()[-2000:]}")
    return done.returncode != 0


def _environment(place: Path) -> dict[str, str]:
    return {"PYTHONPATH": str(place), "PATH": "/usr/bin:/bin", "PYTHONDONTWRITEBYTECODE": "1"}


def copies(number: int, folder: Path) -> Iterator[Path]:
    """Copy the checkout so many times."""
    for n in range(number):
        place = folder / str(n)
        place.mkdir()
        for name in COPIED:
            source = ROOT / name
            if source.is_dir():
                shutil.copytree(source, place / name, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(source, place / name)
        yield place


def tried(change: Change, free: "Queue[Path]", python: str) -> bool | None:
    """Make a change in a copy, and tell whether its nearest tests notice; None where it can't be made."""
    text = change.made(ROOT)
    if text is None or text == (ROOT / change.path).read_text(encoding="utf-8"):
        return None
    place = free.get()
    try:
        (place / change.path).write_text(text, encoding="utf-8")
        tests = nearest(change.path)
        # Most are noticed on SQLite alone, in a third of the time.
        return notices(python, place, tests, "sqlite", 180) or notices(python, place, tests, "both", 300)
    finally:
        shutil.copy(ROOT / change.path, place / change.path)
        free.put(place)


def described(change: Change) -> str:
    """Show where a change is, and the line before and after."""
    before = (ROOT / change.path).read_text(encoding="utf-8").splitlines()
    after = (change.made(ROOT) or "").splitlines()
    lines = [(old, new) for old, new in zip(before, after, strict=False) if old != new]
    old, new = lines[0] if lines else ("", "(a line goes)")
    return f"{change.path}:{change.line} {old.strip()}  ->  {new.strip()}"


def main() -> None:
    """Sample, try, and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.mutants", description=__doc__)
    parser.add_argument("--sample", type=int, default=200, help="how many changes (default 200); 0 is all of them")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", action="append", help="a pattern of files instead of the whole core")
    parser.add_argument("--python", default=sys.executable, help="the interpreter that runs the tests")
    parser.add_argument("--workers", type=int, default=2)
    wanted = parser.parse_args()
    every = [change for path in files(wanted.only or CORE) for change in changes(path, ROOT)]
    chosen = every if not wanted.sample else random.Random(wanted.seed).sample(every, min(wanted.sample, len(every)))
    print(f"{len(chosen)} of {len(every)} changes, seed {wanted.seed}", flush=True)
    seen, all_of = Counter[str](), Counter[str]()
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="falsetto-mutants-") as folder, ThreadPoolExecutor(wanted.workers) as pool:
        free: Queue[Path] = Queue()
        for place in copies(wanted.workers, Path(folder)):
            free.put(place)
        for change, noticed in zip(chosen, pool.map(lambda c: tried(c, free, wanted.python), chosen), strict=True):
            if noticed is None:
                continue
            all_of[change.path] += 1
            seen[change.path] += noticed
            if not noticed:
                print(f"unnoticed: {described(change)}", flush=True)
    print("\n| file | changes | noticed |\n|---|---|---|")
    for path in sorted(all_of):
        print(f"| {path} | {all_of[path]} | {seen[path] / all_of[path]:.2f} |")
    share = sum(seen.values()) / max(1, sum(all_of.values()))
    took = time.monotonic() - began
    print(f"| all | {sum(all_of.values())} | {share:.3f}, goal {GOAL}: {'yes' if share >= GOAL else 'NO'} |")
    print(f"\n{took:.0f} s")


if __name__ == "__main__":
    main()
