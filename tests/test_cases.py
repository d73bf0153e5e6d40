"""Cases, verdicts, feed: one event is one case, a verdict is for good, nothing is lost or sent unseen twice."""

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
from storage.cases import Bound, Judged, NoSuchCase
from storage.database import writing
from storage.facts import case_list
from storage.facts.case_file import case_file
from storage.models import case, case_history, profile, release, standing, verdict
from storage.normalize import name_key
from tests.test_feed_document import SCHEMA

NOW = datetime(2026, 3, 6, tzinfo=UTC)
SIGNAL = {"signal": "strange_label", "reason": "Why.", "state": "fired", "bits": 4.5, "because": "printed: X"}
HOSTILE = '=cmd|"/C calc"!A0 \x1b[31m<script>\u202e'


def put_release(connection, platform, platform_id):
    return connection.execute(
        insert(release)
        .values(platform=platform, platform_id=platform_id, title=HOSTILE, title_key=name_key(HOSTILE))
        .values(first_seen_at=NOW, last_seen_at=NOW)
        .returning(release.c.id)
    ).scalar_one()


@pytest.fixture
def event(engine):
    with writing(engine) as connection:
        ids, _ = roster.keep_artists(connection, [roster.Monitored("k", "Ada Quill", None, 1.0, (), ())], NOW)
        page = roster.Standing(ids["k"], "deezer", "1", "official", "roster", "Ada Quill")
        roster.keep_standings(connection, [page], NOW)
        bound = Bound(connection.scalar(select(profile.c.id)), put_release(connection, "deezer", "900"), "listed", NOW)
        return Judged(
            kind="release",
            artist_id=ids["k"],
            group_id=7,
            attack="hijack",
            origin="news",
            status="open",
            loud=True,
            score_low=0.5,
            score=0.6,
            score_high=0.8,
            bits=4.5,
            rule_version="test",
            evidence=(SIGNAL,),
            title=HOSTILE,
            meaning="first",
            bindings=(bound,),
        )


def judged(engine, *events, at=NOW):
    with writing(engine) as connection:
        told = cases.keep(connection, events, at)
        candidates.tell(connection, told, at)
        return told


def fed(engine, since=0):
    with writing(engine) as connection:
        outbox.sequence(connection)
    with engine.connect() as connection:
        return [(cursor, json.loads(document)) for cursor, document in outbox.since(connection, since)]


def test_the_same_event_twice_is_one_case_and_one_document(engine, event):
    assert [what for _, what in judged(engine, event)] == ["opened"]
    assert judged(engine, event, at=NOW + timedelta(days=1)) == []
    assert len(fed(engine)) == 1


def test_an_event_whose_meaning_changed_is_sent_again_with_a_higher_revision(engine, event):
    judged(engine, event)
    assert [what for _, what in judged(engine, replace(event, score=0.7, meaning="second"))] == ["changed"]
    first, second = fed(engine)
    assert [first[1]["event"], second[1]["event"]] == ["opened", "changed"]
    assert [first[1]["revision"], second[1]["revision"]] == [1, 2]
    assert first[1]["idempotency_key"] != second[1]["idempotency_key"]
    assert fed(engine, since=first[0]) == [second]


def test_a_score_that_moves_without_a_new_meaning_is_kept_and_told_to_nobody(engine, event):
    judged(engine, event)
    assert judged(engine, replace(event, score=0.61)) == []
    with engine.connect() as connection:
        assert connection.scalar(select(case.c.score)) == 0.61
        assert connection.scalar(select(case.c.revision)) == 1
    assert len(fed(engine)) == 1


def test_documents_follow_the_published_schema_and_quote_hostile_text_as_it_is(engine, event):
    judged(engine, event)
    ((_, document),) = fed(engine)
    jsonschema.validate(document, json.loads(SCHEMA.read_text(encoding="utf-8")))
    assert document["findings"][0]["release"]["title"] == HOSTILE
    assert Candidate.model_validate(document).artist.official[0].id == "1"
    assert document["statement"].startswith("unconfirmed: ")


def test_a_case_shows_every_platform_it_was_found_on_and_forgets_what_is_bound_no_more(engine, event):
    judged(engine, event)
    with writing(engine) as connection:
        page = roster.Standing(event.artist_id, "itunes", "5", "official", "roster", "Ada Quill")
        roster.keep_standings(connection, [page], NOW)
        other = connection.scalar(select(profile.c.id).where(profile.c.platform == "itunes"))
        more = Bound(other, put_release(connection, "itunes", "55"), "listed", NOW)
    judged(engine, replace(event, bindings=(*event.bindings, more), meaning="second"))
    with engine.connect() as connection:
        assert [one.profile.platform for one in case_file(connection, 1).appearances] == ["deezer", "itunes"]
    judged(engine, replace(event, bindings=(more,), meaning="third"))
    with engine.connect() as connection:
        assert [one.profile.platform for one in case_file(connection, 1).appearances] == ["itunes"]


