"""`falsetto platforms`: state, credentials, budgets and terms; a pause is lifted by hand."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from storage import budgets, frontier
from storage.database import open_database, upgrade, writing
from storage.models import target
from storage.targets import Ask, Target
from tests.commands import falsetto

NOW = datetime.now(UTC)
AGES = 1_795_568_813.0  # the seconds that a server once named


@pytest.fixture
def store(tmp_path):
    url = f"sqlite:///{tmp_path}/falsetto.db"
    upgrade(url)
    engine = open_database(url)
    yield engine
    engine.dispose()


def park(engine, wait_s, platform="deezer"):
    with writing(engine) as connection:
        until = datetime.now(UTC).timestamp() + wait_s  # a slow run may come here long after it began
        budgets.park(connection, platform, "", "here", until, "HTTP 429 \x1b[2J")


def test_every_platform_is_listed_with_what_it_needs_and_on_which_terms(tmp_path, store):
    park(store, 600)
    done = falsetto("platforms", "--json", folder=tmp_path, platforms="deezer,spotify", spotify_client_id="an-id")
    listed = {row["platform"]: row for row in map(json.loads, done.stdout.splitlines())}
    assert listed["deezer"]["state"] == "parked"
    assert listed["spotify"]["state"] == "without credentials"
    assert listed["spotify"]["credentials"] == {"client_id": True, "client_secret": False}
    assert listed["itunes"]["state"] == "off"
    assert all(row["terms"] and row["limits"] for row in listed.values())
    said = falsetto("platforms", folder=tmp_path, platforms="deezer")
    assert "deezer: parked" in said.stdout
    assert "\x1b" not in said.stdout
    assert "an-id" not in done.stdout


@pytest.mark.parametrize("wait_s", [600.0, AGES, 1e17])
def test_a_pause_is_lifted_and_said_and_what_waited_for_it_is_due(tmp_path, store, wait_s):
    park(store, wait_s)
    asked = Target("deezer", Ask.PROFILE, "7")
    later = NOW + timedelta(days=20_000)
    with writing(store) as connection:
        frontier.want(connection, [frontier.Wanted(asked, later)], NOW)
        connection.execute(target.update().values(last_outcome="throttled"))
    done = falsetto("platforms", "unpark", "deezer", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "deezer:default was parked until" in done.stdout
    assert "1 targets are due again" in done.stdout
    with store.connect() as connection:
        assert budgets.pauses(connection, "deezer", 0) == []
        assert connection.scalar(target.select().with_only_columns(target.c.due_at)) <= datetime.now(UTC)
    assert falsetto("platforms", "unpark", "deezer", folder=tmp_path).stdout == "deezer was not parked\n"


def test_an_unknown_platform_is_one_line(tmp_path, store):
    done = falsetto("platforms", "unpark", "napster", folder=tmp_path)
    assert done.returncode == 2
    assert "unknown platform 'napster'" in done.stderr
