"""The consonants of a name, by which it is met across scripts: ビートルズ is "bitoruzu", and Beatles, by b, t, l and s.

Kana put vowels where Latin has none, and Arabic leaves them out, but both keep most consonants. So Latin names are
looked for under the consonants of foreign texts, and the other way round; never within one script.
"""

import numpy as np
from numpy.typing import NDArray

from crawler.resemblance.folding import Origin
from crawler.resemblance.hashing import Hashes, mixed, rolling, running
from crawler.resemblance.letters import VOWEL, Bytes, Ints, Letters, numbers

FEWEST = 4
"""Consonants that a name must have to be met by them alone: fewer are shared by too many names."""
SALT_LATIN, SALT_FOREIGN = np.uint64(0x2F2F2F2F97531ACE), np.uint64(0x4D4D4D4D13579BDF)
CLASSES = ("bv", "kqc", "g", "td", "szjx", "lr", "m", "n", "p", "f")
"""Consonants that other scripts write alike; vowels, h, w and y are none."""
CLASS = np.zeros(256, np.uint8)
for _number, _letters in enumerate(CLASSES, 1):
    CLASS[numbers(_letters)] = _number
CLASS[27:37] = np.arange(27, 37)
_C, _F, _H, _P, _R, _S, _T = numbers("cfhprst")
SOFTENING = np.isin(np.arange(256), numbers("eiy"))


def own_keys(read: Letters, first: Ints, last: Ints) -> tuple[Hashes, Hashes]:
    """Return the keys under which names are kept: of all consonants, and without the r that is heard as a vowel."""
    return keys_of(read, first, last, SALT_LATIN, SALT_FOREIGN)


def asked_keys(read: Letters, first: Ints, last: Ints) -> tuple[Hashes, Hashes]:
    """Return the keys that parts of texts are looked for with: foreign ones among Latin names, Latin among foreign."""
    return keys_of(read, first, last, SALT_FOREIGN, SALT_LATIN)


def keys_of(read: Letters, first: Ints, last: Ints, latin: np.uint64, foreign: np.uint64) -> tuple[Hashes, Hashes]:
    """Return two keys of the consonants of ranges of words, salted by their script; 0 where there are too few."""
    start, end = read.word_from[first], read.word_to[last - 1]
    romanised = running(read.origin == Origin.ROMANISED, np.dtype(np.int64))
    salt = np.where(2 * (romanised[end] - romanised[start]) > end - start, foreign, latin)
    every = consonants(read)
    some = np.where(unheard_r(read), np.uint8(0), every)
    one, other = (spanned(bones, start, end, salt) for bones in (every, some))
    other[other == one] = 0
    return one, other


def spanned(bones: Bytes, start: Ints, end: Ints, salt: Hashes) -> Hashes:
    """Return the keys of spans of letters by their consonants."""
    moved = running(bones > 0, np.dtype(np.int64))
    first, last = moved[start], moved[end]
    keys: Hashes = mixed(rolling(bones[bones > 0]).span(first, last)) ^ salt
    keys[last - first < FEWEST] = 0
    return keys


def following(read: Letters) -> Bytes:
    """Return the letter after each within its word, 0 after the last."""
    then = np.append(read.plain[1:], np.zeros(min(1, len(read.plain)), np.uint8))
    then[read.word_to - 1] = 0
    return then


def unheard_r(read: Letters) -> NDArray[np.bool_]:
    """Return which letters are an r that no vowel follows: kana write "Captor" as kyaputā."""
    return np.asarray((read.plain == _R) & ~VOWEL[following(read)])


def consonants(read: Letters) -> Bytes:
    """Return the class of each letter that is a consonant to the ear, doubles once, and 0 for others."""
    now, then = read.plain, following(read)
    told = CLASS[now]
    told[(now == _C) & SOFTENING[then]] = CLASS[_S]
    told[((now == _C) | (now == _T)) & (then == _H)] = CLASS[_S]
    told[(now == _P) & (then == _H)] = CLASS[_F]
    double = np.append(np.zeros(min(1, len(told)), bool), told[1:] == told[:-1])
    double[read.word_from] = False
    told[double] = 0
    return told
