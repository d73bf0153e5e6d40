"""The feed under kill -9: producers, deliverer, API and consumers die at random points and are started again.

Every part is the real one, in a process of its own: cases are kept and told in one transaction, a sequencer places
them, the deliverer pushes signed messages to a receiver, a consumer pulls pages from the API. What each of them knows
it had done stands in a file of its own, written after the deed; at the end the files are held against the store.
"""

import asyncio
import hashlib
import json
import multiprocessing
import os
import random
import signal
import socket
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import uvicorn
from sqlalchemy import insert, select
from sqlalchemy.exc import DBAPIError
from standardwebhooks.webhooks import Webhook
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from crawler.api.app import build
from crawler.api.rates import Quota
from crawler.feed import candidates
from crawler.feed.push import signing
from crawler.feed.push.addresses import Allowed
from crawler.feed.push.deliverer import Deliverer, Terms, in_threads
from storage import cases, endpoints, keys, outbox, roster
from storage.cases import Bound, Judged
from storage.database import open_database, writing
from storage.models import case, profile, release
from storage.models import outbox as papers

FORK = multiprocessing.get_context("fork")
BEGAN = datetime(2026, 3, 2, tzinfo=UTC)
LAPSE = 600  # of the deliverer's clock: its leases of ten minutes end within a second
KEY = "k" * 32
CASES = 12
MOST_DEEDS, DEED = 25, 60  # between two kills: lines in the parts' files, of about so many bytes
LONGEST_LIFE_S = 6.0
PATIENCE_S = 240.0


@dataclass(slots=True)
class Stage:
    """Where the parts meet."""

    url: str
    folder: Path
    hook: socket.socket
    api: socket.socket
    events: list[Judged] = field(default_factory=list)
    secret: str = ""
    key: str = ""
    real: float = field(default_factory=time.time)

    def now(self) -> datetime:
        """Tell the time of the deliverer's clock."""
        return BEGAN + timedelta(seconds=(time.time() - self.real) * LAPSE)

    def note(self, name: str, *words: object) -> None:
        """Append a line to a part's own file: a kill tears none of so few bytes."""
        with (self.folder / name).open("ab", buffering=0) as log:
            log.write((json.dumps(words) + "\n").encode())

    def noted(self, name: str) -> list[list[Any]]:
        """Read a part's own file."""
        path = self.folder / name
        return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []

    def where(self, listener: socket.socket) -> str:
        """Give the address of a listener."""
        return f"http://127.0.0.1:{listener.getsockname()[1]}"


def prepared(url: str, folder: Path) -> Stage:
    """Put an artist, releases, an endpoint and a key into a store that has its tables."""
    stage = Stage(url, folder, *(socket.create_server(("127.0.0.1", 0), backlog=128) for _ in range(2)))
    engine = open_database(url)
    with writing(engine) as connection:
        ids, _ = roster.keep_artists(connection, [roster.Monitored("k", "Ada Quill", None, 1.0, (), ())], BEGAN)
        page = roster.Standing(ids["k"], "deezer", "1", "official", "roster", "Ada Quill")
        roster.keep_standings(connection, [page], BEGAN)
        page_id = connection.scalar(select(profile.c.id))
        shared = {"platform": "deezer", "title": "Song", "title_key": "song"}
        seen = {"first_seen_at": BEGAN, "last_seen_at": BEGAN}
        for number in range(CASES):
            row = insert(release).values(**shared, **seen, platform_id=str(number)).returning(release.c.id)
            bound = Bound(page_id, connection.execute(row).scalar_one(), "listed", BEGAN)
            stage.events.append(_event(ids["k"], number, bound))
        salt = endpoints.add(connection, "hook", stage.where(stage.hook), {}, signing.key_check(KEY), 0, BEGAN)
        stage.key = keys.create(connection, "puller", "read", BEGAN)
    engine.dispose()
    stage.secret = signing.secret(KEY, salt)
    return stage


def _event(artist_id: int, number: int, bound: Bound) -> Judged:
    scores = {"score_low": 0.5, "score": 0.6, "score_high": 0.8, "bits": 4.5, "rule_version": "test"}
    kinds = {"kind": "release", "attack": "hijack", "origin": "news", "status": "open", "loud": False}
    signal_ = {"signal": "s", "reason": "Why.", "state": "fired", "bits": 4.5, "because": "printed: X"}
    rest = {"title": "Song", "meaning": "", "evidence": (signal_,), "bindings": (bound,)}
    return Judged(artist_id=artist_id, group_id=number + 1, **kinds, **scores, **rest)


