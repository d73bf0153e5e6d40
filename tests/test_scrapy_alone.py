"""The spiders run the way Scrapy's users expect, and say in one line what is wrong with their arguments."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from scrapy.settings import Settings

from spiders.base.crawled.alone import access_alone, targets_alone
from spiders.base.crawled.settings import Quiet, scrapy_settings
from spiders.base.platform import Access, platform
from storage.observations import Page, Payload
from storage.targets import Ask, Target
from tests.replay import Replay

ROOT = Path(__file__).resolve().parents[1]


def scrapy(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "scrapy", *arguments], cwd=ROOT, capture_output=True, text=True, timeout=60
    )


def test_the_list_names_the_crawled_platforms():
    listed = scrapy("list")
    assert listed.returncode == 0
    assert {"deezer", "itunes"} <= set(listed.stdout.split())
    assert {"spotify", "musicbrainz"}.isdisjoint(listed.stdout.split())


def test_a_crawl_writes_one_line_for_every_observation_and_its_coverage(tmp_path):
    out = tmp_path / "out.jsonl"
    with Replay() as server:
        server.add("/artist/7", {"id": 7, "name": "Sora \ud800 Lindqvist"})
        server.add("/artist/7/albums?limit=100", {"data": [], "total": 0})
        done = scrapy("crawl", "deezer", "-a", "profile=7", "-a", f"base_url={server.url}", "-O", str(out))
    assert done.returncode == 0, done.stderr
    rows = [json.loads(line) for line in out.read_text().splitlines()]
    assert sorted((row["target"], row["type"]) for row in rows) == [
        ("deezer:profile:7", "Coverage"),
        ("deezer:profile:7", "ProfileSeen"),
        ("deezer:releases:7", "Coverage"),
    ]
    assert {row["platform"] for row in rows} == {"deezer"}
    assert {row["outcome"] for row in rows if row["type"] == "Coverage"} == {"complete"}
    assert "terms" in done.stderr


def test_settings_can_say_where_the_platform_is_and_in_which_market(tmp_path):
    out = tmp_path / "out.json"
    with Replay() as server:
        server.answer_by(lambda asked: {"resultCount": 0, "results": []})
        reach = ["-s", f"FALSETTO_ITUNES_BASE_URL={server.url}", "-s", "FALSETTO_MARKET=SE"]
        done = scrapy("crawl", "itunes", "-a", "release=1,2", *reach, "-O", str(out))
        assert [asked.query["country"] for asked in server.asked] == ["se"]
        assert [asked.query["id"] for asked in server.asked] == ["1,2"]
    assert done.returncode == 0, done.stderr
    assert [row["target"] for row in json.loads(out.read_text()) if row["type"] == "Absent"] == [
        "itunes:release:1:SE",
        "itunes:release:2:SE",
    ]


@pytest.mark.parametrize(
    ("spider", "arguments", "line"),
    [
        ("deezer", ["contact=a@example.org"], "deezer: say what to ask"),
        ("deezer", ["profile=27"], "deezer: say who asks"),
        ("deezer", ["contact=a@example.org", "profil=27"], "deezer: unknown argument 'profil'"),
        ("deezer", ["contact=a@example.org", "profile=27,,28"], "deezer: -a profile= names nothing"),
        ("itunes", ["contact=a@example.org", "isrc=QZAAA2600001"], "itunes: unknown argument 'isrc'"),
    ],
)
def test_bad_arguments_are_told_in_one_line(spider, arguments, line):
    cls, given = platform(spider), dict(one.split("=", 1) for one in arguments)
    with pytest.raises(SystemExit) as ended:
        targets_alone(cls, given, access_alone(cls, given, Settings()))
    assert str(ended.value).startswith(line)
    assert len(str(ended.value).splitlines()) == 1


def test_bad_arguments_end_the_program_by_one_line_and_an_exit_code():
    done = scrapy("crawl", "deezer", "-L", "ERROR", "-a", "contact=a@example.org", "-a", "profil=27")
    assert done.returncode == 1
    assert done.stderr.startswith("deezer: unknown argument 'profil'")
    assert len(done.stderr.strip().splitlines()) == 1


def test_the_shell_opens_a_page_of_a_platform():
    with Replay() as server:
        server.add("/artist/7", {"id": 7, "name": "Sora Lindqvist"})
        done = scrapy("shell", f"{server.url}/artist/7", "--nolog", "-c", "response.json()['name']")
    assert (done.returncode, done.stdout.strip()) == (0, "Sora Lindqvist")


def test_no_unsafe_default_of_scrapy_is_left_on():
    settings = scrapy_settings(Access(max_bytes=1000, timeout_s=3.0))
    off = (
        "REMOTE_CONTROL_ENABLED",
        "TELNETCONSOLE_ENABLED",
        "REDIRECT_ENABLED",
        "COOKIES_ENABLED",
        "HTTPPROXY_ENABLED",
    )
    assert not any(settings[name] for name in off)
    assert settings["DOWNLOAD_VERIFY_CERTIFICATES"] is True
    assert (settings["DOWNLOAD_MAXSIZE"], settings["DOWNLOAD_TIMEOUT"]) == (1000, 3.0)
    assert {scheme for scheme, handler in settings["DOWNLOAD_HANDLERS"].items() if handler} == {"http", "https"}
    assert not any(settings["EXTENSIONS"].values())


def test_what_could_not_be_handed_over_is_named_in_the_log_without_its_body():
    page = Page(Target("deezer", Ask.PROFILE, "7"), payload=Payload("http://x/artist/7", 200, b"a whole answer"))
    said = Quiet().item_error([page], RuntimeError("no store"), None, None)
    assert said["msg"] % said["args"] == "could not hand over deezer:profile:7"


@pytest.mark.parametrize("name", ["deezer", "itunes"])
def test_a_crawled_platform_states_its_facts(name):
    cls = platform(name)
    assert cls.__doc__
    assert cls.terms.strip()
    assert cls.api.startswith("https://")
    assert cls.profile_url("7").startswith("https://")
    assert set(cls.batch) <= cls.accepts
