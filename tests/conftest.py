"""What every test has: no network beyond loopback; and for those that ask, a fresh store, a server, clients of it.

What starts a process or a world of its own lasts for the session; what needs it imports it when it is first asked for.
"""

import contextlib
import ipaddress
import os
import shutil
import socket
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from storage.database import fresh_schema, open_database
from storage.models import metadata
from tests import postgres
from tests.crawling import Crawling
from tests.replay import Replay


@pytest.hookimpl(wrapper=True)
def pytest_report_to_serializable(report: object) -> Iterator[None]:
    """Let a log with lone surrogates pass between xdist's processes, whose strings must be UTF-8."""
    return _legible((yield))


SLOW_FILES = (
    "test_worker",
    "test_faults",
    "test_demo",
    "test_alerts",
    "test_commands",
    "test_push",
    "test_roster_evidence",
)


def pytest_xdist_auto_num_workers() -> int:
    """Use a process more than there are cores: a third of the time a test waits for another process."""
    return (os.cpu_count() or 1) + 1


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that take minutes: handed out last, one of them would keep a core waiting for the other."""
    items.sort(key=lambda item: item.path.stem not in SLOW_FILES)


def _legible(value):
    match value:
        case str():
            return value.encode("utf-8", "backslashreplace").decode()
        case dict():
            return {_legible(key): _legible(held) for key, held in value.items()}
        case list() | tuple():
            return type(value)(_legible(held) for held in value)
        case _:
            return value


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
FIRST = {
    "deezer",
    "itunes",
    "spotify",
    "musicbrainz",
}  # artists of the worlds are drawn by these, however many there are
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


@pytest.fixture(scope="module", params=ENGINES)
def module_store(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """One store for all tests of a file that fills it once and then only reads."""
    if request.param == "sqlite":
        path = tmp_path_factory.mktemp("module") / "store.db"
        shutil.copyfile(request.getfixturevalue("sqlite_template"), path)
        engine = open_database(f"sqlite:///{path}")
    else:
        server = request.getfixturevalue("postgres_server")
        engine = open_database(server.url(server.create("prepared")))
    yield engine
    engine.dispose()


@pytest.fixture
def server() -> Iterator[Replay]:
    """A loopback server that answers as a test tells it."""
    with Replay() as replay:
        yield replay


@pytest.fixture(scope="session")
def crawling() -> Iterator[Crawling]:
    """A process with a reactor, in which real crawls run."""
    with Crawling() as process:
        yield process


@pytest.fixture
def stage(server: Replay) -> Any:
    """The server, answering as Spotify does."""
    from tests.spotify_stage import Stage

    return Stage(server)


@pytest.fixture
def spotify(server: Replay) -> Iterator[Any]:
    """Makes Spotify clients that ask the server."""
    from tests.spotify_stage import opened

    with opened(server) as make:
        yield make


@pytest.fixture
def musicbrainz(server: Replay) -> Iterator[Any]:
    """Makes MusicBrainz clients that ask the server."""
    from tests.musicbrainz_stage import opened

    with opened(server) as make:
        yield make


@pytest.fixture(scope="session")
def whole_world() -> Iterator[Any]:
    """The stand-in platforms with the whole roster, on their first day and without limits; nobody changes them."""
    from tests.listing import unlimited

    with unlimited(scale=1) as sandbox:
        yield sandbox


@pytest.fixture(scope="session")
def everywhere(whole_world: Any) -> list[dict[str, Any]]:
    """The artists of the whole world who are on every platform."""
    return [artist for artist in whole_world.truth()["monitored"] if set(artist["profiles"]) >= FIRST]


@pytest.fixture(scope="session")
def small_world() -> Iterator[Any]:
    """The stand-in platforms with a fifth of the roster, for what is switched on and off by `switch`."""
    from tests.listing import unlimited

    with unlimited(scale=0.2) as sandbox:
        yield sandbox


@pytest.fixture
def switch(small_world: Any) -> Iterator[Any]:
    """Switches faults of the small world; in the end there are none."""
    yield lambda **said: small_world.faults(clear=True, **said)
    small_world.faults(clear=True)


@pytest.fixture(scope="session")
def profiles(small_world: Any) -> list[dict[str, str]]:
    """The pages of the small world's artists who are on every platform, those with most releases first."""
    rows = Counter(row["profile"] for row in small_world.visible("deezer"))
    artists = [artist["profiles"] for artist in small_world.truth()["monitored"] if set(artist["profiles"]) >= FIRST]
    return sorted(artists, key=lambda ids: -rows[ids["deezer"]])


@pytest.fixture
def journey(engine):
    """Take answers into a fresh store with one monitored artist, as a worker does."""
    from tests.journey_stage import with_one_artist

    return with_one_artist(engine)


@pytest.fixture
def with_past(engine, journey):
    """Give the artist's seven albums, which stood there at the first look."""
    from tests.journey_stage import seven_albums

    return seven_albums(engine, journey)
