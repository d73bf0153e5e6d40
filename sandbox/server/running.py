"""A sandbox in a child process, for tests, the demo and the benchmarks."""

import json
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlencode

from sandbox.server.virtual_clock import MOMENT
from sandbox.world import PLATFORMS

PATIENCE = 300.0


class SandboxRefused(RuntimeError):
    """The sandbox did not start, or said no to a control request."""


@dataclass(frozen=True)
class Sandbox:
    """A running sandbox, spoken to through its control endpoints."""

    url: str
    pid: int
    dial: Path | None = None  # the file by which it is told the time

    def base_urls(self) -> dict[str, str]:
        """Give the address of every platform."""
        return {platform: f"{self.url}/{platform}" for platform in PLATFORMS}

    def roster_csv(self, whole: bool = False) -> str:
        """Give the roster, or the whole of it: nothing of whose pages are whose is left out."""
        return self.ask("roster.csv?whole=1" if whole else "roster.csv").decode()

    def truth(self, at: datetime | None = None) -> dict[str, Any]:
        """Give the ground truth at a time, now when none is given."""
        return self.told("truth", at=at)

    def visible(
        self,
        platform: str | None = None,
        at: datetime | None = None,
        since: datetime | None = None,
        market: str | None = None,
    ) -> list[dict[str, Any]]:
        """Give what can be seen on monitored profiles."""
        rows: list[dict[str, Any]] = self.told("visible", platform=platform, at=at, since=since, market=market)["rows"]
        return rows

    def whose(self, platform: str, profile: str, release: str | None = None) -> dict[str, Any]:
        """Give whose a page, and a release on it, are."""
        return self.told("whose", platform=platform, profile=profile, release=release)

    def now(self) -> datetime:
        """Give the virtual time."""
        return datetime.fromisoformat(self.told("clock")["now"])

    def advance(self, to: datetime) -> datetime:
        """Jump forward to a virtual time."""
        return datetime.fromisoformat(self.post("clock", {"now": to.isoformat()})["now"])

    def faults(self, **switches: object) -> dict[str, Any]:
        """Switch faults on or off, by name; `clear=True` forgets the others."""
        return self.post("faults", switches)

    def limits(self, said: Mapping[str, object]) -> dict[str, Any]:
        """Replace limits, by platform.bucket, or `enforced`."""
        return self.post("limits", said)

    def calls(self) -> dict[str, Any]:
        """Give the counts of every bucket."""
        return self.told("calls")

    def told(self, path: str, **params: object) -> dict[str, Any]:
        """Ask for a JSON object."""
        said = {key: value.isoformat() if isinstance(value, datetime) else value for key, value in params.items()}
        query = urlencode({key: value for key, value in said.items() if value is not None})
        document: dict[str, Any] = json.loads(self.ask(f"{path}?{query}" if query else path))
        return document

    def post(self, path: str, document: Mapping[str, object]) -> dict[str, Any]:
        """Send a JSON object and read one."""
        read: dict[str, Any] = json.loads(self.ask(path, json.dumps(document).encode()))
        return read

    def ask(self, path: str, body: bytes | None = None) -> bytes:
        """Make one control request."""
        request = urllib.request.Request(f"{self.url}/_sandbox/{path}", data=body)
        try:
            with opener().open(request, timeout=PATIENCE) as reply:
                content: bytes = reply.read()
                return content
        except urllib.error.HTTPError as error:
            with error:
                raise SandboxRefused(f"{path}: {error.read().decode('utf-8', 'replace')}") from None


def opener() -> urllib.request.OpenerDirector:
    """Give an opener that no proxy setting can lead astray."""
    return urllib.request.build_opener(urllib.request.ProxyHandler({}))


@contextmanager
def running(
    seed: int = 7,
    scale: float = 1.0,
    lapse: float = 1.0,
    port: int = 0,
    world: Path | None = None,
    start: datetime | None = None,
    faults: Mapping[str, object] | None = None,
    capability: str = "development",
    country: str = "US",
    scenarios: Sequence[str] = (),
    attacks: int | None = None,
    days: float = 21.0,
    told: bool = False,
) -> Iterator[Sandbox]:
    """Run a sandbox in a child process on a free loopback port, and stop it by its pid.

    `scenarios` plants only those, by kind or golden number; `attacks` spreads so many over the first `days`. In one
    that is `told` the time, it stands still until somebody sets its dial.
    """
    command = [
        sys.executable, "-m", "sandbox", "--with-parent", "--seed", str(seed), "--scale", str(scale),
        "--lapse", str(lapse),
        "--port", str(port), "--capability", capability, "--country", country,
        "--faults", json.dumps(dict(faults or {})), "--scenarios", ",".join(scenarios), "--days", str(days),
        *(("--attacks", str(attacks)) if attacks is not None else ()),
        *(("--world", str(world)) if world else ()), *(("--start", start.isoformat()) if start else ()),
    ]  # fmt: skip
    root = Path(__file__).resolve().parents[2]
    with (
        dial_for(told) as dial,
        tempfile.TemporaryFile("w+") as errors,
        subprocess.Popen(
            [*command, *(("--dial", str(dial)) if dial else ())],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            cwd=root,
        ) as child,
    ):
        try:
            yield Sandbox(address_of(child, errors), child.pid, dial)
        finally:
            child.terminate()
            try:
                child.communicate(timeout=10)
            except subprocess.TimeoutExpired:
                child.kill()


@contextmanager
def dial_for(told: bool) -> Iterator[Path | None]:
    """Make the file by which a sandbox is told the time, if it is to be told."""
    if not told:
        yield None
        return
    with tempfile.NamedTemporaryFile(prefix="falsetto-dial-") as file:
        file.write(bytes(MOMENT.size))
        file.flush()
        yield Path(file.name)


def address_of(child: subprocess.Popen[str], errors: IO[str]) -> str:
    """Wait until a child says where it listens."""
    line = child.stdout.readline() if child.stdout else ""
    if not line:
        child.wait(timeout=30)
        errors.seek(0)
        reason = errors.read().strip().splitlines()
        raise SandboxRefused(reason[-1] if reason else f"the sandbox ended with status {child.returncode}")
    url: str = json.loads(line)["url"]
    return url
