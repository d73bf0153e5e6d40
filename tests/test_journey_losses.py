"""What is taken from or changed on an artist's own: releases that go, tracks and covers that are exchanged, pages."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from crawler import verdicts
from storage import roster
from storage.database import writing
from storage.models import grouped_release, release
from storage.observations import (
    ProfileSeen,
    ReleaseSeen,
    TrackSeen,
)
from storage.targets import Ask, Target
from tests.journey_stage import (
    HOME,
    PAGE,
    STRANGE,
    TITLES,
    arrive,
    cases_of,
    full,
    listed,
    platforms_of,
    seven_albums,
    take,
)
from tests.say import day


def grow(engine, journey, registrant, *, swapped):
    """The third album's record tells a track more from some day on, in the place of another where it is swapped."""
    head, *tracks = full(3, TITLES[2], HOME, "GBAYE", upc="5060000000003")
    kept = tracks[:-1] if swapped else tracks
    new = TrackSeen("t3-99", "Glass Prophet", "r3", position=8, duration_ms=150_000, isrc=f"{registrant}2600099")
    for at in (20, 34):
        take(engine, journey, Target("deezer", Ask.RELEASE, "r3"), head, *kept, new, at=at)


def test_an_official_release_that_disappears_is_an_event_of_its_own_and_clears_when_it_is_back(
    engine, journey, with_past
):
    short = with_past[:-1]
    for at in (10, 11):
        take(engine, journey, PAGE, *short, at=at, received=len(short))
    assert [(found.kind, found.title, found.status) for found in cases_of(engine)] == [
        ("disappearance", TITLES[-1], "open")
    ]
    take(engine, journey, PAGE, *with_past, at=12, received=len(with_past))
    assert [found.status for found in cases_of(engine)] == ["cleared"]


def test_what_goes_from_one_store_and_stays_on_another_is_loud_and_what_its_owner_withdraws_everywhere_is_not(
    engine, journey, with_past
):
    other = Target("itunes", Ask.RELEASES, "i1")
    there = [listed(n, title, page="i1") for n, title in enumerate(TITLES, 1)]
    take(engine, journey, other, *there, at=0.1, received=len(there))
    one, both = with_past[:-1], with_past[:-2]
    for at in (10, 11):
        take(engine, journey, other, *there, at=at + 0.2, received=len(there))
        take(engine, journey, PAGE, *one, at=at + 0.5, received=len(one))
    (complained,) = cases_of(engine)
    assert (complained.title, complained.loud) == (TITLES[-1], True)
    assert "still on itunes" in str(complained.evidence)
    rest = [one for one in there if one.id != f"r{len(TITLES) - 1}"]
    for at in (20, 21):
        take(engine, journey, PAGE, *both, at=at, received=len(both))
        take(engine, journey, other, *rest, at=at + 0.1, received=len(rest))
    (withdrawn,) = [found for found in cases_of(engine) if found.title == TITLES[-2]]
    assert (withdrawn.status, withdrawn.loud) == ("open", False)
    assert platforms_of(engine, withdrawn.id) == {"deezer", "itunes"}


@pytest.mark.parametrize(("registrant", "opened"), [("QZXXA", 1), ("GBAYE", 0)])
def test_a_strange_track_in_the_place_of_one_that_stood_there_is_an_event_and_a_bonus_track_is_not(
    engine, journey, with_past, registrant, opened
):
    grow(engine, journey, registrant, swapped=bool(opened))
    assert [(found.kind, found.title) for found in cases_of(engine)] == [("tampering", TITLES[2])] * opened


def test_a_suspect_release_does_not_make_its_registrant_home_for_a_track_that_is_swapped_in(engine, journey, with_past):
    arrive(engine, journey, with_past, 41, "Neon Fever", STRANGE, "QZXXA", at=10)
    grow(engine, journey, "QZXXA", swapped=True)
    _, swap = cases_of(engine)
    assert swap.kind == "tampering"
    assert "recordings.changed_foreign" in str(swap.evidence)