def produce(stage: Stage, name: str) -> None:
    """Change cases for ever, some in one transaction, and place what was told."""
    engine, chance, count = open_database(stage.url), random.Random(f"{name} {os.getpid()}"), 0
    while True:
        count += 1
        meaning = f"{name} {os.getpid()} {count}"
        some = [replace(one, meaning=meaning) for one in chance.sample(stage.events, chance.randint(1, 3))]
        try:
            with writing(engine) as connection:
                told = cases.keep(connection, some, BEGAN)
                candidates.tell(connection, told, BEGAN)
            stage.note(f"{name}.log", meaning, len(told))
            with writing(engine) as connection:
                outbox.sequence(connection)
        except (
            DBAPIError
        ) as fault:  # two opened the same case at once, or waited for each other: one of them is refused
            stage.note("refused.log", type(fault.orig).__name__)


def deliver(stage: Stage) -> None:
    """Push for ever."""
    engine = open_database(stage.url)
    terms = Terms(KEY, Allowed(loopback=True), timeout_s=5.0, width=4)
    asyncio.run(Deliverer(in_threads(engine), stage.now, terms).run(asyncio.Event()))


def receive(stage: Stage) -> None:
    """Take messages: written down first, answered then."""
    webhook = Webhook(stage.secret)

    async def hook(request: Request) -> Response:
        body = await request.body()
        id_, stamp = request.headers["webhook-id"], int(request.headers["webhook-timestamp"])
        right = webhook.sign(id_, datetime.fromtimestamp(stamp, UTC), body.decode())
        data = json.loads(body)["data"]
        bytes_ = hashlib.sha256(body).hexdigest()
        is_right = right == request.headers["webhook-signature"]
        stage.note("pushed.log", id_, data["case_id"], data["revision"], bytes_, is_right)
        return Response(status_code=204)

    app = Starlette(routes=[Route("/", hook, methods=["POST"])])
    _serve(app, stage.hook)


def answer(stage: Stage) -> None:
    """Serve the API."""
    _serve(build(open_database(stage.url), Quota(10**9, 60)), stage.api)


def _serve(app: Any, listener: socket.socket) -> None:
    uvicorn.Server(uvicorn.Config(app, lifespan="off", access_log=False, log_config=None)).run(sockets=[listener])


def pull(stage: Stage) -> None:
    """Page through the feed for ever; the cursor is kept after what it stands for."""
    cursor = stage.folder / "cursor"
    with httpx.Client(base_url=stage.where(stage.api), trust_env=False, timeout=10) as client:
        client.headers["Authorization"] = f"Bearer {stage.key}"
        while True:
            after = int(cursor.read_text()) if cursor.exists() else 0
            try:
                said = client.get(f"/v1/candidates?after={after}&limit=7&wait=1")
                page = said.raise_for_status().json()
            except httpx.HTTPError:  # the API was killed just now
                time.sleep(0.02)
                continue
            for item in page["items"]:
                told = item["candidate"]
                stage.note("pulled.log", item["cursor"], told["idempotency_key"], told["case_id"], told["revision"])
            kept = stage.folder / "cursor.new"
            kept.write_text(str(page["next"]))
            kept.replace(cursor)


def run(stage: Stage, rounds: int, seed: int = 7, producers: int = 2) -> dict[str, int]:
    """Kill one part a round, let the rest catch up, and hold everything against the store; return what was counted."""
    chance = random.Random(seed)
    makers = {f"producer {n}": (lambda name=f"producer-{n}": produce(stage, name)) for n in range(producers)}
    parts: dict[str, Callable[[], None]] = {
        **makers,
        "deliverer": lambda: deliver(stage),
        "receiver": lambda: receive(stage),
        "api": lambda: answer(stage),
        "puller": lambda: pull(stage),
    }
    alive = {name: _started(work) for name, work in parts.items()}
    killed: Counter[str] = Counter()
    try:
        for _ in range(rounds):
            _lived(stage, chance.randint(1, MOST_DEEDS) * DEED, chance.uniform(0, 0.05))
            victim = chance.choice(sorted(parts))
            _kill(alive[victim])
            killed[victim] += 1
            alive[victim] = _started(parts[victim])
        for name in makers:
            _kill(alive[name])
        _caught_up(stage)
    finally:
        for one in alive.values():
            _kill(one)
        stage.hook.close()
        stage.api.close()
    return checked(stage, producers) | {"rounds": rounds} | {f"killed: {name}": n for name, n in sorted(killed.items())}


