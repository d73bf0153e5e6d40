"""Names of nothing but signs: what each sign, standing alone, and a sign of no keyboard say, and why."""

from math import log2

import pytest

from crawler.resemblance import ALARMS, RosterName, build_index, cut_for
from crawler.resemblance.symbols import is_rare


def bits(name, text):
    """Return how loud a name of signs alone on the roster is in a text; nothing if it is not met."""
    return max((match.bits for match in build_index([RosterName("it", name)]).match(text, least=0.0)), default=None)


def test_each_sign_counts_as_one_of_twelve_and_standing_alone_three_thousand_to_one():
    assert bits("!?", "!?") - bits("?", "?") == pytest.approx(log2(12))
    assert bits("?", "?") - bits("?", "Blue Skies (feat. ?)") == pytest.approx(log2(3000))


def test_signs_that_stand_between_names_everywhere_are_hardly_anybodys():
    assert bits("?", "?") - bits("&", "&") == pytest.approx(log2(3000))
    assert bits("&", "Marisol & Vantrey") < 4
    assert bits("&&", "&&") > bits("&", "&") + log2(3000)


def test_a_sign_of_no_keyboard_is_told_in_a_title_and_a_question_mark_is_not():
    assert bits("✻", "Blue Skies (feat. ✻)") - bits("?", "Blue Skies (feat. ?)") == pytest.approx(log2(4))
    assert bits("?", "Tin Lantern, ?") < cut_for(ALARMS) < bits("✻", "Tin Lantern, ✻")


@pytest.mark.parametrize("sign", ["!", "_", "•", "–", "×"])
def test_a_sign_of_a_keyboard_or_between_names_is_not_rare(sign):
    assert is_rare("✻✻")
    assert not is_rare(sign)
    assert not is_rare(f"✻{sign}")


@pytest.mark.parametrize("text", [":(", "Blue Skies (feat. :()", "Tin Lantern, :(", "(:()", "“:(”"])
def test_a_name_that_ends_in_a_bracket_is_met_in_brackets(text):
    assert bits(":(", text) is not None


def test_the_sign_itself_is_quoted_with_its_place():
    (match,) = build_index([RosterName("it", "✻")]).match("Tin Lantern, ✻ and more", least=0.0)
    assert (match.part, match.span) == ("✻", (13, 14))
