"""A text as an eye meets it: escapes read, marks composed, what an override turns round turned round.

Every shown sign knows its place in the printed text.

Careless uploads leave HTML and URL escapes in names; careful ones store "ekarD" behind a right-to-left override,
which is shown as "Drake". Other bidirectional controls move no Latin letter and are left to folding.
"""

import html
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import unquote

ESCAPED = re.compile(r"&#?\w{2,8};|(?:%[0-9A-Fa-f]{2})+")
TURNED = "\u202e"
"""The right-to-left override: what follows is shown backwards, whatever letters it is of."""
OPENING, CLOSING = "\u202a\u202b\u202d\u202e\u2066\u2067\u2068", "\u202c\u2069"
FORWARD = "\u202d"
Sign = tuple[str, int, int]
"""A shown sign, and where in the printed text it begins and ends."""
MOST_MARKS = 24
DEEPEST = 8
"""Controls inside one another that are heeded; Unicode's own algorithm (UAX #9) heeds 125, names need one."""
EXTENDING = re.compile(
    "[\u0300-\u036f\u0483-\u0487\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u093c\u09bc\u0b3c\u09be\u09d7\u0b3e\u0b56\u0b57"
    "\u0bbe\u0bd7\u0c56\u0cc2\u0cd5\u0cd6\u0d3e\u0d57\u0dca\u0dcf\u0ddf\u102e\u1161-\u1175\u11a8-\u11c2\u1ab0-\u1aff"
    "\u1dc0-\u1dff\u20d0-\u20ff\u3099\u309a\ufe20-\ufe2f]"
)
"""Marks, and the vowels and finals of scripts, that NFC may make one with the sign before them."""
MIRRORED = str.maketrans("()[]{}<>«»‹›（）【】", ")(][}{><»«›‹）（】【")


@dataclass(frozen=True)
class Shown:
    """A shown text, and where in the printed one each of its signs begins and ends."""

    text: str
    start: list[int]
    end: list[int]

    def printed(self, first: int, last: int) -> tuple[int, int]:
        """Return the span of the printed text that the shown signs from one to the other come from."""
        return min(self.start[first : last + 1]), max(self.end[first : last + 1])


def is_plain(text: str) -> bool:
    """Say whether a text, or texts joined, is surely shown as it is stored."""
    if ("&" in text and ";" in text) or "%" in text:
        return False
    return text.isascii() or (TURNED not in text and unicodedata.is_normalized("NFC", text))


@lru_cache(maxsize=512)
def shown(text: str) -> Shown | None:
    """Return a text as it is shown, or nothing where that is how it is stored."""
    if is_plain(text):
        return None
    signs: list[Sign] = []
    at = 0
    for escape in ESCAPED.finditer(text):
        signs += [(text[i], i, i + 1) for i in range(at, escape.start())]
        read = html.unescape(escape.group()) if escape.group()[0] == "&" else unquote(escape.group())
        signs += [(sign, escape.start(), escape.end()) for sign in read]
        at = escape.end()
    signs += [(text[i], i, i + 1) for i in range(at, len(text))]
    signs = composed(signs)
    if any(sign == TURNED for sign, _, _ in signs):
        signs = turned(signs)
    told = "".join(sign for sign, _, _ in signs)
    return None if told == text else Shown(told, [a for _, a, _ in signs], [b for _, _, b in signs])


def composed(signs: list[Sign]) -> list[Sign]:
    """Return signs in NFC; what a mark became one with begins where its letter did."""
    if unicodedata.is_normalized("NFC", "".join(sign for sign, _, _ in signs)):
        return signs
    told: list[Sign] = []
    at = 0
    while at < len(signs):
        end = at + 1
        while end < len(signs) and end - at < MOST_MARKS and EXTENDING.match(signs[end][0]):
            end += 1
        cluster = unicodedata.normalize("NFC", "".join(sign for sign, _, _ in signs[at:end]))
        told += [(sign, signs[at][1], signs[end - 1][2]) for sign in cluster]
        at = end
    return told


def turned(signs: list[Sign]) -> list[Sign]:
    """Return signs in the order in which they are shown; nested overrides turn what they hold once more."""
    runs: list[tuple[str, list[Sign]]] = [("", [])]
    ignored = 0
    for sign in signs:
        if sign[0] in OPENING:
            if len(runs) < DEEPEST:
                runs.append((sign[0], []))
            else:
                ignored += 1
        elif sign[0] in CLOSING:
            if ignored:
                ignored -= 1
            elif len(runs) > 1:
                close(runs)
        elif sign[0] in "\n\r\u2029":
            while len(runs) > 1:
                close(runs)
            ignored = 0
        runs[-1][1].append(sign)
    while len(runs) > 1:
        close(runs)
    return runs[0][1]


def close(runs: list[tuple[str, list[Sign]]]) -> None:
    """End the innermost run of signs: one that is turned goes into the run around it backwards."""
    opened, held = runs.pop()
    around = next((kind for kind, _ in reversed(runs) if kind in (TURNED, FORWARD)), FORWARD)
    if opened in (TURNED, FORWARD) and opened != around:
        held = [(sign.translate(MIRRORED), a, b) for sign, a, b in reversed(held)]
    runs[-1][1].extend(held)
