"""A lane per platform: claims due targets by lease, has them asked within the budget, hands what was told to the store.

API clients are asked in threads of the lane, Scrapy spiders in the worker's loop; both pull targets from `batches` and
bring the pages of each target to `told`.
"""

import asyncio
import logging
import threading
from collections import Counter, deque
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from crawler.journey import Journey
from crawler.timelapse import Timepiece
from crawler.worker.gate import BudgetGate
from crawler.worker.writer import Desk
from spiders.base.client import Client
from spiders.base.errors import Closing
from spiders.base.gate import Gate
from spiders.base.platform import Access, Platform
from storage import frontier
from storage.observations import Coverage, Outcome, Page, Told
from storage.targets import Ask, Target

LEASE_S = 900.0  # real seconds; a worker that dies holds its targets no longer
POLL_S = 1.0  # real seconds between looks at the frontier when nobody rings
WHOLE_EVERY = timedelta(days=7)
AHEAD = 2  # what is claimed for each call that may be in flight: one is recorded while the next is asked
REFUSALS, REST_S = 3, 6 * 3600.0  # so many refusals in a row rest a lane for so many of the platform's seconds

log = logging.getLogger(__name__)
T = TypeVar("T")


class Lane:
    """One platform's way through this worker."""

    def __init__(
        self, platform: type[Platform], access: Access, owner: str, desk: Desk, timepiece: Timepiece, journey: Journey
    ) -> None:
        """Prepare the lane; nothing is claimed yet."""
        self.platform, self.access, self.owner = platform, access, owner
        self.desk, self.time, self.journey = desk, timepiece, journey
        self.limits = platform.limits_for(access)
        holder = access.credentials.get(platform.counted_by, "") or journey.egress
        self.gate = BudgetGate(platform.name, self.limits, holder, desk, timepiece)
        self.calls = {bucket: threading.Semaphore(limit.concurrency) for bucket, limit in self.limits.items()}
        self._ready: deque[list[Target]] = deque()
        self.idle = asyncio.Event()
        self.rung = asyncio.Event()
        self.draining = False
        self.until: datetime | None = None  # claim only what was due by then
        self.tally: dict[str, int] = {}
        self.refused = ""  # why the platform last refused us
        self._refusals = 0  # in a row
        self._rests_until = 0.0
        self._held: dict[int, tuple[str, datetime]] = {}  # target id -> its bucket, and when it was claimed

    async def batches(self) -> AsyncIterator[list[Target]]:
        """Yield claimed targets, each list answerable by one call, until the lane drains."""
        while not self.draining:
            self.rung.clear()
            if not self._ready:
                await self._claim()
            if self._ready:
                self.idle.clear()
                yield self._ready.popleft()
                continue
            if not self._held:
                self.idle.set()
            with suppress(TimeoutError):
                await asyncio.wait_for(self.rung.wait(), POLL_S)

    async def told(self, pages: list[Page]) -> None:
        """Take what was said for one target to the store; a lease lost meanwhile means that nothing is recorded."""
        target, coverage = pages[-1].target, pages[-1].coverage
        assert coverage is not None
        _, started = self._held.pop(target.id, ("", self.time.now()))
        try:
            if coverage.stop_reason == Closing.REASON:
                await self.desk.do(partial(frontier.let_go, owner=self.owner, target_ids=[target.id]))
                return
            told = self._told(pages, target, coverage, started)
            await self.desk.do(partial(self.journey.take, told=told, owner=self.owner))
            self._count(coverage)
        except frontier.LeaseLost as lost:
            log.warning("%s: not recorded: %s", target, lost)
        except SQLAlchemyError:  # rolled back whole; due again when the lease runs out, so a poisoned one can't spin
            log.exception("%s: not recorded", target)
            self.tally["unrecorded"] = self.tally.get("unrecorded", 0) + 1
        finally:
            self.rung.set()
            self.journey.looked()

    def _count(self, coverage: Coverage) -> None:
        self.tally[coverage.outcome.value] = self.tally.get(coverage.outcome.value, 0) + 1
        if coverage.outcome is not Outcome.REFUSED:
            self._refusals = 0
            return
        if coverage.about_target:
            return  # one question was refused, the platform answers others
        self._refusals += 1
        self.refused = coverage.stop_reason
        if self._refusals >= REFUSALS:
            log.error("%s refuses, it rests for hours: %s", self.platform.name, coverage.stop_reason)
            self._rests_until = self.time.seconds() + REST_S

    @property
    def rests(self) -> bool:
        """Tell whether the platform refused so often that it is left alone for now."""
        return self.time.seconds() < self._rests_until

    def _told(self, pages: list[Page], target: Target, coverage: Coverage, started: datetime) -> Told:
        if coverage.outcome is Outcome.THROTTLED and coverage.retry_at is None:
            parked = self.gate.parked().get(self.bucket(target.ask, target.section))
            if parked is not None:
                coverage = replace(coverage, retry_at=datetime.fromtimestamp(parked, UTC))
        return Told(
            target=target,
            observations=tuple(o for page in pages for o in page.observations),
            coverage=replace(coverage, blind=coverage.blind | self.platform.blind_for(self.access)),
            started_at=started,
            ended_at=self.time.now(),
            payloads=tuple(page.payload for page in pages if page.payload is not None),
        )

    async def _claim(self) -> None:
        if self.gate.paused():
            await self.desk.do(self.gate.learn)
        resting = self._resting() | self._saturated()
        if resting == self.platform.accepts or self.rests:
            return
        claimed = await self.desk.do(partial(self._lease, resting))
        now = self.time.now()
        self._held.update({target.id: (self.bucket(target.ask, target.section), now) for target in claimed})
        if claimed:
            size = self.platform.batch.get(claimed[0].ask, 1)
            self._ready.extend(claimed[start : start + size] for start in range(0, len(claimed), size))

    def _lease(self, resting: frozenset[Ask], connection: Connection) -> list[Target]:
        now = self.time.now()
        claimed = frontier.claim(
            connection,
            self.platform.name,
            self.owner,
            min(now, self.until) if self.until else now,
            now,
            self.time.lasting(LEASE_S),
            batch=self.platform.batch,
            calls=1 if issubclass(self.platform, Client) else AHEAD,
            resting=resting,
        )
        return [
            frontier.with_memory(connection, target, now, WHOLE_EVERY)
            if target.ask is Ask.RELEASES and target.section in self.platform.early_stop
            else target
            for target in claimed
        ]

    def claimable(self, connection: Connection) -> int:
        """Count the targets that this lane could claim now."""
        if self.rests:
            return 0
        now = self.time.now()
        due_by = min(now, self.until) if self.until else now
        return frontier.due_count(connection, self.platform.name, due_by, now, self._resting())

    def _resting(self) -> frozenset[Ask]:
        parked = self.gate.parked()
        return frozenset(
            ask
            for ask in self.platform.accepts
            if all(self.bucket(ask, section) in parked for section in self.platform.sections)
        )

    def _saturated(self) -> frozenset[Ask]:
        """Name the asks whose bucket has as much in flight as its limit can use."""
        held = Counter(bucket for bucket, _ in self._held.values())
        widest = 1 if issubclass(self.platform, Client) else max([1, *self.platform.batch.values()])
        full = {b for b, limit in self.limits.items() if held[b] >= limit.concurrency * AHEAD * widest}
        return frozenset(ask for ask in self.platform.accepts if self.bucket(ask, "") in full)

    def bucket(self, ask: Ask, section: str) -> str:
        """Name the bucket that pays for a question, as this access has them."""
        bucket = self.platform.bucket(ask, section)
        return bucket if bucket in self.limits else ""

    def drain(self) -> None:
        """Claim nothing more, and let waiting calls fail fast."""
        self.draining = True
        self.gate.close()
        self.rung.set()


