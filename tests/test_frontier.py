"""The frontier: due targets, leases with a fence, and budgets that workers share."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from storage import budgets, frontier
from storage.database import writing
from storage.frontier import LeaseLost, Wanted
from storage.limits import Limit
from storage.models import target, watch
from storage.roster import Monitored, keep_artists
from storage.targets import Ask, Target

NOW = datetime(2026, 3, 2, tzinfo=UTC)
LEASE = timedelta(minutes=10)


def wanted(count, ask=Ask.RELEASES, priority=5):
    return [Wanted(Target("deezer", ask, str(n)), NOW, priority) for n in range(count)]


def claim(connection, owner, now=NOW, batch=None, resting=()):
    return frontier.claim(connection, "deezer", owner, now, now, LEASE, batch=batch or {}, resting=resting)


def test_wanting_a_target_twice_makes_one_and_links_every_artist(engine):
    one = Target("deezer", Ask.SEARCH, "Ada Quill")
    with writing(engine) as connection:
        ids, _ = keep_artists(connection, [Monitored(k, k, None, 1.0, (), ()) for k in "ab"], NOW)
        frontier.want(connection, [Wanted(one, NOW, 5, (ids["a"],)), Wanted(one, NOW, 5, (ids["b"],))], NOW)
        frontier.want(connection, [Wanted(one, NOW + LEASE, 9, (ids["a"],))], NOW)
        assert connection.scalar(select(func.count()).select_from(target)) == 1
        assert connection.scalar(select(target.c.priority)) == 5
        assert connection.scalar(select(func.count()).select_from(watch)) == 2


def test_the_most_urgent_is_claimed_first_and_nobody_claims_it_again(engine):
    with writing(engine) as connection:
        frontier.want(connection, [*wanted(3, priority=5), Wanted(Target("deezer", Ask.SEARCH, "x"), NOW, 1)], NOW)
        assert [t.subject for t in claim(connection, "me")] == ["x"]
        claimed = [claim(connection, "me")[0].subject for _ in range(3)]
        assert sorted(claimed) == ["0", "1", "2"]
        assert claim(connection, "you") == []


def test_a_batch_holds_targets_of_one_kind(engine):
    with writing(engine) as connection:
        frontier.want(connection, [*wanted(4), *wanted(4, Ask.PROFILE, priority=6)], NOW)
        batch = claim(connection, "me", batch={Ask.RELEASES: 10, Ask.PROFILE: 3})
        assert {t.ask for t in batch} == {Ask.RELEASES}
        assert len(batch) == 4
        assert len(claim(connection, "me", batch={Ask.RELEASES: 10, Ask.PROFILE: 3})) == 3


def test_asks_whose_budget_rests_are_left_alone(engine):
    with writing(engine) as connection:
        frontier.want(connection, [*wanted(1), *wanted(1, Ask.PROFILE)], NOW)
        assert [t.ask for t in claim(connection, "me", resting={Ask.RELEASES})] == [Ask.PROFILE]
        assert claim(connection, "me", resting={Ask.RELEASES}) == []


def test_a_lease_that_ran_out_is_claimed_by_another_and_the_first_may_not_finish(engine):
    with writing(engine) as connection:
        frontier.want(connection, wanted(1), NOW)
        (mine,) = claim(connection, "me")
        later = NOW + LEASE + timedelta(seconds=1)
        assert [t.id for t in claim(connection, "you", later)] == [mine.id]
        with pytest.raises(LeaseLost):
            frontier.finish(connection, mine.id, "me", None)
        frontier.finish(connection, mine.id, "you", None)
        assert claim(connection, "me", later) == []


def test_leases_given_back_are_due_at_once(engine):
    with writing(engine) as connection:
        frontier.want(connection, wanted(2), NOW)
        claim(connection, "me", batch={Ask.RELEASES: 2})
        assert frontier.due_count(connection, "deezer", NOW, NOW) == 0
        assert frontier.let_go(connection, "me") == 2
        assert frontier.due_count(connection, "deezer", NOW, NOW) == 2


def test_hastening_makes_sooner_and_more_urgent_but_never_later_or_calmer(engine):
    with writing(engine) as connection:
        ids = frontier.want(connection, [Wanted(Target("deezer", Ask.RELEASE, "1"), NOW + LEASE, 3)], NOW)
        frontier.hasten(connection, list(ids.values()), NOW, 1)
        row = connection.execute(select(target)).one()
        assert (row.due_at, row.priority) == (NOW, 1)
        frontier.hasten(connection, list(ids.values()), NOW + 9 * LEASE, 8)
        row = connection.execute(select(target)).one()
        assert (row.due_at, row.priority) == (NOW, 1)


def test_workers_that_claim_at_once_never_share_a_target(engine):
    with writing(engine) as connection:
        frontier.want(connection, wanted(120), NOW)

    def work(owner):
        mine = []
        while True:
            with writing(engine) as connection:
                batch = claim(connection, owner, batch={Ask.RELEASES: 3})
            if not batch:
                return mine
            mine += [t.id for t in batch]

    with ThreadPoolExecutor(4) as pool:
        claimed = [i for ids in pool.map(work, ["a", "b", "c", "d"]) for i in ids]
    assert len(claimed) == len(set(claimed)) == 120


def test_a_budget_is_one_however_many_workers_spend_it(engine):
    limit = Limit(calls=10, window_s=1.0)
    start = 1_000_000.0

    def spend(_):
        slots = []
        for step in range(25):
            with writing(engine) as connection:
                now = start + step * 0.2
                slots += budgets.reserve(connection, "deezer", "", "here", limit, now=now, want=3, ahead_s=1.0).slots
        return slots

    with ThreadPoolExecutor(3) as pool:
        slots = sorted(s for part in pool.map(spend, range(3)) for s in part)
    assert len(slots) > 30
    assert all(sum(1 for s in slots if a <= s < a + 1.0) <= 10 for a in slots)


def test_a_parked_budget_survives_a_restart_and_keeps_its_reason(engine):
    limit = Limit(calls=10, window_s=1.0, per_day=100)
    with writing(engine) as connection:
        budgets.reserve(connection, "spotify", "artist_albums", "app", limit, now=5.0, want=2, ahead_s=9)
        budgets.park(connection, "spotify", "artist_albums", "app", 90_000.0, "QUOTA_EXCEEDED")
    engine.dispose()
    with writing(engine) as connection:
        given = budgets.reserve(connection, "spotify", "artist_albums", "app", limit, now=6.0, want=1, ahead_s=9)
        other = budgets.reserve(connection, "spotify", "", "app", limit, now=6.0, want=1, ahead_s=9)
    assert (given.slots, given.not_before) == ((), 90_000.0)
    assert len(other.slots) == 1
