"""Everything a release shows can end: lines, credits, tracks, markets, links; history keeps them, and they return."""

import json

import pytest

from storage.models import change, credit, market_set, profile_link, release_line, track
from storage.models import release as release_table
from storage.observations import CreditSeen, LineSeen, LinkSeen, Outcome, ProfileSeen, TrackSeen
from storage.targets import Ask, Target
from tests.say import day, page_of, release, rows, say, told


def detail(*observations, at=0, lines=None, credits=None, **more):
    """The answer to the question about release 1."""
    row = release(1, listed_on=None, lines=lines, credits=credits)
    return told(Target("deezer", Ask.RELEASE, "r1"), row, *observations, at=at, **more)


def labels(*texts):
    return tuple(LineSeen("label", text) for text in texts)


def ends(engine, table, name):
    """When each row ended, by what it says."""
    return {getattr(row, name): row.gone_at for row in rows(engine, table)}


def words(engine, entity):
    return [(r.field, r.before, r.after) for r in rows(engine, change) if r.entity == entity]


def song(number, at=None, **more):
    return TrackSeen(f"t{number}", f"Song {number}", "r1", position=number, **more)


def test_a_label_that_another_took_over_ends_and_comes_back(engine):
    say(engine, detail(lines=labels("Home")))
    recorded = say(engine, detail(lines=labels("Spam Distribution"), at=1))
    assert ends(engine, release_line, "text") == {"Home": day(1), "Spam Distribution": None}
    assert recorded.changed_releases == (1,)
    recorded = say(engine, detail(lines=labels("Home"), at=2))
    assert ends(engine, release_line, "text") == {"Home": None, "Spam Distribution": day(2)}
    assert recorded.changed_releases == (1,)
    assert words(engine, "release_line") == [
        ("removed", "Home", None),
        ("appeared", None, "Spam Distribution"),
        ("returned", None, "Home"),
        ("removed", "Spam Distribution", None),
    ]
    assert say(engine, detail(lines=labels("Home"), at=3)).changed_releases == ()


def test_a_kind_of_line_that_is_not_shown_at_all_may_be_blind_and_ends_at_the_second_whole_answer(engine):
    both = (*labels("Home"), LineSeen("p", "℗ Home"))
    say(engine, detail(lines=both))
    say(engine, detail(lines=(LineSeen("p", "℗ Home"),), at=1))
    assert ends(engine, release_line, "text")["Home"] is None
    say(engine, detail(lines=(LineSeen("p", "℗ Home"),), at=2))
    assert ends(engine, release_line, "text") == {"Home": day(2), "℗ Home": None}


def test_what_the_credential_can_no_longer_see_never_ends(engine):
    say(engine, detail(lines=labels("Home")))
    for at in range(1, 5):
        say(engine, detail(lines=(LineSeen("p", "℗ 2026"),), at=at, blind=frozenset({"label"})))
    assert ends(engine, release_line, "text")["Home"] is None


def test_an_answer_that_does_not_speak_of_lines_ends_none(engine):
    say(engine, detail(lines=labels("Home")), *(detail(at=at) for at in range(1, 4)))
    assert ends(engine, release_line, "text") == {"Home": None}


@pytest.mark.parametrize("outcome", [o for o in Outcome if o is not Outcome.COMPLETE])
def test_only_a_whole_answer_ends_anything(engine, outcome):
    first = detail(song(1), song(2), lines=labels("Home"), credits=(CreditSeen("A"),))
    say(engine, first)
    other = detail(song(3), lines=labels("Other"), credits=(CreditSeen("B"),), at=1, outcome=outcome)
    say(engine, other)
    for table in (release_line, track, credit):
        assert all(row.gone_at is None for row in rows(engine, table)), table.name


def test_an_older_answer_ends_nothing(engine):
    say(engine, detail(lines=labels("New"), at=5), detail(lines=labels("Old"), at=3))
    assert ends(engine, release_line, "text") == {"New": None, "Old": None}


def test_what_a_later_answer_saw_does_not_end(engine):
    say(engine, detail(lines=labels("Home")), listed("Home", 5))
    say(engine, detail(lines=labels("Other"), at=3))
    assert ends(engine, release_line, "text") == {"Home": None, "Other": None}


def test_the_end_of_a_resumed_walk_shows_only_the_rest(engine):
    say(engine, detail(song(1), song(2)))
    cut = detail(song(1), at=1, outcome=Outcome.THROTTLED, resume="next")
    say(engine, cut, detail(song(2), at=2, resumed=True))
    assert ends(engine, track, "platform_id") == {"t1": None, "t2": None}


