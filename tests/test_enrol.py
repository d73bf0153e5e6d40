"""Sweeps: what the roster wants is on the frontier, written in small parts and only where something changed."""

import random
import threading
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event, func, select, update

from crawler.watching import enrol
from crawler.watching.follow_up import Asking
from spiders.base.platform import platform
from storage import frontier, roster
from storage.database import writing
from storage.models import target, watch
from storage.roster import Monitored, Standing
from storage.targets import Ask

NOW = datetime(2026, 3, 2, tzinfo=UTC)
NAMES = ("deezer", "itunes", "spotify")
ASKING = Asking({name: platform(name) for name in NAMES}, {"itunes": "US", "spotify": "US"})


def put(engine, count, aliases=(), first=0):
    """Put artists on the roster, each with a profile everywhere."""
    with writing(engine) as connection:
        people = [Monitored(f"k{n}", f"Artist Number{n}", None, 1.0, tuple(aliases), ()) for n in range(first, count)]
        ids, _ = roster.keep_artists(connection, people, NOW)
        pages = [
            Standing(ids[one.key], name, f"{name}-{one.key}", "official", "roster", one.name)
            for one in people
            for name in NAMES
        ]
        roster.keep_standings(connection, pages, NOW)


def parts(engine, asking=ASKING):
    with engine.connect() as connection:
        return list(enrol.parts(enrol.read(connection, asking), asking, NOW))


def sweep(engine):
    return sum(len(part.wanted) for part in parts(engine) if _kept(engine, part))


def _kept(engine, part):
    with writing(engine) as connection:
        return enrol.keep(connection, part, NOW)


def counted(engine, table):
    with engine.connect() as connection:
        return connection.scalar(select(func.count()).select_from(table))


def test_a_sweep_that_finds_nothing_changed_writes_nothing(engine):
    put(engine, 30)
    assert sweep(engine) > 30 * 3
    before = counted(engine, target), counted(engine, watch)
    assert parts(engine) == []
    assert (counted(engine, target), counted(engine, watch)) == before


def test_an_artist_added_or_renamed_is_all_that_the_next_sweep_writes(engine):
    put(engine, 30)
    sweep(engine)
    put(engine, 31, first=30)
    added = parts(engine)
    assert {artist for part in added for artist in part.marks} == {31}
    assert all(one.artists == (31,) for part in added for one in part.wanted)
    for part in added:
        _kept(engine, part)
    put(engine, 6, aliases=("Somebody Else",), first=5)
    assert {artist for part in parts(engine) for artist in part.marks} == {6}


def test_another_market_or_platform_is_enrolled_and_what_was_is_left_alone(engine):
    put(engine, 3)
    sweep(engine)
    elsewhere = Asking(ASKING.platforms, ASKING.markets | {"itunes": "DE"})
    assert {part.platform for part in parts(engine, elsewhere)} == {"itunes"}


def test_parts_are_short_to_write(engine):
    put(engine, 60)
    made = parts(engine)
    assert len(made) >= 3
    assert max(len(part.wanted) for part in made) < enrol.TOGETHER + 30
    with engine.connect() as connection:
        statements = []
        event.listen(engine, "before_cursor_execute", lambda *a: statements.append(a[2]))
        connection.rollback()
    _kept(engine, made[0])
    assert len(statements) < 12


def test_what_was_forgotten_is_enrolled_anew_and_what_was_retired_is_due_again(engine):
    put(engine, 3)
    sweep(engine)
    with writing(engine) as connection:
        connection.execute(update(target).values(due_at=None))
        frontier.forget(connection, [2])
    assert {artist for part in parts(engine) for artist in part.marks} == {2}
    sweep(engine)
    with engine.connect() as connection:
        live = select(target.c.id, target.c.ask).where(target.c.due_at.is_not(None))
        rows = connection.execute(live).all()
        assert {Ask(row.ask) for row in rows} >= {Ask.SEARCH, Ask.PROFILE, Ask.RELEASES}
        watched = set(connection.scalars(select(watch.c.artist_id).where(watch.c.target_id.in_([r.id for r in rows]))))
    assert watched == {2}


@pytest.mark.parametrize("store_url", [pytest.param("postgresql", marks=pytest.mark.postgres)], indirect=True)
def test_workers_with_their_platforms_in_other_orders_enrol_at_once_without_deadlock(engine):
    put(engine, 120)
    made, errors = parts(engine), []
    barrier = threading.Barrier(3, timeout=30)

    def work(seed):
        mine = list(made)
        random.Random(seed).shuffle(mine)
        wanted = [one for part in mine for one in part.wanted]
        barrier.wait()
        try:
            with writing(engine) as connection:
                frontier.want(connection, wanted, NOW + timedelta(seconds=seed))
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=work, args=(seed,)) for seed in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors
    assert counted(engine, target) == len({one.target for part in made for one in part.wanted})


def test_lists_pages_names_and_variants_are_each_as_urgent_as_stated(engine):
    with writing(engine) as connection:
        ids, _ = roster.keep_artists(
            connection, [Monitored("k", "Beyoncé Knightley", None, 1.0, ("Queen Beyo",), ())], NOW
        )
        roster.keep_standings(connection, [Standing(ids["k"], "spotify", "s" * 22, "official", "roster", "x")], NOW)
    rare = platform("spotify").rare_sections
    assert rare
    asked = [one for part in parts(engine) if part.platform == "spotify" for one in part.wanted]
    searches = {one.target.subject: one.priority for one in asked if one.target.ask is Ask.SEARCH}
    assert {name: searches.pop(name) for name in ("Beyoncé Knightley", "Queen Beyo")} == {
        "Beyoncé Knightley": 4,
        "Queen Beyo": 4,
    }
    assert list(searches.values()) == [7] * enrol.VARIANTS == [7, 7]
    lists = {one.target.section: one.priority for one in asked if one.target.ask is Ask.RELEASES}
    assert lists == {section: 7 if section in rare else 3 for section in platform("spotify").sections}
    assert [one.priority for one in asked if one.target.ask is Ask.PROFILE] == [7]
    assert {one.due_at for one in asked} == {NOW}
    assert {one.artists for one in asked} == {(ids["k"],)}
