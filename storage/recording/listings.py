"""Releases as a profile's page lists them: seen, new, moved to another section, returned.

A listing is a profile, a release and a market. The section it stands in is a fact that may change.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from storage.normalize import claimed_date
from storage.recording import presence, tables
from storage.recording.catalogue import Kept
from storage.recording.merge import Bulk
from storage.recording.presence import Memory
from storage.recording.rows import Unfolded
from storage.targets import Ask, Target

Key = tuple[int, int]  # profile, release


@dataclass(slots=True)
class Seen:
    """What a look showed of lists."""

    first: list[int] = field(default_factory=list)
    new: list[int] = field(default_factory=list)
    slid_in: list[int] = field(default_factory=list)
    moved: list[int] = field(default_factory=list)
    returned: list[int] = field(default_factory=list)
    releases: set[int] = field(default_factory=set)  # those that moved or returned


def keep(bulk: Bulk, asked: Target, rows: Unfolded, kept: Kept, memory: Memory, *, cut: bool) -> Seen:
    """Write the listings that a look showed; those that were missing are back."""
    seen = Seen()
    if not rows.listings:
        return seen
    port, market = bulk.port, asked.market
    page = kept.profiles.get(asked.subject) if asked.ask is Ask.RELEASES else None
    told = {
        (kept.profiles[profile], kept.releases[release]): (section,)
        for (profile, release), section in rows.listings.items()
    }
    found = port.fetch(
        f"SELECT profile_id, release_id, {tables.LISTING.read}, missing_since <= ?, removed_at FROM listing "
        f"WHERE {port.among('profile_id')} AND market = ?",
        *(bulk.now, bulk.now, port.many(sorted({key[0] for key in told})), market),
    )
    existing: dict[Key, tuple[Any, ...]] = {row[:2]: row[2:5] for row in found}
    fresh = [key for key in told if key not in existing and key[0] == page]
    after_baseline = memory.baseline_at is not None and memory.baseline_at < bulk.at
    news, slid_in = set(fresh) if after_baseline else set[Key](), set[Key]()
    if news and (cut or memory.cut):
        there = {row[:2] for row in found if not row[5]}
        news &= _news_of_cut(bulk, rows, kept, list(told), there)
        slid_in = set(fresh) - news
    done = bulk.upsert(
        tables.LISTING,
        existing,
        told,
        lambda key: (*key, market, key in news, key in slid_in, 0),
        lambda _, row: row if row[0] is not None else ("",),
    )
    seen.first = [done.ids[key] for key in done.new]
    seen.new = [done.ids[key] for key in done.new if key in news]
    seen.slid_in = [done.ids[key] for key in done.new if key in slid_in]
    moved = [key for key, columns in done.changed.items() if columns["section"]]  # not from nowhere
    seen.moved = [done.ids[key] for key in moved]
    seen.releases = {key[1] for key in moved}
    bulk.log += [("listing", row_id, "appeared", None, None) for row_id in seen.new]
    _back(bulk, [row for row in found if row[:2] in told and row[5]], seen)
    return seen


def _back(bulk: Bulk, rows: Sequence[tuple[Any, ...]], seen: Seen) -> None:
    """Forget the misses of listings that were missing before now."""
    if rows:
        bulk.port.run_each(
            "UPDATE listing SET misses = 0, missing_since = NULL, held_at = NULL, removed_at = NULL WHERE id = ?",
            [(row[2],) for row in rows],
        )
        bulk.log += [("listing", row[2], "returned", None, None) for row in rows]
        seen.returned = [row[2] for row in rows if row[6] is not None]
        seen.releases |= {row[1] for row in rows if row[6] is not None}


def _news_of_cut(bulk: Bulk, rows: Unfolded, kept: Kept, order: Sequence[Key], there: set[Key]) -> set[Key]:
    """Choose what is news in a list that the platform cuts: by its place, by another list, by its barcode."""
    names = {row_id: key for key, row_id in kept.releases.items()}
    dates = [_claimed(rows, names[key[1]]) for key in order]
    placed = presence.news_in_cut_list(dates, [key in there for key in order])
    news = {key for key, is_news in zip(order, placed, strict=True) if is_news}
    open_ = sorted(key[1] for key in order if key not in there and key not in news)
    if open_:
        port = bulk.port
        elsewhere = port.fetch(
            f'SELECT release_id FROM listing WHERE {port.among("release_id")} AND "new" AND removed_at IS NULL '
            "UNION SELECT r.id FROM release r JOIN release o ON o.gtin14 = r.gtin14 AND o.id <> r.id "
            f'JOIN listing l ON l.release_id = o.id WHERE {port.among("r.id")} AND l."new" AND l.removed_at IS NULL',
            *(port.many(open_), port.many(open_)),
        )
        proven = {row[0] for row in elsewhere}
        news |= {key for key in order if key[1] in proven and key not in there}
    return news


def _claimed(rows: Unfolded, release: str) -> date | None:
    raw = rows.releases[release][3]
    return None if raw is None else claimed_date(raw).date


def gathered(bulk: Bulk, asked: Target, started: datetime | None) -> int | None:
    """Count what a walk showed of a list since it began."""
    if started is None or asked.ask is not Ask.RELEASES:
        return None
    condition, values = of_page(asked)
    counted: int = bulk.port.fetch(
        "SELECT count(DISTINCT l.release_id) FROM listing l JOIN profile p ON p.id = l.profile_id "
        f"WHERE {condition} AND l.last_seen_at >= ?",
        *(*values, bulk.port.moment(started)),
    )[0][0]
    return counted


_APART = (
    "SELECT 1 FROM target o WHERE o.platform = p.platform AND o.ask = 'releases' AND o.subject = p.platform_id "
    "AND o.section = l.section AND o.market = l.market AND o.section <> ''"
)


def of_page(asked: Target) -> tuple[str, tuple[str, ...]]:
    """Write the condition for the listings of one page in one market: one section, or all that nobody asks apart."""
    condition = "p.platform = ? AND p.platform_id = ? AND l.market = ?"
    values = (asked.platform, asked.subject, asked.market)
    if asked.section:
        return f"{condition} AND l.section = ?", (*values, asked.section)
    return f"{condition} AND NOT EXISTS ({_APART})", values
