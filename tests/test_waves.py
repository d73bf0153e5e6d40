"""Waves over the store: found by reading alone, kept by one short transaction, and what falls apart is judged again."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from crawler.journey import waves
from crawler.journey.spine import Journey
from crawler.suspicion.meeting import Names
from crawler.timelapse import Timepiece
from crawler.watching.follow_up import Asking
from storage import judging_queue, roster
from storage.console import pages
from storage.database import writing
from storage.models import campaign, case, profile, rejudge
from tests.opened import page_case

NOW = datetime(2026, 3, 6, tzinfo=UTC)
IMAGE = "https://img.example/one.jpg"


@pytest.fixture
def two_cases(engine):
    """Open a case against each of two artists, by strange pages with one image."""
    with writing(engine) as connection:
        people = [roster.Monitored(k, f"{k} Quill", None, 1.0, (), ()) for k in ("Ada", "Bea")]
        ids, _ = roster.keep_artists(connection, people, NOW)
        pages = [roster.Standing(ids[k], "deezer", k, "suspected", "search", k) for k in sorted(ids)]
        roster.keep_standings(connection, pages, NOW)
        connection.execute(profile.update().values(image_url=IMAGE))
        numbers = connection.scalars(select(profile.c.id).order_by(profile.c.platform_id)).all()
        opened = [page_case(connection, ids[k], n, NOW) for k, n in zip(sorted(ids), numbers, strict=True)]
    return sorted(ids.values()), opened


def looked(engine, before, at=NOW):
    """Look for waves and keep them; return them."""
    with writing(engine) as connection:
        found = waves.find(connection, at)
        waves.keep(connection, found, before, at)
    return found.waves


def joined(engine):
    """Map cases to their campaigns."""
    with engine.connect() as connection:
        return dict(map(tuple, connection.execute(select(case.c.id, case.c.campaign_id).order_by(case.c.id))))


def queued(connection):
    return sorted(judging_queue.next_artists(connection, "r", 10))


def test_looking_for_waves_writes_nothing_and_keeping_them_queues_their_members(engine, two_cases):
    artist_ids, opened = two_cases
    with engine.connect() as connection:
        found = waves.find(connection, NOW)
        assert sorted(found.waves) == opened
        assert connection.scalars(select(campaign.c.id)).all() == []
        assert queued(connection) == []
    with writing(engine) as connection:
        waves.keep(connection, found, {}, NOW)
    with engine.connect() as connection:
        assert len(set(connection.scalars(select(case.c.campaign_id)))) == 1
        assert queued(connection) == artist_ids


def test_what_was_rolled_back_is_queued_by_the_next_try(engine, two_cases):
    artist_ids, _ = two_cases
    journey = Journey(Asking({}, {}), Names(), Timepiece(origin=NOW))
    with engine.connect() as connection:
        found = journey.look_for_waves(connection)

    def fall(connection):
        journey.keep_waves(connection, found)
        raise ConnectionError

    with pytest.raises(ConnectionError), writing(engine) as connection:
        fall(connection)
    with writing(engine) as connection:
        journey.keep_waves(connection, found)
        assert queued(connection) == artist_ids
    assert journey.waves == {}
    journey.follow_waves(found)
    assert journey.waves == found.waves


def test_the_last_member_of_a_wave_is_judged_again_when_the_other_is_cleared(engine, two_cases):
    artist_ids, opened = two_cases
    with engine.connect() as connection:
        before = waves.find(connection, NOW).waves
    with writing(engine) as connection:
        connection.execute(case.update().where(case.c.id == opened[1]).values(status="cleared"))
    with writing(engine) as connection:
        alone = waves.find(connection, NOW)
        assert alone.waves == {}
        waves.keep(connection, alone, before, NOW)
        assert queued(connection) == artist_ids[:1]


def test_a_wave_that_fell_apart_is_no_longer_listed_and_its_cases_are_in_none(engine, two_cases):
    artist_ids, opened = two_cases
    before = looked(engine, {})
    with engine.connect() as connection:
        assert [row["cases"] for row in pages.campaigns(connection)] == [2]
    with writing(engine) as connection:
        connection.execute(profile.update().where(profile.c.platform_id == "Bea").values(image_url=None))
        connection.execute(rejudge.delete())
    assert before != looked(engine, {}) == {}  # as after a restart: this worker knows of no waves
    assert joined(engine) == dict.fromkeys(opened)
    with engine.connect() as connection:
        assert pages.campaigns(connection) == []
        assert queued(connection) == artist_ids


def test_age_alone_parts_no_wave(engine, two_cases):
    _, opened = two_cases
    looked(engine, {})
    numbers = set(joined(engine).values())
    with writing(engine) as connection:
        connection.execute(case.update().where(case.c.id == opened[0]).values(opened_at=NOW - timedelta(days=20)))
    assert looked(engine, {}, NOW + timedelta(days=50)) == {}
    assert set(joined(engine).values()) == numbers


@pytest.fixture
def four_cases(engine, two_cases):
    """Open a case against each of two artists more, with the same image."""
    with writing(engine) as connection:
        people = [roster.Monitored(k, f"{k} Quill", None, 1.0, (), ()) for k in ("Cee", "Dot")]
        ids, _ = roster.keep_artists(connection, people, NOW)
        pages_ = [roster.Standing(ids[k], "deezer", k, "suspected", "search", k) for k in sorted(ids)]
        roster.keep_standings(connection, pages_, NOW)
        connection.execute(profile.update().values(image_url=IMAGE))
        numbers = dict(map(tuple, connection.execute(select(profile.c.platform_id, profile.c.id))))
        return two_cases[1] + [page_case(connection, ids[k], numbers[k], NOW) for k in sorted(ids)]


def test_a_wave_that_split_is_two_campaigns_that_stay_two_and_is_one_again_when_it_is_tied_again(engine, four_cases):
    waves_ = looked(engine, {})
    (number,) = set(joined(engine).values())
    with writing(engine) as connection:
        connection.execute(profile.update().where(profile.c.platform_id.in_(["Cee", "Dot"])).values(image_url="other"))
    for _ in range(2):
        waves_ = looked(engine, waves_)
        parts = [joined(engine)[one] for one in four_cases]
        assert parts[:2] == [number, number]
        assert parts[2] == parts[3] != number
    with writing(engine) as connection:
        connection.execute(profile.update().values(image_url=IMAGE))
    looked(engine, waves_)
    assert set(joined(engine).values()) == {number}
    with writing(engine) as connection:
        connection.execute(profile.update().where(profile.c.platform_id == "Dot").values(image_url=None))
    looked(engine, {})
    assert [joined(engine)[one] for one in four_cases] == [number, number, number, None]
