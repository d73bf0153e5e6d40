"""Rows that a look shows again: whose clocks move, whose stay, and how much of a value the change log quotes."""

import pytest

from storage.models import change, listing
from storage.models import release as release_table
from tests.say import day, page_of, release, releases, rows, say, told


def clocks(engine):
    return {row.platform_id: (row.first_seen_at, row.last_seen_at) for row in rows(engine, release_table)}


@pytest.mark.parametrize("again", [(1, 2, 3, 4, 5), (1, 3, 5), (2,), (2, 3, 4), (1, 5), (4, 5)])
def test_the_clock_moves_of_what_is_shown_again_and_of_nothing_else(engine, again):
    say(engine, releases(1, 2, 3, 4, 5), releases(*again, at=1))
    moved = {f"r{n}": (day(0), day(1 if n in again else 0)) for n in range(1, 6)}
    assert clocks(engine) == moved


@pytest.mark.parametrize("again", [(1, 2, 3), (1, 3)])
def test_an_older_look_that_comes_late_moves_first_sights_back_and_no_last_sight(engine, again):
    say(engine, releases(1, 2, 3, at=5), releases(*again, at=3))
    assert clocks(engine) == {f"r{n}": (day(3 if n in again else 5), day(5)) for n in range(1, 4)}
    say(engine, releases(*again, at=4))
    assert clocks(engine) == {f"r{n}": (day(3 if n in again else 5), day(5)) for n in range(1, 4)}
    assert {row.last_seen_at for row in rows(engine, listing)} == {day(5)}


def test_the_log_quotes_as_much_of_a_value_as_a_person_reads(engine):
    for at, title in enumerate(("a" * 500, "b" * 501, "c")):
        say(engine, told(page_of(), release(1, title=title), at=at))
    logged = [(row.before, row.after) for row in rows(engine, change) if row.field == "title"]
    assert [tuple(map(len, one)) for one in logged] == [(500, 500), (500, 1)]
