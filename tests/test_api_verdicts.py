"""Verdicts over the HTTP API: once each, by whoever may, with their whole effect; what is refused decides nothing."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from sqlalchemy import select, update

from storage import idempotency, keys
from storage.database import writing
from storage.models import api_key, audit, idempotent_answer, verdict
from tests.api_stage import BODY, ask, count, decide, is_problem, served
from tests.test_cases import HOSTILE, NOW, event

__all__ = ["event", "served"]  # fixtures


def test_a_verdict_decides_the_case_tells_the_feed_and_is_audited(engine, served):
    answer = decide(served, "first")
    assert answer.status_code == 201
    effect = answer.json()
    assert (effect["case_id"], effect["status"], effect["authority"]) == (1, "cleared", "the decide key")
    shown = ask(served, "/v1/cases/1").json()
    assert shown["verdict"]["authority"] == "the decide key"
    assert shown["revision"] == effect["revision"]
    (item,) = ask(served, "/v1/candidates?after=1").json()["items"]
    assert (item["candidate"]["event"], item["candidate"]["status"]) == ("withdrawn", "cleared")
    (row,) = ask(served, "/v1/audit", "admin").json()["items"]
    assert (row["who"], row["action"], row["subject"]) == ("the decide key", "verdict given", "case 1")
    assert datetime.fromisoformat(row["at"]).astimezone(UTC) > NOW


def test_a_whole_number_may_be_written_as_json_allows(served):
    answer = decide(served, "first", body=BODY | {"case_id": 1.0})
    assert answer.status_code == 201
    assert answer.json()["case_id"] == 1


def test_a_detection_systems_verdict_moves_the_score_and_decides_nothing(engine, served):
    given = served[1]
    with writing(engine) as connection:
        given["detector"] = keys.create(connection, "Detector 7", "decide", NOW, detector=True)
    before = ask(served, "/v1/cases/1").json()
    assert decide(served, "first", "detector").json()["status"] == before["status"] == "open"
    after = ask(served, "/v1/cases/1").json()
    assert after["verdict"] is None
    assert after["detections"][0]["detector"] == "Detector 7"
    assert (after["bits"], after["revision"]) == (before["bits"] - 2.0, before["revision"] + 1)


def test_the_same_key_and_body_again_get_the_first_answer_and_change_nothing(engine, served):
    first = decide(served, "k-1")
    again = decide(served, '"k-1"')
    assert (again.status_code, again.content) == (201, first.content)
    assert again.headers["idempotency-replayed"] == "true"
    assert "idempotency-replayed" not in first.headers
    assert (count(engine, verdict), count(engine, audit)) == (1, 1)


def test_the_same_key_with_another_body_is_refused_and_without_a_key_nothing_is_decided(engine, served):
    is_problem(decide(served, None), 400)
    for bad in ("", '""', "x" * 256):
        is_problem(decide(served, bad), 400)
    assert count(engine, verdict) == 0
    assert decide(served, "k").status_code == 201
    is_problem(decide(served, "k", body=BODY | {"decision": "impersonation"}), 422)
    assert count(engine, verdict) == 1


def test_another_holders_key_of_the_same_word_is_another_key(engine, served):
    assert decide(served, "k").json()["authority"] == "the decide key"
    assert decide(served, "k", "admin").json()["authority"] == "the admin key"
    assert count(engine, verdict) == 2


def test_a_refused_verdict_leaves_its_key_free(engine, served):
    is_problem(decide(served, "k", body=BODY | {"case_id": 99}), 404)
    assert decide(served, "k").status_code == 201


def test_the_same_verdict_many_times_at_once_is_one(engine, served):
    with ThreadPoolExecutor(8) as many:
        answers = list(many.map(lambda _: decide(served, "same"), range(16)))
    given = [answer for answer in answers if answer.status_code == 201]
    assert len({answer.content for answer in given}) == 1
    for answer in answers:
        if answer.status_code != 201:
            is_problem(answer, 409)
    assert decide(served, "same").content == given[0].content
    assert (count(engine, verdict), count(engine, audit)) == (1, 1)


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"[]",
        b'{"case_id":1}',
        b'{"case_id":0,"decision":"unsure"}',
        b'{"case_id":1.5,"decision":"unsure"}',
        b'{"case_id":1e999,"decision":"unsure"}',
        b'{"case_id":9223372036854775808,"decision":"unsure"}',
        b'{"case_id":"1","decision":"unsure"}',
        b'{"case_id":true,"decision":"unsure"}',
        b'{"case_id":1,"decision":"fake"}',
        b'{"case_id":1,"decision":"unsure","by":"me"}',
        b'{"case_id":1,"decision":"unsure","note":"\\ud800"}',
        b'{"\\ud800":1}',
        b"\xff",
    ],
)
def test_a_bad_body_is_a_problem_and_nothing_is_decided(engine, served, body):
    headers = {"Idempotency-Key": "k", "Content-Type": "application/json"}
    answer = ask(served, "/v1/verdicts", "decide", "POST", content=body, headers=headers)
    is_problem(answer, answer.status_code)
    assert answer.status_code in {400, 422}
    assert count(engine, verdict) == 0


def test_a_note_may_hold_what_no_database_can(engine, served):
    body = BODY | {"note": f"a\x00b {HOSTILE}"}
    assert decide(served, "k", body=body).status_code == 201
    assert "\x00" not in ask(served, "/v1/cases/1").json()["verdict"]["note"]


def test_an_idempotency_key_that_is_being_answered_is_a_conflict_until_whoever_began_is_given_up(engine, served):
    with writing(engine) as connection:
        number = connection.scalar(select(api_key.c.id).where(api_key.c.name == "the decide key"))
        assert idempotency.begin(connection, number, "k", "another's", datetime.now(UTC)) is None
    is_problem(decide(served, "k"), 409)
    assert count(engine, verdict) == 0
    with writing(engine) as connection:
        long_ago = datetime.now(UTC) - 2 * idempotency.GIVEN_UP
        connection.execute(update(idempotent_answer).values(answered_at=long_ago))
    assert decide(served, "k").status_code == 201
