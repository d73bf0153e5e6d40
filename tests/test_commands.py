"""The command line: clear lines, exit codes, nothing half done, and no secret anywhere."""

import gc
import json
import re
import signal
import sqlite3
import subprocess
import sys
import time

import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.exc import DBAPIError

import sandbox
from crawler.cli import main
from storage.database import BUSY_TIMEOUT_S, MIGRATION_LOCK, open_database, open_to_read, upgrade, writing
from storage.models import artist, target
from tests import sandboxed
from tests.commands import ROOT, falsetto
from tests.replay import Answer, Replay
from tests.say import day, releases, say

ROSTER = "name,aliases,deezer\nAda Quill,Quill,4711\n"


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "roster.csv").write_text(ROSTER, encoding="utf-8")
    return tmp_path


def one_line(done, code):
    assert done.returncode == code, (done.returncode, done.stderr)
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1, done.stderr
    assert lines[0].startswith("falsetto: ")
    assert "Traceback" not in done.stderr
    return lines[0]


def test_a_roster_is_imported_listed_and_imported_again(folder):
    assert "1 added" in falsetto("roster", "import", "roster.csv", folder=folder).stdout
    assert "0 added, 0 changed, 0 profiles" in falsetto("roster", "import", "roster.csv", folder=folder).stdout
    (row,) = map(json.loads, falsetto("roster", "list", "--json", folder=folder).stdout.splitlines())
    assert (row["name"], row["aliases"], row["profiles"][0]["id"]) == ("Ada Quill", ["Quill"], "4711")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"name,deezer\nDvo\xf8\xe1k,1\n", "bad.csv:2: not UTF-8"),
        (b"name,napster\nA,1\n", "unknown column 'napster'"),
        (b"name,deezer\nA,1,2\n", "bad.csv:line 2: 3 cells under 2 columns"),
    ],
)
def test_a_bad_roster_is_one_clear_line_and_nothing_of_it_is_imported(folder, content, says):
    falsetto("roster", "import", "roster.csv", folder=folder)
    (folder / "bad.csv").write_bytes(content)
    assert says in one_line(falsetto("roster", "import", "bad.csv", folder=folder), 2)
    engine = open_database(f"sqlite:///{folder / 'falsetto.db'}")
    with engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(artist)) == 1
    engine.dispose()


def test_without_a_platform_run_says_which_there_are_and_what_they_need(folder):
    done = falsetto("run", "--once", folder=folder)
    assert done.returncode == 3
    for word in ("deezer", "itunes", "spotify", "musicbrainz", "FALSETTO_SPOTIFY_CLIENT_ID", "terms:"):
        assert word in done.stderr
    assert "\\u000a" not in done.stderr
    assert len(done.stderr.splitlines()) > 8


@pytest.mark.parametrize(
    ("words", "settings", "code", "says"),
    [
        (["run"], {"platforms": "napster"}, 3, "unknown platform 'napster'"),
        (["run"], {"platforms": "deezer"}, 3, "FALSETTO_CONTACT is empty"),
        (["run", "--platform", "itunes"], {"platforms": "deezer"}, 3, "'itunes' is not named in FALSETTO_PLATFORMS"),
        (["run"], {"platforms": "spotify", "contact": "a@b.example"}, 3, "FALSETTO_SPOTIFY_CLIENT_ID"),
        (["cases", "show", "9"], {}, 2, "there is no case 9"),
        (["cases", "verdict", "9", "fake", "--by", "ana"], {}, 2, "unknown decision 'fake'"),
        (["cases", "verdict", "9", "legitimate", "--by", "ana"], {}, 2, "there is no case 9"),
        (["cases", "show", "99999999999999999999"], {}, 2, "case_id"),
        (["cases", "verdict", "99999999999999999999", "legitimate", "--by", "ana"], {}, 2, "case_id"),
        (["run", "--once"], {"platforms": "musicbrainz", "contact": "a@b.example"}, 3, "the roster is empty"),
        (
            ["run"],
            {"platforms": "spotify", "contact": "a@b.example", "spotify_client_id": 1, "spotify_client_secret": 2}
            | {"spotify_capability": "extendd"},
            3,
            "FALSETTO_SPOTIFY_CAPABILITY: one of development, extended was expected, got 'extendd'",
        ),
        (
            ["run"],
            {"platforms": "deezer", "contact": "a@b.example", "deezer_capability": "extended"},
            3,
            "FALSETTO_DEEZER_CAPABILITY: unknown setting",
        ),
        (["cases", "list", "--status", "x"], {}, 2, "--status"),
        (["feed", "export", "--format", "xml"], {}, 2, "--format"),
        (["status", "--artist", "Nobody"], {}, 2, "nothing is watched for 'Nobody'"),
        (["status"], {"database_url": "postgresql://me:hush@127.0.0.1:1/none"}, 3, "127.0.0.1"),
        (["status"], {"database_url": "mysql://x"}, 3, "mysql"),
        (["status"], {"market": "nowhere"}, 3, "FALSETTO_MARKET"),
        (["roster", "import", "none.csv"], {}, 2, "none.csv"),
    ],
)
def test_bad_input_is_one_clear_line_with_its_exit_code(folder, words, settings, code, says):
    upgrade(f"sqlite:///{folder / 'falsetto.db'}")
    line = one_line(falsetto(*words, folder=folder, **settings), code)
    assert says in line
    assert "hush" not in line


