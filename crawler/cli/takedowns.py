"""`falsetto cases report`, `reported`, `answered`, `reports`: the way of a case to a platform, which a person goes."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from crawler.cli.faults import LARGEST

if TYPE_CHECKING:
    from datetime import datetime

Number = Annotated[int, typer.Argument(min=1, max=LARGEST, help="A case's number.")]
PlatformName = Annotated[str, typer.Option("--platform", help="A platform's name, or distributor.")]
Ground = Annotated[str, typer.Option(help="wrong-page, copyright, impersonation, likeness")]
LONGEST = 200  # characters of a ticket or name


def report(
    case_id: Number,
    platform: PlatformName,
    ground: Ground,
    json_: Annotated[bool, typer.Option("--json", help="The packet as one JSON object.")] = False,
) -> None:
    """Show what a platform's report form asks about a case, filled in, with the blanks marked. Nothing is sent.

    Example: falsetto cases report 17 --platform deezer --ground wrong-page
    """
    from datetime import UTC, datetime

    from crawler.cli.surroundings import prepared, reading
    from crawler.cli.terminal import plain, say, say_json
    from crawler.feed.candidates import candidate
    from crawler.packets.packet import lines, packet
    from storage.facts.case_file import case_file

    _check(platform, ground)
    with reading(prepared()) as engine, engine.connect() as connection:
        case = candidate(case_file(connection, case_id), "changed", f"shown-{case_id}", datetime.now(UTC))
    made = packet(case, platform, ground)
    if json_:
        say_json([made.as_row()])
        return
    for line in lines(made):
        say(plain(line))


def reported(
    case_id: Number,
    platform: PlatformName,
    ground: Ground,
    by: Annotated[str, typer.Option("--by", help="Who reported it.")],
    at: Annotated[str, typer.Option(help="When: 2026-03-01 or 2026-03-01T10:00Z; default now.")] = "",
    ticket: Annotated[str, typer.Option(help="The platform's number for it.")] = "",
    deadline: Annotated[str, typer.Option(help="By when an answer is due: a moment, or a span such as 7d.")] = "",
    note: Annotated[str, typer.Option(help="What else to know.")] = "",
) -> None:
    """Keep that a person reported a case: when, under which ticket, and by when an answer is due.

    Example: falsetto cases reported 17 --platform deezer --ground wrong-page --by ana@label.example --deadline 7d
    """
    from crawler.cli.faults import BadInput
    from crawler.cli.surroundings import prepared, store
    from crawler.cli.terminal import plain, say
    from storage import takedowns
    from storage.database import writing

    _check(platform, ground)
    settings = prepared()
    now = settings.clock().now()
    when = _moment("--at", at) if at else now
    if when > now:
        raise BadInput("--at: a moment in the past was expected")
    due = _due(deadline, when)
    if due is not None and due <= when:
        raise BadInput("--deadline: a moment after the report was expected")
    values = {
        "platform": platform,
        "ground": ground,
        "reported_at": when,
        "reported_by": _said("--by", by, needed=True),
        "ticket": _said("--ticket", ticket),
        "deadline_at": due,
        "note": _said("--note", note, longest=2_000),
    }
    with store(settings) as engine, writing(engine) as connection:
        number = takedowns.reported(connection, case_id, values, now)
    until = f", an answer is due by {due:%Y-%m-%d %H:%M} UTC" if due is not None else ""
    say(plain(f"report {number}: case {case_id} to {platform}{until}"))


def answered(
    number: Annotated[int, typer.Argument(min=1, max=LARGEST, help="A report's number.")],
    answer: Annotated[str, typer.Argument(help="removed, refused or other")],
    note: Annotated[str, typer.Option(help="What they said.")] = "",
) -> None:
    """Keep what a platform answered to a report; whether it is gone is for the crawl to see.

    Example: falsetto cases answered 3 removed
    """
    from crawler.cli.faults import BadInput
    from crawler.cli.surroundings import prepared, store
    from crawler.cli.terminal import say
    from storage import takedowns
    from storage.database import writing

    if answer not in takedowns.ANSWERS:
        raise BadInput(f"{', '.join(takedowns.ANSWERS)} were expected, got {answer!r}")
    settings = prepared()
    said = _said("--note", note, longest=2_000)
    with store(settings) as engine, writing(engine) as connection:
        case_id = takedowns.answered(connection, number, answer, said, settings.clock().now())
    say(f"report {number} of case {case_id}: {answer}")


def reports(
    case: Annotated[int | None, typer.Option(min=1, max=LARGEST, help="Only this case.")] = None,
    json_: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """List what was reported, what waits for an answer, and how long it took until it was gone.

    Example: falsetto cases reports
    """
    from crawler.cli.surroundings import prepared, reading
    from crawler.cli.terminal import plain, say, say_json
    from storage.facts import news

    settings = prepared()
    now = settings.clock().now()
    with reading(settings) as engine, engine.connect() as connection:
        rows = news.takedowns(connection, case)
    if json_:
        say_json(rows)
        return
    for row in rows:
        say(plain(_line(row, now)))
    took = sorted(row["days_to_takedown"] for row in rows if row["days_to_takedown"] is not None)
    if took:
        say(f"{len(took)} were gone after {took[len(took) // 2]:.1f} days (median), {took[-1]:.1f} at the longest")
    if not rows:
        say("nothing was reported yet; see falsetto cases reported --help")


def _line(row: dict[str, Any], now: "datetime") -> str:
    state = row["answer"] or "waits"
    if row["answered_at"] is None and row["deadline_at"] is not None:
        late = "LATE, " if row["deadline_at"] <= now else ""
        state = f"{late}due {row['deadline_at']:%Y-%m-%d}"
    gone = f"; gone after {row['days_to_takedown']:.1f} days" if row["days_to_takedown"] is not None else ""
    ticket = f", ticket {row['ticket']}" if row["ticket"] else ""
    return (
        f"report {row['id']}: case {row['case_id']} {row['title']} to {row['platform']} as {row['ground']}, "
        f"{row['reported_at']:%Y-%m-%d} by {row['reported_by']}{ticket}: {state}{gone}"
    )


def _check(platform: str, ground: str) -> None:
    from crawler.cli.faults import BadInput
    from crawler.packets.forms import FORMS, GROUNDS
    from spiders.base.platform import platform_names

    known = sorted({*platform_names(), *(name for name, _ in FORMS)})
    if platform not in known:
        raise BadInput(f"--platform: {', '.join(known)} were expected, got {platform!r}")
    if ground not in GROUNDS:
        raise BadInput(f"--ground: {', '.join(GROUNDS)} were expected, got {ground!r}")


def _said(option: str, value: str, longest: int = LONGEST, needed: bool = False) -> str:
    from crawler.cli.faults import BadInput
    from storage.normalize import clean_text

    value = value.strip()
    if clean_text(value, longest)[1] or (needed and not value):
        raise BadInput(f"{option}: plain text of at most {longest} characters was expected")
    return value


def _due(text: str, since: "datetime") -> "datetime | None":
    from crawler.cli.spans import UNITS, read_span

    if not text:
        return None
    return since + read_span(text) if text[-1] in UNITS else _moment("--deadline", text)


def _moment(option: str, text: str) -> "datetime":
    from datetime import UTC, datetime

    from crawler.cli.faults import BadInput

    try:
        read = datetime.fromisoformat(text)
        return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)
    except (ValueError, OverflowError):
        raise BadInput(f"{option}: a moment such as 2026-03-01T10:00Z was expected, got {text!r}") from None
