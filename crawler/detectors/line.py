"""The line to a detection system: one request, JSON back, within limits of time and size; redirects are failures."""

import json
from collections.abc import Mapping
from typing import Any

import httpx

from crawler.feed.answer import Outcome

MOST_READ = 1_000_000  # bytes
TIMEOUT_S = 60.0
MEANING: Mapping[int, Outcome] = {402: "quota", 429: "quota"}


class Failed(Exception):
    """There is no answer, and the message says why; the outcome says what kind of trouble it is."""

    def __init__(self, outcome: Outcome, why: str) -> None:
        """Keep both."""
        super().__init__(why)
        self.outcome = outcome


class Line:
    """One connection to one detector, kept open."""

    def __init__(self, timeout_s: float = TIMEOUT_S) -> None:
        """Open nothing yet."""
        self._client = httpx.Client(timeout=timeout_s, follow_redirects=False, headers={"user-agent": "falsetto"})

    def ask(self, method: str, url: str, headers: Mapping[str, str], body: object = None) -> dict[str, Any]:
        """Send one request and return the object that came, or raise Failed."""
        try:
            with self._client.stream(method, url, headers=dict(headers), json=body) as response:
                text = b""
                for part in response.iter_bytes():
                    text += part
                    if len(text) > MOST_READ:
                        raise Failed("failed", "its answer is too large")
                status = response.status_code
        except httpx.HTTPError as fault:
            raise Failed("failed", f"no answer: {type(fault).__name__}") from None
        if not 200 <= status < 300:
            raise Failed(MEANING.get(status, "failed"), f"it answered {status}")
        return read_object(text)

    def close(self) -> None:
        """Close what is open."""
        self._client.close()


def read_object(text: bytes) -> dict[str, Any]:
    """Read a JSON object without numbers that are none, or raise Failed."""
    try:
        read = json.loads(text, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise Failed("failed", "its answer is no JSON that can be read") from None
    if not isinstance(read, dict):
        raise Failed("failed", "its answer is no JSON object")
    return read


def _no_number(word: str) -> float:
    raise ValueError(f"{word} is no number")
