"""A detection system is heard and never obeyed: it moves the score, whatever way its answer comes."""

import json
from dataclasses import replace

import pytest
from sqlalchemy import select
from typer.testing import CliRunner

from crawler import verdicts
from crawler.cli import app
from crawler.feed.answer import Answer
from crawler.journey.decide import case_of
from crawler.roster import deciding
from crawler.suspicion import detectors
from crawler.suspicion.score import judge, posterior
from crawler.suspicion.weights import WEIGHTS
from storage import cases, keys
from storage.database import writing
from storage.detections import DETECTOR, Detected
from storage.facts.case_file import case_file
from storage.models import case, standing
from tests.making import arrival, shown
from tests.test_cases import NOW, event, fed, judged

__all__ = ["event"]  # a fixture

YES = Answer(outcome="verdict", question="voice_clone", label="yes", score=0.93, scale="0-1")
PRIOR = {"signal": "prior", "reason": "Why.", "state": "fired", "bits": 0.0, "because": "", "low": -1.0, "high": 1.0}


@pytest.fixture
def open_case(engine, event):
    """One open case of 4.5 bits, and a detection system's key."""
    judged(engine, replace(event, evidence=(PRIOR, *event.evidence)))
    with writing(engine) as connection:
        keys.create(connection, "Detector 7", "decide", NOW, detector=True)
    return engine


def say(engine, decision, authority="Detector 7", **more):
    with writing(engine) as connection:
        return verdicts.decide(connection, 1, decision, authority, "", NOW, **more)


def row_of(engine):
    with engine.connect() as connection:
        return connection.execute(select(case).where(case.c.id == 1)).one()


def test_a_detectors_verdict_moves_the_score_by_a_quoted_part_and_changes_no_status(open_case):
    assert say(open_case, "impersonation") == 1
    row, extra = row_of(open_case), WEIGHTS["detector.impersonation"].bits
    assert (row.status, row.bits, row.score) == ("open", 4.5 + extra, posterior(4.5 + extra))
    assert row.score_low == posterior(3.5 + extra)
    (part,) = (one for one in json.loads(row.evidence) if one["signal"] == "detectors")
    assert (part["state"], part["bits"]) == ("fired", extra)
    assert "Detector 7" in part["because"]
    assert "Detector 7" in part["weights"][0]["quote"]
    document = fed(open_case)[-1][1]
    assert (document["event"], document["status"], document["verdict"]) == ("changed", "open", None)
    assert document["detections"][0]["detector"] == "Detector 7"
    assert document["statement"].startswith("unconfirmed")
    assert document["bits"] == sum(one["bits"] for one in document["signals"])
    with open_case.connect() as connection:
        history = case_file(connection, 1).history
    assert (history[-1].event, history[-1].status) == ("detected", "open")
    assert "Detector 7" in history[-1].note


@pytest.mark.parametrize("decision", ["legitimate", "namesake", "takedown", "unsure", "impersonation"])
@pytest.mark.parametrize("before", ["legitimate", "impersonation", "takedown", "unsure"])
def test_a_detector_never_overrules_an_analyst(open_case, before, decision):
    say(open_case, before, "ana")
    status = row_of(open_case).status
    say(open_case, decision)
    with open_case.connect() as connection:
        file = case_file(connection, 1)
        (state,) = cases.states(connection, [file.case.key]).values()
    assert (file.case.status, file.verdict.authority, state.decision) == (status, "ana", before)


def test_its_name_is_enough_to_know_it_and_a_rank_too(open_case):
    say(open_case, "legitimate")
    say(open_case, "legitimate", "somebody's script", rank=DETECTOR)
    with open_case.connect() as connection:
        assert {row.rank for row in case_file(connection, 1).verdicts} == {DETECTOR}
    assert row_of(open_case).status == "open"


def test_detectors_that_say_the_same_count_once_and_a_later_answer_replaces_the_earlier(open_case):
    say(open_case, "impersonation")
    say(open_case, "impersonation", "Detector 8", rank=DETECTOR)
    assert row_of(open_case).bits == 4.5 + WEIGHTS["detector.impersonation"].bits
    say(open_case, "unsure")
    say(open_case, "unsure", "Detector 8", rank=DETECTOR)
    assert row_of(open_case).bits == 4.5


