"""The worked questions of docs/views.md in the large store: how long each takes, and how the database finds it."""

import re
import statistics
import time
from collections.abc import Iterator

from sqlalchemy import Engine, text

from benchmarks.console.pages import Workers
from storage.views.questions import EXAMPLE, QUESTIONS

GOAL_MS = 1000.0


def table(engine: Engine, rounds: int) -> Iterator[str]:
    """Ask every question some times and write a line for each as soon as it is known."""
    yield "| question | rows | median ms | processor ms | goal ms | met |\n|---|---|---|---|---|---|"
    workers = Workers(engine)
    for name, one in QUESTIONS.items():
        took, work, rows = [], [], 0
        for _ in range(rounds):
            before, began = workers.seconds(), time.perf_counter()
            with engine.connect() as connection:
                rows = len(connection.execute(text(one.on(EXAMPLE))).all())
            took.append(time.perf_counter() - began)
            work.append(workers.seconds() - before)
        ms, worked = statistics.median(took) * 1000, statistics.median(work) * 1000
        met = "yes" if ms <= GOAL_MS else "NO"
        yield f"| {name} | {rows:,} | {ms:,.0f} | {worked:,.0f} | {GOAL_MS:,.0f} | {met} |"


BY_INDEX = re.compile(r"(?:INDEX|using|Bitmap Index Scan on) ((?:ix|uq|pk|sqlite_autoindex)_\w+)")
WHOLE = re.compile(r"Seq Scan on (\w+)|^SCAN (?!CONSTANT)(\w+)$")


def plans(engine: Engine) -> Iterator[str]:
    """Write by which indexes the database means to answer each question, and what it means to read whole."""
    word = "EXPLAIN QUERY PLAN " if engine.dialect.name == "sqlite" else "EXPLAIN "
    yield "| question | by the indexes | read whole |\n|---|---|---|"
    for name, one in QUESTIONS.items():
        with engine.connect() as connection:
            lines = [str(row[-1]) for row in connection.execute(text(word + one.on(EXAMPLE)))]
        used = sorted({found for line in lines for found in BY_INDEX.findall(line)})
        whole = sorted({"".join(found) for line in lines for found in WHOLE.findall(line)})
        yield f"| {name} | {', '.join(f'`{one}`' for one in used)} | {', '.join(whole)} |"
