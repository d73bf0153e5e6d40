"""Why a part of a text resembles an alias: every kind of difference, with the characters that differ quoted.

Worked out only for matches that somebody reads, from the printed strings alone, so that matching stays quick. Every
sentence is true of what is printed: letters are compared in NFC, sign by sign, and positions count printed signs.
"""

import unicodedata
from functools import lru_cache
from math import inf

from rapidfuzz.distance import OSA

from crawler.resemblance import folding
from crawler.resemblance.align import Letter, Step, align, runs, typed
from crawler.resemblance.folding import Origin
from crawler.resemblance.letters import read_letters
from crawler.resemblance.shown import ESCAPED, TURNED, shown
from crawler.resemblance.spelt import Spelt, Word, nearest_readings, signs
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
ORDER = ["reversed", "confusable", "invisible", "faux", "leet", "styled", "typo", "sound", "subset", "romanised", "number"]
ORDER += ["order", "diacritic", "spacing", "punctuation", "article", "case", "escaped", "exact", "affix", "embedded"]
NEAR_ENOUGH = 3
"""Letters typed otherwise that are told one by one; more than that is told as a likeness of sound."""
A_WORD, ANOTHER_WORD, AN_ARTICLE, ANOTHER_ORDER = 0.9, 1.6, 0.8, 0.5
"""What a word left out or added, one in place of another, an article and another order cost against typed letters."""
MOST_WORDS = 5
LONGEST_QUOTE = 200
LONGEST_PART = 400
"""Signs of a part that are compared one by one."""


@lru_cache(maxsize=4096)
def reasons(text: str, span: tuple[int, int], alias: str) -> tuple[Reason, ...]:
    """Return every (kind, evidence) by which the part of a text at a span resembles an alias."""
    start, end = span
    printed, seen = text[start:end], shown(text)
    first, last = start, end
    if seen:
        inside = [i for i, (a, b) in enumerate(zip(seen.start, seen.end, strict=True)) if a >= start and b <= end]
        first, last = (inside[0], inside[-1] + 1) if inside else (0, len(seen.text))
    whole = seen.text if seen else text
    name = read.text if (read := shown(alias)) else alias
    told = hidden(whole, (first, last), name) + stored(printed, whole[first:last])
    told += between(without_hidden(whole[first:last], name), name, quiet=bool(told), identical=printed == alias)
    told += around(f"{whole[:first]} {whole[last:]}", text)
    return tuple(sorted(dict.fromkeys(told), key=lambda reason: ORDER.index(reason[0])))


def code(sign: str) -> str:
    """Return a character's code point."""
    return f"U+{ord(sign):04X}"


def quoted(sign: str, beside: str = "") -> str:
    """Return a character, with its code point unless it and the one beside it are ASCII."""
    if sign.isascii() and beside.isascii():
        return sign
    return f"{sign} {code(sign)}" if sign.isprintable() else code(sign)


def hidden(text: str, span: tuple[int, int], alias: str) -> list[Reason]:
    """Return the invisible characters of a text that the alias has not, and where they hide."""
    told = []
    for start, end in folding.hidden(text):
        for sign in dict.fromkeys(text[start:end]):
            if sign == TURNED or sign in alias:
                continue
            where = f"at {start + 1 - span[0]}" if span[0] <= start < span[1] else "beside it"
            if not text[:start].strip(sign):
                where = "at the start"
            elif not text[end:].strip(sign):
                where = "at the end"
            told.append(("invisible", f"{code(sign)} hidden {where}"))
    return told


def without_hidden(part: str, alias: str) -> str:
    """Return a part without what is hidden in it."""
    kept, at = "", 0
    for start, end in folding.hidden(part):
        kept += part[at:start] + "".join(sign for sign in part[start:end] if sign in alias and sign != TURNED)
        at = end
    return kept + part[at:]


def stored(printed: str, part: str) -> list[Reason]:
    """Return how a part is stored otherwise than it is shown: backwards, or with escapes."""
    told = []
    if TURNED in printed:
        bare = folding.UNSEEN.sub("", printed)
        told.append(("reversed", f"“{bare}” is shown as “{folding.UNSEEN.sub('', part)}” after {code(TURNED)}"))
    if escapes := dict.fromkeys(ESCAPED.findall(printed)):
        told.append(("escaped", f"{', '.join(escapes)} in “{printed}” is read as “{part}”"))
    return told


