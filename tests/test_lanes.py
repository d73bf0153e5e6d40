"""Lanes and workers under trouble: nothing stops without saying so, and what is held comes back."""

import asyncio
import threading
from datetime import UTC, datetime, timedelta
from itertools import count
from urllib.parse import quote_plus

import pytest
from sqlalchemy import select, update

import crawler.worker.keeper as keepers
import crawler.worker.lane as lanes
import crawler.worker.worker as workers
from crawler.journey import decide
from crawler.watching import enrol
from crawler.worker.summary import LaneEnded
from crawler.worker.worker import Plan
from crawler.worker.writer import Rank
from spiders.base.errors import Unavailable
from storage import frontier
from storage.database import writing
from storage.limits import Limit
from storage.models import look, target, worker
from storage.roster import Monitored, keep_artists
from storage.targets import Ask
from tests import toys

POISON = {
    "sqlite": """CREATE TRIGGER poison BEFORE INSERT ON profile WHEN NEW.name = 'poison'
        BEGIN SELECT RAISE(ABORT, 'poisoned'); END""",
    "postgresql": """CREATE FUNCTION poison() RETURNS trigger AS $$ BEGIN
        IF NEW.name = 'poison' THEN RAISE EXCEPTION 'poisoned'; END IF; RETURN NEW; END $$ LANGUAGE plpgsql;
        CREATE TRIGGER poison BEFORE INSERT ON profile FOR EACH ROW EXECUTE FUNCTION poison()""",
}
CURE = {
    "sqlite": "DROP TRIGGER poison",
    "postgresql": "DROP TRIGGER poison ON profile; DROP FUNCTION poison()",
}


@pytest.fixture
def poisoned(engine):
    with writing(engine) as connection:
        connection.exec_driver_sql(POISON[engine.dialect.name])
    yield engine
    with writing(engine) as connection:
        connection.exec_driver_sql(CURE[engine.dialect.name])


def test_an_error_of_the_bulk_path_costs_its_look_and_neither_the_batch_nor_the_lane(poisoned):
    toys.want(poisoned, ["a", "b", "poison", "c", "d"])
    summary = toys.run(poisoned, toys.toy(batch={Ask.SEARCH: 5}))
    assert toys.looks(poisoned) == {"a": 1, "b": 1, "c": 1, "d": 1, "poison": 0}
    assert summary.looks["toy"] == {"complete": 4, "unrecorded": 1}
    assert summary.faulty
    with poisoned.connect() as connection:
        row = connection.execute(select(target).where(target.c.subject == "poison")).one()
    assert row.lease_owner is None
    assert row.failures == 1
    assert row.due_at > datetime.now(UTC) + timedelta(minutes=5)


def test_a_run_that_could_not_judge_what_it_recorded_says_so_and_is_faulty(engine, monkeypatch):
    def poisoned(*_):
        raise ValueError("a name that anybody can choose")

    monkeypatch.setattr(decide, "decide", poisoned)
    toys.want(engine, ["a", "b"])
    summary = toys.run(engine, toys.toy())
    assert toys.looks(engine) == {"a": 1, "b": 1}
    assert (summary.looks["toy"], summary.unjudged) == ({"complete": 2}, 2)
    assert summary.faulty
    assert "2 looks were recorded and could not be judged: the log says why" in summary.lines()


def test_the_next_call_is_asked_while_what_one_call_answered_is_recorded(engine, monkeypatch):
    platform = toys.toy(batch={Ask.SEARCH: 5}, limits={"": Limit(calls=5000, window_s=1.0)})
    take = lanes.Lane._take

    async def after_the_second_call(self, *told):
        await asyncio.wait_for(toys.until(lambda: len(platform.asked) == 10), 20)
        await take(self, *told)

    monkeypatch.setattr(lanes.Lane, "_take", after_the_second_call)
    toys.want(engine, list("abcdefghij"))
    assert toys.run(engine, platform).looks["toy"] == {"complete": 10}


@pytest.fixture
def quick(monkeypatch):
    """Leases, heartbeats and patience of parts of a second."""
    toys.quicken(monkeypatch)


