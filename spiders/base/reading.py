"""Strict reading of JSON: a mandatory key that is missing or has another type is loud, never guessed.

A list is read entry by entry: one that can't be read is noted with its raw text and left out, and its neighbours stay.
Who wants that says so by `noting`; otherwise an odd entry is as loud as everything else.
"""

import json
import logging
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, TypeVar

from spiders.base.errors import Misunderstood
from storage.observations import OddRow

T = TypeVar("T")
RAW_CHARS = 4_000
TOLD, KEPT = 3, 20  # odd entries of one look that are named, and that are kept; all of them are counted
MANY, SHARE = 3, 0.25  # so many odd entries of one kind, and so large a part of all: the shape has drifted

log = logging.getLogger(__name__)


def parse(body: bytes, what: str) -> dict[str, Any]:
    """Read a JSON object, or raise Misunderstood naming what was asked."""
    try:
        raw = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Misunderstood(f"{what}: not JSON ({type(error).__name__}, {len(body)} bytes)") from error
    if not isinstance(raw, dict):
        raise Misunderstood(f"{what}: a JSON object was expected, got {type(raw).__name__}")
    return raw


def need(raw: Mapping[str, Any], key: str, kind: type[T]) -> T:
    """Return a mandatory value of exactly this type."""
    if key not in an_object(raw):
        raise Misunderstood(f"mandatory key {key!r} is missing")
    return _typed(raw[key], key, kind)


def may(raw: Mapping[str, Any], key: str, kind: type[T]) -> T | None:
    """Return a value that the documentation calls optional, or None."""
    value = an_object(raw).get(key)
    return None if value is None else _typed(value, key, kind)


def identifier(raw: Mapping[str, Any], key: str = "id") -> str:
    """Return a mandatory id as text; platforms print ids as numbers or as text."""
    value = an_object(raw).get(key)
    if isinstance(value, bool) or not isinstance(value, int | str) or value == "":
        raise Misunderstood(f"mandatory key {key!r} is missing or no id: {type(value).__name__}")
    return str(value)


def each(entries: Sequence[Any], what: str, read: Callable[[Any], T], first: int = 1) -> tuple[T, ...]:
    """Read a list entry by entry; where somebody notes, an odd one costs itself only."""
    noted = _NOTED.get()
    told: list[T] = []
    for place, entry in enumerate(entries, first):
        try:
            told.append(read(entry))
        except Exception as error:  # a fault of ours about one entry costs that entry, like a fault of the platform's
            if noted is None:
                raise
            if not isinstance(error, Misunderstood):
                log.error("fault of ours: %s %d: %s", what, place, error, exc_info=error)
            noted.odd(what, place, str(error) or type(error).__name__, entry)
        else:
            if noted is not None:
                noted.good[what] += 1
    return tuple(told)


def words(raw: Mapping[str, Any], key: str) -> tuple[str, ...] | None:
    """Return an optional list of texts."""
    entries = may(raw, key, list)
    return None if entries is None else each(entries, f"text of {key}", lambda entry: _typed(entry, key, str))


def barcode_forms(printed: str, lengths: tuple[int, ...] = (12, 13, 14)) -> list[str]:
    """List the ways to print a barcode, the given one first: platforms match it as a string."""
    digits = printed.strip().lstrip("0")
    padded = (digits.zfill(length) for length in lengths if len(digits) <= length)
    return list(dict.fromkeys([printed.strip(), *padded]))


def same_barcode(printed: str | None, asked: str) -> bool:
    """Tell whether two barcodes are one, however many zeros lead them; none is no barcode."""
    return bool(printed) and str(printed).strip().lstrip("0") == asked.strip().lstrip("0")


@dataclass(slots=True)
class Noted:
    """The entries of one look that could not be read, and how many of each kind could."""

    rows: list[OddRow] = field(default_factory=list)
    good: Counter[str] = field(default_factory=Counter)
    bad: Counter[str] = field(default_factory=Counter)
    nulls: Counter[str] = field(default_factory=Counter)  # of those: gaps that some platforms leave, no change of shape
    _taken: int = 0

    def __len__(self) -> int:
        """Count the odd entries."""
        return sum(self.bad.values())

    def odd(self, what: str, place: int, reason: str, entry: Any) -> None:
        """Note an odd entry."""
        self.bad[what] += 1
        self.nulls[what] += entry is None
        if len(self.rows) < KEPT:
            self.rows.append(OddRow(f"{what} {place}", reason[:300], as_text(entry)))

    def take(self) -> tuple[OddRow, ...]:
        """Return what was noted since the last time."""
        fresh = tuple(self.rows[self._taken :])
        self._taken = len(self.rows)
        return fresh

    def told(self) -> str:
        """Say how many, and name the first."""
        first = "; ".join(f"{row.what}: {row.reason}" for row in self.rows[:TOLD])
        return f"{len(self)} odd of {sum(self.good.values()) + len(self)} entries ({first})"

    def is_drift(self) -> bool:
        """Tell whether so many entries of a kind are odd that the platform's shape must have changed."""
        broken = {what: odd - self.nulls[what] for what, odd in self.bad.items()}
        return any(odd >= MANY and odd > SHARE * (odd + self.good[what]) for what, odd in broken.items())


_NOTED: ContextVar[Noted | None] = ContextVar("noted", default=None)


@contextmanager
def noting(noted: Noted) -> Iterator[None]:
    """Note odd entries instead of failing at the first."""
    token = _NOTED.set(noted)
    try:
        yield
    finally:
        _NOTED.reset(token)


def as_text(entry: Any) -> str:
    """Write an entry as JSON, cut where it is very long."""
    try:
        return json.dumps(entry, ensure_ascii=False)[:RAW_CHARS]
    except (TypeError, ValueError, RecursionError):
        return repr(entry)[:RAW_CHARS]


def an_object(raw: Any) -> dict[str, Any]:
    """Return an entry that must be an object."""
    if not isinstance(raw, dict):
        raise Misunderstood(f"an object was expected, got {type(raw).__name__}")
    return raw


def _typed(value: Any, key: str, kind: type[T]) -> T:
    if isinstance(value, bool) and kind is not bool:
        raise Misunderstood(f"key {key!r} should be {kind.__name__}, is bool")
    if not isinstance(value, kind):
        raise Misunderstood(f"key {key!r} should be {kind.__name__}, is {type(value).__name__}")
    return value
