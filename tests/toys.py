"""An invented platform without a network, and workers that run over it in the test's own loop."""

import asyncio
import threading
from collections import Counter
from datetime import UTC, datetime

from sqlalchemy import func, select

import crawler.worker.keeper as keepers
import crawler.worker.lane as lanes
import crawler.worker.worker as workers
from crawler.settings import Settings
from crawler.worker.worker import Plan, Worker
from spiders.base.client import Client
from storage import frontier
from storage.database import writing
from storage.frontier import Wanted
from storage.limits import Limit
from storage.models import look, target
from storage.observations import Page, ProfileSeen
from storage.targets import Ask, Target


class Toy(Client):
    """Answers every search with one profile of that name; subclasses misbehave."""

    name = "toy"
    title = "Toy"
    api = "http://toy.invalid"
    accepts = frozenset({Ask.SEARCH})
    limits = {"": Limit(calls=5000, window_s=1.0, concurrency=4)}  # noqa: RUF012
    terms = "none"
    asked = Counter()  # noqa: RUF012

    def observe(self, target, walk):
        self.gate.wait("")
        self.asked[target.subject] += 1
        self.answering(target)
        walk.page([target.subject])
        yield Page(target, (ProfileSeen(id=target.subject, name=target.subject),))
        return walk.ended()

    def answering(self, target):
        """Do nothing; a toy with a fault does something here."""


def toy(**more):
    """Make a toy of one's own, so that counts are not shared."""
    return type("Toy", (Toy,), {"asked": Counter(), **more})


def want(engine, subjects, due_at=None, priority=4, platform="toy"):
    """Have searches asked."""
    now = due_at or datetime.now(UTC)
    with writing(engine) as connection:
        wanted = [Wanted(Target(platform, Ask.SEARCH, subject), now, priority) for subject in subjects]
        frontier.want(connection, wanted, now)


IDLE, FOR_EVER = Plan(until_idle=True, enrol=False), Plan(enrol=False)


def run(engine, platform, plan=None, during=None, credentials=None):
    """Run a worker to its end, with something going on beside it, and return its summary."""

    async def main():
        settings = Settings(contact="tests@falsetto.example", reach={platform.name: credentials or {}})
        made = Worker(settings, engine, {platform.name: platform}, plan or IDLE)
        beside = asyncio.ensure_future(during(made)) if during else None
        try:
            return await asyncio.wait_for(made.work(), 120)
        finally:
            if beside is not None and not beside.cancel():
                beside.result()

    return asyncio.run(main())


def looks(engine):
    """Count the looks of each subject."""
    with engine.connect() as connection:
        rows = connection.execute(
            select(target.c.subject, func.count(look.c.id))
            .join(look, look.c.target_id == target.c.id, isouter=True)
            .group_by(target.c.subject)
        )
        return {row[0]: row[1] for row in rows}


async def until(condition):
    """Wait for something that happens in another thread or task."""
    while not condition():
        await asyncio.sleep(0.01)


class Hanging:
    """A call that hangs, once, until it is freed."""

    def __init__(self):
        self.hung, self.free = threading.Event(), threading.Event()

    def answering(self, target):
        """Hang at the search for "hangs"."""
        if target.subject == "hangs" and not self.hung.is_set():
            self.hung.set()
            assert self.free.wait(60)


def quicken(monkeypatch):
    """Make leases, heartbeats and patience parts of a second."""
    monkeypatch.setattr(lanes, "LEASE_S", 0.5)
    monkeypatch.setattr(keepers, "CHECK_S", 0.05)
    monkeypatch.setattr(workers, "BEAT_S", 0.05)
