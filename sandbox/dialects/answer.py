"""What a stand-in platform is asked and what it answers, before it becomes HTTP."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import urlencode

from sandbox.world import World

WHOLE = re.compile(r"-?[0-9]{1,9}")
JSON = "application/json; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Ask:
    """One request to one platform; the path begins below the platform's prefix and has no slash at the end."""

    method: str
    path: str
    params: Mapping[str, str]
    every: tuple[tuple[str, str], ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    client: str = "127.0.0.1"
    base: str = ""
    body: bytes = b""

    def number(self, key: str, default: int) -> int | None:
        """Give a parameter as a whole number, or nothing when it is not one."""
        text = self.params.get(key, "")
        if not text:
            return default
        return int(text) if WHOLE.fullmatch(text) else None

    def url(self, path: str, **changed: object) -> str:
        """Give an address on this server with the same parameters, some of them changed."""
        params = {**self.params, **{key: str(value) for key, value in changed.items()}}
        return f"{self.base}/{path}?{urlencode(params, errors='replace')}" if params else f"{self.base}/{path}"


@dataclass(slots=True)
class Page:
    """Where a document keeps its list, its way to the next page, and its count."""

    holder: dict[str, Any]
    items: str
    next: str = ""
    total: str = ""
    links: dict[str, Any] | None = None  # what holds the way to the next page, if not the holder of the list

    @property
    def way(self) -> dict[str, Any]:
        """Give what holds the way to the next page."""
        return self.holder if self.links is None else self.links


@dataclass(slots=True)
class Answer:
    """One answer: a JSON document or plain text, or neither."""

    document: Any = None
    status: int = 200
    text: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    content_type: str = JSON
    before: str = ""
    page: Page | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """How many calls a bucket takes in any window; with `stubborn`, refused calls count too."""

    allowed: int
    seconds: float
    stubborn: bool = False
    per_client: bool = True
    resets: str = ""  # the time zone at whose midnight the count begins anew, whatever the seconds say


class Dialect(Protocol):
    """One platform's way of speaking."""

    name: str
    world: World
    rules: dict[str, Rule]

    def buckets(self, ask: Ask) -> tuple[str, ...]:
        """Name the limits that a request falls under, the broadest first."""

    def answer(self, ask: Ask, now: float) -> Answer:
        """Answer a request that is within the limits."""

    def refusal(self, bucket: str, wait: float) -> Answer:
        """Say that a limit was overrun."""
