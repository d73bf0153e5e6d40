"""`falsetto roster`: the monitored artists."""

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(help="The monitored artists and their official profiles.", no_args_is_help=True)


@app.command("import")
def import_(file: Annotated[Path, typer.Argument(help="A CSV or JSON file.")]) -> None:
    """Import a roster; importing twice changes nothing, and a file with a bad row is not imported at all.

    The CSV header is name,aliases,mbid,labels,isrc_prefixes,<platform>...; several values are separated by `|`.

    Example: falsetto roster import roster.csv
    """
    from datetime import UTC, datetime

    from crawler.cli.surroundings import prepared, store
    from crawler.cli.terminal import say
    from crawler.roster.file import read_roster
    from crawler.roster.importing import keep
    from storage.database import writing

    rows = read_roster(file)
    with store(prepared()) as engine, writing(engine) as connection:
        done = keep(connection, rows, datetime.now(UTC))
    say(f"{done.artists} artists: {done.added} added, {done.changed} changed, {done.profiles} profiles changed")


@app.command("list")
def list_(json_: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False) -> None:
    """List the monitored artists and whose profiles are whose.

    Example: falsetto roster list
    """
    from crawler.cli.surroundings import prepared, reading
    from crawler.cli.terminal import plain, say, say_json
    from storage.facts import reports

    with reading(prepared()) as engine, engine.connect() as connection:
        rows = list(reports.roster(connection))
    if json_:
        say_json(rows)
        return
    for row in rows:
        also = f" ({', '.join(row['aliases'])})" if row["aliases"] else ""
        say(plain(f"{row['name']}{also}"))
        for page in row["profiles"]:
            say(plain(f"    {page['standing']:<9} {page['platform']} {page['id']} by {page['authority']}"))
    if not rows:
        say("the roster is empty; see falsetto roster import --help")


@app.command()
def resolve(
    json_: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """Find official profiles: MusicBrainz links first, then name-search hits as proposals, never as facts.

    Example: FALSETTO_PLATFORMS=musicbrainz,deezer falsetto roster resolve
    """
    from crawler.cli.progress import showing
    from crawler.cli.surroundings import enabled, prepared, store
    from crawler.cli.terminal import plain, say, say_json
    from crawler.roster.resolve import resolve as resolved
    from crawler.worker.worker import in_reactor

    settings = prepared()
    platforms = enabled(settings)
    with store(settings) as engine, showing("resolving") as progress:
        rows = in_reactor(lambda stops: resolved(settings, engine, platforms, stops, progress))
    if json_:
        say_json(rows)
        return
    for row in rows:
        say(
            plain(
                f"{row['standing']:<9} {row['artist']}: {row['platform']} {row['id']} {row['name']} ({row['reason']})"
            )
        )
    say(f"{len(rows)} profiles found or proposed")