def test_a_swapped_track_is_one_case_still_when_its_release_turns_out_to_be_one_with_an_older_one(engine, journey):
    there = Target("itunes", Ask.RELEASES, "i1")
    old = ReleaseSeen("i3", "Ledger", date="2019-05-03", kind="album", listed_on="i1")
    take(engine, journey, there, old, at=0, received=1)
    seven_albums(engine, journey)
    grow(engine, journey, "QZXXA", swapped=True)
    (swap,) = cases_of(engine)
    take(engine, journey, there, replace(old, title=TITLES[2]), at=40, received=1)
    (moved,) = cases_of(engine)
    with engine.connect() as connection:
        query = select(grouped_release.c.group_id).join(release, release.c.id == grouped_release.c.release_id)
        held = connection.scalars(query.where(release.c.platform_id.in_(("i3", "r3")))).all()
    assert (moved.id, held) == (swap.id, [-moved.group_id] * 2)
    assert moved.key != swap.key


def test_what_changed_on_a_release_is_found_on_stores_and_on_no_reference_that_lists_it(engine, journey, with_past):
    with writing(engine) as connection:
        entry = roster.Standing(1, "musicbrainz", "m1", "official", "roster", "Ada Quillfeather")
        roster.keep_standings(connection, [entry], day(0))
    known = [listed(f"m{n}", title, page="m1") for n, title in enumerate(TITLES)]
    take(engine, journey, Target("musicbrainz", Ask.RELEASES, "m1"), *known, at=1, received=len(known))
    grow(engine, journey, "QZXXA", swapped=True)
    (swap,) = cases_of(engine)
    assert platforms_of(engine, swap.id) == {"deezer"}


def test_another_cover_on_an_official_release_is_a_quiet_event_and_one_that_it_had_before_is_none(
    engine, journey, with_past
):
    def covered(cover, at):
        rows = [replace(one, cover_url=f"https://img.example/{cover}") for one in with_past[:1]] + with_past[1:]
        take(engine, journey, PAGE, *rows, at=at, received=len(rows))
        return [(found.kind, found.title, found.loud, found.revision) for found in cases_of(engine)]

    assert covered("a", 10) == []
    assert covered("a", 11) == []
    assert covered("b", 12) == [("tampering", TITLES[0], False, 1)]
    assert "https://img.example/b" in str(cases_of(engine)[0].evidence)
    with writing(engine) as connection:
        verdicts.decide(connection, 1, "legitimate", "ana", "", day(13))
    before = covered("b", 14)
    assert covered("a", 15) == covered("b", 16) == before


def test_an_official_page_whose_name_changes_is_an_event(engine, journey):
    about = Target("deezer", Ask.PROFILE, "d1")
    take(engine, journey, about, ProfileSeen("d1", "Ada Quillfeather", image_url="https://x.example/1"), at=0)
    take(engine, journey, about, ProfileSeen("d1", "Ada Quillfeather", image_url="https://x.example/1"), at=5)
    assert cases_of(engine) == []
    take(engine, journey, about, ProfileSeen("d1", "Neon Prophet", image_url="https://x.example/2"), at=9)
    assert [found.kind for found in cases_of(engine)] == ["tampering"]


def test_the_first_look_at_a_page_that_only_a_link_named_before_changes_nothing(engine, journey):
    about, there = Target("deezer", Ask.PROFILE, "d1"), {"url": "https://www.deezer.com/artist/d1"}
    take(engine, journey, about, ProfileSeen("d1", "Ada Quillfeather (エイダ)", **there), at=0)
    assert cases_of(engine) == []
    take(engine, journey, about, ProfileSeen("d1", "Neon Prophet", **there), at=9)
    assert [found.kind for found in cases_of(engine)] == ["tampering"]


def test_a_store_that_writes_all_its_covers_anew_opens_no_case(engine, journey, with_past):
    for dress, at in (("a", 5), ("c", 12)):
        rows = [replace(row, cover_url=f"https://x.example/{n}-{dress}.jpg") for n, row in enumerate(with_past)]
        take(engine, journey, PAGE, *rows, at=at, received=len(rows))
    assert cases_of(engine) == []


def test_covers_that_a_store_writes_anew_in_several_answers_are_no_event_either(engine, journey, with_past):
    def dressed(dress):
        return [replace(row, cover_url=f"https://x.example/{row.id}-{dress}.jpg") for row in with_past]

    old, new = dressed("old"), dressed("new")
    take(engine, journey, PAGE, *old, at=5, received=7)
    take(engine, journey, Target("deezer", Ask.RELEASE, new[0].id), replace(new[0], listed_on=None), at=20)
    assert cases_of(engine) == [], "one record tells not whether all covers are written anew"
    take(engine, journey, PAGE, *new[:4], *old[4:], at=20.1, received=7)
    assert cases_of(engine) == []
