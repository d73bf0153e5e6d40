"""Connections that are cut under a worker: nothing that was heard is lost or doubled."""

import asyncio
import random
import time
from contextlib import suppress

import pytest
from sqlalchemy import event, select, text

from storage.database import open_database
from storage.models import profile
from tests import toys


@pytest.mark.postgres
@pytest.mark.parametrize("seed", [1, 2])
def test_connections_that_are_cut_at_random_moments_lose_and_double_nothing(postgres_server, seed):
    chance, cuts = random.Random(seed), []
    name = postgres_server.create("prepared")
    engine = open_database(postgres_server.url(name))
    subjects = [str(n) for n in range(150)]
    toys.want(engine, subjects)

    async def cut(made):
        while True:
            await asyncio.sleep(chance.uniform(0, 0.05))
            pids = await asyncio.to_thread(backends, postgres_server, name)
            if pids:
                victim = chance.choice(pids)
                await asyncio.to_thread(postgres_server.run, f"SELECT pg_terminate_backend({victim})")
                cuts.append(victim)

    def answering(self, target):
        time.sleep(0.02)

    summary = toys.run(engine, toys.toy(answering=answering), during=cut)
    assert toys.looks(engine) == dict.fromkeys(subjects, 1)
    assert summary.looks["toy"]["complete"] + summary.looks["toy"].get("late", 0) == len(subjects)
    assert "unrecorded" not in summary.looks["toy"]
    assert len(cuts) >= 10
    with engine.connect() as connection:
        assert connection.scalar(select(text("count(*)")).select_from(profile)) == len(subjects)
    engine.dispose()
    postgres_server.drop(name)


@pytest.mark.parametrize("store_url", [pytest.param("postgresql", marks=pytest.mark.postgres)], indirect=True)
@pytest.mark.parametrize("moment", ["INSERT INTO look", "SAVEPOINT", "RELEASE SAVEPOINT", "lease_token = NULL"])
def test_a_look_whose_connection_is_cut_at_any_step_is_recorded_whole_and_judged(engine, moment):
    cut = []

    @event.listens_for(engine, "before_cursor_execute")
    def before(connection, cursor, statement, *_):
        if moment in statement and not cut:
            cut.append(statement)
            with engine.connect() as other:
                pid = cursor.connection.info.backend_pid
                other.exec_driver_sql(f"SELECT pg_terminate_backend({pid})")

    toys.want(engine, ["a", "b"])
    summary = toys.run(engine, toys.toy())
    assert cut
    assert toys.looks(engine) == {"a": 1, "b": 1}
    assert summary.looks["toy"] == {"complete": 2}
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM target WHERE lease_owner IS NOT NULL")) == 0


def backends(server, database):
    import psycopg

    with psycopg.connect(server.url("postgres"), autocommit=True) as connection, suppress(psycopg.Error):
        query = "SELECT pid FROM pg_stat_activity WHERE datname = %s AND backend_type = 'client backend'"
        return [row[0] for row in connection.execute(query, (database,))]
