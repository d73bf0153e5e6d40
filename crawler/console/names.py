"""Printed names for a page: what hides is shown, what differs from the monitored name is marked. Pure.

A name is marked where it differs from the name that is expected, or where one word of it mixes scripts; never because
it is written in another script than Latin.
"""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

from markupsafe import Markup, escape

from crawler.resemblance.folding import look

LONGEST = 200
ALIKE = 0.6
UNSEEN = frozenset({"Cc", "Cf", "Zl", "Zp", "Cs", "Co", "Cn"})
BLANK = "\u115f\u1160\u3164\uffa0\u2800"
MIXED = ("LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE")  # scripts whose letters pass for one another's


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of a printed name; with a note, one that is marked."""

    text: str
    note: str = ""


@lru_cache(maxsize=20_000)
def pieces(text: str, expected: tuple[str, ...] = ()) -> tuple[Piece, ...]:
    """Cut a printed name where it is marked; `expected` are the names that it may be meant for."""
    cut = text[:LONGEST]
    notes = _mixed(cut)
    if cut not in expected:
        best = max(expected, key=lambda name: _ratio(cut, name), default=None)
        if best is not None and _ratio(cut, best) >= ALIKE:
            notes |= _differing(cut, best[:LONGEST])
    notes |= _hidden(cut)
    found: list[Piece] = []
    for at, sign in enumerate(cut):
        if note := notes.get(at):
            shown = code(sign) if _is_hidden(sign) else sign
            if found and found[-1].note == note:
                shown = found.pop().text + shown
            found.append(Piece(shown, note))
        elif found and not found[-1].note:
            found[-1] = Piece(found[-1].text + sign)
        else:
            found.append(Piece(sign))
    if missing := notes.get(len(cut)):
        found.append(Piece("", missing))
    if len(text) > LONGEST:
        found.append(Piece("…"))
    return tuple(found)


def html(text: object, expected: Iterable[str] = ()) -> Markup:
    """Write a printed name for a page, apart from the direction of what stands around it."""
    if text is None or text == "":
        return Markup('<span class="none">none</span>')
    written = Markup("").join(
        Markup('<mark class="odd" title="{0}">{1}<span class="unseen"> ({0}) </span></mark>').format(one.note, one.text)
        if one.note
        else escape(one.text)
        for one in pieces(str(text), tuple(expected))
    )
    return Markup("<bdi>{}</bdi>").format(written)


def notes(text: str, expected: Sequence[str] = ()) -> list[str]:
    """List what is marked in a name, each once."""
    return list(dict.fromkeys(one.note for one in pieces(text, tuple(expected)) if one.note))


def code(sign: str) -> str:
    """Write a character's code point."""
    return f"U+{ord(sign):04X}"


def called(sign: str) -> str:
    """Name a character by its code point and its name."""
    return f"{code(sign)} {unicodedata.name(sign, 'an unnamed character')}"


def _is_hidden(sign: str) -> bool:
    # U+200C and U+200D bind letters in some scripts and emoji: they are shown like the others, and do no harm so.
    return unicodedata.category(sign) in UNSEEN or sign in BLANK


def _hidden(text: str) -> dict[int, str]:
    return {at: f"{called(sign)}, which is not seen" for at, sign in enumerate(text) if _is_hidden(sign)}


def _script(sign: str) -> str:
    name = unicodedata.name(sign, "")
    return next((script for script in MIXED if name.startswith(script)), "") if sign.isalpha() else ""


def _mixed(text: str) -> dict[int, str]:
    """Mark the letters of a word's rarer script."""
    found: dict[int, str] = {}
    start = 0
    for word in text.split(" "):
        scripts = [_script(sign) for sign in word]
        known = [script for script in scripts if script]
        if len(set(known)) > 1:
            main = max(MIXED, key=known.count)
            for at, script in enumerate(scripts):
                if script and script != main:
                    found[start + at] = f"{called(word[at])} in a word of {main.capitalize()} letters"
        start += len(word) + 1
    return found


@lru_cache(maxsize=20_000)
def _key(sign: str) -> str:
    return look(sign)[0].casefold() or sign.casefold()


def _keys(text: str) -> list[str]:
    return [_key(sign) for sign in text]


def _ratio(text: str, name: str) -> float:
    return SequenceMatcher(None, _keys(text), _keys(name[:LONGEST]), autojunk=False).ratio()


def _expected(sign: str) -> str:
    if sign == " ":
        return "a space"
    if sign.isascii() and sign.isalpha():
        return f"a Latin {sign}"
    return sign if sign.isascii() and not _is_hidden(sign) else called(sign)


def _quoted(text: str) -> str:
    """Quote a part of a name, what is not seen by its code point."""
    return f"“{''.join(code(sign) if _is_hidden(sign) else sign for sign in text)}”"


def _differing(text: str, name: str) -> dict[int, str]:
    found: dict[int, str] = {}
    for what, a, b, c, d in SequenceMatcher(None, _keys(text), _keys(name), autojunk=False).get_opcodes():
        if what == "equal" or (what == "replace" and b - a == d - c):
            for mine, theirs in zip(range(a, b), range(c, d), strict=True):
                if text[mine].casefold() != name[theirs].casefold():
                    found[mine] = f"{called(text[mine])} where {_expected(name[theirs])} is expected"
        elif what == "delete" or what == "replace":
            found.update(dict.fromkeys(range(a, b), f"{_quoted(text[a:b].strip())} is not in the name"))
        elif what == "insert":
            found.setdefault(a, f"{_quoted(name[c:d])} of the name is missing here")
    return found
