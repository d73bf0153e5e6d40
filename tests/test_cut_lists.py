"""A platform that shows only so many: what comes up at the far end is not news, and nothing is removed."""

from datetime import date

import pytest

from storage.models import listing, target
from storage.observations import Outcome
from storage.recording.presence import news_in_cut_list
from tests.say import page_of, release, rows, say, told

YEAR = dict(enumerate(range(2030, 1990, -1), 1))  # release 1 is the newest


def cut(*numbers, at, dates=None, platform="itunes", **more):
    """A look at a list of which the platform shows the first ones."""
    seen = [release(n, date=(dates or {}).get(n, f"{YEAR[n]}-05-01"), **more) for n in numbers]
    reason = f"cut at {len(numbers)}"
    coverage = {"outcome": Outcome.PARTIAL, "stop_reason": reason, "to_end": True, "cut": True}
    return told(page_of(platform=platform), *seen, at=at, received=len(seen), **coverage)


def whole(*numbers, at):
    seen = [release(n, date=f"{YEAR[n]}-05-01") for n in numbers]
    return told(page_of(platform="itunes"), *seen, at=at, received=len(seen))


@pytest.fixture
def store(engine):
    """A list cut at five: 2 to 6, with its baseline."""
    say(engine, *(cut(2, 3, 4, 5, 6, at=at) for at in range(4)))
    assert rows(engine, target)[0].baseline_at is not None
    return engine


def flags(engine):
    return {f"{row.release_id + 1}": (row.new, row.slid_in) for row in rows(engine, listing)}


def test_what_slides_in_when_something_goes_is_not_news(store):
    recorded = say(store, cut(2, 4, 5, 6, 7, at=4))
    assert recorded.first_listings == recorded.slid_in_listings == (6,)
    assert recorded.new_listings == ()
    assert flags(store)["7"] == (False, True)


def test_what_comes_above_a_known_one_is_news(store):
    recorded = say(store, cut(1, 2, 3, 4, 5, at=4))
    assert (len(recorded.new_listings), recorded.slid_in_listings) == (1, ())


def test_a_back_dated_one_in_the_middle_is_news_and_the_end_that_slides_in_is_not(store):
    recorded = say(store, cut(2, 9, 4, 5, 6, 8, at=4, dates={9: "2028-12-01"}))
    assert len(recorded.new_listings) == len(recorded.slid_in_listings) == 1


def test_what_lay_beyond_the_cut_is_not_news_when_the_list_has_become_whole(store):
    recorded = say(store, whole(4, 5, 6, 7, 8, at=4))
    assert (recorded.new_listings, len(recorded.slid_in_listings)) == ((), 2)
    assert rows(store, target)[0].cut is False
    recorded = say(store, whole(4, 5, 6, 7, 8, 9, at=5))
    assert len(recorded.new_listings) == 1


def test_a_failed_look_does_not_forget_that_the_list_is_cut(store):
    say(store, told(page_of(platform="itunes"), at=4, outcome=Outcome.FAILED))
    assert say(store, whole(3, 4, 5, 6, 7, at=5)).new_listings == ()


def test_a_cut_list_removes_nothing(store):
    say(store, *(cut(1, 2, 3, 4, at=at) for at in range(4, 12)))
    assert all((row.misses, row.removed_at) == (0, None) for row in rows(store, listing))


def test_a_list_in_no_order_says_nothing_by_place(store):
    recorded = say(store, cut(5, 1, 6, 2, 3, at=4))
    assert (recorded.new_listings, len(recorded.slid_in_listings)) == ((), 1)


def test_another_list_that_shows_it_as_new_is_evidence(store):
    other = page_of("p2", platform="itunes")
    say(store, told(other, at=0), told(other, release(7, "p2", date="2000"), at=4))
    assert len(say(store, cut(2, 4, 5, 6, 7, at=5)).new_listings) == 1


def test_a_barcode_that_is_new_elsewhere_is_evidence(store):
    upc = "4006381333931"
    say(store, told(page_of(), at=0), told(page_of(), release(70, upc=upc), at=4))
    assert len(say(store, cut(2, 4, 5, 6, 7, at=5, upc=None)).new_listings) == 0
    other = cut(2, 4, 5, 6, 8, at=6)
    known = [o if o.id != "r8" else release(8, date="2000", upc=upc) for o in other.observations]
    assert len(say(store, told(other.target, *known, at=6, **CUT)).new_listings) == 1


CUT = {"outcome": Outcome.PARTIAL, "stop_reason": "cut at 5", "to_end": True, "cut": True}


def test_dates_that_are_none_prove_nothing():
    day = date(2020, 1, 1)
    assert news_in_cut_list([None, day], [False, True]) == [False, False]
    assert news_in_cut_list([None, None], [False, False]) == [False, False]
    assert news_in_cut_list([], []) == []
    assert news_in_cut_list([day, day], [False, True]) == [False, False]  # equals may stand in any order
