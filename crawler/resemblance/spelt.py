"""Printed names as letters in words, each with its sign, for showing how two of them differ.

Reading is quick only for many at once, so whoever explains many matches reads their names beforehand (`read_ahead`).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, islice, pairwise

from rapidfuzz.distance import OSA

from crawler.resemblance import folding
from crawler.resemblance.align import Letter
from crawler.resemblance.folding import Origin
from crawler.resemblance.letters import ALIKE, ALPHABET, read_letters
from crawler.resemblance.vocabulary import AFFIX, FOREIGN_AFFIXES, SMALL, meant, word_hashes, word_kinds

REMEMBERED = 20_000
PLAIN = "?" + ALPHABET
LIKE = "?" + "".join(ALPHABET[int(c) - 1] for c in ALIKE[1:])
TO_LIKE = bytes(map(ord, LIKE.ljust(256, "?")))
ORIGINS = tuple(Origin)


@dataclass(frozen=True)
class Word:
    """A word of a printed name."""

    letters: tuple[Letter, ...]
    alike: str
    """Its letters, where those that look alike are one."""
    meaning: int
    """A number that is the same for words that mean the same."""
    kinds: int

    @property
    def printed(self) -> str:
        """The word's signs as they are printed."""
        return signs(self.letters)

    @property
    def is_small(self) -> bool:
        """Whether it is an article or the like."""
        return bool(self.kinds & SMALL)


@dataclass(frozen=True)
class Spelt:
    """One reading of a printed name."""

    printed: str
    plain: bytes
    origin: bytes
    at: tuple[int, ...]
    """For each letter, the place of its sign in the printed name."""
    ends: tuple[int, ...]
    """For each word, the number of the letter after its last."""
    meanings: tuple[int, ...]
    kinds: bytes
    alike: str
    """All letters, where those that look alike are one."""

    @cached_property
    def words(self) -> list[Word]:
        """The words; a letter that reads as nothing belongs to the word before it."""
        letters = self.some_letters(0, len(self.plain))
        words = [letters[a:b] for a, b in zip((0, *self.ends), self.ends, strict=False)]
        if not self.printed.isascii():
            words = with_silent(words, self.printed)
        return [
            Word(tuple(word), alike, meaning, kind)
            for word, alike, meaning, kind in zip(words, self.alikes, self.meanings, self.kinds, strict=True)
        ]

    @property
    def is_foreign(self) -> bool:
        """Whether most of it is in another script than Latin."""
        return 2 * self.origin.count(Origin.ROMANISED) > len(self.origin)

    @property
    def affixes(self) -> list[str]:
        """The words that stand around names, as printed; what only sounds like one in another script is none."""
        told = []
        for number, (first, last) in enumerate(zip((0, *self.ends), self.ends, strict=False)):
            if not self.kinds[number] & AFFIX:
                continue
            whole = self.printed[self.at[first] : self.at[last - 1] + 1]
            if Origin.ROMANISED not in self.origin[first:last]:
                told.append("".join([self.printed[at] for at in dict.fromkeys(self.at[first:last])]))
            elif whole.casefold() in FOREIGN_AFFIXES:
                told.append(whole)
        return told

    def some_letters(self, first: int, last: int) -> list[Letter]:
        """Return a range of the letters that are read as one."""
        columns = zip(self.plain[first:last], self.origin[first:last], self.at[first:last], strict=True)
        return [
            Letter(PLAIN[c], LIKE[c], self.printed[at], at, n, ORIGINS[o])
            for n, (c, o, at) in enumerate(columns, first + 1)
        ]

    @property
    def signs(self) -> str:
        """The signs of the letters, without case."""
        return "".join([self.printed[at] for at in self.at]).casefold()

    @property
    def alikes(self) -> list[str]:
        """The words by their letters that look alike."""
        return [self.alike[a:b] for a, b in zip((0, *self.ends), self.ends, strict=False)]

    @cached_property
    def letters(self) -> list[Letter]:
        """All letters, one after the other."""
        return [letter for word in self.words for letter in word.letters]


def signs(letters: Sequence[Letter]) -> str:
    """Return the signs of letters, each once."""
    return "".join({letter.at: letter.sign for letter in letters}.values())


