"""Ways to write a name so that it passes for another."""

from random import Random

HOMOGLYPHS = {
    "a": "а",
    "e": "е",
    "o": "о",
    "p": "р",
    "c": "с",
    "x": "х",
    "y": "у",
    "i": "і",
    "A": "А",
    "E": "Е",
    "O": "О",
}
CYRILLIC = {
    "a": "а", "b": "б", "d": "д", "e": "е", "f": "ф", "g": "г", "h": "х", "i": "и", "j": "й", "k": "к", "l": "л",
    "m": "м", "n": "н", "o": "о", "p": "п", "r": "р", "s": "с", "t": "т", "u": "у", "v": "в", "w": "в", "y": "ы",
    "z": "з", "q": "к", "x": "кс", "c": "к",
}  # fmt: skip
AFFIXES = ("{} Official", "{} Music", "The {}", "{} AI", "{} Band")


def homoglyph(name: str, rng: Random) -> str:
    """Swap one letter for one that looks the same; a name without such a letter gets an invisible one."""
    places = [place for place, letter in enumerate(name) if letter in HOMOGLYPHS]
    if not places:
        return name[:1] + "\u200b" + name[1:]
    place = rng.choice(places)
    return name[:place] + HOMOGLYPHS[name[place]] + name[place + 1 :]


def typo(name: str, rng: Random) -> str:
    """Double, drop or swap a letter inside a word."""
    place = rng.randrange(1, max(2, len(name) - 1))
    kind = rng.randrange(3)
    if kind == 0:
        changed = name[:place] + name[place] + name[place:]
    elif kind == 1 and len(name) > 5:
        changed = name[:place] + name[place + 1 :]
    else:
        changed = name[:place] + name[place : place + 2][::-1] + name[place + 2 :]
    return changed if changed != name else name + name[-1]


def affixed(name: str, rng: Random) -> str:
    """Put something around a name that looks official."""
    affix = rng.choice([affix for affix in AFFIXES if not (affix.startswith("The") and name.startswith("The "))])
    return affix.format(name)


def some_words(name: str, rng: Random) -> str:
    """Keep most words of a name and change one, or add one to a single word."""
    parts = name.split()
    if len(parts) == 1:
        return f"{name} {rng.choice(('Wizard', 'Parade', 'Machine'))}"
    parts[-1] = rng.choice(("Wizard", "Parade", "Machine"))
    return " ".join(parts)


def other_script(name: str, latin: str) -> str:
    """Write a name in another script: Cyrillic for Latin, Latin for the rest."""
    if latin:
        return latin
    written = "".join(CYRILLIC.get(letter, letter) for letter in name.lower())
    return written.title()


def punctuated(name: str, rng: Random) -> str:
    """Change only what is no letter: dots, dashes, spaces, an exclamation mark."""
    if " " in name:
        return name.replace(" ", rng.choice((".", "-", "_", "  ", "")))
    return rng.choice((f"{name}.", f"{name}!", f"{name[0]}.{name[1:]}", f"{name[:2]}-{name[2:]}"))


def nickname(name: str, rng: Random) -> str:
    """Make a nickname that fans use, from the name's first word."""
    return f"{rng.choice(('Queen', 'Lil', 'Papa', 'Dame', 'Baby'))} {name.split()[-1].capitalize()}"


def neighbours(name: str, filling: str, rng: Random) -> list[str]:
    """Give six names in the order of a dictionary that begin alike, the name itself among them."""
    stem = name[: max(3, min(4, len(name) - 1))].strip()
    endings = sorted(rng.sample(("aric", "ello", "ition", "mond", "orin", "ustra", "yx", "bane"), 5))
    last = filling.split(" ")[-1].capitalize()
    return sorted([name, *(f"{stem}{ending} {last}" for ending in endings)])
