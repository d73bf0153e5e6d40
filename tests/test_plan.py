"""How often lists are looked at: rates, the week, paces that fit a budget."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from math import sqrt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.recheck.simulate import Ours, run
from benchmarks.recheck.worlds import make
from crawler.watching.plan import Quota, Watch, days_between, pace_for, plan
from crawler.watching.rates import STEADY, Posterior, posterior, season, wait_for
from crawler.watching.recheck import OLDEST, SOONEST, SUSPECT_WEIGHT, Situation, interval, next_due
from storage.observations import Outcome
from storage.targets import Ask

NOW = datetime(2026, 3, 2, tzinfo=UTC)  # a Monday
CALM = Posterior(1 / 30)

watches = st.lists(
    st.builds(
        Watch,
        platform=st.just("deezer"),
        artist_id=st.integers(1, 99),
        weight=st.floats(0.1, 50),
        rate=st.floats(0.001, 1),
        calls=st.floats(1, 5),
    ),
    min_size=1,
    max_size=30,
)


def test_more_releases_and_a_shorter_watch_raise_the_rate():
    dates = [NOW - timedelta(days=40 * n) for n in range(1, 9)]
    year = posterior(dates, NOW, NOW - timedelta(days=365))
    assert year.rate == pytest.approx(8.8 / 379.4)
    assert posterior(dates[:2], NOW, NOW - timedelta(days=365)).rate < year.rate
    assert posterior([], NOW, NOW).rate == pytest.approx(0.8 / 14.4)


def test_releases_in_clusters_raise_the_rate_for_some_days_and_steady_ones_hardly():
    since = NOW - timedelta(days=365)
    clusters = [NOW - timedelta(days=60 * n + d) for n in range(6) for d in (0.5, 1.5, 2.5)]
    spread = [NOW - timedelta(days=20 * n + 0.5) for n in range(18)]
    excited, steady = posterior(clusters, NOW, since), posterior(spread, NOW, since)
    assert excited.followed > 0.5 > 0.2 > steady.followed
    assert excited.at() > 3 * excited.rate
    assert excited.at(30) < excited.rate


def test_a_week_has_a_rhythm_only_where_many_dates_show_it():
    fridays = [NOW + timedelta(days=4 + 7 * n) for n in range(200)]
    spread = [NOW + timedelta(days=n) for n in range(400)]
    assert season(fridays)[4] > 5
    assert season(spread) == season(fridays[:20]) == STEADY


def test_a_steady_list_waits_by_the_square_root_law():
    for rate, weight in ((0.01, 1.0), (0.1, 1.0), (0.1, 9.0)):
        assert interval(Posterior(rate), weight, 0.5, STEADY, NOW, 99) == pytest.approx(
            0.5 / sqrt(weight * rate), rel=0.05
        )


def test_with_a_friday_rhythm_the_look_comes_after_the_spike():
    week = season([NOW + timedelta(days=4 + 7 * n) for n in range(200)])
    days = wait_for(CALM, 1.0, 1 / 30 * 0.4, week, NOW, 14)
    assert 4 < days < 5


@given(
    st.floats(0.001, 5), st.floats(0, 0.7), st.floats(0, 20), st.floats(0.1, 50), st.floats(0.001, 10), st.floats(1, 60)
)
def test_an_interval_keeps_its_bounds_and_heavier_lists_never_wait_longer(rate, followed, recent, weight, pace, oldest):
    known = Posterior(rate, followed, recent)
    days = interval(known, weight, pace, STEADY, NOW, oldest)
    assert SOONEST <= days <= oldest
    assert interval(known, weight * 2, pace, STEADY, NOW, oldest) <= days


@given(watches, st.floats(0.5, 500))
@settings(deadline=None)
def test_a_pace_never_spends_more_than_the_budget_and_bounds_the_oldest_where_that_fits(drawn, budget):
    pace, oldest = pace_for(drawn, budget)
    waits = [days_between(w, pace, oldest) for w in drawn]
    assert sum(w.calls / days for w, days in zip(drawn, waits, strict=True)) <= budget * 1.001
    assert max(waits) <= max(OLDEST, sum(w.calls for w in drawn) / budget) * 1.001


def test_under_overload_the_suspects_keep_their_share_and_nobody_is_dropped():
    drawn = [Watch("deezer", n, 16.0 if n < 10 else 1.0, 0.03) for n in range(100)]
    for budget in (1000.0, 20.0):
        pace, oldest = pace_for(drawn, budget, oldest=10_000)
        calls = [1 / days_between(w, pace, oldest) for w in drawn]
        assert sum(calls[:10]) / sum(calls) == pytest.approx(40 / 130, rel=0.01)  # ten at four, ninety at one
        assert min(calls) > 0


def test_a_plan_says_what_one_more_credential_buys():
    drawn = [Watch("deezer", n, 16.0 if n < 10 else 1.0, 0.03) for n in range(100)]
    (one,) = plan(drawn, [Quota("deezer", 60.0), Quota("tidal", 5.0)])
    assert one.lists == 100
    assert one.delay_hours_with_one_more == pytest.approx(one.delay_hours / 2, rel=0.05)
    assert [g.name for g in one.groups] == ["suspects", "calm"]
    assert one.groups[0].median_days == pytest.approx(one.groups[1].median_days / 4, rel=0.01)
    assert one.bounded
    assert not plan(drawn, [Quota("deezer", 2.0)])[0].bounded


def test_a_paced_list_is_due_by_the_law_and_a_suspect_one_four_times_as_often():
    calm = Situation(
        Ask.RELEASES, Outcome.COMPLETE, official=True, suspected=False, news=False, failures=0, known=CALM, pace=0.3
    )
    wait = next_due(calm, NOW) - NOW
    suspect = next_due(replace(calm, suspected=True), NOW) - NOW
    assert SUSPECT_WEIGHT == 16
    assert suspect == pytest.approx(wait / 4, rel=0.05)
    assert next_due(replace(calm, pace=None), NOW) - NOW == timedelta(days=1)


def test_the_budget_is_never_exceeded_and_beats_taking_turns():
    profiles = make("poisson", 40, 365.0, 30.0, seed=3)
    ours = Ours(profiles, 40.0, 365.0)
    checks, delay = run(profiles, 30.0, 40.0, ours.wait, ours.pace)
    assert checks.sum() == 30 * 40
    assert checks.min() > 0
    _, turns = run(profiles, 30.0, 40.0, lambda i, now: 1.0)
    assert delay < 0.8 * turns


def test_the_command_plans_what_the_store_watches(tmp_path):
    import json

    from tests.commands import falsetto

    settings = {"platforms": "deezer", "deezer_base_url": "http://127.0.0.1:9", "contact": "x@falsetto.example"}
    settings["database_url"] = f"sqlite:///{tmp_path / 's.db'}"
    (tmp_path / "roster.csv").write_text("name,deezer\nAda Quill,27\n", encoding="utf-8")
    assert falsetto("roster", "import", "roster.csv", folder=tmp_path, **settings).returncode == 0
    assert "no list is watched yet" in falsetto("plan", folder=tmp_path, **settings).stdout
    falsetto("run", "--once", folder=tmp_path, **settings)
    (row,) = [json.loads(line) for line in falsetto("plan", "--json", folder=tmp_path, **settings).stdout.splitlines()]
    assert (row["platform"], row["lists"], row["bounded"]) == ("deezer", 1, True)
    assert 0 < row["delay_hours_with_one_more"] <= row["delay_hours"]


def test_the_simulated_rule_learns_the_week_only_from_releases_that_a_check_has_shown():
    profiles = make("friday", 60, 365.0, 365.0, seed=1)
    ours = Ours(profiles, 60.0, memory=0.0)
    ours.pace(300.0)
    assert ours.week == STEADY  # a year of Fridays came, and nobody looked
    ours.checked = [300.0] * 60
    ours.pace(301.0)
    assert ours.week[4] > 2
