"""What the demo found, read from its store and set against the sandbox's truth, line by line."""

from collections.abc import Iterator

from sqlalchemy import Connection

import sandbox
from crawler.demo.against_truth import against_truth, named
from crawler.demo.play import Ran
from storage.cases import OPEN
from storage.facts import case_list, reports

TOP = 10
REASONS = 3


def told(connection: Connection, ran: Ran, world: sandbox.Sandbox) -> Iterator[str]:
    """Tell what was covered, the most suspicious events with their reasons, and the truth beside them."""
    yield ""
    yield "What was covered:"
    for row in reports.freshness(connection, ran.ended):
        where = ":".join(part for part in (row["platform"], row["ask"], row["section"]) if part)
        yield f"  {where:<30} {row['seen_whole']:>5} of {row['targets']:>5} seen whole"
    for platform, blind in reports.blind_fields(connection).items():
        yield f"  {platform}: blind for {blind or 'nothing'}"
    violations = sum(bucket["violations"] for buckets in world.calls().values() for bucket in buckets.values())
    yield f"  limits overrun, as counted by the sandbox: {violations}"
    yield ""
    yield "The most suspicious events (unconfirmed), each once for all platforms:"
    rows = list(case_list.cases(connection, statuses=OPEN))
    for row in rows[:TOP]:
        platforms = ", ".join(dict.fromkeys(one["platform"] for one in row["findings"])) or "nowhere now"
        what = f"{row['title']} ({row['kind']}; {platforms}; falsetto cases show {row['id']})"
        yield f"  {row['score']:.2f}  {row['artist']}: {what}"
        fired = sorted(
            (s for s in row["evidence"] if s["state"] == "fired" and s["bits"] > 0), key=lambda s: -s["bits"]
        )
        for signal in fired[:REASONS]:
            yield f"        {signal['bits']:+5.1f}  {signal['reason']} {signal['because']}"
    loud = sum(row["loud"] for row in rows)
    yield f"{len(rows)} cases are open, {loud} of them above the alert cut"
    yield ""
    truth = world.truth()
    yield "What the open cases are, says the sandbox's truth:"
    for line in named(rows, truth, world.whose):
        yield f"  {line}"
    yield ""
    yield "What was planted, and what became of it:"
    for line in against_truth(connection, truth):
        yield f"  {line}"
