"""Real answers of Deezer and iTunes, replayed over HTTP through the real spiders, against the raw bodies read anew.

The bodies are the platforms' own and never shipped: without ../shared these tests are skipped.
"""

import json
import re

import pytest

from tests.replay import RECORDED, WHY_SKIPPED, Answer, Replay, recordings

pytestmark = pytest.mark.skipif(not RECORDED.is_dir(), reason=WHY_SKIPPED)

DEEZER = "https://api.deezer.com"
PAGE_PARAMETERS = ("limit", "country", "sort", "media")  # asked by us, not by those who recorded


def raw(platform, name):
    return json.loads((RECORDED / platform / name).read_bytes())


def replay(platform, *names):
    server = Replay(hosts=[DEEZER], ignore=PAGE_PARAMETERS)
    for recording in recordings(platform):
        if recording.path.name in names:
            server.add(recording.url, Answer(recording.body, recording.status))
    return server


def deezer(crawling, ask, subject, *names):
    with replay("deezer", *names) as server:
        look = crawling.crawl("deezer", [(ask, subject)], server.url).only()
        assert server.unknown == []
        return look


def of_type(look, kind):
    return [told for told in look["told"] if told["type"] == kind]


def dated(pattern):
    return sorted(path.name for path in (RECORDED / "deezer").glob(pattern)) if RECORDED.is_dir() else []


@pytest.mark.parametrize("name", dated("artist-27--20*.json"))
def test_deezer_profiles_of_all_years(crawling, name):
    look = deezer(crawling, "profile", "27", name)
    (profile,) = look["told"]
    body = raw("deezer", name)
    assert look["outcome"] == "complete"
    assert [profile["id"], profile["name"], profile["followers"], profile["release_count"]] == [
        "27",
        body["name"],
        body["nb_fan"],
        body["nb_album"],
    ]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("artist-27-albums-index-0--2020-08-19.json", "artist-27-albums-index-25--2020-08-16.json"),
        ("artist-27-albums--2022-01-17.json", "artist-27-albums-index-25--2022-01-17.json"),
    ],
)
def test_deezer_releases_over_two_pages(crawling, first, second):
    with replay("deezer") as server:
        for name, query in ((first, ""), (second, "?index=25")):
            server.add(f"/artist/27/albums{query}", (RECORDED / "deezer" / name).read_bytes())
        look = crawling.crawl("deezer", [("releases", "27")], server.url).only()
    rows = raw("deezer", first)["data"] + raw("deezer", second)["data"]
    assert (look["outcome"], look["pages"], look["expected"]) == ("complete", 2, raw("deezer", first)["total"])
    assert look["received"] == len({row["id"] for row in rows}) == look["expected"]
    told = {(t["id"], t["title"], t["date"], t["kind"], t["listed_on"]) for t in look["told"]}
    assert told == {(str(r["id"]), r["title"], r["release_date"], r["record_type"], "27") for r in rows}


def test_deezer_total_that_never_comes_is_partial(crawling):
    with replay("deezer") as server:
        server.add("/artist/27/albums", (RECORDED / "deezer/artist-27-albums-index-25--2026-04-04.json").read_bytes())
        look = crawling.crawl("deezer", [("releases", "27")], server.url).only()
    assert (look["outcome"], look["expected"], look["received"]) == ("partial", 1, 0)


@pytest.mark.parametrize("name", dated("album-302127--20*.json"))
def test_deezer_album_of_all_years_with_its_tracks(crawling, name):
    look = deezer(crawling, "release", "302127", name, "album-302127-tracks--2019-02-12.json")
    body, listed = raw("deezer", name), raw("deezer", "album-302127-tracks--2019-02-12.json")
    (album,) = of_type(look, "ReleaseSeen")
    assert look["outcome"] == "complete"
    assert [album["id"], album["upc"], album["date"], album["kind"], album["track_count"]] == [
        "302127",
        body["upc"],
        body["release_date"],
        body["record_type"],
        body["nb_tracks"],
    ]
    assert [line["text"] for line in album["lines"]] == [body["label"]]
    assert [(c["profile_id"], c["role"]) for c in album["credits"]] == [
        (str(one["id"]), one["role"].lower()) for one in body["contributors"]
    ]
    assert [(t["id"], t["isrc"], t["position"], t["duration_ms"]) for t in of_type(look, "TrackSeen")] == [
        (str(t["id"]), t["isrc"], t["track_position"], t["duration"] * 1000) for t in listed["data"]
    ]


def test_deezer_album_of_three_track_pages(crawling):
    names = [f"album-6770790-tracks{page}--2020-08-16.json" for page in ("", "-index-25", "-index-50")]
    look = deezer(crawling, "release", "6770790", "album-6770790--2020-08-16.json", *names)
    isrcs = [row["isrc"] for name in names for row in raw("deezer", name)["data"]]
    assert (look["outcome"], look["cost"]) == ("complete", 4)
    assert [track["isrc"] for track in of_type(look, "TrackSeen")] == isrcs
    assert len(isrcs) == raw("deezer", "album-6770790--2020-08-16.json")["nb_tracks"]