def test_a_hung_call_is_said_its_lane_replaced_and_its_late_answer_refused(engine, quick):
    hanging = toys.Hanging()
    toys.want(engine, ["a", "hangs", "b"])

    async def answer_late(made):
        await toys.until(lambda: toys.looks(engine)["hangs"])
        hanging.free.set()

    platform = toys.toy(answering=lambda self, target: hanging.answering(target))
    summary = toys.run(engine, platform, during=answer_late)
    hanging.free.set()
    assert toys.looks(engine) == {"a": 1, "b": 1, "hangs": 1}
    assert platform.asked["hangs"] == 2
    assert summary.looks["toy"]["restarted"] >= 1
    assert summary.faulty


def test_a_long_walk_keeps_its_claim_as_long_as_it_moves(engine, quick):
    asked, outlived = threading.Semaphore(0), threading.Event()

    class Long(toys.Toy):
        def observe(self, target, walk):
            asked.release()
            page = 0
            while not outlived.wait(0.02):
                walk.page([f"{target.subject}{page}"], more=True)
                page += 1
                yield toys.Page(target)
            return walk.ended()

    toys.want(engine, ["long"])

    async def steal(made):
        await toys.until(lambda: asked.acquire(blocking=False))
        began = datetime.now(UTC)
        try:
            while (now := datetime.now(UTC)) < began + 3 * timedelta(seconds=lanes.LEASE_S):
                with writing(engine) as connection:
                    stolen = frontier.claim(connection, "toy", made.owner, now, now, timedelta(minutes=9), batch={})
                assert not stolen
                await asyncio.sleep(0.02)
        finally:
            outlived.set()

    summary = toys.run(engine, Long, during=steal)
    assert toys.looks(engine) == {"long": 1}
    assert summary.looks["toy"] == {"complete": 1}


def test_a_worker_that_is_told_to_stop_leaves_recordings_that_wait_to_the_next_one(engine, monkeypatch):
    monkeypatch.setattr(workers.Journey, "take", lambda *_, **__: taken.append(1))
    answers, go, held, taken = threading.Event(), threading.Event(), threading.Event(), []
    platform = toys.toy(answering=lambda self, target: answers.wait(60))
    toys.want(engine, list("abcd"))

    async def stop(made):
        await toys.until(lambda: len(platform.asked) == 4)
        made.desk.call(lambda connection: held.set() or go.wait(10), Rank.SLOT)
        await toys.until(held.is_set)
        answers.set()
        await toys.until(lambda: len(made.lanes["toy"].claims.recording) == 4)
        made.stop()
        await toys.until(made.desk._hurry.is_set)
        go.set()

    summary = toys.run(engine, platform, toys.FOR_EVER, stop)
    assert not taken
    assert set(summary.looks["toy"]) <= {"late"}
    monkeypatch.undo()
    assert toys.run(engine, toys.toy()).looks["toy"] == {"complete": 4}


def lapsed(engine, subjects):
    """Tell whether the leases of these have run out."""
    query = select(target.c.lease_until).where(target.c.subject.in_(sorted(subjects)))
    with engine.connect() as connection:
        return all(until is None or until < datetime.now(UTC) for until in connection.scalars(query))


def test_what_is_in_flight_here_is_not_asked_twice_though_its_lease_ran_out(engine, monkeypatch):
    monkeypatch.setattr(lanes, "LEASE_S", 0.05)
    monkeypatch.setattr(keepers, "CHECK_S", 60)
    under_way, twice, calls, claims, again = set(), [], count(), count(), threading.Event()
    claim = frontier.claim

    def claiming(*args, **more):
        claimed = claim(*args, **more)
        if under_way & {one.subject for one in claimed} and next(claims) == 3:
            again.set()
        return claimed

    def answering(self, asked):
        if asked.subject in under_way:
            twice.append(asked.subject)
            again.set()
        under_way.add(asked.subject)
        if next(calls) < 3:
            assert again.wait(60), "what is in flight was never claimed again"
        else:  # a call of the four is free for more as soon as the leases of the others ran out
            while not again.wait(0.01) and not lapsed(engine, under_way):
                pass
        under_way.discard(asked.subject)

    monkeypatch.setattr(frontier, "claim", claiming)
    subjects = [str(n) for n in range(8)]
    toys.want(engine, subjects)
    toys.run(engine, toys.toy(answering=answering))
    assert again.is_set()
    assert not twice
    assert toys.looks(engine) == dict.fromkeys(subjects, 1)