def test_a_file_that_is_no_database_is_named(folder):
    (folder / "junk.db").write_bytes(b"this is no database at all" * 100)
    one_line(falsetto("status", folder=folder, database_url=f"sqlite:///{folder}/junk.db"), 3)


def test_a_store_that_fails_under_a_command_is_one_line(folder):
    falsetto("db", "upgrade", folder=folder)
    sqlite3.connect(folder / "falsetto.db").execute("DROP TABLE suspect_case")
    assert "the store failed" in one_line(falsetto("cases", "show", "1", folder=folder), 3)


READING = [
    ("status",),
    ("status", "--json"),
    ("roster", "list"),
    ("cases", "list"),
    ("cases", "show", "1"),
    ("feed", "export"),
    ("db", "check"),
]


@pytest.mark.parametrize("words", READING, ids=" ".join)
def test_a_command_that_only_reads_makes_no_store(folder, words):
    assert "is not there yet: run `falsetto db upgrade`" in one_line(falsetto(*words, folder=folder), 3)
    assert not (folder / "falsetto.db").exists()


@pytest.mark.parametrize("words", READING, ids=" ".join)
def test_a_command_that_only_reads_works_while_a_worker_writes(folder, words):
    url = f"sqlite:///{folder / 'falsetto.db'}"
    upgrade(url)
    engine = open_database(url)
    with writing(engine) as connection:
        connection.exec_driver_sql((ROOT / "tests" / "filled" / "0001.sql").read_text().partition(";")[0])
        begun = time.monotonic()
        done = falsetto(*words, folder=folder)
        assert time.monotonic() - begun < BUSY_TIMEOUT_S
    assert done.returncode == (2 if words[:2] == ("cases", "show") else 0), done.stderr
    engine.dispose()


@pytest.mark.postgres
@pytest.mark.parametrize("words", READING, ids=" ".join)
def test_on_postgresql_too_no_reading_command_waits_for_a_migration_or_writes(folder, words, postgres_server):
    url = postgres_server.url(postgres_server.create("prepared"))
    engine = open_database(url)
    with writing(engine) as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK})
        done = falsetto(*words, folder=folder, database_url=url)
    assert done.returncode == (2 if words[:2] == ("cases", "show") else 0), done.stderr
    engine.dispose()


def test_a_command_that_only_reads_leaves_an_older_store_as_it_is(folder):
    url = f"sqlite:///{folder / 'falsetto.db'}"
    upgrade(url)
    sqlite3.connect(folder / "falsetto.db").execute("DROP VIEW v1_cases")
    assert falsetto("status", folder=folder).returncode == 0
    found = falsetto("db", "check", folder=folder)
    assert found.returncode == 3
    assert "view v1_cases is missing" in found.stdout
    assert "differs from what this version needs in 1 places" in found.stderr
    assert falsetto("db", "upgrade", folder=folder).returncode == 0
    assert falsetto("db", "check", folder=folder).returncode == 0


def test_status_shows_the_size_by_table(folder, store_url):
    falsetto("roster", "import", "roster.csv", folder=folder, database_url=store_url)
    said = falsetto("status", folder=folder, database_url=store_url).stdout
    assert re.search(r"^the store takes \d+\.\d [kM]B$", said, re.MULTILINE)
    assert re.search(r"^  artist: about 1 rows, [\d.]+ [kM]B$", said, re.MULTILINE)
    assert "release:" not in said


