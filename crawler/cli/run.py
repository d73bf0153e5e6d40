"""`falsetto run`: the worker."""

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from sqlalchemy import Engine


def run(
    once: Annotated[bool, typer.Option("--once", help="Ask what is due now, and end.")] = False,
    until_idle: Annotated[
        bool, typer.Option("--until-idle", help="Go on until nothing is due that the budgets allow.")
    ] = False,
    platform: Annotated[list[str] | None, typer.Option("--platform", help="Only this platform (repeatable).")] = None,
    json_: Annotated[bool, typer.Option("--json", help="End with one JSON line of counts.")] = False,
) -> None:
    """Watch the enabled platforms for the roster's artists.

    Example: FALSETTO_PLATFORMS=deezer,musicbrainz FALSETTO_CONTACT=rights@label.example falsetto run --once
    """
    from signal import Signals

    from crawler.cli.faults import INTERRUPTED, MALFORMED
    from crawler.cli.progress import showing
    from crawler.cli.surroundings import enabled, prepared, store
    from crawler.cli.terminal import say, say_json
    from crawler.worker.running import run_worker
    from crawler.worker.worker import Plan

    settings = prepared()
    platforms = enabled(settings, platform or ())
    with store(settings) as engine, showing() as progress:
        _someone_is_watched(engine, Plan(once, until_idle).ends)
        summary = run_worker(settings, engine, platforms, Plan(once, until_idle), progress=progress)
    if json_:
        say_json([summary.as_row()])
    else:
        for line in summary.lines():
            say(line)
    if summary.stopped_by is Signals.SIGINT:
        raise typer.Exit(INTERRUPTED)
    if summary.faulty:
        raise typer.Exit(MALFORMED)


def _someone_is_watched(engine: "Engine", ends: bool) -> None:
    """A run that ends has nothing to do without a roster; one that stays waits for it."""
    import logging

    from crawler.cli.faults import CantRun
    from storage import roster

    with engine.connect() as connection:
        if roster.artist_count(connection):
            return
    if ends:
        raise CantRun("the roster is empty: nobody is watched; see falsetto roster import --help")
    logging.getLogger(__name__).warning("the roster is empty: waiting for falsetto roster import")
