"""From checked roster rows into the store: artists, aliases, claims and official profiles, in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from crawler.roster.file import RosterArtist
from storage import roster
from storage.roster import Monitored, Standing


@dataclass(frozen=True, slots=True)
class Done:
    """What an import changed."""

    artists: int
    added: int
    changed: int
    profiles: int


def keep(connection: Connection, rows: Sequence[RosterArtist], at: datetime) -> Done:
    """Keep a whole roster file."""
    ids, imported = roster.keep_artists(connection, [_monitored(row) for row in rows], at)
    standings = [
        Standing(ids[row.key], platform, profile_id, "official", "roster", row.name)
        for row in rows
        for platform, profile_ids in row.profiles.items()
        for profile_id in profile_ids
    ]
    changed = roster.keep_standings(connection, standings, at)
    return Done(imported.artists, imported.added, imported.changed, changed)


def _monitored(row: RosterArtist) -> Monitored:
    labels = tuple(("label", label) for label in row.labels)
    prefixes = tuple(("isrc_prefix", prefix) for prefix in row.isrc_prefixes)
    return Monitored(row.key, row.name, row.mbid, row.weight, row.aliases, labels + prefixes)
