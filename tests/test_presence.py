"""What is new, missing, removed and returned: only complete looks may say so."""

from datetime import timedelta

import pytest

from storage.models import change, listing, look, target
from storage.observations import Absent, Outcome, Redirected
from storage.recording import presence
from storage.recording.presence import Memory
from tests.say import day, page_of, release, releases, rows, say, told

SHORT = [o for o in Outcome if o not in (Outcome.COMPLETE, Outcome.ABSENT)]


def state(engine):
    """Which releases are how: (release, misses, missing, removed)."""
    return {
        row.release_id: (row.misses, row.missing_since is not None, row.removed_at is not None)
        for row in rows(engine, listing)
    }


def words(engine):
    return [row.field for row in rows(engine, change) if row.entity == "listing"]


def memory(engine):
    return rows(engine, target)[0]


def test_one_complete_look_without_it_is_missing_two_are_removed(engine):
    say(engine, releases(1, 2, 3, at=0), releases(1, 3, at=1))
    assert state(engine)[2] == (1, True, False)
    recorded = say(engine, releases(1, 3, at=2))
    assert state(engine)[2] == (2, True, True)
    assert len(recorded.removed_listings) == 1
    assert words(engine) == ["missing", "removed"]
    row = rows(engine, listing)[1]
    assert (row.missing_since, row.removed_at) == (day(1), day(2))


def test_a_third_look_without_it_says_nothing_more(engine):
    say(engine, releases(1, 2, 3, at=0), *(releases(1, 3, at=n) for n in (1, 2, 3, 4)))
    assert words(engine) == ["missing", "removed"]
    assert rows(engine, listing)[1].removed_at == day(2)


@pytest.mark.parametrize("outcome", SHORT)
def test_a_look_that_is_not_complete_misses_nothing(engine, outcome):
    say(engine, releases(1, 2, at=0), *(releases(1, at=n, outcome=outcome) for n in range(1, 5)))
    assert state(engine)[2] == (0, False, False)
    assert words(engine) == []


@pytest.mark.parametrize("outcome", SHORT)
def test_looks_that_are_not_complete_do_not_forgive_a_miss_either(engine, outcome):
    say(
        engine,
        releases(1, 2, 3, at=0),
        releases(1, 3, at=1),
        releases(1, 3, at=2, outcome=outcome),
        releases(1, 3, at=3),
    )
    assert state(engine)[2] == (2, True, True)


def test_seen_again_is_returned_whether_missing_or_removed(engine):
    say(engine, releases(1, 2, 3, at=0), releases(1, 3, at=1))
    recorded = say(engine, releases(1, 2, 3, at=2))
    assert state(engine)[2] == (0, False, False)
    assert recorded.returned_listings == ()  # it was never removed
    say(engine, releases(1, 3, at=3), releases(1, 3, at=4))
    recorded = say(engine, releases(1, 2, 3, at=5))
    assert len(recorded.returned_listings) == 1
    assert words(engine) == ["missing", "returned", "missing", "removed", "returned"]
    assert rows(engine, listing)[1].new is False  # it came before the baseline


def test_even_a_partial_look_that_shows_it_brings_it_back(engine):
    say(engine, releases(1, 2, at=0), releases(1, at=1), releases(2, at=2, outcome=Outcome.PARTIAL))
    assert state(engine)[2] == (0, False, False)


def test_a_page_that_was_absent_at_first_has_no_baseline(engine):
    say(engine, told(page_of(), Absent("p1"), outcome=Outcome.ABSENT))
    recorded = say(engine, releases(1, 2, at=1))
    assert recorded.set_baseline
    assert recorded.new_listings == ()


def test_an_answer_about_another_profile_misses_nothing(engine):
    moved = told(page_of(), Redirected("p1", "p9"), release(7, "p9"), at=1)
    say(engine, releases(1, 2, at=0), moved)
    assert state(engine)[1] == (0, False, False)


def test_other_sections_markets_and_profiles_are_not_missed(engine):
    say(
        engine,
        releases(1, 2, 3, section="album"),
        releases(1, 2, 3, section="album", market="SE"),
        releases(1, 2, 3, profile="p2", section="album"),
    )
    say(engine, releases(1, 3, section="album", at=1), releases(1, 3, section="album", at=2))
    removed = [(r.profile_id, r.release_id, r.section, r.market) for r in rows(engine, listing) if r.removed_at]
    assert removed == [(1, 2, "album", "")]


