"""`falsetto score`: how much given names or titles resemble the artists of a roster."""

from pathlib import Path
from typing import Annotated, Literal

import typer


def score(
    roster: Annotated[Path, typer.Option(help="The roster: a CSV or JSON file as for `falsetto roster import`.")],
    file: Annotated[Path, typer.Argument(help="Names or titles, one a line; - is standard input.")] = Path("-"),
    kind: Annotated[Literal["credit", "name", "title"], typer.Option(help="What the lines are.")] = "credit",
    least: Annotated[float, typer.Option(min=0, max=1, help="The least score that is told.")] = 0.002,
) -> None:
    """Say for each line which roster artists it resembles, how, and how probably it imitates them: one JSON line each.

    Example: falsetto score --roster roster.csv names.txt
    """
    import sys

    from crawler.cli.faults import BadInput
    from crawler.resemblance import RosterName, build_index
    from crawler.resemblance.stream import score_lines
    from crawler.roster.file import read_roster

    artists = read_roster(roster)
    index = build_index(RosterName(artist.name, artist.name, artist.aliases, artist.weight) for artist in artists)
    sink = sys.stdout.buffer
    if str(file) == "-":
        score_lines(index, sys.stdin.buffer, sink, kind=kind, least=least)
        return
    try:
        with file.open("rb") as source:
            score_lines(index, source, sink, kind=kind, least=least)
    except OSError as fault:
        raise BadInput(f"{file} can't be read: {fault.strerror}") from fault
