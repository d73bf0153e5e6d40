"""Stored history under other rules: under its own a store gains and loses nothing, whatever stood there before."""

from dataclasses import replace

import pytest

from crawler.journey import rejudge
from crawler.journey.backtest import replay
from crawler.journey.rejudge import Order
from crawler.suspicion.campaigns import Campaign
from crawler.suspicion.weights import instead
from crawler.verdicts import decide
from storage.database import open_database, upgrade, writing
from storage.observations import ProfileSeen
from storage.targets import Ask, Target
from tests.journey_stage import (
    PLATFORMS,
    STRANGE,
    arrive,
    cases_of,
    seven_albums,
    take,
    with_one_artist,
)
from tests.say import day

SEARCH = Target("deezer", Ask.SEARCH, "Ada Quillfeather")
LENIENT = {"line.new_rarity": -9.0}
COMPANY = Campaign("1", frozenset({1}), frozenset({1, 2, 3, 4}), (), True, day(30), day(31))


@pytest.fixture
def stored(tmp_path):
    """A store in a file, that is judged as a command does it, with one artist's past and a forgery that is a case."""
    url = f"sqlite:///{tmp_path / 'store.db'}"
    upgrade(url)
    engine = open_database(url)
    journey = with_one_artist(engine)
    past = seven_albums(engine, journey)
    arrive(engine, journey, past, 50, "Neon Fever", STRANGE, "QZXY9")
    yield engine, Order(url, PLATFORMS, {}, 9.0, day(31))
    engine.dispose()


def replayed(engine, order):
    with engine.connect() as connection:
        return [(row.what, row.title, row.decision) for row in replay(connection, order)]


def judge_again(engine, order):
    *_, done = rejudge.rejudge(engine, order, 1)
    return done


def test_a_case_that_its_campaign_raised_is_the_same_in_that_company_and_less_alone(stored):
    engine, order = stored
    raised = replace(order, waves={1: COMPANY})
    judge_again(engine, raised)
    assert replayed(engine, raised) == [("same", "Neon Fever", "")]
    assert replayed(engine, order) == [("moved", "Neon Fever", "")]


def test_a_page_that_stood_there_at_the_first_look_is_no_case_gained(stored):
    engine, order = stored
    take(engine, with_one_artist(engine), SEARCH, ProfileSeen("d9", "Ada Quillfeather"), at=0)
    assert replayed(engine, order) == [("same", "Neon Fever", "")]


def test_other_weights_lose_a_case_and_say_what_was_decided_of_it(stored):
    engine, order = stored
    with instead(LENIENT):
        assert replayed(engine, order) == [("lost", "Neon Fever", "")]
    with writing(engine) as connection:
        decide(connection, 1, "impersonation", "ann", "", day(31))
    with instead(LENIENT):
        assert replayed(engine, order) == [("lost", "Neon Fever", "impersonation")]


def test_a_case_that_fell_is_lost_once_and_gained_by_weights_under_which_it_would_open_again(stored):
    engine, order = stored
    with instead(LENIENT):
        judge_again(engine, order)
        assert cases_of(engine)[0].status == "cleared"
        assert replayed(engine, order) == [("same", "Neon Fever", "")]
    assert replayed(engine, order) == [("gained", "Neon Fever", "")]
