"""`python -m benchmarks.readers [ROUNDS]` reads the real answers in ../shared/recorded, then spoils each so many times.

Prints for each platform: answers that a question reads, values told of them with a digest (to compare two revisions),
mutations read, and how many raised anything but our own errors.
"""

import copy
import hashlib
import json
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from spiders.base.platform import platform, platform_names
from storage.observations import Observation, Outcome
from tests.answering import Faults, answered, as_body, mutated
from tests.replay import RECORDED, recordings

ROUNDS = 40
READ = (Outcome.COMPLETE, Outcome.PARTIAL, Outcome.BLIND)


def main(rounds: int) -> None:
    """Read, spoil and report."""
    if not RECORDED.is_dir():
        print("../shared/recorded is not here")
        return
    print("| platform | answers | readings | values | digest | mutations | outcomes | faults | s |")
    print("|---|---|---|---|---|---|---|---|---|")
    for name in platform_names():
        report(name, rounds)


def report(name: str, rounds: int) -> None:
    """Print one platform's line."""
    began, cls, chance = time.monotonic(), platform(name), random.Random(f"readers/{name}")
    answers = readings = values = mutations = 0
    digest, outcomes = hashlib.sha256(), Counter[str]()
    with Faults() as faults:
        for document in documents(name):
            answers += 1
            for ask in sorted(cls.accepts):
                subject = subject_of(document)
                outcome, told = answered(cls, ask, subject, [as_body(document)])
                if outcome not in READ or not told:
                    continue
                readings += 1
                found = list(values_of(told))
                values += len(found)
                digest.update(json.dumps(found).encode())
                for _ in range(rounds):
                    body = as_body(mutated(copy.deepcopy(document), chance))
                    outcomes[answered(cls, ask, subject, [body])[0].value] += 1
                    mutations += 1
    said = " ".join(f"{word} {count}" for word, count in sorted(outcomes.items()))
    took = time.monotonic() - began
    print(
        f"| {name} | {answers} | {readings} | {values} | {digest.hexdigest()[:12]} | {mutations} | {said}"
        f" | {len(faults.told)} | {took:.0f} |",
        flush=True,
    )
    for fault in sorted(set(faults.told))[:5]:
        print(f"  {fault}")


def documents(name: str) -> Iterator[Any]:
    """Yield the real answers of a platform that are JSON objects, whole crawls line by line."""
    for recording in sorted(recordings(name), key=lambda one: one.path.name):
        if recording.path.suffix == ".jsonl":
            for line in recording.path.read_text(encoding="utf-8").splitlines():
                body = json.loads(line)["body"]
                yield from [body] if isinstance(body, dict) else []
            continue
        try:
            body = json.loads(recording.body)
        except ValueError:
            continue
        yield from [body] if isinstance(body, dict) else []


def subject_of(document: dict[str, Any]) -> str:
    """Guess what was asked: the thing's own id, or that of an iTunes answer's first row."""
    rows = document.get("results")
    first = rows[0] if isinstance(rows, list) and rows and isinstance(rows[0], dict) else {}
    head = first.get("collectionId") if first.get("wrapperType") == "collection" else first.get("artistId")
    return str(document.get("id") or head or "27")


def values_of(told: list[Observation]) -> Iterator[Any]:
    """Yield every value that was told, in its order."""
    for seen in told:
        yield from _leaves(asdict(seen))


def _leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        for one in value.values():
            yield from _leaves(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _leaves(one)
    elif value is not None:
        yield value


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else ROUNDS)
