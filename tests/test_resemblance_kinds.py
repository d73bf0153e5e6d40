"""Each way to imitate a name is met, named and quoted; what is no imitation stays quiet. All artists are invented."""

import pytest

from crawler.resemblance import Match, RosterName, build_index

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


def test_a_different_act_that_begins_alike_stays_low():
    assert all(match.score < 0.1 for match in INDEX.match("Quorla Zeen", least=0.0))


@pytest.mark.parametrize("text", ["BLΛCKQUΛRRY", "アヤメ(Ayame)", "DocꓘerTroИ", "Тихий Океан", "漢字とkana"])
def test_mixed_script_alone_is_not_suspicious(text):
    assert INDEX.match(text) == []


def test_a_name_beside_its_own_reading_stays_low():
    index = build_index([RosterName("kirov", "Kirpelov"), RosterName("minato", "Minato")])
    for text in ("Кирпелов (Kirpelov)", "ミナト(Minato)", "Minato【ミナト】"):
        assert all(match.score < 0.1 for match in index.match(text, least=0.0))
    assert index.match("Kirреlov (Kirpelov)")[0].score > 0.5


def test_short_and_common_names_do_not_flood():
    index = build_index([RosterName("air", "Air"), RosterName("yes", "Yes"), RosterName("prince", "Prince")])
    texts = [
        "Air Supply Depot",
        "Yes Man",
        "Prince Regent",
        "The Air That I Breathe",
        "Say Yes to Love",
        "Prinz",
        "Aire",
    ]
    assert all(match.score < 0.1 for matches in index.match_many(texts, least=0.0) for match in matches)


def test_a_whole_title_counts_less_than_a_whole_credit():
    credit, title = (INDEX.match("Quorlaz", kind=kind, least=0.0)[0].score for kind in ("credit", "title"))
    assert title < credit


def test_matches_come_most_surprising_first():
    found = [match.surprise for match in INDEX.match("!?! feat. Kirpelov, Quorlas", least=0.0)]
    assert len(found) >= 3
    assert found == sorted(found, reverse=True)


def test_every_member_of_a_joint_credit_is_met():
    found = INDEX.match("Kirpelov, Quorlaz feat. Kashmere Tolliver & Tin Door x Brindle Harbours", least=0.0)
    assert {"kirov", "quorl", "cash", "harbour"} <= {match.artist for match in found}
