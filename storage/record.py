"""Records what one look said, inside the caller's transaction: rows, change log, look, presence, the target's memory."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from storage.observations import Outcome, Told


@dataclass(frozen=True, slots=True)
class Named:
    """A profile that a search named, with its rank."""

    profile_id: int
    position: int | None


@dataclass(frozen=True, slots=True)
class Recorded:
    """What one look changed in the store: row ids, for the judgement that follows in the same transaction."""

    target_id: int
    look_id: int
    outcome: Outcome  # as stored: a resumed walk that did not gather its total is partial, whatever its last look said
    artists: tuple[int, ...] = ()  # for whose sake the target is asked
    set_baseline: bool = False  # this look completed the list for the first time
    baseline_at: datetime | None = None
    named: tuple[Named, ...] = ()  # every profile a search named, in its order
    new_profiles: tuple[int, ...] = ()
    new_releases: tuple[int, ...] = ()
    changed_releases: tuple[int, ...] = ()  # known before; facts, lines, tracks or credits were learnt or changed
    first_listings: tuple[int, ...] = ()  # every listing seen for the first time, the baseline's too
    new_listings: tuple[int, ...] = ()  # those of them that came after the baseline
    returned_listings: tuple[int, ...] = ()
    missing_listings: tuple[int, ...] = ()  # missed by one complete look: not yet removed
    removed_listings: tuple[int, ...] = ()  # missed by a second one
    new_credits: tuple[int, ...] = ()


def record(connection: Connection, told: Told, *, worker: str = "") -> Recorded:
    """Record a look whole; saying the same thing twice changes only `last_seen_at` and adds a look."""
    raise NotImplementedError
