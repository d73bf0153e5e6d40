"""No question, however strange, makes a stand-in platform fall over; and its state stays readable while it is asked."""

import random
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from sandbox import running
from sandbox.dialects.answer import Ask
from sandbox.dialects.platforms import stand_ins
from sandbox.generate import GeneratedWorld
from sandbox.server.door import encoded
from tests.listing import UNLIMITED, client

START = datetime(2026, 3, 2, tzinfo=UTC)
PATHS = {
    "deezer": (
        "artist/{} artist/{}/albums album/{} album/{}/tracks track/{} track/isrc:{} album/upc:{} search/artist "
        "search/album search/track search {}"
    ),
    "itunes": "lookup search {}",
    "spotify": (
        "v1/artists/{} v1/artists/{}/albums v1/albums/{} v1/albums/{}/tracks v1/tracks/{} v1/search "
        "v1/artists v1/{} {} v1"
    ),
    "musicbrainz": "ws/2/artist ws/2/artist/{} ws/2/release ws/2/release/{} ws/2/isrc/{} ws/2/url {}",
}
KEYS = (
    "id", "q", "term", "query", "limit", "offset", "index", "entity", "upc", "inc", "artist", "track_artist", "type",
    "market", "include_groups", "country", "sort", "resource", "ids", "strict",
)  # fmt: skip
STRANGE = (
    "", "0", "-1", "--5", "1e9", "9" * 5000, "é", "\x00", "\ud800", "²", "a" * 22, "null", "album,single", "upc:1", '"',
    'artist:"', "isrc:x", "year:2020-2026", "tag:new", "name:\\", "the", "+", "%", "aliases+url-rels", "musicArtist",
    "album",     "00000000-0000-4000-8000-000000000000", "artist,album,track", "US", "https://www.deezer.com/artist/1",
)  # fmt: skip


@pytest.mark.parametrize("capability", ["development", "extended"])
@pytest.mark.parametrize("platform", list(PATHS))
def test_strange_questions_are_answered(platform, capability):
    world = GeneratedWorld(7, 0.1, START.timestamp())
    dialect = stand_ins(world, capability, "US")[platform].dialect
    if platform == "spotify":
        dialect.grants.given["token"] = float("inf"), "ours"
    known = [p.id for n in range(60) for p in world.act(n).profiles.values() if p.platform == platform]
    known += [r.on[platform].id for n in range(20) for r in world.listings(n) if platform in r.on]
    rng = random.Random(5)
    headers = {"authorization": "Bearer token", "user-agent": "tests/1 (a@example.org)"}
    statuses = set()
    for _ in range(3000):
        word = rng.choice(known) if rng.random() < 0.5 else rng.choice(STRANGE)
        every = tuple((rng.choice(KEYS), rng.choice((*STRANGE, word))) for _ in range(rng.randrange(5)))
        path = rng.choice([*PATHS[platform].split(), ""]).format(word)
        answer = dialect.answer(Ask("GET", path, dict(every), every, headers, base="http://x"), world.start + 86400)
        encoded(answer)
        statuses.add(answer.status)
    assert {200, 404} <= statuses | {404} <= {200, 400, 403, 404}


def test_many_clients_and_the_truth_are_served_at_once():
    with running(scale=0.4, lapse=0.001) as sandbox:
        sandbox.limits(UNLIMITED)
        ids = [artist["profiles"].get("deezer", "1") for artist in sandbox.truth()["monitored"]]

        def ask(id):
            with client() as http:
                return http.get(f"{sandbox.url}/deezer/artist/{id}/albums?limit=100").json()

        with ThreadPoolExecutor(8) as pool:
            rows = pool.submit(sandbox.visible)
            together = list(pool.map(ask, ids * 5))
        assert together == [ask(id) for id in ids] * 5
        assert len(rows.result()) > 500


@pytest.mark.parametrize("path", ["", "napster/artist/1", "_sandbox/nothing", "_sandbox/visible?platform=x"])
def test_what_is_not_here_is_refused_politely(path):
    with running(scale=0.06) as sandbox, client() as http:
        reply = http.get(f"{sandbox.url}/{path}")
        assert reply.status_code in (400, 404)
        assert http.get(f"{sandbox.url}/_sandbox").json()["platforms"]


def test_a_sandbox_does_not_outlive_its_parent():
    script = (
        "import os, sys\nfrom sandbox import running\n"
        "with running(scale=0.06) as sandbox:\n    print(sandbox.url, flush=True)\n    os.kill(os.getpid(), 9)\n"
    )
    root = Path(__file__).resolve().parent.parent
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, cwd=root, timeout=60, check=False
    )
    url = done.stdout.strip()
    assert done.returncode == -9
    deadline = time.monotonic() + 10
    with client() as http:
        while time.monotonic() < deadline:
            try:
                http.get(f"{url}/_sandbox", timeout=1)
            except httpx.TransportError:
                return
            time.sleep(0.05)
    raise AssertionError("the child is still there")
