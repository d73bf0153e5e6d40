"""Detection systems that are asked: by reference and never by file, within limits, heard once, never obeyed."""

import asyncio
import gzip
import json
import tracemalloc
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import insert, select
from starlette.applications import Starlette
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route
from typer.testing import CliRunner

from crawler.cli import app
from crawler.cli.faults import BadInput, CantRun
from crawler.detectors import asking
from crawler.detectors.adapters import earmark, longear
from crawler.detectors.contract import Failed, Reach, Reference, detectors
from crawler.detectors.ladder import chosen, references
from crawler.detectors.line import Line
from crawler.detectors.reading import read_object
from crawler.feed.candidates import candidate
from crawler.settings import BadSettings, read_settings
from sandbox.detectors.earmark import KEY as EARMARK_KEY
from sandbox.detectors.longear import SECRET
from storage import cases
from storage.database import writing
from storage.facts.case_file import case_file
from storage.models import asking as rows
from storage.models import track
from tests import served
from tests.detectors_stage import (
    AUDIO,
    ISRC,
    SQLITE,
    answers,
    asked,
    case_row,
    open_case,
    planned,
    reached,
    standing,
    states,
)
from tests.test_cases import NOW, event, fed, judged

__all__ = ["event", "open_case", "standing"]  # fixtures


def test_every_detector_states_its_facts():
    assert set(detectors()) == {"earmark", "longear"}
    for name, kind in detectors().items():
        assert (kind.name, bool(kind.title), bool(kind.terms), bool(kind.takes)) == (name, True, True, True)
        assert kind.limits.per_minute > 0


def test_an_answer_by_track_id_is_heard_at_once_moves_the_score_and_decides_nothing(open_case, standing):
    standing.earmark.says["9001"] = {"prediction": "Pure AI", "probability_ai_generated": 91.0}
    before = case_row(open_case)
    tally, _ = asked(open_case, reached(standing, earmark.Earmark))
    assert (tally.answered, tally.failed) == (1, {})
    assert standing.earmark.asked[-1] == {"deezerTrackId": "9001"}  # a reference, and nothing else
    (answer,) = answers(open_case)
    assert (answer["outcome"], answer["label"], answer["score"]) == ("verdict", "yes", 91.0)
    assert not answer["calibrated"]
    assert answer["basis"] == {"reference": "platform_id", "value": "9001", "heard": "preview", "seconds": 30.0}
    after = case_row(open_case)
    assert (after.status, after.score > before.score) == (before.status, True)
    assert fed(open_case)[-1][1]["detections"][0]["detector"] == "earmark"
    assert states(open_case) == [("answered", "9001", 200)]


def test_too_short_and_another_recording_are_no_verdict(open_case, standing):
    standing.earmark.says["9001"] = {"status": "too_short"}
    asked(open_case, reached(standing, earmark.Earmark))
    standing.earmark.says["9001"] = {"analysed": {"isrc": "GBAAA0000001", "deezerTrackId": "77"}}
    with writing(open_case) as connection:
        connection.execute(rows.delete())
    asked(open_case, reached(standing, earmark.Earmark))
    short, other = answers(open_case)
    assert (short["outcome"], short.get("label")) == ("unusable_input", None)
    assert (other["outcome"], other.get("label"), other["basis"]["value"]) == ("inconclusive", None, "77")
    assert case_row(open_case).bits == 4.5
    del standing.earmark.says["9001"]


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"status": "out_of_credit"}, "out_of_credit"),
        ({"status": "on fire"}, "on fire"),
        ({"prediction": "Robot"}, "shape"),
        ({"prediction": ["Pure AI"]}, "TypeError"),
        ({"analysed": None}, "shape"),
        ({"probability_ai_generated": "many"}, "score"),
        ({"most_likely_ai_type": 7, "prediction": "Pure AI"}, "generator"),
    ],
)
def test_what_is_no_answer_is_counted_and_leaves_the_case_alone(open_case, standing, said, why):
    standing.earmark.says["9001"] = said
    tally, _ = asked(open_case, reached(standing, earmark.Earmark))
    (told,) = tally.failed
    assert why in told
    assert answers(open_case) == []
    assert states(open_case)[0][0] in ("failed", "quota")
    assert len(planned(open_case, earmark.Earmark).planned) == 1  # it may be asked again
    del standing.earmark.says["9001"]


