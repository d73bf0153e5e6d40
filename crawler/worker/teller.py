"""Rounds of alerts beside a worker's work: in threads that hold up neither a lane nor the worker's end."""

import asyncio
import logging
import threading
import time
from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from crawler.alerts.telling import Surroundings, tell
from crawler.timelapse import Timepiece
from crawler.worker.writer import Desk, Rank

TROUBLE_EVERY_S = 600.0  # real seconds: looking for trouble reads every live question
ROUNDS = 4  # that may wait for slow destinations at once; a rule is told by one of them
PAUSE_S = 0.05

log = logging.getLogger(__name__)


class Teller:
    """Starts rounds of alerts over one desk."""

    def __init__(self, desk: Desk, timepiece: Timepiece, around: Surroundings) -> None:
        """Prepare; nothing runs yet."""
        self.desk, self.time, self.around = desk, timepiece, around
        self._rounds: list[threading.Thread] = []
        self._trouble_at = 0.0

    def start(self) -> None:
        """Start a round, unless too many still wait for their destinations."""
        self._rounds = [one for one in self._rounds if one.is_alive()]
        if len(self._rounds) < ROUNDS:
            thread = threading.Thread(target=self._round, name="teller", daemon=True)
            self._rounds.append(thread)
            thread.start()

    async def finish(self, longest_s: float) -> None:
        """Wait for the rounds that were started."""
        until = time.monotonic() + longest_s
        while any(one.is_alive() for one in self._rounds) and time.monotonic() < until:
            await asyncio.sleep(PAUSE_S)

    def _round(self) -> None:
        now = time.monotonic()
        trouble = now >= self._trouble_at
        if trouble:
            self._trouble_at = now + TROUBLE_EVERY_S
        try:
            tell(self._transact, self.around, self.time.now(), trouble=trouble)
        except SQLAlchemyError:  # the next round does it
            log.exception("alerts: the store failed")

    def _transact(self, work: Callable[[Connection], Any]) -> Any:
        return self.desk.call(work, Rank.SWEEP).result()
