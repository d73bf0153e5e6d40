"""The process's one writer: every transaction runs here, one after the other.

SQLite's write lock is unfair between threads, so there is one writing thread; a fleet scales by processes.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from sqlalchemy import Connection, Engine

from storage.database import writing

T = TypeVar("T")
Work = Callable[[Connection], T]


class Desk:
    """Runs work in transactions of its own thread."""

    def __init__(self, engine: Engine) -> None:
        """Start the thread; the engine stays the caller's."""
        self.engine = engine
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="desk")

    def call(self, work: Work[T]) -> Future[T]:
        """Queue a transaction; it is committed when the future has its result, and rolled back when it raises."""
        return self._thread.submit(self._run, work)

    async def do(self, work: Work[T]) -> T:
        """Await a transaction."""
        return await asyncio.wrap_future(self.call(work))

    def _run(self, work: Work[T]) -> T:
        with writing(self.engine) as connection:
            return work(connection)

    def close(self) -> None:
        """Finish what is queued and stop."""
        self._thread.shutdown(wait=True)
