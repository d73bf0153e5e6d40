"""Asking what a command wants to know, pass after pass: a worker that is not to enrol anybody, until it is idle."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import Engine

from crawler.settings import Settings
from crawler.timelapse import Timepiece
from crawler.watching.follow_up import Asking
from crawler.worker.reactor import Stop
from crawler.worker.worker import Plan, Progress, Worker
from spiders.base.platform import Platform


@dataclass(slots=True)
class Passes:
    """The passes of one command; once one was stopped, no other begins."""

    settings: Settings
    engine: Engine
    platforms: Mapping[str, type[Platform]]
    stops: list[Stop]
    progress: Progress
    time: Timepiece
    stopped: bool = field(default=False, init=False)

    @property
    def asking(self) -> Asking:
        """Return how the platforms are asked, each in its market."""
        markets = {name: self.settings.access(name).market for name, cls in self.platforms.items() if cls.has_markets}
        return Asking(self.platforms, markets)

    async def run(self) -> None:
        """Ask everything that is due, unless the command was stopped."""
        if self.stopped:
            return
        plan = Plan(until_idle=True, enrol=False)
        worker = Worker(self.settings, self.engine, self.platforms, plan, self.time, self.progress)
        self.stops.append(worker.stop)
        await worker.work()
        self.stopped = worker.stopping.is_set()
