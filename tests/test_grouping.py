"""Which appearances are one release: ties and groups."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.suspicion.grouping import Appearance, folded_title, grouped, keys_of, regroup, tie, ties

DAY = date(2026, 3, 6)
ORCA = Appearance("deezer", "1", "Orca", frozenset({"artist:1"}), DAY)

appearances = st.builds(
    Appearance,
    platform=st.sampled_from(["deezer", "itunes", "tidal"]),
    platform_id=st.integers(0, 30).map(str),
    title=st.sampled_from(["Orca", "Orca - Single", "Orca (feat. Nobody)", "Tide", "Nachtlicht - EP", ""]),
    acts=st.sets(st.sampled_from(["artist:1", "artist:2", "name:orca"]), max_size=2).map(frozenset),
    dated=st.none() | st.integers(0, 4).map(lambda n: DAY + timedelta(days=n)),
    day=st.booleans(),
    gtins=st.sets(st.sampled_from(["00000000000017", "00000000000024"]), max_size=2).map(frozenset),
    isrcs=st.sets(st.sampled_from(["DEAA12600001", "DEAA12600002", "QZBB12600001"]), max_size=3).map(frozenset),
    track_count=st.none() | st.integers(1, 12),
    kind=st.sampled_from(["single", "album", "ep", ""]),
    line_keys=st.sets(st.sampled_from(["seerose", "fremd"]), max_size=1).map(frozenset),
)
worlds = st.lists(appearances, max_size=14, unique_by=lambda one: one.ref)


def cuts_in(world):
    refs = [one.ref for one in world]
    return st.lists(st.sets(st.sampled_from(refs), min_size=2, max_size=2).map(frozenset), max_size=3)


@st.composite
def shuffled_worlds(draw):
    world = draw(worlds)
    cuts = draw(cuts_in(world)) if len(world) > 1 else []
    return world, draw(st.permutations(world)), cuts


@given(shuffled_worlds())
def test_the_order_of_appearances_does_not_matter(drawn):
    world, other, cuts = drawn
    assert ties(world) == ties(other)
    assert grouped(world, ties(world), cuts) == grouped(other, ties(other), cuts)


@settings(deadline=None)
@given(shuffled_worlds())
def test_grouping_one_by_one_ends_where_grouping_all_at_once_does(drawn):
    world, order, cuts = drawn
    known = {}
    group_of = {}
    for one in order:
        known[one.ref] = one

        def sharing(keys):
            return [other for other in known.values() if keys_of(other) & keys]

        for group in regroup([one], sharing, cuts).groups:
            group_of.update(dict.fromkeys(group, group))
    assert set(group_of.values()) == set(grouped(world, ties(world), cuts))


@given(shuffled_worlds())
def test_what_was_cut_by_hand_never_meets_and_everything_is_in_one_group(drawn):
    world, _, cuts = drawn
    groups = grouped(world, ties(world), cuts)
    assert sorted(ref for group in groups for ref in group) == sorted(one.ref for one in world)
    assert not any(cut <= group for cut in cuts for group in groups)


@given(appearances, appearances)
def test_a_tie_is_the_same_from_both_sides_and_needs_a_shared_key(a, b):
    found = tie(a, b)
    assert found == tie(b, a)
    if found is not None:
        assert keys_of(a) & keys_of(b)


def test_stores_that_name_the_kind_or_shift_the_day_are_tied_by_artist_title_and_date():
    store = replace(ORCA, platform="itunes", title="ORCA - Single", dated=DAY + timedelta(days=1))
    assert tie(ORCA, store).basis == ("title_date",)
    assert tie(ORCA, replace(store, dated=DAY + timedelta(days=2))) is None
    assert tie(ORCA, replace(store, acts=frozenset({"artist:2"}))) is None
    assert tie(ORCA, replace(store, dated=DAY.replace(month=1), day=False)).basis == ("title_year",)


CODED = replace(
    ORCA, gtins=frozenset({"00000000000017"}), isrcs=frozenset({"DEAA12600001", "DEAA12600002"}), track_count=2
)


@pytest.mark.parametrize(
    "edition",
    [
        {"title": "Orca (Deluxe Edition)"},
        {"dated": DAY + timedelta(days=400)},  # put out again
        {"title": "Tide", "dated": DAY + timedelta(days=400)},
        {"isrcs": frozenset({"QZBB12600001"})},  # by another hand
    ],
)
def test_what_bears_another_barcode_is_another_release_unless_title_and_day_are_the_same(edition):
    other = replace(CODED, platform_id="2", gtins=frozenset({"00000000000024"}))
    assert tie(CODED, other).basis == ("isrc", "title_date")  # an explicit and a clean twin, a re-delivery
    assert tie(CODED, replace(other, **edition)) is None


def test_an_upload_goes_with_the_product_whose_title_it_bears_and_never_joins_two():
    again = replace(CODED, platform_id="2", title="Tide", gtins=frozenset({"00000000000024"}), dated=None)
    upload = replace(CODED, platform="soundcloud", gtins=frozenset())
    world = [again, upload, CODED]
    assert grouped(world, ties(world)) == (frozenset({CODED.ref, upload.ref}), frozenset({again.ref}))


def test_where_a_day_is_missing_the_lengths_of_all_tracks_tie_two_platforms():
    a, b = replace(ORCA, lengths=(200_000, 180_500)), replace(ORCA, platform="youtube", lengths=(201_900, 180_000))
    assert tie(a, replace(b, dated=None)).basis == ("title_length",)
    assert tie(a, replace(b, dated=DAY.replace(month=1, day=1), day=False)).basis == ("title_length",)
    assert tie(a, replace(b, dated=DAY + timedelta(days=9))) is None  # days that are told and differ count more
    assert tie(a, replace(b, dated=DAY.replace(year=2025), day=False)) is None
    assert tie(a, replace(b, dated=None, lengths=(203_000, 180_000))) is None
    assert tie(a, replace(b, dated=None, lengths=(200_000,))) is None
    assert tie(a, replace(b, dated=None, platform="deezer", platform_id="2")) is None


def test_a_barcode_ties_whatever_the_title_says():
    a = replace(ORCA, gtins=frozenset({"00000000000017"}))
    b = replace(a, platform="tidal", title="Орка", acts=frozenset(), dated=None)
    assert tie(a, b).basis == ("gtin",)


def test_a_single_is_not_the_album_that_carries_its_recording():
    single = replace(ORCA, isrcs=frozenset({"DEAA12600001"}), track_count=1, kind="single")
    album = replace(single, platform_id="2", track_count=10, kind="album")
    assert tie(single, album) is None
    assert tie(single, replace(album, track_count=None)) is not None  # all its known recordings are the same
    assert tie(replace(single, isrcs=frozenset()), replace(album, isrcs=frozenset(), track_count=None)) is None


def test_a_twin_delivered_by_somebody_else_is_kept_apart_even_by_a_store_that_tells_no_codes():
    real = replace(ORCA, gtins=frozenset({"00000000000017"}), isrcs=frozenset({"DEAA12600001"}))
    forged = replace(ORCA, platform_id="9", gtins=frozenset({"00000000000024"}), isrcs=frozenset({"QZBB12600001"}))
    bare = replace(ORCA, platform="itunes")
    world = [forged, bare, real]
    assert tie(real, forged) is None
    groups = grouped(world, ties(world))
    assert len(groups) == 2
    assert not any({real.ref, forged.ref} <= group for group in groups)


@pytest.mark.parametrize(
    ("printed", "folded"),
    [("Orca - Single", "orca"), ("Orca - EP", "orca"), ("Orca (feat. X) - Single", "orca"), ("Single", "single")],
)
def test_a_stores_suffix_and_guests_are_no_part_of_a_title(printed, folded):
    assert folded_title(printed) == folded