def test_a_swapped_track_ends_with_its_credits(engine):
    say(engine, detail(song(1, credits=(CreditSeen("A", "p1"),)), song(2, credits=(CreditSeen("B"),))))
    recorded = say(engine, detail(song(1, credits=(CreditSeen("A", "p1"),)), song(3), at=1))
    assert ends(engine, track, "platform_id") == {"t1": None, "t2": day(1), "t3": None}
    assert ends(engine, credit, "name") == {"A": None, "B": day(1)}
    assert recorded.changed_releases == (1,)
    say(engine, detail(song(1), song(2, credits=(CreditSeen("B"),)), at=2))
    assert ends(engine, track, "platform_id") == {"t1": None, "t2": None, "t3": day(2)}
    assert ends(engine, credit, "name") == {"A": None, "B": None}


def test_a_whole_answer_without_a_single_track_needs_a_second_one(engine):
    say(engine, detail(song(1)), detail(at=1))
    assert ends(engine, track, "platform_id") == {"t1": None}
    say(engine, detail(at=2))
    assert ends(engine, track, "platform_id") == {"t1": day(2)}


def test_a_credit_that_is_withdrawn_ends_on_the_release_and_on_the_track(engine):
    guests = CreditSeen("A", "p1"), CreditSeen("Ovels", "p9", "featured")
    say(engine, detail(song(1, credits=guests), credits=guests))
    say(engine, detail(song(1, credits=guests[:1]), credits=guests[:1], at=1))
    assert {(r.track_id, r.name): r.gone_at for r in rows(engine, credit)} == {
        (None, "A"): None,
        (None, "Ovels"): day(1),
        (1, "A"): None,
        (1, "Ovels"): day(1),
    }


def listed(text, at, **more):
    return told(page_of(), release(1, lines=labels(text), **more), at=at)


def test_a_list_ends_lines_as_long_as_nothing_but_lists_is_known(engine):
    say(engine, listed("Home", 0), listed("Other", 1))
    assert ends(engine, release_line, "text") == {"Home": day(1), "Other": None}


def test_a_list_that_knows_a_line_the_details_did_not_makes_them_due_and_ends_nothing(engine):
    say(engine, detail(lines=(*labels("Home", "Imprint"),)))
    recorded = say(engine, listed("Home", 1))
    assert (ends(engine, release_line, "text")["Imprint"], recorded.stale_details) == (None, ())
    recorded = say(engine, listed("Other", 2))
    assert ends(engine, release_line, "text")["Home"] is None
    assert recorded.stale_details == ("r1",)


# --- what makes details due ---


def test_a_list_that_tells_otherwise_makes_the_details_due(engine):
    row = {"cover_url": "https://a.example/1.jpg", "track_count": 3, "upc": "4006381333931"}
    say(engine, told(page_of(), release(1, **row)))
    assert say(engine, told(page_of(), release(1, **row), at=1)).stale_details == ()
    for at, other in enumerate(({"track_count": 4}, {"title": "New"}, {"upc": "1"}, {"cover_url": "https://a/2"}), 2):
        row |= other
        assert say(engine, told(page_of(), release(1, **row), at=at)).stale_details == ("r1",), other


def test_an_older_list_makes_no_details_due_and_an_older_record_does_not_count_as_the_last(engine):
    say(engine, told(page_of(), release(1, track_count=3), at=5), detail(at=5))
    assert say(engine, told(page_of(), release(1, track_count=4), at=4)).stale_details == ()
    say(engine, detail(at=3))
    assert [row.whole_at for row in rows(engine, release_table)] == [day(5)]


def test_what_a_list_shows_more_of_is_due_only_where_the_details_were_known(engine):
    say(engine, listed("Home", 0))
    assert say(engine, listed("Other", 1)).stale_details == ()


def test_a_list_and_details_that_disagree_for_good_do_not_ask_for_each_other_for_ever(engine):
    def details(at, title):
        row = release(1, title=title, listed_on=None)
        return told(Target("deezer", Ask.RELEASE, "r1"), row, at=at)

    say(engine, told(page_of(), release(1, title="Title")), details(1, "Title (Deluxe)"))
    for at in (2, 4, 6):
        assert say(engine, told(page_of(), release(1, title="Title"), at=at)).stale_details == ()
        say(engine, details(at + 1, "Title (Deluxe)"))
    assert say(engine, told(page_of(), release(1, title="Other"), at=8)).stale_details == ("r1",)


