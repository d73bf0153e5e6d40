"""How ordinary a string of letters is among artist names: bits of surprise per word, from two small learned tables.

A word costs what its frequency class says, if it is a word that many names share, and otherwise what its letters
cost, each given the two before it. The tables (data/) hold aggregates only; benchmarks/resemblance/learn.py made them.
"""

from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from crawler.resemblance.hashing import Rolling, Table, hash_of
from crawler.resemblance.letters import PLAIN, Bytes, Letters

Floats = NDArray[np.float64]
UNIT = 8.0
"""Steps per bit in the shipped table of letters."""
FOLLOWERS = 37
TITLES = "title_words.txt"


@dataclass(frozen=True)
class Language:
    """The bits of letters after two others, and of words that many names share."""

    letters: Floats
    words: Table
    word_bits: Floats

    def bits(self, read: Letters, plain: Rolling) -> Floats:
        """Return the bits of every word of a batch."""
        bits = self.letter_bits(read)
        at, word = self.words.find(plain.span(read.word_from, read.word_to))
        bits[at] = np.minimum(bits[at], self.word_bits[word])
        return bits

    def letter_bits(self, read: Letters) -> Floats:
        """Return the bits of every word by its letters alone."""
        if not len(read.word_from):
            return np.zeros(0)
        now = read.plain.astype(np.intp)
        before = np.append(0, now[:-1])
        before[read.word_from] = 0
        earlier = np.append(0, before[:-1])
        earlier[read.word_from] = 0
        each = self.letters[(earlier * FOLLOWERS + before) * FOLLOWERS + now]
        last = read.word_to - 1
        closing = self.letters[(before[last] * FOLLOWERS + now[last]) * FOLLOWERS]
        return np.asarray(np.add.reduceat(each, read.word_from) + closing)


def plain_letters(word: str) -> Bytes:
    """Return an ASCII word as letters."""
    return PLAIN[np.frombuffer(word.encode("ascii"), np.uint8)]


def language_of(letters: Bytes, words: dict[str, float]) -> Language:
    """Build a language from the steps of its letters and the bits of its words."""
    keys = np.array([hash_of(plain_letters(word)) for word in words], np.uint64)
    table = Table.of(keys, np.arange(len(words), dtype=np.int32))
    return Language(letters.ravel() / UNIT, table, np.array(list(words.values()), float))


@lru_cache(maxsize=2)
def shipped(words_of: str = "words.txt") -> Language:
    """Return the language of artist names that this package ships; or, by its words' file, that of titles."""
    folder = resources.files(__package__).joinpath("data")
    letters = np.frombuffer(folder.joinpath("letters.bin").read_bytes(), np.uint8)
    words = {}
    for line in folder.joinpath(words_of).read_text("ascii").splitlines():
        if line and not line.startswith("#"):
            bits, *said = line.split()
            words.update(dict.fromkeys(said, float(bits)))
    return language_of(letters, words)
