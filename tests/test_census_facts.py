"""The census hears what authorities claim, what references list, and what the rest of the store knows."""

import pytest
from sqlalchemy import select

from storage import claims, judging_queue, roster
from storage.claims import Claim
from storage.database import writing
from storage.facts import spreads
from storage.models import census
from storage.targets import Ask, Target
from tests.journey_stage import HOME, PAGE, TITLES, full, listed, seven_albums, take
from tests.say import day

ENTRY = Target("musicbrainz", Ask.RELEASES, "m1", "releases")


def ranked(engine, journey):
    with writing(engine) as connection:
        judging_queue.want_census(connection, [1], day(1))
        while journey.catch_up(connection):
            pass
        return {row.title: row for row in connection.execute(select(census).order_by(census.c.place))}


def test_what_an_authority_refuses_stands_first_though_it_looks_like_the_rest(engine, journey):
    seven_albums(engine, journey)
    with writing(engine) as connection:
        claims.keep(connection, [Claim(1, "release", "deezer:r3", "deezer:r3", "not_ours", "rights_holder")], day(1))
    found = ranked(engine, journey)
    assert found[TITLES[2]].place == 1
    assert "deezer:r3 is not ours" in found[TITLES[2]].evidence


def test_of_two_strange_releases_the_one_that_a_reference_lists_stands_lower_and_nobody_else_is_on_its_label(
    engine, journey
):
    strange = {8: "Neon Fever", 9: "Paper Moons"}
    rows = [listed(n, title) for n, title in enumerate([*TITLES, *strange.values()], 1)]
    take(engine, journey, PAGE, *rows, at=0, received=len(rows))
    for n, title in enumerate(TITLES, 1):
        take(engine, journey, Target("deezer", Ask.RELEASE, f"r{n}"), *full(n, title, HOME, "GBAYE"), at=0)
    for n, title in strange.items():
        about = Target("deezer", Ask.RELEASE, f"r{n}")
        take(engine, journey, about, *full(n, title, f"{title} Music", f"QZXX{n}"), at=0)
    with writing(engine) as connection:
        entry = roster.Standing(1, "musicbrainz", "m1", "official", "roster", "Ada Quillfeather")
        roster.keep_standings(connection, [entry], day(0))
    take(engine, journey, ENTRY, listed(8, "Neon Fever", page="m1"), at=0, received=1)
    found = ranked(engine, journey)
    assert list(found)[:2] == ["Paper Moons", "Neon Fever"]
    assert '"weight": "reference.lists"' in found["Neon Fever"].evidence
    assert '"weight": "line.new_unknown"' in found["Paper Moons"].evidence


def test_acts_are_counted_by_whose_codes_their_releases_carry_and_by_no_neighbour(engine, journey):
    seven_albums(engine, journey)
    take(
        engine,
        journey,
        Target("deezer", Ask.RELEASE, "r1"),
        *full(1, TITLES[0], HOME, "GBAYE", upc="5060000000009"),
        at=1,
    )
    with engine.connect() as connection:
        assert spreads.of_registrants(connection, 2, ["GBAYD", "GBAYE"]) == {"GBAYD": 0, "GBAYE": 1}
        assert spreads.of_prefixes(connection, 2, ["5060000", "5059999"]) == {"5060000": 1, "5059999": 0}
        assert spreads.of_registrants(connection, 1, ["GBAYE"]) == {"GBAYE": 0}, "the artist's own page is no other act"


@pytest.mark.parametrize("prefix", ["QZAB9", "GBAYZ"])
def test_the_codes_of_a_prefix_end_in_a_digit_as_a_collation_may_sort_signs_before_them(prefix):
    first, last = spreads.span(prefix, spreads.ISRC)
    assert first <= f"{prefix}1900101" <= last
    assert f"{first}{last}".isalnum()
