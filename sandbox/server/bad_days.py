"""A platform's bad day: pages that are suddenly absent, empty or half as long, with totals that agree.

For a time and for a share of the profiles. What a platform says of a profile that it does not have is what it says of
these: the question is asked with an id that nobody bears.
"""

import re
import zlib
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from sandbox.dialects.answer import Answer, Ask, Dialect, Page
from sandbox.server.faults import OFFSETS, Switch, offset_of

NOBODY = re.compile(r"[0-9A-Za-z]")


def bad_day(switch: Switch, dialect: Dialect, ask: Ask, now: float, seed: int) -> Answer | None:
    """Give the answer that a bad day gives, or None where it has no effect on this question."""
    hit = {one for one in profiles(dialect, ask) if is_hit(switch, one, seed)}
    if not hit or not switch.since <= now < switch.until:
        return None
    if switch.name == "absent_burst":
        return dialect.answer(without(ask, hit), now)
    answer = dialect.answer(ask, now)
    if answer.page is None:
        return None
    return answer if shorten(answer.page, ask, hit, 0 if switch.name == "empty_list" else 2) else None


def profiles(dialect: Dialect, ask: Ask) -> Iterator[str]:
    """Name the profiles that a question is about."""
    words = [*ask.path.split("/"), *(word for value in ask.params.values() for word in value.split(","))]
    return (word for word in words if word and dialect.world.find_profile(dialect.name, word))


def is_hit(switch: Switch, profile: str, seed: int) -> bool:
    """Choose the share of profiles that a bad day hits: the same ones all day."""
    return zlib.crc32(f"{seed}/{switch.name}/{profile}".encode()) / 2**32 < switch.share


def without(ask: Ask, hit: set[str]) -> Ask:
    """Ask about nobody instead of these."""

    def nobody(word: str) -> str:
        return NOBODY.sub("0", word) if word in hit else word

    path = "/".join(nobody(word) for word in ask.path.split("/"))
    params = {key: ",".join(nobody(word) for word in value.split(",")) for key, value in ask.params.items()}
    return replace(ask, path=path, params=params, every=tuple(params.items()))


def shorten(page: Page, ask: Ask, hit: set[str], divisor: int) -> bool:
    """Leave the first half of a list, or nothing of it, and let its total and its way on agree."""
    rows: list[Any] = page.holder[page.items]
    before = len(rows)
    if any(isinstance(row, dict) and row.get("wrapperType") for row in rows):
        page.holder[page.items] = rows = groups(rows, hit, divisor)
        page.holder[page.total] = len(rows)
        return len(rows) < before
    if not page.total:  # no total to agree with: the list ends here
        page.holder[page.items] = rows[: len(rows) // divisor if divisor else 0]
        page.way.pop(page.next, None)
        return True
    left = page.holder[page.total] // divisor if divisor else 0
    room = max(0, left - offset_of(ask))
    page.holder[page.total] = left
    page.holder[page.items] = rows[:room]
    if page.next and page.holder.get(page.next) and next_offset(page.holder[page.next]) >= left:
        # Some say null where there is no next page, others leave the word out.
        page.holder.update({page.next: None}) if "previous" in page.holder else page.holder.pop(page.next)
    return True


def next_offset(url: str) -> int:
    """Read where a next page begins."""
    found = re.search(rf"[?&](?:{'|'.join(OFFSETS)})=(\d+)", url)
    return int(found[1]) if found else 0


def groups(rows: list[Any], hit: set[str], divisor: int) -> list[Any]:
    """Shorten what follows the row of an artist who was hit, in an answer about several."""
    kept: list[Any] = []
    run: list[Any] = []
    is_hit_now = False
    for row in [*rows, None]:
        if row is None or row.get("wrapperType") == "artist":
            kept += run[: len(run) // divisor if divisor else 0] if is_hit_now else run
            run = []
            if row is not None:
                kept.append(row)
                is_hit_now = str(row.get("artistId")) in hit
        else:
            run.append(row)
    return kept
