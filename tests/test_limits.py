"""The arithmetic of budgets: no window is ever overrun, whoever asks and whenever."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.limits import HOUR_S, Limit, Spent, grant, landed, pause

START = 1_700_000_000.0

limits = st.builds(Limit, calls=st.integers(1, 60), window_s=st.floats(0.5, 60))
waits = st.lists(st.tuples(st.floats(0, 10), st.integers(1, 30)), min_size=1, max_size=60)


@given(limits, waits)
def test_no_window_holds_more_calls_than_the_limit(limit, asked):
    spent, now, slots = Spent(), START, []
    for wait, want in asked:
        now += wait
        given, spent = grant(limit, spent, now, want, ahead_s=1.0)
        slots += given.slots
    assert slots == sorted(slots)
    for index, slot in enumerate(slots):
        assert sum(1 for other in slots[index:] if other < slot + limit.window_s) <= limit.calls


@given(limits, st.lists(st.tuples(st.floats(0, 2), st.floats(0, 3), st.floats(0, 1)), min_size=1, max_size=150))
def test_no_window_of_the_servers_holds_too_many_however_late_calls_arrive(limit, lateness):
    spent, now, arrived = Spent(), START, []
    for idle, departure, way in lateness:
        now += idle
        given, spent = grant(limit, spent, now, 1, ahead_s=1.0)
        if not given.slots:
            now = given.not_before
            continue
        arrived.append(max(now, given.slots[0]) + departure)
        now = arrived[-1] + way
        spent = landed(limit, spent, given.slots[0], now)
    for index, moment in enumerate(arrived):
        assert sum(1 for other in arrived[index:] if other < moment + limit.window_s) <= limit.calls


def test_what_a_busy_worker_missed_is_made_up_for_and_what_an_idle_one_did_not_ask_is_not():
    limit = Limit(calls=10, window_s=9.9, jitter_s=0.001)  # ten calls over exactly ten seconds
    _, spent = grant(limit, Spent(), START, want=3, ahead_s=60)
    given, after = grant(limit, spent, START + 6, want=6, ahead_s=60)  # three slots went by unused
    assert [round(slot - START, 3) for slot in given.slots] == [6, 6.5, 7, 7.5, 8, 8.5]
    assert round(after.next_at - START, 3) == 9
    given, _ = grant(limit, spent, START + 60, want=3, ahead_s=60)
    assert [round(slot - START, 3) for slot in given.slots] == [60, 61, 62]


def test_a_call_that_was_answered_within_the_margin_arrived_in_time():
    limit = Limit(calls=2, window_s=10.0)
    given, spent = grant(limit, Spent(), START, want=1, ahead_s=1)
    assert landed(limit, spent, given.slots[0], START + limit.margin_s - 0.001) is spent
    late = landed(limit, spent, given.slots[0], START + 1.0)
    assert late.recent == (START + 1.0 - limit.margin_s,)
    assert landed(limit, late, START - 5, START + 9) is late  # of a window that is over


@given(limits, waits)
def test_nothing_is_reserved_far_ahead_so_that_a_pause_is_obeyed(limit, asked):
    spent, now = Spent(), START
    for wait, want in asked:
        now += wait
        given, spent = grant(limit, spent, now, want, ahead_s=1.0)
        for slot in given.slots:
            assert slot <= now + max(1.0, limit.spacing_s) + 1e-6
        if not given.slots:
            assert given.busy
            assert given.not_before > now - 1e-6


@given(st.integers(1, 50), st.lists(st.floats(0, 4 * HOUR_S), max_size=80))
def test_a_rolling_day_never_holds_more_than_its_quota(per_day, waits):
    limit = Limit(calls=1000, window_s=1.0, per_day=per_day)
    spent, now, slots = Spent(), START, []
    for wait in waits:
        now += wait
        given, spent = grant(limit, spent, now, want=7, ahead_s=1.0)
        slots += given.slots
    for slot in slots:
        assert sum(1 for other in slots if slot <= other < slot + 24 * HOUR_S) <= per_day


def test_a_used_up_day_says_when_it_opens_again_and_does():
    limit = Limit(calls=10, window_s=1.0, per_day=3)
    given, spent = grant(limit, Spent(), START, want=5, ahead_s=60)
    assert len(given.slots) == 3
    given, spent = grant(limit, spent, START + 60, want=1, ahead_s=1)
    assert given.slots == ()
    assert not given.busy
    later, _ = grant(limit, spent, given.not_before, want=1, ahead_s=1)
    assert len(later.slots) == 1


def test_a_paused_budget_grants_nothing_until_the_pause_is_over():
    limit = Limit(calls=10, window_s=1.0)
    spent = pause(Spent(), START + 20_000)
    given, spent = grant(limit, spent, START, want=1, ahead_s=1)
    assert (given.slots, given.not_before) == ((), START + 20_000)
    given, _ = grant(limit, spent, START + 20_000, want=1, ahead_s=1)
    assert len(given.slots) == 1


def test_a_pause_is_never_shortened():
    assert pause(pause(Spent(), START + 100), START + 10).paused_until == START + 100


def test_a_busy_limit_spends_at_least_nine_tenths_and_a_half_of_what_it_allows():
    for limit in (Limit(50, 5.0), Limit(20, 60.0), Limit(5, 5.0), Limit(45, 30.0)):
        assert limit.calls / limit.window_s * limit.spacing_s <= 1 / 0.95


def test_a_reservation_that_a_wrong_clock_made_days_ahead_is_not_waited_for():
    limit = Limit(calls=10, window_s=1.0)
    given, spent = grant(limit, Spent(next_at=START + 86_400), START, want=1, ahead_s=1.0)
    assert given.slots == (START + limit.spacing_s,)
    assert spent.next_at == given.slots[0] + limit.spacing_s


def test_a_reservation_that_another_workers_clock_may_have_made_is_waited_for():
    given, spent = grant(Limit(calls=10, window_s=1.0), Spent(next_at=START + 59), START, want=1, ahead_s=1.0)
    assert given.busy
    assert given.not_before == START + 58
    assert spent.next_at == START + 59


def test_how_far_clocks_may_differ_is_measured_in_the_seconds_of_a_time_lapse():
    spent = Spent(next_at=START + 1000)
    assert grant(Limit(10, 1.0), spent, START, want=1, ahead_s=1.0, skew_s=60_000)[0].busy
    assert grant(Limit(10, 1.0), spent, START, want=1, ahead_s=1.0, skew_s=60)[0].slots


def test_a_day_is_this_hour_and_the_twenty_four_before_and_none_that_lies_ahead():
    hour = int(START // HOUR_S)
    spent = Spent(hours={hour - 25: 1, hour - 24: 2, hour: 4, hour + 1: 8, hour + 2: 16, hour + 9000: 32})
    assert spent.in_last_day(START) == 2 + 4 + 8
    limit = Limit(calls=1000, window_s=1.0, per_day=15)
    given, after = grant(limit, spent, START, want=5, ahead_s=1.0)
    assert len(given.slots) == 1
    assert after.hours == {hour - 24: 2, hour: 5, hour + 1: 8}


def test_a_used_up_day_opens_when_its_oldest_hour_has_left_it():
    hour = int(START // HOUR_S)
    limit = Limit(calls=10, window_s=1.0, per_day=3)
    given, spent = grant(limit, Spent(hours={hour - 20: 2, hour: 1}), START, want=1, ahead_s=1)
    assert given.not_before == (hour - 20 + 25) * HOUR_S
    assert given.reason == "daily quota used up"
    assert spent == Spent(hours={hour - 20: 2, hour: 1})
    assert len(grant(limit, spent, given.not_before, want=9, ahead_s=1)[0].slots) == 2


def test_slots_are_spaced_and_as_many_as_fit_ahead():
    limit = Limit(calls=10, window_s=1.0)
    given, spent = grant(limit, Spent(), START, want=100, ahead_s=1.0)
    assert limit.spacing_s == (1.0 + 0.01 + 0.1) / 10
    assert given.slots == pytest.approx([START + i * limit.spacing_s for i in range(10)])
    assert spent.next_at == given.slots[-1] + limit.spacing_s
    assert limit.tolerance_s == limit.margin_s / 2
    again, _ = grant(limit, spent, START, want=1, ahead_s=1.0)
    assert again.busy
    assert again.not_before == spent.next_at - 1.0


def test_a_strict_limit_reserves_its_next_slot_though_it_lies_further_ahead():
    limit = Limit(calls=1, window_s=30.0)
    _, spent = grant(limit, Spent(), START, want=1, ahead_s=1.0)
    given, _ = grant(limit, spent, START, want=3, ahead_s=1.0)
    assert given.slots == (START + limit.spacing_s,)


def test_under_a_time_lapse_the_jitter_grows_with_it_up_to_a_window():
    assert Limit(50, 5.0).under(10).jitter_s == 1.0
    assert Limit(50, 5.0).under(3600).jitter_s == 5.0
    assert Limit(50, 0.05).under(3600).jitter_s == 0.1
    assert Limit(50, 5.0).under(1) == Limit(50, 5.0)


def test_a_pause_that_ends_now_is_over():
    assert grant(Limit(10, 1.0), Spent(paused_until=START), START, want=1, ahead_s=1.0)[0].slots == (START,)


@pytest.mark.parametrize(
    ("limit", "in_flight"),
    [(Limit(20, 5.0), 5), (Limit(50, 5.0, concurrency=4), 11), (Limit(1, 5.0), 2), (Limit(5000, 1.0), 8)],
)
def test_as_much_is_in_flight_as_is_asked_while_the_store_is_busy_for_a_second(limit, in_flight):
    assert limit.in_flight == in_flight
