"""What every page of one console shares: the store, the clock, the signer, who looks at what."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Generic, TypeVar

from fastapi import Depends, Request
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from crawler.console.presence import Presence
from storage.console.figures import Figures, figures
from storage.console.lanes import Frontier, frontier

KEPT_S, DAYS = 60.0, 28
T = TypeVar("T")


class Kept(Generic[T]):
    """What is counted over the whole store, kept for a minute."""

    def __init__(self, engine: Engine, name: str, count: Callable[[Connection], T]) -> None:
        """Count nothing yet."""
        self.engine, self.name, self.count = engine, name, count
        self.value: T | None = None
        self.counted_at = 0.0
        self.lock = threading.Lock()

    def told(self) -> T:
        """Return what was counted before at once, while it is counted anew beside it; only the first waits."""
        with self.lock:
            if self.value is None:
                self._count()
            elif time.monotonic() - self.counted_at > KEPT_S:
                self.counted_at = time.monotonic()
                threading.Thread(target=self._count, daemon=True, name=self.name).start()
            assert self.value is not None
            return self.value

    def _count(self) -> None:
        with self.engine.connect() as connection:
            self.value, self.counted_at = self.count(connection), time.monotonic()


@dataclass(slots=True)
class Desk:
    """One console over one store."""

    engine: Engine
    signer: URLSafeTimedSerializer
    now: Callable[[], datetime]
    cover_hosts: tuple[str, ...] = ()
    alerts: float = 1.0
    tls: bool = False
    presence: Presence = field(default_factory=Presence)
    figures: Kept[Figures] = field(init=False)
    frontier: Kept[Frontier] = field(init=False)

    def __post_init__(self) -> None:
        """Prepare what is counted once a minute."""
        self.figures = Kept(self.engine, "figures", lambda connection: figures(connection, self.now(), DAYS))
        self.frontier = Kept(self.engine, "frontier", lambda connection: frontier(connection, self.now()))

    def behind_tls(self, request: Request) -> bool:
        """Tell whether the cookie must only travel encrypted."""
        return self.tls or request.url.scheme == "https"

    def prepare(self) -> None:
        """Count what is kept before anybody waits for it; a store that fails now is told by the page that needs it."""
        with suppress(DBAPIError):
            self.figures.told()
            self.frontier.told()


def desk_of(request: Request) -> Desk:
    """Return the console that a request came to."""
    desk = request.app.state.desk
    assert isinstance(desk, Desk)
    return desk


def _connection(request: Request) -> Iterator[Connection]:
    with desk_of(request).engine.connect() as connection:
        yield connection


Reading = Annotated[Connection, Depends(_connection)]
