"""A batch of texts as numpy arrays: letters, how each was printed, and the words they stand in.

Everything later works on these arrays; nothing here knows of rosters. Letters are numbers: 1-26 for a-z, 27-36 for
digits. Two alphabets are kept: `plain` as printed, and `alike`, in which signs that look alike are one letter
(0 = o, 1 = i = l, 3 = e, 4 = a, 5 = s, 7 = t, 8 = b, 9 = g).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from crawler.resemblance import folding
from crawler.resemblance.folding import Origin

Ints = NDArray[np.int64]
Bytes = NDArray[np.uint8]

SOFT, STRONG, HARD, ROW = 1, 2, 3, 4
"""Breaks between words: a space or dash; a sign that may join a name's own parts; one that hardly does; the end."""
LOOKS, SOUNDS, PARTED = range(3)
"""As it looks; as it sounds; as it looks, where a sign between letters parts names."""
ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789"
LOOKALIKE = dict(zip("013457891l", "oieastbgii", strict=True))
LEET = {"$": "s", "@": "a", "!": "i", "|": "l", "+": "t"}


def ascii_table(values: dict[str, int]) -> Bytes:
    """Return a table of 256 numbers with the given ones set."""
    table = np.zeros(256, np.uint8)
    for sign, value in values.items():
        table[ord(sign)] = value
    return table


PLAIN = ascii_table(
    {c: i + 1 for i, c in enumerate(ALPHABET)} | {c.upper(): i + 1 for i, c in enumerate(ALPHABET[:26])}
)


def numbers(letters: str) -> list[int]:
    """Return letters as they are numbered."""
    return [int(PLAIN[ord(c)]) for c in letters]


VOWEL = np.isin(np.arange(256), numbers("aeiouy"))
LEET_PLAIN = ascii_table({sign: int(PLAIN[ord(c)]) for sign, c in LEET.items()})
ALIKE = np.arange(37, dtype=np.uint8)
for _digit, _letter in LOOKALIKE.items():
    ALIKE[PLAIN[ord(_digit)]] = PLAIN[ord(_letter)]
AND = PLAIN[[ord(c) for c in "and"]]
BREAK = ascii_table(
    dict.fromkeys(" \t\r.-_", SOFT)
    | dict.fromkeys(",/&+", STRONG)
    | dict.fromkeys(";:()[]{}<>=\\|~", HARD)
    | {"\n": ROW}
)


@dataclass(frozen=True)
class Letters:
    """The letters of a batch of rows, one after the other, and its words."""

    rows: list[str]
    """What each row is in ASCII."""
    text: Ints
    """For each row, the text it reads."""
    way: Bytes
    """For each row, how it reads its text: LOOKS, SOUNDS or PARTED."""
    unseen: Ints
    """For each row, how many invisible signs hide among its letters."""
    plain: Bytes
    alike: Bytes
    origin: Bytes
    at: Ints
    """For each letter, its place in the joined rows."""
    row_at: Ints
    """For each row, its start in the joined rows."""
    word_from: Ints
    """For each word, its first letter."""
    word_to: Ints
    word_row: Ints
    word_gap: Bytes
    """For each word, the strongest break before it."""

    @cached_property
    def row_words(self) -> Ints:
        """Return where each row's words start, with the end of all as the last."""
        return np.searchsorted(self.word_row, np.arange(len(self.rows) + 1))

    @cached_property
    def letters(self) -> str:
        """Return the letters that look alike as one string, to be sliced."""
        return (self.alike + 96).tobytes().decode("latin-1")


def readings(texts: Sequence[str]) -> tuple[list[str], Ints, Bytes, dict[int, bytes]]:
    """Return the ASCII rows of texts, further readings last; the text and the way of each, and origins if not ASCII."""
    rows, owner, ways, origins = list(texts), [], [], {}
    for at in [at for at, text in enumerate(texts) if not text.isascii()]:
        text = texts[at]
        seen = text.translate(folding.LOOKS)
        heard = text.translate(folding.SOUNDS) if folding.SOUNDED.search(text) else seen
        rows[at] = seen
        origins[at] = text.translate(folding.LOOKS_FROM).encode("latin-1")
        if heard != seen:
            origins[len(rows)] = text.translate(folding.SOUNDS_FROM).encode("latin-1")
            rows.append(heard)
            owner.append(at)
            ways.append(SOUNDS)
    for at in parted(texts):
        text = folding.parted(texts[at])
        if not text.isascii():
            origins[len(rows)] = text.translate(folding.LOOKS_FROM).encode("latin-1")
        rows.append(text.translate(folding.LOOKS))
        owner.append(at)
        ways.append(PARTED)
    way = np.concatenate((np.zeros(len(texts), np.uint8), np.array(ways, np.uint8)))
    return rows, np.append(np.arange(len(texts)), np.array(owner, np.int64)), way, origins


def parted(texts: Sequence[str]) -> list[int]:
    """Return the texts with a sign that is a letter to one eye and parts two names for another ("Nobody|Drake")."""
    joined = "".join(texts)
    if not any(sign in joined for sign in folding.PARTERS):
        return []
    return [at for at, text in enumerate(texts) if folding.PARTER.search(text)]


