"""Spotify's tokens: kept while they last, renewed once, and never taken from a strange answer."""

import pytest

from storage.observations import Outcome, ReleaseSeen
from tests.clients import QuickGate, look
from tests.replay import Answer
from tests.spotify_stage import TOKEN, album, releases


def test_a_token_that_is_lost_on_the_way_is_renewed_once(stage, spotify):
    stage.rows = [album(1)]
    stage.tokens = [{"access_token": f"token{n}", "expires_in": 3600} for n in range(9)]
    stage.faults = [Answer(b'{"error":{"status":401,"message":"Access token missing"}}', 401)]
    gate = QuickGate()
    told = look(spotify(gate), releases())
    assert (told.coverage.outcome, told.coverage.cost, len(gate.waits)) == (Outcome.COMPLETE, 2, 2)
    assert [asked.headers["authorization"] for asked in stage.calls()] == ["Bearer token0", "Bearer token1"]


@pytest.mark.parametrize(("expires_in", "fetched"), [(3600, 1), (1, 4)])
def test_a_token_is_kept_while_it_lasts(stage, spotify, expires_in, fetched):
    stage.tokens = [{"access_token": TOKEN, "expires_in": expires_in}]
    client = spotify(lapse=1.0)
    for _ in range(4):
        look(client, releases())
    assert len(stage.server.asked) - len(stage.calls()) == fetched


def test_a_token_ages_in_the_platforms_time(stage, spotify):
    class Gate(QuickGate):
        moment = 1_000.0

        def now(self):
            return self.moment

    gate, fetched = Gate(), []
    client = spotify(gate)
    for passed_s in (0.0, 3_500.0, 50.0):  # the last minute of a token's hour does not count
        gate.moment += passed_s
        look(client, releases())
        fetched.append(len(stage.server.asked) - len(stage.calls()))
    assert fetched == [1, 1, 2]


def test_a_short_secret_spoils_no_answer(stage, spotify):
    stage.rows = [album(1)]
    told = look(spotify(credentials={"client_id": "a", "client_secret": "e"}), releases())
    assert told.of(ReleaseSeen)[0].title == "Song 1"


def test_a_token_that_is_never_accepted_fails_without_hammering(stage, spotify):
    stage.faults = [Answer(b'{"error":{"status":401,"message":"The access token expired"}}', 401)] * 99
    told = look(spotify(), releases())
    assert told.coverage.outcome is Outcome.FAILED
    assert len(stage.calls()) == 6  # three tries, each with a token kept and a fresh one
    assert len(stage.server.asked) - len(stage.calls()) <= 4


def test_bad_credentials_are_refused_once_and_for_all(stage, spotify):
    stage.tokens = [Answer(b'{"error":"invalid_client","error_description":"Invalid client"}', 400)]
    client = spotify()
    for _ in range(3):
        told = look(client, releases())
        assert told.coverage.outcome is Outcome.REFUSED
        assert told.coverage.stop_reason == "Spotify does not accept this client_id and client_secret (HTTP 400)"
    assert len(stage.server.asked) == 1


@pytest.mark.parametrize("credentials", [{}, {"client_id": "ours"}, {"client_id": "", "client_secret": "x"},
                                         {"client_id": "ours", "client_secret": "schlüssel"}])  # fmt: skip
def test_without_credentials_the_platform_is_off_and_says_so(stage, spotify, credentials, monkeypatch):
    monkeypatch.setenv("SPOTIPY_CLIENT_ID", "from-the-environment")
    monkeypatch.setenv("SPOTIPY_CLIENT_SECRET", "from-the-environment")
    told = look(spotify(credentials=credentials), releases())
    assert told.coverage.outcome is Outcome.REFUSED
    assert "client_id and client_secret" in told.coverage.stop_reason
    assert stage.server.asked == []


@pytest.mark.parametrize(
    ("token", "outcome"),
    [
        (Answer(b"<html>", 503, "text/html"), Outcome.FAILED),
        (Answer(b"not json", 200), Outcome.MALFORMED),
        (b'{"access_token":"BQtok', Outcome.FAILED),
        (b"[]", Outcome.MALFORMED),
        (b'{"token_type":"Bearer"}', Outcome.MALFORMED),
        (b'{"access_token":null,"expires_in":3600}', Outcome.MALFORMED),
        (b'{"access_token":"a\\r\\nb","expires_in":3600}', Outcome.MALFORMED),
        (Answer(b"Too many requests", 429, headers={"Retry-After": "9"}), Outcome.THROTTLED),
        (Answer(b"[1]", 400), Outcome.REFUSED),
        (Answer(b"<html>", 404), Outcome.MALFORMED),
        (Answer(b"", 404), Outcome.MALFORMED),
        (Answer(status=302, headers={"Location": "https://evil.example/"}), Outcome.REFUSED),
        (Answer(reset=True), Outcome.FAILED),
    ],
)
def test_a_strange_token_answer_is_no_token(stage, spotify, token, outcome):
    stage.tokens = [token]
    told = look(spotify(), releases())
    assert told.coverage.outcome is outcome
    assert stage.calls() == []
