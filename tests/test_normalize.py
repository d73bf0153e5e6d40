"""What is cleaned at the border, and how names, lines, identifiers and dates are folded."""

import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.normalize import KEY, NAME, claimed_date, clean_text, gtin14, isrc, line_key, name_key, title_key

ANY_TEXT = st.text(alphabet=st.characters(exclude_categories=()), max_size=200)


@pytest.mark.parametrize(
    ("printed", "kept", "faults"),
    [
        ("Björk", "Björk", ()),
        ("a\x00b", "ab", ("NUL",)),
        ("a\ud800b", "a\ufffdb", ("lone surrogates",)),
        ("\ud83c\udfb5", "🎵", ()),
        ("a\x1b[31m", "a[31m", ("control characters",)),
        ("a\x85b", "ab", ("control characters",)),
        ("line\nbreak\ttab", "line\nbreak\ttab", ()),
        ("zero\u200bwidth \u202eturned", "zero\u200bwidth \u202eturned", ()),
        ("\x00\udc00\x07", "\ufffd", ("NUL", "lone surrogates", "control characters")),
    ],
)
def test_only_what_no_database_can_hold_is_taken_out(printed, kept, faults):
    assert clean_text(printed) == (kept, faults)


def test_over_long_text_is_cut_and_says_how_long_it_was():
    cut, faults = clean_text("x" * 1_000_000)
    assert len(cut) == NAME
    assert faults == ("over-long (1000000 characters)",)


@given(ANY_TEXT)
def test_cleaned_text_can_be_stored_anywhere_and_is_clean(text):
    cleaned, _ = clean_text(text)
    cleaned.encode("utf-8")
    assert "\x00" not in cleaned
    assert clean_text(cleaned) == (cleaned, ())


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Zéoncé", "ZEONCE"),
        ("Sigur Rós", "sigur ros"),
        ("Mötley Crüe", "Motley Crue"),
        ("AC/DC", "ACDC"),
        ("The  Beatles", "the beatles"),
        ("Ｑｕｉｌｌ", "Quill"),
        ("𝓠𝓾𝓲𝓵𝓵", "quill"),
        ("Qui\u200bll\u00ad", "Quill"),
        ("Straße", "STRASSE"),
        ("Mø", "MO"),
        ("Łona", "lona"),
        ("Æther", "aether"),
        ("\u202eOvels", "Ovels"),
        ("Ovels\ufe0f", "ovels"),
        ("İstanbul", "istanbul"),
    ],
)
def test_these_names_fold_to_one_key(one, other):
    assert name_key(one) == name_key(other) != ""


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("!!!", "!!!"),
        ("+/-", "+/-"),
        ("† † †", "†††"),
        ("宇多田ヒカル", "宇多田ヒカル"),
        ("ガガ", "ガガ"),
        ("방탄소년단", "방탄소년단"),
        ("林俊傑 (JJ Lin)", "林俊傑jjlin"),
        ("ﾋｶﾙ", "ヒカル"),
        ("अरिजीत सिंह", "अरिजीतसिंह"),
        ("\u200b \u200d", ""),
        ("", ""),
    ],
)
def test_symbols_alone_and_other_scripts_stay_what_they_are(name, key):
    assert name_key(name) == key


def test_different_names_keep_different_keys():
    names = ["!!!", "+/-", "Ovels", "Swan", "カ", "ガ", "Ο", "O"]
    assert len({name_key(name) for name in names}) == len(names)


@given(ANY_TEXT)
def test_folding_twice_is_folding_once(name):
    key = name_key(name)
    assert name_key(key) == key
    assert title_key(name) == key
    assert len(key) <= KEY


@given(st.text(alphabet=st.characters(categories=["Lu", "Ll"]), min_size=1, max_size=20))
def test_case_and_composition_never_matter(name):
    key = name_key(name)
    assert name_key(unicodedata.normalize("NFD", name)) == key
    assert name_key(" " + name + "\u200b") == key


@pytest.mark.parametrize(
    ("line", "holder"),
    [
        ("℗ 2024 Parse Room", "Parse Room"),
        ("© 2009 PARSE ROOM", "Parse Room"),
        ("(P) 2019 Parse Room", "Parse Room"),
        ("(c) 2018, 2019 Parse Room", "Parse Room"),
        ("℗ © 2019-2021 Parse Room", "Parse Room"),
        ("Copyright 2020 Parse Room", "Parse Room"),
        ("Parse Room", "parse room"),
        ("Parse Room (2019)", "parse room"),
        ("℗ The 1975", "The 1975"),
        ("1501 Certified", "1501 Certified"),
        ("2020", "2020"),
        ("℗ 2020", "2020"),
    ],
)
def test_a_line_is_its_holder(line, holder):
    assert line_key(line) == name_key(holder)


@given(ANY_TEXT)
def test_no_line_breaks_the_folding(line):
    assert line_key(line) or not name_key(line)


@pytest.mark.parametrize(
    ("raw", "normal"),
    [
        ("US-ABC-24-00101", "USABC2400101"),
        ("usabc2400101", "USABC2400101"),
        (" GB AYE 68 00001 ", "GBAYE6800001"),
        ("QZ9Y11234567", "QZ9Y11234567"),
        ("USABC240010", None),
        ("USABC24001011", None),
        ("12ABC2400101", None),
        ("USABC24O0101", None),
        ("ＵＳABC2400101", None),
        ("", None),
        (None, None),
    ],
)
def test_isrcs(raw, normal):
    assert isrc(raw) == normal


@pytest.mark.parametrize(
    ("raw", "normal"),
    [
        ("4006381333931", "04006381333931"),
        ("04006381333931", "04006381333931"),
        ("036000291452", "00036000291452"),
        ("0036000291452", "00036000291452"),
        ("96385074", "00000096385074"),
        ("4 006381-333931", "04006381333931"),
        ("4006381333932", None),
        ("40063813339", None),
        ("00000000000000", None),
        ("a lot", None),
        ("", None),
        (None, None),
    ],
)
def test_barcodes(raw, normal):
    assert gtin14(raw) == normal


@pytest.mark.parametrize(
    ("raw", "precision", "first_day"),
    [
        ("2009-05-31", "day", date(2009, 5, 31)),
        ("2009-05", "month", date(2009, 5, 1)),
        ("2009", "year", date(2009, 1, 1)),
        ("2009-00-00", "year", date(2009, 1, 1)),
        ("2009-05-00", "month", date(2009, 5, 1)),
        ("1975-11-21T08:00:00Z", "day", date(1975, 11, 21)),
        ("1975-11-21 08:00", "day", date(1975, 11, 21)),
        ("2024-02-29", "day", date(2024, 2, 29)),
        ("2023-02-29", "none", None),
        ("2023-13-01", "none", None),
        ("0000-00-00", "none", None),
        ("0000", "none", None),
        ("", "none", None),
        ("soon", "none", None),
        ("31.05.2009", "none", None),
        ("２００９", "none", None),
    ],
)
def test_claimed_dates(raw, precision, first_day):
    claimed = claimed_date(raw)
    assert (claimed.raw, claimed.precision, claimed.date) == (raw, precision, first_day)
