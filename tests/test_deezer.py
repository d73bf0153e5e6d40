"""Deezer's quirks, in invented answers of its shapes."""

import pytest

from spiders.base.errors import Misunderstood
from spiders.base.reading import barcode_forms
from spiders.deezer import read_artist, read_track
from tests.crawling import Crawling
from tests.replay import Answer, Replay

NO_DATA = {"error": {"type": "DataException", "message": "no data", "code": 800}}
ARTIST = {"id": 7, "name": "Sora Lindqvist", "type": "artist"}
TRACK = {
    "id": 501,
    "readable": False,
    "title": "Low Tide (Live)",
    "title_version": "(Live)",
    "isrc": "QZAAA2600001",
    "duration": 201,
    "track_position": 1,
    "disk_number": 1,
    "rank": "120",
    "explicit_lyrics": False,
    "preview": "",
    "artist": ARTIST,
}
ALBUM = {
    "id": 90,
    "title": "Quiet Harbour",
    "upc": "602475158875",
    "link": "https://www.deezer.com/album/90",
    "cover": "",
    "cover_xl": None,
    "genre_id": -1,
    "genres": {"data": [{"id": 1, "name": "Pop"}]},
    "label": "Harbour Tapes",
    "nb_tracks": 1,
    "duration": 201,
    "release_date": "0000-00-00",
    "record_type": "single",
    "available": True,
    "explicit_lyrics": False,
    "contributors": [{**ARTIST, "role": "Main"}, {"id": 8, "name": "Ines Okoro", "role": "Featured"}],
    "artist": ARTIST,
    "tracks": {"data": []},
}


@pytest.fixture(scope="module")
def crawling():
    with Crawling() as process:
        yield process


@pytest.fixture
def server():
    with Replay() as replay:
        yield replay


def ask(crawling, server, ask_, subject):
    return crawling.crawl("deezer", [(ask_, subject)], server.url).only()


def test_a_release_is_told_with_its_tracks_isrcs_and_roles(crawling, server):
    server.add("/album/90", ALBUM)
    server.add("/album/90/tracks?limit=100", {"data": [TRACK], "total": 1})
    look = ask(crawling, server, "release", "90")
    album, track = look["told"]
    assert (look["outcome"], look["cost"], look["expected"]) == ("complete", 2, 1)
    assert (album["type"], album["upc"], album["date"], album["cover_url"]) == (
        "ReleaseSeen",
        "602475158875",
        "0000-00-00",
        None,
    )
    assert album["lines"] == [{"kind": "label", "text": "Harbour Tapes"}]
    assert [(c["name"], c["profile_id"], c["role"]) for c in album["credits"]] == [
        ("Sora Lindqvist", "7", "main"),
        ("Ines Okoro", "8", "featured"),
    ]
    assert (track["isrc"], track["duration_ms"], track["version"], track["position"]) == (
        "QZAAA2600001",
        201_000,
        "(Live)",
        1,
    )


def test_fewer_tracks_than_the_album_claims_are_partial(crawling, server):
    server.add("/album/90", {**ALBUM, "nb_tracks": 2})
    server.add("/album/90/tracks?limit=100", {"data": [TRACK], "total": 1})
    assert ask(crawling, server, "release", "90")["stop_reason"] == "1 of 2 came"


def test_another_album_than_asked_is_a_redirect_and_not_recorded(crawling, server):
    server.add("/album/90", {**ALBUM, "id": 91})
    look = ask(crawling, server, "release", "90")
    assert look["outcome"] == "blind"
    assert look["told"] == [{"type": "Redirected", "asked": "90", "got": "91"}]


