"""Records what one look said, inside the caller's transaction: rows, change log, look, presence, the target's memory.

Nothing here decides what a look means for a list (presence.py) or how rows are written (merge.py): this file says in
which order a look's rows go to which tables, and reports what changed.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from storage.observations import Outcome, Told
from storage.recording import catalogue, listings, looks, missing, odd, presence
from storage.recording.engines import port
from storage.recording.merge import Bulk
from storage.recording.rows import Unfolded
from storage.targets import Target


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
    changed_profiles: tuple[
        int, ...
    ] = ()  # known before, and changed in meaning: names, links; no counters, no pictures
    new_releases: tuple[int, ...] = ()
    # Known before, and changed in meaning: identifiers, title, date, lines, tracks, credits, markets, what they were
    # learnt to be or no longer are; a listing that was removed, came back or moved to another section. No addresses.
    changed_releases: tuple[int, ...] = ()
    first_listings: tuple[int, ...] = ()  # every listing seen for the first time, the baseline's too
    new_listings: tuple[int, ...] = ()  # those of them that came after the baseline
    slid_in_listings: tuple[int, ...] = ()  # those that came up at the far end of a cut list: new or not, nobody knows
    moved_listings: tuple[int, ...] = ()  # in another section now
    returned_listings: tuple[int, ...] = ()  # removed once, and there again
    missing_listings: tuple[int, ...] = ()  # missed by one complete look: not yet removed
    held_listings: tuple[int, ...] = ()  # missing together with much of the page: held back since this look
    removed_listings: tuple[int, ...] = ()  # missed by a second one, or confirmed over days
    new_credits: tuple[int, ...] = ()
    # What this look makes due: details (platform's release ids) that are out of date or were seen in part, and the
    # questions (the profile itself, its other sections) that a conclusion about missing listings waits for.
    stale_details: tuple[str, ...] = ()
    doubts: tuple[Target, ...] = ()


def record(connection: Connection, told: Told, *, worker: str = "") -> Recorded:
    """Record a look whole; saying the same thing twice changes only `last_seen_at` and adds a look."""
    asked = looks.cleaned(told.target)
    rows = Unfolded(asked.section)
    rows.take(told.observations)
    bulk = Bulk(port(connection), told.ended_at)
    bulk.port.alone(asked.platform)
    target_id, memory = looks.remembered(connection, asked, told)
    kept = catalogue.keep(bulk, asked, told, rows, memory)
    seen = listings.keep(bulk, asked, rows, kept, memory, cut=told.coverage.cut)
    started = presence.walk_start(memory, told)
    gathered = listings.gathered(bulk, asked, started) if told.coverage.resumed else None
    outcome, reason = presence.judged(told, started, gathered)
    missed, after = missing.Missed(), memory
    if presence.is_news(memory, told):
        if started is not None and presence.may_miss(told, outcome):
            missed = missing.miss(bulk, asked, started, outcome)
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
        changed_profiles=tuple(sorted(kept.changed_profiles)),
        new_releases=tuple(kept.new_releases),
        changed_releases=tuple(
            sorted((kept.changed_releases | seen.releases | missed.releases) - {*kept.new_releases})
        ),
        first_listings=tuple(seen.first),
        new_listings=tuple(seen.new),
        slid_in_listings=tuple(seen.slid_in),
        moved_listings=tuple(seen.moved),
        returned_listings=tuple(seen.returned),
        missing_listings=tuple(missed.missing),
        held_listings=tuple(missed.held),
        removed_listings=tuple(missed.removed),
        new_credits=tuple(kept.new_credits),
        stale_details=tuple(sorted(kept.stale)),
        doubts=tuple(missed.doubts),
    )
