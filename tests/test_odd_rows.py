"""What can't be read is named, counted and kept with its raw text; what stood around it is recorded all the same."""

import pytest
from sqlalchemy import select

from spiders.base.errors import Misunderstood, Refused, Unavailable
from spiders.base.reading import KEPT, Noted, each, may, need, noting, words
from spiders.base.walk import Walk
from storage.models import change, listing, odd_row
from storage.observations import OddRow, Outcome
from tests.say import page_of, release, releases, rows, say, told

ODD = OddRow("row 2", "mandatory key 'title' is missing", '{"id": 2}')


def read(raw):
    return need(raw, "name", str)


def test_an_odd_entry_costs_itself_only_where_somebody_notes():
    noted = Noted()
    with noting(noted):
        assert each([{"name": "a"}, None, {"name": 3}, {"name": "b"}, "x"], "artist", read) == ("a", "b")
    assert [(row.what, row.raw) for row in noted.rows] == [
        ("artist 2", "null"),
        ("artist 3", '{"name": 3}'),
        ("artist 5", '"x"'),
    ]
    with pytest.raises(Misunderstood):
        each([{"name": "a"}, None], "artist", read)


@pytest.mark.parametrize("entry", [None, 7, "text", [], True, 1.5, [{}]])
def test_what_is_no_object_is_misunderstood_and_never_crashes(entry):
    for reader in (lambda raw: need(raw, "id", str), lambda raw: may(raw, "id", str), lambda raw: words(raw, "id")):
        with pytest.raises(Misunderstood, match="an object was expected"):
            reader(entry)


def test_a_fault_of_ours_about_one_entry_costs_that_entry():
    noted = Noted()
    with noting(noted):
        assert each([1, 0, 2], "row", lambda entry: 2 // entry) == (2, 1)
    assert (len(noted), noted.rows[0].reason) == (1, "integer division or modulo by zero")


def walked(good, odd, nulls=0):
    walk = Walk()
    entries = [{"name": str(n)} for n in range(good)] + [{"id": n} for n in range(odd)] + [None] * nulls
    told = walk.read_rows(entries, "row", read)
    walk.must_show(entries, told)
    walk.page(told)
    return walk


@pytest.mark.parametrize(
    ("good", "odd", "nulls", "outcome"),
    [
        (40, 0, 0, Outcome.COMPLETE),
        (40, 1, 0, Outcome.PARTIAL),
        (40, 13, 0, Outcome.PARTIAL),
        (40, 14, 0, Outcome.MALFORMED),
        (1, 1, 0, Outcome.PARTIAL),
        (1, 0, 9, Outcome.PARTIAL),
    ],
)
def test_a_few_odd_rows_are_partial_and_many_are_loud(good, odd, nulls, outcome):
    coverage = walked(good, odd, nulls).ended()
    assert (coverage.outcome, coverage.received, coverage.odd) == (outcome, good, odd + nulls)
    if odd:
        assert f"row {good + 1}: mandatory key 'name' is missing" in coverage.stop_reason


def test_a_page_of_which_nothing_can_be_read_is_misunderstood():
    with pytest.raises(Misunderstood, match="2 odd of 2 entries"):
        walked(0, 2)
    assert walked(0, 0, nulls=2).ended().outcome is Outcome.PARTIAL


def test_a_walk_that_passed_an_odd_row_begins_anew_after_trouble():
    walk = walked(5, 1)
    walk.resume = "page 2"
    assert walk.failed(Unavailable("reset")).resume is None
    walk = walked(5, 0)
    walk.resume = "page 2"
    assert walk.failed(Unavailable("reset")).resume == "page 2"


def test_a_refusal_of_one_question_says_so():
    assert Walk().failed(Refused("elsewhere", about_target=True)).about_target
    assert not Walk().failed(Refused("no")).about_target


def test_no_more_than_a_few_are_told_however_many_there_are():
    walk = walked(1, 500)
    assert (len(walk.noted.take()), walk.noted.take(), walk.ended().odd) == (KEPT, (), 500)


def odd_look(at, *kept, odds=(ODD,)):
    return told(page_of(), *map(release, kept), *odds, at=at, outcome=Outcome.PARTIAL, received=len(kept), odd=1)


def test_good_rows_are_recorded_and_the_odd_one_is_kept_once(engine):
    say(engine, odd_look(0, 1, 3), odd_look(1, 1, 3))
    (kept,) = rows(engine, odd_row)
    assert (kept.what, kept.reason, kept.raw, kept.times) == (ODD.what, ODD.reason, ODD.raw, 2)
    assert kept.first_seen_at < kept.last_seen_at
    assert len(rows(engine, listing)) == 2


def test_nothing_is_removed_while_a_row_is_odd(engine):
    say(engine, releases(1, 2, 3, at=0))
    for at in range(1, 6):
        say(engine, odd_look(at, 1, 3))
    with engine.connect() as connection:
        assert connection.scalars(select(change.c.field).where(change.c.field.in_(("missing", "removed")))).all() == []
    say(engine, releases(1, 3, at=6), releases(1, 3, at=7))
    with engine.connect() as connection:
        assert "removed" in connection.scalars(select(change.c.field)).all()


def test_odd_rows_of_any_text_are_kept_and_nobody_fills_the_store_with_them(engine):
    odds = [OddRow("row \x00 1", "\ud800" * 5000, "\x00\ud800" + "x" * 10_000 + str(n)) for n in range(30)]
    for at in range(6):
        say(engine, odd_look(at, odds=[OddRow(o.what, o.reason, f"{at}{o.raw}") for o in odds]))
    kept = rows(engine, odd_row)
    assert len(kept) == 100
    assert max(len(row.raw) for row in kept) == 4_000