@pytest.mark.parametrize("stops", [False, True])
def test_a_late_answer_is_made_up_for_before_the_run_ends_or_the_run_ends_as_faulty(engine, stops, monkeypatch):
    monkeypatch.setattr(workers, "BEAT_S", 0.2)
    calls, far = count(), datetime.now(UTC) + timedelta(days=1)

    def answering(self, asked):
        if next(calls) == 0 or stops:
            with writing(engine) as connection:  # somebody takes it over, and dies; the next heartbeat frees it
                connection.execute(update(target).values(lease_owner="x", lease_token="x", lease_until=far))

    async def stop(made):
        await toys.until(lambda: made.lanes["toy"].late)
        made.stop()

    toys.want(engine, ["a"])
    summary = toys.run(engine, toys.toy(answering=answering), during=stop if stops else None)
    assert toys.looks(engine) == {"a": 0 if stops else 1}
    assert summary.looks["toy"]["late"] >= 1
    assert summary.faulty == stops
    assert summary.lost == ({"toy": 1} if stops else {})
    said = "toy: 1 answers came after their claims were over and were not recorded: they are still due"
    assert (said in summary.lines()) == stops


def test_a_fault_in_a_clients_file_quotes_no_credential(engine, caplog):
    secret, made_with = "s3cr3t/with+signs", []

    def answering(self, target):
        made_with.append(self.access)
        raise ValueError(f"http://toy.invalid/a?key={quote_plus(secret)} is odd")

    toys.want(engine, ["a"])
    summary = toys.run(engine, toys.toy(answering=answering), credentials={"key": secret})
    assert made_with[0].credentials == {"key": secret}
    with engine.connect() as connection:
        reason = connection.scalar(select(look.c.stop_reason))
    assert summary.looks["toy"] == {"malformed": 1}
    assert reason == "fault of ours: ValueError: http://toy.invalid/a?key=*** is odd"
    assert "key=*** is odd" in caplog.text
    assert quote_plus(secret) not in caplog.text


def test_a_lane_that_cannot_live_ends_the_run_with_a_sentence(engine):
    def broken(self, access, gate):
        raise RuntimeError("no client can be made")

    toys.want(engine, ["a"])
    with pytest.raises(LaneEnded, match="the lane of toy failed"):
        toys.run(engine, toys.toy(__init__=broken))
    with engine.connect() as connection:
        assert connection.scalar(select(target.c.lease_owner)) is None
        assert connection.execute(select(worker)).all() == []


def test_a_lane_sleeps_until_something_is_due_and_looks_no_sooner(engine, monkeypatch):
    monkeypatch.setattr(lanes, "POLL_S", 600)
    monkeypatch.setattr(workers, "BEAT_S", 600)
    peeks = []
    seen = frontier.queues
    monkeypatch.setattr(frontier, "queues", lambda *a, **k: peeks.append(1) or seen(*a, **k))
    toys.want(engine, ["soon"], datetime.now(UTC) + timedelta(seconds=2))

    async def stop(made):
        await toys.until(lambda: toys.looks(engine)["soon"])
        made.stop()

    toys.run(engine, toys.toy(), toys.FOR_EVER, stop)
    assert len(peeks) < 8


@pytest.mark.parametrize(("most", "told"), [(3, 1), (4, 0)])
def test_after_a_large_first_fill_the_planner_is_told_how_much_there_is(engine, monkeypatch, most, told):
    analysed, analyse = [], frontier.analyse
    monkeypatch.setattr(enrol, "MANY", most)
    monkeypatch.setattr(enrol, "VARIANTS", 0)
    monkeypatch.setattr(frontier, "analyse", lambda connection: analysed.append(1) or analyse(connection))
    with writing(engine) as connection:
        people = [Monitored(key, f"Somebody {key}", None, 1.0, (), ()) for key in "abc"]
        keep_artists(connection, people, datetime.now(UTC))
    toys.run(engine, toys.toy(), Plan(until_idle=True))
    assert len(toys.looks(engine)) == 3
    assert len(analysed) == told


def test_a_failed_search_is_asked_again_later_and_counted(engine):
    def answering(self, target):
        raise Unavailable("no answer")

    toys.want(engine, ["a"])
    summary = toys.run(engine, toys.toy(answering=answering, retrying=lambda self, ask: ask()))
    assert summary.looks["toy"] == {"failed": 1}


def test_a_plan_that_asks_once_does_not_wait_for_what_comes_later(engine):
    toys.want(engine, ["now"])
    toys.want(engine, ["later"], datetime.now(UTC) + timedelta(hours=1))
    toys.run(engine, toys.toy(), Plan(once=True, enrol=False))
    assert toys.looks(engine) == {"now": 1, "later": 0}
