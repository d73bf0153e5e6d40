"""Detection systems at work: the stand-ins served, one open case with one track, and what is asked about it."""

import json

import pytest
from sqlalchemy import insert, select

from crawler.detectors import asking
from crawler.detectors.contract import Reach
from crawler.detectors.line import Line
from sandbox import detectors as stubs
from sandbox.detectors.earmark import KEY as EARMARK_KEY
from sandbox.detectors.longear import KEY as LONGEAR_KEY
from sandbox.detectors.longear import SECRET
from storage.database import writing
from storage.models import asking as rows
from storage.models import case, release, track, verdict
from tests.test_cases import NOW, event, judged

__all__ = ["event"]  # a fixture

AUDIO = "https://audio.example/clip.mp3"
ISRC = "QZXY92600001"
SQLITE = pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)


@pytest.fixture(scope="module")
def standing():
    with stubs.running() as running:
        yield running


@pytest.fixture
def open_case(engine, event):
    """One open case with one track at Deezer."""
    with writing(engine) as connection:
        connection.execute(
            insert(track).values(
                release_id=connection.scalar(select(release.c.id)),
                platform="deezer",
                platform_id="9001",
                title="Song",
                title_key="song",
                isrc=ISRC,
                isrc_raw=ISRC,
                url="https://www.deezer.com/track/9001",
                first_seen_at=NOW,
                last_seen_at=NOW,
            )
        )
    judged(engine, event)
    return engine


def reached(standing, kind, **more):
    keys = {"earmark": EARMARK_KEY, "longear": LONGEAR_KEY}
    return kind(Reach(f"{standing.url}/{kind.name}", more.get("key", keys[kind.name]), SECRET), Line())


def planned(engine, kind, at=NOW, **more):
    with engine.connect() as connection:
        return asking.estimate(connection, kind, [1], at, **more)


def asked(engine, detector, callback=lambda number: "", at=NOW, **more):
    waits = []
    found = planned(engine, type(detector), at, **more)
    tally = asking.ask(engine, detector, found.planned, callback, lambda: at, waits.append)
    detector.line.close()
    return tally, waits


def case_row(engine):
    with engine.connect() as connection:
        return connection.execute(select(case)).one()


def states(engine):
    with engine.connect() as connection:
        return [(row.state, row.value, row.millicents) for row in connection.execute(select(rows).order_by(rows.c.id))]


def answers(engine):
    with engine.connect() as connection:
        return [json.loads(row.answer) for row in connection.execute(select(verdict).order_by(verdict.c.id))]
