"""Virtual days in a sandbox as a process of its own: `python -m tests.days`, told by JSON on standard input."""

import json
import sys
from pathlib import Path
from typing import Any

import sandbox
from crawler.demo import play
from crawler.worker.reactor import in_reactor
from storage.database import open_database


def main(told: dict[str, Any]) -> None:
    """Play the days and print how they went, a JSON line."""
    world = sandbox.Sandbox(told["url"], told["pid"], Path(told["dial"]) if told["dial"] else None)
    engine = open_database(told["database_url"])
    settings = play.demo_settings(world, told["database_url"])
    reach = settings.reach | {"spotify": settings.reach["spotify"] | play.secrets(capability=told["capability"])}
    settings = settings.model_copy(update={"reach": reach})
    ran = in_reactor(
        lambda stops: play.play(
            world, engine, settings, Path(told["folder"]), stops, lambda line: None, lambda worker: None, told["days"]
        )
    )
    looks = [summary.looks for summary in (ran.baseline, *(summary for _, summary in ran.days)) if summary]
    sys.stdout.write(json.dumps({"looks": looks, "proposals": len(ran.proposals)}) + "\n")


if __name__ == "__main__":
    main(json.load(sys.stdin))
