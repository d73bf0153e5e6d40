"""The world's own time: real time multiplied, plus the jumps that somebody asked for."""

import time
from collections.abc import Callable
from datetime import UTC, datetime


class Backwards(ValueError):
    """Somebody asked for a time that has already passed."""


class VirtualClock:
    """Runs forward only, in UTC."""

    def __init__(self, origin: datetime, lapse: float, real: Callable[[], float] = time.monotonic) -> None:
        """Start at a virtual moment; `lapse` virtual seconds pass in each real one."""
        if lapse <= 0:
            raise ValueError(f"the time-lapse factor must be above zero, not {lapse}")
        if origin.tzinfo is None:
            raise ValueError("the start needs a time zone")
        self.lapse = lapse
        self.real = real
        self.began = real()
        self.origin = origin.timestamp()

    def now(self) -> float:
        """Give the virtual time in seconds since the epoch."""
        return self.origin + (self.real() - self.began) * self.lapse

    def moment(self) -> datetime:
        """Give the virtual time."""
        return datetime.fromtimestamp(self.now(), UTC)

    def jump(self, to: datetime) -> None:
        """Go on from a later moment."""
        ahead = to.timestamp() - self.now()
        if ahead < 0:
            raise Backwards(f"it is already {self.moment().isoformat()}")
        self.origin += ahead
