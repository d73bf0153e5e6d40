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
MIRRORED = dict(zip("()[]{}<>«»‹›（）【】", ")(][}{><»«›‹）（】【", strict=True))
CONTROLS = re.compile(f"[{OPENING}]+|[{CLOSING}]+|[\n\r\u2029]")


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


@dataclass
class Run:
    """Signs that are shown in one direction, on their way into the run around them."""

    direction: str
    turns: bool
    """Whether they go backwards into the run around them."""
    mirrored: bool
    """Whether all the runs around them together turn their brackets."""
    held: list[Sign]

    def take(self, signs: list[Sign]) -> None:
        """Add signs as they stand here; brackets as they will be shown in the end."""
        if self.mirrored:
            signs = [(MIRRORED.get(sign, sign), a, b) for sign, a, b in signs]
        self.held.extend(signs)

    def inner(self, control: str) -> "Run":
        """Return the run that a control opens inside of this one."""
        direction = control if control in (TURNED, FORWARD) else self.direction
        turns = direction != self.direction
        return Run(direction, turns, self.mirrored != turns, [])


def turned(signs: list[Sign]) -> list[Sign]:
    """Return signs in the order in which they are shown; nested overrides turn what they hold once more."""
    runs = [Run(FORWARD, turns=False, mirrored=False, held=[])]
    ignored = at = 0
    for found in CONTROLS.finditer("".join(sign for sign, _, _ in signs)):
        begin, end = found.span()
        runs[-1].take(signs[at:begin])
        at = begin
        if signs[at][0] in OPENING:
            while at < end and len(runs) < DEEPEST:
                runs.append(runs[-1].inner(signs[at][0]))
                runs[-1].take(signs[at : at + 1])
                at += 1
            ignored += end - at
        elif signs[at][0] in CLOSING:
            while at < end and (ignored or len(runs) > 1):
                closed = min(ignored, end - at) or close(runs)
                ignored = max(0, ignored - closed)
                runs[-1].take(signs[at : at + closed])
                at += closed
        else:
            close(runs, len(runs) - 1)
            ignored = 0
        runs[-1].take(signs[at:end])
        at = end
    runs[-1].take(signs[at:])
    close(runs, len(runs) - 1)
    return runs[0].held


def close(runs: list[Run], count: int = 1) -> int:
    """End the innermost runs of signs, and return how many: one that is turned goes backwards into the one around."""
    for _ in range(count):
        run = runs.pop()
        runs[-1].held.extend(run.held[::-1] if run.turns else run.held)
    return count