def test_deezer_single_of_two_contributors_by_barcode(crawling):
    body = raw("deezer", "deezer.album-629506181.json")
    with replay("deezer") as server:
        server.add(f"/album/upc:{body['upc']}", body)
        look = crawling.crawl("deezer", [("upc", body["upc"])], server.url).only()
    (album,) = look["told"]
    assert (look["outcome"], album["id"], album["upc"]) == ("complete", str(body["id"]), body["upc"])
    assert [credit["name"] for credit in album["credits"]] == [one["name"] for one in body["contributors"]]


def test_deezer_track_by_isrc(crawling):
    body = raw("deezer", "deezer.track-2947516331.json")
    with replay("deezer") as server:
        server.add(f"/track/isrc:{body['isrc']}", body)
        look = crawling.crawl("deezer", [("isrc", body["isrc"])], server.url).only()
    (track,) = of_type(look, "TrackSeen")
    assert (track["id"], track["isrc"], track["release_id"]) == (
        str(body["id"]),
        body["isrc"],
        str(body["album"]["id"]),
    )
    assert len(track["markets"]) == len(body["available_countries"])


@pytest.mark.parametrize("name", dated("search-artist-q-*.json"))
def test_deezer_searches(crawling, name):
    (recording,) = [one for one in recordings("deezer") if one.path.name == name]
    query = re.search(r"q=([^&]*)", recording.url)[1].replace("+", " ")
    look = deezer(crawling, "search", query, name)
    body = raw("deezer", name)
    assert look["outcome"] == "complete"
    assert [(t["id"], t["name"], t["position"]) for t in look["told"]] == [
        (str(row["id"]), row["name"], position) for position, row in enumerate(body["data"], 1)
    ]


@pytest.mark.parametrize(
    ("ask", "subject", "name"),
    [("release", "0", "album-0--2026-04-03.json"), ("profile", "-1", "artist--1--2019-09-25.json")],
)
def test_deezer_has_no_such_thing(crawling, ask, subject, name):
    assert deezer(crawling, ask, subject, name)["outcome"] == "absent"


def itunes(crawling, ask, subject, name, market):
    with replay("itunes") as server:
        server.answer_by(
            lambda asked: Answer((RECORDED / "itunes" / name).read_bytes(), content_type="text/javascript")
        )
        return crawling.crawl("itunes", [(ask, subject, market)], server.url).only()


def test_itunes_releases_of_an_artist(crawling):
    look = itunes(crawling, "releases", "799089", "lookup-id-799089-entity-album-glassjaw.json", "US")
    head, *rows = raw("itunes", "lookup-id-799089-entity-album-glassjaw.json")["results"]
    (profile,) = of_type(look, "ProfileSeen")
    assert (look["outcome"], profile["name"], look["received"]) == ("complete", head["artistName"], len(rows))
    assert [(t["id"], t["title"], t["date"], t["track_count"]) for t in of_type(look, "ReleaseSeen")] == [
        (str(r["collectionId"]), r["collectionName"], r["releaseDate"], r["trackCount"]) for r in rows
    ]


@pytest.mark.parametrize(
    ("subject", "market", "outcome"),
    [("1441458047", "GB", "complete"), ("1728639278", "US", "complete"), ("255636575", "GB", "partial")],
)
def test_itunes_releases_with_their_tracks(crawling, subject, market, outcome):
    name = f"apple.itunes-lookup-entity-song-limit-200-id-{subject}-country-{market.lower()}.json"
    look = itunes(crawling, "release", subject, name, market)
    head, *rows = raw("itunes", name)["results"]
    (release,) = of_type(look, "ReleaseSeen")
    assert (look["outcome"], look["expected"], look["received"]) == (outcome, head["trackCount"], len(rows))
    assert [release["id"], release["lines"][0]["text"]] == [subject, head["copyright"]]
    assert [(t["id"], t["disc"], t["position"], t["duration_ms"]) for t in of_type(look, "TrackSeen")] == [
        (str(r["trackId"]), r["discNumber"], r["trackNumber"], r["trackTimeMillis"]) for r in rows
    ]
    assert {c["profile_id"] for t in of_type(look, "TrackSeen") for c in t["credits"]} == {
        str(r["artistId"]) for r in rows
    }


def test_itunes_profile_and_searches(crawling):
    look = itunes(crawling, "profile", "909253", "lookup-id-909253-artist.json", "US")
    body = raw("itunes", "lookup-id-909253-artist.json")["results"][0]
    assert (look["outcome"], look["told"][0]["name"]) == ("complete", body["artistName"])
    look = itunes(crawling, "search", "the beatles", "search-musicArtist-one-result.json", "US")
    assert [(t["id"], t["position"]) for t in look["told"]] == [("136975", 1)]
    look = itunes(crawling, "search", "nobody", "search-empty.json", "US")
    assert (look["outcome"], look["told"]) == ("complete", [])
    assert itunes(crawling, "profile", "1", "search-empty.json", "US")["outcome"] == "absent"


def test_itunes_answer_of_another_kind_is_not_taken_for_artists(crawling):
    look = itunes(crawling, "search", "lil wayne", "search-lil-wayne-50-results.json", "US")
    assert (look["outcome"], {told["type"] for told in look["told"]}) == ("malformed", {"OddRow"})
