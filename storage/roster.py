"""The monitored artists in the store: set-based, importing twice changes nothing, and nothing that stood is forgotten.

What a correction replaces leaves its table and stays in `roster_change`. Every change of names, aliases, claims and
standings grows the roster's revision in the same transaction, so that who holds them in memory knows when to read anew.
"""

import secrets
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Executable, and_, case, delete, func, insert, or_, select, update

from storage import latecomers
from storage.models import artist, artist_alias, claim, profile, roster_change, roster_revision, standing
from storage.normalize import line_key, name_key
from storage.sets import ROWS_A_STATEMENT, Row, batched, dialect_insert, ids_by_key, insert_missing

AUTHORITIES = ("analyst", "roster", "musicbrainz", "wikidata", "evidence", "search")  # the strongest word first
BUMPS_KEPT = 500  # rows of roster_revision before they are added up


@dataclass(frozen=True, slots=True)
class Monitored:
    """One monitored artist and what its rights team says of it."""

    key: str
    name: str
    mbid: str | None
    weight: float
    aliases: tuple[str, ...]
    claims: tuple[tuple[str, str], ...]  # (subject, value), stance: ours


@dataclass(frozen=True, slots=True)
class Standing:
    """Whose profile this is, on whose authority."""

    artist_id: int
    platform: str
    platform_id: str
    standing: str
    authority: str
    name: str
    reason: str = ""
    joint: bool = False  # declared to be the page of several artists


@dataclass(frozen=True, slots=True)
class Change:
    """One thing of an artist that a correction replaced."""

    artist_id: int
    what: str
    subject: str = ""
    before: str | None = None
    after: str | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import changed."""

    artists: int
    added: int
    changed: int


def new_key() -> str:
    """Make the key of a new artist: it says nothing, so nothing that changes about the artist can change it."""
    return f"ar_{secrets.token_hex(8)}"


def revision(connection: Connection) -> int:
    """Return a number that has grown since the last call when anything of the roster changed."""
    return int(connection.scalar(select(func.coalesce(func.sum(roster_revision.c.bumps), 0))) or 0)


def bump(connection: Connection) -> None:
    """Let the revision grow. A row is added and none is changed, so that no transaction waits for another's."""
    connection.execute(insert(roster_revision).values(bumps=1))


def settle_bumps(connection: Connection) -> None:
    """Add up the bumps of the past; their sum stays what it is."""
    rows = connection.execute(
        select(roster_revision.c.id, roster_revision.c.bumps).with_for_update(skip_locked=True)
    ).all()
    if len(rows) < BUMPS_KEPT:
        return
    for part in batched([row.id for row in rows], ROWS_A_STATEMENT):
        connection.execute(delete(roster_revision).where(roster_revision.c.id.in_(part)))
    connection.execute(insert(roster_revision).values(bumps=sum(row.bumps for row in rows)))


def note(connection: Connection, changes: Sequence[Change], authority: str, at: datetime) -> None:
    """Keep what was replaced, and let the revision grow."""
    if not changes:
        return
    rows = [
        {"artist_id": c.artist_id, "what": c.what, "subject": c.subject, "before": c.before, "after": c.after}
        | {"authority": authority, "reason": c.reason, "changed_at": at}
        for c in changes
    ]
    connection.execute(insert(roster_change), rows)
    bump(connection)


def keep_artists(
    connection: Connection, monitored: Sequence[Monitored], at: datetime, authority: str = "roster"
) -> tuple[dict[str, int], Imported]:
    """Add and update artists with their aliases and claims; return their ids by key."""
    columns = (artist.c.id, artist.c.key, artist.c.name, artist.c.mbid, artist.c.weight, artist.c.watched)
    known = {row.key: row for row in connection.execute(select(*columns))}
    fresh = [m for m in monitored if m.key not in known]
    changes, updates = [], []
    for m in monitored:
        row = known.get(m.key)
        if row is None or (row.name, row.mbid, row.weight, row.watched) == (m.name, m.mbid, m.weight, True):
            continue
        updates.append((row, m))
        for what in ("name", "mbid", "weight"):
            before, after = getattr(row, what), getattr(m, what)
            if before != after and before is not None:
                changes.append(Change(row.id, what, "", str(before), None if after is None else str(after)))
        if not row.watched:
            changes.append(Change(row.id, "watched", "", "false", "true"))
    moved = [row.id for row, m in updates if row.mbid is not None and row.mbid != m.mbid]
    for part in batched(moved, ROWS_A_STATEMENT):  # first, so that two artists can swap theirs
        connection.execute(update(artist).where(artist.c.id.in_(part)).values(mbid=None))
    for row, m in updates:
        values = {"name": m.name, "name_key": name_key(m.name), "mbid": m.mbid, "weight": m.weight, "watched": True}
        connection.execute(update(artist).where(artist.c.id == row.id).values(**values, changed_at=at))
    rows = [
        {"key": m.key, "name": m.name, "name_key": name_key(m.name), "mbid": m.mbid, "weight": m.weight}
        | {"added_at": at, "changed_at": at}
        for m in fresh
    ]
    insert_missing(connection, artist, rows)
    found = ids_by_key(connection, artist, ("key",), [(m.key,) for m in monitored])
    ids = {key: row_id for (key,), row_id in found.items()}
    note(connection, changes, authority, at)
    if fresh or updates:
        bump(connection)
    named = [row.id for row, m in updates if row.name != m.name or not row.watched]
    latecomers.want(connection, [*(ids[m.key] for m in fresh), *named], at)
    former = [(row.id, row.name) for row, m in updates if name_key(row.name) != name_key(m.name)]
    keep_aliases(connection, former, "rename", at)
    keep_aliases(connection, [(ids[m.key], alias) for m in monitored for alias in m.aliases], authority, at)
    keep_claims(connection, [(ids[m.key], *c) for m in monitored for c in m.claims], authority, at)
    return ids, Imported(len(monitored), len(fresh), len(updates))


