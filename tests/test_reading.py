"""Strict reading, value by value: what is taken, what is refused and in which words, and when odd entries are drift."""

import pytest

from spiders.base.errors import Misunderstood
from spiders.base.reading import (
    Noted,
    an_object,
    as_text,
    barcode_forms,
    duration_ms,
    each,
    identifier,
    may,
    need,
    noting,
    parse,
    same_barcode,
    words,
)


def refused(read, *arguments):
    with pytest.raises(Misunderstood) as caught:
        read(*arguments)
    return str(caught.value)


def test_an_answer_is_an_object_or_is_named_with_its_size():
    assert parse(b'{"a": 1}', "artist/1") == {"a": 1}
    assert refused(parse, b"<html>", "artist/1") == "artist/1: not JSON (JSONDecodeError, 6 bytes)"
    assert refused(parse, b"[1]", "artist/1") == "artist/1: a JSON object was expected, got list"
    assert refused(an_object, None) == "an object was expected, got NoneType"


def test_a_mandatory_value_is_there_and_of_its_type_and_true_is_no_number():
    row = {"n": 1, "t": "x", "b": True, "none": None}
    assert (need(row, "n", int), need(row, "b", bool)) == (1, True)
    assert refused(need, row, "m", int) == "mandatory key 'm' is missing"
    assert refused(need, row, "t", int) == "key 't' should be int, is str"
    assert refused(need, row, "b", int) == "key 'b' should be int, is bool"
    assert refused(need, row, "none", str) == "key 'none' should be str, is NoneType"


def test_an_optional_value_may_be_missing_or_null_and_nothing_else():
    row = {"n": 0, "none": None}
    assert (may(row, "n", int), may(row, "none", int), may(row, "m", int)) == (0, None, None)
    assert refused(may, row, "n", str) == "key 'n' should be str, is int"
    assert words({"w": ["a", "b"]}, "w") == ("a", "b")
    assert words({}, "w") is None
    assert refused(words, {"w": [1]}, "w") == "key 'w' should be str, is int"


@pytest.mark.parametrize(("said", "id_"), [(7, "7"), (0, "0"), ("a1", "a1"), ("0", "0")])
def test_an_id_is_text_however_it_is_printed(said, id_):
    assert identifier({"id": said}) == id_


@pytest.mark.parametrize("said", [None, "", True, False, 1.5, ["1"]])
def test_what_is_no_id_is_refused(said):
    assert refused(identifier, {"key": said}, "key").startswith("mandatory key 'key' is missing or no id")


@pytest.mark.parametrize(
    ("said", "ms"),
    [
        (None, None),
        ("PT4M12S", 252_000),
        ("P1DT2H3M4.5S", 93_784_500),
        ("P2D", 172_800_000),
        ("PT0S", 0),
        ("PT1H", 3_600_000),
        ("PT0.0004S", 0),
        ("PT" + "0" * 8 + "1H" + "0" * 8 + "1M0." + "0" * 9 + "S", 3_660_000),  # 34 characters
        ("P000000001DT000000001H0000001M0.0000001S", 90_060_000),  # 40
    ],
)
def test_a_length_of_time_is_read_to_the_millisecond(said, ms):
    assert duration_ms({"d": said}, "d") == ms


@pytest.mark.parametrize("said", ["P", "PT", "4M", "PT4M12", "P1M", "PT-1S", "PT1S ", "P1DT" + "0" * 40 + "1S"])
def test_what_is_no_length_of_time_is_quoted_as_far_as_is_sensible(said):
    assert refused(duration_ms, {"d": said}, "d") == f"key 'd' should be a length of time, is {said[:40]!r}"


def test_a_barcode_is_printed_in_every_usual_length_the_given_one_first():
    assert barcode_forms(" 0012345678905 ") == ["0012345678905", "012345678905", "00012345678905"]
    assert barcode_forms("123456789012", (12, 13)) == ["123456789012", "0123456789012"]
    assert barcode_forms("12345678901234") == ["12345678901234"]


@pytest.mark.parametrize(
    ("printed", "asked", "same"),
    [("0123", "123", True), (" 123", "00123 ", True), ("1230", "123", False), (None, "", False), ("", "0", False)],
)
def test_barcodes_are_the_same_whatever_zeros_lead_them_and_none_is_none(printed, asked, same):
    assert same_barcode(printed, asked) is same


def odd(count, good=0, entry=0, what="row"):
    noted = Noted()
    for place in range(count):
        noted.odd(what, place, "why", entry)
    noted.good[what] += good
    return noted


def test_entries_are_numbered_as_said_and_an_odd_one_costs_itself_where_somebody_notes():
    entries = [{"id": 1}, {}, {"id": 3}]
    assert refused(each, entries, "row", identifier).startswith("mandatory key")
    noted = Noted()
    with noting(noted):
        assert each(entries, "row", identifier) == ("1", "3")
        assert each([None], "row", identifier, 11) == ()
    assert [(one.what, one.raw) for one in noted.rows] == [("row 2", "{}"), ("row 11", "null")]
    assert (len(noted), noted.good["row"], noted.nulls["row"]) == (2, 2, 1)
    assert noted.told().startswith(
        "2 odd of 4 entries (row 2: mandatory key 'id' is missing or no id: NoneType; row 11"
    )
    assert refused(each, entries, "row", identifier)  # nobody notes any more


def test_what_was_noted_is_handed_over_once():
    noted = odd(2)
    assert len(noted.take()) == 2
    assert noted.take() == ()
    noted.odd("row", 3, "y" * 400, 0)
    (one,) = noted.take()
    assert one.reason == "y" * 300


def test_a_few_odd_entries_are_named_some_kept_and_all_counted():
    noted = odd(25)
    assert (len(noted), len(noted.rows)) == (25, 20)
    assert noted.told() == "25 odd of 25 entries (row 0: why; row 1: why; row 2: why)"


@pytest.mark.parametrize(("count", "good", "drift"), [(2, 0, False), (3, 0, True), (3, 9, False), (3, 8, True)])
def test_three_odd_entries_that_are_more_than_a_quarter_are_drift(count, good, drift):
    assert odd(count, good).is_drift() is drift


def test_gaps_are_no_drift_and_every_kind_is_judged_for_itself():
    assert not odd(9, entry=None).is_drift()
    mixed = odd(2)
    mixed.bad["track"] = 2
    assert not mixed.is_drift()


def test_an_entry_is_kept_as_json_or_as_python_writes_it_and_cut_where_it_is_long():
    assert as_text({"a": "ü"}) == '{"a": "ü"}'
    assert as_text({1}) == "{1}"
    assert len(as_text("x" * 5_000)) == len(as_text({"x" * 5_000})) == 4_000
