"""Each way to imitate a name is met, named and quoted; what is no imitation stays quiet. All artists are invented."""

from math import inf

import pytest

from crawler.resemblance import ALARMS, Match, RosterName, build_index, cut_for
from crawler.resemblance.folding import hidden
from crawler.resemblance.shown import CLOSING, OPENING, shown

ROSTER = [
    RosterName("marisol", "Marisolé Vantrey", ("MV Kestrell",)),
    RosterName("harbour", "The Brindle Harbours"),
    RosterName("wolves", "Twelve Copper Wolves & The Quiet Gizmo"),
    RosterName("cash", "Ka$hmere Tolliver"),
    RosterName("kirov", "Кирпелов"),
    RosterName("signs", "!?!"),
    RosterName("quorl", "Quorlaz"),
    RosterName("five", "Brigade Five-O"),
    RosterName("han", "蒼井ミナト"),
]
INDEX = build_index(ROSTER)


def met(text: str, artist: str, least: float = 0.1) -> Match:
    """Return the match of an artist in a text."""
    found = [match for match in INDEX.match(text, least=least) if match.artist == artist]
    assert found, f"{artist} not met in {text!r}"
    return found[0]


@pytest.mark.parametrize(
    ("text", "artist", "kind"),
    [
        ("MARISOLÉ VANTREY", "marisol", "case"),
        ("Marisole Vantrey", "marisol", "diacritic"),
        ("Маrisolé Vantrey", "marisol", "confusable"),
        ("Mari\u200bsolé Vantrey", "marisol", "invisible"),
        ("𝓜𝓪𝓻𝓲𝓼𝓸𝓵𝓮 𝓥𝓪𝓷𝓽𝓻𝓮𝔂", "marisol", "styled"),
        ("Mar1s0lé Vantrey", "marisol", "leet"),
        ("Kashmere Tolliver", "cash", "leet"),
        ("МаЯisolé Vantrey", "marisol", "faux"),
        ("Marisolé Vantery", "marisol", "typo"),
        ("Marisolé Vantreyy", "marisol", "typo"),
        ("MarisoléVantrey", "marisol", "spacing"),
        ("Marisolé-Vantrey.", "marisol", "punctuation"),
        ("Vantrey, Marisolé", "marisol", "order"),
        ("Brindle Harbours", "harbour", "article"),
        ("Marisolé Vantrey Official", "marisol", "affix"),
        ("Tin Door (feat. Marisolé Vantrey)", "marisol", "embedded"),
        ("Tin Door, Marisolé Vantrey", "marisol", "embedded"),
        ("Kirpelov", "kirov", "romanised"),
        ("Марисоле Вантрей", "marisol", "romanised"),
        ("Marizole Vantrei", "marisol", "typo"),
        ("Twelve Copper Wolves Gizmo", "wolves", "subset"),
        ("Brigade 5-O", "five", "number"),
        ("!?!", "signs", "exact"),
        ("MV Kestrel", "marisol", "typo"),
        ("07Quorlaz", "quorl", "affix"),
        ("Marisol&eacute; Vantrey", "marisol", "exact"),
        ("Blue Door in the Style of Marisolé Vantrey", "marisol", "affix"),
    ],
)
def test_each_kind_of_imitation_is_met_and_named(text, artist, kind):
    assert kind in met(text, artist, least=0.0).kinds


def test_a_confusable_quotes_its_character_and_code_point():
    assert met("The Вrindle Harbours", "harbour").evidence == "В U+0412 for B"


def test_a_transposition_says_where():
    assert met("Marisolé Vantery", "marisol").evidence == "“er” swapped at 13"


def test_a_typo_in_one_of_several_words_is_no_missing_word():
    assert met("Thee Brindle Harbors", "harbour").kinds == ("typo",)


def test_an_alias_is_told_as_the_roster_spells_it():
    assert met("mv kestrell", "marisol").alias == "MV Kestrell"


def test_the_part_that_was_met_is_quoted_as_printed_with_its_place():
    text = "Blue Door (feat. Mаrisolé Vantrey) [Live]"
    match = met(text, "marisol")
    assert match.part == "Mаrisolé Vantrey"
    assert text[slice(*match.span)] == match.part


def test_an_ideograph_name_is_met_inside_a_title():
    assert met("夜の歌 feat. 蒼井ミナト", "han").part == "蒼井ミナト"


