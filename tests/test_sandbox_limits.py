"""Strict limits over real HTTP: a hammering client is refused and counted, a patient one is not."""

import base64
from datetime import timedelta

import pytest

from sandbox import SandboxRefused, running
from sandbox.dialects.answer import Rule
from sandbox.dialects.limits import Limiter
from tests.listing import client, spotify_client


@pytest.fixture
def sandbox():
    with running(scale=0.06, lapse=0.001) as started:
        yield started


def wait(sandbox, **span):
    sandbox.advance(sandbox.now() + timedelta(**span))


def test_deezer_takes_fifty_calls_in_five_seconds_and_says_so_in_200(sandbox):
    with client() as http:
        replies = [http.get(f"{sandbox.url}/deezer/artist/0") for _ in range(60)]
        assert {reply.status_code for reply in replies} == {200}
        assert [reply.json()["error"]["code"] for reply in replies] == [800] * 50 + [4] * 10
        assert "retry-after" not in replies[-1].headers
        wait(sandbox, seconds=5.1)
        assert http.get(f"{sandbox.url}/deezer/artist/0").json()["error"]["code"] == 800
    counts = sandbox.calls()["deezer"]["all"]
    assert (counts["calls"], counts["violations"], counts["max_in_window"]) == (61, 10, 51)
    assert (counts["allowed"], counts["window_s"]) == (50, 5.0)


def test_itunes_refuses_the_twenty_first_call_of_a_minute_with_an_empty_403(sandbox):
    with client() as http:
        replies = [http.get(f"{sandbox.url}/itunes/lookup", params={"id": "1"}) for _ in range(22)]
        assert [reply.status_code for reply in replies] == [200] * 20 + [403] * 2
        assert replies[-1].content == b""
        assert "retry-after" not in replies[-1].headers
        wait(sandbox, seconds=59)
        assert http.get(f"{sandbox.url}/itunes/lookup", params={"id": "1"}).status_code == 403
        wait(sandbox, seconds=2)
        assert http.get(f"{sandbox.url}/itunes/lookup", params={"id": "1"}).status_code == 200
    assert sandbox.calls()["itunes"]["all"]["statuses"] == {"200": 21, "403": 3}


def test_musicbrainz_refuses_everything_until_the_rate_falls(sandbox):
    url = f"{sandbox.url}/musicbrainz/ws/2/isrc/nothing"
    with client() as http:
        statuses = [http.get(url).status_code for _ in range(7)]
        assert statuses == [400] * 5 + [503] * 2
        wait(sandbox, seconds=3)
        assert http.get(url).status_code == 503
        wait(sandbox, seconds=2.5)
        statuses = [http.get(url).status_code for _ in range(5)]
        assert statuses == [400] * 4 + [503], "refused calls count too: one was made 2.5 seconds ago"
    assert sandbox.calls()["musicbrainz"]["all"]["violations"] == 4


def test_spotify_counts_the_app_window_and_the_daily_buckets(sandbox):
    with spotify_client(sandbox) as http:
        listing = f"{sandbox.url}/spotify/v1/artists/{'0' * 22}/albums?limit=10"
        first = [http.get(listing).status_code for _ in range(45)]
        assert first == [404] * 45
        plain = http.get(listing)
        assert (plain.status_code, plain.text) == (429, "Too many requests")
        assert 0 < int(plain.headers["retry-after"]) <= 30
        wait(sandbox, seconds=31)
        assert [http.get(listing).status_code for _ in range(35)] == [404] * 35
        quota = http.get(listing)
        assert quota.status_code == 429
        assert quota.json()["error"] == {"status": 429, "message": "Too many requests", "reason": "QUOTA_EXCEEDED"}
        assert 80_000 < int(quota.headers["retry-after"]) <= 86_400
        assert http.get(f"{sandbox.url}/spotify/v1/artists/{'0' * 22}").status_code == 404, "other buckets go on"
        wait(sandbox, days=1, seconds=40)
        assert http.get(listing).status_code == 401, "the token is older than an hour"
    with spotify_client(sandbox) as http:
        assert http.get(listing).status_code == 404
    counts = sandbox.calls()["spotify"]
    assert counts["app_30s"]["violations"] == 1
    assert counts["artist_albums"]["violations"] == 1


def test_client_ids_share_one_quota(sandbox):
    statuses = []
    for name in ("one", "two"):
        basic = base64.b64encode(f"{name}:secret".encode()).decode()
        form = {"grant_type": "client_credentials"}
        with client() as http:
            headers = {"Authorization": f"Basic {basic}"}
            token = http.post(f"{sandbox.url}/spotify/api/token", data=form, headers=headers).json()["access_token"]
            http.headers["Authorization"] = f"Bearer {token}"
            statuses += [http.get(f"{sandbox.url}/spotify/v1/albums/{'0' * 22}").status_code for _ in range(30)]
    assert statuses == [404] * 45 + [429] * 15


def test_limits_can_be_counted_without_being_enforced_and_replaced(sandbox):
    sandbox.limits({"enforced": False, "itunes.all": [3, 10]})
    with client() as http:
        statuses = [http.get(f"{sandbox.url}/itunes/lookup", params={"id": "1"}).status_code for _ in range(5)]
    assert statuses == [200] * 5
    counts = sandbox.calls()["itunes"]["all"]
    assert (counts["violations"], counts["max_in_window"], counts["allowed"], counts["window_s"]) == (2, 5, 3, 10.0)
    with pytest.raises(SandboxRefused, match=r"no limit is called 'itunes\.none'"):
        sandbox.limits({"itunes.none": 3})


def test_windows_slide_and_are_kept_for_each_client():
    limiter = Limiter({"all": Rule(2, 10.0)})
    answers = [
        limiter.admit(("all",), client, now) for client, now in (("a", 0), ("a", 6), ("a", 9), ("b", 9), ("a", 10))
    ]
    assert answers == [None, None, ("all", 1.0), None, None]
    assert limiter.admit(("all",), "a", 11) == ("all", 5.0)


def test_the_time_lapse_shortens_the_windows():
    with running(scale=0.06, lapse=5000) as sandbox, client() as http:
        replies = [http.get(f"{sandbox.url}/deezer/artist/0").json()["error"]["code"] for _ in range(120)]
        assert replies == [800] * 120, "five virtual seconds are one real millisecond"
        assert sandbox.calls()["deezer"]["all"]["violations"] == 0
