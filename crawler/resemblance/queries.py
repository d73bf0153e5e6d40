"""The few searches that together reach most imitations of a name, best yield per call first.

A platform's own search folds some spellings together (case and marks on nearly all, as far as is known); asking for
those twice is waste. What it does not fold has to be asked for by its spelling. The yields are judgements, not yet
measurements: each is the share of imitations that a query is expected to reach and that no earlier one does.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from anyascii import anyascii

from crawler.resemblance.folding import LOOKS, SOUNDED

FOLDED = ("case", "marks", "punctuation", "spacing")
"""What most searches are taken to fold; a platform that folds less says so (`search_folds`)."""
YIELDS = {"name": 0.55, "alias": 0.12, "sound": 0.1, "plain": 0.08, "article": 0.05, "leet": 0.04, "lookalike": 0.04}
YIELDS |= {"joined": 0.03, "ai": 0.03, "slip": 0.02}
LOOKALIKES = str.maketrans("aceiopsxyABCEHKMOPTX", "асеіорѕхуАВСЕНКМОРТХ")
LEET = str.maketrans("aeiostAEIOST", "4310$74310$7")
MOST = 8


@dataclass(frozen=True)
class Query:
    """One search to make: what to ask, why, and the share of imitations that it is expected to add."""

    text: str
    reason: str
    expected: float


def plan_queries(
    name: str, aliases: Sequence[str] = (), folds: Sequence[str] = FOLDED, most: int = MOST
) -> list[Query]:
    """Return the searches for a name where the search takes `folds` as one, best first; none asks what an earlier one already covers."""
    planned: list[Query] = []
    covered: set[str] = set()
    ranked = sorted(asked(name, aliases), key=lambda query: -query.expected)
    for query in ranked:
        seen = searched_as(query.text, folds)
        if seen and seen not in covered:
            covered.add(seen)
            planned.append(query)
    return planned[:most]


def searched_as(text: str, folds: Sequence[str]) -> str:
    """Return a query as a search that folds so is taken to read it."""
    text = unicodedata.normalize("NFKC", text)
    if "case" in folds:
        text = text.casefold()
    if "marks" in folds:
        text = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    if "punctuation" in folds:
        text = "".join(c if c.isalnum() or c.isspace() or c in "$@!" else "" for c in text) or text
    return "".join(text.split()) if "spacing" in folds else " ".join(text.split())


def asked(name: str, aliases: Sequence[str]) -> Iterator[Query]:
    """Yield every search worth thinking of, unranked."""
    for number, spelling in enumerate((name, *aliases)):
        if not spelling.strip():
            continue
        reason = "the name" if number == 0 else "an alias"
        yield Query(spelling, reason, YIELDS["name"] if number == 0 else YIELDS["alias"] / (1 + 0.1 * number))
        for text, why, kind in variants(spelling):
            yield Query(text, f"{why} of {reason}", YIELDS[kind] / (1 + 2 * number))


def variants(spelling: str) -> Iterator[tuple[str, str, str]]:
    """Yield (text, reason, kind) for the spellings that imitators use and searches rarely fold."""
    seen = spelling.translate(LOOKS)
    if seen != spelling:
        kind = (
            "sound" if SOUNDED.search(spelling) or not any(c.isascii() and c.isalpha() for c in spelling) else "plain"
        )
        yield anyascii(spelling).strip(), "the Latin form", kind
    yield spelling.translate(LOOKALIKES), "Cyrillic look-alikes", "lookalike"
    last = max((i for i, c in enumerate(spelling) if c in "aeo"), default=-1)
    if last >= 0:
        yield (
            spelling[:last] + spelling[last].translate(LOOKALIKES) + spelling[last + 1 :],
            "one look-alike",
            "lookalike",
        )
    yield spelling.translate(LEET), "the leet spelling", "leet"
    if any(c in "$@!" for c in spelling):
        yield spelling.translate(str.maketrans("$@!", "sai")), "the plain spelling", "plain"
    words = spelling.split()
    if len(words) > 1:
        yield "".join(words), "the joined words", "joined"
        if words[0].casefold() in {"the", "los", "las", "les", "die", "el", "la"}:
            yield " ".join(words[1:]), "the name without the article", "article"
    yield f"{spelling} AI", "the AI covers", "ai"
    yield from slips(spelling)


def slips(spelling: str) -> Iterator[tuple[str, str, str]]:
    """Yield the likeliest misspellings: a double letter once, ie and ei exchanged."""
    for i in range(1, len(spelling)):
        if spelling[i].isalpha() and spelling[i] == spelling[i - 1]:
            yield spelling[:i] + spelling[i + 1 :], "a doubled letter less", "slip"
            break
    for one, other in (("ie", "ei"), ("ei", "ie"), ("ph", "f"), ("y", "i")):
        if one in spelling[1:]:
            at = spelling.index(one, 1)
            yield spelling[:at] + other + spelling[at + len(one) :], f"“{other}” for “{one}”", "slip"
            break