def test_a_target_without_a_section_answers_for_all_that_its_page_has(engine):
    first = told(page_of(), release(1, section="albums"), release(2, section="singles"))
    say(engine, first, told(page_of(), release(1, section="albums"), at=1))
    assert state(engine)[2] == (1, True, False)


def test_what_a_section_of_its_own_shows_is_no_loss_of_the_list_without_one(engine):
    guests = releases(7, 8, section="appears_on")
    say(
        engine, releases(1, 2), guests, releases(1, 2, at=1), releases(1, 2, at=2), releases(1, at=3), releases(1, at=4)
    )
    assert [r.release_id for r in rows(engine, listing) if r.missing_since] == [2]


# --- new ---


def test_what_comes_after_the_first_complete_look_is_new(engine):
    recorded = say(engine, releases(1, 2, at=0))
    assert recorded.set_baseline
    assert recorded.baseline_at == day(0)
    assert (len(recorded.first_listings), recorded.new_listings) == (2, ())
    recorded = say(engine, releases(1, 2, 3, at=1))
    assert not recorded.set_baseline
    assert recorded.new_listings == recorded.first_listings == (3,)
    assert [row.new for row in rows(engine, listing)] == [False, False, True]
    assert words(engine) == ["appeared"]


@pytest.mark.parametrize("outcome", [o for o in Outcome if o is not Outcome.COMPLETE])
def test_no_other_look_makes_a_baseline(engine, outcome):
    recorded = say(engine, releases(1, at=0, outcome=outcome, stop_reason="why not"))
    assert recorded.baseline_at is None
    assert say(engine, releases(1, 2, at=1)).new_listings == ()


def test_new_is_by_page_and_section(engine):
    say(engine, releases(1, section="album"))
    assert say(engine, releases(2, section="single", at=1)).new_listings == ()
    assert say(engine, releases(3, profile="p2", section="album", at=1)).new_listings == ()
    assert len(say(engine, releases(1, 4, section="album", at=2)).new_listings) == 1


def short(*numbers, at, of=10):
    reason = f"{len(numbers)} of {of} came"
    return releases(*numbers, at=at, outcome=Outcome.PARTIAL, expected=of, stop_reason=reason, to_end=True)


def test_a_list_that_never_gives_its_total_has_a_baseline_after_three_quiet_looks(engine):
    say(engine, short(1, 2, at=0))
    for n in (1, 2):
        assert say(engine, short(1, 2, at=n)).baseline_at is None
    recorded = say(engine, short(1, 2, at=3))
    assert recorded.set_baseline
    assert recorded.baseline_at == day(3)
    assert say(engine, short(1, 2, 3, at=4)).new_listings == (3,)


def test_a_list_that_the_platform_always_cuts_has_a_baseline_too(engine):
    def look(at):
        return releases(1, 2, at=at, outcome=Outcome.PARTIAL, stop_reason="cut at 200", to_end=True)

    say(engine, *(look(n) for n in range(3)))
    assert say(engine, look(3)).set_baseline


def test_news_and_other_ends_start_the_quiet_count_anew(engine):
    say(engine, short(1, at=0), short(1, at=1), short(1, at=2), short(1, 2, at=3), short(1, 2, at=4))
    assert memory(engine).quiet_partials == 1
    say(engine, releases(1, at=5, outcome=Outcome.PARTIAL, stop_reason="the same page came twice; 1 of 10 came"))
    assert memory(engine).quiet_partials == 0


def test_a_look_without_an_answer_does_not_break_the_quiet_count(engine):
    say(engine, short(1, at=0), short(1, at=1), short(1, at=2), releases(at=3, outcome=Outcome.THROTTLED))
    assert say(engine, short(1, at=4)).set_baseline


def test_quiet_partial_looks_never_remove(engine):
    say(engine, short(1, 2, at=0), *(short(1, at=n) for n in range(1, 6)))
    assert state(engine)[2] == (0, False, False)


# --- walks that take several looks ---


