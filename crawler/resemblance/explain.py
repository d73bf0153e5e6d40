"""Why a part of a text resembles an alias: every kind of difference, with the characters that differ quoted.

Worked out only for matches that somebody reads, from the printed strings alone, so that matching stays quick. Every
sentence is true of what is printed: signs are compared in NFC, one by one, and places count letters from 1.
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise

from rapidfuzz.distance import OSA

from crawler.resemblance import folding
from crawler.resemblance.align import Letter, Step, align, middle, runs
from crawler.resemblance.folding import Origin
from crawler.resemblance.paired import Paired, one_word_differs
from crawler.resemblance.shown import ESCAPED, TURNED, shown
from crawler.resemblance.spelt import Spelt, Word, nearest_readings, read_ahead, readings, signs

Reason = tuple[str, str]

KIND_OF = {
    Origin.LEET: "leet",
    Origin.MARKED: "diacritic",
    Origin.STYLED: "styled",
    Origin.CONFUSABLE: "confusable",
    Origin.FAUX: "faux",
    Origin.ROMANISED: "romanised",
}
ORDER = [
    "reversed",
    "confusable",
    "invisible",
    "faux",
    "leet",
    "styled",
    "typo",
    "sound",
    "subset",
    "romanised",
    "number",
]
ORDER += ["order", "diacritic", "spacing", "punctuation", "article", "case", "escaped", "exact", "affix", "embedded"]
NEAR_ENOUGH = 3
"""Letters typed otherwise that are told one by one; more than that is told as a likeness of sound."""
MOST_WORDS = 5
LONGEST_QUOTE = 200
REMEMBERED = 50_000
LONGEST_PART = 400
"""Signs of a part that are compared one by one."""


@dataclass(frozen=True)
class Sides:
    """What is compared: a part as it is shown, the name as it is shown, and what stands around the part."""

    whole: str
    """The whole text as it is shown."""
    span: tuple[int, int]
    alias: str

    @classmethod
    def of(cls, text: str, span: tuple[int, int], alias: str) -> "Sides":
        """Show a text and a name."""
        start, end = span
        name = read.text if (read := shown(alias)) else alias
        if not (seen := shown(text)):
            return cls(text, span, name)
        inside = [i for i, (a, b) in enumerate(zip(seen.start, seen.end, strict=True)) if a >= start and b <= end]
        return cls(seen.text, (inside[0], inside[-1] + 1) if inside else (0, len(seen.text)), name)

    @cached_property
    def part(self) -> str:
        """The part as it is shown, without what is hidden in it, cut to a length that can be compared."""
        return without_hidden(self.whole[slice(*self.span)], self.alias)[:LONGEST_PART]

    @cached_property
    def outside(self) -> str:
        """What stands around the part."""
        first, last = self.span
        return f"{self.whole[max(0, first - LONGEST_PART) : first]} {self.whole[last : last + LONGEST_PART]}"


def reasons(text: str, span: tuple[int, int], alias: str) -> tuple[Reason, ...]:
    """Return every (kind, evidence) by which the part of a text at a span resembles an alias."""
    key = text, span, alias
    if key not in explained:
        explain_all([key])
    return explained[key]


Asked = tuple[str, tuple[int, int], str]
explained: dict[Asked, tuple[Reason, ...]] = {}
"""What was explained lately."""


def explain_all(asked: Iterable[Asked]) -> None:
    """Explain many matches (text, span, alias) at once, which is much quicker than one by one."""
    fresh = {key: Sides.of(*key) for key in asked if key not in explained}
    if len(explained) + len(fresh) > REMEMBERED:
        explained.clear()
    apart = [sides for sides in fresh.values() if sides.part != sides.alias]
    read_ahead([name for sides in apart for name in (sides.part, sides.alias[:LONGEST_PART])])
    read_ahead([sides.outside for sides in fresh.values() if not sides.outside.isspace()])
    explained.update({key: explanation(key, sides) for key, sides in fresh.items()})


def explanation(asked: Asked, sides: Sides) -> tuple[Reason, ...]:
    """Return every reason of one match."""
    text, span, alias = asked
    printed = text[slice(*span)]
    told = [] if text.isascii() and text is sides.whole else hidden(sides.whole, sides.span, sides.alias)
    if sides.whole is not text:
        told += backwards(printed, sides.whole[slice(*sides.span)])
    escapes = ", ".join(f"“{escape}”" for escape in dict.fromkeys(ESCAPED.findall(printed)) if escape not in alias)
    if sides.part == sides.alias and not told:
        told.append(("exact", f"“{sides.part}” {as_it_is(printed, alias, escapes)}"))
    else:
        told += [("escaped", f"with {escapes} in it")] if escapes else []
        told += between(sides.part, sides.alias) if sides.part != sides.alias else []
    told += around(sides.outside, text)
    return tuple(sorted(dict.fromkeys(told), key=lambda reason: ORDER.index(reason[0])))


def code(sign: str) -> str:
    """Return a character's code point."""
    return f"U+{ord(sign):04X}"


