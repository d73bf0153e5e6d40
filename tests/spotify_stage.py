"""A stand-in for Spotify with its quirks, asked over real HTTP; artists and ids are invented."""

import base64
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from spiders.base.platform import Access
from spiders.spotify import Spotify
from storage.targets import Ask, Target
from tests.clients import LAPSE, QuickGate
from tests.replay import Answer, Replay

NOVA = "0000000000000000000Nova"
SECRET = "client-s3cr3t-of-ours"
TOKEN = "BQtokenthatnobodymaysee"
BASIC = base64.b64encode(f"ours:{SECRET}".encode()).decode()


def album(n, **more):
    return {
        "id": f"al{n}",
        "name": f"Song {n}",
        "album_type": "single",
        "release_date": "2024-08-16",
        "release_date_precision": "day",
        "total_tracks": 1,
        "artists": [{"id": NOVA, "name": "Nova Quill"}],
        "external_urls": {"spotify": f"https://open.spotify.com/album/al{n}"},
        "images": [{"url": f"https://i.example/{n}/640", "width": 640}, {"url": f"https://i.example/{n}/64"}],
        **more,
    }


def track(n, **more):
    return {
        "id": f"tr{n}",
        "name": f"Take {n}",
        "artists": [{"id": NOVA, "name": "Nova Quill"}],
        "duration_ms": 1000 + n,
        "disc_number": 1,
        "track_number": n,
        "explicit": False,
        "external_urls": {},
        **more,
    }


class Stage:
    """A stand-in that pages one list by offset and lets a test put faults before it."""

    def __init__(self, server):
        self.server, self.rows, self.total, self.max = server, [], None, 10
        self.faults = []  # answers to the next API calls, None: answer as usual
        self.twist = lambda asked, page: page
        self.lists = ("/albums", "/tracks")
        self.tokens = [{"access_token": TOKEN, "token_type": "Bearer", "expires_in": 3600}]
        server.answer_by(self.answer)

    def answer(self, asked):
        if asked.path == "/api/token":
            return self.tokens.pop(0) if len(self.tokens) > 1 else self.tokens[0]
        fault = self.faults.pop(0) if self.faults else None
        if fault is not None:
            return fault
        if "limit" in asked.query and int(asked.query["limit"]) > self.max:
            return Answer(b'{"error":{"status":400,"message":"Invalid limit"}}', 400)
        if asked.path == "/v1/search":
            first, *beside = asked.query["type"].split(",")
            return {f"{first}s": self.twist(asked, self.page(asked)), **{f"{kind}s": {"items": []} for kind in beside}}
        if asked.path.endswith(self.lists):
            return self.twist(asked, self.page(asked))
        return None

    def page(self, asked):
        offset, limit = int(asked.query.get("offset", 0)), int(asked.query.get("limit", 20))
        more = offset + limit < len(self.rows)
        following = f"{self.server.url}{asked.path}?offset={offset + limit}&limit={limit}&locale=*"
        total = len(self.rows) if self.total is None else self.total
        return {"items": self.rows[offset : offset + limit], "limit": limit, "offset": offset, "total": total,
                "next": following if more else None, "previous": None, "href": ""}  # fmt: skip

    def calls(self, path=""):
        return [asked for asked in self.server.asked if asked.path.startswith("/v1") and path in asked.path]


@contextmanager
def opened(server: Replay) -> Iterator[Callable[..., Spotify]]:
    """Make clients of the stand-in, and close them in the end."""
    clients = []

    def make(gate=None, **access):
        credentials = {"client_id": "ours", "client_secret": SECRET}
        access = {"base_url": server.url, "contact": "ops@label.example", "lapse": LAPSE, "timeout_s": 5.0,
                  "credentials": credentials, **access}  # fmt: skip
        clients.append(client := Spotify(Access(**access), gate or QuickGate()))
        return client

    yield make
    for client in clients:
        client.close()


def releases(section="single", **hints):
    return Target("spotify", Ask.RELEASES, NOVA, section, **hints)