def cut(*numbers, at, resumed=False, resume="next"):
    return releases(*numbers, at=at, outcome=Outcome.THROTTLED, resume=resume, resumed=resumed, stop_reason="slow down")


def test_a_resumed_walk_counts_from_its_start(engine):
    say(engine, releases(1, 2, 3, at=0), cut(1, at=1))
    assert memory(engine).walk_started_at == day(1) - timedelta(minutes=1)
    assert memory(engine).resume == "next"
    say(engine, cut(2, at=2, resumed=True, resume="further"))
    assert memory(engine).walk_started_at == day(1) - timedelta(minutes=1)
    recorded = say(engine, releases(at=3, resumed=True))
    assert state(engine) == {1: (0, False, False), 2: (0, False, False), 3: (1, True, False)}
    assert recorded.missing_listings == (3,)
    assert memory(engine).walk_started_at is None
    assert memory(engine).resume is None


def test_a_resumed_walk_sets_the_baseline_at_its_end(engine):
    assert say(engine, cut(1, at=0)).baseline_at is None
    assert say(engine, releases(2, at=1, resumed=True, expected=2)).baseline_at == day(1)


def test_a_resumed_walk_that_did_not_gather_its_total_is_partial(engine):
    say(engine, releases(1, 2, 3, at=0), cut(1, at=1))
    recorded = say(engine, releases(2, at=2, resumed=True, expected=3))
    assert recorded.outcome is Outcome.PARTIAL
    assert rows(engine, look)[-1].stop_reason == "2 of 3 came"
    assert state(engine)[3] == (0, False, False)


def test_a_resumed_look_whose_start_nobody_kept_concludes_nothing(engine):
    say(engine, releases(1, 2, at=0))
    recorded = say(engine, releases(1, at=1, resumed=True))
    assert recorded.outcome is Outcome.PARTIAL
    assert state(engine)[2] == (0, False, False)


def test_a_walk_begun_anew_forgets_the_old_one(engine):
    say(engine, releases(1, 2, at=0), cut(1, at=1), cut(at=2, resume=None), releases(1, at=3))
    assert state(engine)[2] == (1, True, False)


# --- order ---


def test_the_same_look_recorded_twice_counts_one_miss(engine):
    say(engine, releases(1, 2, at=0), releases(1, at=1), releases(1, at=1))
    assert state(engine)[2] == (1, True, False)


def test_an_older_look_that_comes_late_concludes_nothing(engine):
    say(engine, releases(1, 2, at=5), releases(1, at=3), releases(1, at=4))
    assert state(engine)[2] == (0, False, False)
    assert memory(engine).last_look_at == day(5)
    assert len(rows(engine, look)) == 3


def test_an_older_look_does_not_bring_back_what_a_newer_one_missed(engine):
    say(engine, releases(1, 2, at=0), releases(1, at=3), releases(1, 2, at=1))
    assert state(engine)[2] == (1, True, False)


def test_what_an_older_look_shows_is_not_new(engine):
    say(engine, releases(1, at=5))
    assert say(engine, releases(1, 2, at=3)).new_listings == ()


# --- the target's memory ---


def test_failures_are_counted_in_a_row_and_throttling_is_none(engine):
    for n, (outcome, failures) in enumerate(
        [
            (Outcome.FAILED, 1),
            (Outcome.MALFORMED, 2),
            (Outcome.THROTTLED, 2),
            (Outcome.REFUSED, 3),
            (Outcome.PARTIAL, 0),
            (Outcome.FAILED, 1),
            (Outcome.COMPLETE, 0),
        ]
    ):
        say(engine, releases(at=n, outcome=outcome))
        assert (memory(engine).last_outcome, memory(engine).failures) == (outcome.value, failures)
    assert memory(engine).last_complete_at == day(6)


def test_recording_leaves_due_time_and_lease_alone(engine):
    say(engine, releases(1))
    assert (memory(engine).due_at, memory(engine).lease_owner, memory(engine).lease_until) == (None, None, None)


def test_memory_is_pure():
    look = releases(1, at=1)
    before = Memory()
    after = presence.remembered(before, look, Outcome.COMPLETE, brought_new=True)
    assert before == Memory()
    assert after.baseline_at == after.last_complete_at == day(1)
    assert presence.is_news(before, look)
    assert not presence.is_news(after, look)
