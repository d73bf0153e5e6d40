"""Invented names and titles, put together from syllables; nobody real is meant."""

from random import Random

ONSETS = ("b", "br", "d", "dr", "f", "fl", "g", "gl", "h", "j", "k", "kl", "l", "m", "n", "p", "qu", "r", "s", "sk")
MORE_ONSETS = ("st", "t", "tr", "v", "vl", "w", "y", "z", "th", "sh")
VOWELS = ("a", "e", "i", "o", "u", "ae", "ei", "ou", "ia", "eo")
CODAS = ("", "", "", "n", "r", "l", "s", "th", "m", "k", "x", "nd", "rn", "lt")
GROUPS = ("Club", "Orchestra", "Society", "Committee", "Brothers", "Sisters", "Ensemble", "Assembly")
THINGS = ("Lanterns", "Harbours", "Antlers", "Ferries", "Meridians", "Thimbles", "Gables", "Orchards", "Pylons")
GENERIC_TITLES = ("Intro", "Home", "Alone", "Outro", "Fire", "Interlude", "Hold On", "Forever")
TITLE_WORDS = (
    "Paper", "Winter", "Glass", "Midnight", "Copper", "Northern", "Slow", "Hollow", "Velour", "Quiet", "Salt", "Ember",
    "Tide", "Signal", "Garden", "Engine", "Mirror", "Letters", "Static", "Marble", "Thread", "Orbit", "Feather", "Dust",
)  # fmt: skip
CYRILLIC = {"ва": "va", "ди": "di", "ко": "ko", "ла": "la", "ми": "mi", "не": "ne", "по": "po", "ра": "ra", "су": "su"}
GREEK = {"να": "na", "λο": "lo", "μι": "mi", "σα": "sa", "κε": "ke", "πο": "po", "ρι": "ri", "τα": "ta", "δω": "do"}
HANGUL = {"하": "ha", "누": "nu", "리": "ri", "소": "so", "미": "mi", "도": "do", "나": "na", "비": "bi", "루": "ru"}
KANA = {"ミ": "mi", "ラ": "ra", "ノ": "no", "ハ": "ha", "ル": "ru", "カ": "ka", "ゼ": "ze", "ト": "to", "リ": "ri"}
HEBREW = {"נו": "nu", "רי": "ri", "לה": "la", "מי": "mi", "דו": "do", "שי": "shi", "קא": "ka", "בא": "ba"}
SCRIPTS = (CYRILLIC, GREEK, HANGUL, KANA, HEBREW)


def word(rng: Random, syllables: int) -> str:
    """Make a word."""
    parts = []
    for _ in range(syllables):
        onset = rng.choice(ONSETS) if rng.random() < 0.7 else rng.choice(MORE_ONSETS)
        parts.append(onset + rng.choice(VOWELS))
    return "".join(parts) + rng.choice(CODAS)


def person(rng: Random) -> str:
    """Make a person's name."""
    return f"{word(rng, 2).capitalize()} {word(rng, rng.choice((1, 2, 2))).capitalize()}"


def band(rng: Random) -> str:
    """Make a band's name."""
    shape = rng.randrange(3)
    if shape == 0:
        return f"The {word(rng, 2).capitalize()} {rng.choice(THINGS)}"
    if shape == 1:
        return f"{word(rng, 2).capitalize()} {word(rng, 1).capitalize()} {rng.choice(GROUPS)}"
    return f"{rng.choice(TITLE_WORDS)} {word(rng, 2).capitalize()}"


def stylised(rng: Random) -> str:
    """Make a name that is written oddly by its owner."""
    name = word(rng, rng.choice((2, 3)))
    shape = rng.randrange(4)
    if shape == 0:
        return name.upper().replace("A", "Λ").replace("E", "Ξ")
    if shape == 1:
        return "$".join(name.split("s")) if "s" in name else f"{name}."
    return f"{name.upper()}!" if shape == 2 else f"{name[0].upper()}.{name[1:].capitalize()}"


def foreign(rng: Random) -> tuple[str, str]:
    """Make a name in another script, with its reading in Latin letters."""
    script = rng.choice(SCRIPTS)
    chosen = [rng.choice(list(script)) for _ in range(rng.choice((3, 4)))]
    reading = "".join(script[part] for part in chosen)
    return "".join(chosen).capitalize(), reading.capitalize()


def artist_name(rng: Random) -> tuple[str, str]:
    """Make an artist's name as printed, and its Latin reading when it has another script."""
    kind = rng.random()
    if kind < 0.08:
        return foreign(rng)
    if kind < 0.13:
        return stylised(rng), ""
    if kind < 0.25:
        return word(rng, rng.choice((2, 3))).capitalize(), ""
    return (person(rng) if kind < 0.65 else band(rng)), ""


def title(rng: Random) -> str:
    """Make a title; now and then one that many share."""
    kind = rng.random()
    if kind < 0.05:
        return rng.choice(GENERIC_TITLES)
    if kind < 0.5:
        return f"{rng.choice(TITLE_WORDS)} {word(rng, rng.choice((1, 2))).capitalize()}"
    if kind < 0.8:
        return f"{word(rng, 2).capitalize()} {rng.choice(TITLE_WORDS)}"
    return word(rng, rng.choice((2, 3))).capitalize()


def label_name(rng: Random) -> str:
    """Make a record label's name."""
    return f"{word(rng, 2).capitalize()} {rng.choice(('Records', 'Music', 'Recordings', 'Sound', 'Discs'))}"


def nickname(name: str, rng: Random) -> str:
    """Make another name that fans or the artist use."""
    if " " in name and rng.random() < 0.5:
        return "".join(part[0] for part in name.split()).upper() + name.split()[-1][1:3]
    return f"{rng.choice(('Queen', 'Lil', 'Papa', 'Dame'))} {word(rng, 2).capitalize()}"