def keep_aliases(connection: Connection, aliases: Iterable[tuple[int, str]], source: str, at: datetime) -> None:
    """Add aliases, or take withdrawn ones up again; a name known already is left as it is.

    What is new is held against all that is stored: see `latecomers`.
    """
    rows = [
        {"artist_id": a, "name": name, "name_key": name_key(name), "source": source, "added_at": at}
        for a, name in aliases
    ]
    key = ("artist_id", "name")
    latecomers.want(connection, _upsert(connection, artist_alias, rows, key, artist_alias.c.ended_at, ("source",)), at)


def withdraw_aliases(
    connection: Connection, aliases: Collection[tuple[int, str]], authority: str, reason: str, at: datetime
) -> None:
    """End aliases that a correction leaves out."""
    for artist_id, name in aliases:
        which = (artist_alias.c.artist_id == artist_id, artist_alias.c.name == name, artist_alias.c.ended_at.is_(None))
        connection.execute(update(artist_alias).where(*which).values(ended_at=at))
    note(connection, [Change(a, "alias", name, name, None, reason) for a, name in aliases], authority, at)


def keep_claims(connection: Connection, claims: Iterable[tuple[int, str, str]], authority: str, at: datetime) -> None:
    """Add claims that something is ours, or take withdrawn ones up again."""
    rows = [
        {
            "artist_id": a,
            "subject": subject,
            "value": value,
            "value_key": claim_key(subject, value),
            "stance": "ours",
            "authority": authority,
            "made_at": at,
        }
        for a, subject, value in claims
    ]
    key = ("artist_id", "subject", "value_key", "authority", "stance")
    _upsert(connection, claim, rows, key, claim.c.superseded_at, ("value", "made_at"))


def claim_key(subject: str, value: str) -> str:
    """Fold a claim's value for comparing."""
    return line_key(value) if subject == "label" else value


def withdraw_claims(
    connection: Connection, claims: Collection[tuple[int, str, str]], authority: str, reason: str, at: datetime
) -> None:
    """Supersede claims of an authority, each (artist id, subject, value)."""
    for artist_id, subject, value in claims:
        which = (
            claim.c.artist_id == artist_id,
            claim.c.subject == subject,
            claim.c.value == value,
            claim.c.authority == authority,
        )
        connection.execute(update(claim).where(*which, claim.c.superseded_at.is_(None)).values(superseded_at=at))
    note(connection, [Change(a, "claim", s, value, None, reason) for a, s, value in claims], authority, at)


def _upsert(
    connection: Connection, table: Any, rows: Sequence[Row], key: tuple[str, ...], ended: Any, anew: tuple[str, ...]
) -> set[int]:
    """Insert rows, and open again those that had ended; return the artists whose rows these are.

    The revision grows when any row changed.
    """
    wanted = {tuple(row[column] for column in key): dict(row) for row in rows}
    changed: set[int] = set()
    for part in batched(list(wanted.values()), ROWS_A_STATEMENT):
        put = dialect_insert(connection, table)
        opened = {column: put.excluded[column] for column in anew} | {ended.name: None}
        changing = put.on_conflict_do_update(index_elements=list(key), set_=opened, where=ended.is_not(None))
        changed.update(connection.scalars(changing.returning(table.c.artist_id), part))
    if changed:
        bump(connection)
    return changed


