"""A whole review in a real Chromium: find, read, decide, undo, bulk, filter, charts, two analysts, a phone."""

import re
import shutil
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from sqlalchemy import select

from crawler.api import app as api
from crawler.console import app as console
from crawler.console.guard import Front
from storage.database import open_database
from storage.models import case, verdict
from tests import reviewed
from tests import served as serving
from tests.browsers import chromium
from tests.reviewed import HOSTILE_TITLES, LOOK_ALIKE, NOW, status

PAGES = (
    "/console/review", "/console/review?case=2", "/console/review?title=nothing", "/console/cases/2",
    "/console/cases/34", "/console/cases/36", "/console/cases/40", "/console/cases/41", "/console/cases/1/raw",
    "/console/overview", "/console/artists", "/console/artists/1", "/console/artists/3", "/console/artists/1?by=week",
    "/console/reminders", "/console/platforms",
    "/console/platforms/deezer", "/console/campaigns", "/console/campaigns/1", "/console/nothing",
)  # fmt: skip
SERIOUS = ("serious", "critical")


@pytest.fixture(scope="module")
def browser():
    with chromium() as found:
        yield found


@pytest.fixture(scope="module")
def house(browser, sqlite_template, tmp_path_factory):
    """One store and one server for all tests of this file; each test decides cases of its own."""
    path = tmp_path_factory.mktemp("console") / "store.db"
    shutil.copyfile(sqlite_template, path)
    engine = open_database(f"sqlite:///{path}")
    given = reviewed.fill(engine)
    with serving.running(Front(api.build(engine), console.build(engine, lambda: NOW))) as url:
        yield engine, url, given
    engine.dispose()


@pytest.fixture
def desk(browser, house):
    """Open a page for a person, logged in; whatever goes wrong on any page fails the test."""
    _, url, given = house
    contexts, faults = [], []

    def opened(who, **more):
        context = browser.new_context(base_url=url, timezone_id="Asia/Tokyo", **more)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.on("pageerror", lambda fault: faults.append(str(fault)))
        page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
        page.on("dialog", lambda dialog: (faults.append(f"dialog {dialog.message}"), dialog.dismiss()))
        page.goto("/console/login")
        page.locator("input[name=key]").fill(given[who])
        page.keyboard.press("Enter")
        page.wait_for_url("**/console/review")
        return page

    yield opened
    for context in contexts:
        context.close()
    # A conflict and a page that is not there are answered with their status, which the browser notes.
    assert [one for one in faults if not re.search("status of (404|409|422)", one)] == []


def number_of(engine, title):
    with engine.connect() as connection:
        return connection.scalar(select(case.c.id).where(case.c.title == title))


def opened(page):
    return int(page.locator(".case").get_attribute("data-open"))


def test_a_whole_review_by_keyboard(house, desk):
    engine, _, _ = house
    page = desk("ana")
    page.keyboard.press("/")
    page.keyboard.type("jkz")  # letters in a field are letters
    page.keyboard.press("Escape")
    page.locator("#filters [name=artist]").fill("Bo Marsh")
    page.keyboard.press("Enter")
    page.wait_for_url("**artist=Bo**")
    expect(page.locator("#matching")).to_have_text("31")
    first = opened(page)
    page.locator("main").press("j")
    expect(page.locator(".case")).not_to_have_attribute("data-open", str(first))
    second = opened(page)
    assert page.locator(".row.current a").get_attribute("data-case") == str(second)
    page.keyboard.press("l")
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    page.wait_for_selector(f"text=Case {second} decided: legitimate")
    assert page.locator(f"a[data-case='{second}']").count() == 0
    assert opened(page) not in (first, second)
    assert page.locator("#matching").inner_text() == "30"
    assert status(engine, second) == "cleared"
    page.locator("main").press("z")
    expect(page.locator("#matching")).to_have_text("31")
    assert status(engine, second) == "open"
    assert opened(page) == second
    page.keyboard.press("?")
    assert page.get_by_role("dialog").is_visible()
    page.keyboard.press("Escape")
    assert page.get_by_role("dialog").count() == 0