async def run_client(lane: Lane, make: Callable[[Access, Gate], Client]) -> None:
    """Ask an API client's targets in threads until the lane drains, a client a thread."""
    loop = asyncio.get_running_loop()
    free: list[Client] = []
    running: set[asyncio.Future[None]] = set()
    async for batch in lane.batches():
        if not free:
            free.append(make(lane.access, lane.gate))
        client = free.pop()
        task = in_thread(partial(_ask, lane, client, batch, loop), name=lane.platform.name)
        running.add(task)
        task.add_done_callback(running.discard)
        task.add_done_callback(lambda _, client=client: free.append(client))  # type: ignore[misc]
    if running and not lane.draining:
        await asyncio.wait(running)
    for client in free:
        client.close()


def _ask(lane: Lane, client: Client, batch: list[Target], loop: asyncio.AbstractEventLoop) -> None:
    """Ask for a batch when its bucket has a call free, then tell; the next batch is asked meanwhile."""
    pages: dict[Target, list[Page]] = {target: [] for target in batch}
    with lane.calls[lane.bucket(batch[0].ask, batch[0].section)]:
        try:
            for page in client.observe_batch(batch):
                pages[page.target].append(page)
            fault: Exception = LookupError("no coverage was said")
        except Exception as error:  # a fault in one platform's file must cost its target, never the lane
            log.exception("fault in spiders/%s.py", lane.platform.name)
            fault = error
    for target, told in pages.items():
        if not told or told[-1].coverage is None:
            told.append(Page(target, coverage=fault_of_ours(fault)))
        asyncio.run_coroutine_threadsafe(lane.told(told), loop).result()


def fault_of_ours(fault: BaseException) -> Coverage:
    """Close a target that met a programming fault: loud, and the target stays due."""
    return Coverage(Outcome.MALFORMED, stop_reason=f"fault of ours: {type(fault).__name__}: {str(fault)[:200]}")


def in_thread(work: Callable[[], T], name: str) -> asyncio.Future[T]:
    """Run blocking work in a daemon thread: a call that hangs in a socket can't keep a stopped worker alive."""
    loop = asyncio.get_running_loop()
    future: asyncio.Future[T] = loop.create_future()

    def settle(method: Callable[[Any], None], value: Any) -> None:
        if not future.done():
            method(value)

    def run() -> None:
        try:
            outcome: tuple[Callable[[Any], None], Any] = (future.set_result, work())
        except BaseException as error:  # handed to the awaiting lane
            outcome = (future.set_exception, error)
        if not loop.is_closed():
            loop.call_soon_threadsafe(settle, *outcome)

    threading.Thread(target=run, name=f"lane-{name}", daemon=True).start()
    return future