def test_a_look_alike_is_louder_than_an_honest_mark():
    assert met("Marisolé Vаntrey", "marisol").surprise > met("Marisole Vantrey", "marisol").surprise + 3


def bits(name, text, kind="name"):
    """Return how loud a name alone on the roster is met in a text; nothing is minus infinity."""
    return max((m.bits for m in build_index([RosterName("it", name)]).match(text, kind=kind, least=0.0)), default=-inf)


CUT, TITLES = cut_for(ALARMS), cut_for(ALARMS, titles=True)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("John Lane", "John Land"),
        ("The Copper Wolves", "The Copper Foxes"),
        ("Dan Copper", "Don Copper"),
        ("Mark Johnson", "Marc Jonsson Trio"),
    ],
)
def test_a_different_act_that_is_met_stays_under_the_cut(name, text):
    assert -inf < bits(name, text) < CUT


@pytest.mark.parametrize(
    ("text", "plain"),
    [("BLΛCKQUΛRRY", "BLACKQUARRY"), ("DocꓘerTroИ", "DockerTron"), ("Тихий Омут", "Tikhiy Omut")],
)
def test_mixed_script_alone_is_not_suspicious_but_as_somebodys_name_it_is(text, plain):
    stranger = build_index([RosterName("it", "Thundering Plovers")])
    assert stranger.match(text, least=0.0) == []
    assert bits(plain, text) > CUT


def test_a_name_beside_its_own_reading_stays_low():
    index = build_index([RosterName("kirov", "Kirpelov"), RosterName("minato", "Minato")])
    for text in ("Кирпелов (Kirpelov)", "ミナト(Minato)", "Minato【ミナト】"):
        assert all(match.score < 0.1 for match in index.match(text, least=0.0))
    assert index.match("Kirреlov (Kirpelov)")[0].score > 0.5


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Air", "Air Supply Depot"),
        ("Yes", "Say Yes to Love"),
        ("Prince", "The Prince of Kilns"),
        ("Air", "The Air That I Breathe"),
        ("Prince", "Prinze"),
        ("Air", "Aire"),
        ("Queen", "Dancing Queen Band"),
    ],
)
def test_short_and_common_names_are_seen_in_other_words_but_stay_under_the_cut(name, text):
    assert bits(name, text) < CUT
    assert bits(name, name) > CUT


@pytest.mark.parametrize("name", ["America", "Kiss", "Rush", "Heart", "Journey"])
@pytest.mark.parametrize("versions", [" (Live)", " - Radio Edit", " (Remastered 2011)", " - 2009 Remaster", " [Remix]"])
def test_version_words_add_nothing_to_an_ordinary_title(name, versions):
    bare, versioned = bits(name, name, "title"), bits(name, name + versions, "title")
    assert versioned == pytest.approx(bare, abs=1e-6)
    assert bits(name, name + versions) == pytest.approx(bits(name, name), abs=1e-6)
    (match,) = build_index([RosterName("it", name)]).match(name + versions, kind="title", least=0.0)
    assert match.score < 0.5


@pytest.mark.parametrize(
    "title",
    ["Blue (feat. {})", "Tin Door ({} Remix)", "{} Type Beat", "Glass in the Style of {}", "Salt ({} AI Cover)"],
)
def test_a_title_that_names_an_artist_is_told(title):
    assert bits("Marisolé Vantrey", title.format("Marisolé Vantrey"), "title") > TITLES


def test_a_disguised_title_is_told_where_the_plain_one_is_not():
    assert bits("Heart", "Heart", "title") < TITLES < bits("Heart", "Hеart", "title")


def test_a_whole_title_counts_less_than_a_whole_credit():
    for name in ("Quorlaz", "Heart", "America"):
        assert bits(name, name, "title") < bits(name, name) - 2


@pytest.mark.parametrize(
    "name", ["The Weskend", "The Cure Alls", "Los Farolos", "The Pillers", "Die Quarzen", "La Merel"]
)
def test_a_dropped_article_is_nearly_free(name):
    without = name.split(maxsplit=1)[1]
    assert bits(name, without) > CUT
    assert bits(name, without) > bits(name, name) - 9


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Metrallico", "Metralico"),
        ("Oskar Vellinghast", "Oskar Velinghast"),
        ("Guy Lark", "Guy Larke"),
        ("Ella Stone", "Ela Stone"),
        ("Sunday Kiln", "Sundae Kiln"),
    ],
)
def test_common_respellings_are_told(name, text):
    assert bits(name, text) > CUT


