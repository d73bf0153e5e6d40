"""A stand-in for MusicBrainz with its quirks, asked over real HTTP; artists and ids are invented."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import parse_qsl, urlsplit

from spiders.base.platform import Access
from spiders.musicbrainz import Musicbrainz
from storage.targets import Ask, Target
from tests.clients import LAPSE, QuickGate
from tests.replay import Answer, Replay

NOVA = "11111111-1111-4111-8111-111111111111"
TWIN = "22222222-2222-4222-8222-222222222222"
OVER = b'{"error":"Your requests are exceeding the allowable rate limit."}'
NOT_FOUND = Answer(b'{"error":"Not Found","help":"For usage, please see: https://musicbrainz.org/"}', 404)
FREE, PAID = "769085a1-c2f7-4c24-a532-2375a77693bd", "63cc5d1f-f096-4c94-a43f-ecb32ea94161"


def spotify_page(n):
    return f"https://open.spotify.com/artist/{n:022d}"


def credit(name="Nova Quill", artist=NOVA):
    return [{"name": name, "joinphrase": "", "artist": {"id": artist, "name": "Nova Quill", "sort-name": "Quill"}}]


def release(n, **more):
    return {
        "id": f"re{n}",
        "title": f"Record {n}",
        "status": "Official",
        "date": "2009-05",
        "barcode": None,
        "label-info": [{"catalog-number": "Q1", "label": {"id": "la1", "name": "Quill Records"}}],
        "artist-credit": credit(),
        "release-group": {"id": "rg1", "primary-type": "EP"},
        "media": [{"track-count": 3}, {"track-count": 2}],
        **more,
    }


def whose(url, *artists, ended=False):
    relations = [
        {"target-type": "artist", "type-id": FREE, "ended": ended, "artist": {"id": artist, "name": "Nova Quill"}}
        for artist in artists
    ]
    return {"id": "u", "resource": url, "relations": relations}


@contextmanager
def opened(server: Replay) -> Iterator[Callable[..., Musicbrainz]]:
    """Make clients of a server, and close them in the end."""
    clients = []

    def make(gate=None, **access):
        access = {"base_url": server.url, "contact": "ops@label.example", "lapse": LAPSE, "timeout_s": 5.0, **access}
        clients.append(client := Musicbrainz(Access(**access), gate or QuickGate()))
        return client

    yield make
    for client in clients:
        client.close()


def releases(**hints):
    return Target("musicbrainz", Ask.RELEASES, NOVA, **hints)


class Browse:
    """Pages a list of releases as the web service does; a page may be cut short by `at_most`."""

    def __init__(self, server, count, at_most=100):
        self.rows, self.at_most, self.faults = [release(n) for n in range(count)], at_most, []
        self.twist = lambda page: page
        server.answer_by(self.answer)

    def answer(self, asked):
        fault = self.faults.pop(0) if self.faults else None
        if fault is not None:
            return fault
        offset, size = int(asked.query["offset"]), min(int(asked.query["limit"]), self.at_most)
        page = {"release-count": len(self.rows), "release-offset": offset, "releases": self.rows[offset:][:size]}
        return self.twist(page)


def identity(url):
    return Target("musicbrainz", Ask.IDENTITY, url)


class Urls:
    """Answers /url as the web service does."""

    def __init__(self, server, known):
        self.known, self.asked = known, []
        server.answer_by(self.answer)

    def answer(self, asked):
        urls = [value for name, value in parse_qsl(urlsplit(asked.target).query) if name == "resource"]
        self.asked.append(urls)
        rows = [self.known[url] for url in urls[:100] if url in self.known]
        if len(urls) > 1:
            return {"url-count": len(rows), "url-offset": 0, "urls": rows}
        return rows[0] if rows else NOT_FOUND
