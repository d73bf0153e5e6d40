"""The monitored artists in the store: set-based, and importing the same thing twice changes nothing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Executable, and_, case, func, or_, select, update

from storage.models import artist, artist_alias, claim, profile, standing
from storage.normalize import line_key, name_key
from storage.sets import ROWS_A_STATEMENT, Row, batched, dialect_insert, ids_by_key, insert_missing

AUTHORITIES = ("analyst", "roster", "musicbrainz", "search")  # whose word on a standing counts more, strongest first


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


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import changed."""

    artists: int
    added: int
    changed: int


def keep_artists(
    connection: Connection, monitored: Sequence[Monitored], at: datetime
) -> tuple[dict[str, int], Imported]:
    """Add and update artists with their aliases and claims; return their ids by key."""
    known = {
        row.key: row
        for row in connection.execute(select(artist.c.id, artist.c.key, artist.c.name, artist.c.mbid, artist.c.weight))
    }
    fresh = [m for m in monitored if m.key not in known]
    insert_missing(
        connection,
        artist,
        [
            {"key": m.key, "name": m.name, "name_key": name_key(m.name), "mbid": m.mbid, "weight": m.weight}
            | {"added_at": at, "changed_at": at}
            for m in fresh
        ],
    )
    changed = [
        m
        for m in monitored
        if (row := known.get(m.key)) and (row.name, row.mbid, row.weight) != (m.name, m.mbid, m.weight)
    ]
    for m in changed:
        connection.execute(
            update(artist)
            .where(artist.c.key == m.key)
            .values(name=m.name, name_key=name_key(m.name), mbid=m.mbid, weight=m.weight, changed_at=at)
        )
    found = ids_by_key(connection, artist, ("key",), [(m.key,) for m in monitored])
    ids = {key: row_id for (key,), row_id in found.items()}
    keep_aliases(connection, [(ids[m.key], alias) for m in monitored for alias in m.aliases], "roster", at)
    keep_claims(connection, [(ids[m.key], *c) for m in monitored for c in m.claims], "roster", at)
    return ids, Imported(len(monitored), len(fresh), len(changed))


def keep_aliases(connection: Connection, aliases: Iterable[tuple[int, str]], source: str, at: datetime) -> None:
    """Add aliases; a name known already is left as it is."""
    rows = [
        {"artist_id": a, "name": name, "name_key": name_key(name), "source": source, "added_at": at}
        for a, name in aliases
    ]
    insert_missing(connection, artist_alias, rows)


def keep_claims(connection: Connection, claims: Iterable[tuple[int, str, str]], authority: str, at: datetime) -> None:
    """Add claims that something is ours."""
    rows = [
        {
            "artist_id": a,
            "subject": subject,
            "value": value,
            "value_key": line_key(value) if subject == "label" else value,
            "stance": "ours",
            "authority": authority,
            "made_at": at,
        }
        for a, subject, value in claims
    ]
    insert_missing(connection, claim, rows)


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
    rows = {
        (ids[s.platform, s.platform_id], s.artist_id): {
            "profile_id": ids[s.platform, s.platform_id],
            "artist_id": s.artist_id,
            "standing": s.standing,
            "authority": s.authority,
            "reason": s.reason,
            "decided_at": at,
        }
        for s in standings
    }
    return sum(
        len(connection.execute(_put_standings(connection, part)).all())
        for part in batched(list(rows.values()), ROWS_A_STATEMENT)
    )


def _put_standings(connection: Connection, rows: Sequence[Row]) -> Executable:
    """Put standings and return those that changed."""
    put = dialect_insert(connection, standing).values([dict(row) for row in rows])
    said, kept = put.excluded, standing.c
    changing: Executable = put.on_conflict_do_update(
        index_elements=["profile_id", "artist_id"],
        set_={key: said[key] for key in ("standing", "authority", "reason", "decided_at")},
        where=and_(
            _rank(said.authority) <= _rank(kept.authority),
            or_(said.standing != kept.standing, said.authority != kept.authority),
        ),
    ).returning(kept.profile_id)
    return changing


def _rank(authority: ColumnElement[str]) -> ColumnElement[int]:
    return case({name: place for place, name in enumerate(AUTHORITIES)}, value=authority, else_=len(AUTHORITIES))


def artist_count(connection: Connection) -> int:
    """Count the monitored artists."""
    return int(connection.scalar(select(func.count()).select_from(artist).where(artist.c.watched)) or 0)
