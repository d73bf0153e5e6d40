"""`falsetto sql`: a shell that only reads, worked questions by name, other tools, and the views as Parquet files."""

import json
import shutil
import time
from datetime import UTC, date, datetime

import pyarrow.parquet as pq
import pytest
from sqlalchemy import insert, text
from sqlalchemy.exc import DBAPIError

from crawler.analysts import parquet, tools
from crawler.analysts.shell import Shell, written
from crawler.cli.terminal import plain
from storage.database import open_database, writing
from storage.models import artist
from storage.observations import LineSeen
from storage.views import NAMES, READER, make_reader, view_columns
from storage.views.columns import column
from storage.views.questions import QUESTIONS
from storage.views.reading import Answer, NotRead, answered
from tests.commands import falsetto
from tests.say import day, page_of, release, releases, say, told

HOSTILE = "=cmd|'/C calc'!A0\u202egnp"


@pytest.fixture(scope="module")
def store(module_store):
    """One store for all tests, which only read."""
    say(module_store, releases(1, 2, at=0))
    row = release(3, title=HOSTILE, date="2009-05-01", explicit=True, lines=(LineSeen("label", "Gables"),))
    say(module_store, told(page_of("p1"), release(1), release(2), row, at=1, received=3))
    return module_store


def heard(engine, *lines, format_="table"):
    """What a shell says to some lines."""
    said = []
    shell = Shell(engine, said.append, plain, format_)
    for line in lines:
        shell.hear(line)
    shell.end()
    return said


def test_a_statement_over_several_lines_is_answered_as_a_table(store):
    said = heard(store, "SELECT title, explicit", "  FROM v1_releases ORDER BY release_id;")
    assert said[0].split() == ["title", "explicit"]
    assert said[2].startswith("Release 1")
    assert said[-1] == "(3 rows)"
    assert "\u202e" not in "".join(said)
    assert "\\u202e" in said[4]


def test_csv_holds_no_formula_and_lines_of_json_hold_everything(store):
    query = "SELECT title, first_seen_at FROM v1_new_releases;"
    assert heard(store, query, format_="csv")[1].startswith("'=cmd")
    (line,) = heard(store, query, format_="jsonl")
    assert json.loads(line)["title"] == HOSTILE
    assert json.loads(line)["first_seen_at"].startswith("2026-01-02 12:00:00")


def test_a_moment_without_a_zone_is_not_moved_by_this_machines(monkeypatch):
    monkeypatch.setenv("TZ", "America/New_York")
    time.tzset()
    try:
        noon = datetime(2026, 1, 1, 12, tzinfo=UTC)
        answer = Answer(("bare", "zoned"), iter([(noon.replace(tzinfo=None), noon)]))
        assert list(written(answer, "csv", plain))[1] == "2026-01-01 12:00:00,2026-01-01 12:00:00"
    finally:
        monkeypatch.undo()
        time.tzset()


WRITES = (
    "INSERT INTO artist (key) VALUES ('x')",
    "DELETE FROM release",
    "CREATE TABLE mine (i INTEGER)",
    "DROP VIEW v1_cases",
    "SELECT 1; DELETE FROM release",
    "COMMIT; DELETE FROM release",
    "PRAGMA query_only=OFF",
    "PRAGMA writable_schema=ON",
    "ATTACH 'other.db' AS other",
    "VACUUM INTO 'copy.db'",
    "SET TRANSACTION READ WRITE",
    "WITH gone AS (DELETE FROM release RETURNING id) SELECT * FROM gone",
    "DO $$ BEGIN DELETE FROM release; END $$",
    "COPY release TO STDOUT",
    "",
    "SELECT * FROM nothing",
)


@pytest.mark.parametrize("statement", WRITES)
def test_nothing_that_is_typed_can_write(store, statement):
    with pytest.raises(NotRead), answered(store, statement) as answer:
        list(answer.rows)
    heard(store, "COMMIT;", "SET default_transaction_read_only = off;", statement + ";")
    with store.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM release")) == 3