def test_a_list_that_tells_more_or_the_same_cover_from_another_host_makes_nothing_due(engine):
    say(engine, told(page_of(), release(1, cover_url="https://is1-ssl.example/a/b.jpg")))
    other = release(1, cover_url="https://is5-ssl.example/a/b.jpg", track_count=4, url="https://x")
    recorded = say(engine, told(page_of(), other, at=1))
    assert recorded.stale_details == ()
    assert recorded.changed_releases == (1,)  # the number of tracks was learnt


def test_details_that_were_seen_in_part_are_due_again(engine):
    assert say(engine, detail(song(1), outcome=Outcome.PARTIAL, to_end=True)).stale_details == ("r1",)
    assert say(engine, detail(song(1), at=1)).stale_details == ()
    assert [row.whole_at for row in rows(engine, release_table)] == [day(1)]


# --- what changed in meaning ---


def page(at, **more):
    return told(Target("deezer", Ask.PROFILE, "p1"), ProfileSeen("p1", "Ovels", **more), at=at)


def test_counters_pictures_and_addresses_move_without_a_change_in_meaning(engine):
    say(engine, page(0, followers=1, release_count=2, image_url="a", url="b"))
    recorded = say(engine, page(1, followers=9, release_count=3, image_url="c", url="d"))
    assert recorded.changed_profiles == ()
    assert say(engine, page(2, aliases=("The Ovels",))).changed_profiles == (1,)
    say(engine, told(page_of(), release(1, url="a")))
    assert say(engine, told(page_of(), release(1, url="b"), at=1)).changed_releases == ()


def test_a_new_name_is_a_change_in_meaning(engine):
    say(engine, page(0))
    renamed = told(Target("deezer", Ask.PROFILE, "p1"), ProfileSeen("p1", "Other"), at=1)
    assert say(engine, renamed).changed_profiles == (1,)


def test_a_link_that_editors_withdrew_ends(engine):
    one, other = LinkSeen("https://a", "t"), LinkSeen("https://b", "t")
    say(engine, page(0, links=(one, other)))
    assert say(engine, page(1, links=(one,))).changed_profiles == (1,)
    assert ends(engine, profile_link, "url") == {"https://a": None, "https://b": day(1)}
    say(engine, page(2, links=()))
    assert ends(engine, profile_link, "url")["https://a"] is None
    say(engine, page(3, links=()))
    assert ends(engine, profile_link, "url")["https://a"] == day(3)


# --- markets ---


def offered(at, *countries, **more):
    return told(Target("deezer", Ask.RELEASE, "r1"), release(1, markets=countries, **more), at=at)


def sets(engine):
    return {row.id: json.loads(row.countries) for row in rows(engine, market_set)}


def test_a_set_of_markets_is_stored_once_and_a_release_keeps_its_history_of_sets(engine):
    say(engine, offered(0, "US", "SE"))
    recorded = say(engine, offered(1, "SE"))
    assert sets(engine) == {1: ["SE", "US"], 2: ["SE"]}
    assert recorded.changed_releases == (1,)
    say(engine, told(Target("deezer", Ask.RELEASE, "r1"), release(1), at=2))  # says nothing of markets
    assert [row.market_set_id for row in rows(engine, release_table)] == [2]
    say(engine, offered(3, "SE", "US"))
    assert [row.market_set_id for row in rows(engine, release_table)] == [1]
    assert words(engine, "release") == [("market_set_id", "1", "2"), ("market_set_id", "2", "1")]


def test_tracks_and_releases_share_sets_whatever_their_order(engine):
    said = release(1, markets=("SE", "US")), song(1, markets=("US", "SE", "US")), song(2, markets=())
    say(engine, told(Target("deezer", Ask.RELEASE, "r1"), *said))
    assert sets(engine) == {1: [], 2: ["SE", "US"]} or sets(engine) == {1: ["SE", "US"], 2: []}
    (row,) = rows(engine, release_table)
    assert [r.market_set_id == row.market_set_id for r in rows(engine, track)] == [True, False]


def test_a_thousand_tracks_in_the_same_184_countries_cost_one_set(engine):
    world = tuple(f"{a}{b}" for a in "ABCDEFGHIJKLMNO" for b in "NOPQRSTUVWXYZ")[:184]
    tracks = [song(number, markets=world) for number in range(1000)]
    say(engine, told(Target("deezer", Ask.RELEASE, "r1"), release(1, markets=world), *tracks))
    assert [row.size for row in rows(engine, market_set)] == [184]
