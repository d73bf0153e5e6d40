"""Texts as they are printed: read in chunks, and the span of a match as an eye would mark it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from crawler.resemblance import folding
from crawler.resemblance.shown import Shown, is_plain, shown

Span = tuple[int, int]
CHUNK = 6144
"""Texts that are read at once; larger batches only take more memory."""
LARGEST = 400_000
"""Signs that are read at once."""
STEP = 256
"""Signs that are read at once to see whether there are letters."""
LONGEST = 100_000
"""Signs of a text that are read; a longer one is no name or title."""


@dataclass(frozen=True)
class Chunk:
    """Texts as they are printed and as they are shown."""

    texts: list[str]
    seen: list[str]
    maps: dict[int, Shown] = field(default_factory=dict)
    """The texts that are shown otherwise than they are printed, by their number."""

    def printed(self, text: int, span: Span) -> Span:
        """Return the printed span of what is shown at a span of a text."""
        return self.maps[text].printed(span[0], span[1] - 1) if text in self.maps else span


def chunk_of(texts: list[str]) -> Chunk:
    """Return texts with what is shown of each."""
    if is_plain("".join(texts)):
        return Chunk(texts, texts)
    odd = (at for at, text in enumerate(texts) if not text.isascii() or ("&" in text and ";" in text) or "%" in text)
    maps = {at: seen for at in odd if (seen := shown(texts[at]))}
    return Chunk(texts, [maps[at].text if at in maps else text for at, text in enumerate(texts)], maps)


def chunks(texts: Sequence[str]) -> Iterator[Chunk]:
    """Yield texts cut to a readable length, some thousands at a time but never too many signs."""
    held: list[str] = []
    signs = 0
    for at in range(0, len(texts), CHUNK):
        block = [text[:LONGEST] for text in texts[at : at + CHUNK]]
        if sum(map(len, block)) <= LARGEST:
            yield chunk_of(block)
            continue
        for text in block:
            held.append(text)
            signs += len(text)
            if signs > LARGEST:
                yield chunk_of(held)
                held, signs = [], 0
        if held:
            yield chunk_of(held)
            held, signs = [], 0


def as_printed(text: str, span: Span, alias: str) -> Span:
    """Widen the span of a name's letters to what an eye takes for the name.

    To the alias as it is spelt where it stands there ("Therapy?"); to the whole of a text that has no other letters;
    else to the signs beside it that have no ink, or no letter of their own.
    """
    start, end = span
    alias = as_shown(alias)
    at = text.find(alias, max(0, end - len(alias)), start + len(alias))
    if at >= 0:
        start, end = at, at + len(alias)
    before, after = text[:start], text[end:]
    if not has_letters(before) and not has_letters(after):
        return len(before) - len(before.lstrip()), len(text) - (len(after) - len(after.rstrip()))
    while start and is_silent(text[start - 1]):
        start -= 1
    while end < len(text) and is_silent(text[end]):
        end += 1
    return start, end


def has_letters(text: str) -> bool:
    """Say whether a text has a letter or digit that is read; most have one soon."""
    if text.isascii():
        return any(map(str.isalnum, text))
    for at in range(0, len(text), STEP):
        some = text[at : at + STEP]
        if all(any(map(str.isalnum, some.translate(table))) for table in (folding.LOOKS, folding.SOUNDS)):
            return True
    return False


def as_shown(name: str) -> str:
    """Return a name as it is shown."""
    return seen.text if (seen := shown(name)) else name


@lru_cache(maxsize=4096)
def is_silent(sign: str) -> bool:
    """Say whether a sign is part of the word beside it but reads as nothing: invisible, a mark, a soft or long sign."""
    if sign.isascii() or sign.isspace():
        return False
    silent = sign.isalpha() and not any(map(str.isalnum, folding.SOUNDS[ord(sign)]))
    return silent or "" in (folding.LOOKS[ord(sign)], folding.SOUNDS[ord(sign)])
