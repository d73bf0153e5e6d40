"""The twelve worked questions have the right answers in a filled store, on both engines; their page is current."""

import re
from datetime import date, timedelta

import pytest
from sqlalchemy import insert, select, text, update

from crawler.analysts import page
from storage.database import writing
from storage.models import (
    artist,
    campaign,
    case,
    case_history,
    finding,
    profile,
    standing,
    takedown,
    target,
    verdict,
    watch,
)
from storage.normalize import name_key
from storage.observations import LineSeen, Outcome, ProfileSeen, TrackSeen
from storage.targets import Ask, Target
from storage.views.questions import QUESTIONS
from tests.say import day, full_release, page_of, release, releases, say, search, told

NAMES = ("Ada Quill", "Bo Marsh", "Cy Dune", "Di Fern")
MILL, HOME = LineSeen("label", "Mill Records"), LineSeen("label", "Home")


@pytest.fixture(scope="module")
def store(module_store):
    """One filled store for all questions, which only read."""
    _catalogue(module_store)
    with writing(module_store) as connection:
        _roster(connection)
        _judged(connection)
    return module_store


def _catalogue(engine):
    for number, name in enumerate(NAMES, 1):
        say(engine, told(Target("deezer", Ask.PROFILE, f"p{number}"), ProfileSeen(f"p{number}", name), at=0))
        say(engine, told(page_of(f"p{number}"), at=0, received=0))
    say(engine, search("Ada Quill", "p1", "p21", "p22", "p23", "p24", "p25", at=0))
    say(engine, full_release(5, at=0))  # somebody else's, long before
    old = release(11, "p1", title="Old Hymn", date="2009-05-01", lines=(MILL,))
    own = release(12, "p1", title="Fresh", date="2026-01-10", lines=(HOME,))
    joint = [release(40, f"p{number}", title="Joint", date="2026-01-20", lines=(HOME,)) for number in (1, 2, 3)]
    say(engine, told(page_of("p1"), old, own, joint[0], at=10, received=3, blind=frozenset({"isrc"})))
    say(engine, told(page_of("p2"), release(21, "p2", lines=(MILL,)), joint[1], at=11, received=2))
    say(engine, told(page_of("p3"), release(31, "p3", lines=(MILL,)), joint[2], at=11, received=2))
    say(engine, releases(profile="p4", outcome=Outcome.THROTTLED, stop_reason="told to slow down", at=11))
    copied = TrackSeen(id="t11-1", title="Track 1", release_id="r11", isrc="US-ABC-24-00501")
    say(engine, told(Target("deezer", Ask.RELEASE, "r11"), release(11, listed_on=None, lines=(MILL,)), copied, at=11))
    say(engine, told(page_of("p9", market="se"), outcome=Outcome.PARTIAL, stop_reason="cut", cut=True, at=11))


def _roster(connection):
    for number, name in enumerate(NAMES, 1):
        one = {"id": number, "key": name, "name": name, "name_key": name_key(name), "added_at": day(0)}
        connection.execute(insert(artist).values(**one, changed_at=day(0)))
        given = {"standing": "official", "authority": "roster", "decided_at": day(0)}
        page_id = connection.scalar(text("SELECT id FROM profile WHERE platform_id = :p"), {"p": f"p{number}"})
        connection.execute(insert(standing).values(profile_id=page_id, artist_id=number, **given))
        asked = select(target.c.id).where(target.c.ask == "releases", target.c.subject == f"p{number}")
        connection.execute(insert(watch).values(target_id=connection.scalar(asked), artist_id=number))
    connection.execute(update(target).where(target.c.ask == "releases").values(due_at=day(12)))


def _judged(connection):
    pages = {row.platform_id: row.id for row in connection.execute(profile.select())}
    rows = dict(connection.execute(text("SELECT platform_id, id FROM release")).all())
    connection.execute(
        insert(campaign).values(id=1, key="mill", ties='["line: mill"]', opened_at=day(11), changed_at=day(12))
    )
    told_ = (  # number, artist, release, status, loud, opened
        (1, 1, "r11", "open", True, 11),
        (2, 2, "r21", "takedown_requested", True, 11),
        (3, 3, "r31", "returned", True, 11),
        (4, 1, "r12", "cleared", True, 10),
        (5, 4, "r5", "gone", False, 1),
    )
    for number, whose, what, status, loud, opened in told_:
        one = {"score_low": 0.1, "score": 1 - number / 10, "score_high": 0.9, "rule_version": "1", "evidence": "[]"}
        one |= {"title": f"case {number}", "attack": "A", "loud": loud, "campaign_id": 1 if number < 4 else None}
        one |= {"artist_id": whose, "kind": "release", "group_id": number, "status": status, "key": str(number)}
        connection.execute(insert(case).values(id=number, **one, opened_at=day(opened), changed_at=day(12)))
        seen = {"profile_id": pages[f"p{whose}"], "release_id": rows[what], "role": "listed"}
        connection.execute(insert(finding).values(case_id=number, first_seen_at=day(opened), **seen))
        for event, now, at in (("opened", "open", opened), ("status", status, opened + 1)):
            past = {"event": event, "status": now, "score": 0.5, "rule_version": "1"}
            connection.execute(insert(case_history).values(case_id=number, at=day(at), **past))
    for number, decision in ((2, "takedown"), (3, "impersonation"), (4, "legitimate"), (5, "takedown")):
        one = {"decision": decision, "authority": "analyst:ana", "decided_at": day(3 if number == 5 else 12)}
        connection.execute(insert(verdict).values(case_id=number, **one))
    connection.execute(update(finding).where(finding.c.case_id == 5).values(removed_at=day(7)))
    connection.execute(update(case).where(case.c.id == 3).values(reopened_because="shown again"))
    report = {"ground": "impersonation", "reported_by": "ana", "answer": "refused", "reported_at": day(13)}
    connection.execute(insert(takedown).values(case_id=2, platform="deezer", **report))


