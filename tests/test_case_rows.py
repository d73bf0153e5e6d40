"""Cases as rows: what is written and what is left alone, whose verdict counts, and what becomes of two that are one."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert, select, update

from storage import cases, roster, takedowns
from storage.cases import LARGEST, Bound, Judged, NoSuchCase
from storage.database import writing
from storage.detections import DETECTOR, Opinion
from storage.models import case, case_history, finding, profile, release, takedown, verdict
from storage.normalize import name_key

NOW = datetime(2026, 3, 6, tzinfo=UTC)
LATER = NOW + timedelta(days=1)
FIRED = {"signal": "strange_label", "reason": "Why.", "state": "fired", "bits": 4.5, "because": "printed: Ü"}
QUIET = {"signal": "odd_hour", "reason": "Why.", "state": "quiet", "bits": 0.0, "because": ""}


@pytest.fixture
def connection(engine):
    with writing(engine) as connection:
        ids, _ = roster.keep_artists(connection, [roster.Monitored(k, k, None, 1.0, (), ()) for k in "ab"], NOW)
        assert sorted(ids.values()) == [1, 2]
        seen = {"first_seen_at": NOW, "last_seen_at": NOW, "platform": "deezer"}
        for number in "123":
            connection.execute(insert(profile).values(platform_id=number, name="x", name_key=name_key("x"), **seen))
            connection.execute(insert(release).values(platform_id=number, title="x", title_key=name_key("x"), **seen))
        yield connection


def event(group=7, **more):
    said = {
        **{"kind": "release", "artist_id": 1, "group_id": group, "attack": "hijack", "origin": "news"},
        **{"status": "open", "loud": True, "score_low": 0.5, "score": 0.6, "score_high": 0.8, "bits": 4.5},
        **{"rule_version": "rules", "evidence": (FIRED, QUIET), "title": "Hymns", "meaning": "first"},
        "bindings": (Bound(1, 1, "listed", NOW),),
    }
    return Judged(**(said | more))


def row(connection, number=1):
    return connection.execute(select(case).where(case.c.id == number)).one()


def history(connection, number=1):
    rows = connection.execute(select(case_history).where(case_history.c.case_id == number).order_by(case_history.c.id))
    return [(one.event, one.status, one.score, one.rule_version, one.note, one.at) for one in rows]


def findings(connection, number=1):
    rows = connection.execute(select(finding).where(finding.c.case_id == number))
    return {(one.profile_id, one.release_id): (one.role, one.removed_at, one.first_seen_at) for one in rows}


def decide(connection, number=1, decision="impersonation", at=NOW, status="confirmed", rank=2):
    return cases.decide(connection, number, Opinion(decision, "Ada", "sure"), at, status=status, rank=rank)


def test_a_case_is_opened_with_all_that_was_judged(connection):
    one = event(reopened_because="a new sign", gone_at=LATER)
    assert cases.keep(connection, [one], NOW) == [(1, "opened")]
    kept = row(connection)
    for name in ("kind", "artist_id", "group_id", "attack", "origin", "status", "loud", "score_low", "score", "bits"):
        assert getattr(kept, name) == getattr(one, name), name
    assert (kept.key, kept.score_high, kept.rule_version, kept.meaning) == ("release:1:7", 0.8, "rules", "first")
    assert (kept.title, kept.reopened_because, kept.gone_at) == ("Hymns", "a new sign", LATER)
    assert (kept.opened_at, kept.changed_at, kept.revision) == (NOW, NOW, 1)
    assert json.loads(kept.evidence) == [FIRED, QUIET]
    assert "Ü" in kept.evidence
    assert history(connection) == [("opened", "open", 0.6, "rules", "", NOW)]
    assert findings(connection) == {(1, 1): ("listed", None, NOW)}


def test_what_means_the_same_is_written_and_no_event(connection):
    cases.keep(connection, [event()], NOW)
    assert cases.keep(connection, [event(score=0.7, bits=5.0)], LATER) == []
    kept = row(connection)
    assert (kept.score, kept.bits, kept.revision, kept.changed_at) == (0.7, 5.0, 1, NOW)
    assert len(history(connection)) == 1


@pytest.mark.parametrize(
    ("more", "note"),
    [
        ({"meaning": "second"}, ""),
        ({"meaning": "altered"}, ""),
        ({"meaning": "second", "reopened_because": "why"}, ""),
        ({"status": "returned", "reopened_because": "why"}, "why"),
        ({"status": "returned", "meaning": "second"}, ""),
    ],
)
def test_a_new_meaning_or_status_is_an_event_a_revision_and_a_line_of_history(connection, more, note):
    cases.keep(connection, [event()], NOW)
    assert cases.keep(connection, [event(**more)], LATER) == [(1, "changed")]
    kept = row(connection)
    assert (kept.revision, kept.changed_at, kept.opened_at) == (2, LATER, NOW)
    assert history(connection)[1:] == [("scored", more.get("status", "open"), 0.6, "rules", note, LATER)]


def test_events_are_written_in_the_order_of_their_keys_and_one_event_once(connection):
    many = [event(9), event(7, title="old"), event(8), event(7, title="new"), event(7, artist_id=2)]
    assert cases.keep(connection, many, NOW) == [(1, "opened"), (2, "opened"), (3, "opened"), (4, "opened")]
    kept = connection.execute(select(case.c.key, case.c.title).order_by(case.c.id)).all()
    assert [tuple(one) for one in kept] == [
        ("release:1:7", "new"),
        ("release:1:8", "Hymns"),
        ("release:1:9", "Hymns"),
        ("release:2:7", "Hymns"),
    ]


def test_findings_are_those_that_judgement_saw_last(connection):
    bound = [Bound(1, 1, "listed", NOW), Bound(2, 2, "listed", NOW), Bound(3, None, "page", NOW)]
    cases.keep(connection, [event(bindings=tuple(bound)), event(8)], NOW)
    ids = dict(connection.execute(select(finding.c.profile_id, finding.c.id).where(finding.c.case_id == 1)).all())
    changed = (Bound(1, 1, "credited", LATER), Bound(3, None, "page", LATER, LATER), Bound(2, 3, "listed", LATER))
    cases.keep(connection, [event(bindings=changed)], LATER)
    assert findings(connection) == {
        (1, 1): ("credited", None, NOW),
        (3, None): ("page", LATER, NOW),
        (2, 3): ("listed", None, LATER),
    }
    kept = dict(connection.execute(select(finding.c.profile_id, finding.c.id).where(finding.c.case_id == 1)).all())
    assert (kept[1], kept[3]) == (ids[1], ids[3])
    assert findings(connection, 2) == {(1, 1): ("listed", None, NOW)}


def test_a_verdict_keeps_what_had_fired_and_changes_the_case(connection):
    cases.keep(connection, [event(reopened_because="why")], NOW)
    assert decide(connection, at=LATER) == 1
    given = connection.execute(select(verdict)).one()
    assert (given.case_id, given.rank, given.decision, given.authority, given.note) == (
        *(1, 2, "impersonation", "Ada", "sure"),
    )
    assert (given.decided_at, given.withdrawn_at) == (LATER, None)
    assert json.loads(given.signals) == ["strange_label=printed: Ü"]
    assert "Ü" in given.signals
    kept = row(connection)
    assert (kept.status, kept.changed_at, kept.revision, kept.reopened_because) == ("confirmed", LATER, 2, "")
    assert history(connection)[1:] == [("verdict", "confirmed", 0.6, "", "impersonation by Ada", LATER)]


def state(connection, group=7):
    return cases.states(connection, [f"release:1:{group}"])[f"release:1:{group}"]


def test_a_cases_state_is_what_was_kept_and_the_verdict_that_counts(connection):
    cases.keep(connection, [event(gone_at=LATER), event(8)], NOW)
    before = state(connection)
    assert (before.id, before.kind, before.artist_id, before.group_id) == (1, "release", 1, 7)
    assert (before.status, before.meaning, before.origin, before.score, before.gone_at) == (
        *("open", "first", "news", 0.6, LATER),
    )
    assert (before.decision, before.rank, before.settled, before.decided_at) == ("", 9, frozenset(), None)
    decide(connection, at=LATER)
    after = state(connection)
    assert (after.decision, after.rank, after.decided_at) == ("impersonation", 2, LATER)
    assert after.settled == {"strange_label=printed: Ü"}
    assert state(connection, 8).decision == ""
    assert cases.states(connection, []) == {}


def test_the_strongest_authoritys_latest_verdict_counts_and_no_detectors(connection):
    cases.keep(connection, [event(6), event(), event(8)], NOW)
    for decision, rank in (("first", 1), ("weaker", 2), ("last", 1), ("detector", DETECTOR), ("weaker still", 2)):
        decide(connection, 2, decision=decision, rank=rank)
    assert state(connection).decision == "last"
    last = connection.scalar(select(verdict.c.id).where(verdict.c.decision == "last"))
    cases.withdraw(connection, 2, last, "Bo", LATER, status="returned", because="a mistake")
    assert state(connection).decision == "first"
    undone = connection.execute(select(verdict).where(verdict.c.id == last)).one()
    assert (undone.withdrawn_at, undone.withdrawn_by, undone.decision) == (LATER, "Bo", "last")
    kept = row(connection, 2)
    assert (kept.status, kept.changed_at, kept.reopened_because, kept.revision) == ("returned", LATER, "a mistake", 7)
    assert history(connection, 2)[-1] == ("verdict undone", "returned", 0.6, "", "by Bo", LATER)
    for other in (1, 3):
        assert (row(connection, other).status, row(connection, other).revision) == ("open", 1)
    assert set(connection.scalars(select(verdict.c.id).where(verdict.c.withdrawn_at.is_not(None)))) == {last}


def test_a_note_is_a_line_of_history_and_nothing_else(connection):
    cases.keep(connection, [event()], NOW)
    before = row(connection)
    cases.note(connection, before, "reported", LATER, "to Deezer")
    assert history(connection)[1:] == [("reported", "open", 0.6, "", "to Deezer", LATER)]
    assert row(connection) == before


@pytest.mark.parametrize("number", [0, -1, 2, LARGEST, LARGEST + 1, 10**30])
def test_a_number_without_a_case_is_said(connection, number):
    cases.keep(connection, [event()], NOW)
    with pytest.raises(NoSuchCase, match=f"there is no case {number}"):
        cases.find(connection, number)


def test_a_number_may_be_as_large_as_a_store_counts(connection):
    row_ = {"key": "large", "kind": "release", "artist_id": 1, "group_id": 9, "opened_at": NOW, "origin": "news"}
    connection.execute(insert(case).values(id=2**63 - 1, **row_, **cases._values(event(), NOW)))
    assert cases.find(connection, 2**63 - 1).key == "large"


def test_a_case_is_found_by_the_number_of_any_that_went_up_in_it(connection):
    cases.keep(connection, [event(7), event(8), event(9)], NOW)
    for number, into in ((1, 2), (2, 3)):
        connection.execute(update(case).where(case.c.id == number).values(merged_into=into, status="merged"))
    assert [cases.find(connection, number).id for number in (1, 2, 3)] == [3, 3, 3]
    assert decide(connection, 1) == 3
    connection.execute(update(case).where(case.c.id == 3).values(merged_into=1))
    with pytest.raises(NoSuchCase):
        cases.find(connection, 2)


def test_a_group_that_went_up_in_another_takes_its_case_along_and_only_of_its_kind(connection):
    cases.keep(connection, [event(7), event(7, kind="profile", title="page")], NOW)
    assert cases.merge_groups(connection, "release", {7: 9}, LATER) == []
    moved = connection.execute(select(case.c.kind, case.c.key, case.c.group_id, case.c.changed_at)).all()
    assert sorted(map(tuple, moved)) == [("profile", "profile:1:7", 7, NOW), ("release", "release:1:9", 9, NOW)]


@pytest.mark.parametrize("merged", [{7: 8}, {8: 7}])
@pytest.mark.parametrize(
    ("first", "second", "status"),
    [
        ("open", "open", "open"),
        ("confirmed", "open", "confirmed"),
        ("open", "cleared", "cleared"),
        ("confirmed", "cleared", "cleared"),  # the later of two verdicts of one rank
        ("watching", "returned", "watching"),
        ("watching", "gone", "gone"),
    ],
)
def test_of_two_cases_that_are_one_the_older_stays_with_what_was_decided(connection, merged, first, second, status):
    other = (Bound(2, 2, "listed", NOW),)
    cases.keep(
        connection,
        [event(6), event(7, status=first), event(8, status=second, bindings=other), event(7, artist_id=2)],
        NOW,
    )
    for number in (1, 2, 3):
        connection.execute(insert(verdict).values(case_id=number, rank=2, decided_at=NOW, **opinion()))
        takedowns.reported(connection, number, reported(), NOW)
    assert cases.merge_groups(connection, "release", merged, LATER) == [(3, "withdrawn")]
    stays, goes = row(connection, 2), row(connection, 3)
    (group,) = merged.values()
    assert (stays.key, stays.group_id, stays.status, stays.meaning) == (f"release:1:{group}", group, status, "")
    assert (goes.key, goes.status, goes.merged_into, goes.changed_at) == ("merged:3", "merged", 2, LATER)
    assert sorted(connection.scalars(select(verdict.c.case_id))) == [1, 2, 2]
    assert sorted(connection.scalars(select(takedown.c.case_id))) == [1, 2, 2]
    assert findings(connection, 3) == {}
    assert findings(connection, 2) == {(1, 1): ("listed", None, NOW)}
    assert history(connection, 2)[-1] == ("merged", status, 0.6, "", "case 3 is the same event", LATER)
    assert cases.merge_groups(connection, "release", merged, LATER) == []


def opinion():
    return {"decision": "unsure", "authority": "Ada", "note": "", "question": "", "answer": "", "signals": "[]"}


def reported():
    return {"platform": "deezer", "ground": "copyright", "reported_by": "Ada", "reported_at": NOW, "deadline_at": None}


def test_the_open_cases_about_whole_pages_are_told_with_their_page(connection):
    page = (Bound(1, None, "page", NOW),)
    cases.keep(
        connection,
        [
            event(7, kind="profile", bindings=page),
            event(8, kind="profile", bindings=page, status="watching", artist_id=2),
            event(9, kind="profile", bindings=page, status="returned"),
            event(10, kind="profile", bindings=page, status="confirmed"),
            event(11, kind="profile", bindings=(Bound(2, None, "page", NOW),)),
            replace(event(12), bindings=page),
        ],
        NOW,
    )
    assert sorted(cases.about_pages(connection, [1])) == [(1, 7, 1), (1, 9, 1), (2, 8, 1)]
    assert sorted(cases.about_pages(connection, [1, 2]))[-2:] == [(1, 11, 2), (2, 8, 1)]
    assert cases.about_pages(connection, []) == []
