"""What Spotify's refusals mean: throttles, quotas, withheld and missing things."""

import json
import time

import pytest

from storage.observations import Absent, Outcome
from storage.targets import Ask, Target
from tests.clients import QuickGate, look
from tests.replay import Answer
from tests.spotify_stage import NOVA, album, releases

PREMIUM = (
    "Active premium subscription required for the owner of the app. When the subscription status changes, "
    "it can take a few hours before requests are allowed again."
)


def test_a_429_in_the_middle_parks_the_bucket_at_once_and_keeps_the_place(stage, spotify):
    stage.rows = [album(n) for n in range(40)]
    stage.faults = [None, None, Answer(b"Too many requests", 429, "text/plain", {"Retry-After": "20000"})]
    gate, before = QuickGate(), time.monotonic()
    told = look(spotify(gate), releases("appears_on"))
    assert time.monotonic() - before < 5
    assert gate.parked == {"artist_albums": 20_000.0}
    assert (told.coverage.outcome, told.coverage.resume, told.coverage.received) == (Outcome.THROTTLED, "20", 20)
    assert len(stage.calls()) == 3


@pytest.mark.parametrize(("headers", "wait_s"), [({"Retry-After": "86207"}, 86_207.0), ({}, 3600.0)])
def test_a_used_up_quota_parks_its_own_bucket_only(stage, spotify, headers, wait_s):
    body = {"error": {"status": 429, "message": "Too many requests", "reason": "QUOTA_EXCEEDED"}}
    stage.faults = [Answer(json.dumps(body).encode(), 429, headers=headers)]
    gate = QuickGate()
    client = spotify(gate)
    told = look(client, releases())
    assert (told.coverage.outcome, gate.parked) == (Outcome.THROTTLED, {"artist_albums": wait_s})
    assert "QUOTA_EXCEEDED" in told.coverage.stop_reason
    stage.server.add(f"/v1/artists/{NOVA}", {"id": NOVA, "name": "Nova Quill"})
    assert look(client, Target("spotify", Ask.PROFILE, NOVA)).coverage.outcome is Outcome.COMPLETE


def test_a_full_window_is_the_apps_and_parks_both_buckets(stage, spotify):
    stage.faults = [Answer(b'{"error":{"status":429,"message":"API rate limit exceeded"}}', 429)]
    gate = QuickGate()
    assert look(spotify(gate), releases()).coverage.outcome is Outcome.THROTTLED
    assert gate.parked == {"": 30.0, "artist_albums": 30.0}


def test_our_own_spent_budget_asks_nothing(stage, spotify):
    told = look(spotify(QuickGate(slots=0)), releases())
    assert (told.coverage.outcome, told.coverage.cost, stage.server.asked) == (Outcome.THROTTLED, 0, [])


def test_a_lapsed_premium_is_refused_in_spotifys_words(stage, spotify):
    stage.faults = [Answer(PREMIUM.encode(), 403, "text/plain")]
    told = look(spotify(), releases())
    assert told.coverage.outcome is Outcome.REFUSED
    assert "Active premium subscription required" in told.coverage.stop_reason


def test_a_removed_endpoint_is_blind_and_never_empty(stage, spotify):
    stage.faults = [Answer(b'{"error":{"status":403,"message":"Forbidden"}}', 403)]
    told = look(spotify(), releases())
    assert (told.coverage.outcome, told.observations) == (Outcome.BLIND, [])


def test_an_unknown_id_is_absent(stage, spotify):
    for fault in (Answer(b"", 404), Answer(b'{"error":{"status":400,"message":"Invalid base62 id"}}', 400)):
        stage.faults = [fault]
        told = look(spotify(), releases())
        assert told.coverage.outcome is Outcome.ABSENT
        assert [seen.id for seen in told.of(Absent)] == [NOVA]


@pytest.mark.parametrize(
    "body",
    [b"<html>nginx</html>", b"not found", b'{"error":{"status":404,"message":"Service not found"}}', b"{}", b"[]",
     b'{"error":null}', b'{"error":{}}', b'{"error":[]}', b'{"error":{"status":404,"message":7}}', b'{"message":"no"}'],
)  # fmt: skip
def test_another_servers_404_makes_nothing_absent(stage, spotify, body):
    stage.faults = [Answer(body, 404)]
    told = look(spotify(), releases())
    assert (told.coverage.outcome, told.observations) == (Outcome.MALFORMED, [])


@pytest.mark.parametrize("status", [403, 404, 429])
def test_what_a_server_says_is_shown_only_as_far_as_it_is_legible(stage, spotify, status):
    stage.faults = [Answer(b'{"error":{"message":"a\\u0000b\\ud800c\\nd"}}', status)]
    told = look(spotify(), releases())
    assert "abcd" in told.coverage.stop_reason
    assert told.coverage.stop_reason.isprintable()


def test_a_page_that_is_missing_in_the_middle_makes_nothing_absent(stage, spotify):
    stage.rows, stage.faults = [album(n) for n in range(30)], [None, Answer(b"", 404)]
    told = look(spotify(), releases())
    assert (told.coverage.outcome, told.of(Absent), told.coverage.received) == (Outcome.PARTIAL, [], 10)
