"""The gate of a spider that runs alone: slots of a budget in memory, and rests that nobody sleeps through."""

import time

import pytest

from spiders.base.errors import Closing, Throttled
from spiders.base.gate import LocalGate
from storage.limits import Limit

SLOW = {"": Limit(calls=1, window_s=1.0, jitter_s=0.0), "search": Limit(calls=1, window_s=1.0, jitter_s=0.0)}


def test_slots_follow_each_other_and_buckets_do_not_wait_for_each_other():
    gate = LocalGate(SLOW)
    assert gate.reserve("") == (0.0, True)
    waits_s, ours = gate.reserve("")
    assert (waits_s, ours) == (pytest.approx(SLOW[""].spacing_s, abs=0.5), True)
    assert gate.reserve("search") == (0.0, True)


@pytest.mark.parametrize("lapse", [1.0, 3600.0])
def test_a_bucket_that_is_parked_says_until_when_and_only_a_short_rest_is_waited_for(lapse):
    gate = LocalGate(SLOW, lapse)
    gate.park("search", 30.0, "not now")
    with pytest.raises(Throttled) as caught:
        gate.wait("search")
    assert (caught.value.bucket, caught.value.until) == ("search", pytest.approx(time.time() * lapse + 30, abs=lapse))
    gate.park("", 4.0, "a moment")
    waits_s, ours = gate.reserve("")
    assert not ours
    assert 0 < waits_s <= 4 / lapse


def test_a_call_that_is_put_off_waits_and_is_ours():
    gate = LocalGate(SLOW)
    gate.pace("unknown", 3.0)
    waits_s, ours = gate.reserve("")
    assert (2.9 < waits_s <= 3.0, ours) == (True, True)


def test_a_gate_that_closes_lets_nobody_wait():
    gate = LocalGate(SLOW)
    gate.close()
    with pytest.raises(Closing):
        gate.wait("")
