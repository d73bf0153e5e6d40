"""Serves an application on loopback, from a thread of the process that asks for it."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from starlette.types import ASGIApp

HOST = "127.0.0.1"
PATIENCE_S = 30.0


@contextmanager
def running(app: ASGIApp) -> Iterator[str]:
    """Serve until left, and say where."""
    listener = socket.create_server((HOST, 0), backlog=512)
    server = uvicorn.Server(uvicorn.Config(app, lifespan="off", access_log=False, log_config=None))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    try:
        yield f"http://{HOST}:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(PATIENCE_S)
        listener.close()
