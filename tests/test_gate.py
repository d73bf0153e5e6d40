"""The gate of a spider that runs alone: slots of a budget in memory, and rests that nobody sleeps through."""

import time

import pytest

from spiders.base.errors import Closing, Throttled
from spiders.base.gate import LocalGate
from storage.limits import Limit

NOW = 1_000_000.0
SLOW = {"": Limit(calls=1, window_s=1.0, jitter_s=0.0), "search": Limit(calls=1, window_s=1.0, jitter_s=0.0)}


@pytest.fixture(autouse=True)
def _time_stands_still(monkeypatch):
    monkeypatch.setattr(time, "time", lambda: NOW)


def test_slots_follow_each_other_and_buckets_do_not_wait_for_each_other():
    gate = LocalGate(SLOW)
    spacing_s = SLOW[""].under(1.0).spacing_s
    assert gate.reserve("") == (0.0, NOW)
    assert gate.reserve("") == (pytest.approx(spacing_s), pytest.approx(NOW + spacing_s))
    assert gate.reserve("search") == (0.0, NOW)


@pytest.mark.parametrize("lapse", [1.0, 3600.0])
def test_a_bucket_that_is_parked_says_until_when_and_only_a_short_rest_is_waited_for(lapse):
    gate = LocalGate(SLOW, lapse)
    gate.park("search", 30.0, "not now")
    with pytest.raises(Throttled) as caught:
        gate.wait("search")
    assert (caught.value.bucket, caught.value.until) == ("search", pytest.approx(NOW * lapse + 30))
    gate.park("", 4.0, "a moment")
    assert gate.reserve("") == (pytest.approx(4 / lapse), None)


def test_a_call_that_is_put_off_waits_and_is_ours():
    gate = LocalGate(SLOW)
    gate.pace("unknown", 3.0)
    assert gate.reserve("") == (pytest.approx(3.0), NOW + 3.0)


def test_a_gate_that_closes_lets_nobody_wait():
    gate = LocalGate(SLOW)
    gate.close()
    with pytest.raises(Closing):
        gate.wait("")
