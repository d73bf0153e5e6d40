"""The command line: one file a command, imported lightly so that `falsetto --help` is quick.

Exit codes: 0 done · 2 bad input or usage · 3 can't run (settings, store, platform) · 4 ran, but answers were malformed,
or a platform refused or never answered · 130 interrupted. Every fault is one clear line on standard error.
"""

import sys

import typer

from crawler.cli import cases, db, feed, platforms, roster
from crawler.cli.demo import demo
from crawler.cli.faults import CANT_RUN, fault_line
from crawler.cli.run import run
from crawler.cli.sandbox import sandbox
from crawler.cli.score import score
from crawler.cli.status import status

app = typer.Typer(
    name="falsetto",
    help="Finds music on streaming platforms that carries an artist's name without the artist.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for command in (demo, run, status, score, sandbox):
    app.command()(command)
app.add_typer(roster.app, name="roster")
app.add_typer(platforms.app, name="platforms")
app.add_typer(cases.app, name="cases")
app.add_typer(feed.app, name="feed")
app.add_typer(db.app, name="db")


def main() -> None:
    """Run the command line; a known fault is one line and an exit code, never a traceback."""
    try:
        app()
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        sys.stderr.close()  # the reader of our output went away
        sys.exit(0)
    except Exception as fault:
        line, code = fault_line(fault)
        if line is None:
            raise
        sys.stderr.write(f"falsetto: {line}\n")
        sys.exit(code or CANT_RUN)
