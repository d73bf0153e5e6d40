"""`falsetto demo`: the main job, offline."""

from pathlib import Path
from typing import Annotated

import typer


def demo(
    directory: Annotated[Path, typer.Option("--dir", help="Where the store and the roster go.")] = Path("out/demo"),
    seed: Annotated[int, typer.Option(help="Which world.")] = 7,
    scale: Annotated[float, typer.Option(min=0.02, max=4, help="How large a world: 1 is 50 monitored artists.")] = 0.6,
    days: Annotated[int, typer.Option(min=1, max=60, help="How many virtual days.")] = 21,
) -> None:
    """Show the main job: stand-in platforms, a fresh store, a roster, and three virtual weeks of daily runs.

    Example: falsetto demo --seed 7
    """
    import shutil
    from datetime import UTC, datetime

    import sandbox
    from crawler.cli.progress import showing
    from crawler.cli.surroundings import start_log
    from crawler.cli.terminal import plain, say
    from crawler.demo import detecting
    from crawler.demo import play as stage
    from crawler.demo.report import next_steps, told
    from crawler.worker.reactor import in_reactor
    from storage import keys
    from storage.cases import OPEN
    from storage.database import open_database, upgrade, writing
    from storage.facts import case_list

    start_log("WARNING")
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir(parents=True)
    url = f"sqlite:///{directory / 'falsetto.db'}"
    upgrade(url)
    engine = open_database(url)
    with sandbox.running(seed=seed, scale=scale, start=stage.START, told=True) as world:
        say(f"sandbox: {len(stage.PLATFORMS)} stand-in platforms on {world.url}, seed {seed}, scale {scale:g}")
        settings = stage.demo_settings(world, url)
        with showing() as progress:
            ran = in_reactor(lambda stops: stage.play(world, engine, settings, directory, stops, say, progress, days))
        with engine.connect() as connection:
            for line in told(connection, ran, world):
                say(plain(line))
            first = next((row["id"] for row in case_list.cases(connection, statuses=OPEN, limit=1)), None)
        for line in () if ran.stopped else detecting.told(engine, world.truth()):
            say(plain(line))
    with writing(engine) as connection:
        key = keys.create(connection, "demo", "decide", datetime.now(UTC))
    engine.dispose()
    if ran.stopped:
        raise typer.Exit(130)
    for line in next_steps(url, ran.ended, key, first):
        say(line)
