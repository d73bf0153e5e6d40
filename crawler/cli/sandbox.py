"""`falsetto sandbox`: the stand-in platforms, until Ctrl-C."""

from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class Capability(StrEnum):
    """Spotify's two kinds of app."""

    DEVELOPMENT = "development"
    EXTENDED = "extended"


def sandbox(
    seed: Annotated[int, typer.Option(help="Which world.")] = 7,
    scale: Annotated[
        float, typer.Option(min=0.02, max=400, help="How large a world: 1 is 50 monitored artists.")
    ] = 1.0,
    world: Annotated[Path | None, typer.Option(help="A world file instead of a generated world.")] = None,
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes a free one.")] = 8765,
    lapse: Annotated[float, typer.Option(min=0.001, help="Virtual seconds in a real one; limits scale with it.")] = 1.0,
    start: Annotated[datetime | None, typer.Option(help="The virtual date at which the world starts.")] = None,
    capability: Annotated[Capability, typer.Option(help="The kind of Spotify app.")] = Capability.DEVELOPMENT,
    country: Annotated[str, typer.Option(help="The country from which Deezer sees the caller.")] = "US",
    export: Annotated[Path | None, typer.Option(help="Write the generated world to this file and stop.")] = None,
) -> None:
    """Serve stand-in platforms on loopback, all showing one synthetic world; Ctrl-C ends it.

    Example: falsetto sandbox --seed 7 --scale 0.2
    """
    from crawler.cli.faults import BadInput
    from crawler.cli.terminal import say
    from sandbox.files.export import export_world
    from sandbox.files.worldfile import BadWorld
    from sandbox.generate import GeneratedWorld
    from sandbox.server.serving import START, serve

    began = start.replace(tzinfo=UTC) if start and not start.tzinfo else start
    try:
        if export:
            export_world(GeneratedWorld(seed, scale, (began or START).timestamp()), export)
            say(f"written: {export}")
        else:
            serve(seed, scale, lapse, port, world, began, None, capability.value, country, ready=tell_addresses)
    except (BadWorld, ValueError, OSError) as fault:
        raise BadInput(str(fault)) from None


def tell_addresses(port: int) -> None:
    """Say where the platforms are and how a crawler is pointed at them."""
    from crawler.cli.terminal import say
    from sandbox.world import PLATFORMS

    say(f"sandbox on http://127.0.0.1:{port}, control below /_sandbox, roster at /_sandbox/roster.csv")
    for platform in PLATFORMS:
        say(f"  export FALSETTO_{platform.upper()}_BASE_URL=http://127.0.0.1:{port}/{platform}")