def _lived(stage: Stage, bytes_: int, rest_s: float) -> None:
    """Let the parts get something done, however busy the machine is, and then a moment more."""
    until, before = time.monotonic() + LONGEST_LIFE_S, _written(stage)
    while _written(stage) - before < bytes_ and time.monotonic() < until:
        time.sleep(0.01)
    time.sleep(rest_s)


def _written(stage: Stage) -> int:
    return sum(path.stat().st_size for path in stage.folder.glob("*.log"))


def _started(work: Callable[[], None]) -> Any:
    child = FORK.Process(target=work, daemon=True)
    child.start()
    return child


def _kill(child: Any) -> None:
    if child.is_alive():
        os.kill(child.pid, signal.SIGKILL)
    child.join()


def _caught_up(stage: Stage) -> None:
    """Place what the last producer left, and wait until both consumers have seen as much as there is."""
    engine, until = open_database(stage.url), time.monotonic() + PATIENCE_S
    with writing(engine) as connection:
        outbox.sequence(connection)
    with engine.connect() as connection:
        count = len(connection.scalars(select(papers.c.id)).all())
    engine.dispose()
    while time.monotonic() < until:
        if len({row[0] for row in stage.noted("pushed.log")}) >= count and len(_pulled(stage)) >= count:
            return
        time.sleep(0.05)


def _pulled(stage: Stage) -> dict[str, list[Any]]:
    first: dict[str, list[Any]] = {}
    for row in stage.noted("pulled.log"):
        first.setdefault(row[1], row)
    return first


def checked(stage: Stage, producers: int) -> dict[str, int]:
    """Assert what the feed promises."""
    engine = open_database(stage.url)
    with engine.connect() as connection:
        rows = connection.execute(select(papers).order_by(papers.c.position)).all()
        revisions = {row.id: row.revision for row in connection.execute(select(case.c.id, case.c.revision))}
    engine.dispose()
    told = [json.loads(row.document) for row in rows]
    assert [row.position for row in rows] == list(range(1, len(rows) + 1)), "a position is missing or given twice"
    of_case: dict[int, list[dict[str, Any]]] = {}
    for one in told:
        of_case.setdefault(one["case_id"], []).append(one)
    for case_id, documents in of_case.items():
        expected = [f"case-{case_id}-{n + 1}" for n in range(len(documents))]
        assert [one["idempotency_key"] for one in documents] == expected, "order of a case is lost"
        assert [one["revision"] for one in documents] == list(range(1, len(documents) + 1))
        assert revisions[case_id] == len(documents), "a case changed and nobody was told"
    known = sum(row[1] for n in range(producers) for row in stage.noted(f"producer-{n}.log"))
    assert known <= len(rows), "what was committed is lost"
    all_keys = {one["idempotency_key"] for one in told}

    pulled = stage.noted("pulled.log")
    assert {row[1] for row in pulled} == all_keys, "a puller lost something"
    assert [row[0] for row in _pulled(stage).values()] == list(range(1, len(rows) + 1)), "a puller met a gap"
    assert len({(row[0], row[1]) for row in pulled}) == len(rows), "a cursor stands for two documents"

    pushed = stage.noted("pushed.log")
    assert {row[0] for row in pushed} == all_keys, "a push was lost"
    assert all(row[4] for row in pushed), "a signature is wrong"
    assert len({(row[0], row[3]) for row in pushed}) == len(rows), "the bytes of a message changed"
    newest: dict[int, int] = {}
    seen: set[str] = set()
    for id_, case_id, revision, _, _ in pushed:
        if id_ not in seen:
            assert revision > newest.get(case_id, 0), "a case was pushed out of order"
            newest[case_id] = revision
            seen.add(id_)
    return {
        "documents": len(rows),
        "known to producers": known,
        "pulled again": len(pulled) - len(rows),
        "pushed again": len(pushed) - len(rows),
        "transactions refused": len(stage.noted("refused.log")),
    }
