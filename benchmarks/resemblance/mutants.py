"""Small changes to the matcher, one at a time, and whether its tests notice.

`python -m benchmarks.resemblance.mutants [A_FILE [SEED [FILE...]]]`

Comparisons, arithmetic, constants, boolean operators and negations of crawler/resemblance are changed in a copy of the
tree, so many in every file; nothing here is touched. The survivors are listed, and the share that was noticed per file.
Each change is tried in a fork that has imported what others wrote, but nothing of ours. (The kept mutation
tools want to run all tests once for each change, or hooks into the import system; a sample needs neither.)
"""

import ast
import os
import random
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator
from importlib import import_module
from importlib.util import cache_from_source
from pathlib import Path

import pytest

PACKAGE = Path("crawler/resemblance")
NEEDED = ("alembic", "crawler", "storage", "spiders", "sandbox", "benchmarks", "tests", "pyproject.toml")
TESTS = (
    "tests/test_resemblance_constants.py",
    "tests/test_resemblance_kinds.py",
    "tests/test_resemblance_evidence.py",
    "tests/test_resemblance_parts.py",
    "tests/test_likeness.py",
    "tests/test_resemblance_scoring.py",
    "tests/test_resemblance_signs.py",
    "tests/test_resemblance_scripts.py",
    "tests/test_resemblance_features.py",
)
"""The quick ones; those of properties take longer, and notice at least as much."""
PRELOADED = ("tests.conftest",)
OPTIONS = ("-q", "-x", "-p", "no:cacheprovider", "-W", "ignore::pytest.PytestAssertRewriteWarning")
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


def is_noticed(copy: Path, *, keep: bool = False) -> bool:
    """Say whether a test of a changed tree fails, or hangs."""
    child = os.fork()
    if not child:
        # without a handler the alarm ends the fork
        signal.alarm(PATIENCE)
        quiet = os.open(os.devnull, os.O_WRONLY)
        os.dup2(quiet, 1)
        os.dup2(quiet, 2)
        sys.dont_write_bytecode = not keep
        os._exit(int(pytest.main([*OPTIONS, *TESTS])))
    return os.waitpid(child, 0)[1] != 0


def copied(folder: str) -> Path:
    """Copy the tree, and go there with what is imported of others' alone."""
    copy = Path(folder) / "tree"
    copy.mkdir()
    for name in NEEDED:
        here = Path(name)
        if here.is_dir():
            shutil.copytree(here, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(here, copy / name)
    for name in PRELOADED:
        import_module(name)
    for name in [name for name in sys.modules if name.split(".")[0] in NEEDED]:
        sys.modules.pop(name)
    sys.path[:] = [str(copy), *(path for path in sys.path if path and Path(path) != Path.cwd())]
    os.environ |= {"PYTHONPATH": str(copy), "OMP_NUM_THREADS": "1"}
    os.chdir(copy)
    return copy


def tried(path: Path, count: int, seed: int) -> tuple[int, int, int]:
    """Try some changes of a file of the copy, list the survivors; return how many were noticed, tried and possible."""
    source = path.read_text("utf-8")
    every = list(changes(ast.parse(source)))
    sample = random.Random(f"{seed} {path.name}").sample(every, min(count, len(every)))
    noticed = 0
    for node, which in sample:
        made, line = changed(source, node, which)
        path.write_text(made, "utf-8")
        Path(cache_from_source(str(path))).unlink(missing_ok=True)
        if is_noticed(path.parent):
            noticed += 1
        else:
            print(f"  survived: {path}:{line} {which}: {source.splitlines()[line - 1].strip()}", flush=True)
    path.write_text(source, "utf-8")
    return noticed, len(sample), len(every)


def main(count: int = 10, seed: int = 131, *names: str) -> None:
    """Try a sample of changes of every file, or of some, and print how many were noticed, and the survivors."""
    told = []
    home = Path.cwd()
    with tempfile.TemporaryDirectory() as folder:
        copy = copied(folder)
        if is_noticed(copy, keep=True):
            raise SystemExit("the tests fail without any change")
        for path in sorted(PACKAGE.glob("*.py")):
            if not names or path.stem in names:
                noticed, made, possible = tried(path, count, seed)
                told.append((noticed, made))
                print(f"{path.name:20s} {noticed:3d} of {made:3d} noticed, {possible:4d} possible", flush=True)
        os.chdir(home)
    noticed, made = map(sum, zip(*told, strict=True))
    print(f"{noticed} of {made} changes noticed: {noticed / made:.3f} (seed {seed}, at most {count} a file)")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:3]), *sys.argv[3:])
