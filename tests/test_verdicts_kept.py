"""No verdict is lost, whatever happens to its case afterwards: a store of one artist taken through drawn turns."""

import shutil
from contextlib import closing
from dataclasses import replace
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from crawler import verdicts
from crawler.journey import cutting
from crawler.suspicion.life import ANALYST, DECISIONS, RIGHTS_HOLDER, STATUS_OF
from storage import cases, judging_queue
from storage.database import open_database, writing
from storage.models import case, verdict
from storage.observations import ReleaseSeen
from storage.targets import Ask, Target
from tests.journey_stage import PAGE, STRANGE, arrive, full, listed, seven_albums, take, with_one_artist
from tests.say import day

UPC = "0999000000009"
OTHER, SAME = Target("itunes", Ask.RELEASES, "i1"), Target("itunes", Ask.RELEASE, "901")
SAYINGS = st.tuples(st.sampled_from(DECISIONS), st.sampled_from([RIGHTS_HOLDER, ANALYST]), st.booleans())
TURNS = st.one_of(
    st.sampled_from(["crawled", "scored", "imported", "told with its barcode", "cut", "put together", "taken away"]),
    SAYINGS,
)


@pytest.fixture(scope="module")
def stage(tmp_path_factory, sqlite_template):
    """A store in which one release became two cases, for no store told a barcode yet."""
    folder = tmp_path_factory.mktemp("verdicts")
    path = folder / "stage.db"
    shutil.copyfile(sqlite_template, path)
    engine = open_database(f"sqlite:///{path}")
    journey = with_one_artist(engine)
    rows = seven_albums(engine, journey)
    take(engine, journey, OTHER, seen("900", "Old Song", "2019-05-03"), at=0.5, received=1)
    arrive(engine, journey, rows, 41, "Neon Fever", STRANGE, "QZXXA")
    apart = (seen("900", "Old Song", "2019-05-03"), seen("901", "Fever of Neon", "2026-01-31"))
    take(engine, journey, OTHER, *apart, at=31, received=2)
    take(engine, journey, SAME, *on_itunes(None), at=31.1)
    engine.dispose()
    return SimpleNamespace(path=path, rows=[*rows, listed(41, "Neon Fever", date="2026-01-30")], apart=apart)


def seen(number, title, date):
    return ReleaseSeen(number, title, date=date, kind="album", listed_on="i1")


def on_itunes(upc):
    for one in full(41, "Fever of Neon", STRANGE, "QZXXA", date="2026-01-31", upc=upc):
        more = {"id": "901"} if isinstance(one, ReleaseSeen) else {"release_id": "901", "isrc": upc and one.isrc}
        yield replace(one, credits=(), **more)


@settings(max_examples=5, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@example(["crawled", ("unsure", 2, True), "told with its barcode"])
@given(st.lists(TURNS, min_size=4, max_size=10))
def test_no_verdict_is_lost_by_a_crawl_a_score_an_import_a_merge_or_a_split(stage, tmp_path_factory, turns):
    path = tmp_path_factory.mktemp("turns") / "store.db"
    shutil.copyfile(stage.path, path)
    engine = open_database(f"sqlite:///{path}")
    with closing(SimpleNamespace(close=engine.dispose)):
        journey, given_so_far = with_one_artist(engine), []
        for at, turn in enumerate(turns, 40):
            if isinstance(turn, tuple):
                given_so_far.append(say(engine, *turn, at=at))
            else:
                turned(engine, journey, stage, turn, at)
            holds(engine, given_so_far)


def say(engine, decision, rank, the_last, at):
    with writing(engine) as connection:
        numbers = connection.scalars(select(case.c.id).where(case.c.merged_into.is_(None)).order_by(case.c.id)).all()
        number = numbers[-1 if the_last else 0]
        verdicts.decide(connection, number, decision, f"authority {rank}", f"on day {at}", day(at), rank)
    return decision, rank, f"on day {at}"


def turned(engine, journey, stage, turn, at):
    match turn:
        case "crawled":
            take(engine, journey, PAGE, *stage.rows, at=at, received=len(stage.rows))
            take(engine, journey, OTHER, *stage.apart, at=at + 0.1, received=2)
        case "taken away":
            take(engine, journey, PAGE, *stage.rows[:-1], at=at, received=len(stage.rows) - 1)
            take(engine, journey, PAGE, *stage.rows[:-1], at=at + 0.3, received=len(stage.rows) - 1)
        case "told with its barcode":
            record = full(41, "Neon Fever", STRANGE, "QZXXA", date="2026-01-30", upc=UPC)
            take(engine, journey, Target("deezer", Ask.RELEASE, "r41"), *record, at=at)
            take(engine, journey, SAME, *on_itunes(UPC), at=at + 0.1)
        case "imported":
            with_one_artist(engine)
        case "scored":
            with writing(engine) as connection:
                judging_queue.want(connection, [1], "a test", day(at))
            caught_up(engine, journey)
        case "cut" | "put together":
            with writing(engine) as connection:
                number = connection.scalar(select(case.c.id).where(case.c.merged_into.is_(None)).order_by(case.c.id))
                act = cutting.part if turn == "cut" else cutting.reunite
                try:
                    act(connection, number, "itunes:901", "ana", day(at))
                except cutting.NotThere:
                    return
            caught_up(engine, journey)


def caught_up(engine, journey):
    with writing(engine) as connection:
        while journey.catch_up(connection):
            pass


def holds(engine, given_so_far):
    """Every verdict is there, at a case that lives, and that case is what its verdict says unless it says why not."""
    with engine.connect() as connection:
        rows = connection.execute(select(verdict).order_by(verdict.c.id)).all()
        assert [(row.decision, row.rank, row.note) for row in rows] == given_so_far
        for number in {row.case_id for row in rows}:
            assert cases.find(connection, number).id == number
            live = connection.execute(select(case).where(case.c.id == number)).one()
            mine = [row for row in rows if row.case_id == number]
            counts = max(mine, key=lambda row: (-row.rank, row.id))
            explained = live.status in ("gone", "returned") or bool(live.reopened_because)
            assert live.status == STATUS_OF[counts.decision] or explained, (live.status, counts.decision)
