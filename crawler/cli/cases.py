"""`falsetto cases`: review from the terminal."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crawler.cli.faults import LARGEST

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from crawler.feed.document import Candidate
    from crawler.journey.rejudge import Order
    from crawler.settings import Settings

from crawler.cli.takedowns import answered, report, reported, reports

app = typer.Typer(help="Review cases: list them, read one with its evidence, decide it for good.", no_args_is_help=True)
for command in (report, reported, answered, reports):
    app.command()(command)

DECISIONS = ("impersonation", "legitimate", "namesake", "takedown", "unsure")
STATUSES = {
    "open": ("open", "watching", "returned"),
    "decided": ("confirmed", "cleared", "takedown_requested", "gone"),
    "all": (),
}


@app.command("list")
def list_(
    status: Annotated[str, typer.Option(help="open, decided, all, or one status")] = "open",
    artist: Annotated[str | None, typer.Option(help="Only this monitored artist.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=LARGEST, help="At most so many.")] = 50,
    after: Annotated[
        int | None, typer.Option(min=1, max=LARGEST, help="Go on after this case: the last of the page before.")
    ] = None,
    json_: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """List cases, the most suspicious first.

    Example: falsetto cases list --status open --limit 20
    """
    from crawler.cli.faults import BadInput
    from crawler.cli.surroundings import prepared, reading
    from crawler.cli.terminal import say, say_json
    from storage.facts import case_list

    known = {one for several in STATUSES.values() for one in several}
    if status not in STATUSES and status not in known:
        raise BadInput(f"--status: {', '.join([*STATUSES, *sorted(known - {'open'})])} were expected, got {status!r}")
    with reading(prepared()) as engine, engine.connect() as connection:
        wanted = STATUSES.get(status, (status,))
        rows = list(case_list.cases(connection, statuses=wanted, artist_name=artist, limit=limit, after=after))
    if json_:
        say_json(rows)
        return
    for row in rows:
        say(case_line(row))
    if not rows:
        say("no such case")


def case_line(row: dict[str, Any]) -> str:
    """Show one case in one line."""
    from crawler.cli.terminal import plain

    platforms = ", ".join(dict.fromkeys(one["platform"] for one in row["findings"])) or "nowhere now"
    loud = "!" if row["loud"] else " "
    score = f"{row['score']:.2f} ({row['score_low']:.2f}-{row['score_high']:.2f})"
    what = f"{row['title']} ({row['kind']}; {platforms})"
    return plain(f"{row['id']:>5}{loud} {score}  {row['artist']}: {what} [{row['status']}]")


@app.command()
def show(
    case_id: Annotated[int, typer.Argument(min=1, max=LARGEST, help="A case's number.")],
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
    for line in case_lines(document):
        say(plain(line))


def case_lines(document: "Candidate") -> Iterator[str]:
    """Show a case for a reader: what it is, where it was seen, and every part of its score."""
    yield f"case {document.case_id} ({document.status}): {document.statement}"
    yield (
        f"score {document.score:.2f}, from {document.score_low:.2f} to {document.score_high:.2f} "
        f"({document.bits:+.1f} bits), rules {document.rule_version}"
    )
    for finding in document.findings:
        gone = f", gone since {finding.removed_at:%Y-%m-%d}" if finding.removed_at else ""
        page = f"{finding.profile.name} {finding.profile.url or finding.profile.id}"
        yield f"on {finding.profile.platform} ({finding.role}): {page}, since {finding.first_seen_at:%Y-%m-%d}{gone}"
        if (release := finding.release) is not None:
            yield f"  {release.title} {release.url or release.id}, dated {release.date}, UPC {release.gtin}"
            yield from (f"    {text}" for text in release.lines)
            yield from (f"    credit: {credit}" for credit in release.credits)
    for signal in document.signals:
        yield f"  {signal.state:<5} {signal.bits:+6.2f}  {signal.reason} {signal.because}"
    for one in document.detections:
        yield f"detection: {one.detector}, {one.answered_at:%Y-%m-%d}: {one.said}"
    if (verdict := document.verdict) is not None:
        yield f"verdict: {verdict.decision} by {verdict.authority}, {verdict.decided_at:%Y-%m-%d}: {verdict.note}"


@app.command()
def verdict(
    case_id: Annotated[int, typer.Argument(min=1, max=LARGEST, help="A case's number.")],
    decision: Annotated[str, typer.Argument(help="impersonation, legitimate, namesake, takedown or unsure")],
    by: Annotated[str, typer.Option("--by", help="Who decides.")],
    note: Annotated[str, typer.Option(help="Why.")] = "",
    detector: Annotated[
        bool, typer.Option("--detector", help="A detection system says so: the score moves, nothing is decided.")
    ] = False,
) -> None:
    """Decide a case. A later verdict supersedes this one; nothing the crawler does can.

    Example: falsetto cases verdict 17 impersonation --by ana@label.example --note "not in our catalogue"
    """
    from datetime import UTC, datetime

    from crawler.cli.faults import BadInput
    from crawler.cli.surroundings import prepared, store
    from crawler.cli.terminal import say
    from crawler.suspicion.life import ANALYST
    from crawler.verdicts import decide
    from storage import outbox
    from storage.database import writing
    from storage.detections import DETECTOR
    from storage.facts.case_file import case_file

    if decision not in DECISIONS:
        raise BadInput(f"unknown decision {decision!r}; known: {', '.join(DECISIONS)}")
    if not by.strip():
        raise BadInput("--by: a verdict needs somebody who gives it")
    _numbered(case_id)
    rank = DETECTOR if detector else ANALYST
    with store(prepared()) as engine:
        with writing(engine) as connection:
            decided = decide(connection, case_id, decision, by.strip(), note, datetime.now(UTC), rank)
        with writing(engine) as connection:
            outbox.sequence(connection)
        with engine.connect() as connection:
            told = case_file(connection, decided)
    latest = told.verdicts[0]
    if latest.rank >= DETECTOR:
        say(f"case {decided}: heard; its score is {told.case.score:.2f} now, and it stays {told.case.status}")
    else:
        say(f"case {decided}: {decision}")


def _numbered(case_id: int) -> None:
    from storage.cases import NoSuchCase

    if not 0 < case_id <= LARGEST:
        raise NoSuchCase(f"there is no case {case_id}")


@app.command()
def group(
    case_id: Annotated[int, typer.Argument(min=1, max=LARGEST, help="A case's number.")],
    cut: Annotated[str | None, typer.Option(help="Take this appearance (platform:release id) out, for good.")] = None,
    uncut: Annotated[str | None, typer.Option(help="Take such a cut back.")] = None,
    by: Annotated[str, typer.Option("--by", help="Who says so.")] = "",
) -> None:
    """Show what makes a case's appearances one release, or correct it.

    Example: falsetto cases group 17 --cut deezer:302127 --by ana@label.example
    """
    from datetime import UTC, datetime

    from crawler.cli.faults import BadInput
    from crawler.cli.surroundings import prepared, reading, store
    from crawler.cli.terminal import plain, say
    from crawler.journey.cutting import part, reunite
    from crawler.verdicts import person
    from storage import outbox
    from storage.database import writing
    from storage.facts.case_file import case_file

    if cut is None and uncut is None:
        with reading(prepared()) as engine, engine.connect() as connection:
            file = case_file(connection, case_id)
        shown = {
            one.release.id: f"{one.profile.platform}:{one.release.platform_id}"
            for one in file.appearances
            if one.release is not None
        }
        for ref in shown.values():
            say(plain(ref))
        for tie in file.ties:
            say(plain(f"  {shown[tie.release_a]} and {shown[tie.release_b]}: {tie.basis}, {tie.value}"))
        return
    if not by.strip():
        raise BadInput("--by: a correction needs somebody who makes it")
    with store(prepared()) as engine:
        with writing(engine) as connection:
            person(connection, by.strip())
            change = part if cut is not None else reunite
            said = change(connection, case_id, str(cut or uncut), by.strip(), datetime.now(UTC))
        with writing(engine) as connection:
            outbox.sequence(connection)
    say(plain(said))


@app.command()
def backtest(
    artist: Annotated[str | None, typer.Option(help="Only this monitored artist.")] = None,
    weight: Annotated[
        list[str] | None, typer.Option(help="NAME=BITS of docs/judgement.md, instead of ours; repeatable.")
    ] = None,
    json_: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """Judge what is stored again by the rules of this version, and list cases gained, lost and moved. Changes nothing.

    Example: falsetto cases backtest --weight line.new_unknown=0.5
    """
    from crawler.cli.faults import BadInput
    from crawler.cli.surroundings import prepared, reading
    from crawler.cli.terminal import plain, say, say_json
    from crawler.journey.backtest import other_weights, replay
    from crawler.suspicion.weights import NoSuchWeight, instead

    try:
        bits, settings = other_weights(weight or ()), prepared()
        with instead(bits), reading(settings) as engine, engine.connect() as connection:
            rows = list(replay(connection, _order(connection, settings), artist))
    except NoSuchWeight as wrong:
        raise BadInput(f"--weight: {wrong}") from None
    if json_:
        say_json([row.as_row() for row in rows])
        return
    for row in rows:
        if row.what != "same":
            decided = f" [{row.decision}]" if row.decision else ""
            say(plain(f"{row.what:<7} {row.before:.2f} -> {row.after:.2f}  {row.artist}: {row.title}{decided}"))
    counts = {what: sum(row.what == what for row in rows) for what in ("gained", "lost", "moved", "same")}
    say(", ".join(f"{count} {what}" for what, count in counts.items()))


@app.command()
def rejudge(
    processes: Annotated[int, typer.Option(min=0, max=256, help="How many at once; 0: one for each core.")] = 0,
) -> None:
    """Judge the whole store again by the rules of this version, on all cores, instead of waiting for a worker to do so.

    Example: falsetto cases rejudge --processes 2
    """
    import sys

    from crawler.cli.surroundings import prepared, store
    from crawler.cli.terminal import say
    from crawler.journey.rejudge import Done, cores
    from crawler.journey.rejudge import rejudge as judge_again
    from storage import outbox
    from storage.database import writing

    settings, done = prepared(), Done()
    with store(settings) as engine:
        with engine.connect() as connection:
            order = _order(connection, settings)
        for done in judge_again(engine, order, processes or cores()):
            sys.stderr.write(f"{done.artists} artists\n")
        with writing(engine) as connection:
            outbox.sequence(connection)
    say(
        f"{done.artists} artists, {done.events} events and what stood there: "
        f"{done.kept.opened} cases opened, {done.kept.changed} changed"
    )


def _order(connection: "Connection", settings: "Settings") -> "Order":
    """Judge as a worker of these settings would: every platform's facts, its alert cut, the campaigns of now."""
    from crawler.journey import waves
    from crawler.journey.rejudge import Order
    from crawler.suspicion.alerts import cut_for
    from spiders.base.platform import platforms
    from storage.facts import alarms

    known, at = platforms(), settings.clock().now()
    markets = {name: settings.access(name).market for name, cls in known.items() if cls.has_markets}
    decided = alarms.alarms(connection, at)
    cut = cut_for(decided.cleared, decided.artist_weeks, settings.alerts)
    found = waves.find(connection, at).waves
    url = settings.database_url.get_secret_value()
    return Order(url, tuple(known), markets, cut, at, found, settings.second_market)
