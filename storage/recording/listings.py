"""Releases as a profile's page lists them: seen, missing, removed, returned."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from storage.recording import presence, tables
from storage.recording.catalogue import Kept
from storage.recording.merge import Bulk
from storage.recording.presence import Memory
from storage.recording.rows import Unfolded
from storage.targets import Ask, Target


@dataclass(slots=True)
class Seen:
    """What a look showed of lists."""

    first: list[int] = field(default_factory=list)
    new: list[int] = field(default_factory=list)
    returned: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Missed:
    """What a complete walk did not show."""

    missing: list[int] = field(default_factory=list)  # for the first time
    removed: list[int] = field(default_factory=list)  # for the second time


def keep(bulk: Bulk, asked: Target, rows: Unfolded, kept: Kept, memory: Memory) -> Seen:
    """Write the listings that a look showed; those that were missing are back."""
    seen = Seen()
    if not rows.listings:
        return seen
    port, market = bulk.port, asked.market
    page = kept.profiles.get(asked.subject) if asked.ask is Ask.RELEASES else None
    told = {
        (kept.profiles[profile], kept.releases[release], section): () for profile, release, section in rows.listings
    }
    found = port.fetch(
        "SELECT profile_id, release_id, section, id, last_seen_at > ?, missing_since <= ?, removed_at FROM listing "
        f"WHERE {port.among('profile_id')} AND market = ?",
        *(bulk.now, bulk.now, port.many(sorted({key[0] for key in told})), market),
    )
    existing: dict[Any, tuple[Any, ...]] = {row[:3]: row[3:5] for row in found}
    after_baseline = memory.baseline_at is not None and memory.baseline_at < bulk.at
    done = bulk.upsert(tables.LISTING, existing, told, lambda key: (*key, market, after_baseline and key[0] == page, 0))
    seen.first = [done.ids[key] for key in done.new]
    seen.new = [done.ids[key] for key in done.new if after_baseline and key[0] == page]
    bulk.log += [("listing", row_id, "appeared", None, None) for row_id in seen.new]
    back = [row for row in found if row[:3] in told and row[5]]  # missed before now
    if back:
        port.run_each(
            "UPDATE listing SET misses = 0, missing_since = NULL, removed_at = NULL WHERE id = ?",
            [(row[3],) for row in back],
        )
        bulk.log += [("listing", row[3], "returned", None, None) for row in back]
        seen.returned = [row[3] for row in back if row[6] is not None]
    return seen


def gathered(bulk: Bulk, asked: Target, started: datetime | None) -> int | None:
    """Count what a walk showed of a list since it began."""
    if started is None or asked.ask is not Ask.RELEASES:
        return None
    condition, values = _page(asked)
    counted: int = bulk.port.fetch(
        "SELECT count(DISTINCT l.release_id) FROM listing l JOIN profile p ON p.id = l.profile_id "
        f"WHERE {condition} AND l.last_seen_at >= ?",
        *(*values, bulk.port.moment(started)),
    )[0][0]
    return counted


def miss(bulk: Bulk, asked: Target, started: datetime) -> Missed:
    """Count a miss for every listing of the page asked that a complete walk did not show."""
    condition, values = _page(asked)
    found = bulk.port.fetch(
        "SELECT l.id, l.misses FROM listing l JOIN profile p ON p.id = l.profile_id "
        f"WHERE {condition} AND l.removed_at IS NULL AND l.last_seen_at < ? ORDER BY l.id",
        *(*values, bulk.port.moment(started)),
    )
    missing = [row_id for row_id, misses in found if not presence.is_removed(misses + 1)]
    removed = [row_id for row_id, misses in found if presence.is_removed(misses + 1)]
    if found:
        bulk.port.run_each(
            "UPDATE listing SET misses = misses + 1, missing_since = coalesce(missing_since, ?) WHERE id = ?",
            [(bulk.now, row_id) for row_id, _ in found],
        )
        bulk.log += [("listing", row_id, "missing", None, None) for row_id in missing]
    if removed:
        bulk.port.run_each("UPDATE listing SET removed_at = ? WHERE id = ?", [(bulk.now, row_id) for row_id in removed])
        bulk.log += [("listing", row_id, "removed", None, None) for row_id in removed]
    return Missed(missing, removed)


def _page(asked: Target) -> tuple[str, tuple[str, ...]]:
    """Write the condition for the listings of one page: one section, or all that the page has, in one market."""
    condition = "p.platform = ? AND p.platform_id = ? AND l.market = ?"
    values = (asked.platform, asked.subject, asked.market)
    return (f"{condition} AND l.section = ?", (*values, asked.section)) if asked.section else (condition, values)
