"""Retention: a store grows with what exists, not with how long we look; nothing that matters goes."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import func, insert, select, update

from crawler.settings import Settings
from crawler.timelapse import Timepiece
from crawler.worker import retention as upkeep_of_a_worker
from crawler.worker.writer import Desk
from spiders.base.platform import Platform
from storage import outbox, retention
from storage.database import writing
from storage.models import artist, case, change, look, look_day, look_payload, payload, target, watch
from storage.models import outbox as papers
from storage.observations import Outcome, Payload, ProfileSeen
from storage.retention import JOBS, Periods
from storage.targets import Ask, Target
from tests.say import START, day, full_release, page_of, release, releases, rows, say, search, told

DAYS = timedelta(days=1)
ARTIST = {"id": 1, "key": "k", "name": "X", "name_key": "x", "added_at": START, "changed_at": START}


def retain(engine, now, *names, **periods):
    """Run retention's jobs to their end and count what went."""
    gone = {}
    for name in names or JOBS:
        after, gone[name] = 0, 0
        while after is not None:
            with writing(engine) as connection:
                piece = JOBS[name](connection, Periods(**periods), now, after)
            gone[name], after = gone[name] + piece.gone, piece.after
    return {name: count for name, count in gone.items() if count}


def looked(engine, days, **more):
    for number in days:
        say(engine, releases(1, 2, at=number, **more))


def test_raw_answers_go_by_the_terms_of_their_platform_and_that_they_were_seen_stays(engine):
    for platform in ("deezer", "youtube", "a platform of old"):
        answer = Payload("https://x", 200, platform.encode())
        say(engine, told(page_of(platform=platform), payloads=(answer,)))
    periods = {"raw": 300 * DAYS, "terms": {"youtube": 30 * DAYS}}
    assert retain(engine, day(30), "raw answers", **periods) == {}
    assert retain(engine, day(31), "raw answers", **periods) == {"raw answers": 1}
    assert {r.platform for r in rows(engine, payload)} == {"deezer", "a platform of old"}
    assert retain(engine, day(301), "raw answers", **periods) == {"raw answers": 2}
    assert len(rows(engine, look_payload)) == 3


def test_looks_that_changed_nothing_are_counted_by_target_and_day(engine):
    looked(engine, range(4))
    say(engine, releases(outcome=Outcome.THROTTLED, at=START + timedelta(days=3, hours=1), pages=0, cost=2))
    looked(engine, range(4, 10))
    say(engine, told(page_of("p2"), at=2, received=7, pages=3))
    assert retain(engine, day(95), "looks") == {"looks": 6}
    kept = rows(engine, look)
    assert [k.ended_at for k in kept] == [day(number) for number in (5, 6, 7, 8, 9, 2)]
    counted = [
        (d.target_id, d.day, d.complete, d.throttled, d.pages, d.cost, d.received) for d in rows(engine, look_day)
    ]
    assert counted == [(1, day(number).date(), 1, int(number == 3), 0, 2 * (number == 3), 2) for number in range(5)]
    assert retain(engine, day(95), "looks") == {}
    assert retain(engine, day(97), "looks") == {"looks": 2}
    assert sum(d.complete for d in rows(engine, look_day)) + len(rows(engine, look)) == 11


def test_a_day_whose_looks_go_in_two_parts_is_added_up(engine, monkeypatch):
    monkeypatch.setattr(retention, "ROWS", 1)
    for hour in range(4):
        at = START + timedelta(hours=hour)
        say(engine, told(page_of(), release(1), at=at, pages=2, received=1 + (hour == 1)))
    assert retain(engine, day(200), "looks") == {"looks": 3}
    (counted,) = rows(engine, look_day)
    assert (counted.complete, counted.pages, counted.received) == (3, 6, 2)


def test_the_newest_look_and_the_newest_whole_one_stay_however_old(engine):
    looked(engine, range(3))
    for number in range(3, 6):
        say(engine, releases(outcome=Outcome.FAILED, at=number))
    retain(engine, day(1000), "looks")
    assert [(k.ended_at, k.outcome) for k in rows(engine, look)] == [(day(2), "complete"), (day(5), "failed")]


