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
        while world.calls()["deezer"]["all"]["calls"] < 30:
            time.sleep(0.1)
        told = time.monotonic()
        worker.send_signal(signal.SIGTERM)
        worker.wait(timeout=30)
        return time.monotonic() - told
