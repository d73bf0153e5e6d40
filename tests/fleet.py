"""Workers as forked processes, killed at random moments of their work: `python -m tests.fleet`, told by JSON.

Everything heavy is imported once, then each worker is a fork, so that fifty deaths take seconds. A worker dies after a
random number of looks that it told and a few random milliseconds, however fast the machine is. Prints one JSON line.
"""

import importlib
import json
import os
import random
import select
import signal
import sys
import time
import traceback
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import scrapy.crawler  # noqa: F401 -- imported before the fork
from pydantic import SecretStr
from scrapy.settings import default_settings

from crawler.settings import Settings
from crawler.timelapse import Timepiece
from crawler.worker.running import run_worker
from crawler.worker.summary import CantWork
from crawler.worker.worker import Plan
from spiders.base.platform import platform
from storage.database import open_database

HELD, FAULTY, CANT_WORK = 3, 4, 5  # exit codes: ended while others held something; summary faulty; could not work
LATER_S = 0.05  # a worker dies at some moment of so many seconds after its last look


@dataclass(frozen=True)
class Born:
    """A worker, and the end of a pipe through which each of its looks is told as a byte."""

    pid: int
    looks: int

    def dies(self, chance: random.Random, after: int) -> bool:
        """Kill it after so many looks and a little while; False when it was done before it could die."""
        seen = 0
        while seen < after:
            told = os.read(self.looks, after - seen)
            if not told:
                break
            seen += len(told)
        select.select([], [], [], chance.uniform(0, LATER_S))
        os.kill(self.pid, signal.SIGKILL)
        return os.WIFSIGNALED(self.ended())

    def ended(self) -> int:
        """Wait for its end, reading what it tells, and return its status."""
        while os.read(self.looks, 4096):
            pass
        os.close(self.looks)
        return os.waitpid(self.pid, 0)[1]


def main(told: dict[str, Any]) -> None:
    """Let workers die as often as told, replaced one by one, then let them finish what is due.

    The last ones are told to ask once: on a busy machine virtual time makes more due than is asked meanwhile.
    """
    warm(told["base_urls"])
    chance = random.Random(told["seed"])
    deaths, finished = 0, 0
    living = [born(told) for _ in range(told["workers"])] if told["deaths"] else []
    while deaths < told["deaths"] and finished < told["deaths"]:
        died = living.pop(0).dies(chance, chance.randint(*told["lives"]))
        deaths, finished = deaths + died, finished + (not died)
        living.append(born(told))
    for one in living:
        deaths += one.dies(chance, 0)
    codes = [
        os.waitstatus_to_exitcode(one.ended()) for one in [born(told, told["once"]) for _ in range(told["workers"])]
    ]
    sys.stdout.write(json.dumps({"deaths": deaths, "codes": codes}) + "\n")


def warm(platforms: Iterable[str]) -> None:
    """Import before the fork what a worker would import after it, all but the reactor."""
    for name in platforms:
        platform(name)
    components = [value for value in vars(default_settings).values() if isinstance(value, str | dict)]
    for words in components:
        for word in words if isinstance(words, dict) else [words]:
            if str(word).startswith("scrapy."):
                importlib.import_module(str(word).rpartition(".")[0])
    for name in ("spiders.base.crawled.settings", "uvloop", "httpcore", "anyascii", "scrapy.exporters"):
        importlib.import_module(name)
    assert "twisted.internet.reactor" not in sys.modules


def born(told: dict[str, Any], once: bool = False) -> Born:
    """Fork a worker."""
    looks, telling = os.pipe()
    child = os.fork()
    if child:
        os.close(telling)
        return Born(child, looks)
    code = 1
    try:
        os.close(looks)
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
        if ahead_s := told.get("ahead_s"):
            right = time.time
            time.time = lambda: right() + ahead_s
        engine = open_database(told["database_url"])
        chosen = {name: platform(name) for name in settings.platforms}
        timepiece = Timepiece(settings.time_lapse, settings.time_origin, settings.time_anchor)
        plan = Plan(once=once, until_idle=not once)
        summary = run_worker(settings, engine, chosen, plan, timepiece, lambda worker: tell(telling))
        code = FAULTY if summary.faulty else HELD if summary.held else 0
    except CantWork:
        code = CANT_WORK
    except BaseException:
        traceback.print_exc()  # the fork never returns to where it would be printed
    finally:
        os._exit(code)


def tell(pipe: int) -> None:
    """Tell a look; a fleet that does not listen any more is not waited for."""
    if select.select([], [pipe], [], 0)[1]:
        os.write(pipe, b".")


if __name__ == "__main__":
    main(json.load(sys.stdin))
