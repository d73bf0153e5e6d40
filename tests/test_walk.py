"""A walk is complete only when nothing speaks against it."""

import pytest

from spiders.base.errors import Misunderstood, Refused, Throttled, Unavailable
from spiders.base.walk import Walk
from storage.observations import Outcome


def test_a_list_that_ends_with_all_that_was_promised_is_complete():
    walk = Walk()
    assert walk.page(["1", "2"], total=3, asked=2, more=True)
    assert walk.page(["3"], total=3, asked=2, more=False)
    coverage = walk.ended()
    assert (coverage.outcome, coverage.pages, coverage.received, coverage.expected) == (Outcome.COMPLETE, 2, 3, 3)
    assert coverage.to_end


def test_an_empty_list_is_complete_and_not_absent():
    walk = Walk()
    walk.page([], total=0)
    assert walk.ended().outcome is Outcome.COMPLETE
    assert Walk().absent().outcome is Outcome.ABSENT


def test_a_total_that_is_never_reached_is_partial_even_at_the_end_marker():
    walk = Walk()
    walk.page([str(n) for n in range(7)], total=16)
    coverage = walk.ended()
    assert coverage.outcome is Outcome.PARTIAL
    assert coverage.stop_reason == "7 of 16 came"


def test_the_largest_total_named_counts():
    walk = Walk()
    walk.page(["1", "2"], total=5, asked=2, more=True)
    walk.page(["3"], total=3, asked=2)
    assert walk.ended().outcome is Outcome.PARTIAL


def test_a_short_page_is_forgiven_only_when_an_unmoving_total_vouches_for_it():
    kept = Walk()
    kept.page(["1"], total=3, asked=2, more=True)
    kept.page(["2", "3"], total=3, asked=2)
    assert kept.ended().outcome is Outcome.COMPLETE
    moved = Walk()
    moved.page(["1"], total=2, asked=2, more=True)
    moved.page(["2", "3"], total=3, asked=2)
    assert moved.ended().outcome is Outcome.PARTIAL
    unnamed = Walk()
    unnamed.page(["1"], asked=2, more=True)
    unnamed.page(["2"], asked=2)
    assert unnamed.ended().outcome is Outcome.PARTIAL


def test_a_walk_by_offsets_says_where_it_is_stuck():
    walk = Walk()
    walk.page(["1", "2"], total=9, asked=2, more=True)
    assert (walk.stuck(["1", "2"], more=True), walk.stuck([], more=False)) == ("", "")
    assert walk.stuck([], more=True) == "an empty page before the end"
    walk.page(["1", "2"], total=9, asked=2, more=True)
    assert walk.stuck(["1", "2"], more=True) == "the list goes in circles"
    walk = Walk()
    walk.at(100, 100)
    assert walk.doubts == []
    walk.at(0, 100)
    assert walk.doubts == ["the answer is for another offset than asked"]


def test_what_a_reason_quotes_is_legible_and_not_long():
    coverage = Walk().stopped("answered with a\x1b[2J\x07b\nc" + "x" * 9_000 + " instead")
    assert coverage.stop_reason.startswith("answered with a[2Jbcxxx")
    assert len(coverage.stop_reason) <= 1_000
    assert str(Refused("a\x1b\nb")) == "ab"


def test_the_same_page_twice_stops_the_walk():
    walk = Walk()
    assert walk.page(["1", "2"], total=9, asked=2, more=True)
    assert not walk.page(["1", "2"], total=9, asked=2, more=True)
    coverage = walk.ended()
    assert coverage.outcome is Outcome.PARTIAL
    assert not coverage.to_end


@pytest.mark.parametrize(
    ("trouble", "outcome"),
    [
        (Throttled("slow down"), Outcome.THROTTLED),
        (Refused("no"), Outcome.REFUSED),
        (Unavailable("reset"), Outcome.FAILED),
        (Misunderstood("no id"), Outcome.MALFORMED),
    ],
)
def test_trouble_keeps_what_was_seen_and_where_to_go_on(trouble, outcome):
    walk = Walk()
    walk.page(["1"], total=2, more=True)
    walk.resume = "10"
    coverage = walk.failed(trouble)
    assert (coverage.outcome, coverage.received, coverage.resume) == (outcome, 1, "10")
    assert not coverage.to_end
