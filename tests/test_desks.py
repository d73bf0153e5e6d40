"""Desks: transactions in their order, again after a lost connection or a deadlock, and the most pressing first."""

import asyncio
import threading
import time
from contextlib import suppress
from dataclasses import replace
from functools import partial

import psycopg
import pytest
from sqlalchemy import event, insert, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from crawler.worker.writer import Desk, Dropped, Rank
from storage import budgets, frontier
from storage.database import writing
from storage.frontier import Wanted
from storage.limits import Limit
from storage.models import budget, outbox
from storage.recording.engines import port
from storage.recording.record import record
from tests.say import DAY, START, page_of, releases


@pytest.fixture
def desk(engine):
    made = Desk(engine, patience_s=30)
    yield made
    made.close()


def put(connection, platform, bucket=""):
    connection.execute(insert(budget).values(platform=platform, bucket=bucket, holder="here"))


def platforms(engine):
    with engine.connect() as connection:
        return sorted(connection.scalars(select(budget.c.platform)))


def test_what_raises_is_rolled_back_and_told_to_whoever_waits(engine, desk):
    def work(connection):
        put(connection, "deezer")
        raise LookupError("no")

    with pytest.raises(LookupError):
        desk.call(work).result()
    assert platforms(engine) == []


def test_a_slot_goes_before_recordings_that_wait_already(desk):
    order, go = [], threading.Event()
    first = desk.call(lambda connection: go.wait(30))
    for rank in (Rank.SWEEP, Rank.RECORD, Rank.CLAIM, Rank.SLOT):
        last = desk.call(lambda connection, rank=rank: order.append(rank), rank)
    go.set()
    first.result()
    desk.call(lambda connection: None, Rank.SWEEP).result()
    last.result()
    assert order == [Rank.SLOT, Rank.CLAIM, Rank.RECORD, Rank.SWEEP]


def test_a_desk_in_a_hurry_begins_no_recording_and_does_the_rest(desk):
    done, go = [], threading.Event()
    desk.call(lambda connection: go.wait(30))
    waiting = {rank: desk.call(lambda connection, rank=rank: done.append(rank), rank) for rank in Rank}
    desk.hurry()
    go.set()
    with pytest.raises(Dropped):
        waiting[Rank.RECORD].result(30)
    waiting[Rank.SWEEP].result(30)
    assert done == [Rank.SLOT, Rank.CLAIM, Rank.SWEEP]


def test_a_budget_that_two_workers_make_at_once_is_one(engine):
    limit = Limit(calls=10, window_s=9.9, jitter_s=0.1)
    asked = {"now": 1000.0, "want": 1, "ahead_s": 60.0}
    second = Desk(engine)
    with writing(engine) as connection:
        first = budgets.reserve(connection, "deezer", "", "here", limit, **asked)
        begun = threading.Event()
        waiting = second.call(
            lambda other: begun.set() or budgets.reserve(other, "deezer", "", "here", limit, **asked), Rank.SLOT
        )
        if engine.dialect.name == "postgresql":  # SQLite lets nobody begin before the first has ended
            assert begun.wait(30)
            wait_for_a_lock(engine)
    assert waiting.result(30).slots[0] == pytest.approx(first.slots[0] + limit.spacing_s)
    second.close()


def wait_for_a_lock(engine):
    """Wait until a transaction waits for another."""
    for _ in range(3000):
        with engine.connect() as connection:
            if connection.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted")):
                return
        time.sleep(0.01)
    raise AssertionError("nobody waits")


def test_the_bulk_path_raises_what_sqlalchemy_would(engine):
    with pytest.raises(DBAPIError), writing(engine) as connection:
        port(connection).run("INSERT INTO nowhere VALUES (1)")
    row = [("deezer", "", "here")]
    with pytest.raises(IntegrityError), writing(engine) as connection:
        port(connection).insert("budget", ("platform", "bucket", "holder"), row * 2)
    assert platforms(engine) == []


@pytest.mark.postgres
@pytest.mark.parametrize("store_url", ["postgresql"], indirect=True)
@pytest.mark.parametrize("bulk", [True, False])
def test_a_connection_cut_inside_a_transaction_is_replaced_and_the_transaction_run_again(engine, desk, bulk):
    tries = []

    def work(connection):
        put(connection, "deezer")
        tries.append(connection.scalar(text("SELECT pg_backend_pid()")))
        if len(tries) < 3:
            with engine.connect() as other:
                other.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": tries[-1]})
        if bulk:
            port(connection).fetch("SELECT 1")
        else:
            connection.execute(text("SELECT 1"))

    desk.call(work).result()
    assert len(set(tries)) == 3
    assert platforms(engine) == ["deezer"]


