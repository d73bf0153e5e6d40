"""Candidates per second by export, pull and push over a filled outbox, with memory: `python -m benchmarks.feed`."""

import argparse
import asyncio
import json
import multiprocessing
import resource
import socket
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import uvicorn
from sqlalchemy import insert, text
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from crawler.feed.push import signing
from crawler.feed.push.addresses import Allowed
from crawler.feed.push.deliverer import Deliverer, Terms, in_threads
from storage import endpoints, outbox
from storage.database import fresh_schema, open_database, writing
from storage.models import artist, case
from storage.models import outbox as rows

NOW = datetime(2026, 3, 2, tzinfo=UTC)
KEY = "b" * 32
SIGNALS = [
    {"signal": f"signal_{n}", "reason": "Why it speaks.", "state": "quiet", "bits": 0.0, "because": "printed: X"}
    for n in range(20)
]


def document(number: int) -> str:
    """Compose a document of the usual size, with everything that filters and flat files read."""
    case_id = number % 1000 + 1
    profile = {"platform": "deezer", "id": str(number), "name": "Ada Quill"}
    release = {"id": str(number), "title": "Song", "gtin": "04006381333931", "tracks": [{"isrc": "QZXY92600001"}] * 8}
    stamps = {"opened_at": "2026-03-02T00:00:00Z", "written_at": "2026-03-02T00:00:00Z"}
    names = {"event": "changed", "idempotency_key": f"case-{case_id}-{number}", "kind": "release", "attack": "A"}
    scores = {"score_low": 0.1, "score": 0.5, "score_high": 0.9, "bits": 0.0, "rule_version": "bits-1"}
    return json.dumps(
        {"schema_version": "falsetto.candidate/2", **names, **scores, **stamps}
        | {"case_id": case_id, "revision": number, "origin": "news", "status": "open", "statement": "unconfirmed: ..."}
        | {"artist": {"key": "k", "name": "Ada Quill"}, "findings": [{"profile": profile, "release": release}]}
        | {"signals": SIGNALS, "verdict": None, "merged_into": None}
    )


def fill(url: str, count: int) -> None:
    """Fill a store's outbox."""
    engine = open_database(url)
    fresh_schema(engine)
    scores = {"score_low": 0, "score_high": 1, "rule_version": "1", "evidence": "[]"}
    with writing(engine) as connection:
        connection.execute(insert(artist).values(key="k", name="Ada", name_key="ada", added_at=NOW, changed_at=NOW))
        shared = {
            "kind": "release",
            "artist_id": 1,
            "group_id": 1,
            "status": "open",
            "opened_at": NOW,
            "changed_at": NOW,
        }
        connection.execute(insert(case), [{"key": f"k{n}", **shared, **scores} for n in range(1000)])
    for first in range(0, count, 20_000):
        with writing(engine) as connection:
            values = [
                {
                    "position": n + 1,
                    "case_id": n % 1000 + 1,
                    "event": "changed",
                    "idempotency_key": f"case-{n % 1000 + 1}-{n}",
                    "document": document(n),
                    "written_at": NOW,
                }
                for n in range(first, min(count, first + 20_000))
            ]
            connection.execute(insert(rows), values)
    engine.dispose()


def export(url: str, form: str, count: int) -> None:
    """Export everything in a process of its own, and print its pace and its greatest memory."""
    code = (
        "import resource, sys; from crawler.cli import app\n"
        f"app(['feed', 'export', '--format', '{form}', '--out', '/dev/null'], standalone_mode=False)\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)"
    )
    began = time.perf_counter()
    environment = {"FALSETTO_DATABASE_URL": url, "PATH": "/usr/bin:/bin", "PYTHONPATH": str(Path.cwd())}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    took = time.perf_counter() - began
    print(f"export {form}: {count:,} in {took:.1f} s, {count / took:,.0f}/s, at most {done.stdout.strip()} MiB")


