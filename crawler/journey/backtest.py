"""Stored history decided by the rules of today as a worker decides it, beside what stands. Reads only."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from math import isfinite
from typing import Any

from sqlalchemy import Connection

from crawler.journey import decide, rescore
from crawler.journey.decide import Decision
from crawler.journey.rejudge import Order
from crawler.journey.surroundings import Acts
from crawler.suspicion.meeting import names_of
from crawler.suspicion.score import CERTAIN, OPEN_AT
from crawler.suspicion.weights import NoSuchWeight
from storage.cases import OPEN, Judged, State, key_of
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


def replay(connection: Connection, order: Order, artist_name: str | None = None) -> Iterator[Row]:
    """Yield every event that is a case, or would be one."""
    watched, acts, asking = bindings.monitored(connection), Acts(), order.asking
    names = names_of(watched)
    for artist_id, name, _, _ in watched:
        if artist_name not in (None, name):
            continue
        again = rescore.events_of(connection, artist_id, asking.references, names, acts, order.at)
        decision = Decision()
        for event, group_id in zip(again.events, again.groups, strict=True):
            decide.add(decision, event, group_id, again.states, asking, order.cut, order.at, order.waves)
        for after in decision.cases:
            before = again.states.get(key_of(after.kind, artist_id, after.group_id))
            yield Row(
                what=_what(before, after),
                artist=name,
                title=after.title,
                case_id=before.id if before is not None else None,
                before=before.score if before is not None else 0.0,
                after=after.score,
                decision=before.decision if before is not None else "",
            )


def _what(before: State | None, after: Judged) -> str:
    if before is None or (before.status == "cleared" and after.status in OPEN):
        return "gained"
    fell = before.score >= OPEN_AT > after.score  # a verdict keeps the status of such a case
    if fell or after.status == "cleared" != before.status:
        return "lost"
    return "moved" if abs(after.score - before.score) >= MOVED else "same"
