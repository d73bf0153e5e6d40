"""Budgets in the store: what one worker spent, the next one knows; what was refused is not spent."""

import json

from sqlalchemy import select

from storage import budgets
from storage.database import open_database, writing
from storage.limits import HOUR_S, Limit
from storage.models import budget

LIMIT = Limit(calls=10, window_s=9.9, jitter_s=0.001)
NOW = 472_222 * HOUR_S + 600.0


def reserve(engine, platform="deezer", bucket="", holder="here", *, now=NOW, want=2, ahead_s=60.0, limit=LIMIT):
    with writing(engine) as connection:
        return budgets.reserve(connection, platform, bucket, holder, limit, now=now, want=want, ahead_s=ahead_s)


def park(engine, until, reason, platform="deezer", bucket="", holder="here"):
    with writing(engine) as connection:
        budgets.park(connection, platform, bucket, holder, until, reason)


def rows(engine):
    with engine.connect() as connection:
        return connection.execute(select(budget).order_by(budget.c.id)).all()


def test_the_next_reservation_goes_on_where_the_last_one_ended(engine):
    assert [round(slot - NOW, 6) for slot in reserve(engine).slots] == [0, 1]
    assert [round(slot - NOW, 6) for slot in reserve(engine).slots] == [2, 3]
    (row,) = rows(engine)
    assert round(row.next_at - NOW, 6) == 4
    assert json.loads(row.hours) == {"472222": 4}
    assert (row.platform, row.bucket, row.holder, row.paused_until, row.pause_reason) == ("deezer", "", "here", 0, "")


def test_every_platform_bucket_and_holder_spends_for_itself(engine):
    for which in (
        ("deezer", "", "here"),
        ("itunes", "", "here"),
        ("deezer", "search", "here"),
        ("deezer", "", "there"),
    ):
        assert reserve(engine, *which).slots[0] == NOW
    assert len(rows(engine)) == 4
    park(engine, NOW + 60, "told so", bucket="search")
    assert [row.paused_until > 0 for row in rows(engine)] == [False, False, True, False]


def test_a_parked_budget_refuses_and_keeps_why_when_it_opens_again(engine):
    reserve(engine)
    park(engine, NOW + 60, "told to slow down")
    refused = reserve(engine)
    assert (refused.slots, refused.not_before, refused.reason) == ((), NOW + 60, "paused")
    park(engine, NOW + 5, "a shorter one")
    assert rows(engine)[0].paused_until == NOW + 60
    assert json.loads(rows(engine)[0].hours) == {"472222": 2}
    assert reserve(engine, now=NOW + 60).slots[0] == NOW + 60
    assert rows(engine)[0].pause_reason == "a shorter one"


def test_a_budget_that_nobody_used_can_be_parked_and_a_long_reason_is_cut(engine):
    park(engine, NOW + 60, "x" * 1000)
    (row,) = rows(engine)
    assert (row.paused_until, row.pause_reason) == (NOW + 60, "x" * 300)


def test_what_was_refused_spends_nothing(engine):
    limit = Limit(calls=10, window_s=9.9, jitter_s=0.001, per_day=2)
    reserve(engine, limit=limit)
    before = rows(engine)
    assert reserve(engine, limit=limit).reason == "daily quota used up"
    assert rows(engine) == before


def test_how_far_off_clocks_may_be_is_the_callers_to_say(engine):
    reserve(engine, now=NOW + 100)
    with writing(engine) as connection:
        asked = {"now": NOW, "want": 1, "ahead_s": 1.0}
        assert budgets.reserve(connection, "deezer", "", "here", LIMIT, **asked, skew_s=200.0).busy
        assert not budgets.reserve(connection, "deezer", "", "here", LIMIT, **asked, skew_s=0.0).busy


def test_the_pauses_of_one_platform_are_listed_while_they_last_and_lifted_for_it_alone(engine):
    for platform, bucket, until in (("deezer", "b", 60), ("deezer", "a", 30), ("itunes", "", 60), ("aaa", "", 60)):
        park(engine, NOW + until, f"told {platform}", platform, bucket)
    reserve(engine, bucket="never parked")
    with writing(engine) as connection:
        told = [budgets.Pause(bucket, "here", NOW + until, "told deezer") for bucket, until in (("a", 30), ("b", 60))]
        assert budgets.pauses(connection, "deezer", NOW) == told
        assert budgets.pauses(connection, "deezer", NOW + 30) == told[1:]
        assert budgets.unpark(connection, "deezer", NOW) == told
        assert budgets.pauses(connection, "deezer", NOW) == []
        assert len(budgets.pauses(connection, "itunes", NOW)) == len(budgets.pauses(connection, "aaa", NOW)) == 1
    assert [row.pause_reason for row in rows(engine) if row.platform == "deezer"] == ["", "", ""]
    assert reserve(engine, bucket="a").slots[0] == NOW


def test_until_when_a_budget_is_parked_is_read_without_making_one(engine):
    with writing(engine) as connection:
        assert budgets.paused_until(connection, "deezer", "", "here") == 0.0
    assert rows(engine) == []
    park(engine, NOW + 60, "told so")
    with writing(engine) as connection:
        assert budgets.paused_until(connection, "deezer", "", "here") == NOW + 60
        assert budgets.paused_until(connection, "deezer", "", "there") == 0.0


def test_a_day_s_retry_after_parks_one_bucket_outlives_a_restart_and_delays_nobody_else(store_url):
    before = open_database(store_url)
    with writing(before) as connection:
        budgets.park(connection, "spotify", "artist_albums", "ours", NOW + 86_207.0, "QUOTA_EXCEEDED")
    before.dispose()
    again = open_database(store_url)  # as another process would
    try:
        with writing(again) as connection:

            def granted(platform, bucket, holder, after=0.0):
                now = NOW + after
                return budgets.reserve(connection, platform, bucket, holder, LIMIT, now=now, want=1, ahead_s=1.0)

            refused = granted("spotify", "artist_albums", "ours", 86_206.0)
            assert (refused.slots, refused.not_before) == ((), NOW + 86_207.0)
            for other in (("spotify", "", "ours"), ("spotify", "artist_albums", "theirs"), ("deezer", "", "ours")):
                assert granted(*other).slots == (NOW,), other
            assert granted("spotify", "artist_albums", "ours", 86_207.0).slots == (NOW + 86_207.0,)
    finally:
        again.dispose()


def test_a_call_that_came_late_counts_for_every_worker_from_its_answer(engine):
    strict = Limit(calls=2, window_s=10.0, jitter_s=0.0)
    (first,) = reserve(engine, want=1, limit=strict).slots
    with writing(engine) as connection:
        budgets.land(connection, "deezer", "", "here", strict, slot=first, at=first + 3.0)
    (second,) = reserve(engine, now=NOW + 5.05, want=1, ahead_s=1.0, limit=strict).slots
    (third,) = reserve(engine, now=NOW + 10.2, want=1, ahead_s=5.0, limit=strict).slots
    assert (round(second - NOW, 3), round(third - NOW, 3)) == (5.425, 13.0)  # half a spacing after the answer at least
    assert json.loads(rows(engine)[0].recent) == [second, third]
