"""What a complete walk did not show of a page: missing, held back, removed.

A page that lost much at once is held back; one that is said to be absent is only believed when the question about the
profile itself says so too; and nothing is removed from one section before the others, where it may stand, were seen.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from storage.observations import Outcome
from storage.recording import presence
from storage.recording.listings import of_page
from storage.recording.merge import Bulk
from storage.targets import Ask, Target

ASKED_LATELY = timedelta(days=30)  # a section that was not looked at for so long is no longer asked


@dataclass(slots=True)
class Missed:
    """What a complete walk did not show."""

    missing: list[int] = field(default_factory=list)  # for the first time
    held: list[int] = field(default_factory=list)  # as part of a mass disappearance, since now
    removed: list[int] = field(default_factory=list)
    releases: set[int] = field(default_factory=set)  # those removed
    doubts: list[Target] = field(default_factory=list)  # questions whose answers this conclusion waits for


@dataclass(slots=True)
class Lost:
    """A listing that the walk did not show, with this miss counted."""

    id: int
    release: int
    misses: int
    since: datetime | None
    was_held: bool


def miss(bulk: Bulk, asked: Target, started: datetime, outcome: Outcome) -> Missed:
    """Count a miss for every listing of the page asked that a complete walk did not show."""
    missed = Missed()
    lost = _lost(bulk, asked, started)
    if not lost:
        return missed
    held = outcome is Outcome.ABSENT or presence.is_mass(len(lost), _listed(bulk, asked))
    others = _other_sections(bulk, asked)
    denied = outcome is not Outcome.ABSENT or _denied(bulk, asked, lost)
    waits: set[Target] = set()
    for one in lost:
        if one.was_held and not held:
            one.misses = 1  # the looks of a bad day do not count: this one is the first
        gone = presence.is_removed(one.misses, one.since or bulk.at, bulk.at, held=held)
        unseen = [other for other, seen_at in others if one.since is None or seen_at <= one.since] if gone else []
        waits.update(unseen)
        if gone and denied and not unseen:
            missed.removed.append(one.id)
            missed.releases.add(one.release)
    missed.missing = [one.id for one in lost if one.since is None and one.id not in missed.removed]
    missed.held = [one.id for one in lost if held and not one.was_held]
    missed.doubts = sorted(waits, key=str)
    if held:
        missed.doubts.append(Target(asked.platform, Ask.PROFILE, asked.subject, market=asked.market))
    _write(bulk, lost, missed, held=held)
    return missed


def _lost(bulk: Bulk, asked: Target, started: datetime) -> list[Lost]:
    condition, values = of_page(asked)
    found = bulk.port.fetch(
        "SELECT l.id, l.release_id, l.misses + 1, l.missing_since, l.held_at IS NOT NULL "
        "FROM listing l JOIN profile p ON p.id = l.profile_id "
        f"WHERE {condition} AND l.removed_at IS NULL AND l.last_seen_at < ? ORDER BY l.id",
        *(*values, bulk.port.moment(started)),
    )
    return [Lost(row[0], row[1], row[2], bulk.port.read_moment(row[3]), bool(row[4])) for row in found]


def _listed(bulk: Bulk, asked: Target) -> int:
    condition, values = of_page(asked)
    counted: int = bulk.port.fetch(
        "SELECT count(*) FROM listing l JOIN profile p ON p.id = l.profile_id "
        f"WHERE {condition} AND l.removed_at IS NULL",
        *values,
    )[0][0]
    return counted


def _other_sections(bulk: Bulk, asked: Target) -> list[tuple[Target, datetime]]:
    """List the page's other sections that are asked for, each with when it was last seen whole."""
    if not asked.section:
        return []
    found = bulk.port.fetch(
        "SELECT section, last_complete_at, CASE WHEN last_outcome = 'absent' THEN last_look_at END FROM target "
        "WHERE platform = ? AND ask = 'releases' AND subject = ? AND market = ? AND section <> ? "
        "AND baseline_at IS NOT NULL AND last_look_at > ? ORDER BY section",
        *(asked.platform, asked.subject, asked.market, asked.section, bulk.port.moment(bulk.at - ASKED_LATELY)),
    )
    seen = []
    for section, *moments in found:
        whole = [read for one in moments if (read := bulk.port.read_moment(one)) is not None]
        if whole:
            seen.append((Target(asked.platform, Ask.RELEASES, asked.subject, section, asked.market), max(whole)))
    return seen


def _denied(bulk: Bulk, asked: Target, lost: Sequence[Lost]) -> bool:
    """Say whether the question about the profile itself was answered "not here" since the page went."""
    since = max((one.since for one in lost if one.since is not None), default=bulk.at)
    found = bulk.port.fetch(
        "SELECT last_outcome FROM target WHERE platform = ? AND ask = 'profile' AND subject = ? AND market = ? "
        "AND last_look_at >= ?",
        *(asked.platform, asked.subject, asked.market, bulk.port.moment(since)),
    )
    return bool(found) and found[0][0] == Outcome.ABSENT.value


def _write(bulk: Bulk, lost: Sequence[Lost], missed: Missed, *, held: bool) -> None:
    now, removed = bulk.now, set(missed.removed)
    rows: list[tuple[Any, ...]] = [
        (one.misses, now, held and one.id not in removed, now, now if one.id in removed else None, one.id)
        for one in lost
    ]
    bulk.port.run_each(
        "UPDATE listing SET misses = ?, missing_since = coalesce(missing_since, ?), "
        "held_at = CASE WHEN ? THEN coalesce(held_at, ?) END, removed_at = ? WHERE id = ?",
        rows,
    )
    lifted = [one.id for one in lost if one.was_held and not held]
    for word, ids in (
        ("missing", missed.missing),
        ("held", missed.held),
        ("lifted", lifted),
        ("removed", missed.removed),
    ):
        bulk.log += [("listing", row_id, word, None, None) for row_id in ids]