def ask(engine, name, since=None):
    """Ask a question on the thirteenth day."""
    with engine.connect() as connection:
        rows = connection.execute(text(QUESTIONS[name].on(day(13).date(), since))).mappings().all()
    return [dict(row) for row in rows]


def test_what_arrived_back_dated(store):
    found = [(row["artist"], row["title"], row["date_raw"]) for row in ask(store, "back-dated")]
    assert found == [("Ada Quill", "Release 11", "2009-05-01")]
    (row,) = ask(store, "back-dated")
    assert row["days_after_claim"] == (date(2026, 1, 11) - date(2009, 5, 1)).days
    assert ask(store, "back-dated", day(11).date()) == []


def test_labels_on_unrelated_artists_within_a_week(store):
    (row,) = ask(store, "shared-labels")
    assert (row["label"], row["artists"], row["releases"], row["cases"]) == ("Mill Records", 3, 3, 3)
    assert ask(store, "shared-labels", day(11).date()) == []  # of two artists only


def test_how_long_a_takedown_takes(store):
    (row,) = ask(store, "takedown-time")
    assert (row["platform"], row["decided_against"], row["gone"], row["still_shown"]) == ("deezer", 3, 1, 2)
    assert row["mean_days"] == pytest.approx(4, abs=1e-6)


def test_what_was_decided_against_and_is_still_shown(store):
    found = {row["case_id"]: row for row in ask(store, "still-shown")}
    assert sorted(found) == [2, 3]
    assert (found[2]["answer"], str(found[2]["reported_at"])[:10]) == ("refused", "2026-01-14")
    assert found[3]["answer"] is None


def test_what_came_back_and_where(store):
    (row,) = ask(store, "came-back")
    assert (row["case_id"], row["reopened_because"], row["profile_name"]) == (3, "shown again", "Cy Dune")


def test_where_we_are_blind(store):
    found = {(row["market"], row["withheld"]): row for row in ask(store, "blind")}
    assert found["", "isrc"]["questions"] == 1
    assert (found["se", ""]["never_whole"], found["se", ""]["cut_short"]) == (1, 1)
    assert len(found) == 2


def test_pages_not_seen_whole_for_days(store):
    assert [(row["artist"], row["last_outcome"]) for row in ask(store, "stale-pages")] == [("Di Fern", "throttled")]
    since = day(14).date()
    assert [row["artist"] for row in ask(store, "stale-pages", since)] == list(NAMES)


def test_names_too_common(store):
    found = [(row["artist"], row["other_profiles_of_that_name"]) for row in ask(store, "common-names")]
    assert found == [("Ada Quill", 5)]


def test_what_was_undecided_on_a_day(store):
    assert [row["case_id"] for row in ask(store, "undecided-then", day(12).date())] == [1, 2, 3]
    assert [row["case_id"] for row in ask(store, "undecided-then", day(2).date())] == [5]


def test_how_many_alarms_were_right(store):
    (row,) = ask(store, "alarms")
    assert (row["loud_cases"], row["upheld"], row["cleared"], row["undecided"]) == (4, 1, 1, 2)


def test_campaigns_of_several_artists(store):
    (row,) = ask(store, "campaigns")
    assert (row["artists"], row["cases"], row["ties"]) == (3, 3, '["line: mill"]')


def test_recordings_that_stood_elsewhere_before(store):
    (row,) = ask(store, "copied-recordings")
    assert (row["case_id"], row["isrc"], row["earlier_release"]) == (1, "USABC2400501", "Release 5")


@pytest.mark.parametrize("name", QUESTIONS)
def test_on_sqlite_no_question_reads_the_catalogue_or_the_looks_whole(store, name):
    if store.dialect.name != "sqlite":
        pytest.skip("PostgreSQL reads small tables whole, and rightly")
    with store.connect() as connection:
        plan = connection.execute(text("EXPLAIN QUERY PLAN " + QUESTIONS[name].on(day(13).date()))).all()
    whole = [line for *_, line in plan if re.match(r"SCAN (r|release|track|l|listing|k|look|credit)$", line)]
    assert whole == []


def test_there_are_twelve_and_each_names_indexes_that_there_are(store):
    assert len(QUESTIONS) == 12
    with store.connect() as connection:
        catalogue = "sqlite_master WHERE type = 'index'" if store.dialect.name == "sqlite" else "pg_indexes"
        name = "name" if store.dialect.name == "sqlite" else "indexname"
        there = set(connection.scalars(text(f"SELECT {name} FROM {catalogue}")))
    for one in QUESTIONS.values():
        assert {word.strip("`,;") for word in one.cost.split() if word.startswith("`ix_")} <= there, one.asks
        assert (":since" in one.sql) == (one.days > 0)


def test_the_page_of_views_is_current():
    written = page.PAGE.read_text(encoding="utf-8")
    assert page.current(written) == written, "python -m crawler.analysts.page --write"


def test_a_question_looks_back_as_far_as_it_says():
    assert "'2026-11-18'" in QUESTIONS["shared-labels"].on(date(2026, 11, 25))
    assert "'2026-11-01'" in QUESTIONS["shared-labels"].on(date(2026, 11, 25), date(2026, 11, 25) - timedelta(days=24))
