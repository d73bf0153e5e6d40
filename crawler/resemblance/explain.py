"""Why a part of a text resembles an alias: every kind of difference, with the characters that differ quoted.

Worked out only for matches that somebody reads, from the printed strings alone, so that matching stays quick.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from rapidfuzz.distance import OSA, Levenshtein

from crawler.resemblance import folding
from crawler.resemblance.folding import Origin
from crawler.resemblance.letters import ALPHABET, Letters, read_letters
from crawler.resemblance.vocabulary import AFFIX, SMALL, meant, word_hashes, word_kinds

Reason = tuple[str, str]

KIND_OF = {
    Origin.LEET: "leet",
    Origin.MARKED: "diacritic",
    Origin.STYLED: "styled",
    Origin.CONFUSABLE: "confusable",
    Origin.FAUX: "faux",
    Origin.ROMANISED: "romanised",
}
ORDER = ["confusable", "invisible", "faux", "leet", "styled", "typo", "sound", "subset", "romanised", "number"]
ORDER += ["order", "diacritic", "spacing", "punctuation", "article", "case", "exact", "affix", "embedded"]
NEAR_ENOUGH = 3


@dataclass(frozen=True)
class Spelt:
    """One reading of a printed string: its letters, and for each the printed character and its origin."""

    printed: str
    letters: str
    signs: list[str]
    at: list[int]
    origins: list[int]
    words: list[str]


def spelt(printed: str) -> list[Spelt]:
    """Return the readings of a string."""
    read = read_letters([printed])
    told = []
    for row, sounds in enumerate(read.sounds.tolist()):
        first, last = int(read.row_words[row]), int(read.row_words[row + 1])
        if first == last:
            continue
        a, b = int(read.word_from[first]), int(read.word_to[last - 1])
        places = range(len(printed)) if printed.isascii() else folding.places(printed, sounds)
        at = [places[p] for p in (read.at[a:b] - read.row_at[row]).tolist()]
        words = [read.letters[read.word_from[w] : read.word_to[w]] for w in range(first, last)]
        told.append(Spelt(printed, read.letters[a:b], [printed[p] for p in at], at, read.origin[a:b].tolist(), words))
    return told


def quoted(sign: str, beside: str = "") -> str:
    """Return a character, with its code point unless it and the one beside it are ASCII."""
    return sign if sign.isascii() and beside.isascii() else f"{sign} U+{ord(sign):04X}"


@lru_cache(maxsize=256)
def reasons(text: str, span: tuple[int, int], alias: str) -> tuple[Reason, ...]:
    """Return every (kind, evidence) by which the part of a text at a span resembles an alias."""
    part = text[span[0] : span[1]]
    told = between(part, alias) + around(text, span)
    return tuple(sorted(dict.fromkeys(told), key=lambda reason: ORDER.index(reason[0])))


def between(part: str, alias: str) -> list[Reason]:
    """Return how a part differs from an alias."""
    if part == alias:
        return [("exact", f"“{alias}” as it is")]
    mine, theirs = spelt(part), spelt(alias)
    if not mine or not theirs:
        return [("exact", f"“{part}” for “{alias}”")]
    one, other = min(((m, t) for m in mine for t in theirs), key=lambda p: OSA.distance(p[0].letters, p[1].letters))
    told = hidden(part, alias) + by_words(one, other)
    if not told or one.letters == other.letters or OSA.distance(one.letters, other.letters) <= NEAR_ENOUGH:
        told += by_letters(one, other)
    if told:
        return told
    if one.letters == other.letters:
        return plainly(part, alias)
    return [("sound", f"“{part}” sounds like “{alias}”")]


def plainly(part: str, alias: str) -> list[Reason]:
    """Return the differences that no letter shows: case and punctuation."""
    if part.casefold() == alias.casefold():
        return [("case", f"“{part}” for “{alias}”")]
    return [("punctuation", f"“{part}” for “{alias}”")]


def hidden(part: str, alias: str) -> list[Reason]:
    """Return the invisible characters of a part that the alias has not."""
    signs = dict.fromkeys(sign for run in folding.UNSEEN.findall(part) for sign in run if sign not in alias)
    return [("invisible", f"U+{ord(sign):04X} hidden") for sign in signs]


def by_words(one: Spelt, other: Spelt) -> list[Reason]:
    """Return what is said of words: left out, added, in another order, numbers, divided otherwise."""
    if one.letters == other.letters:
        return [("spacing", f"“{one.printed}” for “{other.printed}”")] if one.words != other.words else []
    mine, theirs = canonical(one.words), canonical(other.words)
    if sorted(mine) == sorted(theirs):
        number = sorted(one.words) != sorted(other.words)
        said = f"“{one.printed}” for “{other.printed}”"
        return [("number", said)] * number + [("order", said)] * (mine != theirs)
    missing = [w for w, c in zip(other.words, theirs, strict=True) if c not in mine]
    added = [w for w, c in zip(one.words, mine, strict=True) if c not in theirs]
    if missing and added and OSA.distance(one.letters, other.letters) <= NEAR_ENOUGH:
        return []
    if len(mine) > len(added) and (not missing or not added or len(mine) - len(added) > 1):
        return words_changed(missing, added)
    return []


def words_changed(missing: list[str], added: list[str]) -> list[Reason]:
    """Return that words are missing or added; articles say less than others."""
    read = read_letters(missing + added)
    small = bool(len(read.word_from)) and bool((word_kinds(read, word_hashes(read)) & SMALL).all())
    kind = "article" if small else "subset"
    told = [(kind, "without " + ", ".join(f"“{shown(w)}”" for w in missing))] if missing else []
    return told + ([(kind, "with " + ", ".join(f"“{shown(w)}”" for w in added))] if added else [])


def shown(word: str) -> str:
    """Return a word of letters that look alike as it may be printed."""
    return "".join(ALPHABET[ord(c) - 97] if 97 <= ord(c) < 97 + len(ALPHABET) else c for c in word)


def canonical(words: list[str]) -> list[int]:
    """Return words as numbers that are equal where the words mean the same."""
    read = read_letters([shown(word) for word in words])
    return [int(h) for h in meant(word_hashes(read))]


def by_letters(one: Spelt, other: Spelt) -> list[Reason]:
    """Return what is said of letters: typos, and letters printed otherwise."""
    if swapped := transposed(one, other):
        return swapped
    told: list[Reason] = []
    for op in Levenshtein.opcodes(one.letters, other.letters):
        mine, theirs = one.signs[op.src_start : op.src_end], other.signs[op.dest_start : op.dest_end]
        if op.tag == "equal":
            befores = other.origins[op.dest_start : op.dest_end]
            for i, (sign, was, before) in enumerate(zip(mine, theirs, befores, strict=True), op.src_start):
                told += printed_otherwise(one, i, sign, was, before)
        else:
            told.append(("typo", slip("".join(mine), "".join(theirs), op.src_start + 1)))
    return told


def slip(mine: str, theirs: str, place: int) -> str:
    """Return a typo in words."""
    if not mine:
        return f"without “{theirs}” at {place}"
    return f"“{mine}” {f'for “{theirs}”' if theirs else 'added'} at {place}"


def transposed(one: Spelt, other: Spelt) -> list[Reason]:
    """Return a single transposition of neighbours, if that is all that differs."""
    a, b = one.letters, other.letters
    at = [i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y]
    if len(a) != len(b) or len(at) != 2 or at[1] != at[0] + 1 or a[at[0]] != b[at[1]] or a[at[1]] != b[at[0]]:
        return []
    return [("typo", f"“{one.signs[at[0]]}{one.signs[at[1]]}” swapped at {at[0] + 1}")]


def printed_otherwise(one: Spelt, i: int, sign: str, was: str, before: int) -> list[Reason]:
    """Return how one letter was printed where another sign belongs."""
    if sign.casefold() == was.casefold():
        return []
    said = f"{quoted(sign)} for {quoted(was)}"
    if sign.isascii() and was.isascii():
        return [("confusable" if sign.isalpha() and was.isalpha() else "leet", said)]
    origins = {Origin(one.origins[i]), Origin(before)}
    if Origin.ROMANISED in origins:
        return [("romanised", f"“{one.printed}” read by its sound")]
    if {Origin.CONFUSABLE, Origin.FAUX} & origins and sign.isascii():
        return [("confusable", f"{quoted(sign, was)} for {quoted(was)}")]
    return [(KIND_OF.get(Origin(one.origins[i]), "diacritic"), said)]


def around(text: str, span: tuple[int, int]) -> list[Reason]:
    """Return what stands around a part."""
    outside = f"{text[: span[0]]} {text[span[1] :]}"
    read = read_letters([outside])
    if not len(read.word_from):
        return []
    affixes = words_of(read, (word_kinds(read, word_hashes(read)) & AFFIX) > 0)
    if affixes:
        return [("affix", f"“{' '.join(affixes)}” around it")]
    return [("embedded", f"inside “{text if len(text) < 200 else text[:200] + '…'}”")]


def words_of(read: Letters, which: np.ndarray) -> list[str]:
    """Return some of the words of a row as printed in ASCII."""
    row = read.rows[0]
    ends = zip(read.word_from[which].tolist(), read.word_to[which].tolist(), strict=True)
    return list(dict.fromkeys(row[read.place(a) : read.place(b - 1) + 1] for a, b in ends))
