"""Virtual time that computing does not use up: it stands still while anybody is at work.

It goes on when everybody waits: to the earliest moment that somebody waits for, and for that one alone. So one thing
happens at a time, in an order that no machine's speed decides, and nothing is spent on waiting. It is for one worker
in one process, whose platforms are told the time.
"""

import asyncio
import heapq
import itertools
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from crawler.timelapse import Timepiece

CLAIM = timedelta(days=1)  # claims are renewed in real time, of which none may pass while virtual days do


@dataclass(order=True, slots=True)
class Waiting:
    """Somebody who waits for a moment; of two at one moment, the first by name and then by arrival goes first."""

    moment: float
    name: str
    number: int
    go: Callable[[], object] = field(compare=False)


class VirtualTime(Timepiece):
    """A timepiece that moves only when nobody is at work and somebody waits for his turn."""

    stands_still = True

    def __init__(self, origin: datetime, moved: Callable[[float], None] = lambda now: None) -> None:
        """It is `origin`; `moved` is told every later moment before anybody else."""
        super().__init__(1.0, origin)
        self._now, self._moved = origin.timestamp(), moved
        self._lock = threading.RLock()
        self._numbers = itertools.count()
        self.begin()

    def begin(self) -> None:
        """Let a new run begin with nobody at work and nobody waiting."""
        with self._lock:
            self._at_work = 0
            self._turns: list[Waiting] = []
            self._alarms: list[Waiting] = []

    def seconds(self) -> float:
        """Return the epoch second."""
        return self._now

    def now(self) -> datetime:
        """Return the moment."""
        return datetime.fromtimestamp(self._now, UTC)

    def lasting(self, real_seconds: float) -> timedelta:
        """Return for how long something is kept that is renewed in real time."""
        return CLAIM

    def correct(self, ahead_s: float) -> None:
        """Go by no other clock."""

    def forward_to(self, moment: datetime) -> None:
        """Put the timepiece forward; it never goes back."""
        with self._lock:
            self._move(moment.timestamp())

    def hold(self) -> None:
        """Note that somebody is at work: time stands still until he rests."""
        with self._lock:
            self._at_work += 1

    def rest(self) -> None:
        """Note that somebody rests; when he was the last one at work, whoever waits for the next moment goes on."""
        with self._lock:
            self._at_work = max(0, self._at_work - 1)
            self._go_on()

    async def until(self, moment: float, name: str, closing: asyncio.Event) -> None:
        """Rest until a moment comes, or until called."""
        loop, turn = asyncio.get_running_loop(), asyncio.Event()
        self._turn(moment, name, lambda: loop.call_soon_threadsafe(turn.set))
        try:
            if closing.is_set():
                self.call(name)
            await turn.wait()
        except asyncio.CancelledError:
            self.call(name)
            raise

    def until_in_thread(self, moment: float, name: str, closed: threading.Event) -> None:
        """Rest in a thread until a moment comes, or until called."""
        turn = threading.Event()
        self._turn(moment, name, turn.set)
        if closed.is_set():
            self.call(name)
        turn.wait()

    def alarm(self, moment: float, name: str, go: Callable[[], object]) -> None:
        """Have `go` called at a moment, if time comes there for somebody else's turn; its owner is at work then."""
        with self._lock:
            heapq.heappush(self._alarms, Waiting(moment, name, next(self._numbers), go))

    def call(self, name: str) -> None:
        """Let whoever waits for his turn under a name go on at once, because he is to stop."""
        with self._lock:
            called = [one for one in self._turns if one.name == name]
            self._turns = [one for one in self._turns if one.name != name]
            heapq.heapify(self._turns)
            self._at_work += len(called)
        for one in called:
            one.go()

    def _turn(self, moment: float, name: str, go: Callable[[], object]) -> None:
        with self._lock:
            heapq.heappush(self._turns, Waiting(moment, name, next(self._numbers), go))
            self.rest()

    def _go_on(self) -> None:
        if self._at_work or not self._turns:
            return
        alarmed = bool(self._alarms) and self._alarms[0].moment <= self._turns[0].moment
        one = heapq.heappop(self._alarms if alarmed else self._turns)
        self._at_work += 1
        self._move(one.moment)
        one.go()

    def _move(self, moment: float) -> None:
        if moment > self._now:
            self._now = moment
            self._moved(moment)
