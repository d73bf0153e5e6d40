"""Who may ask when: the gate in front of every request.

The worker's gate spends persisted budgets; the one here spends a budget in memory, for a spider that runs alone.
A gate waits only for a slot that is near; a budget that is parked for longer raises Throttled, and nobody sleeps.

A call may arrive later than its slot, by as much as its answer tells: the gate is told, so that no window of the
platform's own clock holds a call too many.
"""

import asyncio
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from spiders.base.errors import Closing, Throttled
from storage.limits import Limit, Spent, grant, landed, pause, put_off

PATIENCE_S = 5.0  # the longest wait inside a lane, in the platform's seconds


@dataclass(frozen=True, slots=True)
class Slot:
    """A call's turn: of which bucket, and when."""

    bucket: str
    at: float


class Gate(Protocol):
    """Grants one call at a time on a bucket."""

    async def slot(self, bucket: str) -> Slot:
        """Wait for the next call's turn; raise Throttled when the budget is parked, Closing when the worker stops."""

    def wait(self, bucket: str) -> Slot:
        """Do the same from a thread."""

    def landed(self, slot: Slot) -> None:
        """Note that a call is answered now, or failed: it arrived no later."""

    def park(self, bucket: str, wait_s: float, reason: str) -> None:
        """Stop granting on a bucket for so many of the platform's seconds, because the platform said so."""

    def now(self) -> float:
        """Return the platform's time in epoch seconds."""

    def pace(self, bucket: str, wait_s: float) -> None:
        """Let the next call go out no sooner than after so many of the platform's seconds; nobody was refused."""


class LocalGate:
    """A budget of this process alone."""

    def __init__(self, limits: Mapping[str, Limit], lapse: float = 1.0) -> None:
        """Keep the limits; `lapse` is the declared time-lapse factor."""
        self._limits = {bucket: limit.under(lapse) for bucket, limit in limits.items()}
        self._lapse = lapse
        self._spent: dict[str, Spent] = {}
        self._lock = threading.Lock()
        self._closed = threading.Event()

    def reserve(self, bucket: str) -> tuple[float, float | None]:
        """Return the real seconds to wait, and our slot; None where one asks again then."""
        if self._closed.is_set():
            raise Closing()
        with self._lock:
            now = time.time() * self._lapse
            given, spent = grant(
                self._limits[bucket], self._spent.get(bucket, Spent()), now, want=1, ahead_s=PATIENCE_S
            )
            if given.slots:
                self._spent[bucket] = spent
                return max(0.0, given.slots[0] - now) / self._lapse, given.slots[0]
            if not given.busy and given.not_before > now + PATIENCE_S:
                raise Throttled(given.reason, until=given.not_before, bucket=bucket)
            return max(0.0, given.not_before - now) / self._lapse, None

    async def slot(self, bucket: str) -> Slot:
        """Wait for the next call's turn."""
        bucket = self._known(bucket)
        moment = None
        while moment is None or self._is_paused(bucket):
            wait_s, moment = self.reserve(bucket)
            await asyncio.sleep(wait_s)
        return Slot(bucket, moment)

    def wait(self, bucket: str) -> Slot:
        """Wait for the next call's turn in a thread."""
        bucket = self._known(bucket)
        moment = None
        while moment is None or self._is_paused(bucket):
            wait_s, moment = self.reserve(bucket)
            if self._closed.wait(wait_s):
                raise Closing()
        return Slot(bucket, moment)

    def landed(self, slot: Slot) -> None:
        """Count a call from when it may have arrived."""
        with self._lock:
            spent = self._spent.get(slot.bucket, Spent())
            self._spent[slot.bucket] = landed(self._limits[slot.bucket], spent, slot.at, self.now())

    def _known(self, bucket: str) -> str:
        return bucket if bucket in self._limits else ""

    def _is_paused(self, bucket: str) -> bool:
        with self._lock:
            return self._spent[bucket].paused_until > time.time() * self._lapse

    def park(self, bucket: str, wait_s: float, reason: str) -> None:
        """Stop granting on a bucket."""
        with self._lock:
            bucket = self._known(bucket)
            until = time.time() * self._lapse + wait_s
            self._spent[bucket] = pause(self._spent.get(bucket, Spent()), until)

    def now(self) -> float:
        """Return the time that slots are granted by."""
        return time.time() * self._lapse

    def pace(self, bucket: str, wait_s: float) -> None:
        """Put the next slot off."""
        with self._lock:
            bucket = self._known(bucket)
            at = time.time() * self._lapse + wait_s
            self._spent[bucket] = put_off(self._spent.get(bucket, Spent()), at)

    def close(self) -> None:
        """Let every waiting request fail fast."""
        self._closed.set()
