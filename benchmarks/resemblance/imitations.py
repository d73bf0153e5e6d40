"""The perturbation table: the ways to imitate a name, each a function of a random generator and the name.

What is done to whole words stands in words.py. A function returns None where its way does not apply to the name.
Templates come in two halves: learn.py sees only the even ones, the benchmark uses all, so that half of the affixes and
titles measured were never learned from.
"""

import random
import re
import unicodedata
from collections.abc import Callable

from anyascii import anyascii

from benchmarks.resemblance.alphabets import (
    CYRILLIC,
    FAUX,
    HOMOGLYPHS,
    KEYS,
    LEET,
    MARKS,
    RESPELT,
    SOUNDS,
    UNSEEN,
)
from benchmarks.resemblance.templates import (
    AFFIXES,
    CREDITS,
    FURTHER_AFFIXES,
    FURTHER_CREDITS,
    FURTHER_TITLES,
    OTHERS,
    TITLES,
)
from benchmarks.resemblance.words import (
    article,
    article_more,
    initials,
    last_name,
    number_words,
    order,
    track_number,
    word_more,
    word_subset,
)

Way = Callable[[random.Random, str], str | None]


def letters(name: str) -> list[int]:
    """Return the places of a name's letters."""
    return [i for i, c in enumerate(name) if c.isalpha()]


def case_space(rng: random.Random, name: str) -> str | None:
    """Change case and spacing."""
    made = rng.choice([name.lower(), name.upper(), name.swapcase(), f"  {name} ", name.replace(" ", "  ")])
    return made if made != name else name.swapcase()


def diacritics(rng: random.Random, name: str) -> str | None:
    """Put marks on one or two vowels, or take all away."""
    bare = "".join(c for c in unicodedata.normalize("NFD", name) if not unicodedata.combining(c))
    if bare != name and rng.random() < 0.5:
        return bare
    vowels = [i for i, c in enumerate(name) if c.lower() in "aeiou"]
    if not vowels:
        return None
    made = list(name)
    for i in rng.sample(vowels, min(len(vowels), rng.randint(1, 2))):
        made[i] = unicodedata.normalize("NFC", made[i] + rng.choice(MARKS))
    return "".join(made)


def swapped(rng: random.Random, name: str, table: dict[str, str], count: int) -> str | None:
    """Replace up to so many letters by a table."""
    places = [i for i, c in enumerate(name) if c in table]
    if not places:
        return None
    made = list(name)
    for i in rng.sample(places, min(count, len(places))):
        made[i] = rng.choice(table[made[i]])
    return "".join(made)


def homoglyph(rng: random.Random, name: str) -> str | None:
    """Replace one to three letters by Cyrillic or Greek look-alikes."""
    return swapped(rng, name, HOMOGLYPHS, rng.randint(1, 3))


def homoglyph_any(rng: random.Random, name: str) -> str | None:
    """Replace one to three letters by any character that the shipped table calls alike."""
    from crawler.resemblance.folding import CONFUSABLES

    table: dict[str, str] = {}
    for sign, seen in CONFUSABLES.items():
        if len(seen) == 1:
            table[seen] = table.get(seen, "") + sign
    return swapped(rng, name, table, rng.randint(1, 3))


def faux(rng: random.Random, name: str) -> str | None:
    """Replace one or two letters by Cyrillic that only pretends ("KoЯn")."""
    return swapped(rng, name, FAUX, rng.randint(1, 2))


def styled(rng: random.Random, name: str) -> str | None:
    """Write the Latin letters in a styled alphabet."""
    big, small = rng.choice(
        [
            (0x1D400, 0x1D41A),
            (0x1D4D0, 0x1D4EA),
            (0xFF21, 0xFF41),
            (0x24B6, 0x24D0),
            (0x1D5D4, 0x1D5EE),
            (0x1D670, 0x1D68A),
        ]
    )
    made = "".join(
        chr(big + ord(c) - 65) if "A" <= c <= "Z" else chr(small + ord(c) - 97) if "a" <= c <= "z" else c for c in name
    )
    return made if made != name else None


def invisible(rng: random.Random, name: str) -> str | None:
    """Hide one to three invisible characters inside."""
    made = list(name)
    for _ in range(rng.randint(1, 3)):
        made.insert(rng.randint(1, max(1, len(made) - 1)), rng.choice(UNSEEN))
    return "".join(made)


