"""The worker against strict sandboxes: nothing missed, nothing doubled, nothing lost, no limit exceeded."""

import pytest
from sqlalchemy import func, select, text

import sandbox
from storage.database import open_database
from storage.models import case, look, outbox, target, worker
from tests import sandboxed

ALL = ("deezer", "itunes", "spotify", "musicbrainz")


def counted(engine, table):
    with engine.connect() as connection:
        return connection.scalar(select(func.count()).select_from(table))


def doubles(engine):
    """Count what only a doubled transaction could leave behind."""
    with engine.connect() as connection:
        appeared = connection.scalar(
            text(
                """SELECT count(*) FROM (SELECT 1 FROM change WHERE field = 'appeared'
                GROUP BY entity, entity_id HAVING count(*) > 1) AS twice"""
            )
        )
        opened = connection.scalar(
            text(
                """SELECT count(*) FROM (SELECT 1 FROM outbox WHERE event = 'opened'
                GROUP BY case_id HAVING count(*) > 1) AS twice"""
            )
        )
        unsent = connection.scalar(
            select(func.count()).select_from(case).where(case.c.id.not_in(select(outbox.c.case_id)))
        )
    return appeared, opened, unsent


def violations(world):
    return {name: sum(bucket["violations"] for bucket in buckets.values()) for name, buckets in world.calls().items()}


@pytest.mark.timeout(290)
def test_fifty_deaths_lose_nothing_and_double_nothing_on_sqlite(tmp_path, sqlite_template):
    url = f"sqlite:///{tmp_path / 'store.db'}"
    (tmp_path / "store.db").write_bytes(sqlite_template.read_bytes())
    engine = open_database(url)
    with sandbox.running(scale=0.6, lapse=3600, capability="extended") as world:
        began = world.now()
        sandboxed.import_roster(engine, world, tmp_path)
        done = sandboxed.fleet(world, url, ALL, deaths=50, lives=(0, 40))
        pages = sandboxed.official(engine)
        expected = sandboxed.visible_all_along(world, pages, began, world.now())
        assert violations(world) == dict.fromkeys(ALL, 0)
    assert done["codes"] == [0], done["errors"]
    assert done["deaths"] >= 50
    assert expected <= set(sandboxed.listed(engine))
    assert doubles(engine) == (0, 0, 0)
    assert len(expected) > 100
    engine.dispose()


@pytest.mark.postgres
@pytest.mark.timeout(290)
def test_three_workers_dying_on_postgresql_share_the_work_and_the_budgets(tmp_path, postgres_server):
    name = postgres_server.create("prepared")
    url = postgres_server.url(name)
    engine = open_database(url)
    with sandbox.running(scale=0.6, lapse=3600, capability="extended") as world:
        began = world.now()
        sandboxed.import_roster(engine, world, tmp_path)
        done = sandboxed.fleet(world, url, ALL, deaths=18, workers=3, lives=(0, 40))
        expected = sandboxed.visible_all_along(world, sandboxed.official(engine), began, world.now())
    assert done["codes"] == [0, 0, 0], done["errors"]
    assert expected <= set(sandboxed.listed(engine))
    assert doubles(engine) == (0, 0, 0)
    with engine.connect() as connection:
        workers = connection.scalar(select(func.count(look.c.worker.distinct())))
        held = connection.scalar(select(func.count()).where(target.c.lease_owner.is_not(None)))
        left = connection.scalar(select(func.count()).select_from(worker))
    assert done["deaths"] >= 18
    assert workers > 3
    assert (held, left) == (0, 0)
    engine.dispose()
    postgres_server.drop(name)


@pytest.mark.postgres
@pytest.mark.timeout(290)
def test_two_workers_never_exceed_a_shared_budget(tmp_path, postgres_server):
    name = postgres_server.create("prepared")
    url = postgres_server.url(name)
    engine = open_database(url)
    with sandbox.running(scale=3, lapse=20) as world:
        sandboxed.import_roster(engine, world, tmp_path)
        sandboxed.fleet(world, url, ("deezer",), workers=2, lapse=20.0)
        calls = world.calls()["deezer"]["all"]
    assert calls["calls"] >= 1000
    assert calls["violations"] == 0
    with engine.connect() as connection:
        assert connection.scalar(select(func.count(look.c.worker.distinct()))) == 2
    engine.dispose()
    postgres_server.drop(name)


@pytest.mark.timeout(290)
def test_five_hundred_artists_are_seen_whole_on_four_platforms(tmp_path, sqlite_template):
    (tmp_path / "store.db").write_bytes(sqlite_template.read_bytes())
    url = f"sqlite:///{tmp_path / 'store.db'}"
    engine = open_database(url)
    with sandbox.running(scale=10, lapse=3600, capability="extended") as world:
        began = world.now()
        sandboxed.import_roster(engine, world, tmp_path)
        sandboxed.fleet(world, url, ALL, once=True)
        expected = sandboxed.visible_all_along(world, sandboxed.official(engine), began, world.now())
        assert violations(world) == dict.fromkeys(ALL, 0)
    missing = expected - set(sandboxed.listed(engine))
    assert not missing, sorted(missing)[:5]
    assert len(expected) > 10_000
    with engine.connect() as connection:
        looked = connection.scalar(select(func.count(target.c.last_look_at)))
        with_coverage = connection.scalar(select(func.count(look.c.target_id.distinct())))
    assert looked == with_coverage > 0
    engine.dispose()
