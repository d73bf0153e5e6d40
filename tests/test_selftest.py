"""The selftest's own promises."""

from datetime import timedelta

import pytest

from crawler.demo import play, selftest
from storage import judging_queue
from storage.database import writing
from storage.targets import Ask, Target
from tests.journey_stage import PAGE, TITLES, listed, seven_albums, take, with_one_artist
from tests.say import day


def test_a_selftest_that_is_stopped_tells_nothing_and_is_no_success(tmp_path, monkeypatch):
    stopped = play.Ran(settings=None, stopped=True)
    monkeypatch.setattr(selftest, "in_reactor", lambda main: stopped)  # a reactor runs once in a process
    with pytest.raises(KeyboardInterrupt):
        selftest.run(tmp_path, ("G1",), seed=19, days=2, scale=0.05, progress=lambda worker: None)


def bound(platform, page, release, since=0):
    return {"platform": platform, "profile": page, "release": release, "track": None, "since": day(since).isoformat()}


def planted(*bindings, seen=0):
    visible = day(seen).isoformat()
    return {"bindings": bindings, "profiles": [], "visible_from": visible, "swapped_at": None, "kind": "hijack"}


@pytest.fixture
def albums(engine):
    """Seven albums that stood on a page at the first whole look, with their census."""
    journey = with_one_artist(engine)
    rows = seven_albums(engine, journey)
    with writing(engine) as connection:
        judging_queue.want_census(connection, [1], day(1))
        while journey.catch_up(connection):
            pass
    return journey, rows


def test_what_stood_at_the_first_whole_look_has_a_place_unless_a_store_began_to_show_it_later(engine, albums):
    journey, rows = albums
    take(engine, journey, PAGE, *rows, listed(8, "Neon Fever"), at=3, received=8)
    with engine.connect() as connection:
        places = [selftest._place(connection, planted(bound("deezer", "d1", f"r{n}"))) for n in range(1, 8)]
        assert sorted(places) == list(range(1, len(TITLES) + 1))
        assert selftest._place(connection, planted(bound("deezer", "d1", "r8"))) is None
        both = planted(bound("deezer", "d1", "r1"), bound("deezer", "d1", "r8"))
        assert selftest._place(connection, both) is None
        assert selftest._place(connection, planted(bound("deezer", "d1", "unheard"))) is None


@pytest.mark.parametrize(("place", "wrong"), [(1, ""), (3, ""), (4, "not found"), (None, "not found")])
def test_an_attack_without_a_case_is_met_by_one_of_the_first_three_places_alone(place, wrong):
    assert selftest._attacked(planted(), found=False, looks=None, place=place, spoken=set()) == wrong


def test_looks_are_those_at_the_list_that_was_looked_at_most_since_it_showed_the_event(engine, albums):
    journey, rows = albums
    other = Target("itunes", Ask.RELEASES, "i1")
    for at in range(1, 7):
        take(engine, journey, PAGE, *rows, at=at, received=7)
        if at % 3 == 0:
            take(engine, journey, other, *rows, at=at, received=7)
    mornings, cases = [day(at) for at in range(7)], [{"opened_at": day(6)}]

    def looks(*bindings, seen=0, mornings=mornings):
        return selftest._looks(connection, planted(*bindings, seen=seen), cases, mornings)

    with engine.connect() as connection:
        slow, quick = bound("itunes", "i1", "r1"), bound("deezer", "d1", "r1")
        assert looks(slow) == 2
        assert looks(slow, quick) == looks(quick) == 6
        assert looks(slow, bound("deezer", "d1", "r1", since=5)) == 2
        assert looks(quick, seen=4) == 2
        assert looks(bound("tidal", "t1", "r1")) == 6
        assert looks(quick, mornings=[day(1), day(6) + timedelta(hours=1)]) == 1
