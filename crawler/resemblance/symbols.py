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
MOST_WORDS = 3
ORDINARY = frozenset("&-–—+/|,.:*'x×")
"""Signs that stand between names everywhere, and so are hardly anybody's."""
PER_SIGN, WHOLE, RARE = log(12), log(3000), log(4)
"""Likelihood that each sign adds, that standing alone adds, and that signs of no keyboard add.

Of 119,907 names that set nothing here, six have a word "!", four "?", three "@"; no "★" or "∞" stands in more than one.
"""


def bare(text: str) -> str:
    """Return a text without spaces and styles, if it has no letters; else nothing."""
    signs = "".join(unicodedata.normalize("NFKC", text).split())
    return "" if any(c.isascii() and PLAIN[ord(c)] for c in signs.translate(folding.LOOKS)) else signs


@dataclass(frozen=True)
class Symbols:
    """The aliases of a roster that are made of signs alone."""

    aliases: dict[str, tuple[int, ...]]
    printed: frozenset[str]
    """How the aliases may stand in a text."""

    @classmethod
    def of(cls, aliases: Sequence[str]) -> "Symbols":
        """Find the aliases of signs among all."""
        return cls({}, frozenset()).with_more(aliases, 0)

    def with_more(self, aliases: Sequence[str], after: int) -> "Symbols":
        """Return these and those of further aliases, numbered after so many."""
        known, printed = dict(self.aliases), set(self.printed)
        for number, alias in enumerate(aliases, after):
            if signs := bare(alias):
                known[signs] = (*known.get(signs, ()), number)
                printed |= {signs, alias.strip()}
        return Symbols(known, frozenset(printed))

    def find(self, texts: Sequence[str], wordless: Iterable[int]) -> Iterator[tuple[int, int, tuple[int, int], float]]:
        """Yield (text, alias, span, likelihood) wherever an alias of signs stands between spaces."""
        if not self.aliases:
            return
        for number in sorted({*wordless, *self._holding(texts)}):
            text = texts[number]
            for start, end, signs in runs(text):
                whole = start <= len(text) - len(text.lstrip()) and end >= len(text.rstrip())
                likelihood = PER_SIGN * len(signs) + WHOLE * (whole + (signs not in ORDINARY)) + RARE * is_rare(signs)
                for alias in self.aliases.get(signs, ()):
                    yield number, alias, (start, end), likelihood

    def _holding(self, texts: Sequence[str]) -> Iterator[int]:
        joined = "\n".join(texts)
        if not any(printed in joined for printed in self.printed):
            return
        starts = list(accumulate((len(text) + 1 for text in texts), initial=0))
        for printed in self.printed:
            at = joined.find(printed)
            while at >= 0:
                number = bisect(starts, at) - 1
                yield min(number, len(texts) - 1)
                at = joined.find(printed, max(at + 1, starts[number + 1]))


def is_rare(signs: str) -> bool:
    """Say whether no sign of some is on a keyboard, or stands between names."""
    return not any(sign.isascii() or sign in ORDINARY or sign in folding.PARTS for sign in signs)


def runs(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield (start, end, signs) of the whole text and of each run of words that have no letters."""
    if signs := bare(text):
        yield 0, len(text), signs
    before: list[re.Match[str]] = []
    for word in RUN.finditer(text):
        before = [] if any(map(str.isalnum, word.group())) else [*before, word][-MOST_WORDS:]
        for at in range(len(before)):
            yield from stripped(text, before[at].start(), word.end())


def stripped(text: str, start: int, end: int) -> Iterator[tuple[int, int, str]]:
    """Yield a run as it is, and without the brackets, commas and quotes around it, one or all of them."""
    run = text[start:end]
    inner = len(run) - (run[-1:] in AROUND)
    one_less = run[:inner], run[run[:1] in AROUND : inner]
    for said in dict.fromkeys((run, run.strip(AROUND), run.rstrip(AROUND), *one_less)):
        if said:
            at = start + run.index(said)
            yield at, at + len(said), "".join(unicodedata.normalize("NFKC", said).split())
