"""How a printed text becomes plain ASCII: once as it looks, once as it sounds.

The ladder goes character by character: invisible signs and marks fall away, look-alikes (UTS #39, then the stylings
of music) become the letters they look like, styled letters their plain ones, everything else its romanisation.
Case, leet and punctuation are left to letters.py, which reads a whole batch at once.
"""

import re
import unicodedata
from enum import IntEnum
from functools import lru_cache
from importlib import resources

from anyascii import anyascii

# Stylings that UTS #39 does not call confusable, by the letter they stand for ("KoЯn", "BLΛCK", "DocꓘerTroИ").
FAUX = {
    "a": "ДдΛλ∀Δɐᗩ卂ᴀǺ₳Å",
    "b": "БбЪъᗷ乃฿",
    "c": "ᑕɔꓛ匚₵¢",
    "d": "ᗪꓷ",
    "e": "ЭэΣЄєΞƎǝꓱᗴ乇€£Ɇ",
    "f": "ᖴꓞ千₣",
    "g": "ᘜꓨƃ₲",
    "h": "ᕼɥ卄Ⱨ",
    "i": "ᴉ丨Ї",
    "j": "ᒍɾ",
    "k": "ꓘʞҚҜ₭",
    "l": "ᒪꓶㄥ",
    "m": "ᗰɯ爪₥",
    "n": "ИиЙйПпΠπᑎ几₦ŋ",
    "o": "ΘθФфΦφΩ口ㄖ",
    "p": "ᑭꓒ卩₱",
    "q": "ᑫ",
    "r": "ЯяꓤɹГг尺ᖇ",
    "s": "ᔕƧƨ丂§₴",
    "t": "ʇ七†₮ㄒ",
    "u": "ЦцꓵᑌɄㄩ",
    "v": "ᐯʌ",
    "w": "ШшЩщʍᗯ山ω₩ѡ",
    "x": "Жж᙭乂",
    "y": "¥ЧчʎㄚҰ",
    "z": "乙Ⱬ",
}
HAN = re.compile("[\u2e80-\u2fdf\u3005-\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
SOUNDED = re.compile("[\u0370-\u06ff\u10a0-\u10ff\u13a0-\u13ff\u1c80-\u1cbf\u2c80-\u2dff\ua640-\ua69f]")
INVISIBLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
UNSEEN = re.compile(f"[{INVISIBLE}]+")
SELECTED, BOUND = "\ufe0e\ufe0f", "\u200c\u200d"
"""Signs that choose how the one before them is drawn; that bind or part letters where writing needs it."""
DIRECTED = "\u200e\u200f\u061c\u202a\u202b\u202c\u2066\u2067\u2068\u2069"
RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
BINDING = re.compile("[\u0600-\u08ff\u0900-\u0dff\u1000-\u109f\u1780-\u17ff\u1800-\u18af\ufb50-\ufdff\ufe70-\ufefc]")
PARTS = "•・･·‧∙⋅●◦▪"
"""Signs that part names, spaced or not."""
PARTERS = "|｜¦+＋×✕✖和与與及"
PARTER = re.compile(r"(?<=\w)[|｜¦+＋×✕✖](?=\w)|[和与與及]")
"""Signs that part names as well as they stand for a letter, or are one."""
UNSAID = "ーｰッっｯㅤ\u115f\u1160\uffa0\u2800™®©℠℗"
REMEMBERED = 30_000


class Origin(IntEnum):
    """How a letter was printed."""

    PLAIN = 0
    LEET = 1
    MARKED = 2
    STYLED = 3
    CONFUSABLE = 4
    FAUX = 5
    ROMANISED = 6


def read_confusables() -> dict[str, str]:
    """Return the shipped UTS #39 table: each character with the Latin letters that it looks like."""
    lines = resources.files(__package__).joinpath("data/confusables.txt").read_text("utf-8").splitlines()
    pairs = (line.split() for line in lines if not line.startswith("#"))
    return {chr(int(point, 16)): letters for point, letters in pairs}


CONFUSABLES = read_confusables()
STYLINGS = {sign: letter for letter, signs in FAUX.items() for sign in signs}


def is_latin(sign: str) -> bool:
    """Say whether a sign is a letter of the extended Latin alphabets of ordinary writing."""
    return "\u00c0" <= sign <= "\u024f" or "\u1e00" <= sign <= "\u1eff"


def is_unseen(sign: str) -> bool:
    """Say whether a sign leaves no ink of its own: marks, joiners, direction and control characters."""
    return unicodedata.category(sign) in {"Cf", "Cc", "Cs", "Cn", "Co", "Mn", "Me"} or sign in UNSAID


@lru_cache(maxsize=REMEMBERED)
def look(sign: str) -> tuple[str, Origin]:
    """Return what one character looks like in ASCII, and how that was found."""
    # there are so many ideographs that a text of nothing else would take long if each were tried for all the rest
    if sign >= "⺀" and HAN.match(sign) and sign not in CONFUSABLES and (said := anyascii(sign)):
        return f" {said} ", Origin.ROMANISED
    if sign.isspace():
        return " ", Origin.PLAIN
    if is_unseen(sign):
        return "", Origin.PLAIN
    if sign in PARTS:
        return ",", Origin.PLAIN
    if sign in STYLINGS and not HAN.match(sign):
        return STYLINGS[sign], Origin.FAUX
    if sign in CONFUSABLES:
        latin = is_latin(sign)
        return CONFUSABLES[sign], Origin.MARKED if latin else Origin.CONFUSABLE
    return unstyled(sign)


def unstyled(sign: str) -> tuple[str, Origin]:
    """Return the plain letter under a styled or marked one, or else the romanisation."""
    if HAN.match(sign):
        return romanised(sign)
    plain = unicodedata.normalize("NFKC", sign)
    if plain.isascii():
        return plain, Origin.STYLED
    base = "".join(c for c in unicodedata.normalize("NFD", plain) if not unicodedata.combining(c))
    if base.isascii():
        return base, Origin.MARKED if plain == sign else Origin.STYLED
    if len(base) == 1 and base in CONFUSABLES:
        return CONFUSABLES[base], Origin.CONFUSABLE
    return romanised(plain)


def romanised(sign: str) -> tuple[str, Origin]:
    """Return how one character sounds; every ideograph is a word of its own, pictures are gaps."""
    said = anyascii(sign)
    kind = unicodedata.category(sign[0])[0]
    if HAN.match(sign):
        return f" {said} ", Origin.ROMANISED
    if kind in "LMN":
        return said, latin_origin(sign)
    if len(said) == 1 and said.isalnum():
        return said, Origin.STYLED
    return (said, Origin.PLAIN) if kind == "P" and not any(map(str.isalnum, said)) else (" ", Origin.PLAIN)


def latin_origin(sign: str) -> Origin:
    """Return how a letter without decomposition came to be: a small capital, a letter of extended Latin, or foreign."""
    name = unicodedata.name(sign[0], "")
    if not name.startswith("LATIN"):
        return Origin.ROMANISED
    return Origin.STYLED if "SMALL CAPITAL" in name else Origin.MARKED


def sound(sign: str) -> tuple[str, Origin]:
    """Return how one character of an alphabet with Latin look-alikes sounds; others as they look."""
    return romanised(sign) if SOUNDED.match(sign) and sign.isalpha() else look(sign)


class Reading(dict[int, str]):
    """A table for str.translate that learns each character when it is first met."""

    def __init__(self, sounds: bool, origins: bool = False) -> None:
        """Choose the reading (as it looks, or as it sounds) and whether letters or their origins are wanted."""
        super().__init__()
        self.read = sound if sounds else look
        self.origins = origins
        self.other: Reading | None = None

    def __missing__(self, point: int) -> str:
        """Read a character for the first time; a hostile text may not make the table grow for ever."""
        letters, origin = (chr(point), Origin.PLAIN) if point < 128 else self.read(chr(point))
        origins = chr(origin) * len(letters)
        if len(self) < REMEMBERED:
            self[point] = origins if self.origins else letters
            if self.other is not None:
                self.other[point] = letters if self.origins else origins
        return origins if self.origins else letters

    def __reduce__(self) -> tuple[type, tuple[bool, bool]]:
        """Pickle as the choice alone."""
        return Reading, (self.read is sound, self.origins)


LOOKS, LOOKS_FROM = Reading(sounds=False), Reading(sounds=False, origins=True)
SOUNDS, SOUNDS_FROM = Reading(sounds=True), Reading(sounds=True, origins=True)
# whoever is asked for the one will soon be asked for the other, and each costs reading the sign
LOOKS.other, LOOKS_FROM.other, SOUNDS.other, SOUNDS_FROM.other = LOOKS_FROM, LOOKS, SOUNDS_FROM, SOUNDS


@lru_cache(maxsize=512)
def hidden(text: str) -> tuple[tuple[int, int], ...]:
    """Return where in a text invisible signs stand that its writing has no use for, as ranges."""
    return tuple(run.span() for run in UNSEEN.finditer(text) if not is_needed(text, run.start(), run.end()))


def parted(text: str) -> str:
    """Return a text of the same length in which the signs that may part names do so."""
    return PARTER.sub(";", text)


def is_needed(text: str, start: int, end: int) -> bool:
    """Say whether invisible signs do what they are for: to choose a picture, bind letters, or give direction."""
    run, before, after = text[start:end], text[start - 1 : start], text[end : end + 1]
    if all(sign in SELECTED or sign == "\u200d" for sign in run):
        return bool(before) and not before.isalpha()
    if all(sign in BOUND for sign in run):
        return bool(BINDING.match(before) and BINDING.match(after))
    if all(sign in DIRECTED for sign in run):
        return bool(RIGHT_TO_LEFT.search(text))
    return "\u180b" <= run <= "\u180f" and bool(BINDING.match(before))


def places(text: str, way: int = 0) -> list[int]:
    """Return for every sign of a text's ASCII reading the place in the text where it was printed."""
    table = SOUNDS if way == 1 else LOOKS
    text = parted(text) if way == 2 else text
    return [place for place, sign in enumerate(text) for _ in table[ord(sign)]]
