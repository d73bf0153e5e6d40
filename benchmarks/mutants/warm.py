"""A process that has imported what the tests import from others, and forks for each run: no run pays for that again.

Run as a file, so that nothing of the checkout is imported before the fork. Reads lines of JSON and answers each with
one: pytest's exit code, or null when the tests did not end in time.
"""

import contextlib
import importlib
import json
import os
import signal
import sys
import time
from pathlib import Path
from typing import Any

FOREIGN = (
    *("pytest", "hypothesis", "pytest_timeout", "sqlalchemy.dialects.postgresql", "sqlalchemy.dialects.sqlite"),
    *("alembic.command", "psycopg", "httpx", "pydantic", "numpy", "rapidfuzz", "typer", "rich.console", "jsonschema"),
    *("scrapy.crawler", "scrapy.spiders", "lxml.html", "spotipy", "tenacity", "stdnum.isrc", "apscheduler", "zoneinfo"),
)
LEFT_OUT = ("cacheprovider", "schemathesis", "playwright")
POLL_S = 0.02


def main() -> None:
    """Answer every line."""
    sys.path.pop(0)  # this file's folder
    for name in FOREIGN:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    for line in sys.stdin:
        print(json.dumps(ran(**json.loads(line))), flush=True)


def ran(place: str, words: list[str], patience_s: float) -> int | None:
    """Run pytest in a fork, at a place."""
    child = os.fork()
    if not child:
        code: Any = 3
        try:
            code = _pytest(place, words)
        finally:
            os._exit(int(code))
    until = time.monotonic() + patience_s
    while time.monotonic() < until:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        time.sleep(POLL_S)
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return None


def _pytest(place: str, words: list[str]) -> int:
    import pytest

    os.setsid()  # what it starts ends with it
    with (Path(place) / "said.txt").open("wb") as said:
        nothing = os.open(os.devnull, os.O_RDONLY)
        for number, stream in ((0, nothing), (1, said.fileno()), (2, said.fileno())):
            os.dup2(stream, number)
    os.chdir(place)
    sys.path.insert(0, place)
    os.environ["PYTHONPATH"] = place
    left_out = [word for name in LEFT_OUT for word in ("-p", f"no:{name}")]
    ignored = ["-W", "ignore::pytest.PytestAssertRewriteWarning"]
    return int(pytest.main(["-x", "-q", "--no-header", *left_out, *ignored, *words]))


if __name__ == "__main__":
    main()
