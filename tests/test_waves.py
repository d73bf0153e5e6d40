"""Waves over the store: found by reading alone, kept by one short transaction, and what falls apart is judged again."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from crawler.journey import waves
from crawler.journey.spine import Journey
from crawler.suspicion.meeting import Names
from crawler.timelapse import Timepiece
from crawler.watching.follow_up import Asking
from storage import judging_queue, roster
from storage.database import writing
from storage.models import campaign, case, profile
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
