"""`falsetto platforms`: what can be asked, with which credentials, on which terms, and what the budgets allow."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from crawler.settings import Settings

app = typer.Typer(
    help="What can be asked, with which credentials, on which terms, and what the budgets allow.",
    invoke_without_command=True,
)


@app.callback()
def platforms(
    context: typer.Context,
    json_: Annotated[bool, typer.Option("--json", help="One JSON object a line, per platform.")] = False,
) -> None:
    """List every platform with its state, credentials, budget and terms. Example: falsetto platforms"""
    if context.invoked_subcommand is not None:
        return
    from crawler.cli.surroundings import prepared, store
    from crawler.cli.terminal import say_json

    settings = prepared()
    with store(settings) as engine, engine.connect() as connection:
        rows = [_row(connection, settings, name) for name in _names()]
    if json_:
        say_json(rows)
        return
    for row in rows:
        _say(row)


@app.command()
def unpark(name: Annotated[str, typer.Argument(help="A platform's name, as in FALSETTO_PLATFORMS.")]) -> None:
    """Lift the pause of a platform's budgets, and say what it was. Example: falsetto platforms unpark deezer"""
    from crawler.cli.faults import BadInput
    from crawler.cli.surroundings import prepared, store
    from crawler.cli.terminal import plain, say
    from storage import budgets, frontier
    from storage.database import writing

    if name not in _names():
        raise BadInput(f"unknown platform {name!r}; known: {', '.join(_names())}")
    settings = prepared()
    now = settings.clock().now()
    with store(settings) as engine, writing(engine) as connection:
        lifted = budgets.unpark(connection, name, now.timestamp())
        hastened = frontier.hasten_throttled(connection, name, now) if lifted else 0
    for pause in lifted:
        say(plain(f"{name}:{pause.bucket or 'default'} was parked until {_moment(pause.until)}: {pause.reason}"))
    say(f"{hastened} targets are due again" if lifted else f"{name} was not parked")


@app.command()
def check(
    names: Annotated[list[str] | None, typer.Argument(help="Only these; else all of FALSETTO_PLATFORMS.")] = None,
    json_: Annotated[bool, typer.Option("--json", help="One JSON object a line, per platform.")] = False,
) -> None:
    """Ask each enabled platform one cheap question, and say what is wrong. Example: falsetto platforms check"""
    import tempfile
    from dataclasses import asdict
    from pathlib import Path

    from crawler.cli.faults import MALFORMED, BadInput, CantRun
    from crawler.cli.surroundings import prepared, store
    from crawler.cli.terminal import plain, say, say_json
    from crawler.settings import BadSettings
    from crawler.worker.checking import check as ask
    from crawler.worker.reactor import in_reactor
    from spiders.base.platform import platform
    from storage.database import open_database, upgrade

    if wrong := [name for name in names or () if name not in _names()]:
        raise BadInput(f"unknown platform {wrong[0]!r}; known: {', '.join(_names())}")
    settings = prepared()
    chosen = {name: platform(name) for name in names or settings.platforms}
    if not chosen:
        raise CantRun("no platform is named in FALSETTO_PLATFORMS, nor here")
    for name in chosen:
        if settings.asks_real_hosts(name) and not settings.contact:
            raise BadSettings(f"FALSETTO_CONTACT is empty: {chosen[name].title} must be able to reach whoever asks it")
    with tempfile.TemporaryDirectory() as folder, store(settings) as engine:
        url = f"sqlite:///{Path(folder) / 'check.db'}"
        upgrade(url)
        scratch = open_database(url)
        found = in_reactor(lambda stops: ask(settings, engine, scratch, chosen, stops))
        scratch.dispose()
    if json_:
        say_json([asdict(one) for one in found])
    for one in () if json_ else found:
        say(plain(f"{one.platform}: {one.said}" + (f"; {one.remedy}" if one.remedy else "")))
    if not all(one.fine for one in found):
        raise typer.Exit(MALFORMED)


def _names() -> list[str]:
    from spiders.base.platform import platform_names

    return platform_names()


def _row(connection: "Connection", settings: "Settings", name: str) -> dict[str, Any]:
    from dataclasses import asdict

    from spiders.base.platform import platform
    from storage.facts import platforms as facts

    cls, access, now = platform(name), settings.access(name), settings.clock().now()
    missing = [word for word in cls.needs if not access.credentials.get(word)]
    known = facts.seen(connection, name)
    budgets = facts.budgets_of(connection, name, now.timestamp())
    parked = [budget for budget in budgets if budget.paused_until > now.timestamp()]
    state = "off" if name not in settings.platforms else "parked" if parked else "on"
    return {
        "platform": name,
        "title": cls.title,
        "state": "without credentials" if state == "on" and missing else state,
        "credentials": {word: word not in missing for word in cls.needs},
        "capability": access.capability,
        "base_url": access.base_url or cls.api,
        "limits": {
            bucket or "default": {"calls": limit.calls, "window_s": limit.window_s, "per_day": limit.per_day}
            for bucket, limit in cls.limits_for(access).items()
        },
        "budgets": [asdict(budget) for budget in budgets],
        "last_look_at": known.last_look_at,
        "odd_rows": known.odd_rows,
        "blind": sorted(cls.blind_for(access)),
        "terms": cls.terms,
    }


def _say(row: dict[str, Any]) -> None:
    from crawler.cli.terminal import plain, say

    needs = [f"{word} {'given' if there else 'MISSING'}" for word, there in row["credentials"].items()]
    say(plain(f"{row['platform']}: {row['state']}; {', '.join(needs) or 'no credentials needed'}; {row['base_url']}"))
    for bucket, limit in row["limits"].items():
        day = f", {limit['per_day']} a day" if limit["per_day"] else ""
        say(plain(f"    limit {bucket}: {limit['calls']} calls in {limit['window_s']:g} s{day}"))
    for budget in row["budgets"]:
        until = f", parked until {_moment(budget['paused_until'])}: {budget['reason']}" if budget["reason"] else ""
        say(plain(f"    budget {budget['bucket'] or 'default'}: {budget['calls_in_last_day']} calls in a day{until}"))
    contact = row["last_look_at"]
    say(plain(f"    last contact: {contact or 'never'}"))
    if row["odd_rows"]:
        say(f"    {row['odd_rows']} entries of its answers could not be read: see the table odd_row")
    say(plain(f"    terms: {row['terms']}"))


def _moment(epoch_s: float) -> str:
    """Write an epoch second; a pause of before there was a ceiling may lie beyond all calendars."""
    try:
        return datetime.fromtimestamp(epoch_s, UTC).isoformat(timespec="seconds")
    except (OverflowError, ValueError, OSError):
        return f"the end of time ({epoch_s:g})"
