"""The stand-in for iTunes speaks as iTunes does, over real HTTP."""

import json
from datetime import UTC, datetime

import pytest

from tests.listing import client

START = datetime(2026, 3, 2, tzinfo=UTC)


@pytest.fixture(scope="module")
def itunes(whole_world):
    with client() as http:
        yield lambda path, **params: http.get(f"{whole_world.url}/itunes/{path}", params=params)


@pytest.fixture(scope="module")
def deezer(whole_world):
    with client() as http:
        yield lambda path, **params: http.get(f"{whole_world.url}/deezer/{path}", params=params)


def deezer_albums(deezer, everywhere):
    for artist in everywhere:
        for item in deezer(f"artist/{artist['profiles']['deezer']}/albums", limit=100).json()["data"]:
            yield artist, item


def test_itunes_labels_its_json_javascript_and_begins_with_blank_lines(itunes, everywhere):
    reply = itunes("lookup", id=everywhere[0]["profiles"]["itunes"])
    assert reply.headers["content-type"] == "text/javascript; charset=utf-8"
    assert reply.text.startswith("\n\n\n{")
    assert json.loads(reply.text)["results"][0]["wrapperType"] == "artist"
    nothing = itunes("lookup", id="1")
    assert (nothing.status_code, nothing.json()) == (200, {"resultCount": 0, "results": []})


def test_itunes_looks_several_artists_up_at_once_each_before_its_albums(itunes, everywhere):
    ids = [artist["profiles"]["itunes"] for artist in everywhere[:15]]
    rows = itunes("lookup", id=",".join(ids), entity="album", limit=200, sort="recent").json()["results"]
    assert [str(row["artistId"]) for row in rows if row["wrapperType"] == "artist"] == ids
    dates = []
    for row in rows:
        if row["wrapperType"] == "artist":
            dates = []
        elif "releaseDate" in row:
            dates.append(row["releaseDate"])
            assert dates == sorted(dates, reverse=True)
    assert all(row["country"] == "USA" for row in rows if row["wrapperType"] == "collection")


def test_itunes_cuts_at_200_without_a_word(itunes, whole_world):
    artist = whole_world.truth()["monitored"][49]
    rows = itunes("lookup", id=artist["profiles"]["itunes"], entity="album", limit=500, sort="recent").json()["results"]
    assert len(rows) == 201


def test_itunes_gives_songs_prices_and_suffixes_but_no_codes(itunes, everywhere):
    prices, names = set(), set()
    for artist in everywhere[:20]:
        rows = itunes("lookup", id=artist["profiles"]["itunes"], entity="album", limit=200).json()["results"]
        for row in rows[1:]:
            prices.add(row.get("collectionPrice", "absent") in (-1, "absent"))
            names.add(row["collectionName"].rpartition(" - ")[2] in ("Single", "EP"))
            assert not {"upc", "isrc", "label"} & set(row)
    assert prices == names == {True, False}
    songs = itunes("lookup", id=rows[1]["collectionId"], entity="song", limit=200).json()["results"]
    assert [song["trackNumber"] for song in songs[1:]] == list(range(1, rows[1]["trackCount"] + 1))


def test_itunes_knows_upcs_but_no_isrcs(itunes, deezer, everywhere):
    asked = hit = 0
    for _, item in list(deezer_albums(deezer, everywhere[:4]))[:40]:
        upc = deezer(f"album/{item['id']}").json().get("upc")
        asked += 1
        hit += itunes("lookup", upc=upc).json()["resultCount"] > 0
    assert hit > asked / 2
    isrc = deezer(f"album/{item['id']}/tracks").json()["data"][0]["isrc"]
    assert itunes("lookup", isrc=isrc).json()["resultCount"] == 0


def test_itunes_searches_artists_and_refuses_strange_parameters(itunes, everywhere):
    rows = itunes("search", term=everywhere[2]["name"], entity="musicArtist", limit=5).json()["results"]
    assert str(rows[0]["artistId"]) == everywhere[2]["profiles"]["itunes"]
    assert itunes("search", term="x", country="zz").status_code == 400
    assert itunes("nothing").status_code == 404
