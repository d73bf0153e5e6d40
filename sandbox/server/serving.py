"""Starts a sandbox in this process."""

import json
import socket
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from sandbox.dialects.platforms import stand_ins
from sandbox.files.loaded import load_world
from sandbox.generate import GeneratedWorld
from sandbox.planted.programme import Staging
from sandbox.server.control import control
from sandbox.server.door import Door
from sandbox.server.faults import Faults
from sandbox.server.virtual_clock import ToldClock, VirtualClock
from sandbox.world import World

START = datetime(2026, 3, 2, tzinfo=UTC)
HOST = "127.0.0.1"


class Breakable(HttpToolsProtocol):
    """The usual protocol, but the application may break the connection."""

    def on_message_begin(self) -> None:
        """Put the transport where a fault can reach it."""
        super().on_message_begin()
        self.scope["sandbox.transport"] = self.transport  # type: ignore[typeddict-unknown-key]


def build(
    world: World,
    clock: VirtualClock,
    faults: Mapping[str, object],
    capability: str,
    country: str,
    about: dict[str, Any],
) -> Door:
    """Put platforms, limits, faults and control together."""
    switches = Faults(int(about.get("seed") or 0))
    switches.set(faults)
    standing = stand_ins(world, capability, country)
    return Door(standing, clock, switches, control(world, clock, switches, standing, about))


def serve(
    seed: int = 7,
    scale: float = 1.0,
    lapse: float = 1.0,
    port: int = 0,
    world: Path | None = None,
    start: datetime | None = None,
    faults: Mapping[str, object] | None = None,
    capability: str = "development",
    country: str = "US",
    ready: Callable[[int], None] | None = None,
    staging: Staging | None = None,
    dial: Path | None = None,
) -> None:
    """Serve a generated or loaded world on loopback until interrupted; `ready` is told the port.

    With a dial, time stands still until somebody sets it.
    """
    made: World = load_world(world) if world else GeneratedWorld(seed, scale, (start or START).timestamp(), staging)
    began = start or datetime.fromtimestamp(made.start, UTC)
    origin = {"world": world.name} if world else {"seed": seed, "scale": scale}
    about = {**origin, "capability": capability, "country": country, "start": began.isoformat()}
    clock = ToldClock(began, dial) if dial else VirtualClock(began, lapse)
    door = build(made, clock, faults or {}, capability, country, about)
    listener = socket.create_server((HOST, port), backlog=512)
    (ready or announce)(listener.getsockname()[1])
    sys.stdout.flush()
    config = uvicorn.Config(
        door, http=Breakable, lifespan="off", access_log=False, log_level="warning", server_header=False,
        date_header=True, timeout_graceful_shutdown=1,
    )  # fmt: skip
    uvicorn.Server(config).run(sockets=[listener])


def announce(port: int) -> None:
    """Say the port in one JSON line."""
    sys.stdout.write(json.dumps({"port": port, "url": f"http://{HOST}:{port}"}) + "\n")
