"""The feed's order: positions are given after the commit, so that no reader misses what committed late."""

import random
import threading
from datetime import UTC, datetime

import pytest
from sqlalchemy import insert, select

from storage import outbox
from storage.database import writing
from storage.models import artist, case
from storage.models import outbox as rows

NOW = datetime(2026, 3, 2, tzinfo=UTC)


@pytest.fixture
def cases(engine):
    with writing(engine) as connection:
        connection.execute(insert(artist).values(key="k", name="Ada", name_key="ada", added_at=NOW, changed_at=NOW))
        connection.execute(
            insert(case),
            [
                {
                    **{"key": f"k{n}", "kind": "k", "artist_id": 1, "group_id": 1, "status": "open"},
                    **{"score_low": 0, "score_high": 1, "rule_version": "1", "evidence": "[]"},
                    **{"opened_at": NOW, "changed_at": NOW},
                }
                for n in range(4)
            ],
        )
    return engine


def write(connection, number, case_id=1):
    outbox.write(connection, [outbox.Entry(case_id, "opened", f"key-{number}", str(number))], NOW)


def told(engine, cursor=0):
    with engine.connect() as connection:
        return list(outbox.since(connection, cursor))


def place(engine):
    with writing(engine) as connection:
        return outbox.sequence(connection)


def test_what_has_no_position_yet_is_not_told(cases):
    with writing(cases) as connection:
        write(connection, 1)
        write(connection, 2)
    with cases.connect() as connection:
        assert outbox.unplaced(connection)
    assert told(cases) == []
    assert place(cases) == 2
    assert told(cases) == [(1, "1"), (2, "2")]
    assert place(cases) == 0
    with cases.connect() as connection:
        assert not outbox.unplaced(connection)


@pytest.mark.postgres
@pytest.mark.parametrize("store_url", ["postgresql"], indirect=True)
def test_a_row_that_commits_late_is_told_after_those_that_overtook_it_and_blocks_nobody(cases):
    with writing(cases) as slow:
        write(slow, "slow")
        with writing(cases) as quick:
            write(quick, "quick", 2)
        assert place(cases) == 1
        assert told(cases) == [(1, "quick")]
    assert place(cases) == 1
    assert told(cases, 1) == [(2, "slow")]


def test_writers_sequencers_and_a_reader_at_once_lose_and_double_nothing(cases):
    count, seen, done = 40, [], threading.Event()
    failures = []

    def guarded(work):
        def run():
            try:
                work()
            except Exception as error:
                failures.append(error)

        return threading.Thread(target=run)

    def writer(name):
        chance = random.Random(name)
        for number in range(count):
            with writing(cases) as connection:
                write(connection, f"{name}-{number}", name + 1)
                if cases.dialect.name == "postgresql":  # SQLite has one writer: sleeping with the lock proves nothing
                    threading.Event().wait(chance.uniform(0, 0.01))

    def sequencer():
        while not done.is_set():
            place(cases)

    def reader():
        cursor = 0
        while True:
            last = done.is_set()
            for position, document in told(cases, cursor):
                assert position > cursor
                cursor = position
                seen.append(document)
            if last:
                return

    writers = [guarded(lambda name=name: writer(name)) for name in range(4)]
    others = [guarded(sequencer), guarded(sequencer)]
    for thread in (*writers, *others):
        thread.start()
    reading = guarded(reader)
    reading.start()
    for thread in writers:
        thread.join()
    while True:
        with cases.connect() as connection:
            if not outbox.unplaced(connection):
                break
    done.set()
    for thread in (*others, reading):
        thread.join()
    assert not failures
    assert sorted(seen) == sorted(f"{name}-{number}" for name in range(4) for number in range(count))
    for name in range(4):
        mine = [document for document in seen if document.startswith(f"{name}-")]
        assert mine == [f"{name}-{number}" for number in range(count)]
    with cases.connect() as connection:
        assert len(set(connection.scalars(select(rows.c.position)))) == 4 * count