def with_silent(words: list[list[Letter]], printed: str) -> list[list[Letter]]:
    """Return words with the letters that read as nothing, such as a soft sign or a mark of length."""
    read = {letter.at for word in words for letter in word}
    silent = [at for at, sign in enumerate(printed) if at not in read and is_silent(sign)]
    if not silent:
        return words
    for at in silent:
        word = next((word for word in reversed(words) if word[0].at < at), words[0])
        if printed[at - 1 : at].isspace():
            # the first letter of a word, as an alif may be
            word = next((word for word in words if word[0].at > at), word)
        sign = printed[at]
        word.insert(sum(letter.at < at for letter in word), Letter(sign, sign, sign, at, 0, Origin.PLAIN))
    numbers = iter(numbered([letter.at for word in words for letter in word]))
    return [[letter._replace(number=next(numbers)) for letter in word] for word in words]


def numbered(places: Sequence[int]) -> list[int]:
    """Return which letter of a name each is, from 1; those that one sign is read as are one letter."""
    return list(accumulate((now != before for before, now in pairwise([-1, *places]))))


def is_silent(sign: str) -> bool:
    """Say whether a sign is a letter to the eye that is read as nothing."""
    if sign.isascii() or not sign.isalpha() or folding.UNSEEN.match(sign):
        return False
    return not any(map(str.isalnum, folding.SOUNDS[ord(sign)]))


known: dict[str, tuple[Spelt, ...]] = {}
"""What was read lately."""


def read_ahead(names: Iterable[str]) -> None:
    """Read many printed names at once, so that their readings are at hand."""
    fresh = [name for name in dict.fromkeys(names) if name not in known]
    if len(known) + len(fresh) > REMEMBERED:
        known.clear()
    for at in range(0, len(fresh), REMEMBERED):
        some = fresh[at : at + REMEMBERED]
        known.update(zip(some, read_all(some), strict=True))


def readings(printed: str) -> tuple[Spelt, ...]:
    """Return the readings of a printed name that have letters."""
    found = known.get(printed)
    if found is None:
        read_ahead([printed])
        found = known[printed]
    return found


def read_all(names: list[str]) -> list[tuple[Spelt, ...]]:
    """Return the readings of many names."""
    read = read_letters(names)
    hashes = word_hashes(read)
    meanings, kinds, ends = meant(hashes).tolist(), word_kinds(read, hashes).tobytes(), read.word_to.tolist()
    plain, origin, at = read.plain.tobytes(), read.origin.tobytes(), read.at.tolist()
    alike = plain.translate(TO_LIKE).decode("ascii")
    bounds, ways, row_at = read.row_words.tolist(), read.way.tolist(), read.row_at.tolist()
    starts = read.word_from.tolist()
    told: list[list[Spelt]] = [[] for _ in names]
    for row, owner in enumerate(read.text.tolist()):
        first, last = bounds[row], bounds[row + 1]
        if first == last:
            continue
        a, b, begin, name = starts[first], ends[last - 1], row_at[row], names[owner]
        places = [p - begin for p in at[a:b]]
        if not name.isascii():
            printed = folding.places(name, ways[row])
            places = [printed[p] for p in places]
        # bytes and tuples of numbers are passed over by the collector, and many of these are remembered
        word_ends, means = tuple([end - a for end in ends[first:last]]), tuple(meanings[first:last])
        told[owner].append(
            Spelt(name, plain[a:b], origin[a:b], tuple(places), word_ends, means, kinds[first:last], alike[a:b])
        )
    return [tuple(each) for each in told]


def nearest_readings(part: str, alias: str) -> tuple[Spelt, Spelt] | None:
    """Return the reading of a part and that of an alias that differ least, if both have letters."""
    mine, theirs = readings(part), readings(alias)
    if len(mine) == 1 == len(theirs):
        return mine[0], theirs[0]
    pairs = [(one, other) for one in islice(mine, 4) for other in islice(theirs, 4)]
    return min(pairs, key=lambda pair: OSA.distance(pair[0].alike, pair[1].alike), default=None)
