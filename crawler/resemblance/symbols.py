"""Names that have no letters at all ("!!!", "+/-"): met as they are printed, between spaces."""

import re
import unicodedata
from bisect import bisect
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import log

from crawler.resemblance import folding
from crawler.resemblance.letters import PLAIN

RUN = re.compile(r"\S+")
AROUND = ",;()[]{}\"“”'"
PER_SIGN, WHOLE = log(12), log(300)
"""Likelihood that each sign adds, and that standing alone adds."""


def bare(text: str) -> str:
    """Return a text without spaces and styles, if it has no letters; else nothing."""
    signs = "".join(unicodedata.normalize("NFKC", text).split())
    return "" if any(c.isascii() and PLAIN[ord(c)] for c in signs.translate(folding.LOOKS)) else signs


@dataclass(frozen=True)
class Symbols:
    """The aliases of a roster that are made of signs alone."""

    aliases: dict[str, tuple[int, ...]]

    @classmethod
    def of(cls, aliases: Sequence[str]) -> "Symbols":
        """Find the aliases of signs among all."""
        return cls({}).with_more(aliases, 0)

    def with_more(self, aliases: Sequence[str], after: int) -> "Symbols":
        """Return these and those of further aliases, numbered after so many."""
        known = dict(self.aliases)
        for number, alias in enumerate(aliases, after):
            if signs := bare(alias):
                known[signs] = (*known.get(signs, ()), number)
        return Symbols(known)

    def find(self, texts: Sequence[str], wordless: Iterable[int]) -> Iterator[tuple[int, int, tuple[int, int], float]]:
        """Yield (text, alias, span, likelihood) wherever an alias of signs stands between spaces."""
        if not self.aliases:
            return
        for number in sorted({*wordless, *self._holding(texts)}):
            text = texts[number]
            for start, end, signs in runs(text):
                whole = start <= len(text) - len(text.lstrip()) and end >= len(text.rstrip())
                for alias in self.aliases.get(signs, ()):
                    yield number, alias, (start, end), PER_SIGN * len(signs) + WHOLE * (1 + whole)

    def _holding(self, texts: Sequence[str]) -> Iterator[int]:
        joined = "\n".join(texts)
        starts = list(accumulate((len(text) + 1 for text in texts), initial=0))
        for signs in self.aliases:
            at = joined.find(signs)
            while at >= 0:
                number = bisect(starts, at) - 1
                yield min(number, len(texts) - 1)
                at = joined.find(signs, max(at + 1, starts[number + 1]))


def runs(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield (start, end, signs) of the whole text and of each run between spaces that has no letters."""
    if signs := bare(text):
        yield 0, len(text), signs
    for run in RUN.finditer(text):
        word = run.group()
        if any(map(str.isalnum, word)):
            continue
        for said in {word, word.strip(AROUND)}:
            if said:
                start = run.start() + word.index(said)
                yield start, start + len(said), "".join(unicodedata.normalize("NFKC", said).split())