def test_ticked_cases_are_decided_by_one_key_and_undone_as_one(house, desk):
    engine, _, _ = house
    page = desk("ana")
    page.goto("/console/review?attack=E")
    wanted = [page.get_by_label(f"tick case {number_of(engine, f'Ordinary {n:02}')}") for n in (1, 2, 3)]
    for box in wanted:
        box.check()
    page.locator("main").press("n")
    page.wait_for_url("**/console/bulk/*")
    assert page.get_by_role("heading", level=1).inner_text() == "3 cases: namesake"
    page.get_by_label("another act of that name").check()
    page.get_by_role("button", name="Decide 3 cases").click()
    page.wait_for_selector("text=3 cases decided: namesake")
    assert status(engine, number_of(engine, "Ordinary 02")) == "cleared"
    page.get_by_role("button", name="Undo").click()
    page.wait_for_selector(f"a[data-case='{number_of(engine, 'Ordinary 02')}']")
    assert status(engine, number_of(engine, "Ordinary 02")) == "open"


def test_all_that_match_are_frozen_and_shown_with_their_query_before_anything_is_decided(house, desk):
    engine, _, _ = house
    page = desk("ana")
    page.goto("/console/review?attack=E&title=Ordinary+2")
    page.get_by_label("all that match").check()
    page.locator("main").press("n")  # the key decides what is ticked, not the open case
    page.wait_for_url("**/console/bulk/*")
    assert page.get_by_role("heading", level=1).inner_text() == "10 cases: namesake"
    assert "attack=E&title=Ordinary+2" in page.locator(".facts").inner_text()
    assert status(engine, number_of(engine, "Ordinary 21")) == "open"
    page.get_by_role("button", name="Decide 10 cases").click()  # without a reason
    page.wait_for_selector("text=say why, by one of")
    assert status(engine, number_of(engine, "Ordinary 21")) == "open"
    page.go_back()
    page.get_by_label("a page of that act").check()
    page.get_by_role("button", name="Decide 10 cases").click()
    page.wait_for_selector("text=10 cases decided: namesake")
    assert status(engine, number_of(engine, "Ordinary 21")) == "cleared"
    assert page.locator("#matching").inner_text() == "0"
    page.locator("main").press("z")
    expect(page.locator("#matching")).to_have_text("10")
    assert status(engine, number_of(engine, "Ordinary 21")) == "open"


def test_one_is_reminded_and_takes_it_back(house, desk):
    engine, _, _ = house
    page = desk("ben")
    number = number_of(engine, "Ordinary 05")
    page.goto(f"/console/cases/{number}")
    page.get_by_label("Remind me").select_option("in a week")
    page.get_by_role("button", name="Remind", exact=True).click()
    expect(page.locator("form", has_text="You will be reminded").locator("time")).to_have_text("2026-03-15 17:00")
    page.get_by_role("link", name="Reminders").click()
    page.get_by_role("link", name=f"case {number}").click()
    page.get_by_role("button", name="Remind me no longer").click()
    expect(page.get_by_text("You will be reminded")).to_have_count(0)


def test_of_two_analysts_the_second_is_told_who_looks_and_that_somebody_was_quicker(house, desk):
    engine, _, _ = house
    number = number_of(engine, "Marsh Lights")
    ana, ben = desk("ana"), desk("ben")
    with ana.expect_response(lambda answer: answer.url.endswith("/watching")):
        ana.goto(f"/console/cases/{number}")
    with ben.expect_response(lambda answer: answer.url.endswith("/watching")) as heard:
        ben.goto(f"/console/cases/{number}")
    assert "ana" in heard.value.text()
    ben.wait_for_selector("text=also open with ana")
    ana.get_by_label("impersonation").check()
    ana.get_by_role("button", name="Decide").click()
    ana.wait_for_selector("text=confirmed")
    ben.get_by_label("unsure").check()
    ben.get_by_role("button", name="Decide").click()
    ben.wait_for_selector("text=Somebody was quicker")
    ben.get_by_role("link", name=re.compile("as it is now")).click()
    ben.wait_for_selector("text=impersonation by ana")
    with engine.connect() as connection:
        assert connection.scalars(select(verdict.c.decision).where(verdict.c.case_id == number)).all() == [
            "impersonation"
        ]


