"""Small changes to the matcher, one at a time, and whether its tests notice.

`python -m benchmarks.resemblance.mutants [COUNT [SEED]]`

Comparisons, arithmetic, constants, boolean operators and returns of crawler/resemblance are changed in a copy of the
tree; nothing here is touched. The survivors are listed. (The kept mutation
tools want to run all tests once for each change, or hooks into the import system; a sample needs neither.)
"""

import ast
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

PACKAGE = Path("crawler/resemblance")
NEEDED = ("crawler", "storage", "spiders", "sandbox", "benchmarks", "tests", "pyproject.toml")
TESTS = (
    "tests/test_resemblance_constants.py",
    "tests/test_resemblance_kinds.py",
    "tests/test_resemblance_evidence.py",
    "tests/test_resemblance_parts.py",
    "tests/test_likeness.py",
    "tests/test_resemblance_scoring.py",
)
"""The quick ones; those of properties take longer, and notice at least as much."""
PATIENCE = 300
COMPARED = {ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq}
COMPUTED = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.FloorDiv, ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd}


def changes(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield every change that can be made to a module: the number of its node, and which."""
    for number, node in enumerate(ast.walk(tree)):
        if isinstance(node, ast.Compare) and type(node.ops[0]) in COMPARED:
            yield number, "comparison"
        elif isinstance(node, ast.BinOp) and type(node.op) in COMPUTED and not has_text(node):
            yield number, "arithmetic"
        elif isinstance(node, ast.BoolOp):
            yield number, "and for or"
        elif isinstance(node, ast.Constant) and type(node.value) in (int, float):
            yield number, "constant"
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            yield number, "not"


def has_text(node: ast.BinOp) -> bool:
    """Say whether an operation is on text or types, where another operator is no small change."""
    return any(isinstance(n, (ast.JoinedStr, ast.List, ast.ListComp)) for n in (node.left, node.right)) or any(
        isinstance(n, ast.Constant) and not isinstance(n.value, (int, float)) for n in ast.walk(node)
    )


def changed(source: str, number: int, which: str) -> tuple[str, int]:
    """Return a module with one change, and its line."""
    tree = ast.parse(source)
    node = list(ast.walk(tree))[number]
    if isinstance(node, ast.Compare):
        node.ops[0] = COMPARED[type(node.ops[0])]()
    elif isinstance(node, ast.BinOp):
        node.op = COMPUTED[type(node.op)]()
    elif isinstance(node, ast.BoolOp):
        node.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
    elif isinstance(node, ast.Constant):
        node.value = node.value * 2 if isinstance(node.value, float) else node.value + 1
    elif isinstance(node, ast.UnaryOp):
        node.op = ast.UAdd()
        node.operand = ast.Call(ast.Name("bool", ast.Load()), [node.operand], [])
    return ast.unparse(ast.fix_missing_locations(tree)), getattr(node, "lineno", 0)


def is_noticed(copy: Path) -> bool:
    """Say whether a test of a changed tree fails, or hangs."""
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *TESTS]
    surroundings = {"PYTHONPATH": str(copy), "PATH": "/usr/bin:/bin", "OMP_NUM_THREADS": "1", "HYPOTHESIS_SEED": "1"}
    try:
        done = subprocess.run(command, cwd=copy, env=surroundings, capture_output=True, timeout=PATIENCE)
        return done.returncode != 0
    except subprocess.TimeoutExpired:
        return True


def main(count: int = 220, seed: int = 131) -> None:
    """Try a sample of changes and print how many were noticed, and the survivors."""
    modules = sorted(PACKAGE.glob("*.py"))
    every = [(path, *change) for path in modules for change in changes(ast.parse(path.read_text("utf-8")))]
    sample = random.Random(seed).sample(every, min(count, len(every)))
    survivors = []
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "tree"
        copy.mkdir()
        for name in NEEDED:
            here = Path(name)
            (shutil.copytree if here.is_dir() else shutil.copy)(here, copy / name)
        if is_noticed(copy):
            raise SystemExit("the tests fail without any change")
        for number, (path, node, which) in enumerate(sample, 1):
            source = path.read_text("utf-8")
            made, line = changed(source, node, which)
            (copy / path).write_text(made, "utf-8")
            if not is_noticed(copy):
                survivors.append(f"{path}:{line} {which}: {source.splitlines()[line - 1].strip()}")
                print(f"  survived: {survivors[-1]}", flush=True)
            (copy / path).write_text(source, "utf-8")
            if number % 20 == 0:
                print(f"{number - len(survivors)} of {number} noticed", flush=True)
    print(f"{len(sample) - len(survivors)} of {len(sample)} changes noticed ({len(every)} possible, seed {seed})")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
