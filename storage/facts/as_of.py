"""What a release or a page showed at a moment, as we knew it then: from the rows and the append-only change log.

A row is there from the first time it was seen until the log says "removed", and again from "returned" on. A value is
what the first change after the moment found, or what it is now where none came. Reads only.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Table, select

from storage.models import change, credit, listing, market_set, profile, release, release_line, track
from storage.sets import ROWS_A_STATEMENT, batched

FACTS = ("title", "kind", "status", "date_raw", "upc_raw", "url", "cover_url", "track_count", "explicit", "genres")
OF_TRACK = ("title", "version", "disc", "position", "duration_ms", "isrc_raw", "explicit", "url")
Values = Mapping[str, Any]
Log = dict[int, list[Row[Any]]]


@dataclass(frozen=True, slots=True)
class ListingThen:
    """How a release stood on a page: listed, missing, held or removed."""

    profile_id: int
    release_id: int
    market: str
    section: str
    state: str


@dataclass(frozen=True, slots=True)
class ReleaseThen:
    """What a release showed at a moment; a value that was not yet known is None."""

    release_id: int
    facts: Values  # by column
    markets: tuple[str, ...] | None
    lines: tuple[tuple[str, str], ...]  # kind, text
    tracks: tuple[Values, ...]  # by column, with the platform's id
    credits: tuple[tuple[str | None, str, str], ...]  # the track's platform id, role, name
    listings: tuple[ListingThen, ...]


def release_as_of(connection: Connection, release_id: int, at: datetime) -> ReleaseThen | None:
    """Return what a release showed at a moment, or None when we had not seen it yet."""
    row = connection.execute(select(release).where(release.c.id == release_id, release.c.first_seen_at <= at)).first()
    if row is None:
        return None
    facts = _values(row, _log(connection, "release", [row.id]), (*FACTS, "market_set_id"), at)
    lines = [values for _, values in _shown(connection, release_line, release_id, ("kind", "text"), at)]
    tracks = _shown(connection, track, release_id, OF_TRACK, at)
    names = {one.id: one.platform_id for one, _ in tracks}
    credits = _shown(connection, credit, release_id, ("name",), at)
    return ReleaseThen(
        release_id=release_id,
        facts={name: facts[name] for name in FACTS},
        markets=_markets(connection, facts["market_set_id"]),
        lines=tuple((line["kind"], line["text"]) for line in lines),
        tracks=tuple({"platform_id": one.platform_id, **values} for one, values in tracks),
        credits=tuple((names.get(one.track_id), one.role, values["name"]) for one, values in credits),
        listings=_listings(connection, listing.c.release_id == release_id, at),
    )


def page_as_of(connection: Connection, platform: str, profile_id: str, at: datetime) -> tuple[ListingThen, ...]:
    """Return what a page listed at a moment, and what of it was missing, held back or removed."""
    page = select(profile.c.id).where(profile.c.platform == platform, profile.c.platform_id == profile_id)
    return _listings(connection, listing.c.profile_id == page.scalar_subquery(), at)


def _listings(connection: Connection, where: Any, at: datetime) -> tuple[ListingThen, ...]:
    rows = connection.execute(select(listing).where(where, listing.c.first_seen_at <= at).order_by(listing.c.id)).all()
    log = _log(connection, "listing", [row.id for row in rows])
    return tuple(
        ListingThen(
            row.profile_id,
            row.release_id,
            row.market,
            _values(row, log, ("section",), at)["section"],
            _state(row, log, at),
        )
        for row in rows
    )


def _state(row: Row[Any], log: Log, at: datetime) -> str:
    state = _remembered(row, at)
    for one in log.get(row.id, ()):
        if one.changed_at <= at:
            match one.field:
                case "missing" | "held" | "removed":
                    state = one.field
                case "lifted":
                    state = "missing"
                case "returned":
                    state = "listed"
    return state


def _remembered(row: Row[Any], at: datetime) -> str:
    """Say what the row itself tells of a moment, where the log was purged."""
    for moment, state in ((row.removed_at, "removed"), (row.held_at, "held"), (row.missing_since, "missing")):
        if moment is not None and moment <= at:
            return state
    return "listed"


def _shown(
    connection: Connection, table: Table, release_id: int, columns: Sequence[str], at: datetime
) -> list[tuple[Row[Any], Values]]:
    """Return the rows under a release that were shown at a moment, with their values then."""
    query = select(table).where(table.c.release_id == release_id, table.c.first_seen_at <= at).order_by(table.c.id)
    rows = connection.execute(query).all()
    log = _log(connection, table.name, [row.id for row in rows])
    return [(row, _values(row, log, columns, at)) for row in rows if _was_shown(row, log, at)]


def _was_shown(row: Row[Any], log: Log, at: datetime) -> bool:
    words = [o.field for o in log.get(row.id, ()) if o.field in ("removed", "returned") and o.changed_at <= at]
    return words[-1] == "returned" if words else row.gone_at is None or row.gone_at > at


def _values(row: Row[Any], log: Log, columns: Sequence[str], at: datetime) -> Values:
    """Return a row's values at a moment; the log quotes them as text."""
    values = {name: getattr(row, name) for name in columns}
    for one in reversed(log.get(row.id, [])):
        if one.changed_at > at and one.field in values:
            values[one.field] = _read(one.before, values[one.field])
    return values


def _read(quoted: str | None, like: Any) -> Any:
    if quoted is None or isinstance(like, str):
        return quoted
    if isinstance(like, bool):
        return quoted == "1"
    return int(quoted) if isinstance(like, int) else quoted


def _markets(connection: Connection, set_id: int | str | None) -> tuple[str, ...] | None:
    if set_id is None:
        return None
    return tuple(
        json.loads(
            connection.execute(select(market_set.c.countries).where(market_set.c.id == int(set_id))).scalar_one()
        )
    )


def _log(connection: Connection, entity: str, ids: Sequence[int]) -> Log:
    """Read the log of some rows of a table, oldest first."""
    found: Log = {}
    for part in batched(ids, ROWS_A_STATEMENT):
        query = select(change).where(change.c.entity == entity, change.c.entity_id.in_(part))
        for one in connection.execute(query.order_by(change.c.changed_at, change.c.id)):
            found.setdefault(one.entity_id, []).append(one)
    return found
