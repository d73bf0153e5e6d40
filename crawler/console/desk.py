"""What every page of one console shares: the store, the clock, the signer, who looks at what."""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import Connection, Engine

from crawler.console.presence import Presence
from storage.console.figures import Figures

KEPT_S = 60.0


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
    figures: Figures | None = None
    figures_at: float = 0.0
    counting: threading.Lock = field(default_factory=threading.Lock)

    def behind_tls(self, request: Request) -> bool:
        """Tell whether the cookie must only travel encrypted."""
        return self.tls or request.url.scheme == "https"

    def counted(self, count: Callable[[Connection], Figures]) -> Figures:
        """Return the overview's figures: those of before at once, while they are counted anew beside it."""
        with self.counting:
            if self.figures is None:
                self._count(count)
            elif time.monotonic() - self.figures_at > KEPT_S:
                self.figures_at = time.monotonic()
                threading.Thread(target=self._count, args=(count,), daemon=True, name="figures").start()
            assert self.figures is not None
            return self.figures

    def _count(self, count: Callable[[Connection], Figures]) -> None:
        with self.engine.connect() as connection:
            self.figures, self.figures_at = count(connection), time.monotonic()


def desk_of(request: Request) -> Desk:
    """Return the console that a request came to."""
    desk = request.app.state.desk
    assert isinstance(desk, Desk)
    return desk


def _connection(request: Request) -> Iterator[Connection]:
    with desk_of(request).engine.connect() as connection:
        yield connection


Reading = Annotated[Connection, Depends(_connection)]
