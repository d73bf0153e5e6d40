"""What every test has: no network beyond loopback, and a fresh store on both engines for those that ask."""

import contextlib
import ipaddress
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from storage.database import fresh_schema, open_database
from storage.models import metadata
from tests import postgres


@pytest.fixture(autouse=True)
def loopback_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse every connection that would leave this machine."""
    connect, connect_ex = socket.socket.connect, socket.socket.connect_ex

    def checked(address):
        if isinstance(address, tuple) and not _is_loopback(str(address[0])):
            raise OSError(f"a test tried to reach {address[0]}")
        return address

    monkeypatch.setattr(socket.socket, "connect", lambda self, address: connect(self, checked(address)))
    monkeypatch.setattr(socket.socket, "connect_ex", lambda self, address: connect_ex(self, checked(address)))


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host.split("%")[0]).is_loopback
    except ValueError:
        return host == "localhost"


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[postgres.Server]:
    """One server a session, started by the first test that needs it; its template database holds the schema."""
    with contextlib.ExitStack() as stack:
        try:
            server = stack.enter_context(postgres.running())
        except postgres.NoBinaries as missing:
            pytest.skip(str(missing))
        server.run("CREATE DATABASE prepared")
        engine = open_database(server.url("prepared"))
        fresh_schema(engine)
        engine.dispose()
        yield server


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file that holds the schema, to be copied."""
    path = tmp_path_factory.mktemp("template") / "prepared.db"
    engine = open_database(f"sqlite:///{path}")
    fresh_schema(engine)
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    return path


# A tenth of the time of making a database: rows go, ids start at 1 again.
WIPE = "; ".join(
    [f"DELETE FROM {table.name}" for table in reversed(metadata.sorted_tables)]
    + [
        f"ALTER SEQUENCE {table.name}_id_seq RESTART"
        for table in metadata.sorted_tables
        if table.autoincrement_column is not None
    ]
)
ENGINES = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]


@pytest.fixture(params=ENGINES)
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a fresh store, once per engine."""
    if request.param == "sqlite":
        path = tmp_path / "store.db"
        shutil.copyfile(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    server = request.getfixturevalue("postgres_server")
    name = server.lend("prepared", WIPE)
    yield server.url(name)
    server.take_back(name)


@pytest.fixture(params=ENGINES)
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database without tables, once per engine."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    server = request.getfixturevalue("postgres_server")
    name = server.create()
    yield server.url(name)
    server.drop(name)


@pytest.fixture
def engine(store_url: str) -> Iterator[Engine]:
    """A fresh store, once per engine."""
    engine = open_database(store_url)
    yield engine
    engine.dispose()


@pytest.fixture
def empty_engine(empty_url: str) -> Iterator[Engine]:
    """A database without tables, once per engine."""
    engine = open_database(empty_url)
    yield engine
    engine.dispose()


@pytest.fixture(scope="module", params=ENGINES)
def shared_engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """One store for all examples of a property; each example leaves it empty."""
    if request.param == "sqlite":
        engine = open_database("sqlite://")
        fresh_schema(engine)
        yield engine
        engine.dispose()
        return
    server = request.getfixturevalue("postgres_server")
    engine = open_database(server.url(server.create("prepared")))
    yield engine
    engine.dispose()
