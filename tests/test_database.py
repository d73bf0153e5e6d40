"""Opening a database: what works, and the one clear sentence when it does not."""

import threading

import pytest
from sqlalchemy import Engine, event, insert, select, text

from storage.database import DatabaseTrouble, check, fresh_schema, head, open_database, upgrade, writing
from storage.models import artist
from tests.say import START

ROW = {"name": "Ovels", "name_key": "ovels", "added_at": START, "changed_at": START}


def test_sqlite_is_opened_with_its_journal_and_its_foreign_keys(tmp_path):
    engine = open_database(f"sqlite:///{tmp_path / 'x.db'}")
    with engine.connect() as connection:
        settings = [
            connection.scalar(text(f"PRAGMA {name}")) for name in ("journal_mode", "foreign_keys", "synchronous")
        ]
        assert settings == ["wal", 1, 1]
        assert connection.scalar(text("PRAGMA busy_timeout")) == 30_000
    engine.dispose()


def test_a_database_in_memory_is_one_database():
    engine = open_database("sqlite://")
    fresh_schema(engine)
    with writing(engine) as connection:
        connection.execute(insert(artist).values(key="k", **ROW))
    with engine.connect() as connection:
        assert connection.scalar(select(artist.c.name)) == "Ovels"
    engine.dispose()


@pytest.mark.postgres
@pytest.mark.parametrize(("cuts", "opened"), [(2, True), (3, False)])
def test_a_server_that_cuts_what_it_has_just_taken_is_asked_again_a_few_times(postgres_server, cuts, opened):
    cut = []

    def cutting(connection, _):
        if len(cut) < cuts:
            cut.append(connection.info.backend_pid)
            postgres_server.run(f"SELECT pg_terminate_backend({cut[-1]}, 30000)")

    event.listen(Engine, "connect", cutting)
    try:
        if opened:
            open_database(postgres_server.url("prepared")).dispose()
        else:
            assert "can't be used" in trouble(postgres_server.url("prepared"))
    finally:
        event.remove(Engine, "connect", cutting)
    assert len(cut) == cuts


@pytest.mark.postgres
def test_plain_postgresql_urls_are_understood(postgres_server):
    for scheme in ("postgresql", "postgresql+psycopg", "postgres"):
        engine = open_database(postgres_server.url("prepared").replace("postgresql", scheme, 1))
        assert check(engine)
        engine.dispose()


def test_a_transaction_that_fails_leaves_nothing(engine):
    def fail():
        with writing(engine) as connection:
            connection.execute(insert(artist).values(key="k", **ROW))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    with engine.connect() as connection:
        assert connection.execute(select(artist)).all() == []


def test_writers_wait_for_each_other_and_lose_nothing(engine):
    def write(name):
        for number in range(10):
            with writing(engine) as connection:
                count = len(connection.execute(select(artist.c.id)).all())
                connection.execute(insert(artist).values(key=f"{name}-{number}", **ROW | {"weight": count}))

    threads = [threading.Thread(target=write, args=(name,)) for name in "abc"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with engine.connect() as connection:
        assert len(connection.execute(select(artist)).all()) == 30


def test_moments_come_back_aware_and_naive_ones_are_refused(engine):
    with writing(engine) as connection:
        connection.execute(insert(artist).values(key="k", **ROW))
        assert connection.scalar(select(artist.c.added_at)) == START
    with pytest.raises(Exception, match="without a time zone"), writing(engine) as connection:
        connection.execute(insert(artist).values(key="l", **ROW | {"added_at": START.replace(tzinfo=None)}))


def trouble(url):
    with pytest.raises(DatabaseTrouble) as caught:
        open_database(url)
    said = str(caught.value)
    assert "\n" not in said
    assert said.endswith(".")
    return said


def test_an_unreachable_server_is_one_sentence_without_the_password():
    said = trouble("postgresql://me:very%20secret@127.0.0.1:9/catalogue?connect_timeout=2")
    assert "postgresql://127.0.0.1:9/catalogue" in said
    assert "secret" not in said


@pytest.mark.postgres
def test_a_missing_database_is_named(postgres_server):
    assert "nowhere" in trouble(postgres_server.url("nowhere"))


def test_a_password_in_the_query_stays_secret_too():
    assert "hush" not in trouble("postgresql://127.0.0.1:9/x?password=hush&connect_timeout=2")


def test_a_file_that_is_no_database_says_so(tmp_path):
    path = tmp_path / "letter.db"
    path.write_text("Dear analyst, this is not a database. " * 100)
    assert trouble(f"sqlite:///{path}") == f"the file {path} is not a database."


def test_a_folder_that_is_not_there_says_so(tmp_path):
    assert "can't be used" in trouble(f"sqlite:///{tmp_path / 'no' / 'x.db'}")


@pytest.mark.parametrize("url", ["", "falsetto", "mysql://u:p4ss@h/d", "postgresql://u:p4ss@h:port/d", "oracle+cx://"])
def test_urls_that_mean_nothing_to_us_are_refused_in_one_sentence(url):
    assert "p4ss" not in trouble(url)


def test_upgrade_and_check_take_a_url(empty_url):
    upgrade(empty_url)
    assert check(empty_url) == head()


def test_a_database_that_somebody_keeps_locked_is_one_sentence(tmp_path, monkeypatch):
    monkeypatch.setattr("storage.database.BUSY_TIMEOUT_S", 0.1)
    url = f"sqlite:///{tmp_path / 'x.db'}"
    engine = open_database(url)
    with writing(engine), pytest.raises(DatabaseTrouble, match="database is locked"):
        upgrade(url)
    engine.dispose()