def test_a_look_that_changed_something_or_brought_a_new_answer_stays_as_long_as_that(engine):
    say(engine, releases(1, at=0))
    say(engine, releases(1, 2, at=1))  # news: logged as a change
    for number, body in ((2, b"one"), (3, b"two"), (4, b"one"), (5, b"one"), (6, b"one")):
        say(engine, told(page_of(), release(1), release(2), at=number, payloads=(Payload("https://x", 200, body),)))
    retain(engine, day(120), "looks")
    assert [k.ended_at for k in rows(engine, look)] == [day(number) for number in (1, 2, 3, 6)]
    assert {p.look_id for p in rows(engine, look_payload)} == {k.id for k in rows(engine, look)[1:]}
    retain(engine, day(1200))
    assert [k.ended_at for k in rows(engine, look)] == [day(6)]


def test_changes_go_after_their_period_and_nothing_goes_when_it_is_for_ever(engine):
    say(engine, releases(1, at=0), releases(1, 2, at=1), releases(1, 2, 3, at=20))
    before = rows(engine, change)
    for_ever = dict.fromkeys(("looks", "changes", "retired", "told"))
    assert retain(engine, day(100_000), **for_ever) == {}
    assert retain(engine, day(40), "changes", changes=30 * DAYS) == {"changes": 1}
    assert rows(engine, change) == before[1:]


def test_what_a_counter_did_in_a_past_month_becomes_one_change(engine):
    for number in range(0, 60, 3):
        fans = ProfileSeen("p1", "Ovels" if number < 50 else "Ovels!", followers=100 + number)
        say(engine, told(Target("deezer", Ask.PROFILE, "p1"), fans, at=number))
    assert retain(engine, day(130), "counters' changes") == {"counters' changes": 9}
    told_ones = [(c.field, c.before, c.after) for c in rows(engine, change) if c.changed_at < day(31)]
    assert told_ones == [("followers", "100", "130")]
    assert [c.field for c in rows(engine, change)].count("name") == 1
    assert retain(engine, day(130), "counters' changes") == {}
    assert retain(engine, day(160), "counters' changes") == {"counters' changes": 8}
    told_ones = [(c.before, c.after) for c in rows(engine, change) if c.field == "followers"]
    assert told_ones == [("100", "130"), ("130", "157")]


def retire(engine, *ids):
    with writing(engine) as connection:
        connection.execute(update(target).where(target.c.id.in_(ids)).values(due_at=None))


def test_retired_targets_go_with_their_looks_unless_what_they_ask_about_is_still_seen(engine):
    say(engine, full_release(1, at=0), full_release(2, at=0), search("Old Alias", "p9", at=0))
    say(engine, told(Target("deezer", Ask.PROFILE, "p9"), ProfileSeen("p9", "Old Alias"), at=0), releases(1, at=0))
    ids = {(t.ask, t.subject): t.id for t in rows(engine, target)}
    with writing(engine) as connection:
        connection.execute(
            insert(artist).values(id=1, key="k", name="X", name_key="x", added_at=START, changed_at=START)
        )
        connection.execute(insert(watch), [{"target_id": one, "artist_id": 1} for one in ids.values()])
        connection.execute(update(target).values(due_at=day(1)))
        connection.execute(insert(look_day).values(target_id=ids["search", "Old Alias"], day=START.date(), complete=3))
    say(engine, told(page_of("p2"), release(2, "p2"), at=200))  # the second release is still shown
    assert retain(engine, day(370), "retired targets") == {}
    retire(engine, *ids.values())
    assert retain(engine, day(364), "retired targets") == {}
    assert retain(engine, day(370), "retired targets") == {"retired targets": 3}
    left = {(t.ask, t.subject) for t in rows(engine, target)}
    assert left == {("release", "r2"), ("releases", "p1"), ("releases", "p2")}  # a list keeps its baseline
    assert {k.target_id for k in rows(engine, look)} == {t.id for t in rows(engine, target)}
    assert rows(engine, look_day) == []


