"""Stored history judged by the rules of today, beside what stands: gained, lost, moved. Reads only."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from math import isfinite
from typing import Any

from sqlalchemy import Connection

from crawler.journey import rescore
from crawler.journey.surroundings import Acts
from crawler.suspicion.meeting import names_of
from crawler.suspicion.score import CERTAIN, judge
from crawler.suspicion.weights import NoSuchWeight
from spiders.base.platform import platforms
from storage.cases import key_of
from storage.facts import bindings

MOST_BITS = CERTAIN
MOVED = 0.05  # a score that moves by less is the same


@dataclass(frozen=True, slots=True)
class Row:
    """One event under both rules."""

    what: str  # gained, lost, moved, same
    artist: str
    title: str
    case_id: int | None
    before: float
    after: float
    decision: str  # the verdict beside it

    def as_row(self) -> dict[str, Any]:
        """Return it under stable keys."""
        return asdict(self)


def other_weights(said: Iterable[str]) -> dict[str, float]:
    """Read NAME=BITS pairs."""
    found = {}
    for one in said:
        name, _, bits = one.partition("=")
        try:
            found[name] = float(bits)
        except ValueError:
            raise NoSuchWeight(f"{one!r} is no NAME=BITS") from None
        if not isfinite(found[name]) or abs(found[name]) > MOST_BITS:
            raise NoSuchWeight(f"{one!r}: bits are between -{MOST_BITS:g} and {MOST_BITS:g}")
    return found


def replay(connection: Connection, at: datetime, artist_name: str | None = None) -> Iterator[Row]:
    """Yield every event that is a case, or would be one."""
    monitored = tuple(row for row in bindings.monitored(connection) if artist_name in (None, row[1]))
    names = names_of(monitored)
    references = frozenset(name for name, cls in platforms().items() if cls.reference)
    acts = Acts()
    for artist_id, name, _, _ in monitored:
        again = rescore.events_of(connection, artist_id, references, names, acts, at)
        for event, group_id in zip(again.events, again.groups, strict=True):
            before = again.states.get(key_of(event.kind, artist_id, group_id))
            after = judge(event)
            if before is None and not after.opens:
                continue
            title = event.shown.title if event.shown is not None else event.findings[0].page.name
            was = before.score if before is not None else 0.0
            yield Row(
                what=_what(before is not None, after.opens, was, after.score),
                artist=name,
                title=title,
                case_id=before.id if before is not None else None,
                before=was,
                after=after.score,
                decision=before.decision if before is not None else "",
            )


def _what(was_case: bool, opens: bool, before: float, after: float) -> str:
    if not was_case:
        return "gained"
    if not opens:
        return "lost"
    return "moved" if abs(after - before) >= MOVED else "same"
