"""`falsetto status`: what was covered, how old that is, what is blind, and what the budgets allow."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sqlalchemy import Connection

    from crawler.settings import Settings

SOON_S = 5.0  # a call that near is no news
DRIFTS_SHOWN = 8  # fields, or kinds of entries, that could not be read
HELD_SHOWN = 5  # pages that are held back, the largest losses


def status(
    artist: Annotated[str | None, typer.Option(help="Every list and search of one monitored artist.")] = None,
    json_: Annotated[bool, typer.Option("--json", help="One JSON object a line, per artist and target.")] = False,
) -> None:
    """Show coverage: the last complete look, its age, blind fields, and the budgets.

    A list that was never seen whole is never called clean. Example: falsetto status --artist "Ada Quill"
    """
    from crawler.cli.surroundings import prepared, reading
    from crawler.cli.terminal import say_json
    from storage.facts import reports

    settings = prepared()
    with reading(settings) as engine, engine.connect() as connection:
        if json_:
            say_json(reports.coverage(connection, artist))
        elif artist is not None:
            _of_artist(connection, artist, settings)
        else:
            _overview(connection, settings)


def _of_artist(connection: "Connection", artist: str, settings: "Settings") -> None:
    from crawler.cli.faults import BadInput
    from crawler.cli.terminal import ago, plain, say
    from storage.facts import reports

    rows = list(reports.coverage(connection, artist))
    if not rows:
        raise BadInput(f"nothing is watched for {artist!r}; see falsetto roster list")
    now = settings.clock().now()
    for row in rows:
        asked = row["subject"] if row["ask"] == "search" else ""
        where = ":".join(part for part in (row["platform"], row["ask"], row["section"], asked) if part)
        seen = f"{row['received']} of {row['expected']}" if row["expected"] is not None else f"{row['received'] or 0}"
        say(
            plain(
                f"{where:<40} {row['last_outcome'] or 'never asked':<11} {seen:>12} seen, "
                f"whole {ago(row['last_complete_at'], now)}; {row['stop_reason'] or ''}"
            )
        )
        if row["blind"]:
            say(plain(f"{'':<40} blind: {row['blind']}"))
        if row["held"]:
            say(f"{'':<40} held back: {row['held']} that went at once count as listed until that is confirmed")


def _overview(connection: "Connection", settings: "Settings") -> None:
    from crawler.cli.terminal import ago, plain, say
    from storage import roster
    from storage.facts import reports

    now = settings.clock().now()
    say(f"{roster.artist_count(connection)} artists are monitored")
    due = 0
    for row in reports.freshness(connection, now):
        due += row["due"]
        where = ":".join(part for part in (row["platform"], row["ask"], row["section"]) if part)
        say(
            plain(
                f"{where:<32} {row['seen_whole']} of {row['targets']} seen whole, oldest "
                f"{ago(row['oldest_whole_look'], now)}; {row['due']} due, {row['in_trouble']} in trouble"
                + (f"; {row['resting']} answered and at rest" if row["resting"] else "")
            )
        )
    for platform, blind in reports.blind_fields(connection).items():
        if blind:
            say(plain(f"{platform}: blind for {blind}"))
    for line in _drift_lines(connection, now):
        say(plain(line))
    for row in reports.budgets(connection):
        say(plain(_budget_line(row, now.timestamp())))
    for line in _worker_lines(connection, due):
        say(plain(line))
    for line in _held_lines(connection, now):
        say(plain(line))
    for line in latecomer_lines(connection):
        say(plain(line))
    for line in _alarm_lines(connection, settings, now):
        say(plain(line))
    _sizes(connection)


def _drift_lines(connection: "Connection", now: "datetime") -> "Iterator[str]":
    from datetime import timedelta

    from storage.canaries import drifts
    from storage.facts.platforms import drifted

    for one in drifts(connection)[:DRIFTS_SHOWN]:
        yield (
            f"{one.platform}: {one.silent} of {one.of} canaries no longer say {one.field} (asked for {one.ask}), since "
            f"{one.since:%Y-%m-%d %H:%M} UTC: the API may have changed"
        )
    for platform, why, times in drifted(connection, now - timedelta(days=1))[:DRIFTS_SHOWN]:
        yield f"{platform}: {times} entries within a day could not be read: {why}"


def _alarm_lines(connection: "Connection", settings: "Settings", now: "datetime") -> "Iterator[str]":
    from crawler.suspicion.alerts import cut_for
    from storage import alerts as told
    from storage import judging_queue
    from storage.facts.alarms import alarms

    known = alarms(connection, now)
    cut = cut_for(known.cleared, known.artist_weeks, settings.alerts)
    expected = settings.alerts * known.artists / 100
    yield (
        f"alerts: {expected:.1f} false ones a week are accepted ({settings.alerts:g} per 100 artists), from "
        f"{cut:.1f} bits on; last week {known.loud_last_week} were loud of {known.opened_last_week} opened"
    )
    for row in told.rules(connection):
        if row.failing_since is not None:
            since = f"{row.failing_since:%Y-%m-%d %H:%M} UTC ({row.tries} tries): {row.trouble}"
            yield f"alerts by the rule {row.name} do not arrive at {row.destination} since {since}"
    if waiting := judging_queue.unjudged(connection):
        yield f"{waiting} looks could not be judged: they wait for the next rules"


def latecomer_lines(connection: "Connection") -> "Iterator[str]":
    """Say for how many artists that came later what was stored before is not yet read, or met and not judged."""
    from storage import latecomers
    from storage.facts.stored_texts import share_read

    left = latecomers.standing(connection)
    if left.cursor is not None:
        named = ", ".join(left.names) + (", ..." if left.artists > len(left.names) else "")
        yield (
            f"{left.artists} artists came later and are not yet held against all that is stored ({named}): "
            f"{100 * share_read(connection, left.cursor):.0f} % is read"
        )
    if left.unjudged:
        yield f"{left.unjudged} stored releases and pages that resemble artists who came later wait for judgement"


def _sizes(connection: "Connection") -> None:
    from crawler.cli.terminal import amount, say
    from storage.facts import sizes

    say(f"the store takes {amount(sizes.whole(connection))}")
    for size in sizes.sizes(connection):
        if size.rows:
            said = "" if size.bytes is None else f", {amount(size.bytes)}"
            say(f"  {size.table}: about {size.rows:,} rows{said}")


def _budget_line(row: dict[str, Any], now: float) -> str:
    import json

    from storage.limits import Spent

    spent = Spent(hours={int(hour): calls for hour, calls in json.loads(row["hours"]).items()}).in_last_day(now)
    state = "open"
    if row["paused_until"] > now:
        state = f"parked for {int(row['paused_until'] - now)} s: {row['pause_reason']}"
    elif row["next_at"] > now + SOON_S:
        state = f"the next call is in {int(row['next_at'] - now)} s"
    return f"budget {row['platform']}:{row['bucket'] or 'default'}: {spent} calls in the last day, {state}"


def _worker_lines(connection: "Connection", due: int) -> list[str]:
    """Say who works, what each holds, and what keeps a lane from working; and that nobody works while much is due."""
    from storage import frontier

    holds, now = frontier.holders(connection), frontier.now_of(connection)
    workers = frontier.listed(connection)
    if not workers and due:
        return [f"no worker is running while {due} targets are due: start one with falsetto run"]
    return [
        f"worker {one.name}: last beat {max(0.0, now - one.beat_at.timestamp()):.0f} s ago, holds "
        f"{holds.get(one.name, 0)} targets" + (f"; {one.trouble}" if one.trouble else "")
        for one in workers
    ]


def _held_lines(connection: "Connection", now: "datetime") -> "Iterator[str]":
    """Say which pages lost much at once: nothing of them is told as removed until that is confirmed."""
    from crawler.cli.terminal import ago
    from storage.facts.held import held_back, oldest_hold

    pages = list(held_back(connection))
    if not pages:
        return
    count, since = sum(row["held"] for row in pages), ago(oldest_hold(connection), now)
    yield (
        f"held back: {count} releases that went at once from {len(pages)} pages, first {since}; "
        "they count as listed until that is confirmed"
    )
    for row in pages[:HELD_SHOWN]:
        market = f" in {row['market']}" if row["market"] else ""
        whose = f", of {row['artist']}" if row["artist"] else ""
        yield f"  {row['platform']}:{row['profile']} ({row['name']}){whose}: {row['held']} of {row['listed']}{market}"
    if len(pages) > HELD_SHOWN:
        yield f"  and {len(pages) - HELD_SHOWN} more pages"
