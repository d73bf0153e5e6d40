"""What one question is refused rests no lane; what a platform's pause is lifted for goes on in a running worker."""

import os
import subprocess
import sys
import time

from sqlalchemy import select

from storage.database import open_database
from storage.models import budget, look, target
from tests.commands import KEPT, ROOT, falsetto
from tests.replay import Answer, Replay

FOREIGN = Answer(status=301, headers={"Location": "http://127.0.0.2:9/x"})
PATIENCE_S = 60.0


def import_roster(folder, count):
    rows = "".join(f"Artist Number {n},{n}\n" for n in range(1, count + 1))
    (folder / "roster.csv").write_text(f"name,deezer\n{rows}", encoding="utf-8")
    assert falsetto("roster", "import", "roster.csv", folder=folder).returncode == 0


def test_targets_that_are_each_refused_alone_do_not_rest_the_lane(tmp_path):
    import_roster(tmp_path, 8)
    with Replay() as server:
        server.answer_by(lambda asked: FOREIGN if asked.path == "/search/artist" else {"data": [], "total": 0})
        settings = {"platforms": "deezer", "deezer_base_url": server.url, "contact": "a@b.example", "time_lapse": 100}
        done = falsetto("run", "--until-idle", folder=tmp_path, **settings)
        assert "Traceback" not in done.stderr
        assert "it rests for hours" not in done.stderr
    engine = open_database(f"sqlite:///{tmp_path}/falsetto.db")
    with engine.connect() as connection:
        told = connection.execute(select(target.c.ask, look.c.outcome).join(look)).all()
    engine.dispose()
    refused = [row for row in told if row.outcome == "refused"]
    assert len(refused) >= 8
    assert sum(row == ("releases", "complete") for row in told) == 8


def wait_for(what):
    until = time.monotonic() + PATIENCE_S
    while not what():
        assert time.monotonic() < until, "it did not happen"
        time.sleep(0.05)


def test_a_pause_that_is_lifted_is_noticed_by_a_running_worker(tmp_path):
    import_roster(tmp_path, 2)
    url = f"sqlite:///{tmp_path}/falsetto.db"
    with Replay() as server:
        throttled = Answer(status=429, headers={"Retry-After": "1795568813"})
        server.answer_by(lambda asked: throttled if len(server.asked) < 3 else {"data": [], "total": 0})
        settings = {"platforms": "deezer", "deezer_base_url": server.url, "contact": "a@b.example"}
        environment = {name: os.environ[name] for name in KEPT if name in os.environ} | {"PYTHONPATH": str(ROOT)}
        environment |= {f"FALSETTO_{name.upper()}": value for name, value in settings.items()}
        worker = subprocess.Popen([sys.executable, "-m", "crawler", "run"], cwd=tmp_path, env=environment)
        engine = open_database(url)

        def parked():
            with engine.connect() as connection:
                return [until for until in connection.scalars(select(budget.c.paused_until)) if until > time.time()]

        def at_rest():
            with engine.connect() as connection:
                held = connection.scalars(select(target.c.id).where(target.c.lease_owner.is_not(None))).all()
                throttled = connection.scalars(select(look.c.id).where(look.c.outcome == "throttled")).all()
            return parked() and throttled and not held

        try:
            wait_for(at_rest)
            assert max(parked()) <= time.time() + 3600
            asked = len(server.asked)
            server.answer_by(lambda asked: {"data": [], "total": 0})
            done = falsetto("platforms", "unpark", "deezer", folder=tmp_path, **settings)
            assert "was parked until" in done.stdout, done.stderr
            wait_for(lambda: len(server.asked) > asked)
        finally:
            worker.kill()
            worker.wait(30)
            engine.dispose()
