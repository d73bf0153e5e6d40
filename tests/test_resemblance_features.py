"""What is measured of a candidate: each feature where it should be set, with its value, and nowhere else."""

import pytest

from crawler.resemblance import RosterName, build_index
from crawler.resemblance.candidates import BONES, EXACT, NEAR, ORDER, SOUND, SUBSET
from crawler.resemblance.features import BESIDE, measure, shared_words
from crawler.resemblance.hashing import rolling
from crawler.resemblance.language import TITLES, shipped
from crawler.resemblance.letters import ALPHABET

NAME = "Oskar Vellinghast"
WHOLE = {"at 0": 1, "nothing outside": 1}


def measured(name, text, tier, kind="name"):
    """Return the features that are set of the longest candidate that was found one way."""
    index = build_index([RosterName("it", name)])
    weighed = index.weigh([text], kind)
    batch, found = weighed.batch, weighed.found
    letters = rolling(batch.read.plain)
    bits = shipped().bits(batch.read, letters)
    usual = shipped(TITLES).bits(batch.read, letters) if kind == "title" else None
    told = measure(batch, bits, found, index.spellings, shared_words(batch, bits, found, index.spellings), usual)
    at = max((i for i, way in enumerate(found.tier) if way == tier), key=lambda i: found.last[i] - found.first[i])
    return {feature: round(float(value[at]), 2) for feature, value in told.items() if value[at]}


def counted(name, text, tier):
    """Return the features that hang on no learned bits, but for those of every candidate."""
    learned = ("bits", "rarer", "commoner", "letters outside", "subset of", "subset missing", "subset more")
    told = measured(name, text, tier)
    return {f: v for f, v in told.items() if not any(part in f for part in learned) and f not in ("letters", "words")}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Oskar Velinghast", {"less letters": 1, "undoubled": 1, "far apart": 1, "size": 1, "edits a letter": 0.07}),
        ("Oskar Vellingast", {"less letters": 1, "far apart": 1, "size": 1, "edits a letter": 0.07}),
        ("Oskar Vellinnghast", {"more letters": 1, "doubled": 1, "far apart": 1, "size": 1, "edits a letter": 0.06}),
        ("Oskar Vellinghrast", {"more letters": 1, "far apart": 1, "size": 1, "edits a letter": 0.06}),
        ("Oskar Vellinghaxt", {"other letter": 1, "key beside": 1, "far apart": 1, "edits a letter": 0.06}),
        ("Oskar Vellinghabt", {"other letter": 1, "far apart": 1, "edits a letter": 0.06}),
        ("Oskar Vellinghest", {"other letter": 1, "other vowel": 1, "far apart": 1, "edits a letter": 0.06}),
        ("Oskar Vellignhast", {"swapped": 1, "far apart": 2, "edits a letter": 0.06}),
        (
            "Askar Vellinghast",
            {"other letter": 1, "other vowel": 1, "at start": 1, "far apart": 1, "edits a letter": 0.06},
        ),
        ("Oskar Vellinghasb", {"other letter": 1, "at end": 1, "far apart": 1, "edits a letter": 0.06}),
        (
            "Oskar Vellinghasts",
            {"more letters": 1, "at end": 1, "s at end": 1, "far apart": 1, "size": 1, "edits a letter": 0.06},
        ),
        (
            "Oskar Vellinghaste",
            {"more letters": 1, "at end": 1, "vowel at end": 1, "far apart": 1, "size": 1, "edits a letter": 0.06},
        ),
        ("Oskar Bellinghost", {"two edits": 1, "far apart": 9, "edits a letter": 0.12}),
        ("Osker Vellinghost", {"two edits": 1, "far apart": 10, "edits a letter": 0.12}),
    ],
)  # fmt: skip
def test_what_was_typed_otherwise_is_counted(text, told):
    assert counted(NAME, text, NEAR) == WHOLE | told


