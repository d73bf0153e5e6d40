"""`falsetto selftest`: plants the golden scenarios in a sandbox and reports what was found."""

from pathlib import Path
from typing import Annotated

import typer


def selftest(
    scenarios: Annotated[str, typer.Option(help="Golden numbers or kinds, comma separated; empty: all.")] = "",
    seed: Annotated[int, typer.Option(help="Which world.")] = 19,
    days: Annotated[int, typer.Option(min=2, max=60, help="How many virtual days.")] = 16,
    scale: Annotated[float, typer.Option(min=0.02, max=4, help="How large a world: 1 is 50 monitored artists.")] = 1.0,
    json_: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """Plant the golden scenarios with their innocent twins in a sandbox, run everything, and report what was found.

    Example: falsetto selftest --scenarios G1,G7
    """
    import tempfile

    from crawler.cli.progress import showing
    from crawler.cli.surroundings import start_log
    from crawler.cli.terminal import plain, say, say_json
    from crawler.demo.selftest import run

    start_log("ERROR")
    wanted = tuple(one.strip() for one in scenarios.split(",") if one.strip())
    with tempfile.TemporaryDirectory() as folder, showing() as progress:
        rows = run(Path(folder), wanted, seed, days, scale, progress)
    if json_:
        say_json([row.as_row() for row in rows])
    else:
        for row in rows:
            say(plain(row.line()))
    missed = [row for row in rows if not row.right]
    if not json_:
        say(f"{len(rows) - len(missed)} of {len(rows)} as they should be")
    if missed:
        raise typer.Exit(1)
