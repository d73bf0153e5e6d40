"""What the demo found, read from its store and set against the sandbox's truth, line by line."""

import textwrap
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

import sandbox
from crawler.demo.against_truth import against_truth, named
from crawler.demo.play import Ran
from storage.cases import OPEN
from storage.facts import case_list, reports

TOP = 5
REASONS = 3
WIDTH = 118


def told(connection: Connection, ran: Ran, world: sandbox.Sandbox) -> Iterator[str]:
    """Tell what was covered, the most suspicious events with their reasons, and the truth beside them."""
    rows = list(case_list.cases(connection, statuses=OPEN))
    truth = world.truth()
    yield ""
    yield "WHAT WAS ASKED (lists, pages and searches; in part: cut off by the platform, or still to be asked)"
    yield from _covered(connection, ran.ended)
    violations = sum(bucket["violations"] for buckets in world.calls().values() for bucket in buckets.values())
    yield f"  limits overrun, as counted by the sandbox: {violations}"
    yield ""
    loud = sum(row["loud"] for row in rows)
    yield f"WHAT WAS FOUND: {len(rows)} cases are open, {loud} of them above the alert cut; all unconfirmed, you decide"
    for row in rows[:TOP]:
        yield from _case(row)
    yield ""
    yield "WHAT IS TRUE (only a sandbox can tell). The open cases are:"
    for line in named(rows, truth, world.whose):
        yield from _wrapped(line)
    yield ""
    yield "Of what was planted:"
    for line in against_truth(connection, truth):
        yield from _wrapped(line)


def _covered(connection: Connection, at: datetime) -> Iterator[str]:
    """Tell for each platform how much was seen whole, and what it never tells."""
    asked: dict[str, list[int]] = {}
    for row in reports.freshness(connection, at):
        counts = asked.setdefault(row["platform"], [0, 0])
        counts[0] += row["seen_whole"]
        counts[1] += row["targets"]
    blind = dict(reports.blind_fields(connection))
    for platform, (whole, targets) in asked.items():
        never = (blind.get(platform) or "nothing").replace(",", ", ")
        yield f"  {platform}: {whole} of {targets} seen whole, the others in part; it never tells: {never}"


def _case(row: Mapping[str, Any]) -> Iterator[str]:
    """Tell one case: what, whose, where, and what speaks most for it."""
    platforms = ", ".join(dict.fromkeys(one["platform"] for one in row["findings"])) or "nowhere now"
    yield f"  case {row['id']}, {row['score']:.0%}: {row['kind']} {row['title']!r}, {row['artist']}, on {platforms}"
    fired = [s for s in row["evidence"] if s["state"] == "fired" and s["bits"] > 0]
    for signal in sorted(fired, key=lambda s: -s["bits"])[:REASONS]:
        said = f"{signal['bits']:+5.1f} bits  {signal['reason']} {signal['because']}"
        said = textwrap.shorten(said, 2 * WIDTH - 40, placeholder=" ...")
        yield from textwrap.wrap(said, WIDTH, initial_indent="    ", subsequent_indent=" " * 16)


def _wrapped(line: str) -> list[str]:
    return textwrap.wrap(line, WIDTH, initial_indent="  ", subsequent_indent="      ")


def next_steps(url: str, at: datetime, key: str, case: int | None) -> Iterator[str]:
    """Tell how the first case is decided, and where to look closer."""
    store = f"FALSETTO_DATABASE_URL={url} FALSETTO_TIME_ORIGIN={at:%Y-%m-%dT%H:%M:%SZ}"
    yield ""
    yield "DECIDE YOUR FIRST CASE"
    yield "  1. start the console, with the demo's last day for today:"
    yield f"     {store} .venv/bin/falsetto serve"
    yield "  2. open it and press Log in; the address brings the key, at its end:"
    yield f"     http://127.0.0.1:8420/console/login#key={key}"
    yield "  3. Review shows the most suspicious case first: read why, choose what it is, and press Decide."
    if case is not None:
        yield "  or all at once, in a terminal:"
        yield f"     {store} .venv/bin/falsetto cases verdict {case} impersonation --by you"
    yield ""
    yield "LOOK CLOSER"
    yield f"  export {store}"
    shown = f"cases show {case}" if case is not None else "census"
    for command in ("status", "cases list", shown, "feed export --format jsonl --since 0", "roster list"):
        yield f"  .venv/bin/falsetto {command}"
    yield "  .venv/bin/falsetto sql --question back-dated     # and, without a question, a shell on the views"
