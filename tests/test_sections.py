"""A listing is a profile, a release and a market: the section it stands in may change, and has a history."""

from storage.models import change, listing
from storage.observations import Absent, Outcome
from storage.targets import Ask, Target
from tests.say import day, page_of, release, releases, rows, say, told


def words(engine):
    return [(r.field, r.before, r.after) for r in rows(engine, change) if r.entity == "listing"]


def test_a_single_that_becomes_an_album_is_neither_new_nor_removed(engine):
    say(engine, releases(1, 2, 4, section="single"), releases(3, section="album"))
    say(engine, releases(1, 4, section="single", at=1))
    recorded = say(engine, releases(2, 3, section="album", at=1))
    assert (recorded.new_listings, recorded.first_listings) == ((), ())
    assert recorded.moved_listings == (2,)
    assert recorded.changed_releases == (2,)
    say(engine, *(releases(1, 4, section="single", at=at) for at in range(2, 6)))
    assert [(r.section, r.new, r.misses, r.removed_at) for r in rows(engine, listing)] == [
        ("single", False, 0, None),
        ("album", False, 0, None),
        ("single", False, 0, None),
        ("album", False, 0, None),
    ]
    assert words(engine) == [("missing", None, None), ("section", "single", "album"), ("returned", None, None)]


def test_the_other_section_may_show_it_first(engine):
    say(engine, releases(1, section="single"), releases(3, section="album"), releases(1, 3, section="album", at=1))
    say(engine, *(releases(section="single", at=at) for at in range(2, 9)))
    assert [(r.section, r.misses) for r in rows(engine, listing)] == [("album", 0), ("album", 0)]


def test_nothing_is_removed_from_one_section_before_the_others_were_seen(engine):
    say(engine, releases(1, 2, 4, section="single"), releases(3, section="compilation"))
    say(engine, releases(1, 4, section="single", at=1))
    recorded = say(engine, releases(1, 4, section="single", at=2))
    assert recorded.removed_listings == ()
    assert recorded.doubts == (Target("deezer", Ask.RELEASES, "p1", "compilation"),)
    say(engine, releases(3, section="compilation", at=2))
    recorded = say(engine, releases(1, 4, section="single", at=3))
    assert (recorded.removed_listings, recorded.doubts) == ((2,), ())
    assert recorded.changed_releases == (2,)


def test_a_section_that_is_gone_with_its_page_or_no_longer_asked_keeps_nobody_waiting(engine):
    say(engine, releases(1, 2, 7, section="single"), releases(3, section="compilation"))
    say(engine, releases(1, 7, section="single", at=1))
    say(engine, told(page_of(section="compilation"), Absent("p1"), at=2, outcome=Outcome.ABSENT))
    assert say(engine, releases(1, 7, section="single", at=2)).removed_listings == (2,)
    say(engine, releases(4, 5, 8, profile="p2", section="single"), releases(6, profile="p2", section="old"))
    for at in range(40, 42):
        recorded = say(engine, releases(4, 8, profile="p2", section="single", at=at))
    assert len(recorded.removed_listings) == 1


def test_an_older_look_moves_nothing(engine):
    say(engine, releases(1, section="album", at=5), releases(1, section="single", at=3))
    assert [row.section for row in rows(engine, listing)] == ["album"]


def test_a_platform_that_begins_to_name_sections_moves_nothing(engine):
    say(engine, releases(1))
    recorded = say(engine, told(page_of(), release(1, section="albums"), at=1))
    assert recorded.moved_listings == ()
    assert say(engine, releases(1, at=2)).moved_listings == ()
    assert [row.section for row in rows(engine, listing)] == ["albums"]


def test_the_same_release_in_two_markets_is_two_listings(engine):
    say(engine, releases(1, section="album"), releases(1, section="album", market="SE"))
    assert [(r.market, r.first_seen_at) for r in rows(engine, listing)] == [("", day(0)), ("SE", day(0))]