@pytest.mark.parametrize(
    ("name", "text", "tier", "told"),
    [
        (NAME, "Vellinghast Oskar", ORDER, {}),
        (NAME, "O. Vellinghast", ORDER, {"initials": 1}),
        (NAME, "Oscar Velinghast", SOUND, {"edits by sound": 2}),
        ("Filip Fasonof", "Philip Phazzonoph", SOUND, {"edits by sound": 4}),
        ("Kestrels", "ケストレルズ", BONES, {
            "edits a letter by consonants": 0.5, "size by consonants": 4, "consonants": 6, "one word": 1,
            "romanised": 1, "romanised letters": 4, "all romanised": 1,
        }),
        ("Tin Kestrels", "ティンケストレルズ", BONES, {
            "edits a letter by consonants": 0.44, "size by consonants": 4, "words by consonants": 1, "consonants": 8,
            "romanised": 1, "romanised letters": 4, "all romanised": 1,
        }),
        (NAME, "Os kar Vellinghast", EXACT, {"split": 1}),
        (NAME, "O s k a r Vellinghast", EXACT, {"split": 3}),
        (NAME, "OskarVellinghast", EXACT, {"joined": 1}),
        ("The Quorlazim", "Quorlazim", EXACT, {"without article": 1, "without article, one word": 1, "one word": 1}),
        ("The Quorlazim Tin", "Quorlazim Tin", EXACT, {"without article": 1}),
        ("Quorlazim", "Quоrlаzim", EXACT, {"one word": 1, "confusable": 1, "confusable letters": 2}),
        ("Quorlazim", "Qu0rlazim", EXACT, {"one word": 1, "digits": 1, "digits differ": 1}),
        ("Qu0rlazim", "Qu0rlazim", EXACT, {"one word": 1, "digits": 1}),
        ("Quorlazim", "Quorl@zim", EXACT, {"one word": 1, "leet": 1, "leet letters": 1}),
        ("Quorl@zim", "Quorlazim", EXACT, {"one word": 1, "unleet": 1}),
        ("Quorlazim", "Quórlazim", EXACT, {"one word": 1, "marked": 1, "marked letters": 1}),
        ("Quórlazim", "Quorlazim", EXACT, {"one word": 1, "unmarked": 1}),
        ("Quorlazim", "Quorl\u200bazim", EXACT, {"one word": 1, "unseen": 1}),
        ("Quorlazim", "𝐐𝐮𝐨𝐫𝐥𝐚𝐳𝐢𝐦", EXACT, {"one word": 1, "styled": 1, "styled letters": 4, "all styled": 1}),
        ("Quorlazim", "QuoЯlazim", EXACT, {"one word": 1, "faux": 1, "faux letters": 1}),
        ("Quor", "Quor", EXACT, {"one word": 1, "very short": 1, "short": 4}),
        ("Quorlaz", "Quorlaz", EXACT, {"one word": 1, "short": 1}),
    ],
)  # fmt: skip
def test_how_a_name_was_printed_is_counted(name, text, tier, told):
    assert counted(name, text, tier) == WHOLE | told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Tin Door feat. Oskar Vellinghast", {
            "at 2": 1, "words outside": 3, "joiners outside": 1, "joiner before": 1, "gap 1 before": 1, "closes": 1,
        }),
        ("Oskar Vellinghast feat. Tin Door", {
            "at 2": 1, "words outside": 3, "joiners outside": 1, "joiner after": 1, "gap 1 after": 1, "opens": 1,
        }),
        ("Oskar Vellinghast, Tin", {"at 2": 1, "words outside": 1, "gap 2 after": 1, "opens": 1}),
        ("Tin (Oskar Vellinghast)", {"at 1": 1, "words outside": 1, "gap 3 before": 1, "closes": 1}),
        ("Tin y Oskar Vellinghast", {"at 2": 1, "words outside": 2, "weak before": 1, "gap 1 before": 1, "closes": 1}),
        ("Oskar Vellinghast y Tin", {"at 2": 1, "words outside": 2, "weak after": 1, "gap 1 after": 1, "opens": 1}),
        ("Oskar Vellinghast Official", {
            "at 3": 1, "words outside": 1, "affixes outside": 1, "only affixes outside": 1, "affix after": 1,
            "gap 1 after": 1, "opens": 1,
        }),
        ("Oskar Vellinghast Official Music Channel Band Group", {
            "at 3": 1, "words outside": 5, "affixes outside": 3, "only affixes outside": 1, "affix after": 1,
            "gap 1 after": 1, "opens": 1,
        }),
        ("Official Oskar Vellinghast", {
            "at 3": 1, "words outside": 1, "affixes outside": 1, "only affixes outside": 1, "affix before": 1,
            "gap 1 before": 1, "closes": 1,
        }),
        ("The Oskar Vellinghast", {
            "at 3": 1, "words outside": 1, "small words outside": 1, "only small words outside": 1, "gap 1 before": 1,
            "closes": 1,
        }),
        ("hear Oskar Vellinghast tonight", {"at 4": 1, "words outside": 2, "gap 1 before": 1, "gap 1 after": 1}),
        ("Oskar Vellinghast (Live)", WHOLE),
        ("Oskar Vellinghast - 2011 Remaster", WHOLE),
        ("Live - Oskar Vellinghast", WHOLE),
    ],
)  # fmt: skip
def test_where_a_name_stands_and_what_is_beside_it_is_counted(text, told):
    assert counted(NAME, text, EXACT) == told


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("Oskar Philip Vellinghast", "Oskar Vellinghast", {"subset nothing more": 1, "subset one word less": 1}),
        (NAME, "Oskar Vellinghast Tin", {"subset nothing missing": 1}),
        ("Oskar Philip Vellinghast", "Oskar Vellinghast Tin", {}),
        ("Oskar Philip Vellinghast Tin", "Oskar Philip Vellinghast", {
            "subset nothing more": 1, "subset one word less": 1, "subset three words": 1,
            "subset three words, no more": 1,
        }),
        ("Ada Quorlazimov", "Quorlazimov", {
            "subset nothing more": 1, "subset one word less": 1, "subset one word": 1,
        }),
    ],
)  # fmt: skip
def test_what_words_are_shared_is_counted(name, text, told):
    assert counted(name, text, SUBSET) == WHOLE | told


