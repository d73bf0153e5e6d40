"""The spine's last step: a document is told anew when its meaning changed, by what stands there now, and only then."""

import json

import pytest
from sqlalchemy import select

from crawler import verdicts
from storage.database import writing
from storage.models import outbox
from storage.observations import ProfileSeen, TrackSeen
from storage.targets import Ask, Target
from tests.journey_stage import (
    HOME,
    PAGE,
    STRANGE,
    arrive,
    cases_of,
    full,
    listed,
    take,
)
from tests.say import day

RECORD = Target("deezer", Ask.RELEASE, "r41")


@pytest.fixture
def suspect(engine, journey, with_past):
    """A case about a release that the artist's page showed on day 30."""
    arrive(engine, journey, with_past, 41, "Neon Fever", STRANGE, "QZXXA")
    return [*with_past, listed(41, "Neon Fever", date="2026-01-30")]


def told(engine):
    """What was written for consumers so far: each event and its document."""
    with engine.connect() as connection:
        rows = connection.execute(select(outbox.c.event, outbox.c.document).order_by(outbox.c.id))
        return [(row.event, json.loads(row.document)) for row in rows]


def decide(engine, decision, at):
    with writing(engine) as connection:
        verdicts.decide(connection, cases_of(engine)[0].id, decision, "ana", "", day(at))


@pytest.mark.parametrize("judged_again", [False, True])
def test_a_look_alike_whose_followers_move_is_told_once(engine, journey, judged_again):
    search = Target("deezer", Ask.SEARCH, "Ada Quillfeather")
    mine = ProfileSeen("d1", "Ada Quillfeather", followers=90_000, release_count=12)
    take(engine, journey, search, mine, at=0, received=1)
    for at, followers in enumerate((2, 3, 5, 4), 20):
        if judged_again:
            journey.pages.forget()  # as a worker that starts anew: others do not even judge what only counts anew
        stranger = ProfileSeen("d8", "Adа Quillfeather", followers=followers, release_count=1)
        take(engine, journey, search, mine, stranger, at=at, received=2)
    (case,) = cases_of(engine)
    assert ("4 followers" in case.evidence) is judged_again
    assert [event for event, _ in told(engine)] == ["opened"]


def test_another_label_is_told_in_the_place_of_the_one_that_stood_there(engine, journey, with_past):
    arrive(engine, journey, with_past, 41, "Neon Fever", HOME, "GBAYE")
    assert told(engine) == []
    take(engine, journey, RECORD, *full(41, "Neon Fever", STRANGE, "QZXXA", date="2026-01-30"), at=35)
    ((event, document),) = told(engine)
    (shown,) = [finding["release"] for finding in document["findings"]]
    assert event == "opened"
    assert shown["lines"] == [f"label: {STRANGE}"]


HIDDEN = TrackSeen("t41-99", "Hidden", "r41", position=9)
LATER = {"a barcode": ({"upc": "4006381333931"}, ()), "a track": ({}, (HIDDEN,)), "a removal": None}


@pytest.mark.parametrize("learnt", LATER)
def test_what_is_learnt_later_is_told(engine, journey, suspect, learnt):
    before = len(told(engine))
    if learnt == "a removal":
        for at in (40, 41):
            take(engine, journey, PAGE, *suspect[:-1], at=at, received=len(suspect) - 1)
    else:
        more, tracks = LATER[learnt]
        record = full(41, "Neon Fever", STRANGE, "QZXXA", date="2026-01-30", **more)
        take(engine, journey, RECORD, *record, *tracks, at=40)
    (_, document) = told(engine)[-1]
    assert len(told(engine)) == before + 1
    assert document["status"] == ("gone" if learnt == "a removal" else "open")


@pytest.mark.parametrize(("decision", "more"), [(None, 1), ("unsure", 1), ("impersonation", 1), ("legitimate", 0)])
def test_a_label_is_home_by_the_word_that_a_release_is_legitimate_and_by_no_other(
    engine, journey, suspect, decision, more
):
    if decision is not None:
        decide(engine, decision, 35)
    arrive(engine, journey, suspect, 42, "Cold Harbour", STRANGE, "QZXXA", at=36, date="2026-02-05")
    assert len(cases_of(engine)) == 1 + more
