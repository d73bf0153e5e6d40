"""A day's quota that begins anew at midnight somewhere, and the rest that headers ask for."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from sandbox.dialects.answer import Rule
from sandbox.dialects.limits import Window
from spiders.base.errors import Throttled
from spiders.base.gate import LocalGate
from spiders.base.platform import Access, platform
from storage import budgets
from storage.database import writing
from storage.limits import Limit, Spent, grant, put_off, today
from storage.observations import Outcome
from storage.targets import Ask, Target
from tests.asking import HOST, answer_of, case_of, recorded
from tests.clients import LAPSE, QuickGate, look
from tests.replay import Answer, Replay

PACIFIC = "America/Los_Angeles"
THERE = ZoneInfo(PACIFIC)
DAILY = Limit(calls=1, window_s=1.0, per_day=100, resets=PACIFIC)
HOUR = 3600


def at(year, month, day, hour=0, minute=0):
    return datetime(year, month, day, hour, minute, tzinfo=THERE).timestamp()


@pytest.mark.parametrize(
    ("moment", "hours"),
    [
        (at(2026, 7, 1, 13), 24),
        (at(2026, 3, 8, 1), 23),  # daylight saving begins
        (at(2026, 3, 8, 12), 23),
        (at(2026, 11, 1, 0, 30), 25),  # and ends
        (at(2026, 11, 1, 23, 59), 25),
    ],
)
def test_a_day_in_california_has_as_many_hours_as_it_has(moment, hours):
    begun, over = today(PACIFIC, moment)
    assert begun <= moment < over
    assert over - begun == hours * HOUR
    for edge in (begun, over):
        local = datetime.fromtimestamp(edge, THERE)
        assert (local.hour, local.minute, local.second) == (0, 0, 0)


def spend(limit, spent, now, calls):
    """Ask for calls one by one, and return what was granted."""
    granted = 0
    for _ in range(calls):
        given, spent = grant(limit, spent, now, 1, 5.0)
        granted += len(given.slots)
        now = max([now, *given.slots])
    return granted, spent, now


@pytest.mark.parametrize("day", [at(2026, 3, 8), at(2026, 7, 1), at(2026, 11, 1)])
def test_a_hundred_searches_go_out_between_two_midnights_and_the_next_hundred_after(day):
    late = today(PACIFIC, day + HOUR)[1] - 600
    granted, spent, now = spend(DAILY, Spent(), late, 130)
    assert granted == 100
    given, spent = grant(DAILY, spent, now, 1, 5.0)
    assert (given.slots, given.reason) == ((), "daily quota used up")
    assert given.not_before == late + 600
    granted, spent, now = spend(DAILY, spent, given.not_before, 130)
    assert granted == 100
    assert grant(DAILY, spent, now + 3 * HOUR, 1, 5.0)[0].not_before == today(PACIFIC, late + 700)[1]


def test_a_rolling_day_stays_a_rolling_day():
    rolling = Limit(calls=1, window_s=1.0, per_day=100)
    granted, spent, _ = spend(rolling, Spent(), at(2026, 7, 1, 23, 45), 130)
    assert granted == 100
    assert grant(rolling, spent, at(2026, 7, 2, 1), 1, 5.0)[0].slots == ()


def test_the_stand_in_counts_by_the_same_midnights():
    window = Window(Rule(2, 86_400.0, resets=PACIFIC))
    before, after = at(2026, 10, 31, 23, 50), at(2026, 11, 1, 0, 10)
    window.times.extend([before, before + 1])
    assert window.wait(before + 60) == 540
    assert window.wait(after) == 0


@pytest.fixture
def server():
    with Replay(hosts=[HOST]) as server:
        yield server


def ask(name, server, case, answer, gate=None, **more):
    said = case_of(name, case)
    for where, body in recorded(name).get("always", {}).items():
        method, _, url = where.partition(" ")
        server.add(url, body, method=method)
    server.add(next(iter(said["answers"])), answer)
    gate = gate or QuickGate()
    client = platform(name)(Access(server.url, "ops@label.example", lapse=LAPSE, **recorded(name)["access"]), gate)
    try:
        return look(client, Target(name, Ask(said["ask"]), said["subject"], said.get("section", ""))), gate
    finally:
        client.close()


SEARCHES = (
    b"""{"error":{"code":429,"message":"Quota exceeded for quota metric 'Search Queries' and limit 'Search Queries """
    b"""per day' of service","errors":[{"reason":"rateLimitExceeded"}]}}"""
)


def test_spent_searches_rest_until_midnight_and_nothing_else_rests(server):
    told, gate = ask("youtube", server, "search", Answer(SEARCHES, 429))
    assert told.coverage.outcome is Outcome.THROTTLED
    assert set(gate.parked) == {"search"}
    rest = today(PACIFIC, gate.now())[1] - gate.now()
    assert rest - 60 < gate.parked["search"] <= max(rest + 60, 100)
    assert told.coverage.cost == 1


def test_a_spent_pool_rests_and_leaves_the_searches_alone(server):
    told, gate = ask("youtube", server, "releases", answer_of("youtube", recorded("youtube")["throttled"]))
    assert told.coverage.outcome is Outcome.THROTTLED
    assert set(gate.parked) == {""}
    assert told.coverage.cost == 1


def tokens_left(left, cost=5, rate=1):
    words = {"remaining": left, "requested-tokens": cost, "burst-capacity": 10, "replenish-rate": rate}
    return {f"x-ratelimit-{word}": str(value) for word, value in words.items()}


@pytest.mark.parametrize(
    ("headers", "rest"),
    [
        (tokens_left(5), None),
        (tokens_left(2), 3.0),
        (tokens_left(0, rate="0.5"), 10.0),
        (tokens_left(0, rate=0), None),
        (tokens_left(-3), None),
        (tokens_left("9" * 30), None),
        (tokens_left(0, cost=999_999), 300.0),
        ({"x-ratelimit-remaining": "soon"}, None),
        ({}, None),
    ],
)
def test_the_next_call_waits_as_long_as_tidals_headers_ask(server, headers, rest):
    body = answer_of("tidal", "artist.json")
    told, gate = ask("tidal", server, "profile", Answer(body, headers=headers))
    assert told.coverage.outcome is Outcome.COMPLETE
    assert gate.paced == ([] if rest is None else [("", rest)])
    assert gate.parked == {}


def test_a_throttle_without_a_time_waits_for_the_tokens_that_are_missing(server):
    throttled = recorded("tidal")["throttled"]
    told, gate = ask("tidal", server, "profile", answer_of("tidal", {**throttled, "headers": tokens_left(0, cost=40)}))
    assert (told.coverage.outcome, gate.parked) == (Outcome.THROTTLED, {"": 40.0})


def test_what_is_put_off_waits_and_is_no_pause():
    spent = put_off(Spent(), 100.0)
    assert spent.paused_until == 0.0
    given, _ = grant(Limit(calls=2, window_s=10.0), spent, 97.0, 1, 5.0)
    assert given.slots == (100.0,)
    assert put_off(spent, 50.0) == spent


def test_a_gate_lets_the_next_call_out_when_the_rest_is_over():
    gate = LocalGate({"": Limit(calls=100, window_s=1.0)}, lapse=100.0)
    gate.pace("", 20.0)
    begun = gate.now()
    gate.wait("")
    assert gate.now() - begun >= 19.0
    gate.park("", 2_000.0, "told so")
    with pytest.raises(Throttled):
        gate.wait("")


def test_a_rest_is_shared_by_all_workers_of_a_store(engine):
    now = datetime(2026, 11, 25, tzinfo=UTC).timestamp()
    with writing(engine) as connection:
        budgets.pace(connection, "tidal", "", "ours", now + 4)
        limit = Limit(calls=2, window_s=10.0)
        given = budgets.reserve(connection, "tidal", "", "ours", limit, now=now, want=1, ahead_s=5.0)
        assert given.slots == (now + 4,)
        assert budgets.pauses(connection, "tidal", now) == []