@pytest.mark.postgres
@pytest.mark.parametrize("store_url", ["postgresql"], indirect=True)
def test_whatever_stumbles_over_a_cut_connection_is_run_again_and_other_faults_are_not(engine, desk):
    tries = []

    def work(connection, *, cut):
        put(connection, "cut" if cut else "not cut")
        tries.append(cut)
        if cut and len(tries) == 1:
            with engine.connect() as other:
                pid = connection.scalar(text("SELECT pg_backend_pid()"))
                other.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})
            with suppress(DBAPIError), connection.begin_nested():
                connection.execute(text("SELECT 1"))
        if len(tries) == 1:
            raise LookupError("nobody told me that there is no connection")

    desk.call(partial(work, cut=True)).result()
    assert tries == [True, True]
    tries.clear()
    with pytest.raises(LookupError):
        desk.call(partial(work, cut=False)).result()
    assert tries == [False]
    assert platforms(engine) == ["cut"]


@pytest.mark.postgres
@pytest.mark.parametrize("store_url", ["postgresql"], indirect=True)
def test_a_pooled_connection_that_fails_before_any_statement_is_replaced(engine, desk):
    """As psycopg does when a cut arrives while the pool tries a connection, and it can't be set back."""
    failed = []

    def fail(*_):
        if not failed:
            failed.append(True)
            raise psycopg.ProgrammingError("can't change 'autocommit' now: connection in transaction status UNKNOWN")

    event.listen(engine, "checkout", fail)
    desk.call(lambda connection: put(connection, "deezer")).result()
    failed.clear()
    assert asyncio.run(desk.read(lambda connection: connection.scalar(select(budget.c.platform)))) == "deezer"
    assert failed
    event.remove(engine, "checkout", fail)


@pytest.mark.postgres
@pytest.mark.parametrize("store_url", ["postgresql"], indirect=True)
def test_a_store_that_stays_away_is_waited_for_only_so_long(engine):
    impatient = Desk(engine, patience_s=0.2)

    def work(connection):
        pid = connection.scalar(text("SELECT pg_backend_pid()"))
        with engine.connect() as other:
            other.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})
        connection.execute(text("SELECT 1"))

    with pytest.raises(DBAPIError):
        impatient.call(work).result()
    impatient.close()


@pytest.mark.postgres
@pytest.mark.parametrize("store_url", ["postgresql"], indirect=True)
def test_of_two_transactions_that_wait_for_each_other_one_is_run_again(engine, desk):
    other = Desk(engine)
    with writing(engine) as connection:
        put(connection, "a")
        put(connection, "b")
    both = threading.Barrier(2, timeout=30)
    met = []

    def work(first, second, connection):
        connection.execute(update(budget).where(budget.c.platform == first).values(pause_reason=first))
        if len(met) < 2:
            met.append(first)
            both.wait()
        connection.execute(update(budget).where(budget.c.platform == second).values(next_at=budget.c.next_at + 1))

    one = desk.call(lambda connection: work("a", "b", connection))
    two = other.call(lambda connection: work("b", "a", connection))
    one.result(30)
    two.result(30)
    other.close()
    with engine.connect() as connection:
        assert list(connection.scalars(select(budget.c.next_at))) == [1.0, 1.0]


@pytest.mark.postgres
@pytest.mark.parametrize("store_url", ["postgresql"], indirect=True)
def test_a_slot_does_not_wait_behind_a_recording_of_another_desk(engine, desk):
    slots, go = Desk(engine), threading.Event()
    recording = desk.call(lambda connection: (put(connection, "long"), go.wait(30)))
    slots.call(lambda connection: put(connection, "slot"), Rank.SLOT).result(10)
    go.set()
    recording.result()
    slots.close()
    assert platforms(engine) == ["long", "slot"]


@pytest.mark.postgres
@pytest.mark.parametrize("store_url", ["postgresql"], indirect=True)
def test_recordings_of_two_platforms_share_no_lock(engine):
    """Another platform's look, slot, claim and case events go through while one recording is not yet committed."""
    with writing(engine) as connection:
        wanted = [Wanted(page_of(platform=name), START) for name in ("deezer", "spotify")]
        frontier.want(connection, wanted, START)

    def work(connection, platform):
        limit = Limit(calls=10, window_s=1.0)
        budgets.reserve(connection, platform, "", "here", limit, now=1.0, want=1, ahead_s=1.0)
        (mine,) = frontier.claim(connection, platform, "me", START, START, DAY, batch={})
        said = releases(1, 2, profile="p1")
        record(connection, replace(said, target=mine))
        frontier.finish(connection, mine, START)
        connection.execute(
            insert(outbox).values(case_id=1, event="opened", idempotency_key=platform, document="{}", written_at=START)
        )

    key = "ALTER TABLE outbox ADD CONSTRAINT fk_outbox_case_id FOREIGN KEY (case_id) REFERENCES suspect_case (id)"
    with writing(engine) as connection:
        connection.execute(text("ALTER TABLE outbox DROP CONSTRAINT fk_outbox_case_id"))
    try:
        with writing(engine) as slow:
            work(slow, "deezer")
            with writing(engine) as quick:
                quick.execute(text("SET LOCAL lock_timeout = '5s'"))
                work(quick, "spotify")
    finally:
        with writing(engine) as connection:
            connection.execute(text("DELETE FROM outbox"))
            connection.execute(text(key))
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM look")) == 2
