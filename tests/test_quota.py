"""The arithmetic of budgets to the second: spacing, the rolling day's hours, what is reserved and what is refused."""

import pytest

from storage.limits import DAY_HOURS, HOUR_S, JITTER_S, SKEW_S, Grant, Limit, Spent, grant

HOUR = 472_222
NOW = HOUR * HOUR_S + 600.0
LIMIT = Limit(calls=10, window_s=9.9, jitter_s=0.001)  # ten calls over exactly ten seconds


def test_calls_are_spread_over_the_window_its_hundredth_and_the_jitter():
    limit = Limit(calls=50, window_s=5.0)
    assert limit.margin_s == pytest.approx(0.15)
    assert limit.tolerance_s == pytest.approx(0.075)
    assert limit.spacing_s == pytest.approx(0.103)
    assert pytest.approx(1.0) == LIMIT.spacing_s


@pytest.mark.parametrize(
    ("window_s", "lapse", "jitter_s"),
    [(60.0, 1.0, JITTER_S), (60.0, 100.0, 10.0), (60.0, 3600.0, 60.0), (5.0, 3600.0, 5.0), (0.05, 50.0, JITTER_S)],
)
def test_under_a_time_lapse_jitter_counts_for_more_but_never_for_more_than_a_window(window_s, lapse, jitter_s):
    assert Limit(10, window_s).under(lapse).jitter_s == pytest.approx(jitter_s)
    assert Limit(10, window_s, per_day=7).under(lapse).per_day == 7


def test_slots_follow_each_other_by_the_spacing_and_the_next_may_go_one_later():
    given, spent = grant(LIMIT, Spent(), NOW, want=3, ahead_s=60)
    assert given == Grant(pytest.approx((NOW, NOW + 1, NOW + 2)))
    assert spent.next_at == pytest.approx(NOW + 3)
    assert spent.hours == {HOUR: 3}


def test_calls_are_counted_in_the_hour_in_which_they_were_granted():
    spent = Spent(hours={HOUR - 1: 5, HOUR: 2})
    for now in (NOW, NOW + 2999.0, NOW + 3000.0):
        _, spent = grant(LIMIT, spent, now, want=1, ahead_s=1)
    assert spent.hours == {HOUR - 1: 5, HOUR: 4, HOUR + 1: 1}


@pytest.mark.parametrize(("ahead_s", "slots"), [(0.5, 1), (0.999, 1), (1.001, 2), (2.5, 3), (4.001, 5)])
def test_no_more_is_reserved_than_fits_ahead(ahead_s, slots):
    given, _ = grant(LIMIT, Spent(), NOW, want=99, ahead_s=ahead_s)
    assert len(given.slots) == slots


@pytest.mark.parametrize(("next_in", "slots"), [(0.5, 3), (1.5, 2), (2.4, 1), (2.501, 0), (3.5, 0)])
def test_what_others_reserved_is_waited_for_and_leaves_less(next_in, slots):
    given, spent = grant(LIMIT, Spent(next_at=NOW + next_in), NOW, want=99, ahead_s=2.5)
    assert len(given.slots) == slots
    if slots:
        assert given.slots[0] == NOW + next_in
        return
    assert given.busy
    assert given.reason == "others are before us"
    assert given.not_before == pytest.approx(NOW + next_in - 2.5)
    assert spent == Spent(next_at=NOW + next_in)


def test_a_limit_slower_than_the_look_ahead_still_grants_its_next_call():
    slow = Limit(calls=1, window_s=99.0, jitter_s=0.01)  # one call in a hundred seconds
    given, _ = grant(slow, Spent(next_at=NOW + 99.0), NOW, want=5, ahead_s=1)
    assert given.slots == (NOW + 99.0,)
    given, _ = grant(slow, Spent(next_at=NOW + 101.0), NOW, want=5, ahead_s=1)
    assert given.busy


