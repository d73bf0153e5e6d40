"""One battery over every platform, driven by tests/recorded/<platform>/cases.json: a new platform adds no code here.

What is recorded must be told; then the same answers are spoilt in every way that a platform has on a bad day, and
nothing may be called complete, absent or removed that was not seen whole.
"""

import copy
import gzip
import json

import pytest

from spiders.base.platform import platform, platform_names
from storage.targets import Ask
from tests.asking import RECORDED, Asking, answer_of, body_of, case_of, recorded
from tests.replay import Answer

NAMES = platform_names()
HERE = [name for name in NAMES if (RECORDED / name / "cases.json").is_file()]
FOREIGN = "http://127.0.0.2:9"
ODD = [None, 7, "text", True, [], {}, [{}], {"id": {"full": 1}}]


@pytest.fixture(scope="module")
def asked(crawling):
    return Asking(crawling)


def every_case():
    return [
        pytest.param(name, case["name"], id=f"{name}-{case['name']}")
        for name in HERE
        for case in recorded(name)["cases"]
    ]


def spoilt(*needs):
    """Name the lists of every platform that may be spoilt: those that say what their rows need."""
    return [
        pytest.param(name, number, id=f"{name}-{twist['case']}")
        for name in HERE
        for number, twist in enumerate(recorded(name)["lists"])
        if all(twist.get(need) for need in needs)
    ]


def has(told, wanted):
    """Tell whether everything that is wanted was told so."""
    if isinstance(wanted, dict):
        return isinstance(told, dict) and all(key in told and has(told[key], value) for key, value in wanted.items())
    if isinstance(wanted, list):
        return isinstance(told, list) and len(told) == len(wanted) and all(map(has, told, wanted))
    return told == wanted


def without_rank(told):
    return [
        {key: value for key, value in seen.items() if key != "position" or seen["type"] != "ProfileSeen"}
        for seen in told
    ]


def at(document, path):
    for key in path:
        document = document[key]
    return document


class Twist:
    """A case whose list can be spoilt: where its rows are, and what they need."""

    def __init__(self, name, number):
        self.said = recorded(name)["lists"][number]
        self.case = case_of(name, self.said["case"])
        where, answers = next(
            (url, answer) for url, answer in self.case["answers"].items() if url.startswith(self.said["answer"])
        )
        self.body = copy.deepcopy(body_of(name, answers))
        self.case["answers"][where] = self.body
        self.rows = at(self.body, self.said["rows"])
        self.first = self.said.get("first", 0)

    def counted(self, more):
        for path in self.said.get("counts", []):
            *holder, key = path
            at(self.body, holder)[key] += more


# --- what is recorded ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_a_platform_comes_with_recordings_of_everything_it_accepts(name):
    assert name in HERE, f"tests/recorded/{name}/cases.json is missing"
    said, cls = recorded(name), platform(name)
    assert said["provenance"]
    assert {case["ask"] for case in said["cases"]} == {ask.value for ask in cls.accepts}
    outcomes = {case["outcome"] for case in said["cases"]}
    assert ({"partial"} if cls.windowed else {"complete", "absent"}) <= outcomes
    assert said["throttled"]
    assert said["refused"]
    assert said["lists"]


@pytest.mark.parametrize("name", NAMES)
def test_a_platform_is_documented_and_states_its_facts(name):
    cls = platform(name)
    assert cls.__doc__
    assert "https://" in __import__(cls.__module__, fromlist=["x"]).__doc__
    assert set(cls.rare_sections) <= set(cls.sections)
    assert set(cls.early_stop) <= set(cls.sections)
    assert set(cls.batch) <= cls.accepts
    assert not cls.counted_by or cls.counted_by in cls.needs
    assert max(cls.parks) <= cls.longest_pause_s
    assert "{id}" in cls.page
    assert all("(?P<id>" in form for form in cls.page_forms)


@pytest.mark.parametrize(("name", "case"), every_case())
def test_what_is_recorded_is_told(asked, name, case):
    said = case_of(name, case)
    heard = asked.ask(name, said)
    assert heard.look["outcome"] == said["outcome"], heard.look["stop_reason"]
    assert [seen["type"] for seen in heard.look["told"]] == [seen["type"] for seen in said["told"]]
    for told, wanted in zip(heard.look["told"], said["told"], strict=True):
        assert has(told, wanted), (told, wanted)
    for key, value in said.get("coverage", {}).items():
        assert heard.look[key] == value, key
    assert heard.look["cost"] == len([url for url in heard.asked if url not in recorded(name).get("free", [])])
    assert heard.parks == {}


# --- a bad day -------------------------------------------------------------------------------------------------------


def last_answer(case):
    """Return the place of a case's last answer, before which others may stand."""
    return list(case["answers"])[-1]


def lasting(case, answer):
    """Spoil a case's last answer for good."""
    case["answers"][last_answer(case)] = answer
    return case


