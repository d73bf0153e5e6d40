"""Locks of the dead: another process is killed while it holds what a worker waits for, and the worker goes on."""

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from benchmarks.faults.locks import HOLDER, POSTGRESQL, SQLITE
from storage.database import MIGRATION_LOCK
from storage.outbox import IN_ORDER
from tests import toys

ROOT = Path(__file__).resolve().parent.parent
ALL = [("sqlite", name) for name in SQLITE]
ALL += [pytest.param("postgresql", name, marks=pytest.mark.postgres) for name in POSTGRESQL]


@pytest.mark.parametrize(("store_url", "lock"), ALL, indirect=["store_url"])
def test_a_worker_that_meets_the_lock_of_a_process_that_dies_does_all_its_work(engine, store_url, lock):
    statement = (SQLITE | POSTGRESQL)[lock].format(in_order=IN_ORDER, migrations=MIGRATION_LOCK)
    subjects = [str(n) for n in range(30)]
    toys.want(engine, subjects)
    toys.run(engine, toys.toy(), toys.Plan(once=True, enrol=False))
    toys.want(engine, [f"more {subject}" for subject in subjects])
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, store_url, statement], stdout=subprocess.PIPE, text=True, cwd=ROOT
    ) as holder:
        assert holder.stdout.readline() == "held\n"

        # A worker that does not wait for this lock may be done by then: that is as good.
        killer = threading.Timer(0.3, holder.kill)
        killer.start()
        summary = toys.run(engine, toys.toy())
        killer.join()
    assert toys.looks(engine) == dict.fromkeys([*subjects, *(f"more {subject}" for subject in subjects)], 1)
    assert summary.looks["toy"] == {"complete": 30}