@pytest.mark.parametrize("statement", ["COPY (SELECT 1) TO PROGRAM 'false'", "DO $$ BEGIN RAISE 'begun'; END $$"])
def test_no_command_even_begins(store, statement):
    with pytest.raises(NotRead, match="syntax error"), answered(store, statement):
        pass


def test_an_answer_without_rows_still_names_its_columns(store):
    assert heard(store, "SELECT case_id, title FROM v1_cases;", format_="csv") == ["case_id,title"]


def test_the_same_connection_writes_again_afterwards(store):
    heard(store, "SELECT 1;")
    with pytest.raises(NotRead), answered(store, "DELETE FROM artist"):
        pass
    with writing(store) as connection:
        row = {"key": "later", "name": "Later", "name_key": "later", "added_at": day(0), "changed_at": day(0)}
        connection.execute(insert(artist).values(**row))


def test_a_question_without_a_day_looks_back_from_the_store_s_own_time():
    said, today = [], date(2031, 5, 31)
    engine = open_database("sqlite://")
    Shell(engine, said.append, plain, today=lambda: today).hear("\\ask back-dated")
    assert "first_seen_at >= '2031-05-01'" in said[0]
    engine.dispose()


def test_the_shell_tells_the_views_their_columns_and_the_questions(store):
    assert len(heard(store, "\\d")) == len(NAMES)
    (line,) = [line for line in heard(store, "\\d v1_takedowns") if line.startswith("days_to_removal")]
    assert "days" in line.split("(")[1]
    assert len(heard(store, "\\ask")) == len(QUESTIONS)
    assert heard(store, "\\ask campaigns")[-1] == "(0 rows)"
    assert heard(store, "\\q", "SELECT 1;")[-1] == "(1 row)"  # who reads the answer ends the shell


def test_a_table_shows_its_beginning_and_says_so(store):
    said = heard(
        store, "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000) SELECT i FROM n;"
    )
    assert len(said) == 503
    assert "the first 500" in said[-1]


def test_every_view_becomes_a_file_whose_fields_say_what_they_mean(store, tmp_path, monkeypatch):
    monkeypatch.setattr(parquet, "ROWS_A_GROUP", 2)
    assert dict(parquet.export(store, tmp_path))["v1_releases"] == 3
    with store.connect() as connection:
        for name in NAMES:
            file = pq.ParquetFile(tmp_path / f"{name}.parquet")
            assert tuple(file.schema_arrow.names) == view_columns(connection, name)
            for field in file.schema_arrow:
                told_ = column(name, field.name)
                assert field.metadata[b"description"].decode() == told_.says
                assert field.metadata.get(b"unit", b"").decode() == told_.unit
                assert field.metadata.get(b"clock", b"").decode() == told_.clock
    file = pq.ParquetFile(tmp_path / "v1_releases.parquet")
    assert file.num_row_groups == 2
    rows = {row["release"]: row for row in file.read().to_pylist()}
    assert rows["r3"]["title"] == HOSTILE
    assert rows["r3"]["explicit"] is True
    assert str(rows["r3"]["date"]) == "2009-05-01"
    assert rows["r3"]["first_seen_at"] == day(1)
    assert (tmp_path / "views.sql").read_text().count("CREATE OR REPLACE VIEW") == len(NAMES)
    assert not list(tmp_path.glob("*.part"))


def test_datasette_is_told_every_column_and_the_questions(store):
    with store.connect() as connection:
        columns = {name: view_columns(connection, name) for name in NAMES}
    told_ = tools.metadata("falsetto", columns, day(20).date())["databases"]["falsetto"]
    assert set(told_["tables"]) == set(NAMES)
    assert told_["tables"]["v1_cases"]["columns"]["opened_at"] == "when it was opened (UTC; clock: ours)"
    assert told_["tables"]["v1_cases"]["units"]["bits"] == "bits"
    with store.connect() as connection:
        for query in told_["queries"].values():
            connection.execute(text(query["sql"]))