def test_a_verdict_stands_and_remembers_what_had_fired(engine, event):
    ((case_id, _),) = judged(engine, event)
    with writing(engine) as connection:
        verdicts.decide(connection, case_id, "legitimate", "ana", "ours", NOW)
        state = cases.states(connection, [event.key])[event.key]
    assert (state.status, state.decision, state.settled) == (
        "cleared",
        "legitimate",
        frozenset({"strange_label=printed: X"}),
    )
    assert [document["event"] for _, document in fed(engine)] == ["opened", "withdrawn"]
    assert fed(engine)[-1][1]["verdict"]["decision"] == "legitimate"


def test_a_later_verdict_supersedes_and_the_earlier_one_stays_readable(engine, event):
    ((case_id, _),) = judged(engine, event)
    with writing(engine) as connection:
        verdicts.decide(connection, case_id, "legitimate", "ana", "", NOW)
        verdicts.decide(connection, case_id, "impersonation", "bo", "sure", NOW + timedelta(hours=1))
        assert case_file(connection, case_id).verdict.decision == "impersonation"
        assert connection.scalars(select(verdict.c.decision).order_by(verdict.c.id)).all() == [
            "legitimate",
            "impersonation",
        ]


def test_the_word_of_a_stronger_authority_counts_even_when_a_weaker_one_speaks_later(engine, event):
    ((case_id, _),) = judged(engine, event)
    with writing(engine) as connection:
        verdicts.decide(connection, case_id, "legitimate", "label", "", NOW, rank=1)
        verdicts.decide(connection, case_id, "impersonation", "detector", "", NOW + timedelta(hours=1), rank=3)
        assert case_file(connection, case_id).verdict.decision == "legitimate"
        assert cases.states(connection, [event.key])[event.key].decision == "legitimate"


def test_unsure_keeps_watching(engine, event):
    ((case_id, _),) = judged(engine, event)
    with writing(engine) as connection:
        verdicts.decide(connection, case_id, "unsure", "ana", "", NOW)
        assert connection.scalar(select(case.c.status)) == "watching"


def test_a_verdict_on_a_whole_page_says_whose_it_is(engine, event):
    page = replace(event.bindings[0], release_id=None, role="page")
    about = replace(event, kind="profile", bindings=(page,))
    ((case_id, _),) = judged(engine, about)
    with writing(engine) as connection:
        verdicts.decide(connection, case_id, "namesake", "ana", "", NOW)
        assert connection.execute(select(standing.c.standing, standing.c.authority)).one() == ("namesake", "analyst")


@pytest.mark.parametrize("number", [99, 0, -1, 99999999999999999999])
def test_a_case_that_is_not_there_is_named(engine, event, number):
    with pytest.raises(NoSuchCase, match=f"there is no case {number}"), writing(engine) as connection:
        verdicts.decide(connection, number, "legitimate", "ana", "", NOW)


def test_cases_of_groups_that_became_one_are_one_and_keep_every_verdict(engine, event):
    ((first, _),) = judged(engine, event)
    ((second, _),) = judged(engine, replace(event, group_id=9))
    with writing(engine) as connection:
        verdicts.decide(connection, second, "impersonation", "ana", "", NOW)
        withdrawn = cases.merge_groups(connection, "release", {9: 7}, NOW)
        candidates.tell(connection, withdrawn, NOW)
        assert withdrawn == [(second, "withdrawn")]
        assert cases.find(connection, second).id == first
        assert cases.states(connection, [event.key])[event.key].status == "confirmed"
        assert case_file(connection, first).verdict.decision == "impersonation"
        assert connection.scalar(select(case_history.c.event).order_by(case_history.c.id.desc())) == "merged"
    last = fed(engine)[-1][1]
    assert (last["event"], last["case_id"], last["merged_into"]) == ("withdrawn", second, first)


def test_a_group_that_moves_takes_its_only_case_along(engine, event):
    ((first, _),) = judged(engine, event)
    with writing(engine) as connection:
        assert cases.merge_groups(connection, "release", {7: 3}, NOW) == []
        assert cases.states(connection, [cases.key_of("release", event.artist_id, 3)])
    assert judged(engine, replace(event, group_id=3)) == []
    with engine.connect() as connection:
        assert case_file(connection, first).case.group_id == 3


def test_a_transaction_that_fails_leaves_neither_case_nor_document(engine, event):
    def fail():
        with writing(engine) as connection:
            candidates.tell(connection, cases.keep(connection, [event], NOW), NOW)
            raise RuntimeError("power cut")

    with pytest.raises(RuntimeError):
        fail()
    assert fed(engine) == []
    with engine.connect() as connection:
        assert list(case_list.cases(connection)) == []


def test_cases_are_listed_by_suspicion(engine, event):
    judged(engine, event, replace(event, group_id=8, score=0.9))
    with engine.connect() as connection:
        rows = list(case_list.cases(connection, statuses=("open",), limit=5))
    assert [row["score"] for row in rows] == [0.9, 0.6]
    assert rows[0]["findings"][0]["platform"] == "deezer"
