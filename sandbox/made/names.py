"""Invented names and titles in the language of a place; nobody real is meant."""

from random import Random

from sandbox.made.tongues import TONGUES
from sandbox.made.tongues.tongue import Tongue

ENGLISH = TONGUES["english"]
GENERIC_TITLES = ("Intro", "Home", "Alone", "Outro", "Fire", "Interlude", "Hold On", "Forever")
THINGS = (
    "Lanterns", "Ferries", "Antlers", "Meridians", "Thimbles", "Gables", "Orchards", "Pylons", "Commons", "Weavers",
    "Signals", "Almanac", "Parade", "Assembly", "Quartet", "Ensemble", "Union", "Choir", "Committee", "Brothers",
)  # fmt: skip
VERSIONS = ("Remastered", "Live", "Acoustic", "Remixes", "Instrumental")


def pick(rng: Random, tongue: Tongue, part: int) -> tuple[str, str]:
    """Choose a word of a language from one of its lists, with its reading if it has another script."""
    words = (tongue.given, tongue.stems, tongue.endings, tongue.heads, tongue.tails)[part]
    place = rng.randrange(len(words))
    return words[place], tongue.readings[part][place] if tongue.readings else ""


def family(rng: Random, tongue: Tongue) -> tuple[str, str]:
    """Make a family name."""
    stem, ending = pick(rng, tongue, 1), pick(rng, tongue, 2)
    return stem[0] + ending[0], (stem[1] + ending[1]).capitalize()


def person_read(rng: Random, tongue: Tongue) -> tuple[str, str]:
    """Make a person's name, and its reading if it has another script."""
    given, last = pick(rng, tongue, 0), family(rng, tongue)
    if tongue.readings is None:
        middle = f"{rng.choice('ABCDEFGHJKLMNOPRSTVW')}. " if rng.random() < 0.06 else ""
        return f"{given[0]} {middle}{last[0]}", ""
    if tongue.family_first:
        space = "" if len(given[0]) < 3 else tongue.glue
        return f"{last[0]}{space}{given[0]}", f"{last[1]} {given[1]}"
    return f"{given[0]} {last[0]}", f"{given[1]} {last[1]}"


def person(rng: Random, tongue: Tongue) -> str:
    """Make a person's name."""
    return person_read(rng, tongue)[0]


def band_read(rng: Random, tongue: Tongue) -> tuple[str, str]:
    """Make a band's name, and its reading if it has another script."""
    if tongue.readings is None and rng.random() < 0.75:
        name = f"{family(rng, tongue)[0]} {rng.choice(THINGS)}"
        return (f"The {name}" if rng.random() < 0.25 else name), ""
    head, tail = pick(rng, tongue, 3), pick(rng, tongue, 4)
    reading = f"{head[1]} {tail[1]}" if tongue.readings else ""
    return f"{head[0]}{tongue.glue}{tail[0]}", reading


def band(rng: Random, tongue: Tongue) -> str:
    """Make a band's name."""
    return band_read(rng, tongue)[0]


def one_word(rng: Random, tongue: Tongue) -> tuple[str, str]:
    """Make a name of one word, and its reading."""
    name, reading = family(rng, tongue)
    return name, reading if tongue.readings else ""


def stylised(rng: Random, tongue: Tongue) -> str:
    """Make a name that is written oddly by its owner."""
    name = one_word(rng, ENGLISH if tongue.readings else tongue)[0]
    shape = rng.randrange(4)
    if shape == 0:
        return name.upper().replace("A", "Λ").replace("E", "Ξ")
    if shape == 1:
        return "$".join(name.split("s")) if "s" in name else f"{name}."
    return f"{name.upper()}!" if shape == 2 else f"{name[0].upper()}.{name[1:].capitalize()}"


def artist_name(rng: Random, tongue: Tongue) -> tuple[str, str]:
    """Make an artist's name as printed, and its Latin reading when it has another script."""
    if tongue.readings and rng.random() < 0.4:
        kind = rng.random()
        if kind < 0.5:
            return person_read(rng, tongue)[1], ""
        return (band(rng, ENGLISH) if kind < 0.8 else one_word(rng, ENGLISH)[0]), ""
    kind = rng.random()
    if kind < 0.05:
        return stylised(rng, tongue), ""
    if kind < 0.17:
        return one_word(rng, tongue)
    if kind < (0.82 if tongue.readings else 0.65):
        return person_read(rng, tongue)
    return band_read(rng, tongue if rng.random() < 0.75 else ENGLISH)


def title(rng: Random, tongue: Tongue) -> str:
    """Make a title; now and then one that many share."""
    kind = rng.random()
    if kind < 0.03:
        return rng.choice(GENERIC_TITLES)
    if kind < 0.08:
        return rng.choice(
            (
                f"No. {rng.randrange(2, 60)}",
                f"{rng.randrange(1, 12)}:{rng.randrange(10, 60)}",
                f"{rng.randrange(1950, 2024)}",
            )
        )
    if kind < 0.13:
        return pick(rng, tongue, 3)[0]
    if kind < 0.22:
        return one_word(rng, tongue)[0]
    if kind < 0.27:
        return pick(rng, tongue, 0)[0]
    tongue = ENGLISH if kind < 0.45 else tongue
    return f"{pick(rng, tongue, 3)[0]}{tongue.glue}{pick(rng, tongue, 4)[0]}"


def label_name(rng: Random, tongue: Tongue) -> str:
    """Make a record label's name."""
    kind = rng.random()
    if kind < 0.5 and tongue.readings is None:
        return f"{family(rng, tongue)[0]} {rng.choice(tongue.houses)}"
    if kind < 0.75:
        return f"{family(rng, ENGLISH)[0]} {rng.choice(THINGS[:10])} {rng.choice(ENGLISH.houses)}"
    return f"{pick(rng, tongue, 3)[0]} {rng.choice(tongue.houses)}"


def nickname(name: str, rng: Random) -> str:
    """Make another name that fans or the artist use."""
    parts = name.split()
    if len(parts) > 1 and rng.random() < 0.5:
        return "".join(part[0] for part in parts).upper() + parts[-1][1:3]
    return f"{rng.choice(('Queen', 'Lil', 'Papa', 'Dame', 'Baby', 'Young'))} {parts[-1].capitalize()}"