def test_a_reservation_that_no_clock_could_have_made_is_not_waited_for():
    ahead_s, edge = 2.5, 2.5 + 1.0 + SKEW_S
    given, _ = grant(LIMIT, Spent(next_at=NOW + edge - 0.001), NOW, want=1, ahead_s=ahead_s)
    assert given.busy
    given, spent = grant(LIMIT, Spent(next_at=NOW + edge + 0.001), NOW, want=1, ahead_s=ahead_s)
    assert given.slots == (pytest.approx(NOW + 1.0),)
    assert spent.next_at == pytest.approx(NOW + 2.0)
    given, _ = grant(LIMIT, Spent(next_at=NOW + 4.0), NOW, want=1, ahead_s=ahead_s, skew_s=0.0)
    assert given.slots == (pytest.approx(NOW + 1.0),)


def test_the_rolling_day_holds_the_current_hour_the_24_before_it_and_one_that_a_clock_was_ahead():
    spent = Spent(hours={HOUR - 25: 1, HOUR - 24: 2, HOUR - 1: 4, HOUR: 8, HOUR + 1: 16, HOUR + 2: 32})
    assert spent.day(NOW) == {HOUR - 24: 2, HOUR - 1: 4, HOUR: 8, HOUR + 1: 16}
    assert spent.in_last_day(NOW) == 30
    _, after = grant(LIMIT, spent, NOW, want=1, ahead_s=1)
    assert after.hours == {HOUR - 24: 2, HOUR - 1: 4, HOUR: 9, HOUR + 1: 16}


@pytest.mark.parametrize(("used", "slots"), [(0, 5), (6, 4), (9, 1)])
def test_a_day_gives_what_is_left_of_it(used, slots):
    limit = Limit(calls=10, window_s=9.9, jitter_s=0.001, per_day=10)
    given, spent = grant(limit, Spent(hours={HOUR - 3: used}), NOW, want=5, ahead_s=60)
    assert len(given.slots) == slots
    assert spent.in_last_day(NOW) == used + slots


@pytest.mark.parametrize("used", [10, 11])
def test_a_used_up_day_opens_when_its_oldest_hour_has_left_it_and_not_a_second_sooner(used):
    limit = Limit(calls=10, window_s=9.9, jitter_s=0.001, per_day=10)
    full = Spent(hours={HOUR - 20: 3, HOUR - 2: used - 3})
    given, spent = grant(limit, full, NOW, want=5, ahead_s=60)
    opens = (HOUR - 20 + DAY_HOURS + 1) * HOUR_S
    assert given == Grant((), opens, "daily quota used up")
    assert spent is full
    assert grant(limit, full, opens - 1, want=5, ahead_s=60)[0].slots == ()
    assert len(grant(limit, full, opens, want=5, ahead_s=60)[0].slots) == 10 - (used - 3)


def test_without_a_quota_a_day_never_ends():
    given, _ = grant(LIMIT, Spent(hours={HOUR: 1_000_000}), NOW, want=1, ahead_s=1)
    assert len(given.slots) == 1


def test_a_pause_ends_on_the_second_and_says_why_nothing_goes_out():
    spent = Spent(paused_until=NOW)
    assert len(grant(LIMIT, spent, NOW, want=1, ahead_s=1)[0].slots) == 1
    assert grant(LIMIT, spent, NOW - 0.001, want=1, ahead_s=1)[0] == Grant((), NOW, "paused")


def test_nothing_is_spent_at_first():
    assert Spent() == Spent(next_at=0.0, paused_until=0.0, hours={})
    assert not Grant(()).busy
    assert Grant(()).not_before == 0.0
    assert (Limit(1, 1.0).per_day, Limit(1, 1.0).concurrency) == (None, 1)


def test_clocks_of_workers_may_differ_by_a_minute():
    edge = 2.5 + 1.0 + 60.0
    assert grant(LIMIT, Spent(next_at=NOW + edge - 0.001), NOW, want=1, ahead_s=2.5)[0].busy
    assert not grant(LIMIT, Spent(next_at=NOW + edge + 0.001), NOW, want=1, ahead_s=2.5)[0].busy