def read_letters(texts: Sequence[str]) -> Letters:
    """Read a batch of texts."""
    rows, owner, way, origins = readings(texts)
    joined = "\n".join(rows)
    if joined.count("\n") != len(rows) - 1:
        rows = [row.replace("\n", " ") for row in rows]
        joined = "\n".join(rows)
    signs = np.frombuffer((joined + "\n").encode("ascii"), np.uint8)
    row_at = np.concatenate(([0], np.flatnonzero(signs == 10)[:-1] + 1)) if rows else np.zeros(0, np.int64)
    plain, origin = read_signs(signs)
    unseen = np.zeros(len(rows), np.int64)
    for row, said in origins.items():
        unseen[row] = len(folding.hidden(texts[owner[row]]))
        part = origin[row_at[row] : row_at[row] + len(said)]
        np.maximum(part, np.frombuffer(said, np.uint8), out=part)
    at = np.flatnonzero(plain)
    first, gap = find_words(signs, plain, at)
    at, first, gap = without_and(plain, at, first, gap)
    return Letters(
        rows=rows,
        text=owner,
        way=way,
        unseen=unseen,
        plain=plain[at],
        alike=ALIKE[plain[at]],
        origin=origin[at],
        at=at,
        row_at=row_at,
        word_from=first,
        word_to=np.append(first[1:], len(at))[: len(first)],
        word_row=rows_of(row_at, at[first], gap),
        word_gap=gap,
    )


def rows_of(row_at: Ints, places: Ints, gap: Bytes) -> Ints:
    """Return the row of every word; only the first word of each row is looked up."""
    opens = np.flatnonzero(gap == ROW)
    rows = np.searchsorted(row_at, places[opens], "right") - 1
    return np.repeat(rows, np.diff(np.append(opens, len(gap))))


def read_signs(signs: Bytes) -> tuple[Bytes, Bytes]:
    """Return the letter of every sign (0 for none) and its origin, reading leet where it stands among letters."""
    plain, origin = PLAIN[signs], np.zeros(len(signs), np.uint8)
    leet = np.flatnonzero(LEET_PLAIN[signs])
    if len(leet):
        before, after = plain[np.maximum(leet - 1, 0)] > 0, plain[leet + 1] > 0
        before &= leet > 0
        money = (signs[leet] == ord("$")) | (signs[leet] == ord("@"))
        # "A$AP", "$uicide" and "Ke$" are letters; "Wham!" and "a + b" are not
        read = leet[np.where(money, before | after, before & after)]
        plain[read] = LEET_PLAIN[signs[read]]
        origin[read] = Origin.LEET
    return plain, origin


def find_words(signs: Bytes, plain: Bytes, at: Ints) -> tuple[Ints, Bytes]:
    """Return the first letter of every word, and the strongest break before it."""
    if not len(at):
        return np.zeros(0, np.int64), np.zeros(0, np.uint8)
    breaks = BREAK[signs]
    breaks[at] = 0
    # a dash between spaces divides; a dash inside a name does not
    dash = np.flatnonzero(signs == ord("-"))
    breaks[dash[(signs[np.maximum(dash - 1, 0)] == 32) & (signs[dash + 1] == 32)]] = HARD
    gap = np.append(np.uint8(ROW), np.maximum.reduceat(breaks, at)[:-1])
    gap[digit_seams(plain[at], gap)] = SOFT
    first = np.flatnonzero(gap)
    return first, gap[first]


def without_and(plain: Bytes, at: Ints, first: Ints, gap: Bytes) -> tuple[Ints, Ints, Bytes]:
    """Return letters and words with "and" and "n" read as the break that "&" is, unless they stand alone."""
    length = np.diff(np.append(first, len(at)))
    spelt = [plain[at[np.minimum(first + i, len(at) - 1)]] for i in range(3)]
    is_n = (length == 1) & (spelt[0] == AND[1])
    drop = is_n | ((length == 3) & (spelt[0] == AND[0]) & (spelt[1] == AND[1]) & (spelt[2] == AND[2]))
    drop &= ~((gap == ROW) & (np.append(gap[1:], ROW) == ROW))
    drop[1:] &= ~drop[:-1]
    if not drop.any():
        return at, first, gap
    gap = gap.copy()
    after = np.flatnonzero(drop[:-1]) + 1
    gap[after] = np.maximum(np.maximum(gap[after], gap[after - 1]), STRONG)
    kept = at[~np.repeat(drop, length)]
    length, gap = length[~drop], gap[~drop]
    return kept, np.cumsum(length) - length, gap


def digit_seams(plain: Bytes, gap: Bytes) -> Ints:
    """Return the letters where a word's leading digits end or its last ones begin ("02Mogwai", "Sum41")."""
    digit = plain > 26
    seam = np.flatnonzero((digit[1:] != digit[:-1]) & (gap[1:] == 0)) + 1
    if not len(seam):
        return seam
    digits = np.append(0, np.cumsum(digit))
    start = np.flatnonzero(gap)
    word = np.searchsorted(start, seam, "right") - 1
    a, b = start[word], np.append(start, len(plain))[word + 1]
    leading = (digits[seam] - digits[a] == seam - a) & (seam - a > 1)
    trailing = (digits[b] - digits[seam] == b - seam) & (b - seam > 1)
    return np.asarray(seam[leading | trailing])
