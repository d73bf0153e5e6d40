"""A platform's bad day removes nothing: what goes all at once is held back until it was confirmed over days."""

import pytest

from storage.facts.held import held_back, oldest_hold
from storage.models import change, listing
from storage.observations import Absent, Outcome, ProfileSeen
from storage.recording import presence
from storage.targets import Ask, Target
from tests.say import DAY, day, page_of, releases, rows, say, told

FIFTY = range(1, 51)


def absent(at):
    return told(page_of(), Absent("p1"), at=at, outcome=Outcome.ABSENT)


def profile(at, *, there):
    asked = Target("deezer", Ask.PROFILE, "p1")
    said = ProfileSeen("p1", "Ovels") if there else Absent("p1")
    return told(asked, said, at=at, outcome=Outcome.COMPLETE if there else Outcome.ABSENT)


def removed(engine):
    return sum(row.removed_at is not None for row in rows(engine, listing))


def held(engine):
    return sum(row.held_at is not None for row in rows(engine, listing))


def count(engine, word):
    return sum(row.field == word for row in rows(engine, change))


def test_two_absent_answers_remove_no_page(engine):
    say(engine, releases(*FIFTY), absent(1))
    recorded = say(engine, absent(2))
    assert (removed(engine), held(engine)) == (0, 50)
    assert recorded.removed_listings == ()
    assert recorded.doubts == (Target("deezer", Ask.PROFILE, "p1"),)


def test_absence_alone_removes_a_page_never(engine):
    say(engine, releases(*FIFTY), *(absent(at) for at in range(1, 20)))
    assert removed(engine) == 0


def test_a_page_whose_profile_is_there_is_not_removed_by_absence(engine):
    say(engine, releases(*FIFTY), *(absent(at) for at in range(1, 20)), profile(20, there=True), absent(21))
    assert removed(engine) == 0


def test_absence_that_the_profile_itself_confirms_over_days_removes_the_page(engine):
    say(engine, releases(*FIFTY), absent(1), profile(2, there=False), absent(2), absent(3))
    assert removed(engine) == 0
    recorded = say(engine, absent(4))
    assert (removed(engine), held(engine), len(recorded.removed_listings)) == (50, 0, 50)
    assert (count(engine, "missing"), count(engine, "held"), count(engine, "removed")) == (50, 50, 50)


def test_a_confirmation_from_before_confirms_nothing(engine):
    say(engine, releases(*FIFTY), profile(0.5, there=False), *(absent(at) for at in range(1, 9)))
    assert removed(engine) == 0


@pytest.mark.parametrize("left", [(), range(1, 16), range(1, 38)], ids=["empty", "half", "three quarters"])
def test_lists_that_lost_much_at_once_and_agree_with_their_total_are_held_for_days(engine, left):
    def bad(at):
        return releases(*left, at=at, expected=len(left))

    say(engine, releases(*FIFTY))
    recorded = say(engine, bad(1))
    assert len(recorded.held_listings) == 50 - len(left)
    say(engine, bad(1.5), bad(2), bad(3))
    assert removed(engine) == 0
    assert len(say(engine, bad(4)).removed_listings) == 50 - len(left)
    assert held(engine) == 0


def test_many_looks_in_one_day_confirm_nothing(engine):
    say(engine, releases(*FIFTY), *(releases(at=day(1) + n * DAY / 50) for n in range(40)))
    assert (removed(engine), held(engine)) == (0, 50)


def test_the_hold_lifts_by_itself_when_the_page_returns(engine):
    say(engine, releases(*FIFTY), releases(at=1), absent(2))
    recorded = say(engine, releases(*FIFTY, at=3))
    assert (removed(engine), held(engine)) == (0, 0)
    assert recorded.returned_listings == ()  # nothing had been removed
    assert recorded.new_listings == ()
    assert all((row.misses, row.missing_since) == (0, None) for row in rows(engine, listing))
    assert count(engine, "returned") == 50


def test_what_stays_away_when_the_page_returns_needs_two_looks_of_its_own(engine):
    say(engine, releases(*FIFTY), *(releases(at=at) for at in (1, 2, 3)))
    say(engine, releases(*FIFTY[1:], at=4))
    assert (removed(engine), held(engine), count(engine, "lifted")) == (0, 0, 1)
    say(engine, releases(*FIFTY[1:], at=5))
    assert removed(engine) == 1


def test_the_only_release_of_a_page_is_held_too(engine):
    say(engine, releases(1), releases(at=1), releases(at=2), releases(at=3))
    assert (removed(engine), held(engine)) == (0, 1)
    say(engine, releases(at=4))
    assert removed(engine) == 1


def test_one_of_three_goes_the_usual_way_and_one_of_two_is_half_a_page(engine):
    say(engine, releases(1, 2, 3), releases(1, 2, at=1))
    assert held(engine) == 0
    say(engine, releases(1, 2, at=2), releases(1, at=3), releases(1, at=4))
    assert (removed(engine), held(engine)) == (1, 1)


def test_what_much_means():
    assert [presence.is_mass(*one) for one in ((1, 1), (1, 2), (2, 8), (15, 30), (25, 1000))] == [True] * 5
    assert [presence.is_mass(*one) for one in ((1, 3), (1, 4), (2, 9), (24, 100))] == [False] * 4


def test_what_is_held_back_is_told(engine):
    say(
        engine,
        releases(*FIFTY),
        releases(1, 2, profile="p2"),
        releases(*range(31, 51), at=1),
        releases(profile="p2", at=2),
    )
    with engine.connect() as connection:
        found = [(row["profile"], row["held"], row["listed"], row["since"]) for row in held_back(connection)]
        assert found == [("p1", 30, 50, day(1)), ("p2", 2, 2, day(2))]
        assert oldest_hold(connection) == day(1)
    say(engine, releases(*FIFTY, at=3), releases(1, 2, profile="p2", at=3))
    with engine.connect() as connection:
        assert (list(held_back(connection)), oldest_hold(connection)) == ([], None)
