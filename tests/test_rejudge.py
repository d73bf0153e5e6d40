"""Judging a whole store again: on several processes as on one, and a verdict that is given meanwhile stays."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import delete, select

from crawler.journey import rejudge
from crawler.journey.rejudge import Order
from crawler.verdicts import decide
from storage.database import open_database, upgrade, writing
from storage.models import artist, case, case_history, census, finding, outbox
from storage.models import rejudge as queue
from storage.normalize import name_key
from tests.journey_stage import PLATFORMS, STRANGE, arrive, cases_of, seven_albums, with_one_artist
from tests.say import day


@pytest.fixture
def stored(tmp_path):
    """A store in a file, that other processes can open, with one artist's past and a forgery that is a case."""
    url = f"sqlite:///{tmp_path / 'store.db'}"
    upgrade(url)
    engine = open_database(url)
    journey = with_one_artist(engine)
    past = seven_albums(engine, journey)
    arrive(engine, journey, past, 50, "Neon Fever", STRANGE, "QZXY9")
    yield engine, Order(url, PLATFORMS, {}, -3.0, day(40))
    engine.dispose()


def judged(engine, order, processes):
    *_, done = rejudge.rejudge(engine, order, processes)
    with engine.connect() as connection:
        lists = connection.execute(select(census.c.place, census.c.title, census.c.bits)).all()
    return done, [(c.kind, c.title, c.bits, c.status, c.loud) for c in cases_of(engine)], lists


def forget(engine):
    with writing(engine) as connection:
        for table in (finding, case_history, outbox, case, census):
            connection.execute(delete(table))
        connection.execute(queue.insert().values(artist_id=1, group_id=0, kind="artist", why="x", since=day(39)))


def test_several_processes_judge_as_one_does_and_leave_nothing_queued(stored, monkeypatch):
    engine, order = stored
    monkeypatch.setattr(rejudge, "AT_ONCE", 1)
    second = {"id": 2, "key": "b", "name": "Bo Marsh", "name_key": name_key("Bo Marsh"), "weight": 1.0, "watched": True}
    with writing(engine) as connection:  # a second task, for which one process would be too few
        connection.execute(artist.insert().values(**second, added_at=day(0), changed_at=day(0)))
    (opened,) = cases_of(engine)
    found = []
    for processes in (1, 2):
        forget(engine)
        done, cases, lists = judged(engine, order, processes)
        assert (done.artists, done.kept.opened) == (2, 1)
        found.append((cases, lists))
    assert found[0] == found[1]
    assert [(one[1], one[2]) for one in found[0][0]] == [(opened.title, opened.bits)]
    assert len(found[0][1]) == 7
    with engine.connect() as connection:
        assert connection.execute(select(queue)).all() == []


def test_a_verdict_that_is_given_while_others_judge_is_not_written_over(stored, monkeypatch):
    engine, order = stored
    (opened,) = cases_of(engine)
    judge = rejudge._judge

    def interrupted(part):
        heard = judge(part)
        with writing(engine) as connection:
            decide(connection, opened.id, "impersonation", "ann", "", day(40) + timedelta(minutes=1))
        return heard

    monkeypatch.setattr(rejudge, "_judge", interrupted)
    judged(engine, order, 1)
    (after,) = cases_of(engine)
    assert after.status == "confirmed"


def test_a_case_that_is_opened_here_is_asked_about_in_the_second_market_as_one_that_a_worker_opens(stored):
    _, order = stored
    there = replace(order, platforms=("spotify",), markets={"spotify": "US"}, second="DE").asking
    assert {one.market for one in there.elsewhere("spotify", "s1")} == {"DE"}
