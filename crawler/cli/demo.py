"""`falsetto demo`: the main job, offline."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from sqlalchemy import Connection

TOP = 10


def demo(
    directory: Annotated[Path, typer.Option("--dir", help="Where the store and the roster go.")] = Path("out/demo"),
    seed: Annotated[int, typer.Option(help="Which world.")] = 7,
    scale: Annotated[float, typer.Option(min=0.02, max=4, help="How large a world.")] = 1.0,
    days: Annotated[int, typer.Option(min=1, max=60, help="How many virtual days.")] = 21,
) -> None:
    """Show the main job: stand-in platforms, a fresh store, a roster, and three virtual weeks of daily runs.

    Example: falsetto demo --seed 7
    """
    import shutil

    import sandbox
    from crawler.cli.progress import showing
    from crawler.cli.surroundings import start_log
    from crawler.cli.terminal import say
    from crawler.demo import play as stage
    from crawler.worker.worker import in_reactor
    from storage.database import open_database, upgrade

    start_log("WARNING")
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir(parents=True)
    url = f"sqlite:///{directory / 'falsetto.db'}"
    upgrade(url)
    engine = open_database(url)
    with sandbox.running(seed=seed, scale=scale, lapse=stage.LAPSE, start=stage.START) as world:
        say(f"sandbox: {len(stage.PLATFORMS)} stand-in platforms on {world.url}, seed {seed}, scale {scale:g}")
        settings = stage.demo_settings(world, url)
        with showing() as progress:
            ran = in_reactor(lambda stops: stage.play(world, engine, settings, directory, stops, say, progress, days))
        with engine.connect() as connection:
            _tell(connection, ran, world)
    engine.dispose()
    if ran.stopped:
        raise typer.Exit(130)
    say()
    say("Look closer:")
    say(f"  export FALSETTO_DATABASE_URL={url}")
    say(f"  export FALSETTO_TIME_ORIGIN={ran.ended:%Y-%m-%dT%H:%M:%SZ}    # the demo's last day is today")
    for command in ("status", "cases list", "cases show 1", "feed export --format jsonl --since 0", "roster list"):
        say(f"  .venv/bin/falsetto {command}")
    say(f"  sqlite3 {directory / 'falsetto.db'} 'SELECT * FROM v_new_releases LIMIT 10'")


def _tell(connection: "Connection", ran: Any, world: Any) -> None:
    import re

    from crawler.cli.terminal import plain, say
    from crawler.demo.against_truth import against_truth
    from storage.facts import reports

    say()
    say("What was covered:")
    for row in reports.freshness(connection, ran.ended):
        where = ":".join(part for part in (row["platform"], row["ask"], row["section"]) if part)
        say(f"  {where:<30} {row['seen_whole']:>5} of {row['targets']:>5} seen whole")
    for platform, blind in reports.blind_fields(connection).items():
        say(f"  {platform}: blind for {blind or 'nothing'}")
    violations = sum(bucket["violations"] for buckets in world.calls().values() for bucket in buckets.values())
    say(f"  limits overrun, as counted by the sandbox: {violations}")
    say()
    say("The most suspicious cases (unconfirmed), each once for all platforms:")
    rows = list(reports.cases(connection, status="open"))
    groups: dict[tuple[str, str, str], list[dict[str, Any]]] = {}
    for row in rows:
        what = re.sub(r" - (Single|EP)$", "", row["release"] or row["profile"])
        groups.setdefault((row["artist"], row["kind"], what), []).append(row)
    for (artist, kind, what), found in list(groups.items())[:TOP]:
        first = found[0]
        platforms = ", ".join(dict.fromkeys(row["platform"] for row in found))
        say(
            plain(
                f"  {first['score_low']:.2f}  {artist}: {what} ({kind}; {platforms}; falsetto cases show {first['id']})"
            )
        )
        fired = sorted((s for s in first["evidence"] if s["state"] == "fired"), key=lambda s: -s["strength"])
        for signal in fired[:2]:
            say(plain(f"          {signal['reason']} {signal['because']}"))
    say(f"{len(rows)} cases are open, {len(groups)} when those of one event on several platforms are counted once")
    say()
    say("Set against the sandbox's truth:")
    for line in against_truth(connection, world.truth()):
        say(plain(f"  {line}"))