def test_status_says_which_pages_lost_much_at_once_and_that_nobody_works(folder):
    falsetto("roster", "import", "roster.csv", folder=folder)
    engine = open_database(f"sqlite:///{folder / 'falsetto.db'}")
    pages = [f"p{number}" for number in range(7)]
    for number, page in enumerate(pages, 10):
        say(engine, releases(*range(number), profile=page), releases(profile=page, at=1))
    with writing(engine) as connection:
        connection.execute(update(target).values(due_at=day(1)))
    engine.dispose()
    said = falsetto("status", folder=folder).stdout.splitlines()
    assert "no worker is running while 7 targets are due: start one with falsetto run" in said
    (at,) = [place for place, line in enumerate(said) if line.startswith("held back: ")]
    assert said[at].startswith("held back: 91 releases that went at once from 7 pages, first ")
    assert said[at + 1].startswith("  deezer:p6 (")
    assert said[at + 1].endswith(": 16 of 16")
    assert said[at + 6] == "  and 2 more pages"


def test_a_run_lets_go_of_what_may_be_kept_no_longer_even_of_platforms_that_are_off(folder):
    falsetto("roster", "import", "roster.csv", folder=folder)
    database = sqlite3.connect(folder / "falsetto.db")
    for platform, age in (("spotify", "-2 days"), ("spotify", "-1 hours"), ("deezer", "-2 days")):
        database.execute(
            "INSERT INTO payload SELECT ?, ?, x'', 0, '', strftime('%Y-%m-%d %H:%M:%S.000000', 'now', ?) AS t,"
            " strftime('%Y-%m-%d %H:%M:%S.000000', 'now', ?)",
            (f"{platform}{age}", platform, age, age),
        )
    database.commit()
    settings = {"platforms": "deezer", "deezer_base_url": "http://127.0.0.1:9", "time_lapse": 1000, "keep_raw_days": 1}
    falsetto("run", "--once", folder=folder, **settings)
    assert database.execute("SELECT hash FROM payload").fetchall() == [("spotify-1 hours",)]


def test_what_a_reading_command_opens_can_not_be_written_through(store_url):
    engine = open_to_read(store_url)
    with pytest.raises(DBAPIError, match=r"readonly|read-only"), engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO watch (target_id, artist_id) VALUES (1, 1)")
    engine.dispose()


def test_every_command_has_help_with_an_example(folder):
    commands = [
        ["demo"], ["run"], ["status"], ["score"], ["sandbox"], ["roster", "import"], ["roster", "list"],
        ["roster", "resolve"], ["cases", "list"], ["cases", "show"], ["cases", "verdict"], ["feed", "export"],
        ["db", "upgrade"], ["db", "check"], ["census"], ["scan"], ["selftest"], ["plan"], ["cases", "group"],
        ["cases", "backtest"], ["cases", "rejudge"],
    ]  # fmt: skip
    for words in commands:
        done = falsetto(*words, "--help", folder=folder)
        assert done.returncode == 0
        assert "Example" in done.stdout, words


def test_the_schema_is_upgraded_and_checked(folder):
    assert "not there yet" in one_line(falsetto("db", "check", folder=folder), 3)
    assert falsetto("db", "upgrade", folder=folder).returncode == 0
    assert falsetto("db", "check", folder=folder).returncode == 0
    assert sqlite3.connect(folder / "falsetto.db").execute("SELECT count(*) FROM v1_new_releases").fetchone() == (0,)


@pytest.fixture
def world():
    with sandbox.running(scale=0.1, lapse=3600, capability="extended") as world:
        yield world


def reach(world, **more):
    settings = {f"{name}_base_url": url for name, url in world.base_urls().items()}
    return settings | {
        "platforms": "deezer,itunes,spotify,musicbrainz",
        "contact": "rights@falsetto.example",
        "spotify_client_id": "an-id",
        "spotify_client_secret": "v3ry-s3cret-w0rd",
        "spotify_capability": "extended",
        "time_lapse": 3600,
        "log_level": "DEBUG",
        **more,
    }


def test_no_secret_is_written_anywhere(folder, world):
    (folder / "roster.csv").write_text(world.roster_csv(), encoding="utf-8")
    settings = reach(world)
    outputs = [
        falsetto("roster", "import", "roster.csv", folder=folder, **settings),
        falsetto("roster", "resolve", folder=folder, **settings),
        falsetto("run", "--until-idle", folder=folder, **settings),
        falsetto("status", folder=folder, **settings),
        falsetto("feed", "export", folder=folder, **settings),
    ]
    assert [done.returncode for done in outputs] == [0] * len(outputs), [done.stderr[-500:] for done in outputs]
    written = "".join(done.stdout + done.stderr for done in outputs).encode()
    written += b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    dump = "\n".join(sqlite3.connect(folder / "falsetto.db").iterdump()).encode()
    for spoken in (written, dump):
        assert not re.search(rb"v3ry-s3cret-w0rd|Bearer |Basic |BQ[0-9a-f]{64}", spoken)


