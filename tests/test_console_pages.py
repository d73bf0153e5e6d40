"""The console at the server: who may see what, one state machine for decisions, conflicts, undo, what never writes."""

import re
import shutil
from contextlib import contextmanager
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import select, update

from crawler import verdicts
from crawler.api import app as api
from crawler.console import app as console
from crawler.console import case_page, deciding
from crawler.console.guard import Front
from crawler.console.session import COOKIE, serializer
from storage import cases, keys, roster
from storage.console import kept, pages, queue
from storage.console.figures import figures
from storage.database import open_database, writing
from storage.detections import DETECTOR
from storage.models import audit, case, console_case, finding, outbox, profile, saved_view, standing, verdict
from storage.models import metadata as tables
from tests import reviewed
from tests import served as serving
from tests.conftest import ENGINES
from tests.reviewed import NOW, count, status
from tests.say import dump

PAGES = (
    "/console/review", "/console/review?status=all&title=Hymns", "/console/review?case=2", "/console/cases/1",
    "/console/cases/2", "/console/cases/34", "/console/cases/38", "/console/cases/1/raw", "/console/overview",
    "/console/artists",
    "/console/artists?name=ada", "/console/artists/1", "/console/artists/3", "/console/platforms",
    "/console/platforms/deezer", "/console/campaigns", "/console/campaigns/1", "/console/cases/1/watching",
)  # fmt: skip
SECRET = "s" * 40
ANOTHER = {"reason_namesake": "another act of that name"}
WRITING = ("/console/cases/1/decide", "/console/bulk", "/console/views", "/console/cases/1/remind")
LIST = "status=&artist=Bo+Marsh"


@pytest.fixture
def desk(engine):
    """A filled store served, and a client for each person."""
    with at_work(engine, ordinary=8) as people:
        yield people


@pytest.fixture(scope="module", params=ENGINES)
def room(request, tmp_path_factory):
    """The same once for all tests that only look."""
    if request.param == "sqlite":
        path = tmp_path_factory.mktemp("console") / "store.db"
        shutil.copyfile(request.getfixturevalue("sqlite_template"), path)
        url = f"sqlite:///{path}"
    else:
        server = request.getfixturevalue("postgres_server")
        url = server.url(server.create("prepared"))
    engine = open_database(url)
    with at_work(engine, ordinary=30) as people:
        yield people | {"engine": engine}
    engine.dispose()


@contextmanager
def at_work(engine, ordinary):
    given = reviewed.fill(engine, ordinary)
    pages = console.build(engine, lambda: NOW, secret=SECRET)
    with serving.running(Front(api.build(engine), pages)) as url:
        people = {}
        for name, key in given.items():
            people[name] = httpx.Client(base_url=url, timeout=60, follow_redirects=True)
            assert people[name].post("/console/login", data={"key": key}).status_code == 200
        people["nobody"] = httpx.Client(base_url=url, timeout=60)
        yield people
        for client in people.values():
            client.close()


def token(client):
    return re.search(r'name="token" value="([^"]*)"', client.get("/console/review").text)[1]


def post(client, path, **form):
    return client.post(path, data={"token": token(client)} | form)


def decide(client, number, decision="impersonation", revision=1, **form):
    return post(client, f"/console/cases/{number}/decide", decision=decision, revision=revision, **form)


def test_without_a_session_every_page_leads_to_the_login_and_says_nothing(room):
    for path in PAGES:
        answer = room["nobody"].get(path)
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/console/login?to=")
    assert room["nobody"].get("/v1/cases").status_code == 401
    assert room["nobody"].get("/healthz").status_code == 200


def test_a_wrong_key_opens_nothing_and_a_revoked_one_no_longer(engine, desk):
    answer = desk["nobody"].post("/console/login", data={"key": "falsetto_" + "0" * 16 + "_" + "0" * 64})
    assert (answer.status_code, "no live key" in answer.text) == (403, True)
    with writing(engine) as connection:
        keys.revoke(connection, "ana", NOW)
    assert "/console/login" in str(desk["ana"].get("/console/review").url)


def test_neither_a_detection_system_nor_a_feed_reader_has_a_console(engine, desk):
    with writing(engine) as connection:
        for key in (
            keys.create(connection, "detector", "decide", NOW, detector=True),
            keys.create(connection, "reader", "feed", NOW),
        ):
            answer = desk["nobody"].post("/console/login", data={"key": key, "to": ""})
            assert answer.status_code == 403
            assert "set-cookie" not in answer.headers


