"""Serves the stand-in detection systems on loopback, from a thread of the process that asks for it."""

import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import uvicorn
from starlette.applications import Starlette

from sandbox.detectors.earmark import Earmark
from sandbox.detectors.hearsay import Hearsay
from sandbox.detectors.longear import Longear

HOST = "127.0.0.1"
PATIENCE_S = 30.0


@dataclass(frozen=True)
class Detectors:
    """The services that run, and where."""

    url: str
    earmark: Earmark
    longear: Longear
    hearsay: Hearsay


@contextmanager
def running(truth: Mapping[str, Any] | None = None) -> Iterator[Detectors]:
    """Serve until left."""
    earmark, longear, hearsay = Earmark(), Longear(), Hearsay(truth or {})
    app = Starlette(routes=[*earmark.routes, *longear.routes, *hearsay.routes])
    listener = socket.create_server((HOST, 0), backlog=512)
    server = uvicorn.Server(uvicorn.Config(app, lifespan="off", access_log=False, log_config=None))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    try:
        yield Detectors(f"http://{HOST}:{listener.getsockname()[1]}", earmark, longear, hearsay)
    finally:
        server.should_exit = True
        thread.join(PATIENCE_S)
        listener.close()
