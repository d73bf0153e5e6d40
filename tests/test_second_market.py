"""A second market is asked about what has an open case, and about nothing else."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from crawler.journey import Journey
from crawler.suspicion.meeting import names_of
from crawler.timelapse import Timepiece
from crawler.watching.follow_up import Asking
from crawler.watching.recheck import next_due
from spiders.base.platform import platform
from storage import roster
from storage.database import writing
from storage.facts import bindings
from storage.models import target
from storage.observations import CreditSeen, ReleaseSeen
from storage.targets import Ask, Target
from tests.journey_stage import HOME, STRANGE, cases_of, full, take
from tests.say import day
from tests.test_recheck import CALM, NOW

US = Target("spotify", Ask.RELEASES, "s1", "album", "US")
DE = replace(US, market="DE")
TITLES = ["Salt Hours", "Lower Garden", "The Winter Ledger", "Kindling", "Small Cartography", "Aftersun", "Tidewater"]
PAST = [ReleaseSeen(f"r{n}", t, date="2019-05-03", kind="album", listed_on="s1") for n, t in enumerate(TITLES, 1)]
FAKE = ReleaseSeen("r41", "Neon Fever", date="2026-01-30", kind="album", listed_on="s1")


def staged(engine, second):
    """A journey on one platform with markets, and a forgery on the artist's page there."""
    with writing(engine) as connection:
        ids, _ = roster.keep_artists(connection, [roster.Monitored("k", "Ada Quillfeather", None, 1.0, (), ())], day(0))
        page = roster.Standing(ids["k"], "spotify", "s1", "official", "roster", "Ada Quillfeather")
        roster.keep_standings(connection, [page], day(0))
        asking = Asking({"spotify": platform("spotify")}, {"spotify": "US"}, second)
        journey = Journey(asking, names_of(bindings.monitored(connection)), Timepiece())
        journey.owned = bindings.owned(connection)
    take(engine, journey, US, *PAST, at=0, received=len(PAST))
    for n, title in enumerate(TITLES, 1):
        take(engine, journey, record(n), *told(n, title, HOME, "GBAYE"), at=0)
    take(engine, journey, US, *PAST, FAKE, at=30, received=len(PAST) + 1)
    take(engine, journey, record(41), *told(41, "Neon Fever", STRANGE, "QZXXA", date="2026-01-30"), at=30.1)
    return journey


def told(*about, **more):
    for one in full(*about, **more):
        yield replace(one, credits=(CreditSeen("Ada Quillfeather", "s1"),))


def record(number):
    return Target("spotify", Ask.RELEASE, f"r{number}", market="US")


def asked_in(engine, market):
    with engine.connect() as connection:
        query = select(target.c.subject, target.c.section).where(target.c.market == market, target.c.ask == "releases")
        return {tuple(row) for row in connection.execute(query.where(target.c.due_at.is_not(None)))}


@pytest.mark.parametrize(("second", "status"), [("DE", "open"), ("", "gone"), ("US", "gone")])
def test_what_is_hidden_in_the_market_asked_is_gone_only_where_no_other_shows_it(engine, second, status):
    journey = staged(engine, second)
    assert [one.status for one in cases_of(engine)] == ["open"]
    assert asked_in(engine, "DE") == ({("s1", "album"), ("s1", "single")} if second == "DE" else set())
    if second == "DE":
        take(engine, journey, DE, *PAST, FAKE, at=31, received=len(PAST) + 1)
    for at in (32, 33.5):
        take(engine, journey, US, *PAST, at=at, received=len(PAST))
    assert [one.status for one in cases_of(engine)] == [status]
    if second == "DE":
        for at in (34, 35.5):
            take(engine, journey, DE, *PAST, at=at, received=len(PAST))
        assert [one.status for one in cases_of(engine)] == ["gone"], "hidden everywhere that is asked"


def test_what_stands_only_in_the_second_market_is_no_news_and_its_record_is_not_asked(engine):
    journey = staged(engine, "DE")
    regional = ReleaseSeen("r50", "Nur Hier", date="2018-05-04", kind="album", listed_on="s1")
    take(engine, journey, DE, *PAST, FAKE, regional, at=31, received=len(PAST) + 2)
    assert [one.title for one in cases_of(engine)] == ["Neon Fever"]
    with engine.connect() as connection:
        assert not connection.scalars(select(target.c.id).where(target.c.subject == "r50")).all()


def test_a_list_in_the_second_market_rests_when_its_case_does():
    asked = replace(CALM, second=True)
    assert next_due(asked, NOW) is None
    assert next_due(replace(asked, suspected=True), NOW) <= NOW + timedelta(days=1)
