"""The contract of a detection system: which references it takes, how it answers, what it allows and costs.

A detector is handed a reference and never a file of ours. It says its answers in the vocabulary of
`crawler.feed.answer`, or the number of the job it works on; what keeps it from answering is raised as Failed. It knows
neither the store nor the clock.
"""

import importlib
import pkgutil
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from pydantic import SecretStr

from crawler.detectors.reading import Failed
from crawler.feed.answer import Answer, Question

if TYPE_CHECKING:  # who only hears callbacks needs no HTTP client
    from crawler.detectors.line import Line

Rung = Literal["platform_id", "isrc", "page_url", "audio_url"]
LADDER: tuple[Rung, ...] = ("platform_id", "isrc", "page_url", "audio_url")  # the surest way to the suspect one first
Mode = Literal["at once", "poll", "callback"]


@dataclass(frozen=True, slots=True)
class Reference:
    """One way to the recording, and who told it."""

    rung: Rung
    value: str
    source: str  # the platform whose terms count; "operator" for what a person gave


@dataclass(frozen=True, slots=True)
class Limits:
    """What a detector allows, and what it costs by its list."""

    per_minute: int
    per_day: int | None = None
    millicents: int = 0  # for each reference that is asked
    currency: str = "USD"


@dataclass(frozen=True, slots=True)
class Reach:
    """How this installation reaches one detector."""

    url: str
    key: str = field(default="", repr=False)
    secret: str = field(default="", repr=False)  # signs its callbacks: whsec_...

    @staticmethod
    def of(words: Mapping[str, SecretStr]) -> "Reach":
        """Take it from the settings."""
        said = {word: value.get_secret_value() for word, value in words.items()}
        return Reach(said.get("url", "").rstrip("/"), said.get("key", ""), said.get("secret", ""))


@dataclass(frozen=True, slots=True)
class Told:
    """What a detector said: its answers, or the job that it works on."""

    answers: tuple[Answer, ...] = ()
    job: str = ""


class Detector(ABC):
    """One detection system."""

    name: ClassVar[str]
    title: ClassVar[str]
    terms: ClassVar[str]
    takes: ClassVar[tuple[Rung, ...]]
    id_platforms: ClassVar[frozenset[str]] = frozenset()  # whose ids it reads
    page_platforms: ClassVar[frozenset[str]] = frozenset()  # whose pages it reads
    questions: ClassVar[tuple[Question, ...]]
    mode: ClassVar[Mode]
    limits: ClassVar[Limits]
    needs: ClassVar[tuple[str, ...]] = ("url", "key")

    def __init__(self, reach: Reach, line: "Line") -> None:
        """Ask nothing yet."""
        self.reach, self.line = reach, line

    @abstractmethod
    def ask(self, reference: Reference, callback_url: str) -> Told:
        """Hand a reference off."""

    def poll(self, job: str) -> Told:
        """Ask what became of a job; one that is still worked on is told by its number alone."""
        return Told(job=job)

    @classmethod
    def can_take(cls, reference: Reference) -> bool:
        """Tell whether this detector knows what to do with a reference."""
        if reference.rung not in cls.takes:
            return False
        if reference.rung == "platform_id":
            return reference.source in cls.id_platforms
        return reference.rung != "page_url" or not cls.page_platforms or reference.source in cls.page_platforms


class CallingBack(Detector):
    """A detection system that answers by a signed callback, and may be polled for one that got lost."""

    mode: ClassVar[Mode] = "callback"
    needs: ClassVar[tuple[str, ...]] = ("url", "key", "secret")

    @classmethod
    @abstractmethod
    def read(cls, body: Mapping[str, Any]) -> Told:
        """Read what a callback says, with the number of its job."""


@cache
def detectors() -> Mapping[str, type[Detector]]:
    """Find every detector: each is a module in adapters/ of the name that it gives itself."""
    from crawler.detectors import adapters

    found: dict[str, type[Detector]] = {}
    for module in pkgutil.iter_modules(adapters.__path__):
        room = importlib.import_module(f"{adapters.__name__}.{module.name}")
        for thing in vars(room).values():
            if isinstance(thing, type) and issubclass(thing, Detector) and thing.__module__ == room.__name__:
                found[thing.name] = thing
    return MappingProxyType(found)


__all__ = [
    "LADDER",
    "CallingBack",
    "Detector",
    "Failed",
    "Limits",
    "Mode",
    "Reach",
    "Reference",
    "Rung",
    "Told",
    "detectors",
]
