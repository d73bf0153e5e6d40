"""One look at a name: the pages that go by it are told, and what was not seen is never taken for nothing."""

import json

import pytest

import sandbox
from tests.commands import falsetto

FIRST = {"deezer", "itunes", "spotify", "musicbrainz"}


@pytest.fixture
def world():
    with sandbox.running(scale=0.1, lapse=3600, capability="extended") as world:
        yield world


def scanned(world, folder, name):
    reach = {f"{name}_base_url": url for name, url in world.base_urls().items()}
    done = falsetto(
        "scan",
        name,
        "--json",
        folder=folder,
        platforms="deezer,itunes,spotify,musicbrainz",
        contact="rights@falsetto.example",
        spotify_client_id="an-id",
        spotify_client_secret="a-secret",
        spotify_capability="extended",
        time_lapse=3600,
        time_origin=world.now().isoformat(),
        **reach,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture
def artist(world):
    return next(one for one in world.truth()["monitored"] if set(one["profiles"]) >= FIRST)


def test_a_name_is_seen_on_every_platform_and_nothing_is_kept(world, artist, tmp_path):
    told = scanned(world, tmp_path, artist["name"])
    pages = [page for page in told["pages"] if page["platform"] in FIRST]  # links name pages of others, too
    official = {(page["platform"], page["id"]) for page in pages if page["standing"] == "official"}
    ours = {(name, page) for name, page in artist["profiles"].items() if name in FIRST - {"musicbrainz"}}
    assert official == ours
    assert [line for line in told["unseen"] if "search" in line] == []
    assert list(tmp_path.iterdir()) == []


def test_a_search_that_failed_is_told_as_not_seen(world, artist, tmp_path):
    world.faults(storm_503={"probability": 1.0, "platforms": ["deezer"]})
    told = scanned(world, tmp_path, artist["name"])
    assert {page["platform"] for page in told["pages"] if page["standing"] == "the same name"} <= {"itunes", "spotify"}
    assert [line for line in told["unseen"] if line.startswith("deezer search: failed")]
