"""Deciding on the console: one state machine with API and command line, conflicts, undo, many at once."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import insert, select, update

from crawler import verdicts
from crawler.console import deciding
from crawler.journey.grouping import group_releases
from storage import cases, roster
from storage.console import kept
from storage.console.figures import figures
from storage.database import writing
from storage.detections import DETECTOR
from storage.models import (
    audit,
    case,
    console_case,
    finding,
    grouped_release,
    outbox,
    profile,
    release,
    release_tie,
    standing,
    verdict,
)
from tests import reviewed
from tests.console_stage import decide, desk, post, token
from tests.reviewed import NOW, count, status
from tests.say import page_of, say, told
from tests.say import release as seen

ANOTHER = {"reason_namesake": "another act of that name"}
LIST = "status=&artist=Bo+Marsh"


def test_a_decision_is_the_one_that_api_and_command_line_make(engine, desk):
    answer = decide(desk["ana"], 3, "namesake", **ANOTHER, note="seen", address=LIST)
    assert answer.status_code == 200
    assert status(engine, 3) == "cleared"
    with engine.connect() as connection:
        given = connection.execute(select(verdict)).one()
        events = list(connection.scalars(select(outbox.c.event).where(outbox.c.case_id == 3).order_by(outbox.c.id)))
        who = connection.execute(select(audit)).one()
    assert (given.decision, given.authority, given.note) == ("namesake", "ana", "another act of that name. seen")
    assert events == ["opened", "decided"]
    assert (who.who, who.action, who.subject) == ("ana", "verdict given", "case 3")


def test_a_decided_case_leaves_the_list_and_the_next_one_is_open(desk):
    listed = re.findall(r'data-case="(\d+)"', desk["ana"].get(f"/console/review?{LIST}").text)
    answer = decide(desk["ana"], listed[0], address=LIST)
    assert re.findall(r'data-case="(\d+)"', answer.text)[0] == listed[1]
    assert f'data-open="{listed[1]}"' in answer.text
    assert listed[0] not in re.findall(r'data-case="(\d+)"', answer.text)


def test_from_the_list_that_opens_first_one_goes_on_to_the_next_case_too(desk):
    shown = desk["ana"].get("/console/review").text
    address = re.search(r'id="decide">.*?name="address" value="([^"]*)"', shown, re.DOTALL)[1]
    answer = decide(desk["ana"], 1, address=address)
    assert 'data-open="2"' in answer.text


def test_dismissing_needs_a_reason_out_of_the_list(engine, desk):
    assert decide(desk["ana"], 1, "legitimate").status_code == 422
    assert decide(desk["ana"], 1, "legitimate", reason_legitimate="because").status_code == 422
    assert decide(desk["ana"], 1, "fake").status_code == 422
    assert count(engine, verdict) == 0


def test_a_decision_on_an_old_revision_is_a_conflict_that_is_told_and_changes_nothing(engine, desk):
    assert decide(desk["ana"], 1).status_code == 200
    answer = decide(desk["ben"], 1, "takedown")
    assert (answer.status_code, "Somebody was quicker" in answer.text) == (409, True)
    assert (status(engine, 1), count(engine, verdict)) == ("confirmed", 1)
    assert decide(desk["ben"], 1, "takedown", revision=2).status_code == 200
    assert status(engine, 1) == "takedown_requested"


def test_what_the_crawler_learnt_meanwhile_is_a_conflict_too(engine, desk):
    with writing(engine) as connection:
        row = connection.execute(select(case).where(case.c.id == 1)).one()
        learnt = reviewed.event(row.artist_id, row.group_id, row.title, meaning="learnt", bits=(9.0, 2.5))
        cases.keep(connection, [learnt], NOW)
    assert decide(desk["ana"], 1, revision=1).status_code == 409


def test_undo_brings_everything_back_and_the_feed_is_told(engine, desk):
    with engine.connect() as connection:
        was = connection.execute(select(standing).order_by(standing.c.profile_id)).all()
    decide(desk["ana"], 2)
    with engine.connect() as connection:
        assert [row.standing for row in connection.execute(select(standing)) if row.profile_id == 3] == ["suspected"]
    answer = post(desk["ana"], "/console/actions/1/undo")
    assert answer.status_code == 200
    assert status(engine, 2) == "open"
    with engine.connect() as connection:
        assert connection.execute(select(standing).order_by(standing.c.profile_id)).all() == was
        events = list(connection.scalars(select(outbox.c.event).where(outbox.c.case_id == 2).order_by(outbox.c.id)))
        assert events == ["opened", "decided", "changed"]
        assert connection.execute(select(verdict)).one().withdrawn_by == "ana"
        (view,) = connection.exec_driver_sql("SELECT decision FROM v1_cases WHERE case_id = 2").scalars()
    assert view == "unconfirmed"
    assert "undone" in desk["ben"].get("/console/cases/2").text


def test_an_earlier_verdict_counts_again_when_a_later_one_is_undone(engine, desk):
    decide(desk["ben"], 1, "unsure")
    decide(desk["ana"], 1, "legitimate", revision=2, reason_legitimate="in our catalogue")
    post(desk["ana"], "/console/actions/2/undo")
    assert status(engine, 1) == "watching"
    assert "<b>unsure</b> by" in desk["ana"].get("/console/cases/1").text


def hear(engine, number, decision, at=NOW):
    with writing(engine) as connection:
        verdicts.decide(connection, number, decision, "listener", "it sounds <i>so</i>", at, DETECTOR)


def standings(engine):
    with engine.connect() as connection:
        return connection.execute(select(standing).order_by(standing.c.profile_id)).all()


def test_what_a_detector_says_stands_apart_and_keeps_nobody_from_deciding_or_undoing(engine, desk):
    with writing(engine) as connection:
        row = connection.execute(select(case).where(case.c.id == 2)).one()
        page = connection.execute(select(profile).where(profile.c.platform_id == "p3")).one()
        said = roster.Standing(
            row.artist_id, page.platform, page.platform_id, "proposed", "roster", page.name, "a list"
        )
        roster.keep_standings(connection, [said], NOW - timedelta(days=5))
    was = standings(engine)
    hear(engine, 2, "impersonation", NOW - timedelta(days=1))
    text = desk["ana"].get("/console/cases/2").text
    assert re.search(r"<p class=\"dim\">Unconfirmed[.:]", text)
    assert "<h3>Verdicts" not in text
    assert re.search(r"detection systems said.*listener.*impersonation.*it sounds &lt;i&gt;so", text, re.DOTALL)
    with engine.connect() as connection:
        assert figures(connection, NOW).takedowns == []
    assert decide(desk["ana"], 2, revision=1).status_code == 409
    answer = decide(desk["ana"], 2, revision=2)
    assert answer.status_code == 200
    assert [row.standing for row in standings(engine) if row.profile_id == page.id] == ["suspected"]
    with writing(engine) as connection:
        connection.execute(update(finding).where(finding.c.case_id == 2).values(removed_at=NOW))
        assert figures(connection, NOW).takedowns == [("deezer", 1, 0.0, 0)]
    hear(engine, 2, "legitimate")
    assert status(engine, 2) == "confirmed"
    assert post(desk["ana"], re.search(r"/console/actions/\d+/undo", answer.text)[0]).status_code == 200
    assert (status(engine, 2), standings(engine)) == ("open", was)
    text = desk["ana"].get("/console/cases/2").text
    assert re.search(r"<p class=\"dim\">Unconfirmed[.:]", text)
    assert re.search(r"<h3>Verdicts</h3>.*<b>impersonation</b> by.*ana.*undone", text)
    order = [text.index(f"case {event}, ") for event in ("opened", "detected", "verdict", "verdict undone")]
    assert order == sorted(order)


def test_a_decision_can_be_undone_for_half_an_hour_and_brings_its_reminder_back(engine, desk):
    post(desk["ana"], "/console/cases/3/remind", when="tomorrow")
    decide(desk["ana"], 3)
    late = NOW + deciding.UNDO_WITHIN
    with pytest.raises(deciding.NotAllowed, match="30 minutes"):
        deciding.undo(engine, "ana", 1, late + timedelta(seconds=1))
    with engine.connect() as connection:
        assert kept.reminders(connection, "ana") == []
    assert deciding.undo(engine, "ana", 1, late) == deciding.Ended(1, 0)
    with engine.connect() as connection:
        assert [row["case_id"] for row in kept.reminders(connection, "ana")] == [3]


def test_what_became_of_a_case_since_the_decision_is_not_undone(engine, desk):
    decide(desk["ana"], 1)
    with writing(engine) as connection:
        connection.execute(update(case).where(case.c.id == 1).values(status="gone"))
    assert post(desk["ana"], "/console/actions/1/undo").status_code == 409
    assert status(engine, 1) == "gone"


def test_a_case_that_is_not_there_is_not_decided(desk):
    assert decide(desk["ana"], 99_999).status_code == 404


def test_nobody_undoes_what_was_changed_since_or_what_somebody_else_decided(engine, desk):
    decide(desk["ana"], 1)
    assert post(desk["ben"], "/console/actions/1/undo").status_code == 404
    decide(desk["ben"], 1, "takedown", revision=2)
    assert post(desk["ana"], "/console/actions/1/undo").status_code == 409
    assert status(engine, 1) == "takedown_requested"
    assert post(desk["ana"], "/console/actions/1/undo").status_code == 422


def test_all_that_match_are_frozen_and_shown_before_anything_is_decided(engine, desk):
    answer = post(desk["ana"], "/console/bulk", all="1", decision="namesake", address="attack=E")
    number = re.search(r"/console/bulk/(\d+)", str(answer.url))[1]
    assert "8 cases: namesake" in answer.text
    assert "attack=E" in answer.text
    assert count(engine, verdict) == 0
    with writing(engine) as connection:
        row = connection.execute(select(case).where(case.c.title == "Ordinary 05")).one()
        learnt = reviewed.event(row.artist_id, row.group_id, row.title, meaning="learnt", attack="E")
        later = reviewed.event(row.artist_id, 900, "Came later", attack="E")
        cases.keep(connection, [learnt, later], NOW)
    assert post(desk["ana"], f"/console/bulk/{number}/do").status_code == 422
    answer = post(desk["ana"], f"/console/bulk/{number}/do", **ANOTHER)
    assert "7 cases decided: namesake; 1 left alone" in " ".join(answer.text.split())
    with engine.connect() as connection:
        left = connection.scalars(select(case.c.title).where(case.c.attack == "E", case.c.status == "open"))
        assert sorted(left) == ["Came later", "Ordinary 05"]
    assert post(desk["ana"], f"/console/bulk/{number}/do", **ANOTHER).status_code == 422
    assert post(desk["ana"], f"/console/actions/{number}/undo").status_code == 200
    with engine.connect() as connection:
        open_ = connection.scalars(select(case.c.id).where(case.c.attack == "E", case.c.status == "open")).all()
        outcomes = connection.scalars(select(console_case.c.outcome)).all()
    assert len(open_) == 9
    assert sorted(set(outcomes)) == ["conflict", "undone"]


def test_ticked_cases_are_decided_together_and_somebody_else_sees_no_trace_of_the_plan(desk):
    answer = desk["ana"].post(
        "/console/bulk", data={"token": token(desk["ana"]), "decision": "unsure", "ticked": ["1", "3", "99999"]}
    )
    assert "2 cases: unsure" in answer.text
    assert desk["ben"].get(str(answer.url.path)).status_code == 404
    assert post(desk["ana"], "/console/bulk", decision="unsure").status_code == 422


@pytest.fixture
def tied(engine, desk):
    """Case 1 is shown by a second page too, as one release by its barcode."""
    twins = [seen(n, "p1", title="Orphan Hymns", date="2009-05-01", upc="4006381333948") for n in (90, 95)]
    say(engine, told(page_of("p1"), *twins, at=NOW - timedelta(days=1), received=2))
    with writing(engine) as connection:
        ids = dict(connection.execute(select(release.c.platform_id, release.c.id)).all())
        group_releases(connection, [ids["r90"], ids["r95"]], NOW)
        row = connection.execute(select(finding).where(finding.c.case_id == 1)).one()._asdict()
        row.pop("id")
        connection.execute(insert(finding).values(row | {"release_id": ids["r95"]}))
    return ids


def test_an_appearance_is_taken_out_of_a_case_and_put_back(engine, desk, tied):
    ana = desk["ana"]
    assert 'aria-label="take deezer:r95 out"' in ana.get("/console/cases/1").text
    assert 'aria-label="take deezer:r95 out"' not in desk["eve"].get("/console/cases/1").text
    text = post(ana, "/console/cases/1/part", ref="deezer:r95").text
    assert "deezer:r95 is a release of its own now, apart from 1 others" in text
    with engine.connect() as connection:
        groups = dict(connection.execute(select(grouped_release.c.release_id, grouped_release.c.group_id)).all())
        assert groups[tied["r90"]] != groups[tied["r95"]]
        noted = connection.execute(select(audit).where(audit.c.action == "appearance taken out")).one()
    assert (noted.who, noted.subject) == ("ana", "case 1")
    assert "1 cuts taken back by ana" in post(ana, "/console/cases/1/reunite", ref="deezer:r95").text
    with engine.connect() as connection:
        groups = dict(connection.execute(select(grouped_release.c.release_id, grouped_release.c.group_id)).all())
    assert groups[tied["r90"]] == groups[tied["r95"]]


def test_only_who_may_decide_takes_out_what_is_there(engine, desk, tied):
    form = {"token": token(desk["ana"]), "ref": "deezer:r95"}
    assert desk["eve"].post("/console/cases/1/part", data=form).status_code == 403
    assert post(desk["ana"], "/console/cases/1/part", ref="deezer:<b>r1").status_code == 404
    assert post(desk["ana"], "/console/cases/1/reunite", ref="nonsense").status_code == 404
    with engine.connect() as connection:
        assert connection.execute(select(release_tie).where(release_tie.c.basis == "cut")).all() == []
