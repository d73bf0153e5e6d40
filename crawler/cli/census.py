"""`falsetto census`: what already stands on the pages, most unlike first."""

from typing import Annotated

import typer

from crawler.cli.faults import LARGEST


def census(
    artist: Annotated[str | None, typer.Option(help="Only this monitored artist.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=LARGEST, help="At most so many.")] = 30,
    open_: Annotated[
        int | None, typer.Option("--open", min=1, max=LARGEST, help="Open a case on this place of the artist's list.")
    ] = None,
    json_: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """List what stood on and near the artists' pages at the first whole look, most unlike the rest first.

    Example: falsetto census --artist "Ada Quill"
    """
    import json

    from crawler.cli.faults import BadInput
    from crawler.cli.surroundings import prepared, reading
    from crawler.cli.terminal import plain, say, say_json
    from storage import censuses

    if open_ is not None:
        if artist is None:
            raise BadInput("--open needs --artist: it is a place of that artist's list")
        _open(artist, open_)
        return
    with reading(prepared()) as engine, engine.connect() as connection:
        rows = censuses.listed(connection, artist, limit)
    if json_:
        say_json([{**row, "evidence": json.loads(row["evidence"])} for row in rows])
        return
    for row in rows:
        case = f" [case {row['case_id']}, {row['status']}]" if row["case_id"] else ""
        say(plain(f"{row['place']:>3}. {row['bits']:+7.2f}  {row['artist']}: {row['title']} ({row['kind']}){case}"))
        fired = [part for part in json.loads(row["evidence"]) if part["state"] == "fired" and part["signal"] != "prior"]
        for part in sorted(fired, key=lambda part: -part["bits"])[:2]:
            if part["bits"] > 0:
                say(plain(f"        {part['bits']:+6.2f}  {part['reason']} {part['because']}"))
    if not rows:
        say("no census yet: it is taken when a page was first seen whole")


def _open(artist: str, place: int) -> None:
    from datetime import UTC, datetime

    from crawler.cli.faults import BadInput
    from crawler.cli.surroundings import prepared, store
    from crawler.cli.terminal import say
    from crawler.journey.census import open_case
    from storage import censuses, outbox
    from storage.database import writing

    with store(prepared()) as engine:
        with writing(engine) as connection:
            found = [row for row in censuses.listed(connection, artist) if row["place"] == place]
            if not found:
                raise BadInput(f"the census of {artist!r} has no place {place}")
            row = found[0]
            case_id = open_case(connection, row["artist_id"], row["group_id"], row["kind"], datetime.now(UTC))
        with writing(engine) as connection:
            outbox.sequence(connection)
    say(f"case {case_id} is open: falsetto cases show {case_id}")
