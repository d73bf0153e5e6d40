"""The ladder of one text's normal forms, for keys, for showing, and for anybody who compares names by equality."""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from crawler.resemblance.letters import ALPHABET, SOUNDS, read_letters
from crawler.resemblance.shown import shown


@dataclass(frozen=True)
class Forms:
    """One text, folded further and further."""

    tidy: str
    """NFKC, without invisible signs, spaces put in order."""
    plain: str
    """Caseless and without marks, in its own script."""
    looks: str
    """The Latin letters and digits that it looks like; leet is read, words are kept."""
    sounds: str
    """The Latin letters and digits that it sounds like."""
    skeleton: str
    """As it looks, without spaces, signs that look alike made one."""


def fold(text: str) -> Forms:
    """Return the folded forms of a text."""
    tidy = settled(tidied, text)
    plain = settled(bared, tidy)
    read = read_letters([seen.text if (seen := shown(text)) else text])
    said = []
    for row in range(len(read.rows)):
        words = range(int(read.row_words[row]), int(read.row_words[row + 1]))
        spelt = (read.plain[read.word_from[w] : read.word_to[w]] for w in words)
        said.append(" ".join("".join(ALPHABET[c - 1] for c in word.tolist()) for word in spelt))
    end = int(read.word_to[read.row_words[1] - 1]) if read.row_words[1] else 0
    skeleton = "".join(ALPHABET[c - 1] for c in read.alike[:end].tolist())
    heard = np.flatnonzero(read.way == SOUNDS)
    return Forms(tidy, plain, said[0], said[heard[0]] if len(heard) else said[0], skeleton)


def settled(step: Callable[[str], str], text: str) -> str:
    """Return a text after a step is repeated until it changes nothing; Unicode needs at most a few rounds."""
    for _ in range(5):
        before, text = text, step(text)
        if text == before:
            break
    return text


def tidied(text: str) -> str:
    """Return a text in NFKC without invisible signs, its spaces put in order."""
    seen = "".join(c for c in text if c.isspace() or not unseen(c))
    return " ".join(unicodedata.normalize("NFKC", seen).split())


def bared(text: str) -> str:
    """Return a text caseless and without marks."""
    marked = unicodedata.normalize("NFD", text.casefold())
    return tidied("".join(c for c in marked if unicodedata.category(c) != "Mn"))


def unseen(sign: str) -> bool:
    """Say whether a sign is invisible by itself: format, control, or not a character at all."""
    return unicodedata.category(sign) in {"Cf", "Cc", "Cs", "Cn", "Co"} or sign == "\u034f"


def name_key(text: str) -> str:
    """Return one key under which equal names meet whatever their case, marks, spacing, punctuation or styling.

    Letters of another script stay in it: an equal key is the same name, never only a similar one.
    """
    plain = fold(text).plain
    return "".join(c for c in plain if c.isalnum()) or "".join(plain.split())
