"""`falsetto detect`: detection systems are asked about cases, by reference."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from crawler.cli.faults import LARGEST

if TYPE_CHECKING:
    from crawler.detectors.asking import Estimate, Tally
    from crawler.detectors.contract import Detector
    from crawler.settings import Settings

app = typer.Typer(help="Ask detection systems about cases: list, estimate, ask, poll.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="The detector's name; see falsetto detect list.")]
Cases = Annotated[
    list[int] | None, typer.Option("--case", min=1, max=LARGEST, help="Only this case; else all open ones.")
]
AudioUrl = Annotated[
    str, typer.Option(help="An address of the recording, for detectors that take one; with a single --case.")
]
MILLICENTS = 100_000  # in one unit of a currency


@app.command("list")
def list_(json_: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False) -> None:
    """List the detectors: what each takes, answers, allows and costs, and what it needs to be on.

    Example: falsetto detect list
    """
    from crawler.cli.surroundings import prepared
    from crawler.cli.terminal import plain, say, say_json
    from crawler.detectors.contract import detectors

    settings = prepared()
    kinds = sorted(detectors().items())
    missing = {name: _missing(settings, kind) for name, kind in kinds}
    if json_:
        say_json(
            {
                "detector": name,
                "title": kind.title,
                "state": "off" if missing[name] else "on",
                "missing": missing[name],
                "questions": kind.questions,
                "takes": kind.takes,
                "mode": kind.mode,
                "per_minute": kind.limits.per_minute,
                "per_day": kind.limits.per_day,
                "cost": kind.limits.millicents / MILLICENTS,
                "currency": kind.limits.currency,
                "terms": kind.terms,
            }
            for name, kind in kinds
        )
        return
    for name, kind in kinds:
        limits = kind.limits
        say(plain(f"{name}: " + (f"off; it needs {', '.join(missing[name])}" if missing[name] else "on")))
        say(plain(f"    answers {', '.join(kind.questions)}, {kind.mode}; takes {', '.join(kind.takes)}"))
        day = f", {limits.per_day} a day" if limits.per_day else ""
        say(plain(f"    {limits.per_minute} a minute{day}; {limits.millicents / MILLICENTS:g} {limits.currency} each"))
        say(plain(f"    terms: {kind.terms}"))


@app.command()
def estimate(
    name: Name,
    case: Cases = None,
    audio_url: AudioUrl = "",
    json_: Annotated[bool, typer.Option("--json", help="One JSON object a line, per reference.")] = False,
) -> None:
    """Say what would be handed to a detector, how long that takes and what it costs; nothing is asked.

    Example: falsetto detect estimate earmark
    """
    from crawler.cli.surroundings import prepared, reading
    from crawler.cli.terminal import say, say_json

    settings = prepared()
    kind = _kind(name)
    with reading(settings) as engine, engine.connect() as connection:
        found = _estimated(connection, settings, kind, case, audio_url)
    if json_:
        say_json(
            {
                "case": one.case_id,
                "rung": one.reference.rung,
                "value": one.reference.value,
                "source": one.reference.source,
                "cost": kind.limits.millicents / MILLICENTS,
                "currency": kind.limits.currency,
            }
            for one in found.planned
        )
        return
    for line in _lines(found):
        say(line)


@app.command()
def ask(
    name: Name,
    case: Cases = None,
    audio_url: AudioUrl = "",
    spend: Annotated[float, typer.Option(min=0, max=1e6, help="What it may cost, in the detector's currency.")] = 0.0,
) -> None:
    """Hand references to a detector, after the estimate; its answers move scores and decide nothing.

    A detector that calls back does so at FALSETTO_PUBLIC_URL, where falsetto serve listens; without it, see poll.

    Example: falsetto detect ask earmark --case 12 --spend 0.01
    """
    import time
    from datetime import UTC, datetime

    from crawler.cli.faults import BadInput
    from crawler.cli.surroundings import prepared, store
    from crawler.cli.terminal import say
    from crawler.detectors import asking

    settings = prepared()
    kind = _kind(name)
    detector = _reached(settings, kind)
    with store(settings) as engine:
        with engine.connect() as connection:
            found = _estimated(connection, settings, kind, case, audio_url)
        for line in _lines(found):
            say(line)
        if found.millicents > round(spend * MILLICENTS):
            raise BadInput(f"that costs more than allowed: --spend {found.millicents / MILLICENTS:g} would do")
        base = settings.public_url.rstrip("/")
        tally = asking.ask(
            engine,
            detector,
            found.planned,
            lambda number: f"{base}/v1/answers/{name}?asked={number}" if base else "",
            lambda: datetime.now(UTC),
            time.sleep,
        )
    detector.line.close()
    _tell(tally)


@app.command()
def poll(name: Name) -> None:
    """Ask a detector what became of the jobs that it still works on.

    Example: falsetto detect poll longear
    """
    import time
    from datetime import UTC, datetime

    from crawler.cli.surroundings import prepared, store
    from crawler.detectors import asking

    settings = prepared()
    detector = _reached(settings, _kind(name))
    with store(settings) as engine:
        tally = asking.poll(engine, detector, lambda: datetime.now(UTC), time.sleep)
    detector.line.close()
    _tell(tally)


def _kind(name: str) -> "type[Detector]":
    from crawler.cli.faults import BadInput
    from crawler.detectors.contract import detectors

    known = detectors()
    if name not in known:
        raise BadInput(f"unknown detector {name!r}; known: {', '.join(sorted(known))}")
    return known[name]


def _reached(settings: "Settings", kind: "type[Detector]") -> "Detector":
    from crawler.cli.faults import CantRun
    from crawler.detectors.contract import Reach
    from crawler.detectors.line import Line

    if missing := _missing(settings, kind):
        raise CantRun(f"{kind.name} is off: it needs {', '.join(missing)}")
    return kind(Reach.of(settings.detector[kind.name]), Line())


def _missing(settings: "Settings", kind: "type[Detector]") -> list[str]:
    given = settings.detector.get(kind.name, {})
    return [f"FALSETTO_DETECTOR_{kind.name.upper()}_{word.upper()}" for word in kind.needs if word not in given]


def _estimated(
    connection: Any, settings: "Settings", kind: "type[Detector]", cases: list[int] | None, audio_url: str
) -> "Estimate":
    from datetime import UTC, datetime

    from crawler.cli.faults import BadInput
    from crawler.detectors import asking
    from crawler.detectors.ladder import is_url
    from storage.cases import OPEN
    from storage.facts import case_list

    if audio_url and (len(cases or ()) != 1 or not is_url(audio_url)):
        raise BadInput("--audio-url: one address on the web and one --case were expected")
    chosen = cases or [row["id"] for row in case_list.cases(connection, statuses=OPEN)]
    return asking.estimate(
        connection, kind, chosen, datetime.now(UTC), switched_off=settings.no_hand_off, audio_url=audio_url
    )


def _lines(found: "Estimate") -> list[str]:
    cost = f"{found.millicents / MILLICENTS:g} {found.detector.limits.currency}"
    lines = [f"{len(found.planned)} references to hand off, {cost}, about {found.minutes:.1f} minutes"]
    if found.known:
        lines.append(f"{found.known} were answered before, or are worked on")
    if found.without:
        lines.append(f"{len(found.without)} cases have nothing that {found.detector.name} takes")
    if found.over:
        lines.append(f"{found.over} more would be over what it allows in a day")
    return lines


def _tell(tally: "Tally") -> None:
    from crawler.cli.faults import MALFORMED
    from crawler.cli.terminal import plain, say

    say(f"{tally.answered} answered, {tally.waiting} worked on, {sum(tally.failed.values())} failed")
    for why, count in tally.failed.items():
        say(plain(f"    {count}: {why}"))
    if tally.stopped:
        say(plain(f"stopped: {tally.stopped}"))
    if tally.failed:
        raise typer.Exit(MALFORMED)
