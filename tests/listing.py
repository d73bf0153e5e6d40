"""Reads whole profiles from the stand-in platforms, as naively as can be: what a page says is believed."""

import base64
from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from sandbox import Sandbox, running

CONTACT = {"User-Agent": "falsetto-tests/1.0 ( tests@example.org )"}
GROUPS = ("album", "single", "compilation", "appears_on")
UNLIMITED = {
    "deezer.all": 10**6, "itunes.all": 10**6, "musicbrainz.all": 10**6, "spotify.app_30s": 10**6,
    "spotify.artist_albums": 10**6, "spotify.other": 10**6,
}  # fmt: skip


@contextmanager
def unlimited(scale: float) -> Iterator[Sandbox]:
    """A sandbox that counts no calls and whose clock hardly moves."""
    with running(seed=7, scale=scale, lapse=0.001) as started:
        started.limits(UNLIMITED)
        yield started


def client(**headers: str) -> httpx.Client:
    """A client that no proxy setting leads astray."""
    return httpx.Client(trust_env=False, headers={**CONTACT, **headers}, timeout=30)


def spotify_client(sandbox: Sandbox) -> httpx.Client:
    """A client with a Spotify token."""
    basic = base64.b64encode(b"an-id:a-secret").decode()
    with client() as plain:
        url = f"{sandbox.url}/spotify/api/token"
        reply = plain.post(url, data={"grant_type": "client_credentials"}, headers={"Authorization": f"Basic {basic}"})
    return client(Authorization=f"Bearer {reply.json()['access_token']}")


def deezer_ids(http: httpx.Client, sandbox: Sandbox, profile: str) -> Iterator[tuple[str, str]]:
    """Every album id on a Deezer profile."""
    url = f"{sandbox.url}/deezer/artist/{profile}/albums?limit=40"
    while url:
        page = http.get(url).json()
        if "error" in page:
            assert page["error"]["code"] == 800
            return
        yield from (("albums", str(item["id"])) for item in page["data"])
        url = page.get("next")


def itunes_ids(http: httpx.Client, sandbox: Sandbox, profile: str) -> Iterator[tuple[str, str]]:
    """Every collection id of an iTunes artist, as far as the platform gives them."""
    params = {"id": profile, "entity": "album", "sort": "recent", "limit": "200", "country": "us"}
    rows = http.get(f"{sandbox.url}/itunes/lookup", params=params).json()["results"]
    yield from (("albums", str(row["collectionId"])) for row in rows if row["wrapperType"] == "collection")


def spotify_ids(http: httpx.Client, sandbox: Sandbox, profile: str) -> Iterator[tuple[str, str]]:
    """Every album id on a Spotify profile, group by group."""
    for group in GROUPS:
        url = f"{sandbox.url}/spotify/v1/artists/{profile}/albums?include_groups={group}&market=US&limit=10"
        while url:
            reply = http.get(url)
            page = reply.json() if reply.status_code == 200 else {"items": [], "next": None}
            yield from ((group, item["id"]) for item in page["items"])
            url = page["next"]


def musicbrainz_ids(http: httpx.Client, sandbox: Sandbox, profile: str) -> Iterator[tuple[str, str]]:
    """Every release id of a MusicBrainz artist, own ones and appearances."""
    for key, section in (("artist", "releases"), ("track_artist", "appears_on")):
        offset, count = 0, 1
        while offset < count:
            params = {key: profile, "limit": 100, "offset": offset, "fmt": "json"}
            page = http.get(f"{sandbox.url}/musicbrainz/ws/2/release", params=params).json()
            yield from ((section, release["id"]) for release in page["releases"])
            count, offset = page["release-count"], offset + max(1, len(page["releases"]))


READERS = {"deezer": deezer_ids, "itunes": itunes_ids, "spotify": spotify_ids, "musicbrainz": musicbrainz_ids}
