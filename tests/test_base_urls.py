"""A credential inside a base URL is left out at the border and warned about; none reaches what is stored or shown."""

import logging

import pytest

from crawler.settings import read_settings
from spiders.base.platform import Access, platform, stripped
from storage.targets import Ask, Target
from tests.clients import LAPSE, QuickGate, look
from tests.crawling import Crawling
from tests.replay import Answer, Replay

SECRET = "s3cr3t-of-ours"


@pytest.mark.parametrize(
    ("url", "bare", "held"),
    [
        ("https://proxy.example/deezer", "https://proxy.example/deezer", ""),
        (f"https://u:{SECRET}@proxy.example:8443/x", "https://proxy.example:8443/x", "a user name or password"),
        (f"https://{SECRET}@proxy.example", "https://proxy.example", "a user name or password"),
        (f"https://a@b:{SECRET}@proxy.example/", "https://proxy.example/", "a user name or password"),
        (f"https://proxy.example/x?key={SECRET}", "https://proxy.example/x", "a query"),
        (f"https://u@proxy.example/#{SECRET}", "https://proxy.example/", "a user name or password and a query"),
        ("https://[broken", "https://[broken", ""),
        ("", "", ""),
    ],
)
def test_a_base_url_is_stripped(url, bare, held):
    assert stripped(url) == (bare, held)


def test_the_settings_strip_it_and_warn_without_quoting_it(caplog, tmp_path):
    environment = {"FALSETTO_DEEZER_BASE_URL": f"http://u:{SECRET}@127.0.0.1:9/x?k={SECRET}"}
    access = read_settings(environment, tmp_path / "none").access("deezer")
    assert access.base_url == "http://127.0.0.1:9/x"
    assert "a user name or password and a query" in caplog.text
    assert SECRET not in caplog.text
    assert SECRET not in repr(access)


@pytest.mark.parametrize("name", ["musicbrainz", "spotify"])
@pytest.mark.parametrize("answer", [{"id": "7", "name": "Nova"}, Answer(b"no", 403), Answer(reset=True), Answer(b"{")])
def test_no_client_tells_logs_or_raises_it(name, answer, caplog):
    caplog.set_level(logging.DEBUG)
    with Replay() as server:
        token = {"access_token": "BQtoken", "token_type": "Bearer", "expires_in": 3600}
        server.answer_by(lambda asked: token if asked.path == "/api/token" else answer)
        url = server.url.replace("http://", f"http://u:{SECRET}@") + f"?key={SECRET}"
        credentials = {"client_id": "an-id-of-ours", "client_secret": SECRET} if name == "spotify" else {}
        access = Access(base_url=url, contact="a@b.example", lapse=LAPSE, credentials=credentials)
        client = platform(name)(access, QuickGate())
        told = look(client, Target(name, Ask.PROFILE, "7"))
        client.close()
        assert server.asked
        assert not any(SECRET in asked.target for asked in server.asked)
    assert SECRET not in told.text() + caplog.text


def test_no_spider_tells_it():
    with Replay() as server, Crawling() as crawling:
        server.add("/artist/7", {"id": 7, "name": "Sora"})
        url = server.url.replace("http://", f"http://u:{SECRET}@") + f"?key={SECRET}"
        crawled = crawling.crawl("deezer", [("profile", "7"), ("profile", "8")], url)
        assert crawled.looks["deezer:profile:7"]["outcome"] == "complete"
        assert SECRET not in repr(crawled)


def test_a_credential_is_masked_however_it_is_spelled():
    access = Access(credentials={"key": "s3cr3t/with+signs", "id": "short"})
    for spelled in ("s3cr3t/with+signs", "s3cr3t%2Fwith%2Bsigns", "s3cr3t/with%2Bsigns"):
        assert "s3cr3t" not in access.masked(f"https://x.example/?key={spelled}&b=short")
    assert access.masked("https://x.example/?b=short") == "https://x.example/?b=short"
