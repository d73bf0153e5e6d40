"""When a list is asked again, through a whole journey: silence counts from the last news."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from crawler.journey import Journey
from crawler.suspicion.meeting import Names
from crawler.timelapse import Timepiece
from crawler.watching.follow_up import Asking
from spiders.base.platform import platform
from storage import frontier, roster
from storage.database import writing
from storage.frontier import Wanted
from storage.models import target
from storage.roster import Monitored, Standing
from storage.targets import Ask
from tests.say import day, page_of, releases


@pytest.fixture
def journey(engine):
    with writing(engine) as connection:
        ids, _ = roster.keep_artists(connection, [Monitored("k", "Ovels", None, 1.0, (), ())], day(0))
        page = Standing(ids["k"], "deezer", "p1", "official", "roster", "Ovels")
        roster.keep_standings(connection, [page], day(0))
        frontier.want(connection, [Wanted(page_of(), day(0), 3, (ids["k"],))], day(0))
    return Journey(Asking({"deezer": platform("deezer")}, {}), Names(), Timepiece())


def look(engine, journey, at, *numbers):
    """Claim the list, tell what it shows, and return how long it rests after that."""
    with writing(engine) as connection:
        now = day(at)
        (mine,) = frontier.claim(
            *(connection, "deezer", "me", now, now, timedelta(minutes=15)), batch={}, resting=[Ask.RELEASE]
        )
        told = releases(*numbers, at=at)
        journey.take(connection, type(told)(mine, told.observations, told.coverage, told.started_at, now), "me")
        return connection.scalar(select(target.c.due_at).where(target.c.id == mine.id)) - now


def test_a_list_that_brings_news_is_not_asked_later_for_being_old(engine, journey):
    assert look(engine, journey, 0, 1) < timedelta(days=1.01)
    silent = look(engine, journey, 119, 1)
    assert timedelta(days=1.7) < silent < timedelta(days=2)
    assert look(engine, journey, 121.5, 1, 2) < timedelta(days=0.51)  # news
    after = look(engine, journey, 122.5, 1, 2)
    assert timedelta(days=0.85) < after < timedelta(days=1.01)
    assert timedelta(days=1.4) < look(engine, journey, 121.5 + 100, 1, 2) < timedelta(days=1.7)
