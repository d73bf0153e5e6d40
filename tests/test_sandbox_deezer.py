"""The stand-in for Deezer speaks as Deezer does, over real HTTP."""

from datetime import UTC, datetime, timedelta

import pytest

from sandbox import running
from sandbox.generate import GeneratedWorld
from tests.listing import client

START = datetime(2026, 3, 2, tzinfo=UTC)


@pytest.fixture(scope="module")
def deezer(whole_world):
    with client() as http:
        yield lambda path, **params: http.get(f"{whole_world.url}/deezer/{path}", params=params)


def deezer_albums(deezer, everywhere):
    for artist in everywhere:
        for item in deezer(f"artist/{artist['profiles']['deezer']}/albums", limit=100).json()["data"]:
            yield artist, item


def test_deezer_says_errors_with_status_200_and_unknown_paths_with_a_string(deezer):
    missing = deezer("artist/0")
    assert (missing.status_code, missing.json()["error"]["code"]) == (200, 800)
    assert deezer("album/upc:123").json()["error"]["code"] == 800
    unknown = deezer("nonsense/1")
    assert (unknown.status_code, unknown.json()) == (404, {"error": "Not Found"})
    assert "dzr_uniq_id" in missing.headers["set-cookie"]
    assert missing.headers["content-type"] == "application/json; charset=utf-8"


def test_deezer_pages_by_next_and_drops_the_limit_when_it_is_default(deezer, everywhere):
    id = everywhere[1]["profiles"]["deezer"]
    first = deezer(f"artist/{id}/albums", limit=2).json()
    assert len(first["data"]) == 2
    assert "index=2" in first["next"]
    assert "limit=2" in first["next"]
    assert "prev" not in first
    second = deezer(f"artist/{id}/albums", limit=2, index=2).json()
    assert "prev" in second
    assert "limit" not in deezer("search/track", q=f'artist:"{everywhere[1]["name"]}"').json().get("next", "")
    assert "next" not in deezer(f"artist/{id}/albums", limit=2, index=first["total"] - 1).json()
    assert deezer("search/artist", q="qxqxqxjvj").json() == {"data": [], "total": 0}


def test_deezer_lists_by_kind_and_only_nearly_by_date_with_holes_in_its_pages(deezer, everywhere):
    order, unsorted, short = ["album", "ep", "single", "compile"], 0, 0
    for artist in everywhere:
        page = deezer(f"artist/{artist['profiles']['deezer']}/albums", limit=100).json()
        kinds = [order.index(item["record_type"]) for item in page["data"]]
        assert kinds == sorted(kinds)
        dates = [item["release_date"] for item in page["data"] if item["record_type"] == "single"]
        unsorted += dates != sorted(dates, reverse=True)
        short += len(page["data"]) < min(100, page["total"])
        assert all(len(item["release_date"]) == 10 for item in page["data"])
        assert all(not {"upc", "label", "artist", "nb_tracks"} & set(item) for item in page["data"])
    assert unsorted > 5
    assert short > 5


def test_deezer_gives_an_album_with_codes_and_its_tracks(deezer, everywhere):
    _, item = next(pair for pair in deezer_albums(deezer, everywhere) if pair[1]["record_type"] == "album")
    album = deezer(f"album/{item['id']}").json()
    assert (album["title"], len(album["upc"])) == (item["title"], 12)
    assert {"label", "nb_tracks", "duration", "contributors", "available"} <= set(album)
    assert {person["role"] for person in album["contributors"]} <= {"Main", "Featured"}
    assert all("isrc" not in track for track in album["tracks"]["data"])
    tracks = deezer(f"album/{item['id']}/tracks", limit=100).json()
    assert tracks["total"] == album["nb_tracks"]
    assert [track["track_position"] for track in tracks["data"]] == list(range(1, album["nb_tracks"] + 1))
    assert deezer(f"album/upc:{album['upc']}").json()["id"] == album["id"]
    assert deezer(f"album/upc:0{album['upc']}").json()["error"]["code"] == 800
    isrc = tracks["data"][-1]["isrc"]
    assert deezer(f"track/isrc:{isrc}").json()["isrc"] == isrc
    assert deezer(f"2.0/album/{item['id']}").json()["id"] == album["id"]


def test_deezer_answers_a_few_albums_with_another_one(whole_world, deezer):
    world = GeneratedWorld(7, 1, START.timestamp())
    other = found = 0
    for n in range(world.shape.people):
        for release in world.listings(n):
            entry = release.on.get("deezer")
            if entry and entry.twin and entry.is_up("US", world.start):
                found += 1
                answer = deezer(f"album/{entry.id}").json()
                other += str(answer["id"]) == entry.twin and answer["upc"] != release.upc
        if found > 5:
            break
    assert found == other > 5


def test_deezer_has_the_odd_values_that_readers_stumble_on(deezer, everywhere):
    items = [item for _, item in deezer_albums(deezer, everywhere)]
    assert {item["cover"] == "" for item in items} == {True, False}
    assert "0000-00-00" in {item["release_date"] for item in items}
    ranks, previews = set(), set()
    for item in items[:100]:
        for track in deezer(f"album/{item['id']}/tracks", limit=100).json().get("data", ()):
            ranks.add(type(track["rank"]))
            previews.add(track["preview"] == "")
    assert ranks == {int, str}
    assert previews == {True, False}


def test_deezer_still_knows_the_track_of_an_album_hidden_from_this_country():
    world = GeneratedWorld(7, 1, START.timestamp())
    event = next(event for event in world.planted() if event.kind == "geo_hide")
    album = next(binding.release for binding in event.bindings if binding.platform == "deezer")
    track = world.tracks(world.find_release("deezer", album))[0]
    for country, visible in (("US", False), ("FR", True)):
        with running(seed=7, scale=1, lapse=0.001, country=country) as later, client() as http:
            later.advance(START + timedelta(days=20))
            assert ("error" not in http.get(f"{later.url}/deezer/album/{album}").json()) == visible
            said = http.get(f"{later.url}/deezer/track/{track.ids['deezer']}").json()
            assert said["readable"] == visible
            assert ("US" in said["available_countries"]) is False
            assert http.get(f"{later.url}/deezer/track/isrc:{track.isrc}").json()["id"] == said["id"]
