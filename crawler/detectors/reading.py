"""What a detection system said, as a JSON object: foreign text until it is read. No client is needed to read it."""

import json
from collections.abc import Mapping
from typing import Any

from crawler.feed.answer import LONGEST_RAW, Outcome


class Failed(Exception):
    """There is no answer, and the message says why; the outcome says what kind of trouble it is."""

    def __init__(self, outcome: Outcome, why: str) -> None:
        """Keep both."""
        super().__init__(why)
        self.outcome = outcome


def read_object(text: bytes) -> dict[str, Any]:
    """Read a JSON object without numbers that are none, or raise Failed."""
    try:
        read = json.loads(text, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise Failed("failed", "its answer is no JSON that can be read") from None
    if not isinstance(read, dict):
        raise Failed("failed", "its answer is no JSON object")
    return read


def raw_of(said: Mapping[str, Any]) -> str:
    """Write an answer as it came, as much of it as is kept."""
    return json.dumps(said, ensure_ascii=False, sort_keys=True)[:LONGEST_RAW]


def misshapen(what: str = "its answer has not the shape that its makers promise") -> Failed:
    """Say that an answer is none of those that a detector's makers describe."""
    return Failed("failed", what)


def _no_number(word: str) -> float:
    raise ValueError(f"{word} is no number")
