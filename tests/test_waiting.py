"""How long a list waits, to the number: the week's hours, the delay that builds up, and the tiers without a pace."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from math import exp

import pytest

from crawler.watching.rates import MEMORY, STEADY, WITHIN, Posterior, hourly, posterior, wait_for
from crawler.watching.recheck import SOONEST, Situation, backed_off, interval, next_due, priority
from storage.observations import Outcome
from storage.targets import Ask

MONDAY = datetime(2026, 6, 1, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
STEP = 1 / 24
CALM = Situation(Ask.RELEASES, Outcome.COMPLETE, official=True, suspected=False, news=False, failures=0)


def test_what_a_day_has_beyond_the_quietest_lands_in_its_first_two_hours():
    hours = hourly((1.0, 1.0, 1.0, 1.0, 3.0, 0.5, 0.5))
    days = [hours[start : start + 24] for start in range(0, 168, 24)]
    assert [sum(day) / 24 for day in days] == pytest.approx([1, 1, 1, 1, 3, 0.5, 0.5])
    assert days[4] == pytest.approx((30.5, 30.5) + (0.5,) * 22)
    assert days[5] == (0.5,) * 24
    assert hourly(STEADY) == (1.0,) * 168


@pytest.mark.parametrize(("hours", "part"), [(1, 0.0), (48, 0.0), (48, 0.5), (240, 0.25)])
def test_the_wait_ends_when_the_delay_that_has_built_up_is_worth_a_call(hours, part):
    weight, rate = 2.0, 0.1
    built = weight * rate * STEP**2 * hours * (hours + 1) / 2
    worth = built + part * weight * rate * STEP**2 * (hours + 1)
    found = wait_for(Posterior(rate), weight, worth, STEADY, MONDAY, 99)
    assert found == pytest.approx((hours + part) * STEP)


def test_a_wait_is_never_longer_than_the_most():
    assert wait_for(Posterior(0.1), 1.0, 1e9, STEADY, MONDAY, 3.0) == 3.0
    barely = 0.1 * STEP**2 * 10 * 11 / 2
    assert wait_for(Posterior(0.1), 1.0, barely, STEADY, MONDAY, 9.5 * STEP) == 9.5 * STEP


def test_what_came_lately_counts_for_less_with_every_hour():
    known = Posterior(rate=0.1, followed=0.5, recent=2.0)
    come = [STEP * sum(0.05 + 0.2 * exp(-i * STEP / MEMORY) for i in range(n)) for n in range(1, 49)]
    assert wait_for(known, 3.0, 3.0 * STEP * sum(come), STEADY, MONDAY, 99) == pytest.approx(2.0)


@pytest.mark.parametrize(
    ("now", "hours"),
    [(MONDAY - HOUR, 2), (MONDAY, 1), (MONDAY + HOUR, 1), (MONDAY + 2 * HOUR, 167), (MONDAY + 3 * DAY + HOUR / 2, 97)],
)
def test_the_weeks_hours_are_counted_from_the_hour_it_is(now, hours):
    only_mondays = (7.0, *(0.0,) * 6)
    first = 0.1 * 84 * STEP * STEP
    assert wait_for(Posterior(0.1), 1.0, first, only_mondays, now, 99) == pytest.approx(hours * STEP)


def test_releases_that_bring_others_within_days_are_told_from_chance():
    since = MONDAY - 100 * DAY
    found = posterior([since + n * DAY for n in (0, 1, 2, 50, 55, 60.5)], MONDAY, since)
    rate = 6.8 / 114.4
    assert found.rate == pytest.approx(rate)
    near = 1 + 2 + 1  # five days are near, five and a half are not
    assert found.followed == pytest.approx(((near - 6 * rate * 5) / WITHIN + 1.2) / 18)
    assert found.recent == pytest.approx(sum(exp(-(100 - day) / 5) for day in (0, 1, 2, 50, 55, 60.5)))
    assert posterior([], MONDAY, since).followed == pytest.approx(0.1)
    assert posterior([since + n * DAY for n in (0, 50)], MONDAY, since).followed == pytest.approx(1.2 / 14)
    assert posterior([since + n * HOUR for n in range(60)], MONDAY, since).followed == 0.75


TIERS = [
    ({}, 24),
    ({"ask": Ask.SEARCH}, 24),
    ({"ask": Ask.PROFILE}, 7 * 24),
    ({"ask": Ask.IDENTITY}, 30 * 24),
    ({"news": True}, 12),
    ({"ask": Ask.SEARCH, "news": True}, 12),
    ({"ask": Ask.PROFILE, "news": True}, 7 * 24),
    ({"silent_for": 59 * DAY}, 24),
    ({"silent_for": 60 * DAY}, 24),
    ({"silent_for": 90 * DAY}, 36),
    ({"silent_for": 120 * DAY}, 48),
    ({"silent_for": 3650 * DAY}, 48),
    ({"ask": Ask.PROFILE, "silent_for": 3650 * DAY}, 7 * 24),
    ({"rare": True}, 7 * 24),
    ({"official": False}, 7 * 24),
    ({"suspected": True}, 6),
    ({"suspected": True, "official": False, "rare": True}, 6),
    ({"ask": Ask.RELEASE}, None),
    ({"ask": Ask.UPC}, None),
    ({"ask": Ask.ISRC}, None),
    ({"ask": Ask.RELEASE, "suspected": True}, 48),
    ({"ask": Ask.RELEASE, "suspected": True, "outcome": Outcome.PARTIAL}, 48),
    ({"ask": Ask.RELEASE, "outcome": Outcome.PARTIAL}, 7 * 24),
    ({"ask": Ask.UPC, "outcome": Outcome.PARTIAL}, None),
    ({"ask": Ask.ISRC, "outcome": Outcome.PARTIAL}, None),
    ({"ask": Ask.PROFILE, "outcome": Outcome.PARTIAL}, 7 * 24),
    ({"outcome": Outcome.PARTIAL}, 24),
    ({"outcome": Outcome.PARTIAL, "unfinished": True}, 0),
    ({"unfinished": True}, 24),
    ({"outcome": Outcome.ABSENT}, 24),
    ({"outcome": Outcome.BLIND}, 7 * 24),
    ({"outcome": Outcome.THROTTLED}, 1 / 6),
    ({"outcome": Outcome.THROTTLED, "retry_at": MONDAY + 5 * HOUR}, 5),
    ({"outcome": Outcome.THROTTLED, "retry_at": MONDAY - 5 * HOUR}, 0),
    ({"outcome": Outcome.FAILED, "failures": 3}, 4 / 6),
    ({"outcome": Outcome.MALFORMED, "failures": 1}, 1 / 6),
    ({"outcome": Outcome.REFUSED, "failures": 99}, 12),
]


@pytest.mark.parametrize(("said", "hours"), TIERS, ids=lambda one: str(one)[:60])
def test_without_a_pace_each_kind_of_question_has_its_wait(said, hours):
    found = next_due(replace(CALM, **said), MONDAY)
    assert found == (None if hours is None else MONDAY + hours * HOUR)


@pytest.mark.parametrize(
    ("failures", "minutes"), [(0, 10), (1, 10), (2, 20), (3, 40), (7, 640), (8, 720), (11, 720), (10**6, 720)]
)
def test_trouble_is_left_alone_twice_as_long_each_time_up_to_half_a_day(failures, minutes):
    assert backed_off(failures) == timedelta(minutes=minutes)


@pytest.mark.parametrize(("salt", "share"), [(0, 0.0), (1, 0.761), (2, 0.522), (1000, 0.0)])
def test_due_times_are_pulled_forward_by_up_to_a_tenth(salt, share):
    assert next_due(replace(CALM, salt=salt), MONDAY) - MONDAY == DAY * (1 - 0.1 * share)


def test_with_a_pace_what_is_vouched_for_waits_by_the_law_and_the_rest_by_its_tier():
    paced = replace(CALM, known=Posterior(0.1), pace=0.5, weight=4.0, oldest=99.0)
    law = interval(Posterior(0.1), 4.0, 0.5, STEADY, MONDAY, 99.0)
    assert law == wait_for(Posterior(0.1), 4.0, 0.125, STEADY, MONDAY, 99.0)
    for ask in (Ask.RELEASES, Ask.SEARCH, Ask.PROFILE):
        assert next_due(replace(paced, ask=ask), MONDAY) == MONDAY + timedelta(days=law)
    for tiered in (replace(paced, rare=True), replace(paced, official=False)):
        assert next_due(tiered, MONDAY) == MONDAY + 7 * DAY
    suspect = interval(Posterior(0.1), 64.0, 0.5, STEADY, MONDAY, 99.0)
    assert next_due(replace(paced, suspected=True), MONDAY) == MONDAY + timedelta(days=suspect)
    assert next_due(replace(paced, known=None), MONDAY) == next_due(replace(paced, pace=None), MONDAY) == MONDAY + DAY
    assert next_due(replace(paced, oldest=0.5, weight=1e-9), MONDAY) == MONDAY + DAY / 2


def test_no_list_is_asked_more_than_every_quarter_of_an_hour():
    assert interval(Posterior(50.0), 1e6, 0.001, STEADY, MONDAY, 14) == SOONEST == 1 / 96


@pytest.mark.parametrize(
    ("said", "urgency"),
    [
        ({}, 3),
        ({"official": False}, 6),
        ({"ask": Ask.SEARCH}, 3),
        ({"rare": True}, 7),
        ({"ask": Ask.IDENTITY}, 7),
        ({"ask": Ask.PROFILE}, 7),
        ({"ask": Ask.RELEASE}, 3),
        ({"suspected": True, "ask": Ask.IDENTITY}, 1),
        ({"suspected": True, "official": False, "rare": True}, 1),
    ],
)
def test_suspects_go_first_and_what_seldom_changes_last(said, urgency):
    assert priority(replace(CALM, **said)) == urgency
