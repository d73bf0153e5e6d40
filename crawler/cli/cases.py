"""`falsetto cases`: review from the terminal."""

from typing import Annotated

import typer

app = typer.Typer(help="Review cases: list them, read one with its evidence, decide it for good.", no_args_is_help=True)

LARGEST = 2**63 - 1  # that a store can number
DECISIONS = ("impersonation", "legitimate", "namesake", "unsure")


@app.command("list")
def list_(
    status: Annotated[str, typer.Option(help="open, decided or all")] = "open",
    artist: Annotated[str | None, typer.Option(help="Only this monitored artist.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=LARGEST, help="At most so many.")] = 50,
    json_: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """List cases, the most suspicious first.

    Example: falsetto cases list --status open --limit 20
    """
    from crawler.cli.faults import BadInput
    from crawler.cli.surroundings import prepared, reading
    from crawler.cli.terminal import say, say_json
    from storage.facts import reports

    if status not in ("open", "decided", "all"):
        raise BadInput(f"--status: open, decided or all was expected, got {status!r}")
    with reading(prepared()) as engine, engine.connect() as connection:
        wanted = None if status == "all" else status
        rows = list(reports.cases(connection, status=wanted, artist_name=artist, limit=limit))
    if json_:
        say_json(rows)
        return
    for row in rows:
        say(case_line(row))
    if not rows:
        say("no such case")


def case_line(row: dict[str, object]) -> str:
    """Show one case in one line."""
    from crawler.cli.terminal import plain

    what = (
        f"{row['release']!s} on the page of {row['profile']!s}" if row["release_id"] else f"profile {row['profile']!s}"
    )
    verdict = f" [{row['decision']} by {row['authority']}]" if row["decision"] else ""
    score = f"{row['score_low']:.2f}-{row['score_high']:.2f}"
    return plain(f"{row['id']:>5}  {score}  {row['artist']}: {what} ({row['platform']}, {row['kind']}){verdict}")


@app.command()
def show(
    case_id: Annotated[int, typer.Argument(help="A case's number.")],
    json_: Annotated[bool, typer.Option("--json", help="The candidate document.")] = False,
) -> None:
    """Show one case with every signal and the values it quotes.

    Example: falsetto cases show 17
    """
    from datetime import UTC, datetime

    from crawler.cli.surroundings import prepared, reading
    from crawler.cli.terminal import plain, say
    from crawler.feed.candidates import candidate
    from storage.facts.case_file import case_file

    _numbered(case_id)
    with reading(prepared()) as engine, engine.connect() as connection:
        document = candidate(case_file(connection, case_id), "changed", f"shown-{case_id}", datetime.now(UTC))
    if json_:
        say(document.model_dump_json())
        return
    say(plain(f"case {case_id} ({document.status}): {document.statement}"))
    say(f"score {document.score_low:.2f} to {document.score_high:.2f}, rules {document.rule_version}")
    say(plain(f"profile: {document.profile.name} {document.profile.url or document.profile.id}"))
    if (release := document.release) is not None:
        say(plain(f"release: {release.title} {release.url or release.id}, dated {release.date}, UPC {release.upc}"))
        for text in [*release.lines, *(f"credit: {credit}" for credit in release.credits)]:
            say(plain(f"  {text}"))
    for signal in document.signals:
        say(plain(f"  {signal.state:<5} {signal.strength:.2f}  {signal.reason} {signal.because}"))
    if document.verdict is not None:
        verdict = document.verdict
        say(plain(f"verdict: {verdict.decision} by {verdict.authority}, {verdict.decided_at:%Y-%m-%d}: {verdict.note}"))


@app.command()
def verdict(
    case_id: Annotated[int, typer.Argument(help="A case's number.")],
    decision: Annotated[str, typer.Argument(help="impersonation, legitimate, namesake or unsure")],
    by: Annotated[str, typer.Option("--by", help="Who decides.")],
    note: Annotated[str, typer.Option(help="Why.")] = "",
) -> None:
    """Decide a case. A later verdict supersedes this one; nothing the crawler does can.

    Example: falsetto cases verdict 17 impersonation --by ana@label.example --note "not in our catalogue"
    """
    from datetime import UTC, datetime

    from crawler.cli.faults import BadInput
    from crawler.cli.surroundings import prepared, store
    from crawler.cli.terminal import say
    from crawler.verdicts import decide
    from storage import outbox
    from storage.database import writing

    if decision not in DECISIONS:
        raise BadInput(f"unknown decision {decision!r}; known: {', '.join(DECISIONS)}")
    if not by.strip():
        raise BadInput("--by: a verdict needs somebody who gives it")
    _numbered(case_id)
    with store(prepared()) as engine:
        with writing(engine) as connection:
            decide(connection, case_id, decision, by.strip(), note, datetime.now(UTC))
        with writing(engine) as connection:
            outbox.sequence(connection)
    say(f"case {case_id}: {decision}")


def _numbered(case_id: int) -> None:
    from storage.cases import NoSuchCase

    if not 0 < case_id <= LARGEST:
        raise NoSuchCase(f"there is no case {case_id}")