@pytest.mark.parametrize("name", HERE)
@pytest.mark.parametrize("seconds", [None, "90.5", "1795568813", "Wed, 25 Nov 2099 00:00:00 GMT", "-1", "soon"])
def test_a_throttle_rests_the_bucket_and_never_beyond_the_ceiling(asked, name, seconds):
    said, cls = copy.deepcopy(recorded(name)["throttled"]), platform(name)
    if seconds is not None:
        said["headers"] = {**said.get("headers", {}), "Retry-After": seconds}
    heard = asked.ask(name, lasting(case_of(name, recorded(name)["lists"][0]["case"]), said))
    assert heard.look["outcome"] == "throttled"
    assert heard.parks
    assert all(0 < wait_s <= cls.longest_pause_s for wait_s in heard.parks.values())
    if seconds == "90.5":
        assert max(heard.parks.values()) >= min(90.5, cls.longest_pause_s)


@pytest.mark.parametrize("name", HERE)
def test_a_refusal_is_told_as_one_and_concerns_the_platform(asked, name):
    heard = asked.ask(name, lasting(case_of(name, recorded(name)["lists"][0]["case"]), recorded(name)["refused"]))
    assert (heard.look["outcome"], heard.look["about_target"]) == ("refused", False)


@pytest.mark.parametrize("name", HERE)
def test_a_redirect_to_another_host_is_refused_and_concerns_one_target(asked, name):
    case = case_of(name, recorded(name)["lists"][0]["case"])
    heard = asked.ask(name, lasting(case, Answer(status=301, headers={"Location": f"{FOREIGN}/x"})))
    assert (heard.look["outcome"], heard.look["about_target"]) == ("refused", True)


@pytest.mark.parametrize(("name", "number"), spoilt())
def test_one_redirect_inside_the_base_url_is_followed(asked, name, number):
    case = case_of(name, recorded(name)["lists"][number]["case"])
    where, straight = last_answer(case), asked.ask(name, copy.deepcopy(case))
    hop = f"{where}{'&' if '?' in where else '?'}hop=1"
    case["answers"][hop] = case["answers"].pop(where)
    case["answers"][where] = Answer(status=301, headers={"Location": hop})
    heard = asked.ask(name, case)
    assert (heard.look["outcome"], heard.told) == (straight.look["outcome"], straight.told)
    assert heard.look["cost"] == straight.look["cost"] + 1
    case["answers"][hop] = Answer(status=301, headers={"Location": where})
    heard = asked.ask(name, case)
    assert (heard.look["outcome"], heard.look["about_target"]) == ("refused", True)


@pytest.mark.parametrize(("name", "number"), spoilt("next"))
def test_a_link_to_another_host_is_never_followed(asked, name, number):
    twist = Twist(name, number)
    *holder, key = twist.said["next"]
    at(twist.body, holder)[key] = f"{FOREIGN}/x"
    heard = asked.ask(name, twist.case)
    assert (heard.look["outcome"], heard.look["about_target"]) == ("refused", True)