def test_a_login_leads_only_to_pages_of_ours(engine, desk):
    with writing(engine) as connection:
        key = keys.create(connection, "cy", "read", NOW)
    for to in ("//evil.example", "https://evil.example", "/\\evil.example", "/console/\\evil", "/v1/cases"):
        answer = desk["nobody"].post("/console/login", data={"key": key, "to": to})
        assert answer.headers["location"] == "/console/review"
    assert desk["nobody"].post("/console/login", data={"key": key, "to": "/console/cases/1"}).headers["location"] == (
        "/console/cases/1"
    )


def test_viewing_every_page_writes_nothing(room):
    before = dump(room["engine"], tables)
    for path in PAGES:
        assert room["ana"].get(path).status_code == 200, path
    assert dump(room["engine"], tables) == before


def test_every_answer_lets_nothing_foreign_run(room):
    for path in (*PAGES, "/console/nothing", "/console/cases/99999", "/console/review?status=odd"):
        headers = room["ana"].get(path).headers
        policy = headers["content-security-policy"]
        assert "script-src 'self';" in policy
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert (headers["x-content-type-options"], headers["x-frame-options"]) == ("nosniff", "DENY")
        assert headers["cache-control"] == "no-store"


def test_no_page_has_a_script_or_a_style_of_its_own(room):
    for path in PAGES:
        text = room["ana"].get(path).text
        assert not re.search(r"<script(?! src=\"/console/assets/)|<style|\sstyle=|\son\w+=\"", text), path
        assert "http-equiv" not in text


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
    assert re.search(r"<p class=\"dim\">Unconfirmed\.", text)
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
    assert re.search(r"<p class=\"dim\">Unconfirmed\.", text)
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


def test_a_case_without_official_pages_and_with_all_gone_shows_nothing_as_usual(engine, desk):
    with writing(engine) as connection:
        connection.execute(standing.delete())
        connection.execute(update(finding).values(removed_at=NOW - timedelta(hours=3)))
        sides = case_page.values(connection, 1)["sides"]
    assert [field.usual for side in sides for field in side.fields if field.usual] == []
    text = desk["ana"].get("/console/cases/1").text
    assert "no official page is known" in text
    assert "no longer shown since" in text
    with writing(engine) as connection:
        connection.execute(finding.delete())
    assert "No page shows it now." in desk["ana"].get("/console/cases/1").text
    assert "on no page now" in desk["ana"].get("/console/cases/1").text


def test_a_page_of_artists_loses_none_of_one_name(engine):
    with writing(engine) as connection:
        people = [roster.Monitored(str(n), "Twin", None, 1.0, (), ()) for n in range(5)]
        ids, _ = roster.keep_artists(connection, people, NOW)
        found, after = [], None
        while rows := pages.artists(connection, "", 2, after):
            found += [row["id"] for row in rows]
            after = found[-1]
    assert sorted(found) == sorted(ids.values())


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


@pytest.mark.parametrize("path", WRITING)
def test_a_form_without_this_sessions_token_or_from_another_site_or_a_reader_is_refused(engine, desk, path):
    form = {"decision": "unsure", "revision": "1", "ticked": "1", "name": "n", "when": "tomorrow"}
    right = form | {"token": token(desk["ana"])}
    assert desk["ana"].post(path, data=form).status_code == 403
    assert desk["ana"].post(path, data=form | {"token": token(desk["ben"])}).status_code == 403
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        assert desk["ana"].post(path, data=right, headers=headers).status_code == 403
    assert 'name="token"' not in desk["eve"].get("/console/review").text  # a reader gets no form that writes
    hers = serializer(SECRET).loads(desk["eve"].cookies[COOKIE])["token"]
    assert desk["eve"].post(path, data=form | {"token": hers}).status_code == 403
    assert (count(engine, verdict), count(engine, saved_view)) == (0, 0)
    assert desk["ana"].post(path, data=right).status_code == 200


def test_a_shared_view_is_everybodys_and_a_second_of_its_name_is_refused(desk):
    assert post(desk["ana"], "/console/views", name="Bo's", address="artist=Bo+Marsh&case=3").status_code == 200
    shown = desk["eve"].get("/console/review").text
    assert re.search(r'href="/console/review\?artist=Bo\+Marsh" title="shared by ana"', shown)
    assert post(desk["ben"], "/console/views", name="Bo's").status_code == 409
    assert post(desk["ben"], "/console/views/1/drop").status_code == 200
    assert "shared by" not in desk["eve"].get("/console/review").text


