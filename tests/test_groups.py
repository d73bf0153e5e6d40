"""Release groups and page groups in the store: ties kept, merges followed, cuts respected."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import insert, select

from crawler.journey.grouping import group_releases
from crawler.suspicion.acts import act_groups
from storage import groups
from storage.database import writing
from storage.models import grouped_release, profile, release, release_group, release_tie, track
from storage.observations import Coverage, CreditSeen, Outcome, ReleaseSeen, Told
from storage.recording.record import record
from storage.targets import Ask, Target

NOW = datetime(2026, 3, 6, tzinfo=UTC)


@pytest.fixture
def shelf(engine):
    """Put releases by (platform, title, barcode, ISRCs); return a function that does."""

    def put(connection, platform, title="Glass Harbour", gtin=None, isrcs=()):
        number = connection.execute(
            insert(release)
            .values(platform=platform, platform_id=f"{platform}-{title}-{gtin}", title=title, title_key=title.lower())
            .values(gtin14=gtin, first_seen_at=NOW, last_seen_at=NOW)
            .returning(release.c.id)
        ).scalar_one()
        for isrc in isrcs:
            connection.execute(
                insert(track)
                .values(release_id=number, platform=platform, platform_id=isrc, title="T", title_key="t")
                .values(isrc=isrc, first_seen_at=NOW, last_seen_at=NOW)
            )
        return number

    return put


def group_ids(connection):
    return dict(connection.execute(select(grouped_release.c.release_id, grouped_release.c.group_id)).all())


def test_a_barcode_ties_over_platforms_and_the_tie_says_so(engine, shelf):
    with writing(engine) as connection:
        a = shelf(connection, "deezer", gtin="00602445790128")
        b = shelf(connection, "spotify", gtin="00602445790128")
        c = shelf(connection, "itunes", title="Another")
        group_releases(connection, [a], NOW)
        group_releases(connection, [b, c], NOW)
        found = group_ids(connection)
        assert found[a] == found[b] != found[c]
        tie = connection.execute(select(release_tie)).one()
        assert (tie.release_a, tie.release_b, tie.basis) == (a, b, "gtin")


def test_a_release_that_ties_two_groups_makes_them_one_and_the_later_says_where_it_went(engine, shelf):
    with writing(engine) as connection:
        codes = [f"GBAYE260000{n}" for n in range(4)]
        a = shelf(connection, "deezer", gtin="00602445790128")
        b = shelf(connection, "spotify", isrcs=codes)
        group_releases(connection, [a], NOW)
        group_releases(connection, [b], NOW)
        before = group_ids(connection)
        c = shelf(connection, "tidal", gtin="00602445790128", isrcs=codes)
        group_releases(connection, [c], NOW)
        after = group_ids(connection)
        assert before[a] != before[b]
        assert set(after.values()) == {before[a]}
        assert (
            connection.scalar(select(release_group.c.merged_into).where(release_group.c.id == before[b])) == before[a]
        )


@pytest.mark.parametrize("store_first", [True, False])
def test_a_store_that_writes_its_artists_in_one_text_is_tied_to_those_that_list_them(engine, store_first):
    """The first is as iTunes tells it (suffix, a moment, no codes), then TIDAL and an upload to SoundCloud."""
    store = ReleaseSeen(
        "71", "Marble Stairs - Single", kind="Album", date="2024-01-19T08:00:00Z", track_count=1,
        credits=(CreditSeen("Nova Quill & Aino Kuusi", "501"),),
    )  # fmt: skip
    listing = ReleaseSeen(
        "81", "Marble Stairs", kind="SINGLE", date="2024-01-19", upc="602445790128", track_count=1,
        credits=(CreditSeen("Aino Kuusi", "602"), CreditSeen("Nova Quill", "601")),
    )  # fmt: skip
    upload = ReleaseSeen(
        "91", "Marble Stairs", kind="track", date="2024-01-19", track_count=1,
        credits=(CreditSeen("Nova Quill"), CreditSeen("Harbour Office", "harbour-office", "uploader")),
    )  # fmt: skip
    other = ReleaseSeen(
        "72", "Marble Stairs - Single", kind="Album", date="2024-01-19T08:00:00Z", track_count=1,
        credits=(CreditSeen("Nova Else & Quill", "502"),),
    )  # fmt: skip
    told = [("itunes", store), ("itunes", other), ("tidal", listing), ("soundcloud", upload)]
    found = {}
    with writing(engine) as connection:
        for platform, seen in told if store_first else reversed(told):
            target = Target(platform, Ask.RELEASE, seen.id)
            recorded = record(connection, Told(target, (seen,), Coverage(Outcome.COMPLETE), NOW, NOW))
            group_releases(connection, recorded.new_releases, NOW)
            found[seen.id] = recorded.new_releases[0]
        groups_of = group_ids(connection)
    assert groups_of[found["71"]] == groups_of[found["81"]] == groups_of[found["91"]] != groups_of[found["72"]]


def test_what_was_cut_by_hand_stays_cut(engine, shelf):
    with writing(engine) as connection:
        a = shelf(connection, "deezer", gtin="00602445790128")
        b = shelf(connection, "spotify", gtin="00602445790128")
        group_releases(connection, [a, b], NOW)
        assert groups.cut(connection, b, "ana", NOW) == [a]
        for _ in range(2):
            group_releases(connection, [a, b], NOW)
            found = group_ids(connection)
            assert found[a] != found[b]
        groups.uncut(connection, b, [a])
        group_releases(connection, [b], NOW)
        found = group_ids(connection)
        assert found[a] == found[b]


def test_pages_of_one_name_are_one_act_where_each_platform_has_but_one():
    assert act_groups({1: "deezer", 2: "spotify", 3: "itunes"}, {}) == {(1, 2, 3): "name"}
    assert act_groups({1: "deezer"}, {}) == {(1,): "alone"}


def test_two_pages_of_one_name_on_one_platform_are_two_acts_that_only_releases_tie():
    shares = {1: {10}, 2: {11}, 3: {11, 12}}
    found = act_groups({1: "deezer", 2: "deezer", 3: "spotify"}, shares)
    assert found == {(1,): "alone", (2, 3): "shared release"}


def test_page_groups_follow_what_is_learnt(engine):
    with writing(engine) as connection:
        ids = [
            connection.execute(
                insert(profile)
                .values(platform=platform, platform_id=str(n), name="Ovels", name_key="ovels")
                .values(first_seen_at=NOW, last_seen_at=NOW)
                .returning(profile.c.id)
            ).scalar_one()
            for n, platform in enumerate(("deezer", "spotify"))
        ]
        groups.group_profiles(connection, {(ids[0],): "alone"}, NOW)
        groups.group_profiles(connection, {tuple(ids): "name"}, NOW)
        assert len(set(groups.profile_group_of(connection, ids).values())) == 1
        done = groups.group_profiles(connection, {(ids[0],): "alone", (ids[1],): "alone"}, NOW)
        assert len(set(groups.profile_group_of(connection, ids).values())) == 2
        assert done.merged == {}
