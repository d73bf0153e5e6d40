"""The queue's lists at any size: a rare platform, a part of a title, how far matches are counted."""

import shutil
import threading
from datetime import timedelta

import pytest
from sqlalchemy import event

from crawler.console import desk
from storage.cases import OPEN
from storage.console import figures, queue
from storage.console.queue import Filters
from storage.database import open_database
from storage.facts import news
from tests import reviewed


@pytest.fixture(scope="module")
def filled(sqlite_template, tmp_path_factory):
    path = tmp_path_factory.mktemp("queue") / "store.db"
    shutil.copyfile(sqlite_template, path)
    engine = open_database(f"sqlite:///{path}")
    reviewed.fill(engine, ordinary=12)
    yield engine
    engine.dispose()


def listed(engine, **narrowed):
    with engine.connect() as connection:
        filters = Filters(statuses=OPEN, **narrowed)
        return [row["id"] for row in queue.page(connection, filters, 50)], queue.count(connection, filters)


@pytest.mark.parametrize("few", [0, 2_000])
def test_cases_that_match_are_the_same_whether_they_are_few_or_many(filled, monkeypatch, few):
    monkeypatch.setattr(queue, "FEW", few)
    everything = listed(filled)
    assert listed(filled, platform="deezer") == everything
    assert listed(filled, platform="nowhere") == ([], 0)
    assert listed(filled, platform="deezer", title="ordinary")[1] == 12
    assert listed(filled, platform="deezer", only=(3, 999_999)) == ([3], 1)
    assert listed(filled, attack="C") == ([2], 1)
    assert listed(filled, attack="E", origin="news")[1] == 12
    assert listed(filled, loud=True, kind="release", least=0.6) == ([1], 1)
    assert listed(filled, attack="Z", platform="deezer") == ([], 0)


def test_a_title_is_found_by_a_part_in_the_order_of_the_queue(filled):
    whole = listed(filled)[0]
    found, count = listed(filled, title="ORDINARY")
    assert count == 12
    assert found == [number for number in whole if number in found]
    assert listed(filled, title="Ordinary 0")[1] == 10
    assert listed(filled, title="%")[0] == []


def test_matches_are_counted_as_far_as_is_said(filled, monkeypatch):
    monkeypatch.setattr(queue, "SEARCHED_UP_TO", 5)
    assert queue.most_counted(Filters(title="x")) == 5
    assert listed(filled, title="Ordinary")[1] == 6  # one more: there are more
    assert queue.most_counted(Filters(attack="C")) == queue.COUNTED_UP_TO


def test_sqlite_looks_for_a_title_in_its_index_alone(filled):
    heard = []

    def hear(*sent):
        heard.append((sent[2], sent[3]))

    event.listen(filled, "before_cursor_execute", hear)
    listed(filled, title="Ordinary")
    event.remove(filled, "before_cursor_execute", hear)
    with filled.connect() as connection:
        plans = [
            " ".join(row[-1] for row in connection.exec_driver_sql("EXPLAIN QUERY PLAN " + statement, values))
            for statement, values in heard
            if "LIKE" in statement
        ]
    assert plans
    assert all("COVERING INDEX ix_suspect_case_title" in plan for plan in plans)


def test_figures_of_before_are_shown_while_they_are_counted_anew(filled, monkeypatch):
    told = iter(("first", "second"))
    begun, go = threading.Event(), threading.Event()

    def slowly(connection):
        if threading.current_thread().name == "slow":
            begun.set()
            assert go.wait(60)
        return next(told)

    kept = desk.Kept(filled, "slow", slowly)
    assert kept.told() == "first"
    monkeypatch.setattr(desk, "KEPT_S", 0.0)
    assert kept.told() == "first"
    assert begun.wait(60)
    go.set()
    for thread in threading.enumerate():
        if thread.name == "slow":
            thread.join(60)
    assert kept.value == "second"


@pytest.mark.parametrize("narrowed", [{}, {"title": "ordinary"}, {"platform": "deezer"}, {"attack": "E"}])
@pytest.mark.parametrize("most", [5, 1_000])
def test_a_list_page_by_page_is_the_whole_list_and_its_count_is_bounded(filled, monkeypatch, narrowed, most):
    for limit in ("LOOKED_UP_TO", "SEARCHED_UP_TO", "COUNTED_UP_TO"):
        monkeypatch.setattr(queue, limit, most)
    monkeypatch.setattr(queue, "FEW", 0)
    filters = Filters(statuses=OPEN, **narrowed)
    with filled.connect() as connection:
        whole = [number for number, _ in queue.frozen(connection, filters, 100)]
        tallied = queue.tallies(connection)
        found, after = [], None
        while True:
            shown = queue.listed(connection, filters, 4, after, tallied)
            assert shown.matching == min(len(whole), most + 1)
            if not shown.rows:
                break
            found += [row["id"] for row in shown.rows]
            after = found[-1]
    assert len(whole) > 11
    assert found == whole
    assert tallied["open"] == min(most + 1, 23)


def test_sqlite_counts_arrivals_along_their_index(filled):
    heard = []

    def hear(*sent):
        heard.append((sent[2], sent[3]))

    event.listen(filled, "before_cursor_execute", hear)
    with filled.connect() as connection:
        figures.figures(connection, reviewed.NOW)
        news.arrivals(connection, reviewed.NOW - timedelta(days=7), reviewed.NOW)
    event.remove(filled, "before_cursor_execute", hear)
    with filled.connect() as connection:
        plans = [
            " ".join(row[-1] for row in connection.exec_driver_sql("EXPLAIN QUERY PLAN " + statement, values))
            for statement, values in heard
            if 'listing."new"' in statement
        ]
    assert len(plans) == 2
    assert all("USING INDEX ix_listing_new" in plan for plan in plans)