def test_a_case_shows_what_differs_the_sum_and_both_clocks(desk):
    page = desk("eve")
    page.goto("/console/cases/1")
    assert "Gables Records" in page.locator("tr.differs", has_text="label").inner_text()
    assert "long after" in page.locator("tr.differs", has_text="claimed date").inner_text()
    sums = page.locator(".signals tbody tr:not(.blind) td:nth-child(3)").all_inner_texts()
    assert float(sums[-1]) == pytest.approx(9.0 + 1.5 - 7.0)
    assert "+3.5 bits" in page.locator("main").inner_text()
    assert page.locator("tr.claimed").inner_text().startswith("2009-05-01")
    when = page.locator("tr.seen time").first
    assert when.inner_text() == "2026-03-06 17:00"  # in Tokyo
    assert when.get_attribute("title") == "2026-03-06 08:00:00 UTC"
    assert page.get_by_role("button", name="Decide").count() == 0  # her key only reads


def test_a_look_alike_letter_is_marked_and_named(desk):
    page = desk("eve")
    page.goto("/console/cases/2")
    mark = page.locator(".sentence mark")
    assert mark.get_attribute("title") == "U+0410 CYRILLIC CAPITAL LETTER A where a Latin A is expected"
    assert LOOK_ALIKE[1:] in page.locator(".sentence").inner_text()
    assert page.locator(".names li li").first.is_visible()


@pytest.mark.parametrize("path", PAGES)
def test_no_page_has_a_serious_fault_of_access_and_no_script_from_data_runs(desk, path):
    page = desk("ana")
    page.goto(path)
    page.wait_for_load_state("networkidle")
    assert page.evaluate("window.ran") is None
    assert page.locator("main img[src='x'], main svg[onload], main script").count() == 0
    found = [one for one in Axe().run(page).response["violations"] if one["impact"] in SERIOUS]
    assert [(one["id"], [node["html"][:200] for node in one["nodes"]]) for one in found] == []


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_in_the_dark_and_on_a_phone_nothing_is_lost(desk, scheme):
    page = desk("ana", color_scheme=scheme, viewport={"width": 390, "height": 800})
    for path in (
        "/console/review",
        "/console/cases/34",
        "/console/cases/41",
        "/console/overview",
        "/console/artists/1",
        "/console/artists/1?by=week",
        "/console/platforms/deezer",
    ):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, path
        found = [one for one in Axe().run(page).response["violations"] if one["impact"] in SERIOUS]
        assert [(one["id"], [node["html"][:200] for node in one["nodes"]]) for one in found] == []
    page.goto("/console/cases/1")
    caption = page.locator(".beside .said").first.bounding_box()
    assert caption["x"] >= 0
    assert caption["x"] + caption["width"] <= 390
    page.goto("/console/review")
    assert not page.locator(".case").is_visible()
    page.locator("#queue a").first.click()
    page.wait_for_selector(".case")
    assert not page.locator("#queue").is_visible()
    page.get_by_role("link", name="Back to the list").click()
    page.wait_for_selector("#queue")


def test_every_chart_has_its_table(desk):
    page = desk("eve")
    page.goto("/console/overview")
    charts = page.locator(".figure")
    assert charts.count() == 6
    for n in range(6):
        charts.nth(n).locator("summary").click()
        assert charts.nth(n).locator("table").is_visible()
    assert charts.nth(3).locator("p").inner_text() == "Filled: opened; in outline: false allowed."
    assert re.search(r"06 Mar\s+3", charts.first.locator("table").inner_text())


def test_without_script_a_case_is_decided_too(browser, house):
    engine, url, given = house
    with browser.new_context(base_url=url, java_script_enabled=False) as context:
        page = context.new_page()
        page.goto("/console/login")
        page.locator("input[name=key]").fill(given["ana"])
        page.get_by_role("button", name="Log in").click()
        number = number_of(engine, "Ordinary 20")
        page.goto(f"/console/review?attack=E&case={number}")
        page.get_by_role("radio", name="takedown").check()
        page.get_by_role("button", name="Decide").click()
        assert status(engine, number) == "takedown_requested"
        assert opened(page) != number


def test_every_hostile_title_is_on_some_page_that_was_tried(house):
    engine, _, _ = house
    tried = {int(one) for path in PAGES for one in re.findall(r"/cases/(\d+)", path)}
    listed = {number_of(engine, title) for title in HOSTILE_TITLES}
    assert len(listed & tried) >= 4
    assert None not in listed  # the queue, which was tried, lists them all


def test_the_vendored_script_is_the_one_that_is_named():
    folder = Path(console.__file__).parent / "assets"
    assert 'version:"2.0.10"' in (folder / "htmx.min.js").read_text(encoding="utf-8")
    assert "2.0.10" in (folder / "VENDORED.md").read_text(encoding="utf-8")
