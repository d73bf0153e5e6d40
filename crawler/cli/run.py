"""`falsetto run`: the worker."""

from typing import Annotated

import typer


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

    from crawler.cli.faults import INTERRUPTED, MALFORMED, BadInput
    from crawler.cli.progress import showing
    from crawler.cli.surroundings import enabled, prepared, store
    from crawler.cli.terminal import say, say_json
    from crawler.worker.worker import Plan, run_worker
    from storage import roster

    settings = prepared()
    platforms = enabled(settings, platform or ())
    with store(settings) as engine, showing() as progress:
        with engine.connect() as connection:
            empty = roster.artist_count(connection) == 0
        if empty and (once or until_idle):  # a worker that goes on may wait for a roster
            raise BadInput("the roster is empty: nobody is monitored; see falsetto roster import --help")
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
