"""Crawls that meet trouble: the right outcome, no target without a coverage, nothing falsely complete."""

import asyncio
import gzip
import json
import logging
from types import SimpleNamespace
from urllib.parse import urlencode

import pytest
from scrapy.http import Request, Response

from spiders.base.crawled.middlewares import Excuses, Politeness, Retrying
from spiders.base.errors import Refused
from spiders.base.platform import Access, platform
from spiders.deezer import Deezer
from storage.targets import Ask, Target
from tests.crawling import LAPSE, Crawling
from tests.replay import Answer, Replay

QUOTA = {"error": {"type": "Exception", "message": "Quota limit exceeded", "code": 4}}


def row(number, title="Quiet Harbour"):
    return {"id": number, "title": f"{title} {number}", "record_type": "single", "release_date": "2026-05-01"}


def page(server, first, last, *, total, following=None):
    rows = [row(number) for number in range(first, last)]
    more = {"next": f"{server.url}/artist/7/albums?index={following}&limit=100"} if following else {}
    return {"data": rows, "total": total, **more}


def two_pages(server, *second):
    server.add("/artist/7/albums?limit=100", page(server, 0, 3, total=5, following=3))
    server.add("/artist/7/albums?index=3&limit=100", *second)


def test_two_pages_are_complete_and_cost_two_calls(crawling, server):
    two_pages(server, page(server, 3, 5, total=5))
    look = crawling.crawl("deezer", [("releases", "7")], server.url).only()
    assert (look["outcome"], look["pages"], look["cost"], look["received"], look["expected"]) == (
        "complete",
        2,
        2,
        5,
        5,
    )
    assert [told["id"] for told in look["told"]] == ["0", "1", "2", "3", "4"]
    assert {told["listed_on"] for told in look["told"]} == {"7"}
    assert [status for status, _ in look["payloads"]] == [200, 200]


@pytest.mark.parametrize(
    ("second", "outcome", "cost"),
    [
        ([Answer(status=429)] * 3, "throttled", 4),
        ([QUOTA] * 3, "throttled", 4),
        ([Answer(b"busy", 503)] * 3, "failed", 4),
        ([Answer(reset=True)] * 3, "failed", 4),
        ([Answer(b"x" * 500, cut_at=100)] * 3, "failed", 4),
        ([Answer(b"{}", delay_s=5)] * 3, "failed", 4),
        ([{"error": {"type": "Exception", "message": "Service busy", "code": 700}}] * 3, "failed", 4),
        ([Answer(b'{"data":[{"id":3,"title":"cut')] * 3, "failed", 4),
        ([Answer(b'{"data":[{"id":3,"artist":{"id":7}')], "malformed", 2),
        ([{"data": {"id": 3}}], "malformed", 2),
        ([{"data": [{"id": 3, "record_type": "single", "release_date": "2026-05-01"}]}], "malformed", 2),
        ([Answer(b"x" * 10_000_000)], "malformed", 2),
        ([Answer(b"<html>forbidden</html>", 403, "text/html")], "refused", 2),
        ([Answer(status=302, headers={"Location": "http://127.0.0.2:9/"})], "refused", 2),
        ([{"error": {"type": "OAuthException", "message": "Invalid token", "code": 300}}], "refused", 2),
        ([Answer(b'{"error":"Not Found"}', 404)], "malformed", 2),
        ([Answer(b"[]")], "malformed", 2),
        ([Answer(b"[" * 200_000)], "malformed", 2),
        ([Answer(b"teapot", 418)], "malformed", 2),
    ],
    ids=lambda value: None if isinstance(value, int | str) else repr(value[0])[:60],
)
def test_trouble_on_the_second_page_keeps_the_first_and_says_where_to_go_on(crawling, server, second, outcome, cost):
    two_pages(server, *second)
    is_slow = isinstance(second[0], Answer) and second[0].delay_s
    access = {"timeout_s": 0.3} if is_slow else {}
    crawled = crawling.crawl("deezer", [("releases", "7")], server.url, access=access)
    look = crawled.only()
    assert (look["outcome"], look["cost"]) == (outcome, cost)
    assert look["stop_reason"]
    assert [told["id"] for told in look["told"] if told["type"] != "OddRow"] == ["0", "1", "2"]
    assert look["resume"] == "artist/7/albums?index=3&limit=100"
    assert crawled.told == ["deezer:releases:7"]
    assert crawled.slots == cost == len(server.asked)


