"""What time it is: real time, or a declared time-lapse in which platforms, budgets and worker all live alike."""

import time
from datetime import UTC, datetime, timedelta


class Timepiece:
    """Tells the time in UTC; with a factor, virtual seconds pass that much faster, and it can be put forward."""

    def __init__(self, factor: float = 1.0, origin: datetime | None = None, anchor: float | None = None) -> None:
        """At the real epoch second `anchor` (default: now) it is `origin` (default: the same moment)."""
        self.factor = factor
        self._real = time.time() if anchor is None else anchor
        self._virtual = self._real if origin is None else origin.timestamp()

    def seconds(self) -> float:
        """Return the epoch second."""
        return self._virtual + (time.time() - self._real) * self.factor

    def now(self) -> datetime:
        """Return the moment."""
        return datetime.fromtimestamp(self.seconds(), UTC)

    def real(self, seconds: float) -> float:
        """Return how long so many of our seconds really last."""
        return max(0.0, seconds) / self.factor

    def lasting(self, real_seconds: float) -> timedelta:
        """Return how much of our time passes in so many real seconds."""
        return timedelta(seconds=real_seconds * self.factor)

    def forward_to(self, moment: datetime) -> None:
        """Put the timepiece forward; it never goes back."""
        now, real = self.seconds(), time.time()
        self._virtual, self._real = max(now, moment.timestamp()), real
