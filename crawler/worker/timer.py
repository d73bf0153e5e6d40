"""APScheduler triggers the few fixed jobs of a worker; when a target is due stands in the store, never here."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler

Job = Callable[[], Awaitable[object]]


@asynccontextmanager
async def ticking(jobs: Mapping[timedelta, Job]) -> AsyncIterator[None]:
    """Run each job at its interval (real time) as long as the context lasts."""
    scheduler = AsyncIOScheduler(timezone="UTC")
    for every, job in jobs.items():
        scheduler.add_job(job, "interval", seconds=every.total_seconds(), max_instances=1, coalesce=True)
    scheduler.start()
    try:
        yield
    finally:
        scheduler.shutdown(wait=False)
