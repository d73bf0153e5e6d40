"""MusicBrainz refusing, failing, or answering in circles: nothing is called seen that was not."""

import logging
import time

import pytest

from spiders.base.gate import LocalGate
from spiders.musicbrainz import Musicbrainz
from storage.observations import (
    Absent,
    Outcome,
    ReleaseSeen,
)
from storage.targets import Ask, Target
from tests.clients import QuickGate, look, looks
from tests.musicbrainz_stage import (
    NOT_FOUND,
    NOVA,
    OVER,
    Browse,
    identity,
    releases,
    spotify_page,
)
from tests.replay import Answer


@pytest.mark.parametrize("contact", ["", "  "])
def test_without_a_contact_nothing_is_asked(server, musicbrainz, contact):
    told = look(musicbrainz(contact=contact), Target("musicbrainz", Ask.PROFILE, NOVA))
    assert told.coverage.outcome is Outcome.REFUSED
    assert told.coverage.stop_reason == "MusicBrainz wants a contact in the User-Agent: set FALSETTO_CONTACT"
    assert look(musicbrainz(contact=contact), identity(spotify_page(1))).coverage.outcome is Outcome.REFUSED
    assert server.asked == []


def test_one_503_pauses_everything_and_nothing_is_hammered(server, musicbrainz):
    server.answer_by(lambda asked: Answer(OVER, 503))
    gate = QuickGate()
    client = musicbrainz(gate)
    targets = [Target("musicbrainz", Ask.PROFILE, f"{n:08d}{NOVA[8:]}") for n in range(20)]
    told = looks(client, *targets)
    assert {one.coverage.outcome for one in told.values()} == {Outcome.THROTTLED}
    assert (len(server.asked), gate.parked) == (1, {"": 5.0})


def test_the_pause_doubles_while_it_is_503(server, musicbrainz):
    server.answer_by(lambda asked: Answer(b"<html>", 503, "text/html"))
    gate, pauses = QuickGate(), []
    client = musicbrainz(gate)
    for _ in range(4):
        look(client, Target("musicbrainz", Ask.PROFILE, NOVA))
        pauses.append(gate.parked.pop(""))
    assert pauses == [5.0, 10.0, 20.0, 40.0]


@pytest.mark.parametrize(
    "fault",
    [NOT_FOUND, Answer(b'{"error":"Invalid mbid.","help":"x"}', 400), Answer(b'{"error":"Invalid isrc."}', 400)],
)
@pytest.mark.parametrize("ask", [Ask.PROFILE, Ask.RELEASES, Ask.RELEASE, Ask.ISRC])
def test_what_is_not_there_is_absent(server, musicbrainz, ask, fault):
    server.answer_by(lambda asked: fault)
    told = look(musicbrainz(), Target("musicbrainz", ask, "../me"))
    assert told.coverage.outcome is Outcome.ABSENT
    assert [seen.id for seen in told.of(Absent)] == ["../me"]
    assert len(told.payloads) == 1


def test_what_the_server_says_is_shown_only_as_far_as_it_is_legible(server, musicbrainz):
    server.answer_by(lambda asked: Answer(b'{"error":"Not\\u0000 Found\\ud800"}', 404))
    told = look(musicbrainz(), Target("musicbrainz", Ask.PROFILE, NOVA))
    assert told.observations == [Absent(NOVA, "Not Found")]


@pytest.mark.parametrize("ask", [Ask.PROFILE, Ask.RELEASES, Ask.RELEASE, Ask.ISRC, Ask.IDENTITY])
@pytest.mark.parametrize(
    "fault",
    [
        Answer(b"<html>nginx</html>", 404, "text/html"),
        Answer(b"{}", 404),
        Answer(b'{"error":null}', 404),
        Answer(b'{"error":{"message":"Not Found"}}', 404),
        Answer(b'{"message":"no Route matched"}', 404),
    ],
    ids=lambda fault: fault.body.decode(),
)
def test_another_servers_404_makes_nothing_absent(server, musicbrainz, ask, fault):
    server.answer_by(lambda asked: fault)
    told = look(musicbrainz(), Target("musicbrainz", ask, spotify_page(1) if ask is Ask.IDENTITY else NOVA))
    assert (told.coverage.outcome, told.observations) == (Outcome.MALFORMED, [])


def test_a_question_that_was_wrong_is_not_an_absence(server, musicbrainz):
    said = b'{"error":"coffee is not a valid inc parameter for the artist resource."}'
    server.answer_by(lambda asked: Answer(said, 400))
    told = look(musicbrainz(), Target("musicbrainz", Ask.PROFILE, NOVA))
    assert told.coverage.outcome is Outcome.MALFORMED
    assert "coffee" in told.coverage.stop_reason


