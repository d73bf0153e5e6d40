"""Readers are total: no mutated answer raises anything but our own errors, and none is called absent for it."""

import copy
import random

import pytest

from spiders.base.platform import platform, platform_names
from storage.observations import Outcome
from storage.targets import Ask
from tests.answering import Faults, answered, as_body, mutated
from tests.asking import body_of, recorded, rendered

ROUNDS = 60


@pytest.mark.parametrize("name", platform_names())
def test_no_mutated_answer_raises_what_is_no_error_of_ours(name):
    chance, cls = random.Random(f"total/{name}"), platform(name)
    said = recorded(name)
    outcomes = set()
    with Faults() as faults:
        for case in said["cases"]:
            bodies = [body_of(name, answer) for answer in case["answers"].values() if not isinstance(answer, list)]
            for _ in range(ROUNDS if bodies else 0):
                spoilt = copy.deepcopy(bodies)
                victim = chance.randrange(len(spoilt))
                page = spoilt[victim].pop("page", None) if isinstance(spoilt[victim], dict) else None
                spoilt[victim] = mutated(spoilt[victim], chance)
                if page is not None and isinstance(spoilt[victim], dict):
                    spoilt[victim]["page"] = page
                sent = [rendered(name, b) if isinstance(b, dict) and "page" in b else as_body(b) for b in spoilt]
                outcome, _ = answered(cls, Ask(case["ask"]), case["subject"], sent)
                outcomes.add(outcome)
    assert faults.told == []
    assert outcomes >= {Outcome.PARTIAL, Outcome.MALFORMED} | (set() if cls.windowed else {Outcome.COMPLETE})


def test_a_reader_with_a_fault_is_noticed():
    from tests.faulty import Faulty

    with Faults() as faults:
        answered(Faulty, Ask.RELEASE, "7", [b"{}"])
    assert faults.told == ["fault of ours: 'release'"]