def between(part: str, alias: str, quiet: bool, identical: bool) -> list[Reason]:
    """Return how a part differs from an alias; if that is all the same and something was told already, nothing."""
    if part == alias:
        if quiet:
            return []
        return [("exact", f"“{alias}” as it is" + ("" if identical else ", its marks stored apart from their letters"))]
    if part.casefold() == alias.casefold():
        return [("case", f"“{part}” for “{alias}”")]
    part, alias = part[:LONGEST_PART], alias[:LONGEST_PART]
    pair = nearest_readings(part, alias)
    told = compared(*pair) if pair else []
    return told + spaces(part, alias) or plainly(part, alias)


def spaces(part: str, alias: str) -> list[Reason]:
    """Return the spaces of a part that look like others but are not."""
    odd = dict.fromkeys(sign for sign in part if sign.isspace() and sign != " " and sign not in alias)
    return [("spacing", f"{code(sign)} for a space") for sign in odd]


def plainly(part: str, alias: str) -> list[Reason]:
    """Return the differences that no letter shows: case, spacing and punctuation."""
    said = f"“{part}” for “{alias}”"
    one, other = (" ".join(text.split()) for text in (part.casefold(), alias.casefold()))
    if one == other:
        return [("spacing" if part.split() == alias.split() else "case", said)]
    return [("punctuation", said + lookalike_signs(one, other))]


def lookalike_signs(part: str, alias: str) -> str:
    """Return, in brackets, the code points of signs that are no letters and differ."""
    mine, theirs = (dict.fromkeys(c for c in text if not c.isalnum() and not c.isspace()) for text in (part, alias))
    odd = [quoted(sign) for sign in mine if sign not in theirs and not sign.isascii()]
    return f" ({', '.join(odd)})" if odd else ""


def compared(one: Spelt, other: Spelt) -> list[Reason]:
    """Return how two readings differ: by their words where that says less, else letter by letter."""
    steps = align(one.letters, other.letters)
    wrong = typed(steps)
    if wrong == 0:
        divided = [word.alike for word in one.words] != [word.alike for word in other.words]
        said = [("spacing", f"“{one.printed}” for “{other.printed}”")] if divided else []
        return said + otherwise(one, steps)
    by_words, price = words_compared(one, other)
    if price < wrong:
        return by_words
    if wrong > NEAR_ENOUGH:
        return [("sound", f"“{one.printed}” sounds like “{other.printed}”")]
    return slips(steps) + otherwise(one, steps)


def words_compared(one: Spelt, other: Spelt) -> tuple[list[Reason], float]:
    """Return what is said of words (left out, added, in another order, numbers), and what that costs."""
    mine, theirs = canonical(one), canonical(other)
    pairs, left, missing = paired(one, other, mine, theirs)
    told: list[Reason] = []
    price = 0.0 if pairs else inf
    for words, said in ((missing, "without"), (left, "with")):
        if words:
            kind = "article" if all(is_small(word) for word in words) else "subset"
            each = AN_ARTICLE if kind == "article" else ANOTHER_WORD if missing and left else A_WORD
            price += len(words) * each
            told.append((kind, f"{said} {listed(words)}"))
    order = [at for _, at in sorted((one.words.index(m), other.words.index(t)) for m, t in pairs)]
    if order != sorted(order):
        told.append(("order", f"“{one.printed}” for “{other.printed}”"))
        price += ANOTHER_ORDER
    for m, t in pairs:
        steps = align(list(m.letters), list(t.letters))
        if m.alike != t.alike and mine[one.words.index(m)] == theirs[other.words.index(t)]:
            told.append(("number", f"“{m.printed}” for “{t.printed}”"))
        elif typed(steps):
            told += slips(steps)
            price += typed(steps)
        told += otherwise(one, steps) if m.alike == t.alike else []
    return told, price


def listed(words: list[Word]) -> str:
    """Return words, quoted; of many only the first."""
    more = f" and {len(words) - MOST_WORDS} words more" if len(words) > MOST_WORDS else ""
    return ", ".join(f"“{word.printed}”" for word in words[:MOST_WORDS]) + more


