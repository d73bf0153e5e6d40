"""Transactions of this process: each desk runs its own, one after the other, the most pressing first.

SQLite's write lock is unfair between threads, so there everything goes over one desk; on PostgreSQL slots, claims and
heartbeats have a desk of their own and never wait behind a recording. A desk that loses its connection opens another
and runs the transaction again: it was rolled back whole.
"""

import asyncio
import itertools
import logging
import queue
import random
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from enum import IntEnum
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError, OperationalError, PendingRollbackError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as NoneFree

from storage.database import writing

T = TypeVar("T")
Work = Callable[[Connection], T]
LONGEST_WAIT_S = 5.0  # between two tries to connect
TURNS = 8  # tries of a transaction that others are in the way of
IN_THE_WAY = frozenset({"40001", "40P01", "55P03"})  # serialization, deadlock, lock not available
GOING = ("08", "57P", "53300")  # SQLSTATEs of connections that were cut, or refused for now

log = logging.getLogger(__name__)


class Cut(SQLAlchemyError):
    """Something failed, and no wonder: the connection under it had been cut."""


Trouble = DBAPIError | PendingRollbackError | NoneFree | Cut
TROUBLES = (DBAPIError, PendingRollbackError, NoneFree, Cut)  # what a store that is away, or in the way, may raise


class Rank(IntEnum):
    """What goes first when several wait."""

    SLOT = 0
    CLAIM = 1
    RECORD = 2
    SWEEP = 3


class Dropped(Exception):
    """The worker stops: what was heard and not begun to be recorded is asked again by the next one."""


class Desk:
    """Runs work in transactions of its own thread."""

    def __init__(self, engine: Engine, patience_s: float = float("inf")) -> None:
        """Start the thread; the engine stays the caller's. A store that is away is waited for so long."""
        self.engine, self.patience_s = engine, patience_s
        self._jobs: queue.PriorityQueue[tuple[int, int, Callable[[], None] | None]] = queue.PriorityQueue()
        self._numbers = itertools.count()
        self._hurry = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="desk", daemon=True)
        self._thread.start()

    def call(self, work: Work[T], rank: Rank = Rank.RECORD) -> Future[T]:
        """Queue a transaction; it is committed when the future has its result, and rolled back when it raises."""
        future: Future[T] = Future()

        def job() -> None:
            if future.set_running_or_notify_cancel():
                try:
                    # Claims are given back before recordings that wait: they would be refused, each after all its work.
                    if rank is Rank.RECORD and self._hurry.is_set():
                        raise Dropped("the worker stops")
                    future.set_result(self._run(work))
                except BaseException as error:  # handed to whoever waits for the future
                    future.set_exception(error)

        self._jobs.put((rank, next(self._numbers), job))
        return future

    async def do(self, work: Work[T], rank: Rank = Rank.RECORD) -> T:
        """Await a transaction."""
        return await asyncio.wrap_future(self.call(work, rank))

    async def read(self, work: Work[T]) -> T:
        """Await reading beside the queue: nobody waits for it."""

        def reading() -> T:
            with self.engine.connect() as connection:
                return _worked(work, connection)

        return await asyncio.to_thread(self._again_while_away, reading)

    def _run(self, work: Work[T]) -> T:
        def transaction() -> T:
            with writing(self.engine) as connection:
                return _worked(work, connection)

        return self._again_while_away(transaction)

    def _again_while_away(self, transaction: Callable[[], T]) -> T:
        began = time.monotonic()
        for turn in itertools.count(1):
            try:
                return transaction()
            except TROUBLES as error:
                away = is_away(error)
                late = time.monotonic() - began > self.patience_s if away else turn >= TURNS
                if self._hurry.is_set() or late or not (away or is_in_the_way(error)):
                    raise
                log.warning("%s; trying again", _line(error))
            self._hurry.wait(min(0.05 * 2 ** min(turn, 10), LONGEST_WAIT_S) * random.uniform(0.5, 1.0))
        raise AssertionError

    def _serve(self) -> None:
        while (job := self._jobs.get()[2]) is not None:
            job()

    def hurry(self) -> None:
        """Wait for no store that is away any more, and begin no recording."""
        self._hurry.set()

    def close(self) -> None:
        """Finish what is queued and stop."""
        self.hurry()
        self._jobs.put((len(Rank), next(self._numbers), None))
        self._thread.join()


def _worked(work: Work[T], connection: Connection) -> T:
    """Do the work; whatever it stumbles over on a connection that was cut is the cut's doing."""
    try:
        return work(connection)
    except TROUBLES:
        raise
    except Exception as error:
        if connection.invalidated:
            raise Cut(f"the connection was cut: {error}") from error
        raise


def is_away(error: Trouble) -> bool:
    """Tell whether the store can't be reached now, or cut us off (and somebody went on as if it had not)."""
    if not isinstance(error, DBAPIError):
        return True
    state = _state(error)
    if state is not None:
        return state.startswith(GOING)
    if error.connection_invalidated:
        return True
    # Without a statement it failed before one: a pooled connection that was cut may not even say so when it is tried.
    return "sqlite" not in _driver(error) and (isinstance(error, OperationalError) or error.statement is None)


def is_in_the_way(error: Trouble) -> bool:
    """Tell whether another transaction was in the way: rolled back, ours may be run again."""
    if not isinstance(error, DBAPIError):
        return False
    return _state(error) in IN_THE_WAY or (_driver(error) == "sqlite3" and "locked" in str(error.orig))


def _line(error: Trouble) -> str:
    said = str(error.orig if isinstance(error, DBAPIError) else error)
    return said.strip().partition("\n")[0]


def _state(error: DBAPIError) -> str | None:
    state: Any = getattr(error.orig, "sqlstate", None)
    return state if isinstance(state, str) else None


def _driver(error: DBAPIError) -> str:
    return type(error.orig).__module__.partition(".")[0]
