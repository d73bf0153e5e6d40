"""No secret of Spotify's client reaches a log, an error or an answer that is kept."""

import json
import logging

import pytest
import requests
import urllib3

from spiders.base.errors import Refused, Unavailable
from spiders.base.platform import Access
from spiders.base.walk import Walk
from spiders.spotify import Spotify
from spiders.spotify.session import trouble_of
from storage.observations import Outcome
from tests.clients import QuickGate, look
from tests.replay import Answer
from tests.spotify_stage import BASIC, SECRET, TOKEN, album, releases


@pytest.fixture
def loud(caplog):
    names = ("spotipy", "spotipy.client", "spotipy.oauth2", "urllib3", "urllib3.connectionpool", "requests")
    levels = {name: logging.getLogger(name).level for name in names}
    yield caplog
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)


def test_no_secret_is_told_logged_or_raised(stage, spotify, loud, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    client = spotify()
    for name in ("spotipy", "spotipy.client", "spotipy.oauth2", "urllib3", "urllib3.connectionpool", "requests"):
        loud.set_level(logging.DEBUG, name)
    loud.set_level(logging.DEBUG)
    stage.rows = [album(n) for n in range(11)]
    told = [look(client, releases()).text()]
    unauthorised = Answer(f'{{"error":{{"status":401,"message":"{TOKEN} expired"}}}}'.encode(), 401)
    for fault in (unauthorised, Answer(TOKEN.encode(), 403), Answer(reset=True), Answer(status=500), Answer(b"x", 429)):
        stage.faults = [fault] * 9
        told.append(look(client, releases()).text())
    stage.tokens = [Answer(json.dumps({"error": "invalid_client", "error_description": SECRET}).encode(), 400)]
    told.append(look(spotify(), releases()).text())
    assert "Sending GET" in loud.text  # spotipy did print its headers
    assert "Bearer ***" in loud.text
    assert "Basic ***" in loud.text
    for secret in (TOKEN, SECRET, BASIC):
        assert secret not in loud.text
        assert not [text for text in told if secret in text]
    assert SECRET not in repr(client.access)
    assert list(tmp_path.iterdir()) == []  # no .cache with a token in it


def test_exceptions_keep_no_request_with_its_headers(stage, spotify):
    stage.faults = [Answer(reset=True)] * 9
    client = spotify()
    with pytest.raises(Unavailable) as caught:
        client._api.get("artists/x", Walk())
    error = caught.value
    while error is not None:
        assert TOKEN not in repr(vars(error))
        assert getattr(error, "request", None) is None
        error = error.__cause__


def test_every_exception_of_the_session_becomes_ours():
    said = [*vars(requests.exceptions).values(), *vars(urllib3.exceptions).values()]
    roots = requests.RequestException | urllib3.exceptions.HTTPError
    kinds = [kind for kind in said if isinstance(kind, type) and issubclass(kind, roots)]
    assert len(kinds) > 30
    for kind in kinds:
        assert isinstance(trouble_of(kind.__new__(kind)), Refused | Unavailable)


def test_a_base_that_is_no_url_is_refused(spotify):
    told = look(spotify(base_url="nonsense"), releases())
    assert told.coverage.outcome is Outcome.REFUSED


def test_without_a_base_both_hosts_are_spotifys_own():
    client = Spotify(Access(credentials={"client_id": "a", "client_secret": "b"}), QuickGate())
    assert client.base == "https://api.spotify.com/v1"
    assert client._api._tokens.OAUTH_TOKEN_URL == "https://accounts.spotify.com/api/token"
    client.close()
