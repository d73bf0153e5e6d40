"""Each stand-in platform speaks as its platform does, over real HTTP."""

import base64
import json
from datetime import UTC, datetime, timedelta

import pytest

from sandbox import running
from tests.listing import UNLIMITED, client, spotify_client

START = datetime(2026, 3, 2, tzinfo=UTC)
FIRST = {"deezer", "itunes", "spotify", "musicbrainz"}


@pytest.fixture(scope="module")
def sandbox():
    with running(seed=7, scale=1, lapse=0.001) as started:
        started.limits(UNLIMITED)
        yield started


@pytest.fixture(scope="module")
def artists(sandbox):
    return [artist for artist in sandbox.truth()["monitored"] if set(artist["profiles"]) >= FIRST]


@pytest.fixture(scope="module")
def deezer(sandbox):
    with client() as http:
        yield lambda path, **params: http.get(f"{sandbox.url}/deezer/{path}", params=params)


@pytest.fixture(scope="module")
def itunes(sandbox):
    with client() as http:
        yield lambda path, **params: http.get(f"{sandbox.url}/itunes/{path}", params=params)


@pytest.fixture(scope="module")
def spotify(sandbox):
    with spotify_client(sandbox) as http:
        yield lambda path, **params: http.get(f"{sandbox.url}/spotify/v1/{path}", params=params)


@pytest.fixture(scope="module")
def musicbrainz(sandbox):
    with client() as http:
        yield lambda path, **params: http.get(f"{sandbox.url}/musicbrainz/ws/2/{path}", params=params)


def deezer_albums(deezer, artists):
    for artist in artists:
        for item in deezer(f"artist/{artist['profiles']['deezer']}/albums", limit=100).json()["data"]:
            yield artist, item


# Deezer


def test_deezer_says_errors_with_status_200_and_unknown_paths_with_a_string(deezer):
    missing = deezer("artist/0")
    assert (missing.status_code, missing.json()["error"]["code"]) == (200, 800)
    assert deezer("album/upc:123").json()["error"]["code"] == 800
    unknown = deezer("nonsense/1")
    assert (unknown.status_code, unknown.json()) == (404, {"error": "Not Found"})
    assert "dzr_uniq_id" in missing.headers["set-cookie"]
    assert missing.headers["content-type"] == "application/json; charset=utf-8"


def test_deezer_pages_by_next_and_drops_the_limit_when_it_is_default(deezer, artists):
    id = artists[1]["profiles"]["deezer"]
    first = deezer(f"artist/{id}/albums", limit=2).json()
    assert len(first["data"]) == 2
    assert "index=2" in first["next"]
    assert "limit=2" in first["next"]
    assert "prev" not in first
    second = deezer(f"artist/{id}/albums", limit=2, index=2).json()
    assert "prev" in second
    assert "limit" not in deezer("search/track", q=f'artist:"{artists[1]["name"]}"').json().get("next", "")
    assert "next" not in deezer(f"artist/{id}/albums", limit=2, index=first["total"] - 1).json()
    assert deezer("search/artist", q="qxqxqxjvj").json() == {"data": [], "total": 0}


def test_deezer_lists_by_kind_and_only_nearly_by_date_with_holes_in_its_pages(deezer, artists):
    order, unsorted, short = ["album", "ep", "single", "compile"], 0, 0
    for artist in artists:
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


def test_deezer_gives_an_album_with_codes_and_its_tracks(deezer, artists):
    _, item = next(pair for pair in deezer_albums(deezer, artists) if pair[1]["record_type"] == "album")
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


def test_deezer_answers_a_few_albums_with_another_one(sandbox, deezer):
    from sandbox.generate import GeneratedWorld

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


def test_deezer_has_the_odd_values_that_readers_stumble_on(deezer, artists):
    ranks, covers, dates, previews = set(), set(), set(), set()
    for _, item in list(deezer_albums(deezer, artists))[:150]:
        covers.add(item["cover"] == "")
        dates.add(item["release_date"])
        for track in deezer(f"album/{item['id']}/tracks", limit=100).json().get("data", ()):
            ranks.add(type(track["rank"]))
            previews.add(track["preview"] == "")
    assert ranks == {int, str}
    assert previews == {True, False}


def test_deezer_still_knows_the_track_of_an_album_hidden_from_this_country():
    from sandbox.generate import GeneratedWorld

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


# iTunes


def test_itunes_labels_its_json_javascript_and_begins_with_blank_lines(itunes, artists):
    reply = itunes("lookup", id=artists[0]["profiles"]["itunes"])
    assert reply.headers["content-type"] == "text/javascript; charset=utf-8"
    assert reply.text.startswith("\n\n\n{")
    assert json.loads(reply.text)["results"][0]["wrapperType"] == "artist"
    nothing = itunes("lookup", id="1")
    assert (nothing.status_code, nothing.json()) == (200, {"resultCount": 0, "results": []})


def test_itunes_looks_several_artists_up_at_once_each_before_its_albums(itunes, artists):
    ids = [artist["profiles"]["itunes"] for artist in artists[:15]]
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


