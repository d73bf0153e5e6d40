"""How long a worker takes to stop when it is told to, with calls in flight on four lanes (promise: under a second)."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import sandbox
from crawler.demo import play
from crawler.roster import importing
from crawler.roster.file import read_roster
from storage.database import open_database, upgrade, writing

ROOT = Path(__file__).resolve().parents[2]
CALLS = 3  # on every platform, before a worker is told to stop
PATIENCE_S = 120.0


def report(turns: int = 5) -> str:
    """Start workers, stop each by SIGTERM after a while, and return the table."""
    seconds = sorted(_drained() for _ in range(turns))
    middle = seconds[len(seconds) // 2]
    return f"SIGTERM to exit, {turns} workers: median {middle:.2f} s, slowest {seconds[-1]:.2f} s (promise: under 1 s)"


def _drained() -> float:
    with tempfile.TemporaryDirectory() as folder, sandbox.running(scale=4, start=play.START) as world:
        url = f"sqlite:///{Path(folder) / 'store.db'}"
        upgrade(url)
        engine = open_database(url)
        (Path(folder) / "roster.csv").write_text(world.roster_csv(), encoding="utf-8")
        with writing(engine) as connection:
            importing.keep(connection, read_roster(Path(folder) / "roster.csv"), world.now())
        engine.dispose()
        settings = {f"FALSETTO_{name.upper()}_BASE_URL": base for name, base in world.base_urls().items()}
        settings |= {
            "FALSETTO_DATABASE_URL": url,
            "FALSETTO_PLATFORMS": ",".join(play.PLATFORMS),
            "FALSETTO_CONTACT": "bench@falsetto.example",
            "FALSETTO_SPOTIFY_CLIENT_ID": "bench",
            "FALSETTO_SPOTIFY_CLIENT_SECRET": "bench",
            "PYTHONPATH": str(ROOT),
        }
        command = [sys.executable, "-m", "crawler", "run"]
        worker = subprocess.Popen(command, cwd=folder, env=os.environ | settings, stdout=subprocess.DEVNULL)
        try:
            _await_calls(world, worker)
            told = time.monotonic()
            worker.send_signal(signal.SIGTERM)
            code = worker.wait(timeout=30)
            took = time.monotonic() - told
        finally:
            worker.kill()
            worker.wait()
        if code:
            raise SystemExit(f"the worker that was told to stop ended with code {code}")
        return took


def _await_calls(world: sandbox.Sandbox, worker: "subprocess.Popen[bytes]") -> None:
    """Wait until every lane is at work; a worker that ends before is a failure, not a fast one."""
    began = time.monotonic()
    while True:
        calls = world.calls()
        quiet = [name for name in play.PLATFORMS if sum(one["calls"] for one in calls[name].values()) < CALLS]
        if not quiet:
            return
        if worker.poll() is not None:
            raise SystemExit(f"the worker ended by itself with code {worker.returncode}")
        if time.monotonic() - began > PATIENCE_S:
            raise SystemExit(f"no {CALLS} calls in {PATIENCE_S:.0f} s on {', '.join(quiet)}")
        time.sleep(0.1)
