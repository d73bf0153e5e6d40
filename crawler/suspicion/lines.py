"""Whose label and rights lines are: the holders that a line names, without signs, years and legal forms. Pure.

"℗ 2018 mcDJ Recording, under license to RCA Records, a division of Sony Music Entertainment" names mcdj, rca and sony.
An imprint, its parent and another spelling share a holder, so that moving between them is no move.
"""

import re
from functools import lru_cache

from storage.normalize import name_key

Holder = tuple[str, ...]  # folded words

# Words that a holder's name is no poorer without: legal forms and what labels call themselves.
FILLING = frozenset(
    {
        "record", "records", "recording", "recordings", "rec", "music", "musica", "musik", "musique",
        "muzik", "muziek", "muzika", "muzyka", "muzica", "musiikki", "entertainment", "ent", "inc",
        "llc", "ltd", "ltda", "limited", "gmbh", "co", "corp", "corporation", "company",
        "label", "labels", "group", "the", "production", "productions", "produzioni", "producciones", "producoes",
        "publishing", "digital", "international", "worldwide", "uk", "us", "usa", "bv", "ab",
        "as", "sa", "srl", "kg", "mbh", "pty", "and", "of", "de",
        "la", "el", "los", "las", "media", "studio", "studios", "sound", "sounds",
        "sonidos", "ljud", "lyd", "audio", "edition", "editions", "editorial", "verlag", "disc",
        "discs", "disco", "discos", "disques", "disko", "tapes", "tape", "tontrager", "gravacoes",
        "nagrania", "levyt", "collective", "imprint", "this", "compilation", "p", "c", "under",
        "license", "licence", "rights", "all", "reserved", "by", "und", "et", "y",
        "e",
    }
)  # fmt: skip
NOBODY = frozenset({"na", "none", "notspecified", "unknown", "nn", "selfreleased", "independent", "various", "sin"})

_SIGN = re.compile(r"^[\s,;]*(?:[℗©]|\((?:p|c)\))?\s*(?:(?:19|20)\d\d)?\s*", re.IGNORECASE)
_BETWEEN = re.compile(
    r"\s*(?:/|\||;|,|\bunder (?:an? )?(?:exclusive )?(?:licen[cs]e|deal)(?: to| from| with)?\b"
    r"|\b(?:an? )?(?:division|imprint|label|subsidiary|unit) of\b|\b(?:exclusively )?licen[cs]ed (?:to|by|from)\b"
    r"|\b(?:exclusively )?(?:distributed|marketed|manufactured) (?:by|through|via)\b|\bin association with\b"
    r"|\bin partnership with\b|\bd/?b/?a\b|\bvia\b|\bon behalf of\b|\s-\s)\s*",
    re.IGNORECASE,
)
_SERIAL = re.compile(r"\d{5,}")  # "1933080 Records DK": the uploader's number


@lru_cache(maxsize=200_000)
def holders(line: str) -> frozenset[Holder]:
    """Read the holders that a line names."""
    found = set()
    for piece in _BETWEEN.split(_SIGN.sub("", line)):
        words = [word for word in (name_key(w) for w in re.split(r"[\s\-]+", piece)) if word]
        words = [word for word in words if not _SERIAL.fullmatch(word)]
        core = tuple(word for word in words if word not in FILLING) or tuple(words)
        if core and "".join(core) not in NOBODY:
            found.add(core)
    return frozenset(found)


def telling_words(held: frozenset[Holder]) -> frozenset[str]:
    """Pick the words by which another spelling or imprint of a holder is known."""
    return frozenset(word for holder in held for word in holder if len(word) > 3 or not word.isascii())


def holder_text(holder: object) -> str:
    """Print a holder for a person."""
    return " ".join(holder) if isinstance(holder, tuple) else str(holder)
