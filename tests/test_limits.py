"""The arithmetic of budgets: no window is ever overrun, whoever asks and whenever."""

from hypothesis import given
from hypothesis import strategies as st

from storage.limits import HOUR_S, Limit, Spent, grant, pause

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
