"""A lane per platform: claims due targets by lease, has them asked within the budget, hands what was told to the store.

API clients are asked in threads of the lane, Scrapy spiders in the worker's loop; both pull targets from `batches` and
bring the pages of each target to `told`.
"""

import asyncio
import logging
import threading
import time
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

from sqlalchemy import Connection

from crawler.journey import Journey
from crawler.timelapse import Timepiece
from crawler.watching.recheck import backed_off
from crawler.worker.claims import Claims, Held
from crawler.worker.gate import BudgetGate
from crawler.worker.writer import Desk, Dropped, Rank
from spiders.base.errors import Closing
from spiders.base.platform import Access, Platform
from storage import frontier
from storage.observations import Coverage, Outcome, Page, Told
from storage.targets import Ask, Target

LEASE_S = 900.0  # real seconds; renewed while a worker lives
POLL_S = 5.0  # real seconds between looks at the frontier when nobody rings and nothing is due: others may want things
NAP_S = 0.05  # the shortest time between two such looks
REFUSALS, REST_S = 3, 6 * 3600.0  # so many refusals in a row rest a lane for so many of the platform's seconds

log = logging.getLogger(__name__)


class Lane:
    """One platform's way through this worker."""

    def __init__(
        self,
        platform: type[Platform],
        access: Access,
        owner: str,
        desk: Desk,
        timepiece: Timepiece,
        journey: Journey,
        counter: Desk | None = None,
    ) -> None:
        """Prepare the lane; nothing is claimed yet. `counter` is where slots and claims are got."""
        self.platform, self.access, self.owner = platform, access, owner
        self.desk, self.time, self.journey = desk, timepiece, journey
        self.counter = counter or desk
        self.limits = platform.limits_for(access)
        holder = platform.holder(access, journey.egress)
        self.gate = BudgetGate(platform.name, self.limits, holder, self.counter, timepiece)
        self.claims = Claims(platform, owner, self.gate, self.limits, timepiece)
        self.calls = {bucket: threading.Semaphore(limit.concurrency) for bucket, limit in self.limits.items()}
        self.idle = asyncio.Event()
        self.rung = asyncio.Event()
        self.awake = False  # at work: where time stands still meanwhile, it stands still
        self.draining = False
        self.tally: dict[str, int] = {}
        self.late: dict[int, datetime] = {}  # targets whose answers came after their claims: when they were claimed
        self.refused = ""  # why the platform last refused us
        self.stopped: Callable[[], str] = str  # says why nothing may be recorded now
        self._refusals = 0  # in a row
        self._rests_until = 0.0
        self._asking: set[int] = set()  # target ids of the batches that were given out and not told yet
        self._next_due: datetime | None = None
        self._found = True  # the last look at the frontier found something
        self._moved = time.monotonic()

    def again(self) -> "Lane":
        """Make the lane that takes this one's place: with its counts, and with none of its claims."""
        made = Lane(self.platform, self.access, self.owner, self.desk, self.time, self.journey, self.counter)
        made.tally, made.refused, made.stopped = self.tally, self.refused, self.stopped
        made.claims.until = self.claims.until
        made.late = self.late
        made._refusals, made._rests_until = self._refusals, self._rests_until
        return made

    async def batches(self) -> AsyncIterator[list[Target]]:
        """Yield claimed targets, each list answerable by one call, until the lane drains."""
        while not self.draining:
            self.rung.clear()
            turn = not (self.time.stands_still and self._asking)  # a call that takes no time is made alone
            if turn and not self.claims.ready:
                await self._claim()
            if turn and self.claims.ready:
                self.idle.clear()
                self.moved()
                yield self._given_out(self.claims.ready.popleft())
                continue
            if not self.claims.held and not self.claims.recording:
                self.idle.set()
                self.moved()
            await self._sleep()

    def _given_out(self, batch: list[Target]) -> list[Target]:
        """Be at work with a batch until it is told, whoever asks it."""
        if not self._asking:
            self.time.hold()
        self._asking |= {target.id for target in batch}
        self._rest()
        return batch

    async def _sleep(self) -> None:
        """Sleep until rung, or until there may be something to do."""
        if self.rung.is_set():
            return
        nap_s = self._nap()
        self._rest()
        with suppress(TimeoutError):
            await asyncio.wait_for(self.rung.wait(), nap_s)
        self._wake()

    def _rest(self) -> None:
        if self.awake:
            self.awake = False
            self.time.rest()

    def _wake(self) -> None:
        if not self.awake and not self.draining:  # else nobody would let it rest again
            self.awake = True
            self.time.hold()

    def _alarmed(self) -> None:
        """Wake up by an alarm of the clock, which was held for it."""
        if not self._asking:
            self.ring()
        self.time.rest()

    async def told(self, pages: list[Page]) -> None:
        """Take what was said for one target to the store; after its claim is over nothing is recorded."""
        target, coverage = pages[-1].target, pages[-1].coverage
        assert coverage is not None
        held = self.claims.held.pop(target.id, None)
        if held is None:
            log.warning("%s: told twice, or after its lane was given up", target)
            return
        self.claims.recording[target.id] = held
        try:
            await self._take(replace(target, token=held.token), pages, coverage, held)
        except frontier.LeaseLost as lost:
            log.warning("%s: not recorded: %s", target, lost)
            self.count("late")
            self.late[target.id] = held.since
        except Dropped as dropped:
            log.info("%s: not recorded: %s", target, dropped)
            self.count("late")
        except Exception:  # whatever it is, it costs this look and never the lane; it is counted and seen in the log
            log.exception("%s: not recorded", target)
            self.count("unrecorded")
            await self._put_off(replace(target, token=held.token))
        finally:
            self.claims.recording.pop(target.id, None)
            self.moved()
            asked = target.id in self._asking  # else the lane was given up meanwhile, and rests
            self._asking.discard(target.id)
            self.ring()
            self.journey.looked()
            if asked and not self._asking:
                self.time.rest()

    async def _take(self, target: Target, pages: list[Page], coverage: Coverage, held: Held) -> None:
        if coverage.stop_reason == Closing.REASON:
            await self.desk.do(partial(frontier.let_go, leased=[target]))
            return
        if why := self.stopped():
            log.error("%s: not recorded: %s", target, why)
            self.count("unrecorded")
            await self.desk.do(partial(frontier.let_go, leased=[target]))
            return
        told = self._told(pages, target, coverage, held.since)
        try:
            await self.desk.do(partial(self.journey.take, told=told, owner=self.owner))
        except frontier.LeaseLost:
            if held.token == target.token:
                raise
            told = replace(told, target=replace(target, token=held.token))  # it ran out, and we claimed it anew
            await self.desk.do(partial(self.journey.take, told=told, owner=self.owner))
        self.late.pop(target.id, None)
        self._count(coverage)

    async def _put_off(self, target: Target) -> None:
        """Leave a target alone for a while whose look could not be recorded; the rest of the lane goes on."""
        work = partial(frontier.put_off, leased=target, now=self.time.now(), wait=backed_off)
        try:
            await self.desk.do(work)
        except Exception:  # its claim is freed with the next heartbeat
            log.exception("%s: not put off", target)

    def count(self, what: str) -> None:
        """Count one more of something."""
        self.tally[what] = self.tally.get(what, 0) + 1

    def _count(self, coverage: Coverage) -> None:
        self.count(coverage.outcome.value)
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
            parked = self.gate.parked().get(self.claims.bucket(target.ask, target.section))
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
            await self.desk.do(self.gate.learn, Rank.CLAIM)
        resting = self.claims.resting() | self.claims.saturated()
        if resting == self.platform.accepts or self.rests or self.stopped():
            self._next_due = None
            return
        if not self._found and not await self._is_due(resting):
            return
        token = self.claims.begin()
        try:
            leasing = partial(self.claims.lease, resting=resting, token=token, lasts=self.lease())
            claimed = await self.counter.do(leasing, Rank.CLAIM)
            self.claims.hold(claimed)
        finally:
            self.claims.end(token)
        self._found = bool(claimed)
        if not claimed:
            await self._is_due(resting)

    async def _is_due(self, resting: frozenset[Ask]) -> bool:
        """Look, without a lock, whether there is something to claim, and when there will be."""
        now = self.time.now()
        standing = await self.counter.read(partial(frontier.queues, platform=self.platform.name, now=now))
        self._next_due = frontier.next_due(standing, resting)
        return self._next_due is not None and self._next_due <= self.claims.due_by()

    def is_due(self, connection: Connection) -> bool:
        """Tell whether there is something that this lane could claim now."""
        if self.rests or self.stopped():
            return False
        due = frontier.next_due(frontier.queues(connection, self.platform.name, self.time.now()), self.claims.resting())
        return due is not None and due <= self.claims.due_by()

    def ring(self) -> None:
        """Have the lane look at the frontier now, or when what it asks is told."""
        if not self._asking:
            self._wake()
        self.rung.set()

    def _nap(self) -> float:
        """Say how long to sleep unless rung: until something is due or a budget opens again."""
        now = self.time.seconds()
        moments = list(self.gate.parked().values())
        if self._next_due is not None and (self.claims.until is None or self._next_due <= self.claims.until):
            moments.append(self._next_due.timestamp())
        if moments and self.time.stands_still and not self._asking:
            loop = asyncio.get_running_loop()
            self.time.alarm(min(moments), self.platform.name, lambda: loop.call_soon_threadsafe(self._alarmed))
        return min(POLL_S, max(NAP_S, self.time.real(min(moments) - now))) if moments else POLL_S

    def lease(self) -> timedelta:
        """Return how long a claim lasts unless it is renewed."""
        return self.time.lasting(LEASE_S)

    def moved(self) -> None:
        """Note that the lane makes progress."""
        self._moved = time.monotonic()

    @property
    def still_s(self) -> float:
        """Return for how many real seconds nothing moved: no claim, slot, page or record, and nobody waits for one."""
        if self.gate.waiting or self.claims.recording:
            return 0.0
        return time.monotonic() - max(self._moved, self.gate.moved)

    @property
    def busy(self) -> bool:
        """Tell whether the lane holds something."""
        return bool(self.claims.held)

    def drain(self) -> None:
        """Claim nothing more, and let waiting calls fail fast."""
        self.draining = True
        self.gate.close()
        self.rung.set()

    def give_up(self) -> None:
        """Have nothing to do any more with what is in flight: its claims are nobody's."""
        self.drain()
        self.claims.held.clear()
        self._rest()
        if self._asking:
            self._asking.clear()
            self.time.rest()
