"""Records what one look said, inside the caller's transaction: rows, change log, look, presence, the target's memory.

Nothing here decides what a look means for a list (presence.py) or how rows are written (bulk.py): this file says in
which order a look's rows go to which tables, and reports what changed.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from storage.observations import Outcome, Told
from storage.recording import catalogue, listings, looks, odd, presence
from storage.recording.engines import port
from storage.recording.merge import Bulk
from storage.recording.rows import Unfolded


@dataclass(frozen=True, slots=True)
class Named:
    """A profile that an answer named, with its rank where it was a search."""

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
    named: tuple[Named, ...] = ()  # every profile that the answer described, in its order
    new_profiles: tuple[int, ...] = ()
    new_releases: tuple[int, ...] = ()
    changed_releases: tuple[int, ...] = ()  # known before; facts, lines, tracks or credits were learnt or changed
    first_listings: tuple[int, ...] = ()  # every listing seen for the first time, the baseline's too
    new_listings: tuple[int, ...] = ()  # those of them that came after the baseline
    returned_listings: tuple[int, ...] = ()  # removed once, and there again
    missing_listings: tuple[int, ...] = ()  # missed by one complete look: not yet removed
    removed_listings: tuple[int, ...] = ()  # missed by a second one
    new_credits: tuple[int, ...] = ()


def record(connection: Connection, told: Told, *, worker: str = "") -> Recorded:
    """Record a look whole; saying the same thing twice changes only `last_seen_at` and adds a look."""
    asked = looks.cleaned(told.target)
    rows = Unfolded(asked.section)
    rows.take(told.observations)
    bulk = Bulk(port(connection), told.ended_at)
    bulk.port.alone(asked.platform)
    target_id, memory = looks.remembered(connection, asked, told)
    kept = catalogue.keep(bulk, asked.platform, rows)
    seen = listings.keep(bulk, asked, rows, kept, memory)
    started = presence.walk_start(memory, told)
    gathered = listings.gathered(bulk, asked, started) if told.coverage.resumed else None
    outcome, reason = presence.judged(told, started, gathered)
    missed, after = listings.Missed(), memory
    if presence.is_news(memory, told):
        if started is not None and presence.may_miss(told, outcome):
            missed = listings.miss(bulk, asked, started)
        after = presence.remembered(memory, told, outcome, brought_new=bool(seen.first))
        looks.remember(connection, target_id, after)
    looks.log_redirects(bulk, target_id, rows.redirects)
    odd.keep(bulk.port, target_id, rows.odd, told.ended_at)
    look_id = looks.write(connection, bulk, target_id, told, outcome, reason, worker)
    return Recorded(
        target_id=target_id,
        look_id=look_id,
        outcome=outcome,
        artists=looks.watchers(connection, target_id),
        set_baseline=after.baseline_at is not None and memory.baseline_at is None,
        baseline_at=after.baseline_at,
        named=tuple(Named(kept.profiles[key], position) for key, position in rows.named.items()),
        new_profiles=tuple(kept.new_profiles),
        new_releases=tuple(kept.new_releases),
        changed_releases=tuple(sorted(kept.changed_releases)),
        first_listings=tuple(seen.first),
        new_listings=tuple(seen.new),
        returned_listings=tuple(seen.returned),
        missing_listings=tuple(missed.missing),
        removed_listings=tuple(missed.removed),
        new_credits=tuple(kept.new_credits),
    )
