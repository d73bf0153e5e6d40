"""The worker against strict sandboxes: nothing missed, nothing doubled, nothing lost, no limit exceeded."""

import pytest
from sqlalchemy import func, select

import sandbox
from storage.database import open_database
from storage.models import look, target, worker
from tests import sandboxed
from tests.fleet import HELD

ALL = ("deezer", "itunes", "spotify", "musicbrainz")
# Ten virtual minutes a second: no budget is what slows a worker, and a slow machine's run lasts days of the world, not
# weeks. How long a test takes is the machine's affair; the guard only ends what hangs.
LAPSE, GUARD_S = 600.0, 900
NOTHING = {"lost": 0, "doubled": 0, "falsely_new": 0, "falsely_removed": 0, "over_limits": 0, "still_held": 0}


@pytest.mark.timeout(GUARD_S)
def test_fifty_deaths_lose_nothing_and_double_nothing_on_sqlite(tmp_path, sqlite_template):
    url = f"sqlite:///{tmp_path / 'store.db'}"
    (tmp_path / "store.db").write_bytes(sqlite_template.read_bytes())
    engine = open_database(url)
    with sandbox.running(scale=0.2, lapse=LAPSE, capability="extended") as world:
        began = world.now()
        sandboxed.import_roster(engine, world, tmp_path)
        done = sandboxed.fleet(world, url, ALL, deaths=50, lives=(0, 5), lapse=LAPSE, once=True)
        found = sandboxed.wrongs(world, engine, began)
    assert done["codes"] == [0], done["errors"]
    assert done["deaths"] >= 50
    assert found.pop("expected") > 30
    assert found == NOTHING
    engine.dispose()


@pytest.mark.postgres
@pytest.mark.timeout(GUARD_S)
def test_three_workers_dying_on_postgresql_share_the_work_and_the_budgets(tmp_path, postgres_server):
    name = postgres_server.create("prepared")
    url = postgres_server.url(name)
    engine = open_database(url)
    with sandbox.running(scale=0.2, lapse=LAPSE, capability="extended") as world:
        began = world.now()
        sandboxed.import_roster(engine, world, tmp_path)
        done = sandboxed.fleet(world, url, ALL, deaths=18, workers=3, lives=(0, 6), lapse=LAPSE, once=True)
        found = sandboxed.wrongs(world, engine, began)
    assert 0 in done["codes"], done["errors"]
    assert set(done["codes"]) <= {0, HELD}, done["errors"]
    assert found.pop("expected") > 30
    assert found == NOTHING
    with engine.connect() as connection:
        workers = connection.scalar(select(func.count(look.c.worker.distinct())))
        left = connection.scalar(select(func.count()).select_from(worker))
    assert done["deaths"] >= 18
    assert workers > 3
    assert left == 0
    engine.dispose()
    postgres_server.drop(name)


@pytest.mark.postgres
@pytest.mark.timeout(GUARD_S)
def test_two_workers_never_exceed_a_shared_budget(tmp_path, postgres_server):
    name = postgres_server.create("prepared")
    url = postgres_server.url(name)
    engine = open_database(url)
    with sandbox.running(scale=1, lapse=20) as world:
        sandboxed.import_roster(engine, world, tmp_path)
        sandboxed.fleet(world, url, ("deezer",), workers=2, lapse=20.0)
        calls = world.calls()["deezer"]["all"]
    assert calls["calls"] >= 400
    assert calls["violations"] == 0
    with engine.connect() as connection:
        assert connection.scalar(select(func.count(look.c.worker.distinct()))) == 2
    engine.dispose()
    postgres_server.drop(name)


@pytest.mark.timeout(GUARD_S)
def test_every_artist_is_seen_whole_on_four_platforms(tmp_path, sqlite_template):
    (tmp_path / "store.db").write_bytes(sqlite_template.read_bytes())
    url = f"sqlite:///{tmp_path / 'store.db'}"
    engine = open_database(url)
    with sandbox.running(scale=3, lapse=LAPSE, capability="extended") as world:
        began = world.now()
        sandboxed.import_roster(engine, world, tmp_path)
        done = sandboxed.fleet(world, url, ALL, lapse=LAPSE, once=True)
        expected = sandboxed.visible_all_along(world, sandboxed.official(engine), began, world.now())
        assert sandboxed.violations(world) == dict.fromkeys(ALL, 0)
    assert done["codes"] == [0], done["errors"]
    missing = expected - set(sandboxed.listed(engine))
    assert not missing, sorted(missing)[:5]
    assert len(expected) > 2_000
    with engine.connect() as connection:
        looked = connection.scalar(select(func.count(target.c.last_look_at)))
        with_coverage = connection.scalar(select(func.count(look.c.target_id.distinct())))
    assert looked == with_coverage > 0
    engine.dispose()
