"""Canaries: pages that are asked daily tell within one run when an API ceases to say something."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from crawler.alerts.trouble import Seen, troubles
from crawler.cli.status import _drift_lines
from crawler.settings import BadSettings, Settings, read_settings
from crawler.watching import canaries
from crawler.watching.recheck import Situation, next_due
from crawler.worker.worker import Plan
from storage import canaries as kept
from storage import roster
from storage.canaries import ACCEPTED
from storage.database import writing
from storage.models import target
from storage.observations import LineSeen, Outcome, Page, ProfileSeen, ReleaseSeen, TrackSeen
from storage.recording.record import record
from storage.roster import Monitored, Standing
from storage.targets import Ask, Target
from tests import toys
from tests.say import day, told

PAGE, RECORD = Target("deezer", Ask.PROFILE, "7"), Target("deezer", Ask.RELEASE, "1")
QUILL = ProfileSeen(id="7", name="Nova Quill", followers=412, release_count=3)
ORCA = ReleaseSeen("1", "Orca", upc="0602435000000", lines=(LineSeen("label", "Seerose"),))


def fields(target, *seen):
    return canaries.heard(told(target, *seen))


def test_what_stands_in_an_answer_for_its_own_sake_is_heard():
    assert fields(PAGE, QUILL, ProfileSeen(id="9", name="Guest", country="DE")).ever == {
        "page followers",
        "page release_count",
    }
    songs = [TrackSeen(str(n), "x", "1", isrc="DEAA12600001" if n < 2 else None, duration_ms=1) for n in range(8)]
    found = fields(RECORD, ORCA, *songs)
    assert found.mostly == {"release upc", "release label line", "track duration_ms"}
    assert found.ever == found.mostly | {"track isrc"}


@pytest.mark.parametrize("outcome", [Outcome.ABSENT, Outcome.FAILED, Outcome.MALFORMED, Outcome.THROTTLED])
def test_an_answer_that_is_none_says_nothing_of_the_api(outcome):
    assert canaries.heard(told(PAGE, QUILL, outcome=outcome)) is None


def test_what_an_access_can_not_see_or_a_look_did_not_reach_is_not_lost():
    album = told(RECORD, ORCA)
    withheld = replace(album, coverage=replace(album.coverage, blind=frozenset({"followers", "label", "p_line"})))
    assert {"release label line", "release p line"} <= canaries.heard(withheld).ever
    quill = told(PAGE, QUILL)
    withheld = replace(quill, coverage=replace(quill.coverage, blind=frozenset({"country"})))
    assert "page country" in canaries.heard(withheld).ever
    assert "page country" not in canaries.heard(withheld).mostly
    cut = canaries.heard(told(RECORD, ORCA, outcome=Outcome.PARTIAL))
    assert "track isrc" in cut.ever
    assert "release cover_url" not in cut.ever
    assert "track isrc" not in canaries.heard(album).ever  # all of it came, and no track


def heard(engine, target, on, *said):
    with writing(engine) as connection:
        target_id = record(connection, told(target, QUILL, at=day(on))).target_id
        return kept.hear(connection, target_id, frozenset(said), frozenset(said), day(on))


def drifts(engine):
    with engine.connect() as connection:
        return [(one.field, one.silent, one.of, one.since) for one in kept.drifts(connection)]


def test_a_field_that_most_canaries_lose_is_drift_until_it_is_back(engine):
    pages = [Target("deezer", Ask.PROFILE, str(n)) for n in (7, 8, 9)]
    for page in pages:
        assert heard(engine, page, 0, "page followers", "page url") == []
    assert heard(engine, pages[0], 1, "page url") == ["page followers"]
    assert drifts(engine) == []  # one page of three: its own doing
    assert heard(engine, pages[1], 2, "page url") == ["page followers"]
    assert heard(engine, pages[1], 3, "page url") == []  # said once
    assert drifts(engine) == [("page followers", 2, 3, day(1))]
    heard(engine, pages[0], 4, "page followers", "page url")
    assert drifts(engine) == []


def test_a_field_that_stays_silent_is_no_longer_expected_after_a_while(engine):
    heard(engine, PAGE, 0, "page followers", "page url")
    heard(engine, PAGE, 1, "page url")
    assert len(drifts(engine)) == 1
    heard(engine, PAGE, 2 + ACCEPTED.days, "page url")
    assert drifts(engine) == []


def test_a_canary_is_asked_every_day():
    calm = Situation(Ask.PROFILE, Outcome.COMPLETE, official=True, suspected=False, news=False, failures=0)
    record_ = Situation(
        Ask.RELEASE, Outcome.COMPLETE, official=False, suspected=False, news=False, failures=0, canary=True
    )
    assert next_due(calm, day(0)) > day(0) + timedelta(days=5)
    assert next_due(record_, day(0)) <= day(0) + timedelta(days=1)


def test_the_operator_may_name_canaries_and_is_told_of_ids_that_are_none():
    named = read_settings({"FALSETTO_DEEZER_CANARY": "27, 13"})
    assert named.canaries("deezer") == ("27", "13")
    assert named.access("deezer").credentials == {}
    assert Settings().canaries("deezer") == ()
    with pytest.raises(BadSettings, match="FALSETTO_DEEZER_CANARY: ids of pages were expected, got 'x y'"):
        read_settings({"FALSETTO_DEEZER_CANARY": "27,x y"})


def test_what_canaries_lose_is_told_to_who_wants_to_know_of_trouble(engine):
    heard(engine, PAGE, 0, "page followers", "page url")
    heard(engine, PAGE, 1, "page url")
    with engine.connect() as connection:
        silent = kept.drifts(connection)
    (concern,) = troubles(Seen(at=day(1), enabled=frozenset({"deezer"}), silent=silent))
    assert (concern.key, concern.subject) == ("silent:deezer", "deezer no longer says what it always said")
    assert concern.lines[0] == "answers lack: page followers (1 of 1 canaries, since 2026-01-02 12:00 UTC)"
    assert not list(troubles(Seen(at=day(1), enabled=frozenset(), silent=silent)))


def test_a_run_that_meets_a_changed_api_is_told_by_status(engine):
    said = {"followers": 412, "country": "DE"}

    def observe(client, target, walk):
        client.gate.wait("")
        walk.page([target.subject])
        yield Page(target, (ProfileSeen(id=target.subject, name="Nova Quill", **said),))
        return walk.ended()

    more = {"accepts": frozenset({Ask.PROFILE}), "page": "http://toy.invalid/{id}", "observe": observe}
    platform = toys.toy(**more)
    with writing(engine) as connection:
        ids, _ = roster.keep_artists(connection, [Monitored("k1", "Nova Quill", None, 1.0, (), ())], day(0))
        pages = [Standing(ids["k1"], "toy", n, "official", "roster", "Nova Quill") for n in ("7", "8")]
        roster.keep_standings(connection, pages, day(0))
    toys.run(engine, platform, Plan(until_idle=True))
    del said["followers"]
    with writing(engine) as connection:
        assert not list(_drift_lines(connection, datetime.now(UTC)))
        connection.execute(update(target).values(due_at=day(0)))
    toys.run(engine, platform, Plan(until_idle=True))
    with engine.connect() as connection:
        (line,) = _drift_lines(connection, datetime.now(UTC))
    assert line.startswith("toy: 2 of 2 canaries no longer say page followers (asked for profile), since ")
