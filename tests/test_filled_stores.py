"""What has landed stays: no landed migration is edited, and a filled store of every landed revision upgrades whole.

A file in tests/filled/ holds what a store of that revision can hold; a revision without one is filled as the newest
before it and upgraded. A migration that adds tables brings a file; one that merges or drops rows is named below.
"""

import hashlib
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from storage.database import MIGRATIONS, check, downgrade, head, upgrade, writing
from storage.differences import differences
from storage.models import metadata
from tests.say import releases, say

LANDED = MIGRATIONS / "landed.sha256"
FILLED = Path(__file__).parent / "filled"
# What a revision changes on purpose in rows that were there; without columns, a table is not compared at all. Whoever
# adds to this list tests the change by itself.
CHANGED = {
    ("0004", "target"): {"lease_owner", "lease_until"},  # whoever held something ran an older version
    ("0005", "market"): set[str](),  # markets became sets, and their log a log of sets (test_facts_migration.py)
    ("0005", "change"): set[str](),
    ("0007", "suspect_case"): {"key", "kind", "status"},  # became events with findings: see below
}


def landed():
    return dict(reversed(line.split()) for line in LANDED.read_text().splitlines())


def revisions():
    """Every revision, oldest first."""
    scripts = ScriptDirectory(str(MIGRATIONS))
    return [script.revision for script in reversed(list(scripts.walk_revisions()))]


def test_a_landed_migration_is_never_edited_and_a_new_one_is_put_on_the_list():
    real = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in (MIGRATIONS / "versions").glob("*.py")}
    listed = landed()
    edited = [name for name in listed if real.get(name) != listed[name]]
    assert not edited, f"landed migrations are never edited or taken away: {edited}; write a new one"
    missing = [f"{real[name]}  {name}" for name in sorted(real.keys() - listed.keys())]
    assert not missing, "add to alembic/landed.sha256, when it lands:\n" + "\n".join(missing)


def fill(engine, revision):
    """Bring an empty database to a revision, with rows that a store of that revision holds."""
    known = [one for one in revisions() if (FILLED / f"{one}.sql").exists()]
    order = revisions()
    source = max((one for one in known if order.index(one) <= order.index(revision)), key=order.index)
    upgrade(engine, source)
    script = (FILLED / f"{source}.sql").read_text(encoding="utf-8")
    bytes_as = "'\\x" if engine.dialect.name == "postgresql" else "x'"
    with writing(engine) as connection:
        for statement in script.replace("HEX'", bytes_as).split(";\n"):
            if statement.strip():
                connection.exec_driver_sql(statement.replace("%", "%%"))
        _move_sequences(connection)
    upgrade(engine, revision)


def _move_sequences(connection):
    if connection.dialect.name != "postgresql":
        return
    for table in inspect(connection).get_table_names():
        if any(column["name"] == "id" for column in inspect(connection).get_columns(table)):
            connection.execute(
                text(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table} HAVING max(id) > 0")
            )


def contents(engine):
    """Every row of every table as text, by its primary key."""
    found = {}
    with engine.connect() as connection:
        for table in inspect(connection).get_table_names():
            if table == "alembic_version":
                continue
            key = inspect(connection).get_pk_constraint(table)["constrained_columns"]
            rows = connection.execute(text(f"SELECT * FROM {table}")).mappings()
            found[table] = {tuple(row[name] for name in key): dict(row) for row in rows}
    return found


def test_every_table_of_the_first_revision_is_filled(empty_engine):
    fill(empty_engine, revisions()[0])
    assert [table for table, rows in contents(empty_engine).items() if not rows] == []


@pytest.mark.parametrize("revision", revisions())
def test_a_filled_store_of_every_landed_revision_upgrades_and_keeps_its_rows(empty_engine, revision):
    fill(empty_engine, revision)
    before = contents(empty_engine)
    later = revisions()[revisions().index(revision) + 1 :]
    upgrade(empty_engine)
    after = contents(empty_engine)
    assert check(empty_engine) == head()
    assert differences(empty_engine) == []
    for table, rows in before.items():
        changed = [CHANGED[one, table] for one in later if (one, table) in CHANGED]
        if set() in changed:
            continue
        for key, row in rows.items():
            kept = after[table].get(key)
            assert kept is not None, (table, key)
            same = (row.keys() & kept.keys()).difference(*changed)
            assert {name: row[name] for name in same} == {name: kept[name] for name in same}, (table, key)
    with empty_engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            assert connection.execute(text("PRAGMA foreign_key_check")).all() == []


def test_markets_become_sets_and_cases_become_events_with_findings(empty_engine):
    fill(empty_engine, "0001")
    upgrade(empty_engine)
    with empty_engine.connect() as connection:

        def ask(query):
            return [tuple(row) for row in connection.execute(text(query))]

        markets = "SELECT r.platform_id, s.countries FROM release r JOIN market_set s ON s.id = r.market_set_id"
        assert ask(f"{markets} ORDER BY 1") == [("r1", '["US"]'), ("r3", '["US"]')]
        cases = "SELECT c.id, c.kind, c.status, f.profile_id, f.release_id FROM suspect_case c JOIN finding f"
        assert ask(f"{cases} ON f.case_id = c.id ORDER BY 1") == [
            (1, "release", "confirmed", 1, 3),
            (2, "profile", "open", 2, None),
        ]
        assert ask("SELECT case_id, decision FROM verdict ORDER BY id") == [(1, "unsure"), (1, "impersonation")]


@pytest.mark.parametrize("revision", revisions())
def test_a_worker_goes_on_in_an_upgraded_store(empty_engine, revision):
    fill(empty_engine, revision)
    upgrade(empty_engine)
    recorded = say(empty_engine, releases(1, 3, 4, at=datetime(2026, 1, 6, 12, tzinfo=UTC)))
    assert len(recorded.new_releases) == 1
    assert len(recorded.new_listings) == 1


def test_a_filled_store_goes_back_to_nothing_and_forward_again(empty_engine):
    fill(empty_engine, head())
    downgrade(empty_engine)
    upgrade(empty_engine)
    assert differences(empty_engine) == []
    assert set(inspect(empty_engine).get_table_names()) == {*metadata.tables, "alembic_version"}