def test_a_replaced_document_goes_and_the_newest_of_each_case_stays(engine):
    say(engine, search("Ovels", "p1"))
    with writing(engine) as connection:
        connection.execute(
            insert(artist).values(id=1, key="k", name="X", name_key="x", added_at=START, changed_at=START)
        )
        base = {"kind": "k", "artist_id": 1, "group_id": 1, "status": "open", "score_low": 0, "score_high": 1}
        base |= {"rule_version": "1", "evidence": "[]", "opened_at": START, "changed_at": START}
        connection.execute(insert(case), [{"id": n, "key": str(n), **base} for n in (1, 2)])
        for number, (case_id, at) in enumerate([(1, 0), (1, 1), (2, 2), (1, 3), (1, 400)], start=1):
            seen = outbox.events_of(connection, case_id) + 1
            outbox.write(connection, [outbox.Entry(case_id, "changed", f"case-{case_id}-{seen}", str(number))], day(at))
            if number < 5:
                outbox.sequence(connection)
    assert retain(engine, day(367), "told documents") == {"told documents": 2}
    assert [p.document for p in rows(engine, papers)] == ["3", "4", "5"]
    assert retain(engine, day(5000), "told documents") == {}  # the newest has no place in the feed yet
    with writing(engine) as connection:
        outbox.sequence(connection)
    assert retain(engine, day(5000), "told documents") == {"told documents": 1}
    with writing(engine) as connection:
        assert [outbox.events_of(connection, case_id) for case_id in (1, 2, 3)] == [4, 1, 0]
        assert [document for _, document in outbox.since(connection, 0)] == ["3", "5"]


def test_a_year_of_looking_at_the_same_thing_leaves_a_store_of_the_same_size(engine):
    def size():
        with engine.connect() as connection:
            tables = (look, look_payload, change, look_day, payload)
            return [connection.scalar(select(func.count()).select_from(table)) for table in tables]

    kept = {"looks": 10 * DAYS, "changes": 60 * DAYS, "raw": 10 * DAYS}
    sizes = []
    for number in range(0, 200):
        body = Payload("https://x", 200, f"now it is {number}".encode())
        say(engine, told(page_of(), release(1), release(2), at=number, payloads=(body,)))
        if number % 50 == 49:
            retain(engine, day(number), **kept)
            sizes.append(size())
    assert sizes[1] == sizes[2] == sizes[3]
    assert sizes[3][0] <= 11
    assert sizes[3][3] <= 60


def test_a_worker_looks_after_the_store_once_a_day_whoever_comes_first(engine):
    looked(engine, range(10))
    kept = Periods(looks=3 * DAYS)

    def after(hours):
        desk = Desk(engine)
        try:
            timepiece = Timepiece(origin=day(9) + timedelta(hours=hours))
            return asyncio.run(upkeep_of_a_worker.look_after(desk, timepiece, kept))
        finally:
            desk.close()

    assert after(1) == {"looks": 6}
    looked(engine, range(10, 12))
    assert after(20) == {}
    assert after(22) == {"looks": 1}


def test_a_worker_whose_clock_runs_ahead_drops_nothing_that_is_young_in_the_store(engine):
    looked(engine, range(10))
    desk = Desk(engine)
    ahead = Timepiece(origin=day(400))
    assert asyncio.run(upkeep_of_a_worker.look_after(desk, ahead, Periods(looks=20 * DAYS))) == {}
    desk.close()
    assert len(rows(engine, look)) == 10


def test_terms_bind_platforms_that_are_no_longer_enabled():
    class Short(Platform):
        keep_days = 30

    class Long(Platform):
        pass

    settings = Settings(platforms=(), keep_raw_days=100, keep_looks_days=0, keep_told_days=7)
    found = upkeep_of_a_worker.periods(settings, {"short": Short, "long": Long})
    assert found.terms == {"short": 30 * DAYS}
    assert (found.raw, found.looks, found.told) == (100 * DAYS, None, 7 * DAYS)
    assert upkeep_of_a_worker.periods(settings).raw == 100 * DAYS


@pytest.mark.parametrize("name", JOBS)
def test_every_job_ends_on_an_empty_store(engine, name):
    assert retain(engine, day(5000), name) == {}