def leet(rng: random.Random, name: str) -> str | None:
    """Replace one to three letters by digits and signs."""
    lower = {**LEET, **{c.upper(): v for c, v in LEET.items()}}
    return swapped(rng, name, lower, rng.randint(1, 3))


def typo(rng: random.Random, name: str) -> str:
    """Make one slip of the finger: another letter (half of them from the next key), one more, or one less."""
    i = rng.choice(letters(name) or [0])
    at = next(((r, r.index(name[i].lower())) for r in KEYS if name[i].lower() in r), None)
    other = rng.choice("abcdefghijklmnopqrstuvwxyz")
    if at and rng.random() < 0.5:
        row, place = at
        other = row[place + (1 if place == 0 or (place < len(row) - 1 and rng.random() < 0.5) else -1)]
    way = rng.randrange(3)
    return name[:i] + (other if way == 0 else "" if way == 1 else other + name[i]) + name[i + 1 :]


def size(name: str) -> int:
    """Return how many letters and digits a name folds to."""
    return sum(c.isalnum() for c in anyascii(name))


def typo1(rng: random.Random, name: str) -> str | None:
    """Make one typo in a name of five letters or more."""
    return typo(rng, name) if size(name) >= 5 else None


def typo2(rng: random.Random, name: str) -> str | None:
    """Make two typos in a name of nine letters or more."""
    return typo(rng, typo(rng, name)) if size(name) >= 9 else None


def transpose(rng: random.Random, name: str) -> str | None:
    """Swap two neighbouring letters."""
    places = [i for i in letters(name)[:-1] if name[i + 1].isalpha() and name[i].lower() != name[i + 1].lower()]
    if not places or size(name) < 5:
        return None
    i = rng.choice(places)
    return name[:i] + name[i + 1] + name[i] + name[i + 2 :]


def repeat(rng: random.Random, name: str) -> str | None:
    """Repeat one letter once to three times."""
    if size(name) < 4 or not letters(name):
        return None
    i = rng.choice(letters(name))
    return name[:i] + name[i] * rng.randint(1, 3) + name[i:]


def spacing(rng: random.Random, name: str) -> str | None:
    """Take a space away, or put one in."""
    spaces = [i for i, c in enumerate(name) if c == " "]
    if spaces and rng.random() < 0.7:
        i = rng.choice(spaces)
        return name[:i] + name[i + 1 :]
    inner = [i for i in letters(name) if 1 < i < len(name) - 1 and name[i - 1].isalpha()]
    if not inner:
        return None
    i = rng.choice(inner)
    return name[:i] + " " + name[i:]


def punctuation(rng: random.Random, name: str) -> str | None:
    """Put points, dashes or signs in, or take them away."""
    if any(c in ".-'!&" for c in name) and rng.random() < 0.5:
        return name.translate({ord(c): None for c in ".-'!"}).replace("&", "and")
    way = rng.randrange(5)
    if way == 0 and " " in name:
        return name.replace(" ", rng.choice("-_."))
    if way == 1:
        return name + rng.choice([".", "!", "*", "™", "?"])
    if way == 2:
        return f"“{name}”"
    if way == 3 and len(name) > 3:
        i = rng.randint(1, len(name) - 1)
        return name[:i] + rng.choice("'.-") + name[i:]
    return f"~{name}~" if way == 4 else f"-{name}-"


def from_templates(templates: list[str]) -> Way:
    """Return a way that puts the name into one of the templates."""

    def way(rng: random.Random, name: str) -> str | None:
        other, third = rng.sample(OTHERS, 2)
        return rng.choice(templates).replace("{other}", other).replace("{third}", third).replace("{}", name)

    return way


def after(one: Way, other: Way) -> Way:
    """Return a way that goes one way and then another."""

    def way(rng: random.Random, name: str) -> str | None:
        made = one(rng, name)
        return None if made is None else other(rng, made)

    return way


def translit_from(rng: random.Random, name: str) -> str | None:
    """Write a name of a non-Latin script in Latin, roughly by BGN."""
    made = anyascii(name)
    if made == name or sum(ord(c) > 0x36F for c in name) < 3 or not any(c.isalpha() and ord(c) > 0x36F for c in name):
        return None
    if any("а" <= c <= "я" for c in name.lower()):
        table = str.maketrans(
            {
                "й": "y",
                "Й": "Y",
                "ю": "yu",
                "я": "ya",
                "ё": "yo",
                "ы": "y",
                "ь": "",
                "ъ": "",
                "э": "e",
                "щ": "shch",
                "Я": "Ya",
                "Ю": "Yu",
            }
        )
        made = anyascii(name.translate(table))
    return made.strip() or None


