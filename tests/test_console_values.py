"""What the console's pages are composed of: marked names, charts that add up, addresses, presence, the heat map."""

import unicodedata
from datetime import date, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from crawler.console import charts, lanes, names, telling, wanted
from crawler.console.heat import Span, heat
from crawler.console.presence import LASTS_S, Presence
from crawler.console.rendering import is_shown
from crawler.suspicion.score import posterior
from tests.reviewed import HOSTILE, HOSTILE_TITLES, NOW, evidence


def marked(text, *expected):
    return [(one.text, one.note) for one in names.pieces(text, expected) if one.note]


def test_a_look_alike_letter_is_named_with_the_letter_that_is_expected():
    assert marked("\u0430da Quill", "ada Quill") == [
        ("\u0430", "U+0430 CYRILLIC SMALL LETTER A where a Latin a is expected")
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ada Quill", "Ada Quill"),
        ("ADA QUILL", "Ada Quill"),
        ("\u5468\u6770\u502b", "\u5468\u6770\u502b"),
        ("\u0410\u043b\u043b\u0430", "\u0410\u043b\u043b\u0430"),
        ("\u0417\u0435\u043c\u0444\u0438\u0440\u0430", "Ada Quill"),  # of another script altogether: another name
        ("Bo Marsh", "Ada Quill"),
    ],
)
def test_a_name_is_not_marked_for_its_script_or_for_being_another(text, expected):
    assert marked(text, expected) == []


def test_a_word_that_mixes_scripts_is_marked_without_any_expected_name():
    assert marked("Sony \u041cusic") == [("\u041c", "U+041C CYRILLIC CAPITAL LETTER EM in a word of Latin letters")]


def test_what_is_added_and_what_is_missing_is_said_once():
    assert marked("Ada Quill Official", "Ada Quill") == [(" Official", "“Official” is not in the name")]
    assert [note for _, note in marked("Ada Quil", "Ada Quill")] == ["“l” of the name is missing here"]


def test_an_alias_that_is_met_exactly_marks_nothing():
    assert marked("A. Quill", "Ada Quill", "A. Quill") == []


def test_what_is_not_seen_is_shown():
    assert marked("Ada\u200b\u202eQuill")[0] == ("U+200B", "U+200B ZERO WIDTH SPACE, which is not seen")
    assert "U+202E" in names.html("\u202eevil")


@example("\x1f", "a\x1f\x1f")
@example("a\x1f", "a")
@example("ab", "a\x1f")
@given(st.text(max_size=60), st.text(max_size=30))
def test_no_text_gets_out_of_its_place(text, expected):
    written = str(names.html(text, (expected,)))
    inner = written.replace("<bdi>", "").replace("</bdi>", "").replace("</span>", "").replace("</mark>", "")
    ours = ('<mark class="odd" title="', '<span class="unseen">', '<span class="none">')
    assert inner.count("<") == sum(inner.count(tag) for tag in ours)
    assert not [sign for sign in written if unicodedata.category(sign) in ("Cc", "Cf")]


@pytest.mark.parametrize("text", HOSTILE_TITLES)
def test_charts_hold_no_markup_of_their_data(text):
    drawn = [
        charts.bars(text, ("a", "b"), [(text, 3)]).svg,
        charts.columns(text, ("a", "b"), [(text, 3)]).svg,
        charts.graph(text, [text], [text], [(0, 0)]),
        charts.waterfall((*evidence(1.0, 2.0, because=text), {"signal": text, "state": "fired", "bits": 1.0})).svg,
    ]
    assert not [one for one in drawn if "<script" in one or "<img" in one or "<svg/" in one]


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (1.0, "over 99.9 %"),
        (0.99949, "99.9 %"),
        (0.9949, "99 %"),
        (0.5, "50 %"),
        (0.004, "0.4 %"),
        (0.0, "under 0.1 %"),
    ],
)
def test_a_probability_is_never_written_as_certainty(value, said):
    assert telling.share(value) == said


def test_every_chart_says_what_is_drawn():
    assert charts.columns("t", ("day", "arrivals"), [("1", 2)]).caption == "Arrivals for each day."
    assert charts.bars("t", ("class", "cases"), [("A", 2)]).caption == "Cases for each class."
    assert (
        charts.pairs("t", ("week", "opened", "cleared"), [("1", 2, 1)]).caption
        == "Filled: opened; in outline: cleared."
    )


@given(st.lists(st.floats(-20, 20).map(lambda bits: round(bits, 3)), min_size=1, max_size=2))
def test_the_waterfall_adds_up_to_the_score(bits):
    fall = charts.waterfall(evidence(*bits))
    assert fall.bits == pytest.approx(sum(bits) - 7.0, abs=0.002)
    assert fall.score == posterior(fall.bits)
    assert (fall.low, fall.high) == (pytest.approx(fall.bits - 1), pytest.approx(fall.bits + 2))
    assert not fall.steps or fall.steps[-1][1] == fall.bits


