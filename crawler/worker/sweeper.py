"""Sweeps: what the roster wants is put on the frontier, and every look is judged by its names from then on.

A sweep reads beside the writer and writes in transactions between which everybody else's work is done; after it the
pace of all lists is fitted to their budgets, and what waits to be judged is judged.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from functools import partial

from crawler.journey import Journey
from crawler.timelapse import Timepiece
from crawler.watching import enrol
from crawler.watching.follow_up import Asking
from crawler.worker.pulse import Pulse
from crawler.worker.writer import Desk, Rank
from spiders.base.platform import Access
from storage import frontier
from storage import roster as rosters
from storage.facts import bindings
from storage.facts.bindings import Monitored

PACE_EVERY_S = 600.0

log = logging.getLogger(__name__)


class Sweeper:
    """Sweeps for one worker."""

    def __init__(
        self,
        desk: Desk,
        journey: Journey,
        pulse: Pulse,
        timepiece: Timepiece,
        access: Mapping[str, Access],
        stopping: asyncio.Event,
        *,
        enrols: bool,
    ) -> None:
        """Prepare; nothing is read yet. `enrols`: what the roster wants is put on the frontier, too."""
        self.desk, self.journey, self.pulse, self.time = desk, journey, pulse, timepiece
        self.access, self.stopping, self.enrols = access, stopping, enrols
        self.wake: Callable[[Collection[str]], None] = lambda platforms: None  # there is something new to ask
        self.renamed: Callable[[], None] = lambda: None  # looks are judged by other names from now on
        self._revision = -1  # of the roster that was swept last
        self._monitored: tuple[Monitored, ...] | None = None
        self._pace_from = 0.0

    async def sweep(self) -> None:
        """Enrol what the roster wants, and read the monitored names anew."""
        if self.pulse.off:
            return
        asking, at = self.journey.asking, self.time.now()
        before, revision = self._revision, await self.desk.read(rosters.revision)
        self._revision = revision
        try:
            await self._swept(asking, revision, at)
        except BaseException:
            self._revision = before  # the next refresh sweeps again
            raise

    async def _swept(self, asking: Asking, revision: int, at: datetime) -> None:
        """Take over the names first: what is asked from now on is judged by them."""
        roster = await self.desk.read(partial(enrol.read, asking=asking))
        await self._know(roster, revision)
        if self.enrols:
            await self._enrol(roster, at)
            self.journey.canaries = await self.desk.do(self.journey.choose_canaries, Rank.SWEEP)
        await self._pace()
        await self.catch_up()
        self.wake(self.access)

    async def _know(self, roster: enrol.Roster, revision: int) -> None:
        """Judge by these names and pages from now on: no look that is being recorded still goes by those of before."""
        owned = await self.desk.read(bindings.owned)
        names = self.journey.names
        if roster.monitored != self._monitored:
            names = await asyncio.to_thread(names.now, roster.monitored)
            self._monitored = roster.monitored
        await self.desk.do(lambda _: self.journey.know(names, owned), Rank.SLOT)
        self.pulse.revision = revision
        self.renamed()

    async def _pace(self) -> None:
        """Fit the pace of all lists to their budgets, now and then: every list is read for it."""
        if time.monotonic() >= self._pace_from:
            await self.desk.read(partial(self.journey.pace, access=self.access))
            self._pace_from = time.monotonic() + PACE_EVERY_S

    async def catch_up(self) -> None:
        """Judge what waits for it, a little at a time, after a look for campaigns."""
        found = await self.desk.read(self.journey.look_for_waves)
        await self.desk.do(partial(self.journey.keep_waves, found=found), Rank.SWEEP)
        self.journey.follow_waves(found)
        while not self.stopping.is_set() and await self.desk.do(self.journey.catch_up, Rank.SWEEP):
            pass

    async def refresh(self) -> None:
        """Sweep again when somebody changed names, aliases, claims or standings meanwhile."""
        if await self.desk.read(rosters.revision) != self._revision:
            await self.sweep()

    async def _enrol(self, roster: enrol.Roster, at: datetime) -> None:
        """Put on the frontier what changed, in transactions between which everybody else's work is done."""
        asking, wanted = self.journey.asking, 0
        parts = enrol.parts(roster, asking, at)
        while not self.stopping.is_set():
            part = await asyncio.to_thread(next, parts, None)
            if part is None:
                break
            wanted += await self.desk.do(partial(enrol.keep, part=part, at=at), Rank.SWEEP)
        if wanted >= enrol.MANY:
            await self.desk.do(frontier.analyse, Rank.SWEEP)
        for platform in asking.platforms:
            put_off = await self.desk.do(partial(frontier.bound, platform=platform, now=at), Rank.SWEEP)
            if put_off:
                log.warning("%s: %s targets were put off for months by a clock that was wrong", platform, put_off)
