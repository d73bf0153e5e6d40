"""`python -m benchmarks.mutants`: how many of a sample of small changes to the core the nearest tests notice.

Needs cosmic-ray (benchmarks/requirements.txt), best in an environment of its own that sees this one's packages. Every
change is made in a copy of the checkout; the checkout itself is never touched. A change counts as noticed when a test
fails, or none ends in time.
"""

import argparse
import fnmatch
import json
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from queue import Queue
from subprocess import PIPE

from benchmarks.mutants.changes import Change, changes
from benchmarks.mutants.nearest import NEAREST

ROOT = Path(__file__).resolve().parent.parent.parent
COPIED = (
    *("alembic", "benchmarks", "crawler", "docs", "sandbox", "spiders", "storage", "tests"),
    *("pyproject.toml", "README.md", "CONTRIBUTING.md", "CHANGELOG.md", "requirements.lock"),
)
CORE = [
    *("storage/recording/*.py", "storage/frontier/*.py", "storage/budgets.py", "storage/limits.py", "storage/cases.py"),
    *("spiders/base/*.py", "crawler/watching/*.py"),
]
GOAL = 0.85
PATIENCE_S = 300.0
TELL_EVERY = 10


def files(patterns: list[str]) -> list[str]:
    """List the files of the patterns."""
    return sorted({str(path.relative_to(ROOT)) for one in patterns for path in ROOT.glob(one)})


def nearest(path: str) -> list[str]:
    """Name the tests that stand nearest to a file, as far as there are such."""
    for pattern, tests in NEAREST:
        if fnmatch.fnmatch(path, pattern):
            return [test for test in tests if (ROOT / test).exists()]
    raise SystemExit(f"benchmarks/mutants/nearest.py names no tests for {path}")


class Copy:
    """A copy of the checkout, and a warm process that runs tests in it."""

    def __init__(self, place: Path, python: str) -> None:
        """Start the process; an interpreter outside an environment would not see its packages."""
        self.place = place
        words = [str(Path(python).absolute()), str(Path(__file__).with_name("warm.py"))]
        environment = {"PATH": "/usr/bin:/bin", "HOME": str(place)}
        self._warm = subprocess.Popen(words, cwd=place, env=environment, stdin=PIPE, stdout=PIPE, text=True)

    def notices(self, tests: list[str], engine: str, patience_s: float) -> bool:
        """Run the tests of one engine; tell whether they fail, or don't come to an end."""
        words = [*tests, "-m", "postgres" if engine == "postgresql" else "not postgres"]
        assert self._warm.stdin is not None
        assert self._warm.stdout is not None
        self._warm.stdin.write(json.dumps({"place": str(self.place), "words": words, "patience_s": patience_s}) + "\n")
        self._warm.stdin.flush()
        code = json.loads(self._warm.stdout.readline())
        if code not in (None, 0, 1, 2, 5):  # 2: a module can't be imported; 5: nothing needs this engine
            raise SystemExit(f"the tests can't be run: {self.said()}")
        return code not in (0, 5)

    def said(self) -> str:
        """Return the end of what the last run printed."""
        return (self.place / "said.txt").read_text(encoding="utf-8", errors="replace")[-2000:]

    def change(self, path: str, text: str | None = None) -> None:
        """Put a file's changed text in, or its own again; bytecode of the same second and size would hide it."""
        if text is None:
            shutil.copy(ROOT / path, self.place / path)
        else:
            (self.place / path).write_text(text, encoding="utf-8")
        for compiled in (self.place / path).parent.glob(f"__pycache__/{Path(path).stem}.*"):
            compiled.unlink()

    def end(self) -> None:
        """End the process."""
        self._warm.kill()
        self._warm.wait()


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


def tried(change: Change, free: "Queue[Copy]") -> bool | None:
    """Make a change in a copy, and tell whether its nearest tests notice; None where it can't be made."""
    text = change.made(ROOT)
    if text is None or text == (ROOT / change.path).read_text(encoding="utf-8"):
        return None
    copy = free.get()
    try:
        copy.change(change.path, text)
        tests = nearest(change.path)
        # Most are noticed on SQLite, in a third of the time.
        return copy.notices(tests, "sqlite", PATIENCE_S) or copy.notices(tests, "postgresql", PATIENCE_S)
    finally:
        copy.change(change.path)
        free.put(copy)


def unbroken(copy: Copy, chosen: list[Change]) -> None:
    """Make sure that the tests pass as long as nothing is changed: broken ones would notice everything."""
    for tests in {tuple(nearest(change.path)) for change in chosen}:
        for engine in ("sqlite", "postgresql"):
            if copy.notices(list(tests), engine, PATIENCE_S):
                raise SystemExit(f"these fail with nothing changed: {' '.join(tests)}\n{copy.said()}")


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
    parser.add_argument("--part", default="1/1", help="only the first of so many parts of the sample, say: 1/3")
    parser.add_argument("--only", action="append", help="a pattern of files instead of the whole core")
    parser.add_argument("--python", default=sys.executable, help="the interpreter that runs the tests")
    parser.add_argument("--workers", type=int, default=2)
    wanted = parser.parse_args()
    every = [change for path in files(wanted.only or CORE) for change in changes(path, ROOT)]
    chosen = every if not wanted.sample else random.Random(wanted.seed).sample(every, min(wanted.sample, len(every)))
    part, parts = (int(number) for number in wanted.part.split("/"))
    chosen = chosen[part - 1 :: parts]
    print(f"{len(chosen)} of {len(every)} changes, seed {wanted.seed}, part {wanted.part}", flush=True)
    seen, all_of = Counter[str](), Counter[str]()
    began = time.monotonic()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="falsetto-mutants-")))
        free: Queue[Copy] = Queue()
        made = [Copy(place, wanted.python) for place in copies(wanted.workers, folder)]
        for copy in made:
            stack.callback(copy.end)
            free.put(copy)
        unbroken(made[0], chosen)
        pool = stack.enter_context(ThreadPoolExecutor(wanted.workers))
        outcomes = pool.map(lambda change: tried(change, free), chosen)
        for change, noticed in zip(chosen, outcomes, strict=True):
            if noticed is None:
                continue
            all_of[change.path] += 1
            seen[change.path] += noticed
            if not noticed:
                print(f"unnoticed: {described(change)}", flush=True)
            if not sum(all_of.values()) % TELL_EVERY:
                print(f"{sum(all_of.values())} tried, {time.monotonic() - began:.0f} s", flush=True)
    print("\n| file | changes | noticed |\n|---|---|---|")
    for path in sorted(all_of):
        print(f"| {path} | {all_of[path]} | {seen[path] / all_of[path]:.2f} |")
    share = sum(seen.values()) / max(1, sum(all_of.values()))
    took = time.monotonic() - began
    print(f"| all | {sum(all_of.values())} | {share:.3f}, goal {GOAL}: {'yes' if share >= GOAL else 'NO'} |")
    print(f"\n{took:.0f} s")


if __name__ == "__main__":
    main()