def test_made_by_ai_is_no_impersonation_and_too_short_is_not_human(open_case):
    made = Answer(outcome="verdict", question="ai_generated", label="yes")
    short = Answer(outcome="unusable_input", question="voice_clone")
    with writing(open_case) as connection:
        verdicts.answered(connection, 1, made, "Detector 7", NOW)
        verdicts.answered(connection, 1, short, "Detector 7", NOW)
    assert row_of(open_case).bits == 4.5 + WEIGHTS["detector.ai"].bits
    told = fed(open_case)[-1][1]["detections"]
    assert [one["answer"]["outcome"] for one in told] == ["unusable_input", "verdict"]
    assert told[0]["said"] == "voice_clone: no verdict (unusable_input)"
    with pytest.raises(ValueError, match="a label and the outcome"):
        Answer(outcome="unusable_input", question="ai_generated", label="no")
    with pytest.raises(ValueError, match="a label and the outcome"):
        Answer(outcome="verdict", question="ai_generated")


def test_it_says_nothing_of_whose_a_page_is(open_case, event):
    judged(open_case, replace(event, kind="profile", group_id=9))
    with writing(open_case) as connection:
        before = connection.execute(select(standing)).all()
        verdicts.decide(connection, 2, "namesake", "Detector 7", "", NOW)
        assert connection.execute(select(standing)).all() == before


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
def test_what_only_a_person_may_do_is_refused_to_it(open_case, store_url, monkeypatch):
    monkeypatch.setenv("FALSETTO_DATABASE_URL", store_url)
    with writing(open_case) as connection, pytest.raises(verdicts.NotAPerson, match="Detector 7"):
        deciding.decide(connection, None, [("deezer", "1")], True, "Detector 7", NOW)
    said = CliRunner().invoke(app, ["cases", "group", "1", "--cut", "deezer:900", "--by", "Detector 7"])
    assert isinstance(said.exception, verdicts.NotAPerson)


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("words", [["--by", "Detector 7"], ["--by", "a script", "--detector"]])
def test_the_command_line_keeps_the_same_rule(open_case, store_url, monkeypatch, words):
    monkeypatch.setenv("FALSETTO_DATABASE_URL", store_url)
    said = CliRunner().invoke(app, ["cases", "verdict", "1", "legitimate", *words])
    assert said.exit_code == 0, said.output
    assert "heard" in said.output
    assert row_of(open_case).status == "open"
    shown = CliRunner().invoke(app, ["cases", "show", "1"])
    assert f"detection: {words[1]}" in shown.output


def state(status, *detected):
    return cases.State(1, "release", 1, 1, status, "", "news", 0.5, detected=detected)


def test_judged_again_a_case_has_the_detectors_part_and_lives_as_if_it_had_none():
    told = arrival(shown(label="Gulden Tide Media", isrcs=("QZXY92600001",)))
    plain = judge(told, cut=0.0)
    for says, status in (("impersonation", "cleared"), ("legitimate", "open"), ("impersonation", "open")):
        one = Detected("Detector 7", "", says, "", NOW)
        heard = detectors.heard(plain, [one], 0.0)
        kept = case_of(told, 1, plain, state(status, one), NOW, heard=heard)
        alone = case_of(told, 1, plain, state(status), NOW)
        assert kept.bits == round(alone.bits + WEIGHTS[f"detector.{says}"].bits, 3)
        assert (kept.status, kept.meaning) == (alone.status, alone.meaning)
        assert [part for part in kept.evidence if part["signal"] == "detectors"]


def test_no_detector_opens_what_nothing_else_speaks_against_nor_clears_what_something_does():
    quiet = judge(arrival(shown()), cut=0.0)
    loud = judge(arrival(shown(label="Gulden Tide Media", isrcs=("QZXY92600001",))), cut=-9.0)
    assert (quiet.opens, loud.opens) == (False, True)
    told = [Detected(f"d{n}", question, "yes", "", NOW) for n, question in enumerate(("voice_clone", "copy_of"))]
    assert not detectors.heard(quiet, [*told, Detected("d", "", "impersonation", "", NOW)], 0.0).opens
    assert detectors.heard(loud, [Detected("d", "", "legitimate", "", NOW)], -9.0).opens
