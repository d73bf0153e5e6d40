"""Names or titles in, one JSON line each out: a stream of bytes of any size and quality, in constant memory.

Every line is answered, in order. Bytes that are no UTF-8 become U+FFFD; signs that could play with a terminal are
escaped. What has arrived is answered at once, so the stream may be a pipe that somebody types into.
"""

import json
import re
from collections.abc import Iterable, Iterator
from io import BufferedIOBase
from typing import Any, BinaryIO, cast

from crawler.resemblance import ALARMS, Index, Kind, Match, explain_all

BLOCK = 1 << 16
LONGEST_LINE = 1 << 20
"""Bytes of a line that are read; the rest of a longer one is passed over."""
UNSHOWN = re.compile(
    "[\x7f-\x9f\u00ad\u034f\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ue000-\uf8ff]"
)


def score_lines(
    index: Index,
    source: BinaryIO,
    sink: BinaryIO,
    *,
    kind: Kind = "credit",
    least: float | None = None,
    alarms: float = ALARMS,
) -> int:
    """Answer every line of a source on a sink, and return how many there were.

    What the crawler would tell is told: all that the budget of false alarms allows, or from a least score on.
    """
    answered = 0
    for lines in arriving(source):
        texts = [read_line(line) for line in lines]
        found = index.match_many(texts, kind=kind, least=least, alarms=alarms)
        explain_all((match.text, match.span, match.alias) for matches in found for match in matches)
        for text, matches in zip(texts, found, strict=True):
            sink.write(answer(text, matches))
        sink.flush()
        answered += len(texts)
    return answered


def arriving(source: BinaryIO) -> Iterator[list[bytes]]:
    """Yield the lines of a source as they arrive, several at a time; a last one without its end counts."""
    held = b""
    for block in blocks(source):
        *lines, held = (held + block).split(b"\n")
        held = held[:LONGEST_LINE]
        if lines:
            yield lines
    if held:
        yield [held]


def blocks(source: BinaryIO) -> Iterable[bytes]:
    """Return a source's bytes in blocks, each as soon as there is any."""
    read = cast(BufferedIOBase, source).read1 if hasattr(source, "read1") else source.read
    return iter(lambda: read(BLOCK), b"")


def read_line(line: bytes) -> str:
    """Return a line as text, whatever its bytes are."""
    return line.removesuffix(b"\r").decode("utf-8", "replace").removeprefix("\ufeff")


def answer(text: str, matches: list[Match]) -> bytes:
    """Return one line of JSON for a text and its matches."""
    said = json.dumps({"text": text, "matches": [told(match) for match in matches]}, ensure_ascii=False)
    return (UNSHOWN.sub(escaped, said) + "\n").encode("utf-8", "replace")


def told(match: Match) -> dict[str, Any]:
    """Return a match as it is published."""
    return {
        "artist": match.artist,
        "alias": match.alias,
        "kinds": list(match.kinds),
        "edits": match.edits,
        "bits": round(match.bits, 1),
        "chance": float(f"{match.chance:.2g}"),
        "score": round(match.score, 6),
        "part": match.part,
        "span": list(match.span),
        "evidence": match.evidence,
    }


def escaped(sign: re.Match[str]) -> str:
    """Return a sign as JSON escapes it."""
    return f"\\u{ord(sign.group()):04x}"
