"""`falsetto feed`: candidates out."""

from typing import Annotated

import typer

from crawler.cli.faults import LARGEST

app = typer.Typer(help="Candidates for detection systems.", no_args_is_help=True)


@app.callback()
def _feed() -> None:
    """Keep `export` a subcommand while it is the only one."""


@app.command()
def export(
    format_: Annotated[str, typer.Option("--format", help="jsonl: one candidate document a line")] = "jsonl",
    since: Annotated[int, typer.Option(min=0, max=LARGEST, help="Only what was written after this cursor.")] = 0,
    limit: Annotated[int | None, typer.Option(min=1, max=LARGEST, help="At most so many.")] = None,
) -> None:
    """Write every new or changed case as a self-contained document, oldest first.

    Each line is {"cursor": N, "candidate": {...}}; hand the last cursor to --since next time. The documents follow
    docs/candidate.schema.json.

    Example: falsetto feed export --format jsonl --since 1204 > candidates.jsonl
    """
    from crawler.cli.faults import BadInput
    from crawler.cli.surroundings import prepared, reading
    from crawler.cli.terminal import say
    from storage import outbox

    if format_ != "jsonl":
        raise BadInput(f"--format: jsonl was expected, got {format_!r}")
    with reading(prepared()) as engine, engine.connect() as connection:
        for cursor, document in outbox.since(connection, since, limit):
            say(f'{{"cursor":{cursor},"candidate":{document}}}')
