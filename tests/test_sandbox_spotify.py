"""The stand-in for Spotify speaks as Spotify does, over real HTTP."""

import base64
from datetime import UTC, datetime

import pytest

from sandbox import running
from sandbox.generate import GeneratedWorld
from tests.listing import client, spotify_client

START = datetime(2026, 3, 2, tzinfo=UTC)


@pytest.fixture(scope="module")
def spotify(whole_world):
    with spotify_client(whole_world) as http:
        yield lambda path, **params: http.get(f"{whole_world.url}/spotify/v1/{path}", params=params)


def test_spotify_gives_tokens_only_for_good_credentials(whole_world):
    url, form = f"{whole_world.url}/spotify/api/token", {"grant_type": "client_credentials"}
    with client() as http:
        for header in (
            {},
            {"Authorization": "Basic !!"},
            {"Authorization": f"Basic {base64.b64encode(b'id:').decode()}"},
        ):
            reply = http.post(url, data=form, headers=header)
            assert reply.status_code == 400
            assert reply.json() == {"error": "invalid_client", "error_description": "Invalid client"}
        assert http.get(f"{whole_world.url}/spotify/v1/artists/x").status_code == 401
        http.headers["Authorization"] = "Bearer made-up"
        assert http.get(f"{whole_world.url}/spotify/v1/artists/x").status_code == 401


def test_spotify_takes_ten_a_page_in_development(spotify, everywhere):
    id = everywhere[0]["profiles"]["spotify"]
    for limit in (11, 20, 50, 0, "x"):
        refused = spotify(f"artists/{id}/albums", limit=limit)
        assert (refused.status_code, refused.json()["error"]["message"]) == (400, "Invalid limit")
    assert spotify(f"artists/{id}/albums", market="US").json()["limit"] == 5


@pytest.mark.parametrize(
    "path", ["artists", "albums", "tracks", "browse/new-releases", "markets", "artists/x/top-tracks"]
)
def test_spotify_has_removed_endpoints(spotify, path):
    assert spotify(path, ids="a,b").json() == {"error": {"status": 403, "message": "Forbidden"}}


def test_spotify_is_newest_first_in_albums_and_singles_and_unordered_in_appears_on(spotify, everywhere):
    mixed = 0
    for artist in everywhere[:25]:
        for group in ("album", "single", "appears_on"):
            params = {"include_groups": group, "market": "US", "limit": 10}
            page = spotify(f"artists/{artist['profiles']['spotify']}/albums", **params).json()
            dates = [item["release_date"] for item in page["items"]]
            if group == "appears_on":
                mixed += dates != sorted(dates, reverse=True)
                continue
            assert dates == sorted(dates, reverse=True)
            assert all("album_group" not in item and "available_markets" not in item for item in page["items"])
            if page["next"]:
                assert page["next"].startswith("http://127.0.0.1")
                assert "locale=" in page["next"]
                assert f"include_groups={group}" in page["next"]
    assert mixed > 10


def test_spotify_strips_fields_in_development_and_keeps_codes(spotify, everywhere):
    id = everywhere[3]["profiles"]["spotify"]
    artist = spotify(f"artists/{id}").json()
    assert not {"followers", "popularity"} & set(artist)
    listed = spotify(f"artists/{id}/albums", include_groups="single", market="US").json()["items"][0]
    album = spotify(f"albums/{listed['id']}", market="US").json()
    assert not {"label", "popularity", "available_markets"} & set(album)
    assert {line["type"] for line in album["copyrights"]} == {"C", "P"}
    upc = album["external_ids"]["upc"]
    for spelling in {upc, upc.lstrip("0"), upc.lstrip("0").zfill(13), upc.lstrip("0").zfill(14)}:
        total = spotify("search", q=f"upc:{spelling}", type="album", market="US").json()["albums"]["total"]
        assert total == (1 if spelling == upc else 0)
    row = spotify(f"albums/{listed['id']}/tracks/", market="US", limit=50).json()["items"][0]
    assert "external_ids" not in row
    isrc = spotify(f"tracks/{row['id']}", market="US").json()["external_ids"]["isrc"]
    assert spotify("search", q=f"isrc:{isrc}", type="track", market="US").json()["tracks"]["total"] >= 1


def test_spotify_ends_a_search_at_a_thousand(spotify):
    assert spotify("search", q="the", type="artist", limit=10, offset=990).status_code == 200
    assert spotify("search", q="the", type="artist", limit=10, offset=1000).status_code == 400


def test_spotify_repeats_albums_when_no_market_is_said(spotify, everywhere):
    repeated = 0
    for artist in everywhere[:10]:
        totals = [
            spotify(
                f"artists/{artist['profiles']['spotify']}/albums", include_groups="single", limit=10, **market
            ).json()["total"]
            for market in ({}, {"market": "US"})
        ]
        repeated += totals[0] > totals[1]
    assert repeated > 3


def test_spotify_has_dates_of_every_precision():
    from sandbox.dialects.spotify.items import PRECISIONS

    world = GeneratedWorld(7, 1, START.timestamp())
    dates, wanted = set(), {"year", "month", "day"}
    for n in range(world.shape.people):
        dates |= {release.date for release in world.listings(n) if "spotify" in release.on}
        if {PRECISIONS[len(date)] for date in dates} >= wanted and "0000" in dates:
            break
    assert {PRECISIONS[len(date)] for date in dates} == wanted
    assert "0000" in dates


def test_spotify_extended_keeps_the_old_fields_and_batches():
    with (
        running(seed=7, scale=0.06, lapse=0.001, capability="extended") as sandbox,
        spotify_client(sandbox) as http,
    ):
        id = next(a["profiles"]["spotify"] for a in sandbox.truth()["monitored"] if "spotify" in a["profiles"])
        url = f"{sandbox.url}/spotify/v1"
        page = http.get(f"{url}/artists/{id}/albums", params={"limit": 50}).json()
        assert page["items"][0]["album_group"] in ("album", "single")
        assert page["items"][0]["available_markets"]
        assert http.get(f"{url}/artists/{id}/albums", params={"limit": 51}).status_code == 400
        batch = http.get(f"{url}/albums", params={"ids": f"{page['items'][0]['id']},{'0' * 22}"}).json()["albums"]
        assert batch[0]["label"]
        assert batch[1] is None
        assert http.get(f"{url}/artists", params={"ids": id}).json()["artists"][0]["followers"]["total"] >= 0


def test_spotify_finds_albums_beside_artists_in_one_call(spotify, everywhere):
    one = everywhere[0]
    found = spotify("search", q=one["name"], type="artist,album", limit=10, market="US").json()
    assert one["name"] in [item["name"] for item in found["artists"]["items"]]
    assert one["profiles"]["spotify"] in {by["id"] for item in found["albums"]["items"] for by in item["artists"]}


def test_an_album_of_a_scenario_is_found_by_all_words_of_its_title():
    world = GeneratedWorld(7, 0.4, START.timestamp())
    (pack,) = [event for event in world.planted() if event.kind == "sped_up_pack"]
    name = world.act(pack.artist).name
    (found,) = [release for release in world.titled(name) if release.title == f"{name} (Sped Up)"]
    assert found.on["spotify"].id in {bound.release for bound in pack.bindings}
    assert found not in world.titled(f"{name} nowhere")
    assert world.titled("") == []
