"""One database by URL: SQLite in a file, or PostgreSQL. Opening, writing, and the schema's version.

Writers take their lock when the transaction begins (BEGIN IMMEDIATE on SQLite), so that a transaction never fails half
way for want of it. Every trouble with the database is one sentence, and no sentence holds the URL's password.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.pool import StaticPool

from storage.models import metadata
from storage.views import are_current, create_views

if TYPE_CHECKING:
    from alembic.config import Config

BUSY_TIMEOUT_S = 30
CONNECT_TIMEOUT_S = 10
OPENINGS = 3  # tries to open a store whose server cuts the connection that it has just taken
HERE = Path(__file__).resolve().parent
MIGRATIONS = next(p for p in (HERE / "migrations", HERE.parent / "alembic") if p.exists())  # in a wheel, in a checkout
OURS = frozenset({"artist", "look", "target"})  # tables of every version: a database without them is not ours
MIGRATION_LOCK = 0x46414C53  # any number of our own: two workers that start at once migrate one after the other
POSTGRESQL = {"postgresql", "postgres", "postgresql+psycopg"}
SQLITE = {"sqlite", "sqlite+pysqlite"}


class DatabaseTrouble(Exception):
    """The database can't be used, and this sentence says why."""


def open_database(url: str) -> Engine:
    """Open a database and make sure that it answers."""
    parsed = _parsed(url)
    engine = _sqlite(parsed) if parsed.drivername in SQLITE else _postgresql(parsed)
    try:
        _answered(engine)
    except DBAPIError as error:
        engine.dispose()
        raise DatabaseTrouble(_reason(parsed, error)) from None
    return engine


def _answered(engine: Engine) -> None:
    """Connect; a server that took the connection and cut it, as when it restarts, is asked again."""
    for turn in range(1, OPENINGS + 1):
        try:
            with engine.connect():
                return
        except DBAPIError as error:
            if turn == OPENINGS or not error.connection_invalidated:
                raise
            engine.dispose()


def open_to_read(url: str) -> Engine:
    """Open a store that is there for reading only: nothing is made, locked or changed, whoever writes meanwhile."""
    parsed = _parsed(url)
    file = parsed.database if parsed.drivername in SQLITE else None
    if file and file != ":memory:" and not file.startswith("file:") and not Path(file).is_file():
        raise DatabaseTrouble(f"the database {file} is not there yet: run `falsetto db upgrade`.")
    engine = open_database(url)

    @event.listens_for(engine, "connect")
    def refuse_writes(connection: Any, _: Any) -> None:
        if engine.dialect.name == "sqlite":
            connection.execute("PRAGMA query_only=ON")
        else:
            connection.read_only = True

    engine.dispose()  # the connection that opening left in the pool may still write
    return engine


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """Open a transaction that may write: committed whole at the end, or not at all."""
    with engine.connect() as connection, connection.execution_options(writing=True).begin():
        yield connection


def upgrade(database: Engine | str, to: str = "head") -> None:
    """Bring the schema to the version this code needs; data stays, and what is up to date is not even locked."""
    from alembic import command

    with _opened(database) as engine:
        with engine.connect() as connection:
            if _version(connection) == head() and are_current(connection):
                return
        with migrating(engine) as connection:
            if _version(connection) != head():
                command.upgrade(_alembic(connection), to)
            elif not are_current(connection):
                create_views(connection)


def downgrade(database: Engine | str, revision: str = "base") -> None:
    """Bring the schema back to an earlier version; what only the later one could hold is lost."""
    from alembic import command

    with _opened(database) as engine, migrating(engine) as connection:
        command.downgrade(_alembic(connection), revision)


def check(database: Engine | str) -> str:
    """Return the schema's version, or raise if it is not the one this code needs."""
    with _opened(database) as engine:
        with engine.connect() as connection:
            version = _version(connection)
        place = _place(engine.url)
        if version is None:
            raise DatabaseTrouble(f"the database {place} has no Falsetto tables: run `falsetto db upgrade`.")
        if version != head():
            raise DatabaseTrouble(
                f"the schema of {place} is older than this code ({version}, not {head()}): run `falsetto db upgrade`."
            )
        return version


@cache
def head() -> str:
    """Return the schema version that this code needs."""
    from alembic.script import ScriptDirectory

    found = ScriptDirectory.from_config(_alembic()).get_current_head()
    if found is None:
        raise DatabaseTrouble(f"no migrations were found in {MIGRATIONS.name}/.")
    return found


