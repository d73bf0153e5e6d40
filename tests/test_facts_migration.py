"""Upgrading a filled store: listings that differ by section become one with a history, markets become sets."""

import json

import pytest
from sqlalchemy import text

from storage.database import downgrade, upgrade, writing
from storage.models import change, listing, market_set, release, target
from tests.say import day, releases, rows, say

MOMENT = "%Y-%m-%d %H:%M:%S.%f"


@pytest.fixture
def old_store(empty_engine):
    """A store of the first schema."""
    upgrade(empty_engine)
    downgrade(empty_engine, "0001")
    return empty_engine


def put(engine, table, *values):
    """Write rows by SQL: the models know only today's columns."""
    with writing(engine) as connection:
        for row in values:
            row = {key: moment(engine, value) for key, value in row.items()}
            names = ", ".join(f'"{name}"' for name in row)
            places = ", ".join(f":{name}" for name in row)
            connection.execute(text(f"INSERT INTO {table} ({names}) VALUES ({places})"), row)


def moment(engine, value):
    is_moment = hasattr(value, "strftime")
    return value.strftime(MOMENT) if is_moment and engine.dialect.name == "sqlite" else value


def seen(first, last):
    return {"first_seen_at": day(first), "last_seen_at": day(last)}


def a_page(engine):
    """A page with three releases, as the first schema kept it."""
    named = {"name": "Ovels", "name_key": "ovels"}
    put(engine, "profile", {"id": 1, "platform": "deezer", "platform_id": "p1", **named, **seen(0, 9)})
    for number in (1, 2, 3):
        about = {"platform": "deezer", "platform_id": f"r{number}", "title": "T", "title_key": "t"}
        put(engine, "release", {"id": number, **about, **seen(0, 9)})


def listed(row_id, number, section, first, last, **more):
    values = {"id": row_id, "profile_id": 1, "release_id": number, "section": section, "market": "", "new": False}
    return values | {"misses": 0} | seen(first, last) | more


def changed(row_id, entity, entity_id, field, at, after=None):
    values = {"id": row_id, "entity": entity, "entity_id": entity_id, "field": field, "after": after}
    return values | {"changed_at": day(at)}


def words(engine, entity, entity_id):
    found = [r for r in rows(engine, change) if (r.entity, r.entity_id) == (entity, entity_id)]
    return [(r.field, r.before, r.after, r.changed_at) for r in sorted(found, key=lambda r: r.changed_at)]


def test_a_release_that_changed_its_section_becomes_one_listing_that_is_neither_new_nor_removed(old_store):
    a_page(old_store)
    gone = {"misses": 2, "missing_since": day(4), "removed_at": day(5)}
    put(old_store, "listing", listed(1, 1, "single", 0, 3, **gone), listed(2, 1, "album", 4, 9, new=True))
    put(old_store, "listing", listed(3, 2, "single", 0, 9), listed(4, 3, "single", 2, 3, new=True, **gone))
    put(old_store, "change", changed(1, "listing", 1, "missing", 4), changed(2, "listing", 1, "removed", 5))
    put(old_store, "change", changed(3, "listing", 2, "appeared", 4), changed(4, "listing", 4, "removed", 5))
    reset_sequences(old_store)
    upgrade(old_store)
    assert [(r.id, r.section, r.new, r.misses, r.removed_at) for r in rows(old_store, listing)] == [
        (1, "album", False, 0, None),
        (3, "single", False, 0, None),
        (4, "single", True, 2, day(5)),
    ]
    (row, *_) = rows(old_store, listing)
    assert (row.first_seen_at, row.last_seen_at, row.slid_in, row.held_at) == (day(0), day(9), False, None)
    assert words(old_store, "listing", 1) == [("section", "single", "album", day(4))]
    assert words(old_store, "listing", 4) == [("removed", None, None, day(5))]
    assert words(old_store, "listing", 2) == []


def test_markets_become_sets_and_their_log_a_log_of_sets(old_store):
    a_page(old_store)
    offered = [(1, 1, "SE", None), (2, 1, "US", day(5)), (3, 1, "DE", None), (4, 2, "SE", None), (5, 2, "DE", None)]
    for row_id, number, country, gone in offered:
        at = {"gone_at": gone} | seen(0, 9)
        put(old_store, "market", {"id": row_id, "release_id": number, "country": country, **at})
    put(old_store, "change", changed(1, "market", 3, "appeared", 3, "DE"), changed(2, "market", 2, "removed", 5, "US"))
    reset_sequences(old_store)
    upgrade(old_store)
    sets = {str(row.id): json.loads(row.countries) for row in rows(old_store, market_set)}
    held = {row.id: row.market_set_id for row in rows(old_store, release)}
    assert {number: sets.get(str(held[number])) for number in held} == {1: ["DE", "SE"], 2: ["DE", "SE"], 3: None}
    assert held[1] == held[2]
    said = [(field, sets[before], sets[after], at) for field, before, after, at in words(old_store, "release", 1)]
    assert said == [
        ("market_set_id", ["SE", "US"], ["DE", "SE", "US"], day(3)),
        ("market_set_id", ["DE", "SE", "US"], ["DE", "SE"], day(5)),
    ]
    assert not [row for row in rows(old_store, change) if row.entity == "market"]


def test_the_upgraded_store_goes_on_where_it_was_and_comes_back_down(old_store):
    a_page(old_store)
    asked = {"platform": "deezer", "subject": "p1", "ask": "releases", "added_at": day(0), "baseline_at": day(0)}
    about = asked | {"ask": "release", "subject": "r1", "last_complete_at": day(2)}
    put(old_store, "target", {"id": 1, **asked, "last_look_at": day(9)}, {"id": 2, **about})
    put(old_store, "listing", *(listed(number, number, "", 0, 9) for number in (1, 2, 3)))
    put(old_store, "market", {"id": 1, "release_id": 1, "country": "SE", **seen(0, 9)})
    reset_sequences(old_store)
    upgrade(old_store)
    assert [row.whole_at for row in rows(old_store, release)] == [day(2), None, None]
    assert [row.cut for row in rows(old_store, target)] == [False, False]
    recorded = say(old_store, releases(1, 2, 4, at=10), releases(1, 2, 4, at=11))
    assert len(recorded.removed_listings) == 1
    assert [row.new for row in rows(old_store, listing)] == [False, False, False, True]
    downgrade(old_store, "0001")
    with old_store.connect() as connection:
        assert connection.execute(text("SELECT release_id, country FROM market")).all() == [(1, "SE")]
        assert connection.scalar(text("SELECT count(*) FROM listing")) == 4
    upgrade(old_store)
    assert say(old_store, releases(1, 2, 4, at=12)).new_listings == ()


def reset_sequences(engine):
    """Let ids go on after those that were written by hand."""
    if engine.dialect.name == "postgresql":
        with writing(engine) as connection:
            for name in ("profile", "release", "target", "listing", "market", "change"):
                last = f"(SELECT coalesce(max(id), 1) FROM {name})"
                connection.execute(text(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), {last})"))