def test_itunes_cuts_at_200_without_a_word(itunes, sandbox):
    artist = sandbox.truth()["monitored"][49]
    rows = itunes("lookup", id=artist["profiles"]["itunes"], entity="album", limit=500, sort="recent").json()["results"]
    assert len(rows) == 201


def test_itunes_gives_songs_prices_and_suffixes_but_no_codes(itunes, artists):
    prices, names = set(), set()
    for artist in artists[:20]:
        rows = itunes("lookup", id=artist["profiles"]["itunes"], entity="album", limit=200).json()["results"]
        for row in rows[1:]:
            prices.add(row.get("collectionPrice", "absent") in (-1, "absent"))
            names.add(row["collectionName"].rpartition(" - ")[2] in ("Single", "EP"))
            assert not {"upc", "isrc", "label"} & set(row)
    assert prices == names == {True, False}
    songs = itunes("lookup", id=rows[1]["collectionId"], entity="song", limit=200).json()["results"]
    assert [song["trackNumber"] for song in songs[1:]] == list(range(1, rows[1]["trackCount"] + 1))


def test_itunes_knows_upcs_but_no_isrcs(itunes, deezer, artists):
    asked = hit = 0
    for _, item in list(deezer_albums(deezer, artists[:4]))[:40]:
        upc = deezer(f"album/{item['id']}").json().get("upc")
        asked += 1
        hit += itunes("lookup", upc=upc).json()["resultCount"] > 0
    assert hit > asked / 2
    isrc = deezer(f"album/{item['id']}/tracks").json()["data"][0]["isrc"]
    assert itunes("lookup", isrc=isrc).json()["resultCount"] == 0


def test_itunes_searches_artists_and_refuses_strange_parameters(itunes, artists):
    rows = itunes("search", term=artists[2]["name"], entity="musicArtist", limit=5).json()["results"]
    assert str(rows[0]["artistId"]) == artists[2]["profiles"]["itunes"]
    assert itunes("search", term="x", country="zz").status_code == 400
    assert itunes("nothing").status_code == 404


# Spotify


def test_spotify_gives_tokens_only_for_good_credentials(sandbox):
    url, form = f"{sandbox.url}/spotify/api/token", {"grant_type": "client_credentials"}
    with client() as http:
        for header in (
            {},
            {"Authorization": "Basic !!"},
            {"Authorization": f"Basic {base64.b64encode(b'id:').decode()}"},
        ):
            reply = http.post(url, data=form, headers=header)
            assert reply.status_code == 400
            assert reply.json() == {"error": "invalid_client", "error_description": "Invalid client"}
        assert http.get(f"{sandbox.url}/spotify/v1/artists/x").status_code == 401
        http.headers["Authorization"] = "Bearer made-up"
        assert http.get(f"{sandbox.url}/spotify/v1/artists/x").status_code == 401


def test_spotify_takes_ten_a_page_in_development(spotify, artists):
    id = artists[0]["profiles"]["spotify"]
    for limit in (11, 20, 50, 0, "x"):
        refused = spotify(f"artists/{id}/albums", limit=limit)
        assert (refused.status_code, refused.json()["error"]["message"]) == (400, "Invalid limit")
    assert spotify(f"artists/{id}/albums", market="US").json()["limit"] == 5


@pytest.mark.parametrize(
    "path", ["artists", "albums", "tracks", "browse/new-releases", "markets", "artists/x/top-tracks"]
)
def test_spotify_has_removed_endpoints(spotify, path):
    assert spotify(path, ids="a,b").json() == {"error": {"status": 403, "message": "Forbidden"}}


def test_spotify_is_newest_first_in_albums_and_singles_and_unordered_in_appears_on(spotify, artists):
    mixed = 0
    for artist in artists[:25]:
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


def test_spotify_strips_fields_in_development_and_keeps_codes(spotify, artists):
    id = artists[3]["profiles"]["spotify"]
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


def test_spotify_repeats_albums_when_no_market_is_said(spotify, artists):
    repeated = 0
    for artist in artists[:10]:
        totals = [
            spotify(
                f"artists/{artist['profiles']['spotify']}/albums", include_groups="single", limit=10, **market
            ).json()["total"]
            for market in ({}, {"market": "US"})
        ]
        repeated += totals[0] > totals[1]
    assert repeated > 3


def test_spotify_has_dates_of_every_precision(sandbox):
    from sandbox.dialects.spotify.items import PRECISIONS
    from sandbox.generate import GeneratedWorld

    world = GeneratedWorld(7, 1, START.timestamp())
    dates = {r.date for n in range(world.shape.people) for r in world.listings(n) if "spotify" in r.on}
    assert {PRECISIONS[len(date)] for date in dates} == {"year", "month", "day"}
    assert "0000" in dates


def test_spotify_extended_keeps_the_old_fields_and_batches():
    with running(seed=7, scale=0.06, lapse=0.001, capability="extended") as sandbox, spotify_client(sandbox) as http:
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