def test_the_shares_of_shared_words_are_of_their_bits():
    told = measured("Oskar Philip Vellinghast", "Oskar Vellinghast", SUBSET)
    assert told["subset of part"] == 1
    assert 0.8 < told["subset of spelling"] < 0.9
    assert "subset more" not in told
    assert told["subset missing"] > 8
    more = measured(NAME, "Oskar Vellinghast Tin", SUBSET)
    assert more["subset of spelling"] == 1
    assert more["subset of part"] < 1
    assert more["subset more"] > 8
    assert "subset missing" not in more


def test_letters_and_bits_are_counted_up_to_where_they_say_more():
    told = measured(NAME, NAME, EXACT)
    assert told["letters"] == len("OskarVellinghast")
    assert [told[f"bits up to {most}"] for most in (12, 18, 25, 35, 64)] == [12, 18, 25, 35, 64]
    assert told["whole bits"] == 64
    assert measured("Kiss", "Kiss", EXACT)["bits up to 64"] < 20
    assert measured(NAME, f"Tin feat. {NAME}", EXACT)["run bits"] == 64
    assert measured(NAME, f"{NAME} Official", EXACT)["trimmed bits"] == 64
    assert measured(NAME, f"hear {NAME} tonight", EXACT)["bare bits"] == 64


def test_how_usual_the_words_are_counts_in_titles_alone():
    assert not any("usual" in feature for feature in measured("Only You", "Only You", EXACT))
    whole = measured("Only You", "Only You", EXACT, kind="title")
    assert whole["usual title"] < 20
    assert whole["very usual title"] == pytest.approx(20 - whole["usual title"])
    rare = measured(NAME, NAME, EXACT, kind="title")
    assert "very usual title" not in rare
    assert rare["usual title"] == 64
    assert "usual title, nearly" in measured(NAME, "Oskar Velinghast", NEAR, kind="title")
    assert "usual in titles" in measured(NAME, f"Tin feat. {NAME}", EXACT, kind="title")


@pytest.mark.parametrize(
    ("one", "other", "near"), [("q", "w", 1), ("q", "a", 1), ("q", "e", 0), ("a", "z", 1), ("q", "z", 0)]
)
def test_keys_that_touch_are_beside_each_other(one, other, near):
    a, b = ALPHABET.index(one) + 1, ALPHABET.index(other) + 1
    assert BESIDE[a, b] == BESIDE[b, a] == bool(near)
    assert not BESIDE[a, a]