def fresh_schema(engine: Engine) -> None:
    """Make the newest schema in an empty database without walking through the migrations."""
    from alembic import command

    with writing(engine) as connection:
        metadata.create_all(connection)
        create_views(connection)
        command.stamp(_alembic(connection), "head")


def _parsed(url: str) -> URL:
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        raise DatabaseTrouble(
            "the database URL can't be read: write sqlite:///falsetto.db or postgresql://user@host/database."
        ) from None
    if parsed.drivername not in POSTGRESQL | SQLITE:
        raise DatabaseTrouble(f"databases of the kind {parsed.drivername!r} are not supported: sqlite or postgresql.")
    if parsed.drivername in SQLITE and (parsed.host or parsed.username or parsed.port):
        raise DatabaseTrouble("a SQLite URL has three slashes before the file's name: sqlite:///falsetto.db.")
    return parsed


def _sqlite(url: URL) -> Engine:
    options: dict[str, Any] = {"poolclass": StaticPool} if url.database in (None, "", ":memory:") else {}
    # The driver would begin transactions by itself, late and only before some statements: it is told not to.
    engine = create_engine(
        url, connect_args={"timeout": BUSY_TIMEOUT_S, "isolation_level": None, "check_same_thread": False}, **options
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _: Any) -> None:
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", "temp_store=MEMORY"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        wanted = connection.get_execution_options().get("writing", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if wanted else "BEGIN")

    return engine


def _postgresql(url: URL) -> Engine:
    patience = {} if "connect_timeout" in url.query else {"connect_timeout": CONNECT_TIMEOUT_S}
    return create_engine(url.set(drivername="postgresql+psycopg"), pool_pre_ping=True, connect_args=patience)


@contextmanager
def _opened(database: Engine | str) -> Iterator[Engine]:
    engine = open_database(database) if isinstance(database, str) else database
    try:
        yield engine
    except DBAPIError as error:
        raise DatabaseTrouble(_reason(engine.url, error)) from None
    finally:
        if engine is not database:
            engine.dispose()


@contextmanager
def migrating(engine: Engine) -> Iterator[Connection]:
    """Open a transaction that may rebuild tables: one at a time, and on SQLite without foreign keys till its end."""
    if engine.dialect.name == "postgresql":
        with writing(engine) as connection:
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK})
            yield connection
        return
    with engine.connect() as connection:
        driver = connection.connection.driver_connection
        assert isinstance(driver, sqlite3.Connection)
        driver.execute("PRAGMA foreign_keys=OFF")  # has no effect inside a transaction
        try:
            with connection.execution_options(writing=True).begin():
                yield connection
        finally:
            driver.execute("PRAGMA foreign_keys=ON")


def _alembic(connection: Connection | None = None) -> "Config":
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def _version(connection: Connection) -> str | None:
    """Return the schema's version, None for an empty database; a store that is not ours or is newer is refused."""
    from alembic.runtime.migration import MigrationContext

    place = _place(connection.engine.url)
    tables = set(inspect(connection).get_table_names()) - {"alembic_version"}
    versions = MigrationContext.configure(connection).get_current_heads()
    if tables and not tables >= OURS:
        raise DatabaseTrouble(f"the database {place} holds other tables and none of Falsetto's.")
    if tables and not versions:
        raise DatabaseTrouble(f"the database {place} holds Falsetto's tables, but not which version they are.")
    if versions and not tables:
        raise DatabaseTrouble(f"the database {place} names a version ({versions[0]}), but holds no tables.")
    if not set(versions) <= _known_versions():
        raise DatabaseTrouble(f"the schema of {place} is newer than this code: update Falsetto.")
    return versions[0] if versions else None


@cache
def _known_versions() -> frozenset[str]:
    from alembic.script import ScriptDirectory

    return frozenset(script.revision for script in ScriptDirectory.from_config(_alembic()).walk_revisions())


def _place(url: URL) -> str:
    if url.drivername in SQLITE:
        return url.database or "in memory"
    port = f":{url.port}" if url.port else ""
    return f"postgresql://{url.host or 'localhost'}{port}/{url.database or ''}"


def _reason(url: URL, error: DBAPIError) -> str:
    said = "; ".join(line.strip() for line in str(error.orig).splitlines() if line.strip())
    for secret in {url.password, url.query.get("password")}:
        if secret:
            said = said.replace(str(secret), "***")
    if "not a database" in said:
        return f"the file {_place(url)} is not a database."
    return f"the database {_place(url)} can't be used: {said.removesuffix('.')}."
