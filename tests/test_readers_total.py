"""Readers are total: no mutated answer raises anything but our own errors, and none is called absent for it."""

import copy
import random

import pytest

from spiders.base.platform import platform, platform_names
from storage.observations import Outcome
from storage.targets import Ask
from tests.answering import Faults, answered, as_body, mutated
from tests.asking import body_of, recorded

ROUNDS = 60


@pytest.mark.parametrize("name", platform_names())
def test_no_mutated_answer_raises_what_is_no_error_of_ours(name):
    chance, cls = random.Random(f"total/{name}"), platform(name)
    said = recorded(name)
    outcomes = set()
    with Faults() as faults:
        for case in said["cases"]:
            bodies = [body_of(name, answer) for answer in case["answers"].values() if not isinstance(answer, list)]
            for _ in range(ROUNDS):
                spoilt = copy.deepcopy(bodies)
                victim = chance.randrange(len(spoilt))
                spoilt[victim] = mutated(spoilt[victim], chance)
                outcome, _ = answered(cls, Ask(case["ask"]), case["subject"], map(as_body, spoilt))
                outcomes.add(outcome)
    assert faults.told == []
    assert outcomes >= {Outcome.COMPLETE, Outcome.PARTIAL, Outcome.MALFORMED}


def test_a_reader_with_a_fault_is_noticed():
    from tests.faulty import Faulty

    with Faults() as faults:
        answered(Faulty, Ask.RELEASE, "7", [b"{}"])
    assert faults.told == ["fault of ours: 'release'"]
