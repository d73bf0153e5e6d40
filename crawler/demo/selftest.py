"""The golden scenarios, planted in a sandbox and judged by all that production runs: what was found, what not."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

import sandbox
from crawler.demo.against_truth import keys_of, own_pages
from crawler.demo.play import START, demo_settings, play
from crawler.worker.reactor import in_reactor
from crawler.worker.worker import Progress
from storage.database import open_database, upgrade
from storage.facts import case_list

OUT_OF_SIGHT = "J"  # a voice clone shows in no metadata


@dataclass(frozen=True, slots=True)
class Found:
    """One planted event: what it was, whether it became a case, and whether that is right."""

    golden: str
    kind: str
    attack: bool
    case_id: int | None
    score: float
    loud: bool
    right: bool

    def as_row(self) -> dict[str, Any]:
        """Return it under stable keys."""
        return asdict(self)

    def line(self) -> str:
        """Show it for a reader."""
        what = "attack" if self.attack else "twin"
        case = f"case {self.case_id} at {self.score:.2f}{'!' if self.loud else ''}" if self.case_id else "no case"
        return f"{'ok  ' if self.right else 'MISS'}  {self.golden:<4} {what:<6} {self.kind:<24} {case}"


def run(folder: Path, scenarios: tuple[str, ...], seed: int, days: int, progress: Progress) -> list[Found]:
    """Plant, crawl, judge, compare."""
    url = f"sqlite:///{folder / 'selftest.db'}"
    upgrade(url)
    engine = open_database(url)
    with sandbox.running(seed=seed, start=START, told=True, days=float(days - 2), scenarios=scenarios) as world:
        settings = demo_settings(world, url)
        in_reactor(lambda stops: play(world, engine, settings, folder, stops, lambda line: None, progress, days))
        truth = world.truth()
    with engine.connect() as connection:
        rows = compare(connection, truth)
    engine.dispose()
    return rows


def compare(connection: Connection, truth: Mapping[str, Any]) -> list[Found]:
    """Hold every planted event against the cases."""
    suspected = case_list.case_scores(connection)
    rows, own = [], own_pages(truth)
    for name, is_attack in (("attacks", True), ("twins", False)):
        for event in truth[name]:
            found = [suspected[key] for key in keys_of(event, own) if key in suspected]
            case_id, score, _ = max(found, key=lambda one: one[1], default=(None, 0.0, False))
            loud = any(one[2] for one in found)
            seen = event.get("class") != OUT_OF_SIGHT
            right = (bool(found) == seen) if is_attack else not loud
            rows.append(Found(event.get("scenario") or "", event["kind"], is_attack, case_id, score, loud, right))
    return sorted(rows, key=lambda row: (int(row.golden[1:]) if row.golden[1:].isdigit() else 99, not row.attack))