def test_a_command_for_another_tool_holds_no_password():
    url = "postgresql://ana:secret-word@db.example:5433/label?sslmode=require&password=secret-word"
    said = tools.command("psql", url)
    assert "secret-word" not in said
    assert "ana@db.example:5433/label?sslmode=require" in said
    assert "default_transaction_read_only=on" in said
    assert tools.command("sqlite3", "sqlite:///a store.db") == "sqlite3 -readonly -header -column 'a store.db'"
    for tool, other in (("psql", "sqlite:///x.db"), ("datasette", url), ("sqlite3", url)):
        with pytest.raises(tools.OtherStore):
            tools.command(tool, other)


def test_the_command_answers_what_is_piped_in_and_a_question_by_name(sqlite_template, tmp_path):
    shutil.copyfile(sqlite_template, tmp_path / "falsetto.db")
    done = falsetto("sql", "--format", "csv", folder=tmp_path, stdin="SELECT 1 AS one;\nSELECT 2 AS two;\n")
    assert (done.stdout, done.returncode) == ("one\n1\ntwo\n2\n", 0)
    done = falsetto("sql", "--question", "blind", folder=tmp_path)
    assert done.stdout.splitlines()[-1] == "(0 rows)"
    done = falsetto("sql", "DELETE FROM artist", folder=tmp_path)
    assert (done.stdout, done.returncode) == ("not answered: only reading is allowed here\n", 2)
    done = falsetto("sql", "--parquet", "out", "--view", "v1_cases", folder=tmp_path)
    assert done.stdout.splitlines() == ["v1_cases: 0 rows", "DuckDB reads them: cd out && duckdb -init views.sql"]
    done = falsetto("sql", "--question", "blind", "--since", "soon", folder=tmp_path)
    assert (done.returncode, done.stderr) == (
        2,
        "falsetto: --since: a day such as 2026-11-01 was expected, got 'soon'\n",
    )


@pytest.mark.postgres
@pytest.mark.parametrize("login", ["postgres", READER])
def test_who_writes_the_store_is_never_made_a_reader(postgres_server, tmp_path, login):
    url = postgres_server.url("prepared")
    done = falsetto("db", "reader", "--login", login, folder=tmp_path, database_url=url)
    assert done.returncode == 2
    assert f"--login: {login} is no person" in done.stderr
    engine = open_database(url)
    with engine.connect() as connection:
        assert connection.scalar(text("SHOW default_transaction_read_only")) == "off"
    engine.dispose()


@pytest.mark.postgres
def test_a_reader_reads_the_views_and_nothing_else(postgres_server):
    engine = open_database(postgres_server.url(postgres_server.create("prepared")))
    with writing(engine) as connection:
        assert make_reader(connection, "ana-reads") == [READER, "ana-reads"]
    with writing(engine) as connection:
        assert make_reader(connection, "ana-reads") == []
    reader = open_database(str(engine.url).replace("postgres@", "ana-reads@").replace("+psycopg", ""))
    try:
        with reader.connect() as connection:
            assert connection.execute(text("SELECT * FROM v1_cases")).all() == []
            assert connection.scalar(text("SHOW default_transaction_read_only")) == "on"
        for statement in ("SELECT * FROM suspect_case", "CREATE TABLE mine (i integer)"):
            with pytest.raises(DBAPIError), reader.connect() as connection:
                connection.execute(text(statement))
    finally:
        reader.dispose()
        with writing(engine) as connection:  # roles belong to the whole server
            for name in ('"ana-reads"', READER):
                connection.exec_driver_sql(f"DROP OWNED BY {name}")
                connection.exec_driver_sql(f"DROP ROLE {name}")
        engine.dispose()
