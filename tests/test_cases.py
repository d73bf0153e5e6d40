"""Cases, verdicts, feed: one suspicion is one case, a verdict is for good, nothing is lost or sent unseen twice."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import jsonschema
import pytest
from sqlalchemy import insert, select

from crawler import verdicts
from crawler.feed import candidates
from crawler.feed.document import Candidate
from storage import cases, outbox, roster
from storage.cases import Finding, NoSuchCase
from storage.database import writing
from storage.facts import reports
from storage.facts.case_file import case_file
from storage.models import case, profile, release, standing, verdict
from storage.normalize import name_key
from tests.test_feed_document import SCHEMA

NOW = datetime(2026, 3, 6, tzinfo=UTC)
SIGNAL = {"signal": "strange_label", "reason": "Why.", "state": "fired", "strength": 0.5, "because": "printed: X"}
HOSTILE = '=cmd|"/C calc"!A0 \x1b[31m<script>\u202e'


@pytest.fixture
def finding(engine):
    with writing(engine) as connection:
        ids, _ = roster.keep_artists(connection, [roster.Monitored("k", "Ada Quill", None, 1.0, (), ())], NOW)
        page = roster.Standing(ids["k"], "deezer", "1", "official", "roster", "Ada Quill")
        roster.keep_standings(connection, [page], NOW)
        release_id = connection.execute(
            insert(release)
            .values(platform="deezer", platform_id="900", title=HOSTILE, title_key=name_key(HOSTILE))
            .values(first_seen_at=NOW, last_seen_at=NOW)
            .returning(release.c.id)
        ).scalar_one()
        return Finding(
            key="new-on-official:1:1:1",
            kind="new_on_official_profile",
            artist_id=ids["k"],
            profile_id=connection.scalar(select(profile.c.id)),
            release_id=release_id,
            role="listed",
            score_low=0.5,
            score_high=0.8,
            rule_version="test",
            evidence=(SIGNAL,),
        )


def judged(engine, *findings, at=NOW):
    with writing(engine) as connection:
        events = cases.keep(connection, findings, at)
        candidates.tell(connection, events, at)
        return events


def fed(engine, since=0):
    with engine.connect() as connection:
        return [(cursor, json.loads(document)) for cursor, document in outbox.since(connection, since)]


def test_the_same_finding_twice_is_one_case_and_one_document(engine, finding):
    assert [event for _, event in judged(engine, finding)] == ["opened"]
    assert judged(engine, finding, at=NOW + timedelta(days=1)) == []
    assert len(fed(engine)) == 1


def test_a_changed_finding_changes_its_case_and_is_sent_again(engine, finding):
    judged(engine, finding)
    assert [event for _, event in judged(engine, replace(finding, score_low=0.7))] == ["changed"]
    first, second = fed(engine)
    assert [first[1]["event"], second[1]["event"]] == ["opened", "changed"]
    assert first[1]["idempotency_key"] != second[1]["idempotency_key"]
    assert fed(engine, since=first[0]) == [second]


def test_documents_follow_the_published_schema_and_quote_hostile_text_as_it_is(engine, finding):
    judged(engine, finding)
    ((_, document),) = fed(engine)
    jsonschema.validate(document, json.loads(SCHEMA.read_text(encoding="utf-8")))
    assert document["release"]["title"] == HOSTILE
    assert Candidate.model_validate(document).artist.name == "Ada Quill"
    assert document["statement"].startswith("unconfirmed: ")


def test_a_verdict_outlives_every_re_score(engine, finding):
    ((case_id, _),) = judged(engine, finding)
    with writing(engine) as connection:
        verdicts.decide(connection, case_id, "legitimate", "ana", "ours", NOW)
    assert judged(engine, replace(finding, score_low=0.99)) == []
    with engine.connect() as connection:
        assert connection.scalar(select(case.c.status)) == "decided"
    assert [document["event"] for _, document in fed(engine)] == ["opened", "decided"]
    assert fed(engine)[-1][1]["verdict"]["decision"] == "legitimate"


def test_a_later_verdict_supersedes_and_the_earlier_one_stays_readable(engine, finding):
    ((case_id, _),) = judged(engine, finding)
    with writing(engine) as connection:
        verdicts.decide(connection, case_id, "legitimate", "ana", "", NOW)
        verdicts.decide(connection, case_id, "impersonation", "bo", "sure", NOW + timedelta(hours=1))
        assert case_file(connection, case_id).verdict.decision == "impersonation"
        assert connection.scalars(select(verdict.c.decision).order_by(verdict.c.id)).all() == [
            "legitimate",
            "impersonation",
        ]


def test_unsure_leaves_a_case_open(engine, finding):
    ((case_id, _),) = judged(engine, finding)
    with writing(engine) as connection:
        verdicts.decide(connection, case_id, "unsure", "ana", "", NOW)
    assert [event for _, event in judged(engine, replace(finding, score_low=0.9))] == ["changed"]


def test_a_verdict_on_a_whole_profile_says_whose_it_is(engine, finding):
    about = replace(finding, key="same-name:1:1", kind="same_name_other_profile", release_id=None, role="")
    ((case_id, _),) = judged(engine, about)
    with writing(engine) as connection:
        verdicts.decide(connection, case_id, "namesake", "ana", "", NOW)
        assert connection.execute(select(standing.c.standing, standing.c.authority)).one() == ("namesake", "analyst")


def test_a_case_that_is_not_there_is_named(engine, finding):
    with pytest.raises(NoSuchCase, match="there is no case 99"), writing(engine) as connection:
        verdicts.decide(connection, 99, "legitimate", "ana", "", NOW)


def test_a_transaction_that_fails_leaves_neither_case_nor_document(engine, finding):
    def fail():
        with writing(engine) as connection:
            candidates.tell(connection, cases.keep(connection, [finding], NOW), NOW)
            raise RuntimeError("power cut")

    with pytest.raises(RuntimeError):
        fail()
    assert fed(engine) == []
    with engine.connect() as connection:
        assert list(reports.cases(connection)) == []


def test_cases_are_listed_by_suspicion(engine, finding):
    judged(engine, finding, replace(finding, key="other", score_low=0.9, score_high=0.9))
    with engine.connect() as connection:
        rows = list(reports.cases(connection, status="open", limit=5))
    assert [row["score_low"] for row in rows] == [0.9, 0.5]
    assert rows[0]["release"] == HOSTILE