@pytest.mark.parametrize(("status", "state"), [(429, "quota"), (500, "failed"), (307, "failed")])
def test_statuses_are_read_and_no_redirect_is_followed(open_case, standing, status, state):
    standing.earmark.broken = status
    tally, _ = asked(open_case, reached(standing, earmark.Earmark))
    standing.earmark.broken = None
    assert states(open_case)[0][0] == state
    assert bool(tally.stopped) == (state == "quota")


@SQLITE
def test_what_was_asked_of_a_case_that_went_up_in_another_is_not_asked_again(open_case, standing, event):
    judged(open_case, replace(event, group_id=20))
    asked(open_case, reached(standing, earmark.Earmark))
    with writing(open_case) as connection:
        connection.execute(rows.update().values(case_id=2))
        cases.merge_groups(connection, "release", {20: event.group_id}, NOW)
    with open_case.connect() as connection:
        found = asking.estimate(connection, earmark.Earmark, [1, 2], NOW)
    assert (found.planned, found.known, found.without) == ((), 1, ())


def test_a_line_knows_no_proxy_and_waits_for_no_drip(standing, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    line = Line()
    asked = {"isrc": ISRC}
    headers = {"X-API-Key": EARMARK_KEY}
    assert line.ask("POST", f"{standing.url}/earmark/v1/detect", headers, asked)["status"] == "ok"
    line.close()

    async def drip(request):
        async def bytes_():
            while not await request.is_disconnected():
                yield b" "
                await asyncio.sleep(0.02)

        return StreamingResponse(bytes_())

    line = Line(timeout_s=0.2)
    with served.running(Starlette(routes=[Route("/", drip)])) as url, pytest.raises(Failed, match="no whole answer"):
        line.ask("GET", url, {})
    line.close()


def test_a_line_leaves_a_bomb_before_it_is_unpacked():
    bomb = gzip.compress(bytes(40_000_000))

    async def answer(request):
        return Response(bomb, headers={"Content-Encoding": "gzip"})

    line = Line()
    with served.running(Starlette(routes=[Route("/", answer)])) as url:
        tracemalloc.start()
        with pytest.raises(Failed, match="large"):
            line.ask("GET", url, {})
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    line.close()
    assert most < 10_000_000


def test_nothing_is_paid_for_twice_nor_over_the_days_limit(open_case, standing, monkeypatch):
    before = planned(open_case, earmark.Earmark)
    assert (before.millicents, before.known, before.over) == (200, 0, 0)
    asked(open_case, reached(standing, earmark.Earmark))
    after = planned(open_case, earmark.Earmark)
    assert (after.planned, after.known) == ((), 1)
    monkeypatch.setattr(earmark.Earmark, "limits", replace(earmark.Earmark.limits, per_day=1))
    with writing(open_case) as connection:
        connection.execute(rows.update().values(value="another"))
    assert (planned(open_case, earmark.Earmark).planned, planned(open_case, earmark.Earmark).over) == ((), 1)
    assert len(planned(open_case, earmark.Earmark, NOW + timedelta(hours=25)).planned) == 1


def test_references_are_asked_no_faster_than_allowed(open_case, standing):
    with writing(open_case) as connection:
        row = connection.execute(select(track)).one()._asdict() | {"platform_id": "9002", "url": None}
        row.pop("id")
        connection.execute(insert(track).values(**row))
    tally, waits = asked(open_case, reached(standing, earmark.Earmark))
    assert (tally.answered, waits) == (2, [1.0])


def document_of(engine):
    with engine.connect() as connection:
        return candidate(case_file(connection, 1), "changed", "asked", NOW)


@SQLITE
def test_the_ladder_begins_with_the_surest_and_leaves_out_what_is_switched_off(open_case):
    document = document_of(open_case)
    ladder = references(document, audio_url=AUDIO)
    assert [one.rung for one in ladder] == ["platform_id", "isrc", "page_url", "audio_url"]
    assert chosen(earmark.Earmark, ladder) == [Reference("platform_id", "9001", "deezer")]
    assert chosen(longear.Longear, ladder) == [Reference("audio_url", AUDIO, "operator")]
    assert references(document, ["deezer"]) == []
    assert planned(open_case, earmark.Earmark, switched_off=["deezer"]).without == (1,)


@SQLITE
@pytest.mark.parametrize("isrc", ["QZXY9260000", "'; DROP", "QZXY92600001\n", None])
def test_only_what_has_its_fields_shape_becomes_a_reference(open_case, isrc):
    document = document_of(open_case)
    (finding,) = document.findings
    odd = finding.release.tracks[0].model_copy(
        update={"isrc": isrc, "platform_id": "../9", "url": "https://u:p@deezer.com/x"}
    )
    release_ = finding.release.model_copy(update={"tracks": [odd], "url": "javascript:alert(1)"})
    moved = document.model_copy(update={"findings": [finding.model_copy(update={"release": release_})]})
    assert references(moved) == []


@SQLITE
def test_the_command_line_estimates_first_and_keeps_to_what_may_be_spent(open_case, standing, store_url, monkeypatch):
    def run(*words):
        return CliRunner().invoke(app, ["detect", *words])

    monkeypatch.setenv("FALSETTO_DATABASE_URL", store_url)
    assert "off; it needs FALSETTO_DETECTOR_EARMARK_URL" in run("list").output
    assert isinstance(run("ask", "earmark").exception, CantRun)
    monkeypatch.setenv("FALSETTO_DETECTOR_EARMARK_URL", f"{standing.url}/earmark/")
    monkeypatch.setenv("FALSETTO_DETECTOR_EARMARK_KEY", EARMARK_KEY)
    assert "1 references to hand off, 0.002 USD" in run("estimate", "earmark").output
    assert json.loads(run("estimate", "earmark", "--json").output)["value"] == "9001"
    assert isinstance(run("ask", "earmark").exception, BadInput)
    assert answers(open_case) == []
    done = run("ask", "earmark", "--spend", "0.002")
    assert done.exit_code == 0, done.output
    assert "1 answered, 0 worked on, 0 failed" in done.output
    assert isinstance(run("estimate", "nobody").exception, BadInput)
    assert isinstance(run("estimate", "longear", "--audio-url", "x", "--case", "1").exception, BadInput)
    monkeypatch.setenv("FALSETTO_NO_HAND_OFF", "deezer")
    assert "1 cases have nothing" in run("estimate", "earmark").output


def test_settings_of_detectors_are_checked_and_their_secrets_not_shown():
    given = {"FALSETTO_DETECTOR_EARMARK_URL": "https://e.example", "FALSETTO_DETECTOR_EARMARK_KEY": "hush-hush"}
    settings = read_settings(given)
    assert Reach.of(settings.detector["earmark"]) == Reach("https://e.example", "hush-hush")
    assert "hush" not in repr(settings) + repr(Reach.of(settings.detector["earmark"]))
    secret = {"FALSETTO_DETECTOR_LONGEAR_SECRET": SECRET}
    assert Reach.of(read_settings(secret).detector["longear"]).secret == SECRET
    short = {"FALSETTO_DETECTOR_E_SECRET": "whsec_aHVzaA=="}
    for bad in ({"FALSETTO_DETECTOR_EARMARK_KYE": "x"}, {"FALSETTO_DETECTOR_E_URL": "ftp://x"}, short):
        with pytest.raises(BadSettings) as told:
            read_settings(bad)
        assert "aHVzaA" not in str(told.value)


def test_a_line_reads_objects_only():
    for bad in (b"[]", b"{", b'{"a":NaN}', b"\xff", b"[" * 100_000):
        with pytest.raises(Failed):
            read_object(bad)
