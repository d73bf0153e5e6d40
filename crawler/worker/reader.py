"""Holds artists that came later against what is stored, between looks: one worker of a store does it, in pieces.

A piece is read beside the writer, met in a thread and kept in one short transaction; whoever dies is followed by the
next. Nothing is read before every worker judges by the new names: what is recorded later is met by its own look.
"""

import asyncio
import logging
from contextlib import suppress
from functools import partial

from sqlalchemy import Connection

from crawler.journey import Journey
from crawler.journey.latecomers import Latecomers, Piece, keep_piece
from crawler.timelapse import Timepiece
from crawler.worker.pulse import Pulse
from crawler.worker.writer import Desk, Rank
from spiders.base.platform import platforms
from storage import frontier
from storage import roster as rosters

log = logging.getLogger(__name__)

AGAIN_S = 5.0  # real seconds until it is seen whether others know the new names by now


class Reader:
    """Reads on for whoever came later."""

    def __init__(self, desk: Desk, journey: Journey, pulse: Pulse, timepiece: Timepiece) -> None:
        """Prepare; nothing is read yet."""
        self.desk, self.journey, self.pulse, self.time = desk, journey, pulse, timepiece
        self.references = frozenset(name for name, cls in platforms().items() if cls.reference)
        self.wanted = asyncio.Event()
        self._latecomers = Latecomers()
        self._reading = asyncio.Lock()

    async def run(self, stopping: asyncio.Event) -> None:
        """Read on whenever there is something to read, for ever."""
        while not stopping.is_set():
            self.wanted.clear()
            try:
                if await self.read_on(stopping):
                    await self._judge(stopping)
            except Exception:  # whatever it is, the reading stands where it stood, and looks go on; `status` shows it
                log.exception("what is stored can't be read for artists that came later; it is tried again")
            with suppress(TimeoutError):
                await asyncio.wait_for(self.wanted.wait(), AGAIN_S)

    async def _judge(self, stopping: asyncio.Event) -> None:
        while not stopping.is_set() and await self.desk.do(self.journey.catch_up, Rank.SWEEP):
            pass

    async def read_on(self, stopping: asyncio.Event) -> int:
        """Read to the end, as far as this worker may; return how many pieces that was."""
        count = 0
        async with self._reading:
            self.time.hold()
            try:
                while not stopping.is_set() and not self.pulse.off and await self._read_piece():
                    count += 1
            finally:
                self.time.rest()
        return count

    async def _read_piece(self) -> bool:
        piece = await self.desk.read(self._next)
        if piece is None:
            return False
        met = await asyncio.to_thread(self._latecomers.meet, piece, self.journey.names.rows, self.references)
        await self.desk.do(partial(keep_piece, one=piece, met=met, at=self.time.now()), Rank.SWEEP)
        return True

    def _next(self, connection: Connection) -> Piece | None:
        """Read the next piece, if it is ours to read and everybody judges by the names of now.

        Others are looked at before it is read, so that all they recorded by the names of before is in it; the roster
        after it, so that it is for no name that we do not know yet.
        """
        known = self.pulse.revision
        if not self._may_read(connection, known):
            return None
        piece = self._latecomers.read(connection)
        return piece if piece is not None and rosters.revision(connection) == known else None

    def _may_read(self, connection: Connection, known: int) -> bool:
        workers = frontier.listed(connection)
        first = min(workers, key=lambda one: (bool(one.trouble), one.name), default=None)
        if first is not None and first.name != self.pulse.name:
            return False
        return all(one.name == self.pulse.name or one.revision >= known for one in workers)
