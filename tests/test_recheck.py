"""When something is looked at again."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.watching.recheck import Situation, next_due, priority
from storage.observations import Outcome
from storage.targets import Ask

NOW = datetime(2026, 3, 2, tzinfo=UTC)
CALM = Situation(Ask.RELEASES, Outcome.COMPLETE, official=True, suspected=False, news=False, failures=0)

situations = st.builds(
    Situation,
    ask=st.sampled_from(Ask),
    outcome=st.sampled_from(Outcome),
    official=st.booleans(),
    suspected=st.booleans(),
    news=st.booleans(),
    failures=st.integers(0, 10_000),
    rare=st.booleans(),
    recent=st.booleans(),
    unfinished=st.booleans(),
    retry_at=st.none() | st.sampled_from([NOW - timedelta(days=1), NOW + timedelta(days=7)]),
    silent_for=st.timedeltas(timedelta(0), timedelta(days=4000)),
    salt=st.integers(0, 1 << 40),
)


def test_full_records_of_recent_official_releases_are_asked_again_with_what_is_left_over():
    known = replace(CALM, ask=Ask.RELEASE, official=False)
    assert next_due(known, NOW) is None
    recent = replace(known, recent=True)
    assert NOW + timedelta(days=6) < next_due(recent, NOW) <= NOW + timedelta(days=7)
    assert priority(recent) > priority(replace(CALM, rare=True))
    assert next_due(replace(recent, suspected=True), NOW) <= NOW + timedelta(days=2)


@given(situations)
def test_nothing_is_dropped_but_questions_that_one_answer_settles(situation):
    due = next_due(situation, NOW)
    if due is None:
        assert situation.ask in (Ask.RELEASE, Ask.UPC, Ask.ISRC)
        assert not situation.suspected
    else:
        assert NOW <= due <= NOW + timedelta(days=31)
    assert 0 <= priority(situation) <= 9


def test_suspects_are_looked_at_sooner_than_calm_profiles_and_calm_ones_sooner_than_strangers():
    suspect = next_due(replace(CALM, official=False, suspected=True), NOW)
    stranger = next_due(replace(CALM, official=False), NOW)
    assert suspect < next_due(CALM, NOW) < stranger
    assert priority(replace(CALM, suspected=True)) < priority(CALM)


def test_an_undecided_release_stays_under_watch_and_a_decided_one_does_not():
    release = replace(CALM, ask=Ask.RELEASE)
    assert next_due(release, NOW) is None
    assert next_due(replace(release, suspected=True), NOW) <= NOW + timedelta(days=2)


def test_trouble_backs_off_and_a_throttled_target_waits_for_its_budget():
    waits = [next_due(replace(CALM, outcome=Outcome.FAILED, failures=n), NOW) - NOW for n in range(1, 12)]
    assert waits == sorted(waits)
    assert waits[-1] <= timedelta(hours=12)
    parked = NOW + timedelta(hours=20)
    assert next_due(replace(CALM, outcome=Outcome.THROTTLED, retry_at=parked), NOW) == parked


def test_an_unfinished_walk_goes_on_at_once():
    assert next_due(replace(CALM, outcome=Outcome.PARTIAL, unfinished=True), NOW) == NOW


@pytest.mark.parametrize("silent", [timedelta(days=1), timedelta(days=3650)])
def test_silence_stretches_a_calm_list_to_at_most_two_days(silent):
    assert next_due(replace(CALM, silent_for=silent), NOW) <= NOW + timedelta(days=2)