def test_resolving_finds_official_profiles_by_links_and_only_proposes_by_name(folder, world):
    (folder / "roster.csv").write_text(world.roster_csv(), encoding="utf-8")
    settings = reach(world, log_level="WARNING")
    falsetto("roster", "import", "roster.csv", folder=folder, **settings)
    imported = {(p["platform"], p["id"]) for row in _roster(folder, settings) for p in row["profiles"]}
    done = falsetto("roster", "resolve", "--json", folder=folder, **settings)
    assert done.returncode == 0, done.stderr
    truth = {(p, i) for artist in world.truth()["monitored"] for p, i in artist["profiles"].items()}
    found = [json.loads(line) for line in done.stdout.splitlines()]
    official = {(row["platform"], row["id"]) for row in found if row["standing"] == "official"}
    assert official
    assert official <= truth
    assert not official & imported
    assert {row["standing"] for row in found} <= {"official", "proposed"}
    assert all(row["reason"].startswith("name search") for row in found if row["standing"] == "proposed")
    assert falsetto("roster", "resolve", "--json", folder=folder, **settings).stdout == ""


def _roster(folder, settings):
    return [
        json.loads(line) for line in falsetto("roster", "list", "--json", folder=folder, **settings).stdout.splitlines()
    ]


def test_a_platform_that_never_answers_is_told_by_the_exit_code(folder):
    settings = {
        "platforms": "deezer",
        "deezer_base_url": "http://127.0.0.1:9",
        "time_lapse": 1000,
        "log_level": "ERROR",
    }
    falsetto("roster", "import", "roster.csv", folder=folder)
    done = falsetto("run", "--once", "--json", folder=folder, **settings)
    assert done.returncode == 4
    assert set(json.loads(done.stdout)["looks"]["deezer"]) == {"failed"}


def test_wrong_credentials_are_told_and_leave_every_target_due(folder):
    (folder / "roster.csv").write_text("name,spotify\nAda Quill,0000000000000000000001\n", encoding="utf-8")
    settings = {"platforms": "spotify", "spotify_client_id": "an-id", "spotify_client_secret": "wr0ng-w0rd"}
    with Replay() as server:
        server.answer_by(lambda asked: Answer(b'{"error":"invalid_client"}', 400))
        settings["spotify_base_url"] = server.url
        falsetto("roster", "import", "roster.csv", folder=folder, **settings)
        done = falsetto("run", "--once", folder=folder, **settings)
    assert done.returncode == 4
    assert "spotify refuses: " in done.stdout
    assert "wr0ng-w0rd" not in done.stdout + done.stderr
    engine = open_database(f"sqlite:///{folder / 'falsetto.db'}")
    with engine.connect() as connection:
        assert set(connection.scalars(select(target.c.last_outcome))) == {"refused", None}
        assert connection.scalar(select(func.count()).where(target.c.due_at.is_(None))) == 0
    engine.dispose()


def test_a_command_that_has_ended_leaves_nothing_for_the_interpreter_to_collect(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["falsetto", "--version"])
    try:
        with pytest.raises(SystemExit) as ended:
            main()
        assert gc.get_freeze_count() > len(gc.get_objects())
    finally:
        gc.unfreeze()
    assert not ended.value.code
    assert capsys.readouterr().out.startswith("falsetto")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_drains_the_worker_and_gives_its_leases_back(folder, number):
    with sandbox.running(scale=2, capability="extended") as world:
        url = f"sqlite:///{folder / 'falsetto.db'}"
        settings = reach(world, time_lapse=1, log_level="WARNING", database_url=url)
        falsetto("db", "upgrade", folder=folder, database_url=url)
        engine = open_database(url)
        sandboxed.import_roster(engine, world, folder)
        environment = {f"FALSETTO_{name.upper()}": str(value) for name, value in settings.items()}
        worker = subprocess.Popen(
            [sys.executable, "-m", "crawler", "run"],
            cwd=folder,
            env=environment | {"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
            stderr=subprocess.PIPE,
            text=True,
        )
        deadline = time.monotonic() + 60
        while world.calls()["deezer"]["all"]["calls"] < 20 and time.monotonic() < deadline:
            time.sleep(0.1)
        worker.send_signal(number)
        _, errors = worker.communicate(timeout=20)
        assert worker.returncode == (0 if number is signal.SIGTERM else 130), errors
        with engine.connect() as connection:
            assert connection.scalar(select(func.count()).where(target.c.lease_owner.is_not(None))) == 0
            assert connection.scalar(select(func.count()).where(target.c.last_look_at.is_not(None))) > 0
        engine.dispose()
