"""Connections cut by the server at random moments, while a worker works."""

import random
import threading
from pathlib import Path

import psycopg

import sandbox
from benchmarks.faults.deaths import ALL, FOR_EVER_S, LAPSE
from benchmarks.faults.found import Found, Harm
from storage.database import open_database
from tests import sandboxed

PAUSE_S = (0.02, 0.4)  # between two cuts
VICTIMS = """SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
    AND backend_type = 'client backend'"""


def cut(url: str, folder: Path, harm: Harm) -> Found:
    """Cut one of the worker's connections again and again; runs follow one another until enough were cut."""
    wanted, chance, done = harm.of(200), random.Random(harm.seed), threading.Event()
    cuts: list[bool] = []  # whether the connection was inside a transaction

    def cutting() -> None:
        with psycopg.connect(url, autocommit=True) as connection:
            while not done.wait(chance.uniform(*PAUSE_S)):
                rows = connection.execute(VICTIMS).fetchall()
                if rows and len(cuts) < 2 * wanted:
                    pid = chance.choice(rows)[0]
                    query = "SELECT xact_start IS NOT NULL FROM pg_stat_activity WHERE pid = %s"
                    inside = connection.execute(query, (pid,)).fetchone()
                    connection.execute("SELECT pg_terminate_backend(%s)", (pid,))
                    cuts.append(bool(inside and inside[0]))

    faults = []
    with sandbox.running(scale=max(0.3, 2.0 * harm.share), lapse=LAPSE, capability="extended") as world:
        began, engine = world.now(), open_database(url)
        sandboxed.import_roster(engine, world, folder)
        engine.dispose()
        thread = threading.Thread(target=cutting, daemon=True)
        thread.start()
        while len(cuts) < wanted:
            ran = sandboxed.fleet(world, url, ALL, lapse=LAPSE, once=True, timeout_s=FOR_EVER_S)
            said = ran["errors"].strip().rpartition("\n")[2]
            faults += [f"a worker ended with code {code}: {said}" for code in ran["codes"] if code]
        done.set()
        thread.join()
        engine = open_database(url)
        counts = sandboxed.wrongs(world, engine, began)
        engine.dispose()
    return Found(f"{len(cuts)} connections cut, {sum(cuts)} of them inside a transaction", counts, tuple(faults))
