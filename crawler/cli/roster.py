"""`falsetto roster`: the monitored artists."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from crawler.settings import Settings

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
    accept: Annotated[
        float,
        typer.Option(min=1, max=1000, help="Bits of evidence from which a proposed page is taken for the artist's."),
    ] = 12.0,
    dump: Annotated[
        Path | None, typer.Option(help="MusicBrainz' JSON dump of artists: read instead of asking anybody.")
    ] = None,
    json_: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """Find official profiles: MusicBrainz links, then pages of that name that share the artist's releases.

    A page that shares barcodes, ISRCs, or most titles and days with the artist's known pages elsewhere is the artist's,
    if the evidence reaches --accept and no other page of that name comes near it; others stay proposals. With --dump
    the links come from a file (artist.tar.xz as MusicBrainz publishes it, or the lines in it): for large rosters.

    Example: FALSETTO_PLATFORMS=musicbrainz,deezer falsetto roster resolve
    """
    from crawler.cli.progress import showing
    from crawler.cli.surroundings import enabled, prepared, store
    from crawler.roster.resolve import resolve as resolved
    from crawler.worker.reactor import in_reactor

    settings = prepared()
    if dump is not None:
        _take_dump(settings, dump, json_=json_)
        return
    platforms = enabled(settings)
    with store(settings) as engine, showing("resolving") as progress:
        rows = in_reactor(lambda stops: resolved(settings, engine, platforms, stops, progress, least=accept))
    _say_pages(rows, json_=json_)


def _take_dump(settings: "Settings", file: Path, *, json_: bool) -> None:
    from crawler.cli.faults import MALFORMED
    from crawler.cli.surroundings import store
    from crawler.cli.terminal import plain, say
    from crawler.roster import dump
    from spiders.base.platform import platforms

    with store(settings) as engine:
        read = dump.take(engine, file, platforms(), settings.clock().now())
    for line in read.bad:
        sys.stderr.write(f"falsetto: {plain(line)}\n")
    _say_pages(read.new, json_=json_)
    if not json_:
        said = f", of {read.dated:%Y-%m-%d}" if read.dated else ""
        say(plain(f"{read.found} of {read.wanted} artists with an MBID stand in {file.name}{said}"))
    if read.bad:
        raise typer.Exit(MALFORMED)


def _say_pages(rows: list[dict[str, Any]], *, json_: bool) -> None:
    from crawler.cli.terminal import plain, say, say_json

    if json_:
        say_json(rows)
        return
    for row in rows:
        page = f"{row['platform']} {row['id']} {row['name']}"
        say(plain(f"{row['standing']:<9} {row['artist']}: {page} ({row['reason']})"))
    say(f"{len(rows)} profiles found or proposed")


Name = Annotated[str, typer.Argument(help="The artist's name, key or MBID.")]
Pages = Annotated[list[str], typer.Argument(help="Artist pages' addresses, or <platform>:<id>.")]
By = Annotated[str, typer.Option("--by", help="Who says so.")]


@app.command()
def confirm(
    name: Name,
    pages: Pages,
    by: By,
    joint: Annotated[bool, typer.Option("--joint", help="It is the page of several artists.")] = False,
) -> None:
    """Confirm that pages are an artist's; an open case about one is decided as legitimate.

    Example: falsetto roster confirm "Ada Quill" https://www.deezer.com/artist/4711 --by ana@label.example
    """
    _decide(name, pages, by, official=True, joint=joint)


@app.command()
def reject(name: Name, pages: Pages, by: By) -> None:
    """Say that pages are somebody else's; an open case about one is decided as a namesake.

    Example: falsetto roster reject "Ada Quill" deezer:4711 --by ana@label.example
    """
    _decide(name, pages, by, official=False)


def _decide(name: str, pages: list[str], by: str, official: bool, joint: bool = False) -> None:
    from datetime import UTC, datetime

    from crawler.cli.faults import BadInput
    from crawler.cli.surroundings import prepared, store
    from crawler.cli.terminal import plain, say
    from crawler.roster.choosing import the_artist
    from crawler.roster.deciding import Contested, decide, read_page
    from storage.database import writing

    if not by.strip():
        raise BadInput("--by: a decision needs somebody who makes it")
    try:
        read = [read_page(page) for page in pages]
        with store(prepared()) as engine, writing(engine) as connection:
            artist = the_artist(connection, name)
            changed = decide(connection, artist, read, official, by.strip(), datetime.now(UTC), joint=joint)
    except (ValueError, Contested) as fault:
        raise BadInput(str(fault)) from None
    word = "the artist's" if official else "somebody else's"
    said = ", ".join(f"{platform} {profile_id}" for platform, profile_id in read)
    say(plain(f"{artist.name!r}: {said}: {word} ({changed} changed)"))


@app.command()
def gaps(
    platform: Annotated[list[str] | None, typer.Option("--platform", help="Only this platform (repeatable).")] = None,
    json_: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """List where monitored artists have no official page, and what is proposed: nobody watches those pages today.

    Example: falsetto roster gaps --platform deezer
    """
    from dataclasses import asdict

    from crawler.cli.faults import BadInput
    from crawler.cli.surroundings import prepared, reading
    from crawler.cli.terminal import plain, say, say_json
    from spiders.base.platform import platform_names
    from storage.facts import discography

    settings = prepared()
    for name in platform or ():
        if name not in platform_names():
            raise BadInput(f"unknown platform {name!r}; known: {', '.join(platform_names())}")
    chosen = platform or list(settings.platforms) or platform_names()
    with reading(settings) as engine, engine.connect() as connection:
        found = discography.gaps(connection, chosen)
    if json_:
        say_json(asdict(gap) for gap in found)
        return
    for gap in found:
        say(plain(f"{gap.artist}: {gap.platform}: {'nothing proposed' if not gap.proposed else ''}".rstrip(": ")))
        for page in gap.proposed:
            say(plain(f"    proposed {gap.platform}:{page['id']} {page['name']} ({page['reason']})"))
    say(f"{len(found)} pages of monitored artists are not known")
