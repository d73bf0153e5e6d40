"""A compact index of names: sorted arrays of word hashes instead of a dictionary of strings."""

import re
import unicodedata
import zlib
from collections import Counter
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

LEET = str.maketrans("013457$@!аеорсухі", "oieastsaiaeopcyxi")
NOISE = ("the", "and", "of")
TAIL = 8
WORD = re.compile(r"\w+")


def fold(text: str) -> str:
    """Fold a name the way a search box does: no case, no accents, compatible letters."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", text).casefold()
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def words(text: str) -> list[str]:
    """Give the words of a folded name."""
    return WORD.findall(fold(text))


def bones(text: str) -> str:
    """Reduce a name to what survives misspelling: consonants, without repetition."""
    return frame(words(text))


def frame(parts: list[str]) -> str:
    """Reduce the words of a folded name to their bones."""
    letters = "".join(parts).translate(LEET)
    kept = [letter for place, letter in enumerate(letters) if place == 0 or letter not in "aeiouyh"]
    return "".join(letter for place, letter in enumerate(kept) if place == 0 or kept[place - 1] != letter)


def code(text: str) -> int:
    """Hash a word."""
    return zlib.crc32(text.encode("utf-8", "surrogatepass"))


class Postings:
    """Which acts go with which word."""

    def __init__(self, pairs: NDArray[np.uint64]) -> None:
        """Take pairs of word hash and act, packed in one number each."""
        self.pairs = np.sort(pairs)

    def find(self, word: str) -> list[int]:
        """Give the acts that go with a word."""
        low = np.uint64(code(word) << 32)
        high = np.uint64((code(word) + 1) << 32) if code(word) < 2**32 - 1 else np.uint64(2**64 - 1)
        start, end = np.searchsorted(self.pairs, [low, high])
        return [int(pair) & 0xFFFFFFFF for pair in self.pairs[start:end]]


class SearchIndex:
    """Answers words with acts: all words first, then some of them, then names of the same bones."""

    def __init__(self, named: Iterable[tuple[int, Iterable[str]]], known: Iterable[int] = ()) -> None:
        """Index every name of every act; of equals the well known come early, but not always first."""
        self.known = frozenset(known)
        by_word: list[int] = []
        by_bones: list[int] = []
        for act, spellings in named:
            for name in spellings:
                parts = words(name)
                by_word.extend([code(word) << 32 | act for word in parts])
                by_bones.append(code(frame(parts)) << 32 | act)
        self.by_word = Postings(np.array(by_word, dtype=np.uint64))
        self.by_bones = Postings(np.array(by_bones, dtype=np.uint64))

    def place(self, act: int) -> int:
        """Give where an act stands among equals."""
        mixed = (act + 7) * 2_654_435_761 & 0xFFFFFFFF
        return (mixed ^ mixed >> 15) * 2_246_822_519 % 2**32 // (4 if act in self.known else 1)

    def search(self, text: str, exact: bool) -> list[int]:
        """Give the acts that answer some words, best first."""
        asked = list(dict.fromkeys(words(text)))
        asked = [word for word in asked if word not in NOISE] or asked
        hits: Counter[int] = Counter()
        rarity: Counter[int] = Counter()
        for word in asked:
            acts = set(self.by_word.find(word))
            hits.update(dict.fromkeys(acts, 2))
            rarity.update(dict.fromkeys(acts, 1_000_000 // max(1, len(acts))))
        if exact:
            return sorted(act for act, score in hits.items() if score == 2 * len(asked))
        if len(text) > 3:
            hits.update(dict.fromkeys(self.by_bones.find(bones(text)), 3))
        good = [(act, score) for act, score in hits.items() if score >= len(asked)]
        good.sort(key=lambda hit: (-hit[1], -rarity[hit[0]], self.place(hit[0])))
        full = sum(1 for _, score in good if score >= 2 * len(asked))
        return [act for act, _ in good[: full + TAIL]]