BROKEN = {
    "cut on the way": lambda body: Answer(body, cut_at=len(body) // 2),
    "cut at the source": lambda body: body[: len(body) // 2],
    "empty": lambda body: b"",
    "a list": lambda body: b"[]",
    "null": lambda body: b"null",
    "a number": lambda body: b"7",
    "a text": lambda body: b'"text"',
    "an empty object": lambda body: b"{}",
    "deep": lambda body: b"[" * 100_000,
    "a page for people": lambda body: Answer(b"<html>welcome</html>", content_type="text/html"),
    "not UTF-8": lambda body: b'{"id": "\xff\xfe"}',
    "reset": lambda body: Answer(reset=True),
    "a server's fault": lambda body: Answer(b"oops", 500),
    "another server's 404": lambda body: Answer(b"<html>not found</html>", 404, "text/html"),
    "another server's 404 in JSON": lambda body: Answer(b"{}", 404),
    "a teapot": lambda body: Answer(b"{}", 418),
    "too large": lambda body: b'{"x":"' + b"x" * 9_000_000 + b'"}',
    "a bomb": lambda body: Answer(gzip.compress(b" " * 50_000_000), headers={"Content-Encoding": "gzip"}),
    "an unknown encoding": lambda body: Answer(body, headers={"Content-Encoding": "compress"}),
}


@pytest.mark.parametrize("broken", BROKEN)
@pytest.mark.parametrize("name", HERE)
def test_what_is_no_answer_is_never_complete_nor_absent(asked, name, broken):
    for case in (recorded(name)["lists"][0]["case"], recorded(name)["one"]):
        said = case_of(name, case)
        body = answer_of(name, said["answers"][last_answer(said)])
        heard = asked.ask(name, lasting(said, BROKEN[broken](body)))
        assert heard.look["outcome"] in ("failed", "malformed"), heard.look
        assert heard.look["stop_reason"]
        assert "fault of ours" not in heard.look["stop_reason"]


@pytest.mark.parametrize("name", [name for name in HERE if Ask.SEARCH in platform(name).accepts])
def test_nobody_is_absent_because_a_search_was_not_there(asked, name):
    missing = [
        answer
        for case in recorded(name)["cases"]
        if case["outcome"] == "absent"
        for answer in case["answers"].values()
        if isinstance(answer, dict) and answer.get("status") == 404
    ]
    search = next(case["name"] for case in recorded(name)["cases"] if case["ask"] == "search")
    for answer in missing or [Answer(b"{}", 404)]:
        heard = asked.ask(name, lasting(case_of(name, search), copy.deepcopy(answer)))
        assert heard.look["outcome"] in ("malformed", "failed"), heard.look
        assert not any(seen["type"] == "Absent" for seen in heard.told)


# --- odd rows --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("odd", ODD, ids=repr)
@pytest.mark.parametrize(("name", "number"), spoilt())
def test_an_odd_row_costs_itself_only(asked, name, number, odd):
    twist = Twist(name, number)
    straight = asked.ask(name, copy.deepcopy(twist.case))
    twist.rows.insert(twist.first + 1, odd)
    twist.counted(1)
    heard = asked.ask(name, twist.case)
    assert heard.look["outcome"] == "partial", heard.look["stop_reason"]
    assert without_rank(heard.told) == without_rank(straight.told)
    assert (heard.look["odd"], json.loads(heard.odd[0]["raw"])) == (1, odd)
    assert heard.odd[0]["what"] in heard.look["stop_reason"]


@pytest.mark.parametrize(("name", "number"), spoilt("mandatory"))
def test_a_mandatory_key_that_is_gone_costs_the_row_and_of_all_rows_the_look(asked, name, number):
    twist = Twist(name, number)
    straight = asked.ask(name, copy.deepcopy(twist.case))
    key = twist.said["mandatory"]
    holder = twist.rows[twist.first]
    holder.pop(key)
    heard = asked.ask(name, twist.case)
    assert heard.look["outcome"] == ("partial" if len(twist.rows) > twist.first + 1 else "malformed")
    assert len(heard.told) < len(straight.told)
    assert repr(key) in heard.odd[0]["reason"]
    for row in twist.rows[twist.first :]:
        row.pop(key, None)
    heard = asked.ask(name, twist.case)
    assert heard.look["outcome"] == "malformed"
    assert repr(key) in heard.look["stop_reason"]


@pytest.mark.parametrize("value", [7, True, [], {"full": "Mira Tosk"}], ids=repr)
@pytest.mark.parametrize(("name", "number"), spoilt("mandatory"))
def test_a_value_of_another_type_is_no_value(asked, name, number, value):
    twist = Twist(name, number)
    twist.rows[twist.first][twist.said["mandatory"]] = value
    heard = asked.ask(name, twist.case)
    assert heard.look["outcome"] in ("partial", "malformed")
    assert "Mira Tosk" not in json.dumps(heard.told)
    assert "fault of ours" not in heard.look["stop_reason"]


@pytest.mark.parametrize("odd", ODD[:7], ids=repr)
@pytest.mark.parametrize(("name", "number"), spoilt("nested"))
def test_an_odd_entry_inside_a_row_costs_itself_only(asked, name, number, odd):
    twist = Twist(name, number)
    straight = asked.ask(name, copy.deepcopy(twist.case))
    at(twist.rows[twist.first], twist.said["nested"]).append(odd)
    heard = asked.ask(name, twist.case)
    assert heard.look["outcome"] == "partial", heard.look["stop_reason"]
    assert (heard.told, heard.look["odd"]) == (straight.told, 1)


@pytest.mark.parametrize("name", HERE)
def test_the_thing_itself_without_a_mandatory_key_is_malformed(asked, name):
    said = case_of(name, recorded(name)["one"])
    for key in recorded(name)["one_needs"]:
        where = next(iter(said["answers"]))
        body = copy.deepcopy(body_of(name, said["answers"][where]))
        *holder, last = key
        at(body, holder).pop(last)
        heard = asked.ask(name, {**said, "answers": {**said["answers"], where: body}})
        assert heard.look["outcome"] == "malformed", key
        assert not any(seen["type"] == "Absent" for seen in heard.told)


@pytest.mark.parametrize("name", HERE)
def test_odd_subjects_stay_inside_their_question(asked, name):
    for ask in sorted(platform(name).accepts):
        for subject in ("../../admin?x=1#", "a&b=c \x00 \ud800 é", "%2e%2e/", "", "9" * 400):
            case = {"ask": ask.value, "subject": subject, "answers": {}, "market": ""}
            heard = asked.ask(name, case)
            assert heard.look["outcome"] in ("malformed", "absent", "failed", "refused"), (ask, subject)
            assert not any("/admin" in url.partition("?")[0].replace("%2F", "_") for url in heard.asked)


def test_every_ask_is_known_to_somebody():
    assert {ask for name in NAMES for ask in platform(name).accepts} == set(Ask)
