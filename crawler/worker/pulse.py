"""A worker's pulse: says that it lives, finds those that do not, keeps its claims, and compares its clock.

What a dead worker held is due again in seconds: at once when its process is gone from this host, after a few missed
beats when it ran elsewhere. A clock that is off by more than a minute is said, and nothing is recorded by it.
"""

import logging
import os
import socket
import time
from collections.abc import Callable, Collection
from datetime import timedelta
from functools import partial
from pathlib import Path

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from crawler.timelapse import Timepiece
from crawler.worker.writer import Desk, Rank
from storage import frontier, outbox
from storage.frontier import Beating
from storage.limits import SKEW_S

BEAT_S = 5.0
DEAD_AFTER_S = 20.0  # real seconds without a beat; a worker whose process is seen alive on this host is spared

log = logging.getLogger(__name__)


class Pulse:
    """One worker's heartbeat over the store."""

    def __init__(
        self,
        name: str,
        desk: Desk,
        timepiece: Timepiece,
        tokens: Callable[[], Collection[str]],
        lease: Callable[[], timedelta],
    ) -> None:
        """`tokens` are those of the claims that are worked on, `lease` is how much longer they last from now on."""
        self.name, self.host, self.process = name, host(), process(os.getpid())
        self.off = ""  # why nothing may be recorded
        self.trouble = ""
        self.revision = -1  # of the roster whose names every look is judged by from now on
        self._desk, self._time, self._tokens, self._lease = desk, timepiece, tokens, lease

    async def beat(self) -> None:
        """Beat once."""
        await self._desk.do(self._clock, Rank.SLOT)
        freed = await self._desk.do(self._beat, Rank.SLOT)
        if freed:
            log.warning("%s targets that dead workers held are due again", freed)
        if await self._desk.read(outbox.unplaced):
            await self._desk.do(outbox.sequence, Rank.CLAIM)

    async def free_unknown(self) -> None:
        """Free what is held in our name and no longer worked on; where that fails, the next beat does it."""
        try:
            # Not with the rank of a recording: those a worker that stops begins no more.
            await self._desk.do(self._free_unknown, Rank.CLAIM)
        except SQLAlchemyError:
            log.exception("claims that were given up are not freed yet")

    def _free_unknown(self, connection: Connection) -> int:
        return frontier.free_unknown(connection, self.name, self._tokens())

    async def end(self) -> None:
        """Give back what is held, give the last feed positions, and leave."""
        await self._desk.do(partial(frontier.leave, name=self.name), Rank.SLOT)
        await self._desk.do(outbox.sequence, Rank.SLOT)

    def _clock(self, connection: Connection) -> None:
        before = time.time()
        theirs = frontier.now_of(connection)
        # It told its time somewhere in between: what was known is kept where that fits, or slots would jump.
        ahead = min(max(self._time.ahead_s, before - theirs), time.time() - theirs)
        was, self.off = self.off, ""
        if abs(ahead) <= SKEW_S:
            self._time.correct(ahead)
        else:
            way = "ahead of" if ahead > 0 else "behind"
            self.off = f"this machine's clock is {abs(ahead):.0f} s {way} the database's: nothing is recorded by it"
        if self.off or was:
            log.error("%s", self.off or "this machine's clock is right again")

    def _beat(self, connection: Connection) -> int:
        trouble = "; ".join(part for part in (self.off, self.trouble) if part)
        frontier.beat(connection, self.name, self.host, self.process, trouble, revision=self.revision)
        now = frontier.now_of(connection)
        dead = [one.name for one in frontier.listed(connection) if one.name != self.name and self._is_dead(one, now)]
        freed = frontier.bury(connection, dead)
        tokens = self._tokens()
        frontier.renew(connection, self.name, tokens, self._time.now() + self._lease())
        return freed + frontier.free_unknown(connection, self.name, tokens)

    def _is_dead(self, other: Beating, now: float) -> bool:
        if other.host == self.host:
            return not lives(other.process)
        return now - other.beat_at.timestamp() > DEAD_AFTER_S


def host() -> str:
    """Name this host as long as its processes keep their numbers: until it boots, and within one container."""
    parts = [socket.gethostname()]
    for path, read in (("/proc/sys/kernel/random/boot_id", Path.read_text), ("/proc/self/ns/pid", os.readlink)):
        try:
            parts.append(str(read(Path(path))).strip()[-12:])
        except OSError:
            parts.append("-")
    return "/".join(parts)


def process(pid: int) -> str:
    """Name a process so that another one that gets its number is not taken for it."""
    return f"{pid}@{_started(pid) or ''}"


def lives(named: str) -> bool:
    """Tell whether a process of this host is still there."""
    pid, _, started = named.partition("@")
    if started:
        return _started(int(pid)) == started
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _started(pid: int) -> str | None:
    """Return when a process started, in the kernel's ticks; None when it is gone, or waits only to be reaped."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return None if fields[0] in ("Z", "X") else fields[19]
