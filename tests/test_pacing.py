"""How the worker paces lists: by what they show, who is suspected, and where a wave goes round."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from crawler.journey import Journey
from crawler.settings import Settings
from crawler.suspicion.meeting import Names
from crawler.timelapse import Timepiece
from crawler.watching import quotas
from crawler.watching.follow_up import Asking
from crawler.watching.plan import CALM
from crawler.watching.recheck import SPREAD
from spiders.base.platform import platform
from storage import campaigns, frontier, roster, tags
from storage.database import writing
from storage.frontier import Wanted
from storage.models import case, profile, target
from storage.roster import Monitored, Standing
from storage.targets import Ask
from tests.opened import page_case
from tests.say import day, page_of, release, told

PLATFORMS = {"deezer": platform("deezer")}
ACCESS = {"deezer": Settings().access("deezer")}
BUSY, CALM_PAGE = "p0", "p1"
MONTHLY = 30
LEASE = timedelta(minutes=15)


@pytest.fixture
def artists(engine):
    """Twelve artists with a list each."""
    with writing(engine) as connection:
        people = [Monitored(f"k{n}", f"Ovels {n}", None, 1.0, (), ()) for n in range(12)]
        ids, _ = roster.keep_artists(connection, people, day(0))
        pages = [Standing(ids[f"k{n}"], "deezer", f"p{n}", "official", "roster", f"Ovels {n}") for n in range(12)]
        roster.keep_standings(connection, pages, day(0))
        wanted = [Wanted(page_of(f"p{n}"), day(0), 3, (ids[f"k{n}"],)) for n in range(12)]
        frontier.want(connection, wanted, day(0))
        return [ids[f"k{n}"] for n in range(12)]


@pytest.fixture
def journey(artists):
    return Journey(Asking(PLATFORMS, {}), Names(), Timepiece())


def paced(engine, journey, at):
    """Pace the journey as a worker's sweep does."""
    with engine.connect() as connection:
        journey.rhythms = quotas.rhythms(connection, PLATFORMS, ACCESS, day(at))
        (planned,) = quotas.fresh(connection, PLATFORMS, ACCESS, day(at))
    assert journey.rhythms.of["deezer"].pace == planned.pace
    return planned


def claimed(engine, at):
    with writing(engine) as connection:
        return frontier.claim(
            *(connection, "deezer", "me", day(at), day(at), LEASE), batch={}, resting=[Ask.RELEASE], calls=50
        )


def look(engine, journey, at, every=MONTHLY):
    """Look at every list that is due; the first shows a release each `every` days; map lists to their waits in days."""
    busy = [release(n, BUSY, date=str(day(at - every * n).date())) for n in range(1, 3 + 400 // every)]
    asked = claimed(engine, at)
    for mine in asked:
        rows = busy if mine.subject == BUSY else [release(f"old-{mine.subject}", mine.subject, date="2009-05-05")]
        with writing(engine) as connection:
            journey.take(connection, told(mine, *rows, at=at, received=len(rows)), "me")
    with engine.connect() as connection:
        rows = connection.execute(select(target.c.subject, target.c.due_at).where(target.c.ask == "releases"))
        return {row.subject: (row.due_at - day(at)) / timedelta(days=1) for row in rows}


def test_busy_lists_are_asked_sooner_and_calm_ones_daily_as_the_plan_says(engine, journey):
    look(engine, journey, 0)
    planned = paced(engine, journey, 1)
    waits = look(engine, journey, 1.1)
    assert waits[BUSY] < 0.6 * waits[CALM_PAGE]
    assert all(CALM / 2 < wait <= CALM for subject, wait in waits.items() if subject != BUSY)
    assert waits[CALM_PAGE] == pytest.approx(planned.groups[0].longest_days, rel=SPREAD)


def test_an_active_list_gets_no_slower_with_age(engine, journey):
    look(engine, journey, 0)
    paced(engine, journey, 1)
    young = look(engine, journey, 1.1)[BUSY]
    with writing(engine) as connection:
        connection.execute(target.update().values(due_at=day(900)))
    assert look(engine, journey, 900)[BUSY] < 1.2 * young


def test_a_page_that_carries_a_loud_case_is_watched_more_closely_and_first(engine, journey, artists):
    look(engine, journey, 0)
    paced(engine, journey, 1)
    calm = look(engine, journey, 1.1)["p3"]
    with writing(engine) as connection:
        number = connection.scalar(select(profile.c.id).where(profile.c.platform_id == "p3"))
        page_case(connection, artists[5], number, day(1.2))
        connection.execute(case.update().values(loud=True))
    paced(engine, journey, 2)
    waits = look(engine, journey, 2.2)
    assert waits["p3"] < 0.5 * calm
    with writing(engine) as connection:
        connection.execute(target.update().values(due_at=day(3)))
    assert next(one.subject for one in claimed(engine, 5)) == "p3"


def test_a_local_wave_widens_the_watch_to_its_neighbours_for_a_while(engine, journey, artists):
    look(engine, journey, 0)
    paced(engine, journey, 1)
    with writing(engine) as connection:
        tags.keep(connection, {one: ["north"] for one in artists[1:4]} | {artists[6]: ["south"]})
        pages = dict(map(tuple, connection.execute(select(profile.c.platform_id, profile.c.id))))
        hit = [page_case(connection, artists[n], pages[f"p{n}"], day(1)) for n in (1, 2)]
        campaigns.join(connection, hit, "k", ["a tie"], day(1))
        connection.execute(case.update().values(loud=False, status="gone"))
    paced(engine, journey, 2)
    assert journey.rhythms.near == set(artists[1:4])
    waits = look(engine, journey, 2.2)
    assert waits["p3"] < 0.8 * waits["p6"]
    paced(engine, journey, 40)
    assert journey.rhythms.near == frozenset()


def test_a_platform_without_a_plan_goes_by_the_tiers(engine, journey):
    waits = look(engine, journey, 0)
    assert all(0.89 < wait <= 1 for wait in waits.values())