def quoted(sign: str) -> str:
    """Return a character, with its code point unless it is ASCII."""
    if sign.isascii():
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
    if part.isascii():
        return part
    kept, at = "", 0
    for start, end in folding.hidden(part):
        kept += part[at:start] + "".join(sign for sign in part[start:end] if sign in alias and sign != TURNED)
        at = end
    return kept + part[at:]


def backwards(printed: str, part: str) -> list[Reason]:
    """Return that a part is stored backwards and shown as the name."""
    if TURNED not in printed:
        return []
    bare, seen = (folding.UNSEEN.sub("", text) for text in (printed, part))
    return [("reversed", f"“{bare}” is shown as “{seen}” after {code(TURNED)}")]


def as_it_is(printed: str, alias: str, escapes: str) -> str:
    """Return that a part is the name, and how it is stored if that differs."""
    if escapes:
        return f"once {escapes} is read"
    return "as it is" if printed == alias else "as it is, its marks stored apart from their letters"


def between(part: str, alias: str) -> list[Reason]:
    """Return how a part differs from an alias."""
    if part.casefold() == alias.casefold():
        return [("case", f"“{part}” for “{alias}”")]
    alias = alias[:LONGEST_PART]
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
    if one.replace(" ", "") == other.replace(" ", ""):
        return [("spacing", said)]
    return [("punctuation", said + lookalike_signs(one, other))]


def lookalike_signs(part: str, alias: str) -> str:
    """Return, in brackets, the code points of signs that are no letters and differ."""
    mine, theirs = (dict.fromkeys(c for c in text if not c.isalnum() and not c.isspace()) for text in (part, alias))
    odd = [quoted(sign) for sign in mine if sign not in theirs and not sign.isascii()]
    return f" ({', '.join(odd)})" if odd else ""


def compared(one: Spelt, other: Spelt) -> list[Reason]:
    """Return how two readings differ: by their words where that says less, else letter by letter."""
    if one.alike == other.alike:
        divided = list(one.ends) != list(other.ends)
        said = [("spacing", f"“{one.printed}” for “{other.printed}”")] if divided else []
        steps = what_differs(one, other)
        return said + slips(steps) + otherwise(one, steps)
    wrong = OSA.distance(one.alike, other.alike)
    # where one word is misspelt, its letters say less than words would: the pairing would cost more than it could save
    if not one_word_differs(one, other) and (by_words := Paired.of(one, other)).price < wrong and by_words.is_told:
        return words_changed(by_words)
    if wrong > NEAR_ENOUGH:
        return [("sound", f"“{one.printed}” sounds like “{other.printed}”")]
    steps = what_differs(one, other)
    return slips(steps) + otherwise(one, steps)


