"""Names met across scripts by their consonants, and what each rule of bones.py is for; endings that are not heard."""

import numpy as np
import pytest

from crawler.resemblance import ALARMS, RosterName, build_index, cut_for
from crawler.resemblance.bones import FEWEST, asked_keys, consonants, own_keys, unheard_r
from crawler.resemblance.candidates import BONES, SOUND
from crawler.resemblance.letters import read_letters

CUT = cut_for(ALARMS)
TOLD = 10.0
"""A thousand to one: under the cut of an ordinary name, told for one of more weight."""


def met(name, text, kind="name"):
    """Return the match of a name alone on the roster, and the ways its candidates were found."""
    index = build_index([RosterName("it", name)])
    ways = set(index.weigh([text], kind).found.tier.tolist())
    found = index.match(text, kind=kind, least=0.0)
    return (found[0] if found else None), ways


def bones(text):
    """Return the classes of a text's consonants in its last reading, as numbers."""
    read = read_letters([text])
    told = consonants(read)[read.word_from[read.row_words[-2]] :]
    return told[told > 0].tolist()


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Taylor Vrift", "テイラー・ヴリフト"),
        ("Sam Kortalis", "サム・コルタリス"),
        ("The Rolling Kestrels", "ザ・ローリング・ケストレルズ"),
        ("Marisol Fantrey", "ماريسول فانتري"),
        ("Badriya Mansur", "بدرية منصور"),
        ("テイラー・ヴリフト", "Taylor Vrift"),
    ],
)
def test_a_name_is_met_across_scripts_by_its_consonants(name, text):
    match, ways = met(name, text)
    assert BONES in ways or SOUND in ways
    assert match.bits > TOLD
    assert match.part == text
    assert match.kinds[0] in ("sound", "romanised")
    assert "without" not in match.evidence


def test_a_name_in_another_script_is_met_behind_a_joiner():
    match, _ = met("Taylor Vrift", "Tin Lantern feat. テイラー・ヴリフト")
    assert match.part == "テイラー・ヴリフト"
    assert match.bits > TOLD


def test_within_one_script_consonants_alone_are_nothing():
    assert BONES not in met("Tomas Lindrova", "Timos Landrive")[1]
    assert BONES not in met("ケストレルズ", "コストロリズ")[1]
    assert BONES in met("Kestrels", "ケストレルズ")[1]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("bav", "vab"), ("kaqac", "cakaq"), ("tad", "dat"), ("sazaj", "jasaz"), ("lar", "ral"),
        ("phila", "fila"), ("cebar", "sebar"), ("chata", "sata"), ("thema", "sema"), ("jacka", "jaka"),
        ("ottava", "otava"), ("hawaya", "aaa"), ("ロッカ", "ロカ"), ("ローカ", "ロカ"),
    ],
)  # fmt: skip
def test_what_scripts_write_alike_is_one_consonant(one, other):
    assert bones(one) == bones(other)


@pytest.mark.parametrize(("one", "other"), [("ba", "pa"), ("ka", "ga"), ("ma", "na"), ("fa", "pa"), ("sa", "ta")])
def test_what_scripts_keep_apart_is_two(one, other):
    assert bones(one) != bones(other)


def test_doubles_count_once_within_a_word_alone():
    assert len(bones("Tin Nadda")) == 4
    assert len(bones("Tinn Nada")) == 4


def test_an_r_that_no_vowel_follows_may_be_unheard():
    read = read_letters(["Captor Marro"])
    assert np.flatnonzero(unheard_r(read)).tolist() == [5, 8]
    assert met("Captor Dervish", "カプタ・デヴィシュ")[0] is not None


def test_so_few_consonants_are_shared_by_too_many_names():
    few, enough = "b" + "ad" * (FEWEST - 2), "b" + "ad" * (FEWEST - 1)
    for text, told in ((few, False), (enough, True)):
        read = read_letters([text])
        assert (own_keys(read, np.array([0]), np.array([1]))[0][0] > 0) == told
        assert (asked_keys(read, np.array([0]), np.array([1]))[0][0] > 0) == told


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Guy Varlow Clark", "Guy Varlow Clarke"), ("Billie Vantrey", "Billy Vantrey"),
        ("Katie Marlowe", "Katy Marlow"),
        ("Cate Quorlaz", "Cat Quorlaz"),
        ("Ashley Vantrey", "Ashlee Vantrey"), ("Stevie Quorl", "Stevee Quorl"), ("Rudey Quorl", "Rudy Quorl"),
    ],
)  # fmt: skip
def test_endings_that_are_said_alike_sound_alike(name, text):
    match, ways = met(name, text)
    assert SOUND in ways
    assert match.bits > CUT


@pytest.mark.parametrize(
    ("name", "text"), [("Meda Quorl", "Med Quorl"), ("Noe Quorl", "No Quorl"), ("Varloe Quorl", "Varlo Quorl")]
)
def test_other_endings_are_heard(name, text):
    assert SOUND not in met(name, text)[1]


def test_three_edits_are_looked_for_in_names_of_eighteen_letters():
    assert met("Oskar Vellinghastrom", "Oskar Velinghostrum")[0].edits == 3
    assert met("Oskar Vellinghastr", "Oskar Velinghostl")[0] is None
    assert met("Oskar Vellinghastrom", "Osker Velinghostrum")[0] is None
