"""`falsetto roster`: the monitored artists."""

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(help="The monitored artists and their official profiles.", no_args_is_help=True)


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="A CSV or JSON file.")],
    replace: Annotated[
        bool, typer.Option("--replace", help="The file is the whole roster: stop watching whom it leaves out.")
    ] = False,
    encoding: Annotated[str | None, typer.Option(help="How its text is written, where the file doesn't tell.")] = None,
) -> None:
    """Import a roster; importing twice changes nothing, and a file with a bad row is not imported at all.

    The CSV header is name,aliases,mbid,labels,isrc_prefixes,<platform>...; several values are separated by `|`.
    Profiles are ids or the addresses of artist pages; one that belongs to several artists is joint:<profile>.
    Cells replace what the roster said there before; empty cells change nothing.

    Example: falsetto roster import roster.csv
    """
    from datetime import UTC, datetime

    from crawler.cli.surroundings import prepared, store
    from crawler.cli.terminal import plain, say
    from crawler.roster.file import read_roster
    from crawler.roster.importing import NAMED, keep
    from storage.database import writing
    from storage.facts import roll

    rows = read_roster(file, encoding)
    with store(prepared()) as engine, writing(engine) as connection:
        done = keep(connection, rows, datetime.now(UTC), replace=replace)
        stays = roll.stays(connection, done.stopped) if done.stopped else None
    say(f"{done.artists} artists: {done.added} added, {done.changed} changed, {done.profiles} profiles changed")
    for note in done.notes:
        say(plain(note))
    if done.left_out:
        names = ", ".join(repr(name) for name in done.left_out[:NAMED])
        more = f" and {len(done.left_out) - NAMED} more" if len(done.left_out) > NAMED else ""
        watched = "watched no longer" if replace else "left out of the file and still watched"
        say(plain(f"{len(done.left_out)} artists are {watched}: {names}{more}"))
    if stays is not None:
        say(stays.line())


@app.command()
def remove(
    name: Annotated[str, typer.Argument(help="The artist's name, key or MBID; see falsetto roster list --json.")],
) -> None:
    """Stop watching an artist, and say what stays: pages, cases and verdicts are kept.

    Example: falsetto roster remove "Ada Quill"
    """
    from datetime import UTC, datetime

    from crawler.cli.surroundings import prepared, store
    from crawler.cli.terminal import plain, say
    from crawler.roster import importing
    from crawler.roster.choosing import the_artist
    from storage.database import writing
    from storage.facts import roll

    with store(prepared()) as engine, writing(engine) as connection:
        artist = the_artist(connection, name)
        importing.remove(connection, [artist], datetime.now(UTC))
        stays = roll.stays(connection, [artist.id])
    say(plain(f"{artist.name!r} is watched no longer"))
    say(stays.line())


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
        say(plain(f"{row['name']}{also}{'' if row['watched'] else '; watched no longer'}"))
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