def what_differs(one: Spelt, other: Spelt) -> list[Step]:
    """Return the steps between two readings; of plain text only those where it differs, which is much quicker."""
    if not (one.printed.isascii() and other.printed.isascii()):
        return align(one.letters, other.letters)
    mine, theirs = one.signs, other.signs
    begin, end, shorter = 0, 0, min(len(mine), len(theirs))
    while begin < shorter and mine[begin] == theirs[begin]:
        begin += 1
    while end < shorter - begin and mine[-1 - end] == theirs[-1 - end]:
        end += 1
    return middle(one.some_letters(begin, len(mine) - end), other.some_letters(begin, len(theirs) - end))


def words_changed(paired: Paired) -> list[Reason]:
    """Return what is said of words: left out, added, in another order, numbers; and of the letters of the others."""
    one, other = paired.one, paired.other
    told: list[Reason] = []
    for spelt, numbers, said in ((other, paired.missing, "without"), (one, paired.left, "with")):
        if words := [spelt.words[i] for i in numbers]:
            told.append(("article" if all(word.is_small for word in words) else "subset", f"{said} {listed(words)}"))
    if paired.pairs != sorted(paired.pairs, key=lambda pair: pair[1]):
        told.append(("order", f"“{one.printed}” for “{other.printed}”"))
    for i, j in paired.pairs:
        mine, theirs = one.words[i], other.words[j]
        if mine.printed == theirs.printed:
            continue
        steps = align(mine.letters, theirs.letters)
        if mine.alike == theirs.alike:
            told += otherwise(one, steps)
        elif mine.meaning == theirs.meaning:
            told.append(("number", f"“{mine.printed}” for “{theirs.printed}”"))
        else:
            told += slips(steps) + otherwise(one, steps)
    return told


def listed(words: list[Word]) -> str:
    """Return words, quoted; of many only the first."""
    more = f" and {len(words) - MOST_WORDS} words more" if len(words) > MOST_WORDS else ""
    return ", ".join(f"“{word.printed}”" for word in words[:MOST_WORDS]) + more


def slips(steps: list[Step]) -> list[Reason]:
    """Return what was typed otherwise: letters left out, added, replaced, swapped."""
    told: list[Reason] = []
    for step, following in pairwise(steps):
        if step.swapped and step.mine and following.mine:
            told.append(("typo", f"“{step.mine.sign}{following.mine.sign}” swapped at {step.mine.number}"))
    for run in runs(steps):
        if all(is_unheard(step) for step in run) and one_script_only(steps):
            continue
        mine = [step.mine for step in run if step.mine]
        theirs = [step.theirs for step in run if step.theirs]
        told.append(("typo", slip(mine, theirs)))
    return told


def is_unheard(step: Step) -> bool:
    """Say whether a step leaves out or adds a letter that is read as nothing."""
    letters = [letter for letter in (step.mine, step.theirs) if letter]
    return len(letters) == 1 and not letters[0].plain.isascii()


def one_script_only(steps: list[Step]) -> bool:
    """Say whether just one of two names is in another script: then the other can't have what is unheard."""
    mine = any(step.mine.origin == Origin.ROMANISED for step in steps if step.mine)
    return mine != any(step.theirs.origin == Origin.ROMANISED for step in steps if step.theirs)


def slip(mine: list[Letter], theirs: list[Letter]) -> str:
    """Return one typo in words; places count the letters of the part, or of the name where letters are left out."""
    if not mine:
        return f"without “{signs(theirs)}” at {theirs[0].number}"
    return f"“{signs(mine)}” {f'for “{signs(theirs)}”' if theirs else 'added'} at {mine[0].number}"


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
    if sign == was or sign.casefold() == was.casefold():
        return []
    said = f"{quoted(sign)} for {quoted(was)}"
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
    if outside.isspace() or not (read := readings(outside)):
        return []
    if affixes := read[0].affixes:
        return [("affix", f"“{' '.join(dict.fromkeys(affixes))}” around it")]
    return [("embedded", f"inside “{text if len(text) < LONGEST_QUOTE else text[:LONGEST_QUOTE] + '…'}”")]
