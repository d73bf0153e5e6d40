"""Receivers of webhooks on loopback, which take, refuse, redirect, drip, or never answer."""

import asyncio
import contextlib
import threading
from collections.abc import Iterator

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from tests import served


class Receiver:
    """One endpoint; `behaviour` is what it does with the next message."""

    def __init__(self) -> None:
        self.behaviour, self.url = "200", ""
        self.got, self.refused = [], []  # (headers, body) of what was taken, and of what was not
        self._lock = threading.Lock()

    async def hook(self, request: Request) -> Response:
        kept = (dict(request.headers), (await request.body()).decode())
        if self.behaviour == "200":
            with self._lock:
                self.got.append(kept)
            return Response(status_code=204)
        with self._lock:
            self.refused.append(kept)
        if self.behaviour == "redirect":
            return RedirectResponse("/elsewhere", 307)
        if self.behaviour == "drip":
            return StreamingResponse(self._drip(), 200)
        if self.behaviour == "silence":
            await asyncio.sleep(5)
        return Response(status_code=int(self.behaviour) if self.behaviour.isdecimal() else 500)

    async def elsewhere(self, request: Request) -> Response:
        raise AssertionError("a redirect was followed")

    async def _drip(self):
        for _ in range(40):
            yield b"."
            await asyncio.sleep(0.1)

    @property
    def ids(self) -> list[str]:
        return [headers["webhook-id"] for headers, _ in self.got]


@contextlib.contextmanager
def receiving(count: int = 1) -> Iterator[list[Receiver]]:
    """Serve some receivers."""
    several = [Receiver() for _ in range(count)]
    routes = [Route(f"/{n}", one.hook, methods=["POST"]) for n, one in enumerate(several)]
    routes.append(Route("/elsewhere", several[0].elsewhere, methods=["POST"]))
    with served.running(Starlette(routes=routes)) as url:
        for n, one in enumerate(several):
            one.url = f"{url}/{n}"
        yield several
