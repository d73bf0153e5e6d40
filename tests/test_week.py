"""The week's rhythm and a profile's rate, to the number."""

from datetime import UTC, datetime, timedelta

import pytest

from crawler.watching.rates import CERTAIN, ENOUGH, PRIOR_COUNT, PRIOR_DAYS, STEADY, WEEK, Posterior, posterior, season

MONDAY = datetime(2026, 6, 1, 12, tzinfo=UTC)


def days(*counts):
    return [MONDAY + timedelta(days=weekday) for weekday, count in enumerate(counts) for _ in range(count)]


def test_a_week_of_fridays_weighs_its_fridays_by_how_many_there_are():
    found = season(days(10, 10, 10, 10, 100, 10, 10))
    mean = 160 / WEEK
    assert found == pytest.approx([11 / (mean + 1)] * 4 + [101 / (mean + 1)] + [11 / (mean + 1)] * 2)
    assert sum(found) == pytest.approx(WEEK)


def test_few_dates_or_a_rhythm_that_chance_could_make_are_no_rhythm():
    assert season(days(0, 0, 0, 0, ENOUGH - 1, 0, 0)) == STEADY
    assert season(days(0, 0, 0, 0, ENOUGH, 0, 0)) != STEADY
    assert season(days(30, 30, 30, 30, 30, 30, 30)) == STEADY
    assert season([]) == STEADY


@pytest.mark.parametrize(("extra", "steady"), [(40, True), (41, False)])
def test_a_rhythm_begins_where_chance_does_not_reach(extra, steady):
    counts = [30, 30, 30, 30, 30 + extra, 30, 30]
    mean = sum(counts) / WEEK
    assert (sum((count - mean) ** 2 for count in counts) / mean < CERTAIN) is steady
    assert (season(days(*counts)) == STEADY) is steady


def test_a_rate_is_the_dates_and_the_prior_over_the_time_watched():
    now = MONDAY + timedelta(days=100)
    found = posterior(
        [MONDAY + timedelta(days=1), now, MONDAY - timedelta(days=1), now + timedelta(days=1)], now, MONDAY
    )
    assert found.rate == pytest.approx((PRIOR_COUNT + 2) / (PRIOR_DAYS + 100))
    assert posterior([], MONDAY, MONDAY).rate == pytest.approx(PRIOR_COUNT / PRIOR_DAYS)


def test_what_came_lately_raises_the_rate_and_fades():
    lively = Posterior(rate=0.1, followed=0.5, recent=2.0)
    assert lively.at() == pytest.approx(0.05 + 0.5 / 5.0 * 2.0)
    assert lively.at(5.0) == pytest.approx(0.05 + 0.2 * 0.36787944117)
    assert Posterior(rate=0.1).at() == pytest.approx(0.1)
