"""Answers that come later: by callbacks that prove whose they are, or by polling, once each."""

import json
import threading

import httpx

from crawler.api.app import build
from crawler.detectors import asking
from crawler.detectors.adapters import longear
from crawler.detectors.contract import Reach, Told
from sandbox.detectors import seal
from sandbox.detectors.longear import SECRET
from storage import audit
from storage.database import writing
from tests import served
from tests.detectors_stage import AUDIO, SQLITE, answers, asked, case_row, open_case, planned, reached, standing, states
from tests.test_cases import NOW, event

__all__ = ["event", "open_case", "standing"]  # fixtures


def test_an_answer_by_signed_callback_is_heard_once(open_case, standing):
    standing.longear.says[AUDIO] = {
        "voice": "clone",
        "similarity": 0.94,
        "segments": [{"from": 4.0, "to": 11.5, "similarity": 0.97}],
    }
    reach = {"longear": Reach("", secret=SECRET)}
    with served.running(build(open_case, detectors=reach)) as url:
        calls = len(standing.longear.called)
        tally, _ = asked(
            open_case,
            reached(standing, longear.Longear),
            lambda number: f"{url}/v1/answers/longear?asked={number}",
            audio_url=AUDIO,
        )
        assert tally.waiting + tally.answered == 1
        until(lambda: 204 in standing.longear.called[calls:])
        body = json.dumps(list(standing.longear.jobs.values())[-1]).encode()
        again = post(url, body, seal.sealed(SECRET, "msg_again", body))
        assert again.status_code == 204
    (answer,) = answers(open_case)
    assert (answer["label"], answer["score"], answer["calibrated"], answer["scale"]) == ("yes", 0.94, True, "0-1")
    assert answer["segments"] == [{"start_ms": 4000, "end_ms": 11500, "label": "yes", "score": 0.97}]
    assert answer["basis"]["value"] == AUDIO
    assert case_row(open_case).status == "open"
    with open_case.connect() as connection:
        assert [row["who"] for row in audit.since(connection, 0, 9)] == ["longear"]
    assert states(open_case) == [("answered", AUDIO, 5000)]


def post(url, body, headers, path="/v1/answers/longear?asked=1"):
    with httpx.Client(trust_env=False) as client:
        return client.post(url + path, content=body, headers=headers)


def until(holds):
    for _ in range(2000):
        if holds():
            return
        threading.Event().wait(0.01)
    raise AssertionError("it did not happen")


@SQLITE
def test_callbacks_that_prove_nothing_are_refused_and_change_nothing(open_case, standing):
    body = json.dumps({"job": "job-9", "status": "ok", "voice": "clone", "audio_url": AUDIO}).encode()
    other = "whsec_" + "b" * 44
    reach = {"longear": Reach("", secret=SECRET), "earmark": Reach("", secret=SECRET)}
    with served.running(build(open_case, detectors=reach)) as url:
        good = seal.sealed(SECRET, "msg_1", body)
        old = {**good, "webhook-timestamp": "1700000000"}
        old["webhook-signature"] = seal.sign(SECRET, "msg_1", 1700000000, body)
        for headers in ({}, seal.sealed(other, "msg_1", body), old, good | {"webhook-signature": "v1,"}):
            assert post(url, body, headers).status_code == 401
        assert post(url, body + b" ", good).status_code == 401
        unexpected = post(url, body, good, "/v1/answers/earmark?asked=1")  # signed, and it answers at once only
        assert (unexpected.status_code, unexpected.headers["content-type"]) == (404, "application/problem+json")
        assert "no callback is expected" in unexpected.json()["detail"]
        assert post(url, body, {}, "/v1/answers/earmark?asked=1").status_code == 401
        assert post(url, body, good, "/v1/answers/nobody?asked=1").status_code == 401
        assert post(url, body, good).status_code == 404  # signed, and nobody asked it
        assert post(url, body, good, "/v1/answers/longear").status_code == 422
        start = b'{"job":"job-9","status":"ok","voice":"clone","audio_url":"x",'
        for bad in (
            start + b'"similarity":NaN}',
            start + b'"segments":5}',
            b'{"job":"job-9","status":[]}',
            b"[" * 60_000,
        ):
            assert post(url, bad, seal.sealed(SECRET, "msg_2", bad)).status_code == 422
        large = b" " * 70_000
        assert post(url, large, seal.sealed(SECRET, "msg_3", large)).status_code == 413
        get = httpx.get(url + "/v1/answers/longear?asked=1", headers=good, trust_env=False)
        assert get.status_code == 401
    assert (answers(open_case), states(open_case)) == ([], [])


@SQLITE
def test_a_secret_that_is_none_opens_nothing(open_case):
    with served.running(build(open_case, detectors={"longear": Reach("", secret="whsec_")})) as url:
        assert post(url, b"{}", seal.sealed("whsec_", "msg_1", b"{}")).status_code == 401


def test_a_callback_that_never_came_is_fetched(open_case, standing):
    standing.longear.silent = True
    try:
        detector = reached(standing, longear.Longear)
        tally, _ = asked(open_case, detector, lambda number: "http://127.0.0.1:9/", audio_url=AUDIO)
    finally:
        standing.longear.silent = False
    assert tally.waiting == 1
    detector = reached(standing, longear.Longear)
    assert asking.poll(open_case, detector, lambda: NOW, no_wait).answered == 1
    assert asking.poll(open_case, detector, lambda: NOW, no_wait).answered == 0
    detector.line.close()
    assert len(answers(open_case)) == 1


@SQLITE
def test_jobs_are_polled_no_faster_than_allowed_and_one_that_is_mixed_up_answers_nothing(open_case, standing):
    standing.longear.silent, waits = True, []
    try:
        for number in (1, 2):
            asked(open_case, reached(standing, longear.Longear), audio_url=f"{AUDIO}?{number}")
    finally:
        standing.longear.silent = False
    first = list(standing.longear.jobs)[-2]
    standing.longear.jobs[first] = standing.longear.jobs[first] | {"job": "another"}
    detector = reached(standing, longear.Longear)
    tally = asking.poll(open_case, detector, lambda: NOW, waits.append)
    detector.line.close()
    assert (tally.answered, sum(tally.failed.values()), waits) == (1, 1, [2.0])
    assert [state for state, _, _ in states(open_case)] == ["waiting", "answered"]


@SQLITE
def test_a_job_that_its_detector_knows_no_longer_may_be_asked_again(open_case, standing):
    standing.longear.silent = True
    try:
        asked(open_case, reached(standing, longear.Longear), audio_url=AUDIO)
    finally:
        standing.longear.silent = False
    assert planned(open_case, longear.Longear, audio_url=AUDIO).known == 1
    standing.longear.jobs[list(standing.longear.jobs)[-1]] = {}  # the service lost it
    detector = reached(standing, longear.Longear)
    assert asking.poll(open_case, detector, lambda: NOW, no_wait).failed == {"it answered 404": 1}
    detector.line.close()
    assert len(planned(open_case, longear.Longear, audio_url=AUDIO).planned) == 1


@SQLITE
def test_a_word_without_an_answer_closes_nothing(open_case, standing):
    standing.longear.silent = True
    try:
        asked(open_case, reached(standing, longear.Longear), audio_url=AUDIO)
    finally:
        standing.longear.silent = False
    job = list(standing.longear.jobs)[-1]
    with writing(open_case) as connection:
        assert asking.hear(connection, "longear", 1, Told(job=job), NOW) is None
    assert [state for state, _, _ in states(open_case)] == ["waiting"]


def no_wait(seconds):
    """Ask at once."""
