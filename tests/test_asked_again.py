"""What an answer made doubtful is asked again: details out of date or seen in part, pages that seem to be gone."""

from dataclasses import replace
from datetime import timedelta

import pytest

from crawler.watching import follow_up, recheck
from spiders.base.platform import platforms
from storage.observations import Absent, Outcome
from storage.targets import Ask, Target
from tests.say import day, page_of, release, releases, say, told

ASKING = follow_up.Asking(platforms(), {"itunes": "US", "spotify": "SE"})


def asked_again(look, recorded):
    return [(w.target, w.due_at, w.priority) for w in follow_up.again(ASKING, look.target, recorded, day(9))]


def test_a_page_that_is_said_to_be_absent_makes_the_profile_itself_due(engine):
    gone = told(page_of(), Absent("p1"), at=1, outcome=Outcome.ABSENT)
    recorded = say(engine, releases(1, 2), gone)
    assert asked_again(gone, recorded) == [(Target("deezer", Ask.PROFILE, "p1"), day(9), follow_up.NEWS)]


def test_a_removal_that_waits_for_another_section_makes_it_due(engine):
    page = {"platform": "spotify", "market": "SE"}
    single, album = page_of(section="single", **page), page_of(section="album", **page)
    say(
        engine,
        told(single, release(1), release(2), release(3)),
        told(album, release(4)),
        told(single, release(1), release(2), at=1),
    )
    last = told(single, release(1), release(2), at=2)
    assert [target for target, _, _ in asked_again(last, say(engine, last))] == [album]


@pytest.mark.parametrize(("section", "due"), [("album", True), ("appears_on", False)])
def test_a_list_that_tells_another_number_of_tracks_makes_the_details_due_but_not_those_of_guest_parts(
    engine, section, due
):
    asked = page_of(platform="spotify", market="SE", section=section)
    say(engine, told(asked, release(1, track_count=3)))
    look = told(asked, release(1, track_count=4), at=1)
    details = [(Target("spotify", Ask.RELEASE, "r1", market="SE"), day(9), follow_up.NEWS)]
    assert asked_again(look, say(engine, look)) == (details if due else [])


def test_details_that_were_seen_in_part_are_asked_again_within_a_week():
    partial = recheck.Situation(Ask.RELEASE, Outcome.PARTIAL, official=False, suspected=False, news=False, failures=0)
    assert day(0) + timedelta(days=6) < recheck.next_due(partial, day(0)) <= day(7)
    assert recheck.next_due(replace(partial, outcome=Outcome.COMPLETE), day(0)) is None
    assert recheck.next_due(replace(partial, suspected=True), day(0)) <= day(2)