@pytest.mark.parametrize(
    "trouble",
    [
        Answer(status=429),
        Answer(json.dumps(QUOTA).encode()),
        Answer(status=503),
        Answer(reset=True),
        Answer(b"{", cut_at=0),
        Answer(b'{"data":[{"id":3,"title":"cut'),
    ],
    ids=["429", "quota in 200", "503", "reset", "cut on the way", "cut at the source"],
)
def test_one_bad_answer_is_asked_again_for_another_slot(crawling, server, trouble):
    two_pages(server, trouble, page(server, 3, 5, total=5))
    crawled = crawling.crawl("deezer", [("releases", "7")], server.url)
    look = crawled.only()
    assert (look["outcome"], look["cost"], crawled.slots, look["received"]) == ("complete", 3, 3, 5)
    assert crawled.landed == 3  # what failed may have arrived as well


def test_a_quota_hidden_in_a_good_status_parks_the_bucket_for_the_window(crawling, server):
    two_pages(server, QUOTA, page(server, 3, 5, total=5))
    crawled = crawling.crawl("deezer", [("releases", "7")], server.url)
    assert crawled.parks == [["", 5.0, "error 4: Quota limit exceeded"]]
    refused, again = server.asked[1].at, server.asked[2].at
    assert again - refused >= 5.0 / LAPSE


def test_a_retry_after_is_what_the_bucket_is_parked_for(crawling, server):
    server.add("/artist/7", Answer(status=429, headers={"Retry-After": "90"}))
    crawled = crawling.crawl("deezer", [("profile", "7")], server.url)
    assert crawled.parks == [["", 90.0, "the answer: HTTP 429"]]
    assert (crawled.only()["outcome"], len(server.asked)) == ("throttled", 1)


def test_a_gate_that_refuses_ends_the_walk_and_nobody_sleeps(crawling, server):
    two_pages(server, page(server, 3, 5, total=5))
    crawled = crawling.crawl("deezer", [("releases", "7"), ("profile", "8")], server.url, throttle_after=1)
    assert {look["outcome"] for look in crawled.looks.values()} == {"throttled"}
    assert sorted(crawled.told) == ["deezer:profile:8", "deezer:releases:7"]
    assert (len(server.asked), crawled.took_s < 1) == (1, True)


def test_a_link_to_another_host_is_refused_and_never_followed(crawling, server):
    with Replay() as stranger:
        server.add("/artist/7/albums?limit=100", page(stranger, 0, 3, total=5, following=3))
        look = crawling.crawl("deezer", [("releases", "7")], server.url).only()
        assert (look["outcome"], look["received"], len(look["told"])) == ("refused", 3, 3)
        assert stranger.asked == []


def test_no_request_leaves_the_platform_whoever_made_it():
    spider = Deezer(access=Access(base_url="http://127.0.0.1:1"))
    politeness = Politeness(SimpleNamespace(spider=spider))
    with pytest.raises(Refused, match="another host"):
        asyncio.run(politeness.process_request(Request("http://127.0.0.2:1/artist/7")))


def test_a_credential_in_an_address_reaches_neither_log_nor_coverage(caplog):
    caplog.set_level(logging.DEBUG)
    secret = "s3cr3t/with+signs"
    spider = Deezer(access=Access(base_url="http://127.0.0.1:1", credentials={"key": secret}, lapse=LAPSE * LAPSE))
    url = f"http://127.0.0.1:1/artist/7?{urlencode({'key': secret})}"
    targets = [Target("deezer", Ask.PROFILE, str(n)) for n in range(3)]
    looks = spider.open(targets)
    request = Request(url, cb_kwargs={"looks": looks[:1]})
    busy = Response(url, status=503, request=request)
    asyncio.run(Retrying(SimpleNamespace(spider=spider)).process_response(request, busy))
    assert "try 1 of 3" in caplog.text
    ((lost,),) = spider.errback(SimpleNamespace(value=ValueError(url), request=request))

    def observe(looks):
        raise ValueError(f"{url} is odd")

    spider.observe = observe
    (ours,) = spider.first(looks[1:2])
    excuses = Excuses(SimpleNamespace(spider=spider))
    late = Response(url, request=Request(url, cb_kwargs={"looks": looks[2:]}))
    ((odd,),) = excuses.process_spider_exception(late, ValueError(url))
    assert [page.coverage.stop_reason.count("key=***") for page in (lost, ours, odd)] == [1, 1, 1]
    assert "fault of ours" in caplog.text
    for text in (caplog.text, repr(lost), repr(ours), repr(odd)):
        assert secret not in text
        assert "s3cr3t" not in text


