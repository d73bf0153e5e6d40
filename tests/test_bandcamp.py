"""Pages made for people: a challenge ends the asking, and robots.txt is asked once for each host."""

import pytest
from scrapy.http import Request, Response

from crawler.cli.surroundings import enabled
from crawler.settings import BadSettings, Settings
from spiders.bandcamp.page import is_challenge, open_page
from spiders.bandcamp.platform import CHALLENGED_S
from spiders.bandcamp.reading import seconds_of
from spiders.base.crawled.answers import led_to
from spiders.base.errors import Misunderstood
from tests.asking import answer_of
from tests.replay import Answer, Replay

PAGE = {"content_type": "text/html"}
CHALLENGE = b"<!DOCTYPE html><html><head><title>Client Challenge</title></head><body></body></html>"
ACCESS = {"credentials": {"permission": "written permission of 2026-10-01"}}


@pytest.fixture
def server():
    with Replay() as served:
        for band in ("nova-quill", "teo-marsh"):
            served.add(f"/{band}/robots.txt", Answer(b"User-agent: *\nDisallow: /search\n", content_type="text/plain"))
        yield served


def grid():
    return answer_of("bandcamp", "grid.json")


def test_a_challenge_parks_everything_for_days_and_nobody_asks_on(crawling, server):
    server.add("/nova-quill/music", Answer(CHALLENGE, 403, **PAGE), Answer(grid(), **PAGE))
    crawled = crawling.crawl(
        "bandcamp", [("profile", "nova-quill"), ("profile", "teo-marsh")], server.url, access=ACCESS
    )
    assert {look["outcome"] for look in crawled.looks.values()} == {"throttled"}
    assert [(seconds, reason) for _, seconds, reason in crawled.parks] == [
        (CHALLENGED_S, "a challenge page, which is never evaded")
    ]
    assert [asked.path for asked in server.asked if asked.path.endswith("/music")] == ["/nova-quill/music"]


def test_a_page_that_speaks_of_challenges_is_none():
    assert is_challenge(CHALLENGE)
    assert not is_challenge(b'<script data-band="{}"></script><title>Just a moment</title>')


def test_robots_are_asked_once_for_each_host(crawling, server):
    for band in ("nova-quill", "teo-marsh"):
        server.add(f"/{band}/music", Answer(grid(), **PAGE))
    asked = [(ask, band) for band in ("nova-quill", "teo-marsh") for ask in ("profile", "releases")]
    crawled = crawling.crawl("bandcamp", asked, server.url, access=ACCESS)
    assert crawled.looks["bandcamp:releases:nova-quill"]["outcome"] == "complete"
    paths = [one.path for one in server.asked]
    assert [paths.count(f"/{band}/robots.txt") for band in ("nova-quill", "teo-marsh")] == [1, 1]


def test_a_host_whose_robots_do_not_come_is_not_asked(crawling, server):
    server.add("/other-band/robots.txt", Answer(b"oops", 500))
    server.add("/other-band/music", Answer(grid(), **PAGE))
    crawled = crawling.crawl("bandcamp", [("profile", "other-band")], server.url, access=ACCESS)
    assert crawled.only()["outcome"] == "failed"
    assert not any(one.path == "/other-band/music" for one in server.asked)


def test_a_redirect_obeys_robots_too(crawling, server):
    server.add("/nova-quill/music", Answer(b"", 302, headers={"Location": "/nova-quill/search"}, **PAGE))
    server.add("/nova-quill/search", Answer(grid(), **PAGE))
    crawled = crawling.crawl("bandcamp", [("profile", "nova-quill")], server.url, access=ACCESS)
    assert crawled.only()["outcome"] == "refused"
    assert [one.path for one in server.asked] == ["/nova-quill/robots.txt", "/nova-quill/music"]


def test_a_challenge_in_place_of_robots_is_no_permission(crawling, server):
    server.add("/other-band/robots.txt", Answer(CHALLENGE, **PAGE))
    server.add("/other-band/music", Answer(grid(), **PAGE))
    crawled = crawling.crawl("bandcamp", [("profile", "other-band")], server.url, access=ACCESS)
    assert crawled.only()["outcome"] == "throttled"
    assert [one.path for one in server.asked] == ["/other-band/robots.txt"]


def test_it_is_off_until_a_permission_is_named():
    with pytest.raises(BadSettings, match="Bandcamp is off: it needs FALSETTO_BANDCAMP_PERMISSION"):
        enabled(Settings(platforms=("bandcamp",), contact="ops@label.example"))


@pytest.mark.parametrize("title", [b"<title>Sorry, that something isn't here</title>", b"<title>Music</title>"])
def test_a_page_whose_title_uses_the_words_of_the_404_page_is_there(title):
    page = grid().replace(b"<title>Music | Nova Quill</title>", title)
    assert page != grid()
    assert open_page(page)["rows"]


def test_the_404_page_of_a_band_is_no_such_thing():
    gone = b"<title>Bandcamp</title><h2>Sorry, that something isn't here.</h2><script src='https://s4.bcbits.com/x.js'"
    assert open_page(gone + b" data-band='{}' data-tralbum='{}'></script>") is None


def test_an_odd_attribute_costs_nothing():
    odd = grid().replace(b'<ol id="music-grid"', b'<ol id="music-grid" \x1e="" 1:2=""')
    assert open_page(odd)["rows"] == open_page(grid())["rows"]


@pytest.mark.parametrize("length", [float("inf"), float("nan"), 1e308, -1.0, 10**30])
def test_a_length_that_is_none_is_misunderstood(length):
    with pytest.raises(Misunderstood):
        seconds_of({"duration": length})


@pytest.mark.parametrize(
    ("url", "led"),
    [
        ("https://nova-quill.bandcamp.com/", None),
        ("https://nova-quill.bandcamp.com/album/slow", None),
        ("https://teo-marsh.bandcamp.com/music", "/music"),
    ],
)
def test_a_redirect_on_a_band_s_own_host_is_still_about_the_band(url, led):
    response = Response(url, request=Request(url, meta={"hopped": True}))
    assert led_to(response, "nova-quill") == led
