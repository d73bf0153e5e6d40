"""`falsetto feed`: candidates out."""

from pathlib import Path
from typing import Annotated

import typer

from crawler.cli import endpoints
from crawler.cli.faults import LARGEST

app = typer.Typer(help="Candidates for detection systems.", no_args_is_help=True)


app.add_typer(endpoints.app, name="endpoints")


@app.command()
def deliver(
    until_empty: Annotated[
        bool, typer.Option("--until-empty", help="Try what is due now, and end; else until it is stopped.")
    ] = False,
) -> None:
    """Push candidates to the endpoints. `falsetto run` does so too, when FALSETTO_SIGNING_KEY is set.

    Example: falsetto feed deliver
    """
    import asyncio
    import signal
    from datetime import UTC, datetime

    from crawler.cli.faults import CantRun
    from crawler.cli.surroundings import prepared, store
    from crawler.cli.terminal import say
    from crawler.feed.push.deliverer import Deliverer, Terms, in_threads

    settings = prepared()
    terms = Terms.of(settings)
    if not terms.signing_key:
        raise CantRun("FALSETTO_SIGNING_KEY is empty: what is pushed must be signed")

    async def work() -> int:
        deliverer = Deliverer(in_threads(engine), lambda: datetime.now(UTC), terms)
        if until_empty:
            try:
                return await deliverer.once()
            finally:
                await deliverer.close()
        stopping = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, stopping.set)
        await deliverer.run(stopping)
        return 0

    with store(settings) as engine:
        tries = asyncio.run(work())
    if until_empty:
        say(f"{tries} tries")


@app.command()
def export(
    format_: Annotated[
        str, typer.Option("--format", help="jsonl: a whole document a line; csv, parquet: a flat row each")
    ] = "jsonl",
    since: Annotated[int, typer.Option(min=0, max=LARGEST, help="Only what was written after this cursor.")] = 0,
    limit: Annotated[int | None, typer.Option(min=1, max=LARGEST, help="At most so many.")] = None,
    out: Annotated[Path | None, typer.Option(help="The file to write; else to standard output.")] = None,
) -> None:
    """Write every new or changed case, oldest first, in constant memory.

    Each line of jsonl is {"cursor": N, "candidate": {...}}; hand the last cursor to --since next time. The documents
    follow docs/candidate.schema.json. In CSV, what a spreadsheet would run as a formula begins with an apostrophe.

    Example: falsetto feed export --format jsonl --since 1204 > candidates.jsonl
    """
    import sys
    from contextlib import nullcontext

    from crawler.cli.faults import BadInput
    from crawler.cli.surroundings import prepared, reading
    from crawler.feed import files
    from storage import outbox

    if format_ not in files.FORMATS:
        raise BadInput(f"--format: {', '.join(files.FORMATS)} were expected, got {format_!r}")
    with reading(prepared()) as engine, engine.connect() as connection:
        told = outbox.since(connection, since, limit)
        if format_ == "parquet":
            with out.open("wb") if out is not None else nullcontext(sys.stdout.buffer) as sink:
                files.write_parquet(told, sink)
            return
        write = files.write_csv if format_ == "csv" else files.write_lines
        with out.open("w", encoding="utf-8", newline="") if out is not None else nullcontext(sys.stdout) as stream:
            write(told, stream)
