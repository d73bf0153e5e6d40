"""In which order looks come in does not matter: the same cases with the same bits stand at the end."""

import json
import shutil
from dataclasses import replace
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from storage import judging_queue
from storage.database import open_database, writing
from storage.models import case_history, finding, outbox, profile
from storage.observations import ReleaseSeen
from storage.targets import Ask, Target
from tests.journey_stage import PAGE, STRANGE, TITLES, cases_of, full, listed, seven_albums, take, with_one_artist
from tests.say import day

THERE = Target("itunes", Ask.RELEASES, "i1")
OLD = [ReleaseSeen(f"{n}", title, date="2019-05-03", listed_on="i1") for n, title in enumerate(TITLES, 100)]
FAKE = replace(OLD[0], id="900", title="Neon Fever", date="2026-01-30")
LOOKS = ("list", "record", "other list", "other record", "second list")


@pytest.fixture(scope="module")
def stage(tmp_path_factory, sqlite_template):
    """A store that knows what stood there before; the looks of one day are still to come."""
    path = tmp_path_factory.mktemp("orders") / "stage.db"
    shutil.copyfile(sqlite_template, path)
    engine = open_database(f"sqlite:///{path}")
    rows = seven_albums(engine, journey := with_one_artist(engine))
    take(engine, journey, THERE, *OLD, at=0.5, received=len(OLD))
    engine.dispose()
    return SimpleNamespace(path=path, rows=[*rows, listed(41, "Neon Fever", date="2026-01-30")])


def look(engine, journey, stage, which):
    match which:
        case "list" | "second list":
            take(engine, journey, PAGE, *stage.rows, at=30, received=len(stage.rows))
        case "record":
            told = full(41, "Neon Fever", STRANGE, "QZXXA", date="2026-01-30")
            take(engine, journey, Target("deezer", Ask.RELEASE, "r41"), *told, at=30)
        case "other list":
            take(engine, journey, THERE, *OLD, FAKE, at=30, received=len(OLD) + 1)
        case "other record":
            (told, *_) = full(41, "Neon Fever", STRANGE, "QZXXA", date="2026-01-30")
            take(engine, journey, Target("itunes", Ask.RELEASE, "900"), replace(told, id="900", credits=()), at=30)


def stands(stage, folder, order):
    path = folder / "store.db"
    shutil.copyfile(stage.path, path)
    engine = open_database(f"sqlite:///{path}")
    journey = with_one_artist(engine)
    for which in order:
        look(engine, journey, stage, which)
    with engine.connect() as connection:
        bound = select(finding.c.case_id, profile.c.platform_id).join(profile, profile.c.id == finding.c.profile_id)
        pages = {tuple(row) for row in connection.execute(bound)}
    found = [
        (one.kind, one.status, one.attack, one.loud, one.bits, json.loads(one.evidence),
         sorted(page for number, page in pages if number == one.id))
        for one in cases_of(engine)
        if one.status != "merged"
    ]  # fmt: skip
    engine.dispose()
    return found


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.permutations(LOOKS))
def test_the_same_cases_stand_at_the_end_in_whatever_order_the_looks_of_a_day_come(stage, tmp_path_factory, order):
    told = stands(stage, tmp_path_factory.mktemp("order"), order)
    assert told == stands(stage, tmp_path_factory.mktemp("usual"), LOOKS)
    assert [(one[0], one[-1]) for one in told] == [("release", ["d1", "i1"])]


def test_judging_an_artist_again_writes_nothing_and_tells_nobody(stage, tmp_path):
    path = tmp_path / "store.db"
    shutil.copyfile(stage.path, path)
    engine = open_database(f"sqlite:///{path}")
    journey = with_one_artist(engine)
    for which in LOOKS:
        look(engine, journey, stage, which)
    stood = []
    for _ in range(3):
        with writing(engine) as connection:
            judging_queue.want(connection, [1], "a test", day(31))
            while journey.catch_up(connection):
                pass
        with engine.connect() as connection:
            told = connection.scalar(select(func.count()).select_from(outbox))
            stood.append((told, cases_of(engine), connection.execute(select(case_history)).all()))
    engine.dispose()
    assert stood[0] == stood[1] == stood[2]
    assert stood[0][1]
