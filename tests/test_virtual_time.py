"""Virtual time stands still while anybody is at work, and an outcome under it is the same on every machine."""

import asyncio
import threading
import time
from datetime import UTC, datetime, timedelta

import httpx
import pytest

import sandbox
from crawler.demo import play
from crawler.journey import Journey
from crawler.suspicion.meeting import Names
from crawler.virtual_time import VirtualTime
from crawler.watching.follow_up import Asking
from crawler.worker.lane import Lane
from crawler.worker.writer import Desk
from spiders.base.platform import Access
from storage.database import open_database
from storage.observations import Coverage, Outcome, Page
from storage.targets import Ask
from tests import sandboxed, toys

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
NOW = NOON.timestamp()


class Turns:
    """A clock, and who went on at which moment."""

    def __init__(self):
        self.told, self.went = [], []
        self.time = VirtualTime(NOON, self.told.append)

    def wait(self, after_s, name, then=lambda: None):
        """Have somebody at work wait in a thread, and note when he went on."""

        def waiting():
            self.time.until_in_thread(NOW + after_s, name, threading.Event())
            self.went.append((name, self.time.seconds() - NOW))
            then()
            self.time.rest()

        self.time.hold()
        thread = threading.Thread(target=waiting, daemon=True)
        thread.start()
        return thread

    def ended(self, threads):
        for thread in threads:
            thread.join(20)
            assert not thread.is_alive()


def test_it_goes_on_to_the_next_moment_that_somebody_waits_for_and_for_one_at_a_time():
    turns = Turns()
    turns.time.hold()
    threads = [turns.wait(after_s, name) for after_s, name in ((30, "a"), (5, "b"), (5, "a"), (0, "c"), (-9, "d"))]
    assert turns.went == []  # somebody is at work
    turns.time.rest()
    turns.ended(threads)
    assert turns.went == [("d", 0), ("c", 0), ("a", 5), ("b", 5), ("a", 30)]
    assert turns.told == [NOW + 5, NOW + 30]


def test_computing_uses_up_no_time():
    turns = Turns()
    turns.time.hold()
    threads = [turns.wait(1, "a", lambda: time.sleep(0.05)), turns.wait(2, "b")]
    turns.time.rest()
    turns.ended(threads)
    assert turns.went == [("a", 1), ("b", 2)]


def test_an_alarm_wakes_on_the_way_to_somebodys_turn_and_moves_no_time_by_itself():
    turns, rung = Turns(), []

    def ring():
        rung.append(turns.time.seconds() - NOW)
        turns.time.rest()

    turns.time.hold()
    turns.time.alarm(NOW + 3, "sleeper", ring)
    turns.time.alarm(NOW + 99, "sleeper", ring)
    turns.time.rest()
    assert rung == []
    turns.time.hold()
    threads = [turns.wait(7, "a")]
    turns.time.rest()
    turns.ended(threads)
    assert (rung, turns.went) == ([3], [("a", 7)])


def test_who_is_called_goes_on_at_once_and_time_stands_still():
    turns = Turns()
    turns.time.hold()
    closing = threading.Event()

    async def both():
        turns.time.hold()
        waiting = asyncio.ensure_future(turns.time.until(NOW + 60, "loop", asyncio.Event()))
        await asyncio.sleep(0)
        turns.time.call("loop")
        await asyncio.wait_for(waiting, 20)

    asyncio.run(both())
    closing.set()
    turns.time.until_in_thread(NOW + 60, "thread", closing)
    assert turns.time.now() == NOON


def test_it_never_goes_back():
    clock = VirtualTime(NOON)
    clock.forward_to(NOON + timedelta(days=1))
    clock.forward_to(NOON)
    assert clock.now() == NOON + timedelta(days=1)


def test_a_sandbox_that_is_told_the_time_counts_its_limits_by_it():
    with sandbox.running(scale=0.06, start=NOON, told=True) as world, httpx.Client(trust_env=False) as http:
        dial = sandbox.Dial(world.dial)

        def refused(calls):
            return sum(http.get(f"{world.url}/itunes/lookup?id=1").status_code == 403 for _ in range(calls))

        assert world.now() == NOON
        assert refused(22) == 2
        dial.set(NOW + 61)
        assert world.now() == NOON + timedelta(seconds=61)
        assert refused(20) == 0
        assert world.advance(NOON + timedelta(hours=1)) == world.now()
        assert dial.read() == NOW + 3600
        with pytest.raises(sandbox.SandboxRefused, match="already"):
            world.advance(NOON)


LOOKS = """SELECT look.id, target.platform, ask, subject, section, outcome, started_at, look.received
    FROM look JOIN target ON target.id = look.target_id ORDER BY look.id"""
CASES = "SELECT id, kind, artist_id, title, status, bits, loud, opened_at, changed_at FROM suspect_case ORDER BY id"


@pytest.mark.timeout(600)
def test_days_end_alike_whatever_the_machine_does_meanwhile(tmp_path, sqlite_template):
    ends = []
    for name in ("once", "again"):  # two processes: other hashes, other threads, other speed
        (tmp_path / name).mkdir()
        (tmp_path / name / "store.db").write_bytes(sqlite_template.read_bytes())
        url = f"sqlite:///{tmp_path / name / 'store.db'}"
        with sandbox.running(seed=7, scale=0.06, start=play.START, told=True) as world:
            sandboxed.days(world, url, tmp_path / name, count=1)
            assert sum(sandboxed.violations(world).values()) == 0
        engine = open_database(url)
        with engine.connect() as connection:
            ends.append([connection.exec_driver_sql(query).all() for query in (LOOKS, CASES)])
        engine.dispose()
    assert len(ends[0][0]) > 100
    assert ends[0] == ends[1]


class Counted(VirtualTime):
    """A clock that counts who is at work."""

    at_work = 0

    def hold(self):
        self.at_work += 1
        super().hold()

    def rest(self):
        self.at_work -= 1
        super().rest()


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
def test_a_lane_that_is_given_up_while_its_answers_are_recorded_rests_once(engine):
    toys.want(engine, ["a", "b"], due_at=NOON)
    platform, clock, desk = toys.toy(batch={Ask.SEARCH: 2}), Counted(NOON), Desk(engine)
    journey = Journey(Asking({"toy": platform}, {}), Names(), clock)

    async def main():
        lane = Lane(platform, Access(), "me", desk, clock, journey)
        batch = await anext(lane.batches())
        pages = [Page(one, coverage=Coverage(Outcome.COMPLETE, stop_reason="end")) for one in batch]
        recorded = [asyncio.ensure_future(lane.told([page])) for page in pages]
        await asyncio.sleep(0)
        lane.give_up()
        await asyncio.gather(*recorded)
        return len(batch)

    assert asyncio.run(main()) == 2
    desk.close()
    assert clock.at_work == 0
