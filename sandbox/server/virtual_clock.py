"""The world's own time: real time multiplied, plus the jumps that somebody asked for."""

import mmap
import struct
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

MOMENT = struct.Struct("=d")


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


class Dial:
    """A moment that stands in a file of eight bytes, which several processes look at."""

    def __init__(self, file: Path) -> None:
        """Look at a file."""
        with file.open("r+b") as opened:
            self._bytes = mmap.mmap(opened.fileno(), MOMENT.size)

    def read(self) -> float:
        """Read the moment."""
        moment: float = MOMENT.unpack_from(self._bytes)[0]
        return moment

    def set(self, moment: float) -> None:
        """Set the moment."""
        MOMENT.pack_into(self._bytes, 0, moment)

    def close(self) -> None:
        """Look at the file no longer."""
        self._bytes.close()


class ToldClock(VirtualClock):
    """A clock that stands still until somebody sets its dial: whoever asks says when it is."""

    def __init__(self, origin: datetime, file: Path) -> None:
        """Start at a virtual moment."""
        super().__init__(origin, 1.0)
        self.lapse = 0.0
        self.dial = Dial(file)
        self.dial.set(origin.timestamp())

    def now(self) -> float:
        """Give the virtual time in seconds since the epoch."""
        return self.dial.read()

    def jump(self, to: datetime) -> None:
        """Go on from a later moment."""
        if to.timestamp() < self.now():
            raise Backwards(f"it is already {self.moment().isoformat()}")
        self.dial.set(to.timestamp())