def translit_to(rng: random.Random, name: str) -> str | None:
    """Write a Latin name in Cyrillic."""
    if not name.isascii() or sum(c.isalpha() for c in name) < 3:
        return None
    made, lower, i = "", name.lower(), 0
    while i < len(lower):
        step = next((n for n in (4, 3, 2, 1) if lower[i : i + n] in CYRILLIC), 0)
        made += CYRILLIC[lower[i : i + step]] if step else lower[i]
        i += step or 1
    return made.title()


def phonetic(rng: random.Random, name: str) -> str | None:
    """Spell one sound another way."""
    lower = name.lower()
    ways = [(a, b) for a, b in SOUNDS if a in lower]
    if not ways or size(name) < 5:
        return None
    a, b = rng.choice(ways)
    at = lower.index(a)
    return name[:at] + b + name[at + len(a) :]


def symbols(rng: random.Random, name: str) -> str | None:
    """Print a name of nothing but signs with spaces or in a title."""
    if any(c.isalnum() for c in anyascii(name)) or not name.strip():
        return None
    return rng.choice([f" {name} ", f"{name} Official", f"Blue Skies (feat. {name})", f"Tin Lantern, {name}"])


def respelt(rng: random.Random, name: str) -> str | None:
    """Spell a name the way people who have only heard it do: doubled or single, -ie or -y, with or without last e."""
    if size(name) < 4:
        return None
    for before, after in rng.sample(RESPELT, len(RESPELT)):
        places = list(re.finditer(before, name, re.I))
        if places:
            place = rng.choice(places)
            made = name[: place.start()] + place.expand(after) + name[place.end() :]
            if made.lower() != name.lower():
                return made
    return None


def ways(affixes: list[str], titles: list[str], credits: list[str]) -> dict[str, Way]:
    """Return every way by name, with these templates."""
    affix, embedded = from_templates(affixes), from_templates(titles)
    return {
        "case_space": case_space, "diacritics": diacritics, "homoglyph": homoglyph, "homoglyph_any": homoglyph_any,
        "styled": styled, "invisible": invisible, "leet": leet, "typo1": typo1, "typo2": typo2, "transpose": transpose,
        "repeat": repeat, "spacing": spacing, "punctuation": punctuation, "order": order, "affix": affix,
        "embedded": embedded, "creditlist": from_templates(credits), "translit_from": translit_from,
        "translit_to": translit_to, "phonetic": phonetic, "affix_homoglyph": after(homoglyph, affix),
        "affix_typo": after(typo1, affix), "embedded_homoglyph": after(homoglyph, embedded),
        "embedded_typo": after(typo1, embedded), "leet_spacing": after(leet, spacing), "faux_cyrillic": faux,
        "number_words": number_words, "track_number": track_number, "symbols": symbols, "word_subset": word_subset,
        "article": article, "respelt": respelt,
    }  # fmt: skip


LEARNED = ways(AFFIXES[::2] + FURTHER_AFFIXES, TITLES[::2] + FURTHER_TITLES, CREDITS[::2] + FURTHER_CREDITS)
LEARNED |= {
    "order_typo": after(order, respelt),
    "word_more": word_more,
    "article_more": article_more,
    "initials": initials,
    "last_name": last_name,
}
UNLEARNED = ways(AFFIXES[1::2], TITLES[1::2], CREDITS[1::2])
ALL = ways(AFFIXES, TITLES, CREDITS)
REPEATED = ("symbols",)
"""Kinds of so few names that each is imitated several times."""
FIRST_25 = list(ALL)[:25]
"""The kinds of the peers' table; the rest are additions."""


def imitations(table: dict[str, Way], names: list[str], count: int, seed: int) -> list[tuple[str, str, str]]:
    """Return up to `count` imitations of each kind, each of another name where there are enough: (kind, text, name)."""
    made = []
    for kind, way in table.items():
        rng = random.Random(f"{seed} {kind}")
        pool = rng.sample(names, len(names))
        if kind in REPEATED:
            pool = [name for name in pool if way(rng, name) is not None] * count
        found = 0
        for name in pool:
            text = way(rng, name)
            if text is not None and text != name:
                made.append((kind, text, name))
                found += 1
            if found == count:
                break
    return made
