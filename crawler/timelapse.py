"""What time it is: real time, or a declared time-lapse in which platforms, budgets and worker all live alike."""

import asyncio
import contextlib
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

STEADY_S = 0.01  # real seconds: what reading two clocks over a connection may differ by


class Timepiece:
    """Tells the time in UTC; with a factor, virtual seconds pass that much faster, and it can be put forward."""

    stands_still = False  # while somebody is at work

    def __init__(self, factor: float = 1.0, origin: datetime | None = None, anchor: float | None = None) -> None:
        """At the real epoch second `anchor` (default: now) it is `origin` (default: the same moment)."""
        self.factor = factor
        self.ahead_s = 0.0  # real seconds by which this machine's clock is known to be ahead of the store's
        self._real = time.time() if anchor is None else anchor
        self._virtual = self._real if origin is None else origin.timestamp()

    def real_now(self) -> float:
        """Return the real epoch second, by the clock that all workers share."""
        return time.time() - self.ahead_s

    def seconds(self) -> float:
        """Return the epoch second."""
        return self._virtual + (self.real_now() - self._real) * self.factor

    def now(self) -> datetime:
        """Return the moment."""
        return datetime.fromtimestamp(self.seconds(), UTC)

    def real(self, seconds: float) -> float:
        """Return how long so many of our seconds really last."""
        return max(0.0, seconds) / self.factor

    def lasting(self, real_seconds: float) -> timedelta:
        """Return how much of our time passes in so many real seconds."""
        return timedelta(seconds=real_seconds * self.factor)

    def correct(self, ahead_s: float) -> None:
        """Go by the shared clock from now on: this machine's is so many real seconds ahead of it."""
        if abs(ahead_s - self.ahead_s) > STEADY_S:
            self.ahead_s = ahead_s

    def forward_to(self, moment: datetime) -> None:
        """Put the timepiece forward; it never goes back."""
        now, real = self.seconds(), self.real_now()
        self._virtual, self._real = max(now, moment.timestamp()), real

    async def until(self, moment: float, name: str, closing: asyncio.Event) -> None:
        """Wait for a moment, or until closing."""
        seconds = self.real(moment - self.seconds())
        if seconds > 0:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(closing.wait(), seconds)

    def until_in_thread(self, moment: float, name: str, closed: threading.Event) -> None:
        """Wait for a moment in a thread, or until closed."""
        closed.wait(self.real(moment - self.seconds()))

    def call(self, name: str) -> None:
        """Let whoever waits under a name see that it is closed; here he sees it by himself."""

    def begin(self) -> None:
        """Let a new run begin with nobody at work; real time takes no notice."""

    def hold(self) -> None:
        """Note that somebody is at work; real time takes no notice."""

    def rest(self) -> None:
        """Note that somebody rests; real time takes no notice."""

    def alarm(self, moment: float, name: str, go: Callable[[], object]) -> None:
        """Have somebody called at a moment who does not watch the clock; in real time all do."""
