"""The worker's gate: slots from the shared budget, a second ahead at most, so that another worker's pause is obeyed."""

import asyncio
import threading
import time
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

from sqlalchemy import Connection

from crawler.timelapse import Timepiece
from crawler.worker.writer import Desk, Rank
from spiders.base.errors import Closing, Throttled
from spiders.base.gate import Slot
from storage import budgets
from storage.limits import SKEW_S, Grant, Limit

AHEAD_S = 1.0  # real seconds
FINEST_S = 0.02  # slots closer together than this (under a time-lapse) are taken few at a time: they go stale
FEW = 8


@dataclass(frozen=True, slots=True)
class Turn:
    """A moment to wait for: our slot, or (not ours) the moment to ask again."""

    at: float
    ours: bool = True


class BudgetGate:
    """Grants calls of one platform out of its persisted budgets."""

    def __init__(
        self, platform: str, limits: Mapping[str, Limit], holder: str, desk: Desk, timepiece: Timepiece
    ) -> None:
        """`holder` is the credential or egress that the platform counts by."""
        self.platform, self.holder = platform, holder
        self._limits = {bucket: limit.under(timepiece.factor) for bucket, limit in limits.items()}
        self._desk, self._time = desk, timepiece
        self._slots: dict[str, deque[float]] = {bucket: deque() for bucket in limits}
        self._turns = {bucket: asyncio.Lock() for bucket in limits}
        self._thread_turns = {bucket: threading.Lock() for bucket in limits}
        self._closed = threading.Event()
        self._closing = asyncio.Event()
        self._parked: dict[str, float] = {}
        self._pauses: set[str] = set()  # the buckets that rest because the platform said so
        self._waiting: set[str] = set()
        self.moved = time.monotonic()  # when it last granted or refused a call

    @property
    def waiting(self) -> bool:
        """Tell whether somebody waits for a slot."""
        return bool(self._waiting)

    def parked(self) -> dict[str, float]:
        """Tell which buckets rest, and until which epoch second."""
        now = self._time.seconds()
        return {bucket: until for bucket, until in self._parked.items() if until > now}

    async def slot(self, bucket: str) -> Slot:
        """Wait for the next call's turn; raise Throttled when the budget is parked."""
        bucket = self._known(bucket)
        async with self._turns[bucket]:
            with self._waited(bucket):
                while True:
                    self._check_open()
                    turn = self._kept(bucket) or self._turn_of(
                        bucket, await self._desk.do(partial(self._reserve, bucket), Rank.SLOT)
                    )
                    await self._time.until(turn.at, self.platform, self._closing)
                    self._check_open()
                    if turn.ours and not self._late(bucket, turn.at):
                        return Slot(bucket, turn.at)

    def wait(self, bucket: str) -> Slot:
        """Wait for the next call's turn in a thread."""
        bucket = self._known(bucket)
        with self._thread_turns[bucket], self._waited(bucket):
            while True:
                self._check_open()
                turn = self._kept(bucket) or self._turn_of(
                    bucket, self._desk.call(partial(self._reserve, bucket), Rank.SLOT).result()
                )
                self._time.until_in_thread(turn.at, self.platform, self._closed)
                self._check_open()
                if turn.ours and not self._late(bucket, turn.at):
                    return Slot(bucket, turn.at)

    def landed(self, slot: Slot) -> None:
        """Count a call, for every worker that shares the budget, from when it may have arrived."""
        now = self._time.seconds()
        if now - slot.at > self._limits[slot.bucket].margin_s:
            self._desk.call(partial(self._land, slot, now), Rank.SLOT)

    def park(self, bucket: str, wait_s: float, reason: str) -> None:
        """Park a bucket in the store for every worker that shares it."""
        bucket = self._known(bucket)
        until = self._time.seconds() + wait_s
        self._slots[bucket].clear()
        self._parked[bucket] = max(until, self._parked.get(bucket, 0.0))
        self._pauses.add(bucket)
        self._desk.call(partial(self._park, bucket, until, reason), Rank.SLOT)

    def now(self) -> float:
        """Return the platform's time in epoch seconds."""
        return self._time.seconds()

    def pace(self, bucket: str, wait_s: float) -> None:
        """Put a bucket's next call off for every worker that shares it."""
        bucket = self._known(bucket)
        self._slots[bucket].clear()
        self._desk.call(partial(self._pace, bucket, self._time.seconds() + wait_s), Rank.SLOT)

    def paused(self) -> bool:
        """Tell whether a bucket rests because the platform said so."""
        return not self._pauses.isdisjoint(self.parked())

    def learn(self, connection: Connection) -> None:
        """Read the pauses again: somebody may have lifted one."""
        for bucket in self._pauses & self.parked().keys():
            self._parked[bucket] = budgets.paused_until(connection, self.platform, bucket, self.holder)

    def close(self) -> None:
        """Let every waiting call fail fast."""
        self._closed.set()
        self._closing.set()
        self._time.call(self.platform)

    @contextmanager
    def _waited(self, bucket: str) -> Iterator[None]:
        """Note who waits (one at a time for each bucket): a lane that waits for its turn is not stuck."""
        self._waiting.add(bucket)
        try:
            yield
        finally:
            self._waiting.discard(bucket)
            self.moved = time.monotonic()

    def _known(self, bucket: str) -> str:
        return bucket if bucket in self._limits else ""

    def _check_open(self) -> None:
        if self._closed.is_set():
            raise Closing()

    def _kept(self, bucket: str) -> Turn | None:
        """Return the next reserved slot that is still good."""
        slots = self._slots[bucket]
        while slots:
            moment = slots.popleft()
            if not self._late(bucket, moment):
                return Turn(moment)
        return None

    def _late(self, bucket: str, moment: float) -> bool:
        return self._time.seconds() - moment > max(self._limits[bucket].window_s / 2, self._limits[bucket].tolerance_s)

    def _reserve(self, bucket: str, connection: Connection) -> Grant:
        limit = self._limits[bucket]
        ahead_s = AHEAD_S * self._time.factor
        fine = self._time.real(limit.spacing_s) < FINEST_S
        want = FEW if fine else max(1, int(ahead_s / limit.spacing_s))
        return budgets.reserve(
            connection,
            self.platform,
            bucket,
            self.holder,
            limit,
            now=self._time.seconds(),
            want=want,
            ahead_s=ahead_s,
            skew_s=SKEW_S * self._time.factor,
        )

    def _park(self, bucket: str, until: float, reason: str, connection: Connection) -> None:
        budgets.park(connection, self.platform, bucket, self.holder, until, reason)

    def _pace(self, bucket: str, at: float, connection: Connection) -> None:
        budgets.pace(connection, self.platform, bucket, self.holder, at)

    def _land(self, slot: Slot, at: float, connection: Connection) -> None:
        limit = self._limits[slot.bucket]
        budgets.land(connection, self.platform, slot.bucket, self.holder, limit, slot=slot.at, at=at)

    def _turn_of(self, bucket: str, given: Grant) -> Turn:
        if given.slots:
            self._slots[bucket].extend(given.slots[1:])
            return Turn(given.slots[0])
        if given.busy:
            return Turn(given.not_before, ours=False)
        self._parked[bucket] = given.not_before
        if given.reason == "paused":
            self._pauses.add(bucket)
        raise Throttled(f"budget {bucket or 'default'}: {given.reason}", until=given.not_before, bucket=bucket)
