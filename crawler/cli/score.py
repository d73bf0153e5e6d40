"""`falsetto score`: how much given names or titles resemble the artists of a roster."""

from pathlib import Path
from typing import Annotated, Literal

import typer


def score(
    roster: Annotated[Path, typer.Option(help="The roster: a CSV or JSON file as for `falsetto roster import`.")],
    file: Annotated[Path, typer.Argument(help="Names or titles, one a line; - is standard input.")] = Path("-"),
    kind: Annotated[Literal["credit", "name", "title"], typer.Option(help="What the lines are.")] = "credit",
    alarms: Annotated[
        float, typer.Option(min=0, help="False alarms that a name may raise among 100,000 lines; as the crawler, 0.1.")
    ] = 0.1,
    least: Annotated[
        float | None, typer.Option(min=0, max=1, help="Tell from this score on instead; 0 tells everything.")
    ] = None,
) -> None:
    """Say for each line which roster artists it resembles, how, and how loud that is: one JSON line each.

    What is told is what the crawler tells: kinds, edits, bits (how far an imitation explains the line better than
    chance does, in doublings) and chance (how many of 100,000 unrelated lines would be as loud with one name).

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
        score_lines(index, sys.stdin.buffer, sink, kind=kind, least=least, alarms=alarms)
        return
    try:
        with file.open("rb") as source:
            score_lines(index, source, sink, kind=kind, least=least, alarms=alarms)
    except OSError as fault:
        raise BadInput(f"{file} can't be read: {fault.strerror}") from fault