@pytest.mark.parametrize(
    ("faults", "outcome", "received"),
    [
        ([None, Answer(OVER, 503)], Outcome.THROTTLED, 100),
        ([None] + [Answer(reset=True)] * 3, Outcome.FAILED, 100),
        ([None, Answer(b"{}", 502), None], Outcome.COMPLETE, 240),
        ([None] + [Answer(b'{"releases":[', 200)] * 3, Outcome.FAILED, 100),
        ([None, Answer(b'{"releases":[', 200)], Outcome.COMPLETE, 240),
        ([None, Answer(b"{}", 404)], Outcome.MALFORMED, 100),
        ([None, NOT_FOUND], Outcome.PARTIAL, 100),
        ([None, Answer(b'{"release-count":240,"release-offset":100,"releases":[]}')], Outcome.PARTIAL, 100),
        ([None, Answer(b'{"release-count":"240","release-offset":100,"releases":[]}')], Outcome.MALFORMED, 100),
        ([Answer(b'{"releases":' + b"[" * 100_000 + b"}")], Outcome.MALFORMED, 0),
        ([Answer(b'{"a":"' + b"x" * 10_000_000 + b'"}')], Outcome.MALFORMED, 0),
        ([Answer(b"{}", status=301, headers={"Location": "https://evil.example/"})], Outcome.REFUSED, 0),
    ],
)
def test_a_fault_in_a_walk_is_told_and_what_came_before_stays(server, musicbrainz, faults, outcome, received):
    Browse(server, 240).faults = faults
    told = look(musicbrainz(), releases())
    assert (told.coverage.outcome, told.coverage.received) == (outcome, received)
    assert len(told.of(ReleaseSeen)) == received
    goes_on = outcome in (Outcome.THROTTLED, Outcome.FAILED)
    assert told.coverage.resume == ("100" if goes_on else None)


def test_a_walk_whose_third_page_failed_goes_on_there_a_page_back_because_lists_move(server, musicbrainz):
    browse = Browse(server, 450)
    browse.faults = [None, None, Answer(OVER, 503)]
    first = look(musicbrainz(), releases())
    assert (first.coverage.outcome, first.coverage.resume) == (Outcome.THROTTLED, "200")
    before = len(server.asked)
    del browse.rows[10]  # what follows slides up
    rest = look(musicbrainz(), releases(resume="200"))
    assert [asked.query["offset"] for asked in server.asked[before:]] == ["100", "200", "300", "400"]
    assert (rest.coverage.outcome, rest.coverage.resumed, rest.coverage.resume) == (Outcome.COMPLETE, True, None)
    seen = {one.id for one in (*first.of(ReleaseSeen), *rest.of(ReleaseSeen))}
    assert {row["id"] for row in browse.rows} <= seen


def test_a_walk_that_fails_again_where_it_went_on_or_went_on_beyond_the_end_starts_anew(server, musicbrainz):
    browse = Browse(server, 450)
    browse.faults = [Answer(reset=True)] * 3
    assert look(musicbrainz(), releases(resume="300")).coverage.resume is None
    browse.rows = browse.rows[:50]
    told = look(musicbrainz(), releases(resume="300"))
    assert (told.coverage.outcome, told.coverage.resume) == (Outcome.PARTIAL, None)
    assert "shorter than where we went on" in told.coverage.stop_reason
    told = look(musicbrainz(), releases(resume="garbage"))
    assert (told.coverage.outcome, told.coverage.resumed, told.coverage.received) == (Outcome.COMPLETE, False, 50)


def test_an_ignored_offset_ends_the_walk(server, musicbrainz):
    browse, first = Browse(server, 240), {}
    browse.twist = lambda page: first.setdefault("page", page)
    told = look(musicbrainz(), releases())
    assert (told.coverage.outcome, told.coverage.received, len(server.asked)) == (Outcome.PARTIAL, 100, 2)
    assert "another offset" in told.coverage.stop_reason


def test_a_jittering_total_is_partial_when_it_once_promised_more(server, musicbrainz):
    browse, totals = Browse(server, 150), iter((160, 150))
    browse.twist = lambda page: {**page, "release-count": next(totals)}
    coverage = look(musicbrainz(), releases()).coverage
    assert (coverage.outcome, coverage.expected, coverage.received) == (Outcome.PARTIAL, 160, 150)


def test_bodies_that_crawl_fail_in_time(server, musicbrainz):
    server.answer_by(lambda asked: Answer(b'{"a":"0123456789"}', drip_s=0.2))
    before = time.monotonic()
    assert look(musicbrainz(timeout_s=0.3), releases()).coverage.outcome is Outcome.FAILED
    assert time.monotonic() - before < 4


def test_the_limit_is_kept_by_a_real_gate(server, musicbrainz):
    Browse(server, 600)
    lapse = 20.0
    told = look(musicbrainz(LocalGate(Musicbrainz.limits, lapse), lapse=lapse), releases())
    assert told.coverage.outcome is Outcome.COMPLETE
    times = [asked.at * lapse for asked in server.asked]
    assert len(times) == 6
    assert all(later - earlier > 3.5 for earlier, later in zip(times, times[5:], strict=False))


def test_the_contact_is_all_that_is_said_of_us_and_nothing_is_logged_above_debug(server, musicbrainz, caplog):
    caplog.set_level(logging.INFO)
    Browse(server, 3)
    look(musicbrainz(credentials={"unused": "s3cr3t"}), releases())
    assert caplog.text == ""
    assert "s3cr3t" not in repr(server.asked)
