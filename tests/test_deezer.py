"""What is Deezer's alone: searches that never end, and "no data" under any status. The rest is in test_platforms.py."""

import json

import pytest

from spiders.base.reading import barcode_forms
from tests.replay import Answer

ARTIST = {"id": 7, "name": "Sora Lindqvist", "type": "artist"}


def ask(crawling, server, ask_, subject):
    return crawling.crawl("deezer", [(ask_, subject)], server.url).only()


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


def test_a_search_pages_and_keeps_the_rank(crawling, server):
    server.add(
        "/search/artist?q=sora&limit=100",
        {"data": [ARTIST, None], "total": 2, "next": f"{server.url}/search/artist?q=sora&limit=100&index=100"},
    )
    server.add("/search/artist?q=sora&limit=100&index=100", {"data": [{"id": 9, "name": "Söra"}], "total": 2})
    look = ask(crawling, server, "search", "sora")
    found = [(told["id"], told["position"]) for told in look["told"] if told["type"] == "ProfileSeen"]
    assert found == [("7", 1), ("9", 3)]


def test_a_search_without_end_is_left_after_three_pages_and_partial(crawling, server):
    def page(asked):
        first = int(asked.query.get("index", 0))
        rows = [{"id": number, "name": f"Sora {number}"} for number in range(first, first + 100)]
        return {"data": rows, "total": 5000, "next": f"{server.url}/search/artist?q=sora&limit=100&index={first + 100}"}

    server.answer_by(page)
    look = ask(crawling, server, "search", "sora")
    assert (look["outcome"], look["received"], look["cost"]) == ("partial", 300, 3)


QUOTA = {"type": "Exception", "message": "Quota limit exceeded", "code": 4}


@pytest.mark.parametrize(
    "body",
    [
        json.dumps({"error": QUOTA}, indent=2),
        json.dumps({"data": [], "error": QUOTA}),
        "\ufeff" + json.dumps({"error": QUOTA}),
        "{ " + json.dumps({"error": QUOTA})[1:],
        json.dumps({"note": "x" * 500, "error": QUOTA}),
    ],
    ids=["indented", "after an empty list", "after a mark", "after a space", "far behind"],
)
@pytest.mark.parametrize("status", [200, 403, 500])
def test_a_throttle_parks_the_bucket_however_it_is_written(crawling, server, body, status):
    server.answer_by(lambda asked: Answer(body.encode(), status))
    crawled = crawling.crawl("deezer", [("profile", "7")], server.url)
    assert crawled.only()["outcome"] == "throttled"
    assert crawled.parks[0] == ["", 5.0, "error 4: Quota limit exceeded"]


@pytest.mark.parametrize("body", [b'{"id": 7, "name": "error"}', b'{"id": 7, "name": "The \\"error\\" Tapes"}'])
def test_an_artist_called_error_is_none(crawling, server, body):
    server.answer_by(lambda asked: body)
    assert ask(crawling, server, "profile", "7")["outcome"] == "complete"


def test_what_an_error_says_is_told_only_as_far_as_it_is_legible(crawling, server):
    said = {"code": 300, "message": "no\x1b[2J\nToken" + "x" * 5_000}
    server.answer_by(lambda asked: {"error": said})
    look = ask(crawling, server, "profile", "7")
    assert look["outcome"] == "refused"
    assert look["stop_reason"].startswith("error 300: no[2JTokenxxx")
    assert len(look["stop_reason"]) < 300


def test_forms_of_a_barcode():
    assert barcode_forms("00602475158875") == ["00602475158875", "602475158875", "0602475158875"]
    assert barcode_forms("5060384615257") == ["5060384615257", "05060384615257"]
