"""A worker as the one thing that a process does."""

from collections.abc import Mapping

from sqlalchemy import Engine

from crawler.settings import Settings
from crawler.timelapse import Timepiece
from crawler.worker.reactor import Stop, in_reactor
from crawler.worker.summary import Summary
from crawler.worker.worker import Plan, Progress, Worker
from spiders.base.platform import Platform


def run_worker(
    settings: Settings,
    engine: Engine,
    platforms: Mapping[str, type[Platform]],
    plan: Plan,
    timepiece: Timepiece | None = None,
    progress: Progress = lambda worker: None,
) -> Summary:
    """Run a worker to the end of its plan, or until a signal; once per process."""

    async def main(stops: list[Stop]) -> Summary:
        worker = Worker(settings, engine, platforms, plan, timepiece, progress)
        stops.append(worker.stop)
        return await worker.work()

    return in_reactor(main)
