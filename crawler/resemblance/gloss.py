"""Names that stand beside their own reading in another script ("アヤメ(Ayame)"): honest, whatever name they repeat."""

import re

from crawler.resemblance.folding import SOUNDS, SOUNDS_FROM, Origin
from crawler.resemblance.keys import Heard, sound_keys
from crawler.resemblance.letters import read_letters

BRACKETS = "()（）[]【】"
OPENING = re.compile("[(（\\[【]")


def is_glossed(text: str) -> bool:
    """Say whether a text is a name and, in brackets, the same name by its sound in another script."""
    if text.isascii() or not text or (said := text.strip())[-1:] not in tuple(BRACKETS[1::2]):
        return False
    sides = OPENING.split(said[:-1])
    if len(sides) != 2 or any(side == "" or not set(BRACKETS).isdisjoint(side) for side in sides):
        return False
    one, other = sides
    return is_foreign(one) != is_foreign(other) and sounds_alike(one, other)


def is_foreign(side: str) -> bool:
    """Say whether every letter of a side is of another script than Latin, so that none of them poses as Latin."""
    letters, origins = side.translate(SOUNDS), side.translate(SOUNDS_FROM)
    told = [ord(origin) for letter, origin in zip(letters, origins, strict=True) if letter.isalpha()]
    return bool(told) and all(origin == Origin.ROMANISED for origin in told)


def sounds_alike(one: str, other: str) -> bool:
    """Say whether two texts sound the same."""
    read = read_letters([one.translate(SOUNDS), other.translate(SOUNDS)])
    words = read.row_words
    if not words[0] < words[1] < words[2]:
        return False
    keys = sound_keys(Heard.of(read), read.word_from[words[:2]], read.word_to[words[1:3] - 1])
    return bool(keys[0] == keys[1] and keys[0] > 0)
