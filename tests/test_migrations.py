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

from storage.database import (
    DatabaseTrouble,
    check,
    downgrade,
    fresh_schema,
    head,
    open_database,
    upgrade,
    writing,
)
from storage.differences import differences
from storage.models import artist, metadata
from storage.views import NAMES, drop_views

ROOT = Path(__file__).resolve().parent.parent
NOW = datetime(2026, 11, 20, tzinfo=UTC)


def alembic_finds(engine):
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return compare_metadata(context, metadata)


def put_artist(engine):
    with writing(engine) as connection:
        connection.execute(insert(artist).values(key="k", name="Ovels", name_key="ovels", added_at=NOW, changed_at=NOW))


def test_upgrading_an_empty_database_makes_what_the_models_say(empty_engine):
    upgrade(empty_engine)
    assert alembic_finds(empty_engine) == differences(empty_engine) == []
    assert check(empty_engine) == head()
    assert set(inspect(empty_engine).get_view_names()) == set(NAMES)


def test_a_fresh_schema_is_what_the_migrations_make(empty_engine):
    fresh_schema(empty_engine)
    assert alembic_finds(empty_engine) == differences(empty_engine) == []
    assert check(empty_engine) == head()
    assert set(inspect(empty_engine).get_view_names()) == set(NAMES)


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


FOREIGN = {
    "other tables": ["CREATE TABLE theirs (n INTEGER)"],
    "other tables, versioned by alembic": [
        "CREATE TABLE theirs (n INTEGER)",
        "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)",
        "INSERT INTO alembic_version VALUES ('0001')",
    ],
}


@pytest.mark.parametrize("statements", FOREIGN.values(), ids=FOREIGN.keys())
def test_a_database_of_somebody_else_is_left_alone(empty_engine, statements):
    with writing(empty_engine) as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
    tables = inspect(empty_engine).get_table_names()
    for attempt in (upgrade, check):
        with pytest.raises(DatabaseTrouble, match="holds other tables and none of Falsetto's"):
            attempt(empty_engine)
    assert inspect(empty_engine).get_table_names() == tables


def test_a_version_without_its_tables_and_tables_without_their_version_are_told(empty_engine):
    fresh_schema(empty_engine)
    with writing(empty_engine) as connection:
        connection.exec_driver_sql("DELETE FROM alembic_version")
    with pytest.raises(DatabaseTrouble, match="not which version"):
        upgrade(empty_engine)
    with writing(empty_engine) as connection:
        drop_views(connection)
        metadata.drop_all(connection)
        connection.exec_driver_sql("INSERT INTO alembic_version VALUES ('0001')")
    with pytest.raises(DatabaseTrouble, match="holds no tables"):
        check(empty_engine)


ODDITIES = {
    "table verdict is missing": "DROP TABLE verdict",
    "table target: column odd is none of this version's": "ALTER TABLE target ADD COLUMN odd INTEGER",
    "table release_line: column gone_at is missing": "ALTER TABLE release_line DROP COLUMN gone_at",
    "table track: index ix_track_isrc is missing": "DROP INDEX ix_track_isrc",
    "view v1_coverage is missing": "DROP VIEW v1_coverage",
    "view v1_credits: its query is another": "DROP VIEW v1_credits; CREATE VIEW v1_credits AS SELECT 1 AS x",
}


@pytest.mark.parametrize("sentence", ODDITIES)
def test_a_store_that_is_not_what_its_version_says_is_told_apart(empty_engine, sentence):
    fresh_schema(empty_engine)
    with writing(empty_engine) as connection:
        if "VIEW" not in ODDITIES[sentence]:
            drop_views(connection)  # PostgreSQL drops no column under a view
        for statement in ODDITIES[sentence].split(";"):
            connection.exec_driver_sql(statement)
    assert check(empty_engine) == head()
    assert sentence in [
        said for said in differences(empty_engine) if "view" not in said or "VIEW" in ODDITIES[sentence]
    ]


@pytest.mark.postgres
def test_constraints_types_and_defaults_are_compared_too(postgres_server):
    engine = open_database(postgres_server.url(postgres_server.create("prepared")))
    with writing(engine) as connection:
        connection.exec_driver_sql("ALTER TABLE look DROP CONSTRAINT ck_look_outcome")
        connection.exec_driver_sql("ALTER TABLE budget ALTER COLUMN hours SET DEFAULT '[]'")
        connection.exec_driver_sql("ALTER TABLE track DROP CONSTRAINT fk_track_release_id")
        connection.exec_driver_sql("ALTER TABLE track ALTER COLUMN position TYPE BIGINT")
        connection.exec_driver_sql("ALTER TABLE artist DROP CONSTRAINT uq_artist_mbid")
        connection.exec_driver_sql("ALTER TABLE listing ALTER COLUMN new DROP NOT NULL")
    assert differences(engine) == [
        "table artist: constraint uq_artist_mbid is missing",
        "table budget: column hours is TEXT NOT NULL DEFAULT '[]'::text, not TEXT NOT NULL DEFAULT '{}'::text",
        "table listing: column new is BOOLEAN, not BOOLEAN NOT NULL",
        "table look: constraint ck_look_outcome is missing",
        "table track: column position is BIGINT, not INTEGER",
        "table track: reference of release_id is missing",
    ]
    with engine.connect() as connection:
        assert inspect(connection).get_schema_names() == ["information_schema", "public"]
    engine.dispose()


def test_views_of_an_earlier_program_are_made_anew_though_the_schema_is_the_newest(empty_engine):
    fresh_schema(empty_engine)
    with writing(empty_engine) as connection:
        connection.exec_driver_sql("DROP VIEW v1_credits")
        connection.exec_driver_sql("CREATE VIEW v1_credits AS SELECT 1 AS x")
        connection.exec_driver_sql("CREATE VIEW v_forgotten AS SELECT 1 AS x")
    upgrade(empty_engine)
    assert differences(empty_engine) == []
    assert set(inspect(empty_engine).get_view_names()) == set(NAMES)


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
