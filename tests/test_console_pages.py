"""The console at the server: who may see what, what never writes, which addresses lead where."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from crawler.console import case_page
from crawler.console.session import COOKIE, serializer
from storage import budgets, cases, frontier, keys, roster
from storage.console import kept, pages, queue
from storage.database import writing
from storage.models import case, finding, saved_view, standing, target, verdict
from storage.models import metadata as tables
from tests.console_stage import SECRET, decide, desk, post, room, token
from tests.reviewed import NOW, count
from tests.say import dump

PAGES = (
    "/console/review", "/console/review?status=all&title=Hymns", "/console/review?case=2", "/console/cases/1",
    "/console/cases/2", "/console/cases/34", "/console/cases/38", "/console/cases/1/raw", "/console/overview",
    "/console/artists",
    "/console/artists?name=ada", "/console/artists/1", "/console/artists/3",
    "/console/artists/1?by=week&until=2026-03-01", "/console/reminders", "/console/platforms",
    "/console/platforms/deezer", "/console/campaigns", "/console/campaigns/1", "/console/cases/1/watching",
)  # fmt: skip
WRITING = (
    "/console/cases/1/decide",
    "/console/bulk",
    "/console/views",
    "/console/cases/1/remind",
    "/console/cases/1/part",
    "/console/cases/1/reunite",
)


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


@pytest.mark.parametrize("path", WRITING)
def test_a_form_without_this_sessions_token_or_from_another_site_or_a_reader_is_refused(engine, desk, path):
    form = {"decision": "unsure", "revision": "1", "ticked": "1", "name": "n", "when": "tomorrow", "ref": "deezer:r90"}
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


def test_a_reminder_is_listed_shown_at_its_case_and_taken_back(engine, desk):
    ana, ben = desk["ana"], desk["ben"]
    post(ana, "/console/cases/3/remind", when="in a week")
    assert "2026-03-15T08:00:00Z" in ana.get("/console/reminders").text
    assert "Remind me no longer" in ana.get("/console/review?case=3").text
    for text in (ben.get("/console/cases/3").text, ben.get("/console/reminders").text):
        assert "2026-03-15T08:00:00Z" not in text
    assert post(ana, "/console/cases/3/remind", when="no longer").status_code == 200
    assert "Remind me no longer" not in ana.get("/console/cases/3").text
    assert "/console/cases/3" not in ana.get("/console/reminders").text


def test_a_platform_s_page_tells_its_lane(engine, desk):
    with writing(engine) as connection:
        due = {"due_at": NOW - timedelta(hours=5), "lease_owner": None, "lease_until": None}
        connection.execute(update(target).values(due))
    text = desk["ana"].get("/console/platforms/deezer").text
    everything = f'behind</span> {count(engine, target)} due since <time datetime="2026-03-08T03:00:00Z"'
    assert re.search(everything + ".*; no worker runs", text)
    with writing(engine) as connection:
        held = {"lease_owner": "w<1>", "lease_until": NOW + timedelta(minutes=9)}
        connection.execute(update(target).where(target.c.subject == "p1").values(held))
    text = desk["ana"].get("/console/platforms/deezer").text
    assert re.search(r"working</span> claimed: 2 by <bdi>w&lt;1&gt;</bdi> until", text)
    with writing(engine) as connection:  # what a worker that was killed had claimed is held by nobody
        over = {"lease_owner": "w<1>", "lease_until": NOW - timedelta(minutes=9)}
        connection.execute(update(target).where(target.c.subject == "p1").values(over))
    text = desk["ana"].get("/console/platforms/deezer").text
    assert re.search(everything + ".*; no worker runs", text)
    with writing(engine) as connection:
        frontier.beat(connection, "w<2>", "here", "1", "its lane <i> stands")
    for address in ("/console/platforms/deezer", "/console/platforms"):
        text = desk["ana"].get(address).text
        assert "no worker runs" not in text.lower()
        assert "<b><bdi>w&lt;2&gt;</bdi></b> on <bdi>here</bdi>, last heard of <time" in text
        assert "its lane &lt;i&gt; stands" in text
    with writing(engine) as connection:
        budgets.park(connection, "deezer", "", "here", NOW.timestamp() + 600, "HTTP 429 <i>")
    text = desk["ana"].get("/console/platforms/deezer").text
    assert re.search(
        r"paused</span> all calls until <time [^>]*>2026-03-08 08:10</time>: <bdi>HTTP 429 &lt;i&gt;", text
    )


def test_an_artists_coverage_is_paged_to_its_beginning_and_names_its_months(room):
    text = room["ana"].get("/console/artists/1").text
    assert 'colspan="20">Feb 2026</th>' in text
    assert 'colspan="8">Mar 2026</th>' in text
    assert 'title="2026-03-06: 1 complete' in text
    before = re.search(r'href="(\?until=[^"#]*)', text)[1]
    earlier = room["ana"].get("/console/artists/1" + before).text
    assert 'title="2026-03-06: ' not in earlier
    assert 'title="2026-02-08: not asked"' in earlier
    assert 'rel="next"' in earlier
    weeks = room["ana"].get("/console/artists/1?by=week").text
    assert 'title="2026-03-02 to 2026-03-08: ' in weeks
    assert room["ana"].get("/console/artists/1?until=soon").status_code == 422
    assert room["ana"].get("/console/artists/1?until=0001-01-01").status_code == 200
    assert room["ana"].get("/console/artists/1?until=9999-12-31").status_code == 200


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
        ("title=WWWW", 1),  # of one that is too long for the index of titles
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


def test_related_cases_stand_before_the_decision_and_a_release_that_names_others_is_marked(room):
    text = room["ana"].get("/console/cases/1").text
    related, decision = text.index('<p class="related">'), text.index('id="decide"')
    assert related < decision
    assert "Marsh Lights" in text[related:decision]
    assert "same campaign" in text[related:decision]
    assert "the artist is not among them" in text
    assert "the artist is not among them" not in room["ana"].get("/console/cases/34").text