# MusicBrainz


def test_musicbrainz_wants_a_contact(sandbox, artists):
    url = f"{sandbox.url}/musicbrainz/ws/2/artist/{artists[0]['profiles']['musicbrainz']}"
    for agent in ("", "python-httpx/0.28.1", "Mozilla/5.0"):
        with client() as http:
            assert http.get(url, headers={"User-Agent": agent}).status_code == 403


def test_musicbrainz_looks_artists_up_with_aliases_and_relations(musicbrainz, artists):
    ended = missing = 0
    for artist in artists:
        said = musicbrainz(f"artist/{artist['profiles']['musicbrainz']}", inc="aliases+url-rels", fmt="json").json()
        assert said["name"] == artist["name"]
        assert {alias["name"] for alias in said["aliases"]} if artist["aliases"] else "aliases" in said
        current = {r["url"]["resource"] for r in said["relations"] if not r["ended"]}
        ended += any(relation["ended"] for relation in said["relations"])
        missing += f"https://www.deezer.com/artist/{artist['profiles']['deezer']}" not in current
        assert "life-span" in said
    assert 0 < ended < len(artists)
    assert 0 < missing < len(artists) / 3


def test_musicbrainz_search_leaves_keys_out_and_says_ended_null(musicbrainz, artists):
    said = musicbrainz("artist", query=f'artist:"{artists[1]["name"]}"', fmt="json").json()
    first = said["artists"][0]
    assert (first["score"], first["id"]) == (100, artists[1]["profiles"]["musicbrainz"])
    assert first["life-span"]["ended"] is None
    assert "disambiguation" not in first
    assert said["count"] >= len(said["artists"])


def test_musicbrainz_browses_oldest_first_and_cuts_pages_at_500_tracks(musicbrainz, sandbox):
    huge = sandbox.truth()["monitored"][49]["profiles"]["musicbrainz"]
    params = {"artist": huge, "inc": "recordings+isrcs+labels+artist-credits", "limit": 100, "fmt": "json"}
    seen, dates = 0, []
    pages = []
    while True:
        page = musicbrainz("release", **params, offset=seen).json()
        pages.append(page)
        assert page["release-offset"] == seen
        tracks = sum(medium["track-count"] for release in page["releases"] for medium in release["media"])
        assert tracks <= 500
        dates += [release["date"] for release in page["releases"]]
        seen += len(page["releases"])
        if seen >= page["release-count"]:
            break
    assert len(pages[0]["releases"]) < 100
    dated = [date for date in dates if date]
    assert dated == sorted(dated)
    assert dates[len(dated) :] == [""] * (len(dates) - len(dated))
    assert pages[0]["releases"][0]["media"][0]["tracks"][0]["recording"]["isrcs"]


def test_musicbrainz_finds_isrcs_barcodes_and_addresses(musicbrainz, artists):
    id = artists[1]["profiles"]["musicbrainz"]
    releases = musicbrainz("release", artist=id, inc="recordings+isrcs", limit=100, fmt="json").json()["releases"]
    isrc = releases[0]["media"][0]["tracks"][0]["recording"]["isrcs"][0]
    assert musicbrainz(f"isrc/{isrc}", inc="releases").json()["recordings"][0]["releases"]
    assert musicbrainz("isrc/ZZZZZ0000001").status_code == 404
    assert musicbrainz("isrc/nothing").status_code == 400
    assert musicbrainz(f"artist/{id}", inc="coffee").json()["error"].startswith("coffee is not a valid inc parameter")
    coded = next(release for release in releases if release["barcode"])
    assert musicbrainz("release", query=f"barcode:{coded['barcode']}").json()["releases"][0]["id"] == coded["id"]
    assert {release["barcode"] for release in releases} & {"", None} or len(releases) < 8
    assert musicbrainz("release/" + coded["id"], inc="labels").json()["label-info"][0]["label"]["name"]


def test_musicbrainz_answers_one_address_or_many_but_no_more_than_a_hundred(musicbrainz, artists):
    urls = [f"https://www.deezer.com/artist/{artist['profiles']['deezer']}" for artist in artists]
    found = musicbrainz("url", resource=[*urls[:30], "https://www.deezer.com/artist/1"], inc="artist-rels").json()
    assert found["url-count"] == len(found["urls"]) < 31
    holder = next(row for row in found["urls"] if row["resource"] == urls[1])["relations"]
    assert artists[1]["profiles"]["musicbrainz"] in {relation["artist"]["id"] for relation in holder}
    assert musicbrainz("url", resource="https://www.deezer.com/artist/1").status_code == 404
    one = musicbrainz("url", resource=found["urls"][0]["resource"], inc="artist-rels").json()
    assert one["resource"] == found["urls"][0]["resource"]
    late = musicbrainz("url", resource=[*[f"https://www.deezer.com/artist/{n}" for n in range(1, 101)], urls[1]])
    assert urls[1] not in [row["resource"] for row in late.json()["urls"]]