def pull(url: str, count: int) -> None:
    """Time pages of 100 at the beginning and at the end."""
    engine = open_database(url)
    with engine.connect() as connection:
        for name, after in (("first", 0), ("last", count - 100)):
            times = []
            for _ in range(50):
                began = time.perf_counter()
                assert len(list(outbox.since(connection, after, 100))) == 100
                times.append(time.perf_counter() - began)
            print(f"pull, {name} page of 100: median {sorted(times)[25] * 1000:.2f} ms")
    engine.dispose()


def receive(listener: socket.socket, total: "multiprocessing.sharedctypes.Synchronized[int]") -> None:
    """Take everything, in a process of its own."""

    async def hook(request: Request) -> Response:
        await request.body()
        total.value += 1
        return Response(status_code=204)

    app = Starlette(routes=[Route("/", hook, methods=["POST"])])
    uvicorn.Server(uvicorn.Config(app, access_log=False, log_config=None)).run(sockets=[listener])


def push(url: str, count: int, pushed: int) -> None:
    """Push the last rows to a receiver on loopback."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=128)
    total = multiprocessing.get_context("fork").Value("i", 0)
    receiver = multiprocessing.get_context("fork").Process(target=receive, args=(listener, total), daemon=True)
    receiver.start()
    engine = open_database(url)
    with writing(engine) as connection:
        address = f"http://127.0.0.1:{listener.getsockname()[1]}/"
        endpoints.add(connection, "bench", address, {}, signing.key_check(KEY), count - pushed, NOW)

    async def work() -> int:
        deliverer = Deliverer(in_threads(engine), lambda: datetime.now(UTC), Terms(KEY, Allowed(loopback=True)))
        try:
            return await deliverer.once()
        finally:
            await deliverer.close()

    began, busy = time.perf_counter(), time.process_time()
    tries = asyncio.run(work())
    took, busy = time.perf_counter() - began, time.process_time() - busy
    print(f"push: {tries:,} tries, {total.value:,} taken in {took:.1f} s, {total.value / took:,.0f}/s")
    print(f"push: {busy / tries * 1000:.2f} ms of processor for each, {tries / busy:,.0f}/s on a core of its own")
    receiver.terminate()
    engine.dispose()


def kill(rounds: int, seed: int) -> None:
    """Kill parts of the feed on PostgreSQL, with two producers, and print what was counted."""
    from benchmarks.feed import kills
    from tests import postgres

    began = time.perf_counter()
    with postgres.running() as server, tempfile.TemporaryDirectory() as folder:
        server.run("CREATE DATABASE kills")
        engine = open_database(server.url("kills"))
        fresh_schema(engine)
        engine.dispose()
        counted = kills.run(kills.prepared(server.url("kills"), Path(folder)), rounds, seed)
    for name, number in counted.items():
        print(f"{name}: {number:,}")
    print(f"nothing lost, nothing out of order, no gap; {time.perf_counter() - began:.0f} s")


def main() -> None:
    """Fill a store and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--pushes", type=int, default=5_000)
    parser.add_argument("--kills", type=int, help="instead: kill parts of the feed so often, on PostgreSQL")
    parser.add_argument("--seed", type=int, default=7)
    asked = parser.parse_args()
    if asked.kills:
        kill(asked.kills, asked.seed)
        return
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'feed.db'}"
        began = time.perf_counter()
        fill(url, asked.rows)
        engine = open_database(url)
        with engine.connect() as connection:
            size = connection.scalar(text("SELECT sum(length(document)) / count(*) FROM outbox"))
        engine.dispose()
        print(f"{asked.rows:,} documents of {size} bytes, filled in {time.perf_counter() - began:.0f} s")
        pull(url, asked.rows)
        push(url, asked.rows, asked.pushes)
        for form in ("jsonl", "csv", "parquet"):
            export(url, form, asked.rows)
    print(f"greatest memory of this process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MiB")


if __name__ == "__main__":
    main()
