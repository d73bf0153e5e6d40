"""The command line: one file a command, imported lightly so that `falsetto --help` is quick.

Every fault is one clear line on standard error and an exit code of crawler/cli/faults.py, the same for all commands.
"""

import gc
import os
import sys
from typing import Annotated

import typer
from typer.exceptions import TyperException

from crawler.cli import alerts, cases, claims, db, detect, feed, keys, platforms, roster
from crawler.cli.census import census
from crawler.cli.demo import demo
from crawler.cli.digest import digest
from crawler.cli.faults import BAD_INPUT, CANT_RUN, INTERRUPTED, fault_line, usage_line
from crawler.cli.plan import plan
from crawler.cli.run import run
from crawler.cli.sandbox import sandbox
from crawler.cli.scan import scan
from crawler.cli.score import score
from crawler.cli.selftest import selftest
from crawler.cli.serve import serve
from crawler.cli.sql import sql
from crawler.cli.status import status

app = typer.Typer(
    name="falsetto",
    help="Finds music on streaming platforms that carries an artist's name without the artist.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for command in (demo, scan, run, status, plan, census, digest, score, selftest, serve, sql, sandbox):
    app.command()(command)
app.add_typer(roster.app, name="roster")
app.add_typer(platforms.app, name="platforms")
app.add_typer(claims.app, name="claims")
app.add_typer(cases.app, name="cases")
app.add_typer(alerts.app, name="alerts")
app.add_typer(feed.app, name="feed")
app.add_typer(detect.app, name="detect")
app.add_typer(keys.app, name="keys")
app.add_typer(db.app, name="db")


def _tell_version(wanted: bool) -> None:
    if not wanted:
        return
    from importlib.metadata import PackageNotFoundError, version

    from crawler.cli.terminal import say

    try:
        say(f"falsetto {version('falsetto-crawler')}")
    except PackageNotFoundError:
        say("falsetto, run from a checkout that is not installed")
    raise typer.Exit


@app.callback()
def _falsetto(
    version: Annotated[
        bool, typer.Option("--version", is_eager=True, callback=_tell_version, help="Say which version this is.")
    ] = False,
) -> None:
    """Find music on streaming platforms that carries an artist's name without the artist."""


def main() -> None:
    """Run the command line; a fault is one line and an exit code, never a traceback."""
    code = _code()
    # All is written and closed by now. The interpreter's last collections would go through every object that a worker
    # ever made: nearly a second of a core between a signal and the end.
    gc.freeze()
    sys.exit(code)


def _code() -> int:
    try:
        code = app(prog_name="falsetto", standalone_mode=False)
        sys.stdout.flush()
        return code if isinstance(code, int) else 0
    except BrokenPipeError:
        _close(sys.stdout)  # the reader of our output went away
        return 0
    except (KeyboardInterrupt, typer.Abort):
        return INTERRUPTED
    except TyperException as fault:
        if type(fault).__name__ == "NoArgsIsHelpError":  # a private class, and the help is all it says
            sys.stderr.write(f"{fault}\n")
        else:
            sys.stderr.write(f"falsetto: {usage_line(fault)}\n")
        return BAD_INPUT
    except Exception as fault:  # whatever it is, a person reads one line
        import logging

        logging.getLogger(__name__).debug("the command failed", exc_info=fault)
        line, code = fault_line(fault)
        sys.stderr.write(f"falsetto: {line}\n")
        if isinstance(fault, OSError):
            _close(sys.stdout)  # what can't be written must not fail again at the end
        return code or CANT_RUN


def _close(stream: object) -> None:
    """Point a stream that can't be written at nothing, so that the interpreter's last flush is quiet."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())  # type: ignore[attr-defined]
    except (OSError, ValueError, AttributeError):
        return