@pytest.mark.parametrize(
    "joined",
    ["{}|{}", "{}｜{}", "{} | {}", "{}×{}", "{}+{}", "{}•{}", "{}・{}", "{} con {}", "{} y {}", "{} 和 {}", "{} 与 {}",
     "{} 與 {}", "{} 및 {}", "{} 그리고 {}", "{} και {}", "{} és {}", "{} ja {}", "{} và {}", "{} dan {}", "{} & {}",
     "{} feat. {}", "{} x {}", "{}/{}", "{}; {}"],
)  # fmt: skip
def test_both_of_two_joined_names_are_told(joined):
    index = build_index([RosterName("one", "Marisolé"), RosterName("two", "Oskar Vellinghast"), RosterName("no", "Ke")])
    found = {m.artist: m for m in index.match(joined.format("Marisolé", "Oskar Vellinghast"), kind="name")}
    assert {m.part for m in found.values()} == {"Marisolé", "Oskar Vellinghast"}


@pytest.mark.parametrize("sign", ["\u200b", "\u2060", "\u3164", "\ufeff", "\u00ad", "\u202b"])
def test_an_invisible_sign_at_an_edge_is_a_disguise(sign):
    index = build_index([RosterName("it", "Quorlaz")])
    for text in (f"Quorlaz{sign}", f"{sign}Quorlaz"):
        (match,) = index.match(text)
        assert match.kinds == ("invisible",)
        assert match.part == text
        assert match.bits > bits("Quorlaz", "Quorlaz") + 3


@pytest.mark.parametrize("text", ["👩\u200d🚀 Tin", "कर्\u200dम", "می\u200cخواهم", "שלום\u200f!", "Tin ☀\ufe0f"])
def test_invisible_signs_that_writing_needs_are_no_disguise(text):
    assert hidden(text) == ()


def test_text_shown_backwards_is_read_as_it_is_shown():
    assert bits("Quorlaz", "\u202ezalrouQ") > bits("Quorlaz", "Quorlaz")
    assert bits("Quorlaz", "zalrouQ") == -inf
    assert shown("\u202eab\u202dcd\u202cef\u202cgh").text.strip("\u202e\u202c\u202d").startswith("fe")


@pytest.mark.parametrize(
    ("text", "visible"),
    [
        ("\u202e)ba(", ")ab("),
        ("\u202e(\u202d[cd]\u202c)", "([cd])"),
        ("\u202ea\u2066bc\u2069d\u202ce", "dcbae"),
        ("\u202eab\ncd", "ba\ncd"),
        ("\u202c\u202ba\u202c\u202eab\u202c\u202c\u202cc", "abac"),
        ("\u202e" * 9 + "ab" + "\u202c" + "cd" + "\u202c" * 8 + "ef", "dcbaef"),
        ("\u202e\u202d" * 3 + "ab", "ab"),
        ("\u202e\u202d" * 4 + "ab", "ba"),
    ],
)
def test_overrides_turn_what_they_hold_with_its_brackets_to_a_depth_of_seven(text, visible):
    assert "".join(sign for sign in shown(text).text if sign not in OPENING + CLOSING) == visible


def test_exact_is_never_quieter_than_plainer_print():
    for name, plainer in (
        ("R!nko", "Rinko"),
        ("Ka$hmere", "Kashmere"),
        ("Sígur Nós", "Sigur Nos"),
        ("MΛRROW", "MARROW"),
    ):
        assert bits(name, plainer) <= bits(name, name)


def test_matches_come_most_surprising_first():
    found = [match.surprise for match in INDEX.match("!?! feat. Kirpelov, Quorlas", least=0.0)]
    assert len(found) >= 3
    assert found == sorted(found, reverse=True)


def test_every_member_of_a_joint_credit_is_met():
    found = INDEX.match("Kirpelov, Quorlaz feat. Kashmere Tolliver & Tin Door x Brindle Harbours", least=0.0)
    assert {"kirov", "quorl", "cash", "harbour"} <= {match.artist for match in found}
