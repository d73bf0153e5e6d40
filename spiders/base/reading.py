"""Strict reading of JSON: a mandatory key that is missing or has another type is loud, never guessed."""

import json
from collections.abc import Mapping
from typing import Any, TypeVar

from spiders.base.errors import Misunderstood

T = TypeVar("T")


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
    if key not in raw:
        raise Misunderstood(f"mandatory key {key!r} is missing")
    return _typed(raw[key], key, kind)


def may(raw: Mapping[str, Any], key: str, kind: type[T]) -> T | None:
    """Return a value that the documentation calls optional, or None."""
    value = raw.get(key)
    return None if value is None else _typed(value, key, kind)


def identifier(raw: Mapping[str, Any], key: str = "id") -> str:
    """Return a mandatory id as text; platforms print ids as numbers or as text."""
    value = raw.get(key)
    if isinstance(value, bool) or not isinstance(value, int | str) or value == "":
        raise Misunderstood(f"mandatory key {key!r} is missing or no id: {type(value).__name__}")
    return str(value)


def barcode_forms(printed: str, lengths: tuple[int, ...] = (12, 13, 14)) -> list[str]:
    """List the ways to print a barcode, the given one first: platforms match it as a string."""
    digits = printed.strip().lstrip("0")
    padded = (digits.zfill(length) for length in lengths if len(digits) <= length)
    return list(dict.fromkeys([printed.strip(), *padded]))


def _typed(value: Any, key: str, kind: type[T]) -> T:
    if isinstance(value, bool) and kind is not bool:
        raise Misunderstood(f"key {key!r} should be {kind.__name__}, is bool")
    if not isinstance(value, kind):
        raise Misunderstood(f"key {key!r} should be {kind.__name__}, is {type(value).__name__}")
    return value
