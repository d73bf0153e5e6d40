"""A printed name as letters in words, each with its sign, for showing how two names differ."""

from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import OSA

from crawler.resemblance import folding
from crawler.resemblance.align import Letter
from crawler.resemblance.folding import Origin
from crawler.resemblance.letters import ALIKE, ALPHABET, Letters, read_letters


@dataclass(frozen=True)
class Word:
    """A word of a printed name."""

    letters: tuple[Letter, ...]

    @property
    def alike(self) -> str:
        """The word's letters, where those that look alike are one."""
        return "".join(letter.alike for letter in self.letters)

    @property
    def plain(self) -> str:
        """The word's letters as they are read."""
        return "".join(letter.plain for letter in self.letters)

    @property
    def printed(self) -> str:
        """The word's signs as they are printed."""
        return signs(self.letters)


@dataclass(frozen=True)
class Spelt:
    """One reading of a printed name."""

    printed: str
    words: tuple[Word, ...]

    @property
    def letters(self) -> list[Letter]:
        """All letters, one after the other."""
        return [letter for word in self.words for letter in word.letters]

    @property
    def alike(self) -> str:
        """All letters, where those that look alike are one."""
        return "".join(word.alike for word in self.words)


def signs(letters: "tuple[Letter, ...] | list[Letter]") -> str:
    """Return the signs of letters, each once."""
    return "".join({letter.at: letter.sign for letter in letters}.values())


@lru_cache(maxsize=8192)
def readings(printed: str) -> tuple[Spelt, ...]:
    """Return the readings of a printed name that have letters."""
    read = read_letters([printed])
    told = (Spelt(printed, words_of(read, row, printed)) for row in range(len(read.rows)))
    return tuple(spelt for spelt in told if spelt.words)


def words_of(read: Letters, row: int, printed: str) -> tuple[Word, ...]:
    """Return the words of one row; a letter that reads as nothing belongs to the word before it."""
    first, last = int(read.row_words[row]), int(read.row_words[row + 1])
    if first == last:
        return ()
    places = range(len(printed)) if printed.isascii() else folding.places(printed, int(read.way[row]))
    words: list[list[Letter]] = []
    for word in range(first, last):
        of_word = range(int(read.word_from[word]), int(read.word_to[word]))
        words.append([letter_of(read, i, places[int(read.at[i] - read.row_at[row])], printed) for i in of_word])
    if not printed.isascii():
        with_silent(words, printed)
    return tuple(Word(tuple(word)) for word in words)


def letter_of(read: Letters, number: int, at: int, printed: str) -> Letter:
    """Return one letter of a row."""
    plain = int(read.plain[number])
    return Letter(ALPHABET[plain - 1], ALPHABET[int(ALIKE[plain]) - 1], printed[at], at, Origin(int(read.origin[number])))


def with_silent(words: list[list[Letter]], printed: str) -> None:
    """Put into words the letters that read as nothing, such as a soft sign or a mark of length."""
    silent = [at for at, sign in enumerate(printed) if sign.isalpha() and folding.SOUNDS[ord(sign)] == ""]
    for at in silent:
        if folding.UNSEEN.match(printed[at]):
            continue
        word = next((word for word in reversed(words) if word[0].at < at), words[0])
        place = sum(letter.at < at for letter in word)
        word.insert(place, Letter(printed[at], printed[at], printed[at], at, Origin.PLAIN))


def nearest_readings(part: str, alias: str) -> tuple[Spelt, Spelt] | None:
    """Return the reading of a part and that of an alias that differ least, if both have letters."""
    pairs = [(mine, theirs) for mine in readings(part) for theirs in readings(alias)]
    if len(pairs) > 1:
        return min(pairs, key=lambda pair: OSA.distance(pair[0].alike, pair[1].alike))
    return pairs[0] if pairs else None