def keep_standings(connection: Connection, standings: Sequence[Standing], at: datetime) -> int:
    """Say whose profiles these are; a weaker authority never overrules a stronger one. Returns how many changed."""
    if not standings:
        return 0
    stubs = {(s.platform, s.platform_id): s for s in standings}
    insert_missing(
        connection,
        profile,
        [
            {"platform": p, "platform_id": i, "name": s.name, "name_key": name_key(s.name)}
            | {"first_seen_at": at, "last_seen_at": at}
            for (p, i), s in stubs.items()
        ],
    )
    ids = ids_by_key(connection, profile, ("platform", "platform_id"), list(stubs))
    pages = {row_id: f"{platform}:{platform_id}" for (platform, platform_id), row_id in ids.items()}
    rows: dict[tuple[int, int], Row] = {
        (ids[s.platform, s.platform_id], s.artist_id): {
            "profile_id": ids[s.platform, s.platform_id],
            "artist_id": s.artist_id,
            "standing": s.standing,
            "authority": s.authority,
            "reason": s.reason,
            "decided_at": at,
            "joint": s.joint,
        }
        for s in standings
    }
    before = _standings(connection, list(pages))
    changed = [
        (row.profile_id, row.artist_id)
        for part in batched(list(rows.values()), ROWS_A_STATEMENT)
        for row in connection.execute(_put_standings(connection), part)
    ]
    replaced: dict[str, list[Change]] = {}
    for key in changed:
        old = before.get(key)
        if old is not None:
            was, now = f"{old.standing} by {old.authority}", rows[key]["standing"]
            said = Change(key[1], "standing", pages[key[0]], was, now, rows[key]["reason"])
            replaced.setdefault(rows[key]["authority"], []).append(said)
    for authority, changes in replaced.items():
        note(connection, changes, authority, at)
    if changed:
        bump(connection)
    return len(changed)


def withdraw_standings(
    connection: Connection, pages: Collection[tuple[int, str, str]], authority: str, reason: str, at: datetime
) -> int:
    """Take back whose profiles these were, each (artist id, platform, profile id); returns how many stood."""
    ids = ids_by_key(connection, profile, ("platform", "platform_id"), [(p, i) for _, p, i in pages])
    stood = _standings(connection, list(ids.values()))
    changes = []
    for artist_id, platform, platform_id in pages:
        row = stood.get((ids.get((platform, platform_id), 0), artist_id))
        if row is None:
            continue
        connection.execute(
            delete(standing).where(standing.c.profile_id == row.profile_id, standing.c.artist_id == artist_id)
        )
        was = f"{row.standing} by {row.authority}"
        changes.append(Change(artist_id, "standing", f"{platform}:{platform_id}", was, None, reason))
    note(connection, changes, authority, at)
    return len(changes)


def _standings(connection: Connection, profile_ids: Sequence[int]) -> dict[tuple[int, int], Any]:
    found = {}
    for part in batched(profile_ids, ROWS_A_STATEMENT):
        for row in connection.execute(select(standing).where(standing.c.profile_id.in_(part))):
            found[row.profile_id, row.artist_id] = row
    return found


def _put_standings(connection: Connection) -> Executable:
    """Put standings and return those that changed."""
    put = dialect_insert(connection, standing)  # the rows go beside it, so that it is compiled once
    said, kept = put.excluded, standing.c
    changing: Executable = put.on_conflict_do_update(
        index_elements=["profile_id", "artist_id"],
        set_={key: said[key] for key in ("standing", "authority", "reason", "decided_at", "joint")},
        where=and_(
            _rank(said.authority) <= _rank(kept.authority),
            or_(said.standing != kept.standing, said.authority != kept.authority, said.joint != kept.joint),
        ),
    ).returning(kept.profile_id, kept.artist_id)
    return changing


def _rank(authority: ColumnElement[str]) -> ColumnElement[int]:
    return case({name: place for place, name in enumerate(AUTHORITIES)}, value=authority, else_=len(AUTHORITIES))


def stop_watching(connection: Connection, artist_ids: Sequence[int], authority: str, reason: str, at: datetime) -> None:
    """Watch these artists no longer; all that is known of them stays."""
    for part in batched(artist_ids, ROWS_A_STATEMENT):
        connection.execute(update(artist).where(artist.c.id.in_(part)).values(watched=False, changed_at=at))
    note(connection, [Change(a, "watched", "", "true", "false", reason) for a in artist_ids], authority, at)


def artist_count(connection: Connection) -> int:
    """Count the monitored artists."""
    return int(connection.scalar(select(func.count()).select_from(artist).where(artist.c.watched)) or 0)


def name_mbid(connection: Connection, artist_id: int, mbid: str) -> None:
    """Say which reference entry an artist is."""
    connection.execute(update(artist).where(artist.c.id == artist_id).values(mbid=mbid))
