"""What a worker holds in memory is refreshed when somebody else changes the roster, within seconds."""

import asyncio
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

import sandbox
from crawler.roster import importing
from crawler.roster.file import read_roster
from crawler.settings import read_settings
from crawler.verdicts import decide
from crawler.worker.worker import REFRESH_EVERY, Plan, Worker
from storage import roster
from storage.database import writing
from storage.models import artist, look, profile, target
from storage.roster import Standing
from tests.commands import ROOT, falsetto
from tests.opened import page_case

NOW = datetime(2026, 3, 2, tzinfo=UTC)


@pytest.fixture
def take(tmp_path, engine):
    def run(text):
        path = tmp_path / "roster.csv"
        path.write_text(text, encoding="utf-8")
        with writing(engine) as connection:
            importing.keep(connection, read_roster(path), NOW)

    return run


def test_names_and_standings_are_read_anew_when_they_changed_and_only_then(take, engine, tmp_path):
    take("name,deezer\nAda Quill,1\n")
    worker = Worker(read_settings({}, tmp_path / ".env"), engine, {}, Plan())

    def refreshed():
        before = worker.journey.owned

        async def refresh():
            worker._loop = asyncio.get_running_loop()
            await worker.sweeper.refresh()

        asyncio.run(refresh())
        return worker.journey.owned is not before

    assert refreshed()
    assert not refreshed()
    take("name,deezer\nAda Quill,1\nBo Lund,2\n")
    assert refreshed()
    assert "Bo Lund" in worker.journey.names.spellings
    with writing(engine) as connection:
        ada = connection.scalar(select(artist.c.id).where(artist.c.name == "Ada Quill"))
        seen = Standing(ada, "deezer", "9", "proposed", "search", "Ada Quill")
        roster.keep_standings(connection, [seen], NOW)
        page = connection.scalar(select(profile.c.id).where(profile.c.platform_id == "9"))
        page_case(connection, ada, page, NOW)
    assert refreshed()
    assert "9" not in worker.journey.owned["deezer"]
    with writing(engine) as connection:
        decide(connection, 1, "legitimate", "ana", "", NOW)
    assert refreshed()
    assert "9" in worker.journey.owned["deezer"]
    assert not refreshed()
    worker.desk.close()
    assert REFRESH_EVERY.total_seconds() <= 5


def test_what_another_command_imports_is_asked_by_a_worker_that_runs(store_url, engine, tmp_path):
    with sandbox.running(scale=0.05, lapse=3600) as world:
        settings = {
            "database_url": store_url,
            "platforms": "deezer",
            "deezer_base_url": world.base_urls()["deezer"],
            "contact": "a@b.example",
            "time_lapse": 3600,
        }
        (tmp_path / "roster.csv").write_text("name\nAda Quill\n", encoding="utf-8")
        falsetto("roster", "import", "roster.csv", folder=tmp_path, **settings)
        environment = {f"FALSETTO_{name.upper()}": str(value) for name, value in settings.items()}
        with (tmp_path / "log").open("w") as log:
            worker = subprocess.Popen(
                [sys.executable, "-m", "crawler", "run"],
                cwd=tmp_path,
                env=environment | {"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
                stdout=log,
                stderr=log,
            )
            try:
                asked(engine, "Ada Quill", worker)
                (tmp_path / "roster.csv").write_text("name\nAda Quill\nBo Lund\n", encoding="utf-8")
                done = falsetto("roster", "import", "roster.csv", folder=tmp_path, **settings)
                assert "1 added" in done.stdout
                asked(engine, "Bo Lund", worker)
            finally:
                worker.send_signal(signal.SIGTERM)
                assert worker.wait(60) == 0, (tmp_path / "log").read_text()


def asked(engine, name, worker):
    """Wait until the worker has looked for a name, however slow the machine is."""
    looks = select(func.count()).select_from(look).join(target).where(target.c.subject == name)
    until = time.monotonic() + 120
    while time.monotonic() < until and worker.poll() is None:
        with engine.connect() as connection:
            if connection.scalar(looks):
                return
        time.sleep(0.05)
    raise AssertionError(f"{name} was not asked")
