"""What is said of a match is true: pairs in all scripts, the kinds that must and must not appear, and the sentence.

All artists are invented; where a point was made by a real name, a made-up one of the same shape stands here.
"""

import unicodedata

import pytest

from crawler.resemblance import RosterName, build_index
from tests.evidence_pairs import PAIRS

EYES_CAN_TELL = {
    "exact",
    "case",
    "typo",
    "article",
    "order",
    "subset",
    "number",
    "spacing",
    "punctuation",
    "sound",
    "affix",
    "embedded",
}


def said(text, name):
    """Return the match of a name alone on the roster."""
    (match,) = build_index([RosterName("it", name)]).match(text, least=0.0)
    return match


@pytest.mark.parametrize(("text", "name", "kinds", "sentence"), PAIRS, ids=[f"{n}" for n in range(len(PAIRS))])
def test_a_pair_is_explained_truly(text, name, kinds, sentence):
    match = said(text, name)
    assert set(match.kinds) == set(kinds.split())
    assert match.evidence == sentence


def test_the_table_is_of_two_hundred_pairs_and_all_kinds():
    assert len(PAIRS) >= 200
    told = {kind for _, _, kinds, _ in PAIRS for kind in kinds.split()}
    assert told >= EYES_CAN_TELL | {
        "confusable",
        "invisible",
        "faux",
        "leet",
        "styled",
        "diacritic",
        "romanised",
        "reversed",
        "escaped",
    }


@pytest.mark.parametrize("name", sorted({name for _, name, _, _ in PAIRS}))
def test_an_identical_string_is_exact_and_quoted_whole(name):
    match = said(name, name)
    assert match.kinds == ("exact",)
    assert match.part == name
    assert match.evidence == f"“{name}” as it is"


@pytest.mark.parametrize("name", sorted({name for _, name, _, _ in PAIRS}))
def test_nothing_is_louder_than_the_name_itself_but_a_disguise(name):
    disguised = {"confusable", "invisible", "faux", "leet", "styled", "reversed"}
    itself = said(name, name).bits
    for text, other, kinds, _ in PAIRS:
        if other == name and not disguised & set(kinds.split()) and "romanised" not in kinds:
            assert said(text, name).bits <= itself + 3, text


def test_what_eyes_cannot_tell_is_told_with_code_points():
    for text, _, kinds, sentence in PAIRS:
        if {"confusable", "invisible", "reversed"} & set(kinds.split()) and not text.isascii():
            assert "U+" in sentence, text


def test_marks_stored_apart_are_the_same_name():
    match = said(unicodedata.normalize("NFD", "Sígur Nós"), "Sígur Nós")
    assert match.kinds == ("exact",)
    assert "apart" in match.evidence
