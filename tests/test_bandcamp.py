"""Pages made for people: a challenge ends the asking, and robots.txt is asked once for each host."""

import pytest

from crawler.cli.surroundings import enabled
from crawler.settings import BadSettings, Settings
from spiders.bandcamp.page import is_challenge
from spiders.bandcamp.platform import CHALLENGED_S
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


def test_it_is_off_until_a_permission_is_named():
    with pytest.raises(BadSettings, match="Bandcamp is off: it needs FALSETTO_BANDCAMP_PERMISSION"):
        enabled(Settings(platforms=("bandcamp",), contact="ops@label.example"))
