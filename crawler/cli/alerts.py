"""`falsetto alerts`: who is told of what, where and when."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from crawler.cli.faults import LARGEST, MALFORMED

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection, Engine

    from crawler.alerts.telling import Surroundings
    from crawler.settings import Settings

T = TypeVar("T")
app = typer.Typer(
    help="Alerts: rules for who is told of what and where, mutes, a test message, and one round for cron.",
    no_args_is_help=True,
)
KINDS = ("release", "profile", "disappearance", "tampering")
LONGEST_NAME = 100
BARE = ("worker", "unjudged")  # troubles that are of no platform
COLUMNS = ("name", "destination", "about", "tag", "platform", "kind", "least", "daily_at", "quiet_from", "quiet_to")


@app.command()
def add(
    name: Annotated[str, typer.Argument(help="The rule's name.")],
    to: Annotated[str, typer.Option("--to", help="A destination: FALSETTO_DESTINATION_<NAME>, or in the file.")],
    about: Annotated[str, typer.Option(help="cases, trouble (of the crawl), or all")] = "all",
    artist: Annotated[str | None, typer.Option(help="Only cases against this monitored artist.")] = None,
    tag: Annotated[str, typer.Option(help="Only cases against artists with this tag of the roster.")] = "",
    platform: Annotated[str, typer.Option(help="Only what is on this platform.")] = "",
    kind: Annotated[str, typer.Option(help="Only this kind of case: release, profile, ...")] = "",
    at_least: Annotated[float, typer.Option(min=0, max=1, help="Only cases with this score or more.")] = 0.0,
    daily: Annotated[str, typer.Option(help="One page a day at this hour (07:30), and nothing at once.")] = "",
    quiet: Annotated[str, typer.Option(help="Quiet hours (22:00-07:00): told at their end, if still so.")] = "",
    zone: Annotated[str, typer.Option(help="The time zone of these hours.")] = "UTC",
    also_open: Annotated[bool, typer.Option("--also-open", help="Tell also what is loud and open already.")] = False,
) -> None:
    """Add a rule. Only loud cases are told, each once; a census never is.

    Example: falsetto alerts add night-desk --to team --at-least 0.9 --quiet 22:00-07:00 --zone Europe/Berlin
    """
    from crawler.alerts import sending, telling
    from crawler.alerts.seeing import rule_of
    from crawler.cli.faults import BadInput
    from crawler.cli.surroundings import prepared, store
    from crawler.cli.terminal import plain, say
    from storage import alerts, audit
    from storage.database import writing

    settings = prepared()
    values = _values(name, to, about, tag, platform, kind, at_least) | _hours(daily, quiet, zone)
    try:
        sending.check(_address(settings, values["destination"]))
    except sending.BadDestination as bad:
        raise BadInput(f"the destination {values['destination']}: {bad}") from None
    at = settings.clock().now()
    with store(settings) as engine, writing(engine) as connection:
        if artist is not None:
            from crawler.roster.choosing import the_artist

            values["artist_id"] = the_artist(connection, artist).id
        try:
            alerts.add(connection, values, at)
        except alerts.NameTaken as taken:
            raise BadInput(str(taken)) from None
        known = 0 if also_open else telling.start(connection, rule_of(alerts.find(connection, values["name"])), at)
        audit.note(connection, audit.COMMAND_LINE, "alert rule added", values["name"], at, values["destination"])
    said = f"; {known} open already are not told again" if known else ""
    say(plain(f"{values['name']}: tells {values['destination']}{said}"))


def _values(name: str, to: str, about: str, tag: str, platform: str, kind: str, at_least: float) -> dict[str, Any]:
    from crawler.alerts.values import ABOUT
    from crawler.cli.faults import BadInput
    from spiders.base.platform import platform_names
    from storage.normalize import clean_text

    name, to = name.strip(), to.strip().lower()
    if not name or clean_text(name, LONGEST_NAME)[1] or not name.isprintable() or ":" in name or name in BARE:
        raise BadInput(f"a name in plain text of at most {LONGEST_NAME} characters, without a colon, was expected")
    known = (
        ("--about", about, ABOUT),
        ("--kind", kind, ("", *KINDS)),
        ("--platform", platform, ("", *platform_names())),
    )
    for option, value, allowed in known:
        if value not in allowed:
            raise BadInput(f"{option}: {', '.join(one for one in allowed if one)} were expected, got {value!r}")
    if at_least != at_least:
        raise BadInput("--at-least: a number from 0 to 1 was expected")
    choice = {"about": about, "tag": tag.strip(), "platform": platform, "kind": kind, "least": at_least}
    return {"name": name, "destination": to, **choice}


def _hours(daily: str, quiet: str, zone: str) -> dict[str, str]:
    from crawler.alerts.hours import read_hour, read_zone
    from crawler.cli.faults import BadInput

    begins, _, ends = quiet.partition("-")
    try:
        read_zone(zone)
        for hour in [daily] * bool(daily) + [begins, ends] * bool(quiet):
            read_hour(hour)
    except ValueError as fault:
        raise BadInput(str(fault)) from None
    if quiet and begins == ends:
        raise BadInput("--quiet: two different times were expected, such as 22:00-07:00")
    return {"daily_at": daily, "quiet_from": begins, "quiet_to": ends, "zone": zone}


def _address(settings: "Settings", destination: str) -> str:
    from crawler.cli.faults import BadInput

    url = settings.destinations.get(destination)
    if url is None:
        known = ", ".join(sorted(settings.destinations)) or "none"
        raise BadInput(
            f"there is no destination {destination!r} (known: {known}); set FALSETTO_DESTINATION_"
            f"{destination.upper()}, or put it into the file that FALSETTO_DESTINATIONS names"
        )
    return url.get_secret_value()


@app.command("list")
def list_(json_: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False) -> None:
    """List the rules, what each still has to tell, and whose destination fails. Addresses are not shown.

    Example: falsetto alerts list
    """
    from crawler.cli.surroundings import prepared, reading
    from crawler.cli.terminal import plain, say, say_json
    from storage import alerts

    settings = prepared()
    with reading(settings) as engine, engine.connect() as connection:
        rows, waiting = alerts.rules(connection), alerts.waiting(connection)
        muted = alerts.muted(connection, settings.clock().now())
    if json_:
        shown = (*COLUMNS, "zone", "made_at", "failing_since", "trouble")
        say_json(
            {
                **{column: getattr(row, column) for column in shown},
                "artist": row.whose,
                "waiting": waiting.get(row.id, 0),
                "muted": f"rule:{row.name}" in muted,
            }
            for row in rows
        )
        return
    for row in rows:
        say(plain(_rule_line(row, waiting.get(row.id, 0))))
    for subject, until in sorted(muted.items()):
        say(plain(f"muted {subject}{f' until {until:%Y-%m-%d %H:%M} UTC' if until else ''}"))
    if not rows:
        say("no rule yet; see falsetto alerts add --help")


def _rule_line(row: Any, waiting: int) -> str:
    chosen = [
        f"artist {row.whose}" if row.whose else "",
        f"tag {row.tag}" if row.tag else "",
        f"on {row.platform}" if row.platform else "",
        f"kind {row.kind}" if row.kind else "",
        f"from {row.least:g} on" if row.least else "",
        f"daily at {row.daily_at} {row.zone}" if row.daily_at else "at once",
        f"quiet {row.quiet_from}-{row.quiet_to} {row.zone}" if row.quiet_from else "",
        f"{waiting} to tell" if waiting else "",
        f"FAILS since {row.failing_since:%Y-%m-%d %H:%M} UTC: {row.trouble}" if row.failing_since else "",
    ]
    return f"{row.name} -> {row.destination}: {row.about}, {', '.join(one for one in chosen if one)}"


@app.command()
def remove(name: Annotated[str, typer.Argument(help="The rule's name.")]) -> None:
    """Remove a rule, with the log of what was told by it.

    Example: falsetto alerts remove night-desk
    """
    from crawler.cli.terminal import plain, say
    from storage import alerts, audit

    def work(connection: "Connection", at: "datetime") -> None:
        alerts.remove(connection, name.strip())
        audit.note(connection, audit.COMMAND_LINE, "alert rule removed", name.strip(), at)

    _write(work)
    say(plain(f"{name.strip()}: removed"))


@app.command()
def mute(
    subject: Annotated[
        str, typer.Argument(help="A rule's name, or: case:17, campaign:3, artist:NAME, stale:deezer, idle:deezer, ...")
    ],
    for_: Annotated[str, typer.Option("--for", help="How long: 30m, 8h, 7d; without it until taken back.")] = "",
    off: Annotated[bool, typer.Option("--off", help="Take the mute back.")] = False,
) -> None:
    """Mute a rule, or one thing in all rules; what is still so afterwards is told then.

    Example: falsetto alerts mute case:17 --for 7d
    """
    from crawler.cli.faults import BadInput
    from crawler.cli.spans import read_span
    from crawler.cli.terminal import plain, say
    from storage import alerts

    span = read_span(for_) if for_ else None

    def work(connection: "Connection", at: "datetime") -> bool:
        muted = _muted(connection, subject.strip())
        if off:
            return alerts.unmute(connection, muted)
        alerts.mute(connection, muted, at + span if span is not None else None, at)
        return True

    if not _write(work):
        raise BadInput(f"{subject.strip()!r} is not muted; see falsetto alerts list")
    state = "told again" if off else f"muted for {for_}" if for_ else "muted until that is taken back"
    say(plain(f"{subject.strip()}: {state}"))


def _muted(connection: "Connection", subject: str) -> str:
    from crawler.cli.faults import BadInput
    from crawler.roster.choosing import the_artist
    from storage import alerts, cases

    kind, colon, rest = subject.partition(":")
    if subject in BARE:
        return subject
    if not colon:
        return f"rule:{alerts.find(connection, subject).name}"
    if kind == "artist":
        return f"artist:{the_artist(connection, rest).id}"
    if kind in ("case", "campaign", "deadline"):
        if not rest.isdecimal() or not 0 < int(rest[:20]) <= LARGEST:
            raise BadInput(f"a number was expected after {kind}:, got {rest!r}")
        return f"case:{cases.find(connection, int(rest)).id}" if kind == "case" else f"{kind}:{int(rest)}"
    if kind not in ("lane", "idle", "stale", "drift", "parked", "budget"):
        raise BadInput(
            f"a rule, or case:, campaign:, artist:, idle:, stale:, drift:, ... were expected, got {subject!r}"
        )
    return subject


@app.command()
def test(name: Annotated[str, typer.Argument(help="A rule, whose destination gets a test message.")]) -> None:
    """Send a test message to a rule's destination now, whatever its hours.

    Example: falsetto alerts test night-desk
    """
    from crawler.alerts import sending
    from crawler.cli.surroundings import prepared, reading
    from crawler.cli.terminal import plain, say
    from storage import alerts

    settings = prepared()
    with reading(settings) as engine, engine.connect() as connection:
        rule = alerts.find(connection, name.strip())
    url = _address(settings, rule.destination)
    why = sending.send(url, "Falsetto: a test", f"The rule {rule.name} tells you here.\nNothing has happened.")
    if why:
        say(plain(f"{rule.name} -> {rule.destination}: {why}"))
        raise typer.Exit(MALFORMED)
    say(plain(f"{rule.name} -> {rule.destination}: arrived"))


@app.command()
def send(json_: Annotated[bool, typer.Option("--json", help="One JSON line of counts.")] = False) -> None:
    """Look once what is to be told, and tell it: for cron, beside or instead of a worker that runs.

    Example: falsetto alerts send
    """
    from crawler.alerts.telling import tell
    from crawler.cli.surroundings import prepared, store
    from crawler.cli.terminal import plain, say, say_json

    settings = prepared()
    with store(settings) as engine:
        done = tell(_transact(engine), _around(settings), settings.clock().now())
    if json_:
        say_json([{"noticed": done.noticed, "told": done.told, "failed": done.failed}])
    else:
        say(f"{done.noticed} new, {done.told} told")
        for rule, why in sorted(done.failed.items()):
            say(plain(f"{rule}: {why}; it is tried again"))
    if done.failed:
        raise typer.Exit(MALFORMED)


@app.command()
def log(
    limit: Annotated[int, typer.Option(min=1, max=LARGEST, help="At most so many.")] = 50,
    json_: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """List what was noticed and told, the newest first.

    Example: falsetto alerts log --limit 20
    """
    from crawler.cli.surroundings import prepared, reading
    from crawler.cli.terminal import plain, say, say_json
    from storage import alerts

    with reading(prepared()) as engine, engine.connect() as connection:
        rows = list(alerts.log(connection, limit))
    if json_:
        say_json(rows)
        return
    for row in rows:
        told = "waits" if row["told_at"] is None else f"told {row['told_at']:%m-%d %H:%M}"
        state = "known before" if row["silent"] else told
        over = f", over {row['ended_at']:%m-%d %H:%M}" if row["ended_at"] else ""
        say(plain(f"{row['began_at']:%Y-%m-%d %H:%M} {row['rule']}: {row['subject']} ({state}{over})"))
    if not rows:
        say("nothing was noticed yet")


def _around(settings: "Settings") -> "Surroundings":
    from crawler.alerts.setting_out import surroundings
    from spiders.base.platform import platform

    return surroundings(settings, {name: platform(name) for name in settings.platforms})


def _transact(engine: "Engine") -> "Callable[[Callable[[Connection], Any]], Any]":
    from storage.database import writing

    def run(work: "Callable[[Connection], Any]") -> Any:
        with writing(engine) as connection:
            return work(connection)

    return run


def _write(work: "Callable[[Connection, datetime], T]") -> T:
    from crawler.cli.surroundings import prepared, store
    from storage.database import writing

    settings = prepared()
    with store(settings) as engine, writing(engine) as connection:
        return work(connection, settings.clock().now())
