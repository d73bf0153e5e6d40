"""`falsetto claims`: what the rights holder says is theirs, and is not."""

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(help="What the rights holder says is theirs, and is not.", no_args_is_help=True)

RESERVED = ("roster", "musicbrainz", "wikidata", "evidence", "search")  # what Falsetto calls its own sources
Json = Annotated[bool, typer.Option("--json", help="One JSON object a line.")]
Artist = Annotated[str | None, typer.Option(help="Only this artist: a name, key or MBID.")]


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="A CSV or JSON file.")],
    by: Annotated[str, typer.Option("--by", help="Whose word this is.")] = "rights holder",
    artist: Annotated[str | None, typer.Option(help="Whom rows mean that name nobody.")] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="The file is all that this authority claims: withdraw the rest.")
    ] = False,
    encoding: Annotated[str | None, typer.Option(help="How its text is written, where the file doesn't tell.")] = None,
) -> None:
    """Import claims; importing twice changes nothing, and a file with a bad row is not imported at all.

    The columns are artist (name, key or MBID) or mbid; isrc, upc, release, label, isrc_prefix, profile, distributor;
    stance (ours or "not ours"); note. Several values are separated by `|`.

    Example: falsetto claims import catalogue.csv --by "Ninth Room"
    """
    from datetime import UTC, datetime

    from crawler.cli.faults import BadInput
    from crawler.cli.surroundings import prepared, store
    from crawler.cli.terminal import say
    from crawler.roster.choosing import the_artist
    from crawler.roster.claiming import import_claims
    from storage.normalize import clean_text

    by = by.strip()
    if not by or clean_text(by, 200)[1] or by in RESERVED:
        raise BadInput(f"--by: a name in plain text was expected, and none of {', '.join(RESERVED)}")
    with store(prepared()) as engine:
        if artist is not None:
            with engine.connect() as connection:
                artist = the_artist(connection, artist).key
        kept = import_claims(engine, file, by, datetime.now(UTC), encoding=encoding, artist=artist, replace=replace)
    say(f"{kept.read} claims: {kept.fresh} new or changed, {kept.turned} turned round, {kept.withdrawn} withdrawn")


@app.command("list")
def list_(
    artist: Artist = None,
    subject: Annotated[str | None, typer.Option(help="isrc, upc, release, label, isrc_prefix, profile, ...")] = None,
    stance: Annotated[str | None, typer.Option(help="ours or not_ours")] = None,
    by: Annotated[str | None, typer.Option("--by", help="Only this authority's.")] = None,
    json_: Json = False,
) -> None:
    """List the claims that stand, each with its authority, file and line.

    Example: falsetto claims list --artist "Ada Quill" --stance not_ours
    """
    from crawler.cli.faults import BadInput
    from crawler.cli.surroundings import prepared, reading
    from crawler.cli.terminal import plain, say, say_json
    from crawler.roster.choosing import the_artist
    from storage import claims

    if subject is not None and subject not in claims.SUBJECTS:
        raise BadInput(f"--subject: one of {', '.join(claims.SUBJECTS)} was expected, got {subject!r}")
    if stance is not None and stance not in claims.OPPOSITE:
        raise BadInput(f"--stance: one of {', '.join(claims.OPPOSITE)} was expected, got {stance!r}")
    with reading(prepared()) as engine, engine.connect() as connection:
        about = the_artist(connection, artist).id if artist is not None else None
        rows = claims.listed(connection, about, subject, stance, by)
        if json_:
            say_json(rows)
            return
        told = False
        for row in rows:
            told = True
            place = f"{row['source']}:{row['place']}" if row["source"] else "no file"
            said = f"{row['artist']}: {row['subject']} {row['value']} is {str(row['stance']).replace('_', ' ')}"
            say(plain(f"{said} by {row['authority']} ({place})"))
        if not told:
            say("nothing is claimed; see falsetto claims import --help")


@app.command()
def diff(artist: Artist = None, json_: Json = False) -> None:
    """Hold the claims against the official pages: what is there but not theirs, and what is theirs but not there.

    `refused` is claimed as not ours; `unclaimed` has codes of which none is claimed; `blind` told no code, so nobody
    can say; `missing` is claimed and was seen nowhere, with how much of the lists was seen. Guest parts are left out.

    Example: falsetto claims diff --artist "Ada Quill"
    """
    from dataclasses import asdict

    from crawler.cli.surroundings import prepared, reading
    from crawler.cli.terminal import plain, say, say_json
    from crawler.roster.choosing import the_artist
    from crawler.roster.claiming import differences
    from storage import claims
    from storage.facts.roll import roll

    counts: dict[str, int] = {}
    with reading(prepared()) as engine, engine.connect() as connection:
        if artist is not None:
            artists = [the_artist(connection, artist)]
        else:
            claimants = set(claims.claimants(connection))
            artists = [known for known in roll(connection) if known.id in claimants]
        found = differences(connection, artists)
        if json_:
            say_json(asdict(one) for one in found)
            return
        for one in found:
            counts[one.what] = counts.get(one.what, 0) + 1
            where = f"{one.platform} {one.release_id} {one.title}".strip() or ", ".join(one.codes)
            say(plain(f"{one.what:<9} {one.artist}: {where} ({one.because})"))
    if counts:
        say(", ".join(f"{number} {what}" for what, number in sorted(counts.items())))
    else:
        say("nothing differs" if artists else "no barcode, ISRC or release id is claimed for anybody")
