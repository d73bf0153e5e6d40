"""API keys: shown once, kept as a hash, refused when wrong, unknown or revoked."""

import json
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from storage import keys
from storage.database import open_database, writing
from storage.models import api_key, audit
from tests.commands import falsetto

NOW = datetime(2026, 11, 25, tzinfo=UTC)


@pytest.fixture
def key(engine):
    with writing(engine) as connection:
        return keys.create(connection, "Lab", "decide", NOW)


def holder(engine, presented):
    with engine.connect() as connection:
        return keys.holder(connection, presented)


def test_a_key_names_its_holder_and_the_store_does_not_hold_it(engine, key):
    found = holder(engine, key)
    assert (found.name, found.role) == ("Lab", "decide")
    with engine.connect() as connection:
        (row,) = connection.execute(select(api_key))
    assert key.rpartition("_")[2] not in str(row)


def test_a_wrong_unknown_or_mutilated_key_is_nobodys(engine, key):
    start, _, secret = key.rpartition("_")
    other = "0" if secret[-1] != "0" else "1"
    for wrong in (
        f"{start}_{secret[:-1]}{other}",
        f"falsetto_{'0' * 16}_{secret}",
        key[:-1],
        key + "0",
        key.upper(),
        f"{key}\n",
        start,
        "",
    ):
        assert holder(engine, wrong) is None, wrong


def test_a_revoked_key_is_refused_and_its_name_is_not_given_again(engine, key):
    with writing(engine) as connection:
        keys.revoke(connection, "Lab", NOW)
    assert holder(engine, key) is None
    with writing(engine) as connection:
        assert not keys.any_live(connection)
        with pytest.raises(keys.NameTaken):
            keys.create(connection, "Lab", "read", NOW)
        with pytest.raises(keys.NoSuchKey):
            keys.revoke(connection, "Lab", NOW)


@pytest.mark.parametrize(
    ("role", "may"),
    [
        ("feed", {"feed"}),
        ("read", {"feed", "read"}),
        ("decide", {"feed", "read", "decide"}),
        ("admin", {"feed", "read", "decide", "admin"}),
    ],
)
def test_each_role_may_what_the_ones_before_it_may(role, may):
    assert {one for one in keys.ROLES if keys.Holder(1, "x", role).may(one)} == may


def test_keys_are_created_listed_and_revoked_from_the_command_line_and_audited(tmp_path):
    key = falsetto("keys", "create", "Lab", "--role", "admin", folder=tmp_path).stdout.strip()
    assert keys.SHAPE.fullmatch(key)
    listed = falsetto("keys", "list", "--json", folder=tmp_path).stdout
    assert json.loads(listed)["role"] == "admin"
    assert key.rpartition("_")[2] not in listed
    assert falsetto("keys", "revoke", "Lab", folder=tmp_path).returncode == 0
    assert "revoked" in falsetto("keys", "list", folder=tmp_path).stdout
    engine = open_database(f"sqlite:///{tmp_path / 'falsetto.db'}")
    assert holder(engine, key) is None
    with engine.connect() as connection:
        rows = [tuple(row) for row in connection.execute(select(audit.c.who, audit.c.action, audit.c.subject))]
    assert rows == [("command line", "key created", "Lab"), ("command line", "key revoked", "Lab")]
    engine.dispose()


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("create", "Lab", "--role", "owner"), "--role"),
        (("create", " "), "plain text"),
        (("create", "a\u202eb"), "plain text"),
        (("create", "x" * 101), "plain text"),
        (("create", "command line"), "plain text"),
        (("revoke", "Nobody"), "no live key named"),
    ],
)
def test_bad_words_are_one_clear_line(tmp_path, words, says):
    done = falsetto("keys", *words, folder=tmp_path)
    assert done.returncode == 2
    assert says in done.stderr
    assert len(done.stderr.splitlines()) == 1
