"""Two readings of names word by word: which belong together, which are missing, and what it costs to say so."""

from dataclasses import dataclass
from math import inf

from rapidfuzz.distance import OSA

from crawler.resemblance.spelt import Spelt
from crawler.resemblance.vocabulary import SMALL

A_WORD, ANOTHER_WORD, AN_ARTICLE, ANOTHER_ORDER = 0.9, 1.6, 0.8, 0.5
"""What a word left out or added, one in place of another, an article and another order cost against typed letters."""


def one_word_differs(one: Spelt, other: Spelt) -> bool:
    """Say whether two readings are the same words but for a slightly misspelt one."""
    if len(one.ends) != len(other.ends):
        return False
    differing = [at for at, (m, t) in enumerate(zip(one.meanings, other.meanings, strict=True)) if m != t]
    if len(differing) != 1:
        return False
    mine, theirs = one.alikes[differing[0]], other.alikes[differing[0]]
    return is_nearly(mine, OSA.distance(mine, theirs))


def is_nearly(word: str, wrong: int) -> bool:
    """Say whether so many letters typed otherwise leave a word the same word."""
    return wrong <= max(1, len(word) // 4)


@dataclass(frozen=True)
class Paired:
    """Two readings word by word: those that belong together, those that were added, those that are missing."""

    one: Spelt
    other: Spelt
    pairs: list[tuple[int, int]]
    """The numbers of words that belong together."""
    left: list[int]
    missing: list[int]
    price: float
    """What it costs to tell the difference by words."""

    @classmethod
    def of(cls, one: Spelt, other: Spelt) -> "Paired":
        """Pair the words of two readings: those that mean the same, then those that are nearly the same."""
        mine, theirs = one.alikes, other.alikes
        missing = dict.fromkeys(range(len(theirs)))
        pairs, left, price = [], [], 0.0
        for i, meaning in enumerate(one.meanings):
            at = next((j for j in missing if other.meanings[j] == meaning), None)
            if at is None:
                left.append(i)
            else:
                missing.pop(at)
                pairs.append((i, at))
        for i in list(left):
            near = {j: OSA.distance(mine[i], theirs[j]) for j in missing}
            at = min(near, key=lambda j: near[j], default=None)
            if at is not None and is_nearly(mine[i], near[at]):
                left.remove(i)
                missing.pop(at)
                pairs.append((i, at))
                price += near[at]
        pairs.sort()
        price += ANOTHER_ORDER * (pairs != sorted(pairs, key=lambda pair: pair[1]))
        for spelt, some, others in ((one, left, missing), (other, list(missing), left)):
            small = all(spelt.kinds[i] & SMALL for i in some)
            price += len(some) * (AN_ARTICLE if small else ANOTHER_WORD if others else A_WORD)
        return cls(one, other, pairs, left, list(missing), price if pairs else inf)

    @property
    def is_told(self) -> bool:
        """Whether words may be told as changed: one that is written in another script is no other word."""
        return not (self.left and self.missing and self.one.is_foreign != self.other.is_foreign)
