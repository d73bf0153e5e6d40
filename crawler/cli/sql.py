"""`falsetto sql`: read the views, by typing, by pipe, with another tool, or as Parquet files."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy import Engine

    from crawler.analysts.shell import Shell


def sql(
    statement: Annotated[str, typer.Argument(help="One statement; without it, a shell, or what is piped in.")] = "",
    question: Annotated[str, typer.Option(help="Ask a worked question of docs/views.md by its name.")] = "",
    since: Annotated[str, typer.Option(help="The question's day, such as 2026-11-01.")] = "",
    format_: Annotated[str, typer.Option("--format", help="table, csv, jsonl")] = "table",
    with_: Annotated[
        str, typer.Option("--with", help="Print how psql, sqlite3, datasette or duckdb opens the store.")
    ] = "",
    parquet: Annotated[Path | None, typer.Option(help="Write the views as Parquet files into this folder.")] = None,
    view: Annotated[list[str] | None, typer.Option(help="With --parquet: only this view; may be repeated.")] = None,
    metadata: Annotated[bool, typer.Option("--metadata", help="Print what Datasette is told of the views.")] = False,
) -> None:
    r"""Read the analysts' views; nothing that is asked here can change the store.

    In the shell \d lists the views, \d VIEW their columns with what they mean, \ask the worked questions.

    Example: falsetto sql --question back-dated --since 2026-11-01 --format csv > back-dated.csv
    """
    from crawler.analysts import tools
    from crawler.analysts.shell import FORMATS, Shell
    from crawler.cli.faults import BadInput
    from crawler.cli.surroundings import prepared, reading
    from crawler.cli.terminal import plain, say

    if format_ not in FORMATS:
        raise BadInput(f"--format: {', '.join(FORMATS)} were expected, got {format_!r}")
    if with_ and with_ not in tools.TOOLS:
        raise BadInput(f"--with: {', '.join(tools.TOOLS)} were expected, got {with_!r}")
    settings = prepared()
    if with_:
        try:
            say(tools.command(with_, settings.database_url.get_secret_value()))
        except tools.OtherStore as fault:
            raise BadInput(str(fault)) from None
        return
    now = settings.clock().now
    asked = _asked(question, since, now().date()) if question else statement
    with reading(settings) as engine:
        if metadata:
            _metadata(engine)
        elif parquet is not None:
            _export(engine, parquet, view or [])
        else:
            _converse(Shell(engine, say, plain, format_, lambda: now().date()), asked)


def _asked(question: str, since: str, today: "date") -> str:
    from datetime import date

    from crawler.cli.faults import BadInput
    from storage.views.questions import QUESTIONS

    if question not in QUESTIONS:
        raise BadInput(f"--question: {', '.join(QUESTIONS)} were expected, got {question!r}")
    try:
        day = date.fromisoformat(since) if since else None
    except ValueError:
        raise BadInput(f"--since: a day such as 2026-11-01 was expected, got {since!r}") from None
    return QUESTIONS[question].on(today, day)


def _converse(shell: "Shell", statement: str) -> None:
    import sys

    if statement:
        shell.ask(statement)
    elif sys.stdin.isatty():
        _typed(shell)
        return
    else:
        for line in sys.stdin:
            if not shell.hear(line):
                break
        shell.end()
    if shell.failed:
        raise typer.Exit(2)


def _typed(shell: "Shell") -> None:
    import contextlib

    with contextlib.suppress(ImportError):
        import readline  # noqa: F401  # lines can be edited and called back where the system has it
    shell.say("Read-only. A statement ends with a semicolon; \\? tells more.")
    while True:
        try:
            if not shell.hear(input("falsetto> " if not shell.said else "     ...> ")):
                return
        except EOFError:
            shell.say("")
            return
        except KeyboardInterrupt:
            shell.said = ""
            shell.say("")


def _export(engine: "Engine", folder: Path, views: list[str]) -> None:
    from crawler.analysts.parquet import SQL, export
    from crawler.cli.faults import BadInput
    from crawler.cli.terminal import plain, say
    from storage.views import NAMES

    for name in views:
        if name not in NAMES:
            raise BadInput(f"--view: one of {', '.join(NAMES)} was expected, got {name!r}")
    for name, rows in export(engine, folder, views or NAMES):
        say(f"{name}: {rows} rows")
    say(plain(f"DuckDB reads them: cd {folder} && duckdb -init {SQL}"))


def _metadata(engine: "Engine") -> None:
    import json
    from datetime import UTC, datetime
    from pathlib import Path

    from crawler.analysts.tools import metadata
    from crawler.cli.terminal import say
    from storage.views import NAMES, view_columns

    with engine.connect() as connection:
        columns = {name: view_columns(connection, name) for name in NAMES}
    today = datetime.now(UTC).date()
    say(json.dumps(metadata(Path(engine.url.database or "falsetto").stem, columns, today), indent=1))
