"""The frontier: due targets, leases with a fence, and budgets that workers share."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from sqlalchemy import func, select, update

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


def test_a_claim_that_ran_out_is_claimed_by_another_and_the_first_may_not_finish(engine):
    with writing(engine) as connection:
        frontier.want(connection, wanted(1), NOW)
        (mine,) = claim(connection, "me")
        later = NOW + LEASE + timedelta(seconds=1)
        (yours,) = claim(connection, "you", later)
        assert yours.id == mine.id
        with pytest.raises(LeaseLost):
            frontier.finish(connection, mine, None)
        frontier.finish(connection, yours, None)
        assert claim(connection, "me", later) == []


def test_a_late_attempt_of_the_same_worker_is_refused_like_a_strangers(engine):
    with writing(engine) as connection:
        frontier.want(connection, wanted(1), NOW)
        (first,) = claim(connection, "me")
        (second,) = claim(connection, "me", NOW + LEASE + timedelta(seconds=1))
        with pytest.raises(LeaseLost):
            frontier.finish(connection, first, NOW)
        frontier.let_go(connection, [first])
        assert free(connection) == 0
        frontier.finish(connection, second, NOW + LEASE)
        with pytest.raises(LeaseLost):
            frontier.finish(connection, second, NOW)


def free(connection, now=NOW):
    """Count the targets that are due and that nobody holds."""
    rows = connection.execute(select(target.c.id).where(target.c.due_at <= now, target.c.lease_owner.is_(None)))
    return len(rows.all())


def test_claims_given_back_are_due_at_once(engine):
    with writing(engine) as connection:
        frontier.want(connection, wanted(3), NOW)
        claimed = claim(connection, "me", batch={Ask.RELEASES: 2})
        assert free(connection) == 1
        frontier.let_go(connection, claimed)
        assert free(connection) == 3


def test_a_claim_that_is_renewed_lasts(engine):
    with writing(engine) as connection:
        frontier.want(connection, wanted(2), NOW)
        (mine,) = claim(connection, "me")
        (other,) = claim(connection, "me")
        assert frontier.renew(connection, "me", [mine.token], NOW + 3 * LEASE) == 1
        assert [t.id for t in claim(connection, "you", NOW + 2 * LEASE)] == [other.id]


def test_what_is_held_by_claims_that_nobody_knows_is_freed(engine):
    with writing(engine) as connection:
        frontier.want(connection, wanted(3), NOW)
        known, _ = claim(connection, "me"), claim(connection, "me")
        claim(connection, "you")
        assert frontier.free_unknown(connection, "me", [known[0].token]) == 1
        assert free(connection) == 1


def test_what_dead_workers_held_is_due_again_and_what_living_ones_hold_is_not(engine):
    with writing(engine) as connection:
        frontier.want(connection, wanted(3), NOW)
        for name in ("dead", "living"):
            frontier.beat(connection, name, "host", "1@1")
            claim(connection, name)
        claim(connection, "unheard of")
        assert frontier.bury(connection, ["dead"]) == 2
        assert [one.name for one in frontier.listed(connection)] == ["living"]
        assert frontier.holders(connection) == {"living": 1}


def test_a_look_that_could_not_be_recorded_is_put_off_longer_each_time(engine):
    waits = []
    with writing(engine) as connection:
        frontier.want(connection, wanted(1), NOW)
        for _ in range(3):
            (mine,) = claim(connection, "me", NOW + 10 * LEASE)
            frontier.put_off(connection, mine, NOW, lambda failures: waits.append(failures) or failures * LEASE)
        assert waits == [1, 2, 3]
        assert connection.scalar(select(target.c.due_at)) == NOW + 3 * LEASE
        assert claim(connection, "me") == []


def test_what_was_retired_and_is_wanted_again_is_due_again_but_not_what_is_asked_once(engine):
    list_, record = Target("deezer", Ask.RELEASES, "1"), Target("deezer", Ask.RELEASE, "2")
    with writing(engine) as connection:
        frontier.want(connection, [Wanted(list_, NOW), Wanted(record, NOW)], NOW)
        for one in claim(connection, "me") + claim(connection, "me"):
            frontier.finish(connection, one, None)
        frontier.want(connection, [Wanted(list_, NOW, 3), Wanted(record, NOW)], NOW)
        assert [(t.ask, t.subject) for t in claim(connection, "me")] == [(Ask.RELEASES, "1")]
        assert claim(connection, "me") == []


def test_the_queues_show_what_is_due_next_without_what_is_held(engine):
    later = NOW + timedelta(hours=1)
    with writing(engine) as connection:
        soon = [Wanted(Target("deezer", Ask.SEARCH, "x", market=market), NOW, 4) for market in ("", "DE", "US")]
        frontier.want(connection, [*soon, Wanted(Target("deezer", Ask.SEARCH, "y"), later, 4), *wanted(2)], NOW)
        frontier.want(connection, [Wanted(Target("itunes", Ask.SEARCH, "z"), NOW)], NOW)
        assert len(frontier.queues(connection, "deezer", NOW)) == 4
        assert frontier.next_due(frontier.queues(connection, "deezer", NOW)) == NOW
        while claim(connection, "me"):
            pass
        assert frontier.next_due(frontier.queues(connection, "deezer", NOW)) == later
        assert frontier.next_due(frontier.queues(connection, "deezer", NOW), resting={Ask.SEARCH}) is None
        assert len(frontier.queues(connection, "deezer", NOW + LEASE + timedelta(seconds=1))) == 5 - 1
        assert frontier.queues(connection, "spotify", NOW) == []


def test_under_overload_suspects_are_stretched_a_quarter_as_much_and_nothing_waits_for_ever(engine):
    """Lists that want 500 looks a day get 50: each is due again a day (a suspect's: six hours) after it was asked."""
    suspects, calm, looks = 50, 300, {}
    with writing(engine) as connection:
        frontier.want(connection, [Wanted(Target("deezer", Ask.RELEASES, f"c{n}"), NOW, 3) for n in range(calm)], NOW)
        frontier.want(
            connection, [Wanted(Target("deezer", Ask.RELEASES, f"s{n}"), NOW, 1) for n in range(suspects)], NOW
        )
        for step in range(50 * 60):
            at = NOW + step * timedelta(days=1) / 50
            (one,) = claim(connection, "me", at)
            looks.setdefault(one.subject, []).append(at)
            wait, urgency = (timedelta(hours=6), 1) if one.subject[0] == "s" else (timedelta(days=1), 3)
            frontier.finish(connection, one, at + wait, urgency)
    gaps = {kind: [] for kind in "sc"}
    for subject, moments in looks.items():
        gaps[subject[0]] += [(b - a).total_seconds() for a, b in pairwise(moments) if b > NOW]
    suspect, other = (sum(gaps[kind]) / len(gaps[kind]) for kind in "sc")
    assert len(looks) == suspects + calm
    assert 3 < other / suspect < 5
    assert max(gaps["c"]) < 1.5 * other


def test_a_memory_of_the_future_is_brought_back_when_its_target_is_claimed(engine):
    ahead = NOW + timedelta(days=400)
    with writing(engine) as connection:
        frontier.want(connection, wanted(1), NOW)
        connection.execute(update(target).values(last_look_at=ahead, last_complete_at=ahead, baseline_at=NOW - LEASE))
        claim(connection, "me")
        row = connection.execute(select(target)).one()
        assert (row.last_look_at, row.last_complete_at, row.baseline_at) == (NOW, NOW, NOW - LEASE)


def test_what_a_wrong_clock_put_off_for_months_is_due_now(engine):
    with writing(engine) as connection:
        frontier.want(connection, wanted(2), NOW)
        connection.execute(update(target).where(target.c.subject == "0").values(due_at=NOW + timedelta(days=400)))
        connection.execute(update(target).where(target.c.subject == "1").values(due_at=NOW + timedelta(days=30)))
        assert frontier.bound(connection, "deezer", NOW) == 1
        assert [t.subject for t in claim(connection, "me")] == ["0"]
        assert claim(connection, "me") == []


def test_the_database_tells_the_time_that_workers_share(engine):
    with engine.connect() as connection:
        before, told, after = time.time(), frontier.now_of(connection), time.time()
    assert before - 0.01 <= told <= after + 0.01


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


def test_a_claim_keeps_to_its_number_whatever_way_the_planner_takes(engine):
    with writing(engine) as connection:
        if engine.dialect.name == "postgresql":
            for way in ("hashagg", "hashjoin", "mergejoin", "sort", "material", "memoize", "bitmapscan"):
                connection.exec_driver_sql(f"SET LOCAL enable_{way} = off")
        frontier.want(connection, wanted(20), NOW)
        assert [len(claim(connection, "me")) for _ in range(3)] == [1, 1, 1]


@pytest.mark.parametrize("end", ["answered", "put off"])
def test_what_is_retired_while_it_is_asked_is_not_asked_again(engine, end):
    with writing(engine) as connection:
        ids, _ = keep_artists(connection, [Monitored("a", "a", None, 1.0, (), ())], NOW)
        frontier.want(connection, [Wanted(Target("deezer", Ask.SEARCH, "Ada Quill"), NOW, 5, (ids["a"],))], NOW)
        (leased,) = claim(connection, "me")
        assert frontier.abandon(connection, ids["a"]) == 1
        if end == "answered":
            frontier.finish(connection, leased, NOW + LEASE)
        else:
            frontier.put_off(connection, leased, NOW, lambda failures: LEASE)
        assert connection.scalar(select(target.c.due_at)) is None
        assert connection.scalar(select(target.c.lease_owner)) is None
