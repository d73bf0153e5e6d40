"""Workers beside each other: what the dead held comes back, what the living hold is left, and clocks that are off."""

import asyncio
import os
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

import crawler.worker.lane as lanes
import crawler.worker.pulse as pulses
import crawler.worker.worker as workers
from crawler.timelapse import Timepiece
from crawler.worker.summary import ClockOff
from crawler.worker.writer import Desk
from storage import frontier
from storage.database import writing
from storage.models import look, target, worker
from storage.targets import Ask
from tests import toys


@pytest.fixture
def quick(monkeypatch):
    """Leases, heartbeats and patience of parts of a second."""
    toys.quicken(monkeypatch)


def dead_process():
    """Name a process of this host that is gone."""
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        named = pulses.process(child.pid)
        assert pulses.lives(named)
        child.kill()
    return named


def hold(engine, name, host, process, count=2, beat_ago=timedelta(0)):
    """Have a worker hold targets, whose last heartbeat was a while ago."""
    now = datetime.now(UTC)
    with writing(engine) as connection:
        frontier.beat(connection, name, host, process)
        frontier.claim(connection, "toy", name, now, now, timedelta(hours=1), batch={Ask.SEARCH: count})
        connection.execute(update(worker).where(worker.c.name == name).values(beat_at=now - beat_ago))


def test_what_a_dead_process_of_this_host_held_is_asked_at_once(engine):
    toys.want(engine, ["a", "b", "c"])
    hold(engine, "dead", pulses.host(), dead_process())
    summary = toys.run(engine, toys.toy())
    assert toys.looks(engine) == {"a": 1, "b": 1, "c": 1}
    assert summary.held == {}


def test_what_a_worker_elsewhere_held_is_asked_when_it_missed_its_beats(engine):
    toys.want(engine, ["a", "b", "c"])
    hold(engine, "silent", "elsewhere", "7@7", beat_ago=timedelta(seconds=pulses.DEAD_AFTER_S + 1))
    toys.run(engine, toys.toy())
    assert toys.looks(engine) == {"a": 1, "b": 1, "c": 1}


def test_what_a_living_worker_holds_is_left_alone_and_counted(engine, monkeypatch):
    monkeypatch.setattr(workers, "HELD_S", 0.1)
    toys.want(engine, ["a", "b", "c"])
    hold(engine, "living", "elsewhere", "7@7", beat_ago=timedelta(hours=-1))  # alive however busy this machine is
    summary = toys.run(engine, toys.toy())
    assert sum(toys.looks(engine).values()) == 1
    assert summary.held == {"toy": 2}
    assert "toy: 2 due targets are held by other workers" in summary.lines()


def test_a_process_that_got_the_number_of_another_is_not_taken_for_it():
    pid, _, _ = pulses.process(os.getpid()).partition("@")
    assert pulses.lives(pulses.process(os.getpid()))
    assert not pulses.lives(f"{pid}@1")


def test_a_clock_that_is_off_is_said_and_nothing_is_recorded_by_it(engine, monkeypatch):
    toys.want(engine, ["a"])
    right = time.time
    monkeypatch.setattr(time, "time", lambda: right() + 400 * 86_400)
    with pytest.raises(ClockOff, match="34560000 s ahead of the database's"):
        toys.run(engine, toys.toy())
    monkeypatch.setattr(time, "time", right)
    assert toys.looks(engine) == {"a": 0}


def test_a_clock_that_goes_wrong_stops_recording_until_it_is_right_again(engine, monkeypatch, quick):
    monkeypatch.setattr(lanes, "LEASE_S", 60)
    right, jumped, noticed = time.time, threading.Event(), threading.Event()

    def answering(self, target):
        if target.subject == "b" and not jumped.is_set():
            monkeypatch.setattr(time, "time", lambda: right() - 3600)
            jumped.set()
            assert noticed.wait(60)

    toys.want(engine, ["b"])

    async def during(made):
        await toys.until(jumped.is_set)
        await toys.until(lambda: made.pulse.off)
        noticed.set()
        await toys.until(lambda: made.lanes["toy"].tally.get("unrecorded"))
        assert toys.looks(engine) == {"b": 0}
        monkeypatch.setattr(time, "time", right)
        await toys.until(lambda: toys.looks(engine) == {"b": 1})
        made.stop()

    summary = toys.run(engine, toys.toy(answering=answering), toys.FOR_EVER, during)
    assert summary.looks["toy"] == {"complete": 1, "unrecorded": 1}
    assert summary.faulty


def test_a_clock_that_is_a_little_off_is_set_right_by_the_databases(engine, monkeypatch):
    right = time.time
    monkeypatch.setattr(time, "time", lambda: right() + 30)
    toys.want(engine, ["a"], datetime.now(UTC) - timedelta(minutes=1))
    toys.run(engine, toys.toy())
    with engine.connect() as connection:
        ended = connection.scalar(select(look.c.ended_at)).timestamp()
    assert abs(ended - right()) < 20


def test_claims_that_were_given_up_are_freed_by_a_worker_that_stops_too(engine):
    toys.want(engine, ["a"])
    hold(engine, "me", pulses.host(), pulses.process(os.getpid()))

    async def stopping():
        desk = Desk(engine)
        desk.hurry()
        try:
            await pulses.Pulse("me", desk, Timepiece(), frozenset, lambda: timedelta(hours=1)).free_unknown()
        finally:
            desk.close()

    asyncio.run(stopping())
    with engine.connect() as connection:
        assert connection.execute(select(target.c.lease_owner)).all() == [(None,)]
