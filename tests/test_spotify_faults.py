"""Spotify on a bad day: nothing that was not seen whole is called so."""

import time

import pytest

from storage.observations import OddRow, Outcome
from tests.clients import QuickGate, look
from tests.replay import Answer, Replay
from tests.spotify_stage import album, releases


def test_a_storm_of_503_passes_or_fails_but_is_never_complete(stage, spotify):
    stage.rows = [album(n) for n in range(20)]
    stage.faults = [Answer(b"<html>", 503, "text/html"), Answer(b"", 500), None]
    gate = QuickGate()
    assert look(spotify(gate), releases()).coverage.outcome is Outcome.COMPLETE
    assert len(gate.waits) == len(stage.calls()) == 4
    stage.faults = [None] + [Answer(b"upstream", 503, "text/plain")] * 9
    told = look(spotify(), releases())
    assert (told.coverage.outcome, told.coverage.received, told.coverage.resume) == (Outcome.FAILED, 10, "10")


@pytest.mark.parametrize("fault", [Answer(reset=True), Answer(b'{"items":[]}' + b" " * 99, cut_at=12),
                                   Answer(b'{"a":"0123456789"}', drip_s=0.15), Answer(b"{}", delay_s=3)])  # fmt: skip
def test_connections_that_break_or_crawl_fail_in_time(stage, spotify, fault):
    stage.faults = [fault] * 9
    before, gate = time.monotonic(), QuickGate()
    told = look(spotify(gate, timeout_s=0.3), releases())
    assert (told.coverage.outcome, told.coverage.cost) == (Outcome.FAILED, 3)
    assert time.monotonic() - before < 4
    assert len(gate.landings) == 3  # what failed may have arrived as well


@pytest.mark.parametrize(
    "body",
    [b'{"items":[{"id":}', b"", b"[]", b"null", b'"text"', b'{"a":' * 100_000 + b"}", b'{"items":"x" }',
     b'{"items":[7],"limit":10,"offset":0,"total":1,"next":null}',
     b'{"items":[],"limit":0,"offset":0,"total":1,"next":null}',
     b'{"items":[],"limit":10,"offset":0,"total":1}',
     b'{"items":[{"id":"al1"}],"limit":10,"offset":0,"total":1,"next":null}'],
)  # fmt: skip
def test_what_is_no_page_is_misunderstood(stage, spotify, body):
    stage.faults = [body]
    told = look(spotify(), releases())
    assert (told.coverage.outcome, len(stage.calls())) == (Outcome.MALFORMED, 1)
    assert all(isinstance(seen, OddRow) for seen in told.observations)


def test_a_page_that_was_cut_at_the_source_is_asked_again(stage, spotify):
    stage.rows, cut = [album(1)], b'{"items":[{"id":'
    stage.faults = [cut]
    told = look(spotify(), releases())
    assert (told.coverage.outcome, told.coverage.cost) == (Outcome.COMPLETE, 2)
    stage.faults = [cut] * 3
    told = look(spotify(), releases())
    assert (told.coverage.outcome, told.coverage.cost) == (Outcome.FAILED, 3)
    assert "cut short" in told.coverage.stop_reason


@pytest.mark.parametrize("status", [400, 403, 500])
@pytest.mark.parametrize("body", [b"[1]", b'{"error":"text"}', b'{"error":[]}', b"null", b'{"a":' * 100_000])
def test_an_error_of_any_shape_is_told_and_never_crashes(stage, spotify, status, body):
    stage.faults = [Answer(body, status)] * 9
    expected = {400: Outcome.MALFORMED, 403: Outcome.REFUSED, 500: Outcome.FAILED}
    assert look(spotify(), releases()).coverage.outcome is expected[status]


def test_ten_megabytes_are_given_up(stage, spotify):
    stage.faults = [b'{"a":"' + b"x" * 10_000_000 + b'"}']
    told = look(spotify(), releases())
    assert (told.coverage.outcome, told.payloads) == (Outcome.MALFORMED, [])


@pytest.mark.parametrize("foreign", ["https://evil.example/v1/x?offset=10", "//evil.example/x", "http://127.0.0.1:1/x"])
def test_a_next_link_to_another_host_is_refused(stage, spotify, foreign):
    stage.rows = [album(n) for n in range(20)]
    stage.twist = lambda asked, page: {**page, "next": foreign}
    told = look(spotify(), releases())
    assert (told.coverage.outcome, len(stage.calls()), told.coverage.received) == (Outcome.REFUSED, 1, 10)


def test_redirects_are_refused_and_the_token_stays_home(stage, spotify):
    with Replay() as elsewhere:
        elsewhere.answer_by(lambda asked: {})
        stage.faults = [Answer(status=302, headers={"Location": elsewhere.url + "/x"})]
        assert look(spotify(), releases()).coverage.outcome is Outcome.REFUSED
        assert elsewhere.asked == []