def test_a_reminder_is_ones_own_and_comes_when_it_is_due(engine, desk):
    post(desk["ana"], "/console/cases/3/remind", when="tomorrow")
    with engine.connect() as connection:
        assert kept.reminders(connection, "ana", NOW + timedelta(hours=23)) == []
        assert [row["case_id"] for row in kept.reminders(connection, "ana", NOW + timedelta(hours=25))] == [3]
        assert kept.reminders(connection, "ben") == []


def test_others_see_who_looks_at_a_case(room):
    room["ana"].get("/console/cases/1/watching")
    assert "ana" in room["ben"].get("/console/cases/1/watching").text
    assert "ana" not in room["ben"].get("/console/cases/2/watching").text
    room["ana"].get("/console/cases/2/watching")
    assert "ana" not in room["ben"].get("/console/cases/1/watching").text


def test_the_number_of_a_merged_case_leads_to_the_case_it_went_up_in(engine, desk):
    with writing(engine) as connection:
        row = connection.execute(select(case).where(case.c.id == 3)).one()
        other = connection.execute(select(case).where(case.c.title == "Ordinary 00")).one()
        cases.merge_groups(connection, "release", {other.group_id: row.group_id}, NOW)
    assert str(desk["ana"].get(f"/console/cases/{other.id}").url).endswith("/console/cases/3")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("kind=profile", 1),
        ("artist=Bo+Marsh", 31),
        ("title=hymns", 1),
        ("title=%25", 0),
        ("platform=deezer&attack=E", 30),
        ("platform=spotify", 0),
        ("campaign=1", 3),
        ("loud=1", 3),
        ("least=0.9", 1),
        ("since=2026-03-07", 0),
        ("since=2026-03-01", 41),
        ("status=cleared", 0),
        ("status=all", 41),
    ],
)
def test_a_list_is_narrowed_by_its_address(room, query, found):
    text = room["ana"].get(f"/console/review?{query}").text
    assert re.search(r'<b id="matching">(\d+)</b>', text)[1] == str(found)
    assert len(re.findall(r"data-case=", text)) == found


@pytest.mark.parametrize(
    "path",
    [
        "/console/review?status=odd", "/console/review?case=0", "/console/review?case=99999999999999999999",
        "/console/review?least=nan", "/console/review?since=yesterday", "/console/review?title=%00", "/console/cases/0",
        "/console/cases/x", "/console/artists/999", "/console/platforms/%00", "/console/platforms/napster",
        "/console/campaigns/9", "/console/bulk/9", "/console/review?case=4242", "/console/review?campaign=-1",
    ],
)  # fmt: skip
def test_an_address_that_can_not_be_is_one_clear_page(room, path):
    answer = room["ana"].get(path)
    assert answer.status_code in (404, 422)
    assert 'role="alert"' in answer.text


def test_a_form_that_is_too_large_is_not_read(room):
    answer = room["ana"].post("/console/cases/1/decide", data={"note": "x" * 70_000})
    assert answer.status_code == 413


def test_a_title_of_any_length_is_cut_on_every_page_that_shows_it(room):
    for path in ("/console/cases/41", "/console/review?status=all", "/console/review?case=41", "/console/cases/34"):
        text = room["ana"].get(path).text
        assert "W" * 200 in text, path
        assert "W" * 201 not in text, path


def test_the_number_of_a_case_that_was_merged_twice_leads_to_the_last(engine, desk):
    with writing(engine) as connection:
        query = select(case.c.id, case.c.group_id).where(case.c.title.in_(("Ordinary 00", "Ordinary 01")))
        (first, a), (second, b) = connection.execute(query.order_by(case.c.id)).all()
        kept.remind(connection, second, "ana", NOW, NOW)
        cases.merge_groups(connection, "release", {b: a}, NOW)
        last = connection.execute(select(case).where(case.c.id == 3)).one()
        cases.merge_groups(connection, "release", {a: last.group_id}, NOW)
    for path in (f"/console/cases/{second}", f"/console/cases/{first}"):
        assert str(desk["ana"].get(path).url).endswith("/console/cases/3")
    assert (
        f'href="/console/cases/{second}"' in desk["ana"].get("/console/review").text
    )  # the reminder still leads there
    assert decide(desk["ana"], second).status_code == 409


def test_pages_of_the_list_lose_no_case(room):
    with room["engine"].connect() as connection:
        whole = [number for number, _ in queue.frozen(connection, queue.Filters(), 100)]
        found, after = [], None
        while rows := queue.page(connection, queue.Filters(), 7, after):
            found += [row["id"] for row in rows]
            after = found[-1]
    assert found == whole
    assert len(set(found)) == 41
    shown = room["ana"].get(f"/console/review?after={whole[6]}").text
    assert re.findall(r'data-case="(\d+)"', shown) == [str(number) for number in whole[7:]]
