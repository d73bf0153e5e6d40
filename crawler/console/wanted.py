"""What a list's address asks for, and back: every list has its address, so that a colleague can be sent it. Pure."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode

from storage.cases import OPEN
from storage.console.queue import STATUSES, Filters

KINDS = ("release", "profile", "disappearance", "tampering")
ORIGINS = ("news", "census")
NAMES = ("status", "kind", "attack", "origin", "platform", "artist", "title", "loud", "campaign", "least", "since")
LONGEST = 200
LARGEST = 2**63 - 1


class NotUnderstood(Exception):
    """An address asks for something that can't be; the message names the field."""


def read(query: Mapping[str, str]) -> Filters:
    """Read a list's filters from its address, or raise NotUnderstood naming the field."""
    for name in NAMES:
        value = query.get(name, "")
        if len(value) > LONGEST or "\x00" in value:
            raise NotUnderstood(f"{name}: at most {LONGEST} characters were expected")
    return Filters(
        statuses=_statuses(query.get("status", "")),
        kind=_one_of("kind", query.get("kind", ""), KINDS),
        attack=query.get("attack", "").strip()[:20],
        origin=_one_of("origin", query.get("origin", ""), ORIGINS),
        platform=query.get("platform", "").strip(),
        artist=query.get("artist", "").strip(),
        title=query.get("title", "").strip(),
        loud=query.get("loud", "") not in ("", "0"),
        campaign=number("campaign", query.get("campaign", "")),
        least=_share(query.get("least", "")),
        since=_moment(query.get("since", "")),
    )


def written(query: Mapping[str, str], **changed: Any) -> str:
    """Write the address of a list, without what is empty, each value once, in a fixed order."""
    kept = {name: query.get(name, "") for name in NAMES} | {"case": "", "after": ""} | changed
    return urlencode([(name, str(value)) for name, value in kept.items() if value not in ("", None)])


def unpacked(query: str) -> dict[str, str]:
    """Read an address back."""
    return dict(parse_qsl(query[: 20 * LONGEST]))


def number(name: str, value: str) -> int | None:
    """Read a row's number; empty is none."""
    if not value:
        return None
    if not (value.isascii() and value.isdecimal() and len(value) <= 19 and 0 < int(value) <= LARGEST):
        raise NotUnderstood(f"{name}: a number was expected")
    return int(value)


def _statuses(value: str) -> tuple[str, ...]:
    if value in ("", "undecided"):
        return OPEN
    if value == "all":
        return STATUSES
    return (_one_of("status", value, STATUSES),)


def _one_of(name: str, value: str, known: tuple[str, ...]) -> str:
    if value and value not in known:
        raise NotUnderstood(f"{name}: one of {', '.join(known)} was expected")
    return value


def _share(value: str) -> float:
    if not value:
        return 0.0
    try:
        share = float(value)
    except ValueError:
        share = -1.0
    if not 0 <= share <= 1:
        raise NotUnderstood("least: a number from 0 to 1 was expected")
    return share


def day(name: str, value: str) -> date | None:
    """Read a day; empty is none."""
    if not value:
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise NotUnderstood(f"{name}: a day such as 2026-11-20 was expected") from None


def _moment(value: str) -> datetime | None:
    found = day("since", value)
    return None if found is None else datetime(found.year, found.month, found.day, tzinfo=UTC)
