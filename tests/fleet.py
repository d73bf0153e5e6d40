"""Workers as forked processes, killed at random moments: `python -m tests.fleet`, told by JSON on standard input.

Everything heavy is imported once, then each worker is a fork, so that fifty deaths take seconds. Prints one JSON line.
"""

import json
import os
import random
import signal
import sys
import time
import traceback
from datetime import datetime
from typing import Any

import scrapy.crawler  # noqa: F401 -- imported before the fork
from pydantic import SecretStr

import crawler.worker.lane as lanes
from crawler.settings import Settings
from crawler.timelapse import Timepiece
from crawler.worker.worker import Plan, run_worker
from spiders.base.platform import platform
from storage.database import open_database


def main(told: dict[str, Any]) -> None:
    """Let workers die as often as told, then let them finish."""
    chance = random.Random(told["seed"])
    deaths = 0
    while deaths < told["deaths"]:
        children = [born(told) for _ in range(told["workers"])]
        for child in children:
            time.sleep(chance.uniform(*told["lives"]))
            os.kill(child, signal.SIGKILL)
            _, status = os.waitpid(child, 0)
            deaths += os.WIFSIGNALED(status)
            if not os.WIFSIGNALED(status):  # it was done before it could die
                told = told | {"deaths": deaths}
    time.sleep(told["lease_s"])
    codes = [os.waitpid(child, 0)[1] for child in [born(told) for _ in range(told["workers"])]]
    sys.stdout.write(json.dumps({"deaths": deaths, "codes": codes}) + "\n")


def born(told: dict[str, Any]) -> int:
    """Fork a worker and return its process id."""
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        lanes.LEASE_S = told["lease_s"]
        settings = Settings(
            database_url=SecretStr(told["database_url"]),
            platforms=tuple(told["base_urls"]),
            contact="tests@falsetto.example",
            time_lapse=told["lapse"],
            time_origin=datetime.fromisoformat(told["origin"]),
            time_anchor=told["anchor"],
            reach={
                name: {
                    "base_url": SecretStr(url),
                    "client_id": SecretStr("tests"),
                    "client_secret": SecretStr("tests"),
                    "capability": SecretStr("extended"),
                }
                for name, url in told["base_urls"].items()
            },
        )
        engine = open_database(told["database_url"])
        chosen = {name: platform(name) for name in settings.platforms}
        time = Timepiece(settings.time_lapse, settings.time_origin, settings.time_anchor)
        run_worker(settings, engine, chosen, Plan(once=told["once"], until_idle=not told["once"]), time)
        code = 0
    except BaseException:
        traceback.print_exc()  # the fork never returns to where it would be printed
    finally:
        os._exit(code)


if __name__ == "__main__":
    main(json.load(sys.stdin))
