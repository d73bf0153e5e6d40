"""The matcher's parts by themselves: hashes, tables, queries, budgets; and real names where they are at hand."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.resemblance import ALARMS, RosterName, build_index, chance, cut_for, fold, name_key, plan_queries
from crawler.resemblance.folding import CONFUSABLES, hidden, romanised
from crawler.resemblance.gloss import is_glossed
from crawler.resemblance.hashing import BASE, INVERSE, ROUNDS, Table
from crawler.resemblance.letters import read_letters
from crawler.resemblance.printed import CHUNK, LARGEST, LONGEST, as_printed, chunks, has_letters

SHARED = Path(__file__).parents[2] / "shared" / "names"
NUMBERS = st.lists(st.tuples(st.integers(0, 2**64 - 1), st.integers(0, 2**31 - 1)), max_size=60)


def found(table, keys):
    at, values = table.find(np.array(keys, np.uint64))
    return {(keys[i], v) for i, v in zip(at.tolist(), values.tolist(), strict=True)}


def columns(pairs):
    return np.array([k for k, _ in pairs], np.uint64), np.array([v for _, v in pairs], np.int32)


@given(NUMBERS, NUMBERS, st.lists(st.integers(0, 2**64 - 1), max_size=20))
def test_a_table_finds_what_was_put_in_and_nothing_else(pairs, more, others):
    table = Table.of(*columns(pairs)).with_more(*columns(more))
    asked = list(dict.fromkeys([k for k, _ in pairs + more] + others))
    assert found(table, asked) == {(k, v) for k, v in pairs + more}


@pytest.mark.parametrize("count", [1, ROUNDS, ROUNDS + 1, 3 * ROUNDS])
def test_a_crowded_key_keeps_all_its_values_and_its_neighbours_theirs(count):
    pairs = [(7 << 50, value) for value in range(count)] + [((7 << 50) + 1, 99), ((7 << 50) - 1, 98)]
    assert found(Table.of(*columns(pairs)), [key for key, _ in pairs]) == set(pairs)


def test_a_pair_that_is_put_in_twice_is_found_once():
    at, values = Table.of(*columns([(5, 1), (5, 1), (5, 2)])).find(np.array([5], np.uint64))
    assert sorted(values.tolist()) == [1, 2]
    assert at.tolist() == [0, 0]


def test_a_few_further_keys_are_put_in_place_and_many_make_a_table_of_their_size():
    first = [(key << 40, key) for key in range(1, 1001)]
    few, many = [(3 << 45, 7)], [(key << 41, key) for key in range(1, 3001)]
    table = Table.of(*columns(first))
    assert table.with_more(*columns(few)).bits == table.bits
    assert found(table.with_more(*columns(few)), [3 << 45]) >= set(few)
    assert table.with_more(*columns(many)).bits == 11 > table.bits == 9


def test_the_base_of_the_hashes_has_its_inverse():
    assert BASE * INVERSE % 2**64 == 1


def words(text):
    read = read_letters([text])
    return [read.letters[a:b] for a, b in zip(read.word_from, read.word_to, strict=True)]


def test_leet_signs_are_letters_only_among_letters():
    assert words("A$AP") == ["asap"]
    assert words("P!nk!") == ["pink"]
    assert words("Wham! & Co") == ["wham", "co"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("02Mogway", "02 mogway"),
        ("Mogway41", "mogway 41"),
        ("2Mogway", "2mogway"),
        ("Mogway4", "mogway4"),
        ("Mog41way", "mog41way"),
        ("99", "99"),
    ],
)
def test_numbers_of_two_digits_part_from_names_at_either_end(text, told):
    assert fold(text).looks == told


@pytest.mark.parametrize("sign", ["\x7f", "\x80", "\x85", "\xa0", "\xff"])
def test_the_signs_after_ascii_are_read_like_all_others(sign):
    assert build_index([RosterName("it", "Quorlazim")]).match(f"Quorlazim{sign}", least=0.0)


def test_a_name_on_the_roster_is_ordinary_unless_said_otherwise():
    assert RosterName("it", "Quorlazim").weight == 1


def test_the_shipped_confusables_read_what_unicode_says():
    assert CONFUSABLES["е"] == "e"
    assert CONFUSABLES["В"] == "B"
    assert len(CONFUSABLES) > 1000


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Brindle & Sons", "brindle  & sons"),
        ("Quörlaz", "QUORLAZ"),
        ("Ｑｕｏｒｌａｚ", "quorlaz"),
        ("Quor\u200blaz", "Quorlaz"),
    ],
)
def test_equal_names_have_one_key(one, other):
    assert name_key(one) == name_key(other)


def test_a_look_alike_has_another_key_but_the_same_skeleton():
    assert name_key("Quоrlaz") != name_key("Quorlaz")
    assert fold("Quоrlaz").skeleton == fold("Quorlaz").skeleton


def test_the_ladder_shows_how_a_name_looks_and_sounds():
    forms = fold("Кирпелов")
    assert forms.plain == "кирпелов"
    assert forms.sounds == "kirpelov"


def test_the_first_query_is_the_name_itself_and_none_asks_twice():
    queries = plan_queries("The Brindle Harbours", ["Brindle Harbours", "THE BRINDLE HARBOURS"])
    assert queries[0].text == "The Brindle Harbours"
    assert len({query.text.casefold() for query in queries}) == len(queries)
    assert [query.expected for query in queries] == sorted((q.expected for q in queries), reverse=True)


def test_queries_reach_what_a_search_does_not_fold():
    asked = [query.text for query in plan_queries("Ka$hmere", ())]
    assert "Kashmere" in asked
    assert any(not text.isascii() for text in asked)
    assert any("kirpelov" in query.text.lower() for query in plan_queries("Кирпелов"))


def test_a_search_that_folds_less_is_asked_more():
    spelt = [query.text for query in plan_queries("Quörlaz Dé", (), ("case", "marks"), most=20)]
    assert "QuörlazDé" in spelt
    assert "QuörlazDé" not in [query.text for query in plan_queries("Quörlaz Dé", most=20)]


@pytest.mark.parametrize("name", ["", " ", "!?!", "а", "\ud800", "x" * 5000])
def test_any_name_can_be_planned(name):
    assert len(plan_queries(name, [name])) <= 8


def test_a_smaller_budget_cuts_louder_and_chance_agrees():
    cuts = [cut_for(alarms, 20_000) for alarms in (0.1, 0.03, 0.01, 0.003, 0.0001)]
    assert cuts == sorted(cuts)
    assert chance(cut_for(0.01, 20_000)) == pytest.approx(0.01 / 20_000, rel=0.01)
    assert chance(cut_for(0.00001, 20_000)) == pytest.approx(0.00001 / 20_000, rel=0.01)


def test_two_artists_of_one_name_are_both_told():
    index = build_index([RosterName("one", "Quorlaz"), RosterName("two", "Quorlaz")])
    assert {match.artist for match in index.match("Quоrlaz")} == {"one", "two"}


@pytest.mark.skipif(not SHARED.exists(), reason="the real names are not at hand (../shared/names)")
def test_real_names_are_met_and_other_real_names_are_not():
    from benchmarks.resemblance.accuracy import strongest, strongest_of, trial
    from benchmarks.resemblance.imitations import UNLEARNED
    from benchmarks.resemblance.names import choosing_names

    drawn = trial(choosing_names(), 1_000, 2_000, 20, 23, UNLEARNED)
    index = build_index(RosterName(name, name) for name in drawn.roster)
    cut = index.cuts(ALARMS, "name")
    assert np.mean(strongest_of(index, drawn.made) >= cut) > 0.92
    assert np.mean(strongest(index, drawn.background) >= cut) < 0.006


@pytest.mark.parametrize(
    ("sign", "read"),
    [("。", "."), ("«", "<<"), ("♪", " "), ("★", " "), ("①", "1"), ("和", " he ")],
)
def test_a_foreign_sign_is_read_as_its_letters_or_stop_and_a_picture_as_a_gap(sign, read):
    assert romanised(sign)[0].lower() == read


def test_a_selector_of_mongolian_letters_hides_only_behind_others():
    assert hidden("\u1820\u180b") == ()
    assert hidden("a\u180b") == ((1, 2),)


def test_a_text_is_read_up_to_a_hundred_thousand_signs_however_few_others_there_are():
    index = build_index([RosterName("it", "Quorlazim")])
    for before, told in ((LONGEST - len("Quorlazim"), 1), (LONGEST - 4, 0)):
        text = f"{'- ' * (before // 2)}{'-' * (before % 2)}Quorlazim"
        assert len(index.match(text, least=0.0)) == told
        assert len(index.match_many([text] * 5, least=0.0)[4]) == told


def test_many_texts_are_read_in_chunks_of_so_many_texts_or_signs():
    few = [len(chunk.texts) for chunk in chunks(["Quorlazim"] * (2 * CHUNK + 1))]
    assert few == [CHUNK, CHUNK, 1]
    large = [len(chunk.texts) for chunk in chunks(["x" * 90_000] * 7)]
    assert large == [5, 2]
    assert max(large) * 90_000 <= LARGEST + LONGEST


def test_a_span_widens_to_signs_without_a_letter_of_their_own():
    assert as_printed("Therapy? live", (0, 7), "Therapy?") == (0, 8)
    assert as_printed("  Quorlaz! ", (2, 9), "Quorlaz") == (2, 10)
    assert as_printed("le Гром\u044c ok", (3, 7), "Grom") == (3, 8)
    assert as_printed("le \u044cГром ok", (4, 8), "Grom") == (3, 8)
    assert as_printed("le Quorlaz, ok", (3, 10), "Quorla") == (3, 10)


@pytest.mark.parametrize(("text", "told"), [("a", True), ("1", True), ("!?", False), ("\u200b" * 600, False)])
def test_letters_are_seen_wherever_they_stand(text, told):
    assert has_letters(text) == told
    assert has_letters("–" * 300 + text) == told
    assert has_letters("–" * 300 + "Ж") is True


@pytest.mark.parametrize(
    ("name", "expected"), [("Кирпелов", 0.1), ("蒼井", 0.1), ("Sigur Rósim", 0.08), ("Mаrisol", 0.1), ("عمر", 0.1)]
)
def test_a_latin_form_is_worth_more_where_it_is_a_sound_than_where_it_is_without_marks(name, expected):
    (latin,) = [
        query for query in plan_queries(name, folds=(), most=99) if query.reason == "the Latin form of the name"
    ]
    assert latin.expected == pytest.approx(expected)


def test_a_sign_that_binds_letters_is_needed_between_two_of_its_writing_alone():
    assert hidden("aر\u200cر") == ()
    assert hidden("رa\u200cر") == ((2, 3),)
    assert hidden("ر\u200caر") == ((1, 2),)


def test_a_text_of_one_foreign_letter_has_letters():
    assert has_letters("Ж")
    assert has_letters("蒼")


def test_what_stands_behind_a_sign_that_parts_names_is_quoted_alone():
    index = build_index([RosterName("it", "Pemberwick")])
    for parter in ("和", "与", "|", "×"):
        (match,) = index.match(f"Quorlazim{parter}Pemberwick", least=0.0)
        assert match.part == "Pemberwick"


def test_a_name_in_brackets_is_a_gloss_only_of_what_sounds_like_it():
    assert is_glossed("アヤメ(Ayame)")
    assert is_glossed("Ayame [アヤメ]")
    assert not is_glossed("アヤメ(Kasumi)")
    assert not is_glossed("Ayame (Ayame)")
    assert not is_glossed("アヤメ")


def test_a_doubled_letter_less_is_asked_for():
    assert "Metalovin" in [query.text for query in plan_queries("Metallovin", most=99)]