def test_scrapy_prints_no_address_of_an_answer_that_is_too_large_or_cut(server, capfd):
    server.add("/artist/7", Answer(b"x" * 10_000_000))
    server.add("/artist/8", Answer(b"x" * 500, cut_at=100))
    with Crawling() as fresh:
        looks = fresh.crawl("deezer", [("profile", "7"), ("profile", "8")], server.url).looks
    assert [look["outcome"] for look in looks.values()] == ["malformed", "failed"]
    assert "/artist/" not in capfd.readouterr().err


def test_a_fault_in_a_platforms_file_costs_its_target_only(crawling, server):
    server.answer_by(lambda asked: {"id": 7, "name": "Sora Lindqvist"})
    targets = [("search", "raises"), ("profile", "says nothing"), ("release", "can't be asked"), ("profile", "7")]
    crawled = crawling.crawl("deezer", targets, server.url, spider="tests.faulty:Faulty")
    outcomes = {name: (look["outcome"], look["stop_reason"]) for name, look in crawled.looks.items()}
    assert outcomes["deezer:search:raises"] == ("malformed", "fault of ours: ZeroDivisionError: division by zero")
    assert outcomes["deezer:profile:says nothing"] == ("malformed", "fault of ours: the callback said nothing")
    assert outcomes["deezer:release:can't be asked"] == ("malformed", "fault of ours: KeyError: 'release'")
    assert outcomes["deezer:profile:7"] == ("complete", "end of list")


def test_a_short_page_with_a_next_is_followed(crawling, server):
    server.add("/artist/7/albums?limit=100", page(server, 0, 1, total=4, following=100))
    server.add("/artist/7/albums?index=100&limit=100", page(server, 1, 4, total=4))
    assert crawling.crawl("deezer", [("releases", "7")], server.url).only()["outcome"] == "complete"


def test_an_item_that_never_came_makes_the_walk_partial(crawling, server):
    two_pages(server, page(server, 4, 5, total=5))
    look = crawling.crawl("deezer", [("releases", "7")], server.url).only()
    assert (look["outcome"], look["stop_reason"]) == ("partial", "4 of 5 came")


@pytest.mark.parametrize(
    ("totals", "outcome"), [((102, 101), "complete"), ((101, 102), "complete"), ((103, 102), "partial")]
)
def test_the_largest_total_that_was_promised_counts(crawling, server, totals, outcome):
    server.add("/artist/7/albums?limit=100", page(server, 0, 100, total=totals[0], following=100))
    server.add("/artist/7/albums?index=100&limit=100", page(server, 100, 102, total=totals[1]))
    look = crawling.crawl("deezer", [("releases", "7")], server.url).only()
    assert (look["outcome"], look["expected"]) == (outcome, max(totals))


def test_a_short_page_under_a_total_that_moves_is_partial(crawling, server):
    two_pages(server, page(server, 3, 5, total=4))
    look = crawling.crawl("deezer", [("releases", "7")], server.url).only()
    assert (look["outcome"], look["stop_reason"]) == ("partial", "a page before the last was short")


def test_a_list_that_goes_in_circles_is_left(crawling, server):
    two_pages(server, page(server, 0, 3, total=5, following=3))
    look = crawling.crawl("deezer", [("releases", "7")], server.url).only()
    assert (look["outcome"], len(server.asked)) == ("partial", 2)
    assert "the same page came twice" in look["stop_reason"]


def test_a_resumed_walk_goes_on_where_it_was_cut(crawling, server):
    server.add("/artist/7/albums?index=3&limit=100", page(server, 3, 5, total=5))
    targets = [("releases", "7", "", "artist/7/albums?index=3&limit=100")]
    look = crawling.crawl("deezer", targets, server.url).only()
    assert (look["outcome"], look["resumed"], look["received"]) == ("complete", True, 2)


