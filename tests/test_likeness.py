"""Which monitored names an answer's texts meet, and for what: a page, or a release that names somebody."""

from crawler.suspicion.meeting import likenesses, names_of
from storage.observations import CreditSeen, ProfileSeen, ReleaseSeen, TrackSeen

NAMES = names_of(((1, "Ada Quillfeather", ("Quillfeather",), 1.0), (2, "Ōmura Den", (), 1.0)))


def release(title, *credits):
    return ReleaseSeen("r1", title, credits=credits)


def test_a_profile_is_met_by_its_own_name_disguised_or_not():
    same, disguised, other = (
        ProfileSeen("1", "ADA QUILLFEATHER"),
        ProfileSeen("2", "Adа Quillfeather"),
        ProfileSeen("3", "Bo Harrow"),
    )
    met = likenesses(NAMES, [same, disguised, other])
    assert set(met.profiles) == {"1", "2"}
    assert met.profiles["1"][0].same
    assert not met.profiles["2"][0].same
    assert "U+0430" in met.profiles["2"][0].evidence


def test_a_joint_credit_is_no_name_of_the_page_but_names_the_other_on_the_release():
    met = likenesses(NAMES, [release("Paper", CreditSeen("Bo Harrow & Ada Quillfeather", "9"))])
    assert met.profiles == {}
    ((text, found),) = met.releases["r1"]
    assert (text, found.artist_id, found.whole) == ("Bo Harrow & Ada Quillfeather", 1, False)


def test_a_credit_that_is_the_name_meets_the_credited_page():
    met = likenesses(NAMES, [release("Paper", CreditSeen("Ada Quillfeather", "9"))])
    assert [found.artist_id for found in met.profiles["9"]] == [1]
    assert met.releases == {}


def test_titles_of_releases_and_tracks_are_met_for_their_release():
    track = TrackSeen("t1", "Glass (Ada Quillfeather AI Cover)", "r1")
    met = likenesses(NAMES, [release("Ōmura Den type beat"), track])
    assert {found.artist_id for _, found in met.releases["r1"]} == {1, 2}


def test_official_pages_are_not_met():
    assert likenesses(NAMES, [ProfileSeen("1", "Ada Quillfeather")], owned={"1"}).profiles == {}


def test_without_a_roster_nothing_is_met():
    met = likenesses(names_of(()), [ProfileSeen("1", "Ada Quillfeather")])
    assert (met.profiles, met.releases) == ({}, {})