def test_a_day_is_as_good_as_its_worst_look():
    day = date(2026, 3, 8)
    seen = {
        ("deezer", day): {"complete": 3, "throttled": 1},
        ("itunes", day): {"complete": 2, "with blind fields": 2},
        ("spotify", day): {"complete": 1, "partial": 1},
    }
    shown = heat(seen, Span(day, day), {"tidal"})
    levels = {platform: cells[-1]["level"] for platform, cells in shown.items()}
    assert levels == {"deezer": "blind", "itunes": "whole-but", "spotify": "part", "tidal": "none"}
    assert shown["deezer"][-2] == {"days": "2026-03-07", "level": "none", "words": "not asked"}


def test_a_week_in_which_something_failed_was_seen_in_part():
    last = date(2026, 3, 8)
    seen = {
        ("deezer", last): {"complete": 3},
        ("deezer", last - timedelta(days=6)): {"throttled": 1},
        ("deezer", last - timedelta(days=7)): {"failed": 2},
    }
    cells = heat(seen, Span(last, last, weekly=True))["deezer"]
    assert [cell["level"] for cell in cells[-3:]] == ["none", "blind", "part"]
    assert cells[-1]["days"] == "2026-03-02 to 2026-03-08"
    assert cells[-1]["words"] == "1 throttled, 3 complete"


@pytest.mark.parametrize("weekly", [False, True])
def test_stretches_of_the_heat_map_join_without_gap_and_their_months_span_all_columns(weekly):
    today = date(2026, 3, 8)
    now = Span(today, today, weekly)
    before = Span(now.first - timedelta(days=1), today, weekly)
    assert now.later is None
    assert f"until={before.until}" in now.earlier
    assert before.later == now._address(today, weekly)
    assert before.columns[-1][1] + timedelta(days=1) == now.columns[0][0]
    assert sum(columns for _, columns in now.months) == len(now.columns)
    assert now.months[-1][0] == "Mar 2026"
    assert Span(date(2000, 1, 20), today).earlier is None


def lane(budgets=(), claims=(), workers=("w",), **queue):
    row = {"due": 0, "due_since": None, "due_next": NOW + timedelta(hours=1)} | queue
    return lanes.state([row] if queue else [], claims, budgets, workers, NOW)


def test_a_lane_is_told_by_the_first_thing_that_keeps_it():
    due = {"due": 4, "due_since": NOW - timedelta(hours=2)}
    paused = {"bucket": "", "paused_moment": NOW + timedelta(hours=3), "pause_reason": "<b>429</b>"}
    over = paused | {"paused_moment": NOW - timedelta(hours=3)}
    claim = {"lease_owner": "w<1>", "targets": 2, "until": NOW}
    assert lane()[0] == "off"
    assert lane(due=0)[0] == "idle"
    assert lane(**due) == ("behind", lane(**due)[1])
    assert "no worker runs" in lane(workers=(), **due)[1]
    assert lane(claims=[claim], budgets=[over], **due)[0] == "working"
    name, said = lane(claims=[claim], budgets=[paused], **due)
    assert name == "paused"
    assert "&lt;b&gt;429" in said
    assert "4 due since" in said


def test_an_address_is_read_as_it_was_written():
    query = {"status": "open", "artist": "A & B=?#", "title": HOSTILE, "least": "0.5", "loud": "1", "nonsense": "x"}
    written = wanted.written(query, case=7)
    assert wanted.read(wanted.unpacked(written)) == wanted.read(query)
    assert wanted.unpacked(written)["case"] == "7"
    assert "nonsense" not in written


def test_presence_is_forgotten_and_one_person_looks_at_one_case():
    now = [0.0]
    presence = Presence(lambda: now[0])
    assert presence.look(1, "ana") == []
    assert presence.look(1, "ben") == ["ana"]
    presence.look(2, "ana")
    assert presence.look(1, "ben") == []
    now[0] = LASTS_S + 1
    assert presence.looked_at() == {}


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://img.example/c.jpg", True),
        ("http://img.example/c.jpg", False),
        ("https://evil.example/c.jpg", False),
        ("https://img.example.evil.example/c.jpg", False),
        ("https://user@img.example:443/c.jpg", True),
        ("https://[::1", False),
        ("javascript:alert(1)", False),
        ("", False),
    ],
)
def test_a_cover_is_shown_from_a_named_host_alone_whatever_a_platform_prints_for_its_address(url, shown):
    assert is_shown(url, ("img.example",)) is shown