def paired(
    one: Spelt, other: Spelt, mine: list[int], theirs: list[int]
) -> tuple[list[tuple[Word, Word]], list[Word], list[Word]]:
    """Return the words that belong together, those that were added, and those that are missing."""
    places = {i: word for i, word in enumerate(other.words)}
    pairs, left = [], []
    for word, meaning in zip(one.words, mine, strict=True):
        at = next((i for i in places if theirs[i] == meaning), None)
        if at is None:
            left.append(word)
        else:
            pairs.append((word, places.pop(at)))
    for word in list(left):
        near = {i: OSA.distance(word.alike, theirs.alike) for i, theirs in places.items()}
        at = min(near, key=lambda i: near[i], default=None)
        if at is not None and near[at] <= max(1, len(word.letters) // 4):
            left.remove(word)
            pairs.append((word, places.pop(at)))
    return pairs, left, list(places.values())


def is_small(word: Word) -> bool:
    """Say whether a word is an article or the like."""
    read = read_letters([word.plain if word.plain.isascii() else ""])
    return bool(len(read.word_from)) and bool((word_kinds(read, word_hashes(read)) & SMALL).all())


def canonical(spelt: Spelt) -> list[int]:
    """Return words as numbers that are equal where the words mean the same."""
    told = []
    for word in spelt.words:
        read = read_letters([word.plain if word.plain.isascii() else ""])
        # a word may read as several by itself ("1966" beside letters); only one that stays one can mean a number
        told.append(int(meant(word_hashes(read))[0]) if len(read.word_from) == 1 else hash(word.alike))
    return told


def slips(steps: list[Step]) -> list[Reason]:
    """Return what was typed otherwise: letters left out, added, replaced, swapped."""
    told: list[Reason] = []
    for step, following in zip(steps, steps[1:], strict=False):
        if step.swapped and step.mine and following.mine:
            told.append(("typo", f"“{step.mine.sign}{following.mine.sign}” swapped at {step.mine.at + 1}"))
    for run in runs(steps):
        mine = [step.mine for step in run if step.mine]
        theirs = [step.theirs for step in run if step.theirs]
        told.append(("typo", slip(mine, theirs)))
    return told


def slip(mine: list[Letter], theirs: list[Letter]) -> str:
    """Return one typo in words; places count the signs of the part, or of the name where letters are left out."""
    if not mine:
        return f"without “{signs(theirs)}” at {theirs[0].at + 1}"
    return f"“{signs(mine)}” {f'for “{signs(theirs)}”' if theirs else 'added'} at {mine[0].at + 1}"


def otherwise(one: Spelt, steps: list[Step]) -> list[Reason]:
    """Return the letters that are printed otherwise than the name's."""
    told: list[Reason] = []
    for step in steps:
        if step.mine and step.theirs and not step.swapped and step.mine.alike == step.theirs.alike:
            told += printed_otherwise(one, step.mine, step.theirs)
    return told


def printed_otherwise(one: Spelt, mine: Letter, theirs: Letter) -> list[Reason]:
    """Return how one letter was printed where another sign belongs."""
    sign, was = mine.sign, theirs.sign
    if sign.casefold() == was.casefold():
        return []
    said = f"{quoted(sign, was)} for {quoted(was, sign)}"
    if base(sign) == base(was):
        return [("diacritic", said)]
    if sign.isascii() and was.isascii():
        return [("confusable" if sign.isalpha() and was.isalpha() else "leet", said)]
    if Origin.ROMANISED in (mine.origin, theirs.origin):
        return [("romanised", f"“{one.printed}” read by its sound")]
    return [(KIND_OF.get(max(mine.origin, theirs.origin), "confusable"), said)]


@lru_cache(maxsize=4096)
def base(sign: str) -> str:
    """Return the letter under a marked one, caseless."""
    return unicodedata.normalize("NFD", sign)[0].casefold()


def around(outside: str, text: str) -> list[Reason]:
    """Return what stands around a part."""
    if outside.isspace():
        return []
    read = read_letters([outside])
    if not len(read.word_from):
        return []
    kinds = word_kinds(read, word_hashes(read))
    places = range(len(outside)) if outside.isascii() else folding.places(outside)
    first = read.row_words[1]
    words = [
        outside[places[read.place(a)] : places[read.place(b - 1)] + 1]
        for a, b, kind in zip(read.word_from[:first].tolist(), read.word_to[:first].tolist(), kinds.tolist(), strict=False)
        if kind & AFFIX
    ]
    if words:
        return [("affix", f"“{' '.join(dict.fromkeys(words))}” around it")]
    return [("embedded", f"inside “{text if len(text) < LONGEST_QUOTE else text[:LONGEST_QUOTE] + '…'}”")]