@pytest.mark.parametrize(
    ("kind", "path"),
    [("profile", "/artist/7"), ("releases", "/artist/7/albums?limit=100"), ("release", "/album/7")],
)
@pytest.mark.parametrize("status", [200, 404])
def test_no_data_is_an_answer_whatever_the_status(crawling, server, kind, path, status):
    server.add(path, Answer(b'{"error":{"type":"DataException","message":"no data","code":800}}', status))
    look = ask(crawling, server, kind, "7")
    assert look["outcome"] == "absent"
    assert look["told"] == [{"type": "Absent", "id": "7", "reason": "no such thing"}]


def test_an_artist_without_releases_is_complete_and_not_absent(crawling, server):
    server.add("/artist/7/albums?limit=100", {"data": [], "total": 0})
    look = ask(crawling, server, "releases", "7")
    assert (look["outcome"], look["received"], look["told"]) == ("complete", 0, [])


def test_a_search_pages_and_keeps_the_rank(crawling, server):
    server.add(
        "/search/artist?q=sora&limit=100",
        {"data": [ARTIST], "total": 2, "next": f"{server.url}/search/artist?q=sora&limit=100&index=100"},
    )
    server.add("/search/artist?q=sora&limit=100&index=100", {"data": [{"id": 9, "name": "Söra"}], "total": 2})
    look = ask(crawling, server, "search", "sora")
    assert [(told["id"], told["position"]) for told in look["told"]] == [("7", 1), ("9", 2)]
    assert look["outcome"] == "complete"


def test_a_search_without_end_is_left_after_three_pages_and_partial(crawling, server):
    def page(asked):
        first = int(asked.query.get("index", 0))
        rows = [{"id": number, "name": f"Sora {number}"} for number in range(first, first + 100)]
        return {"data": rows, "total": 5000, "next": f"{server.url}/search/artist?q=sora&limit=100&index={first + 100}"}

    server.answer_by(page)
    look = ask(crawling, server, "search", "sora")
    assert (look["outcome"], look["received"], look["cost"]) == ("partial", 300, 3)


def test_a_barcode_is_tried_as_given_and_in_other_lengths(crawling, server):
    server.answer_by(lambda asked: ALBUM if asked.path == "/album/upc:602475158875" else NO_DATA)
    look = ask(crawling, server, "upc", "0602475158875")
    assert (look["outcome"], look["cost"], look["told"][0]["id"]) == ("complete", 2, "90")
    assert [asked.path for asked in server.asked] == ["/album/upc:0602475158875", "/album/upc:602475158875"]


def test_a_barcode_that_no_form_finds_is_absent(crawling, server):
    server.answer_by(lambda asked: NO_DATA)
    look = ask(crawling, server, "upc", "602475158875")
    assert (look["outcome"], look["cost"]) == ("absent", 3)


def test_a_barcode_answered_with_another_is_a_redirect(crawling, server):
    server.answer_by(lambda asked: {**ALBUM, "upc": "999999999999"})
    look = ask(crawling, server, "upc", "602475158875")
    assert (look["outcome"], look["told"][0]["type"]) == ("blind", "Redirected")


def test_an_isrc_finds_one_of_several_tracks_and_is_never_complete(crawling, server):
    server.add("/track/isrc:QZAAA2600001", {**TRACK, "album": {"id": 90, "title": "Quiet Harbour"}})
    look = ask(crawling, server, "isrc", "QZAAA2600001")
    assert look["outcome"] == "partial"
    assert [(told["type"], told["id"]) for told in look["told"]] == [("TrackSeen", "501"), ("ReleaseSeen", "90")]


def test_forms_of_a_barcode():
    assert barcode_forms("00602475158875") == ["00602475158875", "602475158875", "0602475158875"]
    assert barcode_forms("5060384615257") == ["5060384615257", "05060384615257"]


def test_a_mandatory_key_that_is_missing_is_loud():
    with pytest.raises(Misunderstood, match="'name'"):
        read_artist({"id": 7}, None)
    with pytest.raises(Misunderstood, match="'duration'"):
        read_track({"id": 1, "title": "x", "artist": ARTIST}, None, "90")
