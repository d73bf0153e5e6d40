"""The migrations lead where the models are, on both engines, and back again with data."""

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import alembic
import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import insert, inspect, select

from storage.database import DatabaseTrouble, check, downgrade, fresh_schema, head, upgrade, writing
from storage.models import artist, metadata
from storage.views import VIEWS

ROOT = Path(__file__).resolve().parent.parent
NOW = datetime(2026, 11, 20, tzinfo=UTC)


def differences(engine):
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return compare_metadata(context, metadata)


def put_artist(engine):
    with writing(engine) as connection:
        connection.execute(insert(artist).values(key="k", name="Ovels", name_key="ovels", added_at=NOW, changed_at=NOW))


def test_upgrading_an_empty_database_makes_what_the_models_say(empty_engine):
    upgrade(empty_engine)
    assert differences(empty_engine) == []
    assert check(empty_engine) == head()
    assert set(inspect(empty_engine).get_view_names()) == set(VIEWS)


def test_a_fresh_schema_is_what_the_migrations_make(empty_engine):
    fresh_schema(empty_engine)
    assert differences(empty_engine) == []
    assert check(empty_engine) == head()
    assert set(inspect(empty_engine).get_view_names()) == set(VIEWS)


def test_upgrading_twice_changes_nothing_and_keeps_the_rows(empty_engine):
    upgrade(empty_engine)
    put_artist(empty_engine)
    upgrade(empty_engine)
    with empty_engine.connect() as connection:
        assert connection.scalar(select(artist.c.name)) == "Ovels"
        assert connection.scalar(select(artist.c.watched)) is True


def test_downgrading_a_database_with_rows_leaves_nothing_of_ours(empty_engine):
    upgrade(empty_engine)
    put_artist(empty_engine)
    downgrade(empty_engine)
    assert set(inspect(empty_engine).get_table_names()) <= {"alembic_version"}
    assert inspect(empty_engine).get_view_names() == []
    upgrade(empty_engine)
    assert differences(empty_engine) == []


def test_a_database_without_tables_is_told_from_an_old_and_a_new_one(empty_engine):
    with pytest.raises(DatabaseTrouble, match="no Falsetto tables"):
        check(empty_engine)
    fresh_schema(empty_engine)
    with writing(empty_engine) as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = 'from_the_future'")
    with pytest.raises(DatabaseTrouble, match="newer than this code"):
        check(empty_engine)
    with pytest.raises(DatabaseTrouble, match="newer than this code"):
        upgrade(empty_engine)


def test_a_database_of_somebody_else_is_left_alone(empty_engine):
    with writing(empty_engine) as connection:
        connection.exec_driver_sql("CREATE TABLE theirs (n INTEGER)")
    with pytest.raises(DatabaseTrouble, match="other tables"):
        upgrade(empty_engine)
    assert inspect(empty_engine).get_table_names() == ["theirs"]


def test_the_alembic_command_upgrades_and_finds_no_difference(empty_url):
    def run(*words):
        return subprocess.run(
            [sys.executable, "-m", "alembic", *words],
            cwd=ROOT,
            env={"FALSETTO_DATABASE_URL": empty_url, "PATH": "/usr/bin:/bin"},
            capture_output=True,
            text=True,
            check=False,
        )

    done = run("upgrade", "head")
    assert done.returncode == 0, done.stderr
    done = run("check")
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_folder_of_migrations_never_hides_the_library():
    assert not (ROOT / "alembic" / "__init__.py").exists()
    assert not Path(alembic.__file__).is_relative_to(ROOT / "alembic")


@pytest.mark.parametrize("package", ["crawler", "spiders", "storage"])
def test_our_packages_are_those_of_this_checkout(package):
    import importlib

    assert Path(importlib.import_module(package).__file__).parent == ROOT / package


def catalogue(engine):
    """What the engine itself says about indexes, constraints, storage and views."""
    with engine.connect() as connection:

        def ask(query):
            return sorted(map(tuple, connection.exec_driver_sql(query)), key=str)

        if engine.dialect.name == "sqlite":
            columns = (
                'SELECT m.name, c.name, c.type, c."notnull", c.dflt_value, c.pk '
                "FROM sqlite_master m, pragma_table_info(m.name) c"
            )
            return [
                ask("SELECT name, sql FROM sqlite_master WHERE type IN ('index', 'view')"),
                ask(f"{columns} WHERE m.type = 'table'"),
                ask('SELECT m.name, f."from", f."table" FROM sqlite_master m, pragma_foreign_key_list(m.name) f'),
            ]
        return [
            ask("SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'"),
            ask("SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint"),
            ask(
                "SELECT relname, reloptions FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
            ),
            ask("SELECT viewname, definition FROM pg_views WHERE schemaname = 'public'"),
            ask(
                "SELECT table_name, column_name, data_type, is_nullable, column_default "
                "FROM information_schema.columns WHERE table_schema = 'public'"
            ),
        ]


def test_indexes_defaults_and_storage_are_the_same_by_both_ways(empty_engine):
    upgrade(empty_engine)
    migrated = catalogue(empty_engine)
    downgrade(empty_engine)
    with writing(empty_engine) as connection:
        connection.exec_driver_sql("DROP TABLE alembic_version")
    fresh_schema(empty_engine)
    assert catalogue(empty_engine) == migrated