def test_slow_bodies_come_through_within_the_timeout(crawling, server):
    body = json.dumps({"id": 7, "name": "Sora Lindqvist"}).encode()
    server.add("/artist/7", Answer(body, drip_s=0.01))
    assert crawling.crawl("deezer", [("profile", "7")], server.url).only()["outcome"] == "complete"


def test_compressed_answers_are_read_and_bombs_are_not(crawling, server):
    gzipped = {"Content-Encoding": "gzip"}
    server.add("/artist/7", Answer(gzip.compress(b'{"id":7,"name":"Sora Lindqvist"}'), headers=gzipped))
    server.add("/artist/8", Answer(gzip.compress(b"{" + b" " * 20_000_000 + b"}"), headers=gzipped))
    looks = crawling.crawl("deezer", [("profile", "7"), ("profile", "8")], server.url).looks
    assert looks["deezer:profile:7"]["outcome"] == "complete"
    assert (looks["deezer:profile:8"]["outcome"], looks["deezer:profile:8"]["stop_reason"]) == (
        "malformed",
        "the answer: the body is larger than 8000000 bytes",
    )


def test_names_with_nul_and_lone_surrogates_are_told_as_printed(crawling, server):
    server.add("/artist/7", b'{"id":7,"name":"Sora\\u0000 \\ud800 Lindqvist"}')
    (told,) = crawling.crawl("deezer", [("profile", "7")], server.url).only()["told"]
    assert told["name"] == "Sora\x00 \ud800 Lindqvist"


def test_odd_subjects_stay_inside_their_question(crawling, server):
    targets = [
        ("profile", "../search?q=x#"),
        ("search", "a&b=c \x00 \ud800 #é"),
        ("upc", ""),
        ("isrc", "%2e%2e/artist/7"),
    ]
    crawled = crawling.crawl("deezer", targets, server.url)
    assert {look["outcome"] for look in crawled.looks.values()} == {"malformed"}
    assert len(crawled.looks) == 4
    assert all(
        asked.path.startswith(("/artist/", "/album/upc:", "/track/isrc:", "/search/artist")) for asked in server.asked
    )
    assert [asked.query["q"] for asked in server.asked if "q" in asked.query] == ["a&b=c \x00 ? #é"]


def test_a_storm_leaves_no_target_without_a_coverage(crawling, server):
    faults = [Answer(status=503), Answer(reset=True), QUOTA, Answer(b"{"), Answer(status=429), Answer(b"x", 403)]

    def weather(asked):
        turn = len(server.asked)
        return faults[turn % 7] if turn % 7 < 6 else {"id": int(asked.path.rpartition("/")[2]), "name": "Ines Okoro"}

    server.answer_by(weather)
    targets = [("profile", str(number)) for number in range(60)]
    crawled = crawling.crawl("deezer", targets, server.url)
    assert sorted(crawled.told) == sorted(f"deezer:profile:{number}" for number in range(60))
    for look in crawled.looks.values():
        assert (look["outcome"] == "complete") == bool(look["told"])
    assert sum(look["cost"] for look in crawled.looks.values()) == len(server.asked)


def test_stopping_drops_what_is_in_flight_waits_or_queues_in_no_time(crawling, server):
    server.answer_by(lambda asked: Answer(b"{}", delay_s=30))
    targets = [("profile", str(number)) for number in range(20)]
    crawled = crawling.crawl("deezer", targets, server.url, stop_after_s=0.6, access={"timeout_s": 60.0})
    assert crawled.stopped_in_s < 0.5
    assert len(server.asked) == 4
    assert {look["stop_reason"] for look in crawled.looks.values()} == {"the worker is stopping"}
    assert len(crawled.looks) == platform("deezer").limits[""].in_flight  # no more were claimed than there was room for


def test_stopping_does_not_wait_for_a_slot_or_a_pause_between_two_tries(crawling, server):
    server.answer_by(lambda asked: Answer(status=503))
    targets = [("profile", str(number)) for number in range(20)]
    crawled = crawling.crawl("deezer", targets, server.url, stop_after_s=0.6, access={"lapse": 1.0})
    assert crawled.stopped_in_s < 0.5
    assert {look["stop_reason"] for look in crawled.looks.values()} == {"the worker is stopping"}
