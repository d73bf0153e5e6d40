"""Monitored artists as judgement sees them. Reads only."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import Connection, bindparam, func, select

from storage.detections import DETECTOR
from storage.facts.values import Artist
from storage.models import (
    artist,
    artist_alias,
    artist_tag,
    case,
    claim,
    finding,
    profile,
    release_line,
    standing,
    verdict,
)
from storage.normalize import claimed_date
from storage.sets import ROWS_A_STATEMENT, batched, several

# Statements are built once: building one costs more than running it.
_ARTISTS = select(artist.c.id, artist.c.name, artist.c.name_key, artist.c.weight).where(
    artist.c.id.in_(several("artists"))
)
_ALIASES = select(artist_alias.c.artist_id, artist_alias.c.name).where(
    artist_alias.c.artist_id.in_(several("artists")), artist_alias.c.ended_at.is_(None)
)
_TAGS = select(artist_tag.c.artist_id, artist_tag.c.tag).where(artist_tag.c.artist_id.in_(several("artists")))
_CLAIMED = select(claim.c.artist_id, claim.c.value_key).where(
    claim.c.artist_id.in_(several("artists")),
    claim.c.subject.in_(several("subjects")),
    claim.c.stance == "ours",
    claim.c.superseded_at.is_(None),
)
_TAUGHT = (
    select(case.c.artist_id, release_line.c.text_key)
    .join(verdict, verdict.c.case_id == case.c.id)
    .join(finding, finding.c.case_id == case.c.id)
    .join(release_line, release_line.c.release_id == finding.c.release_id)
    .where(case.c.artist_id.in_(several("artists")), case.c.status == "cleared", verdict.c.decision == "legitimate")
    .where(verdict.c.rank < DETECTOR, verdict.c.withdrawn_at.is_(None))
    .distinct()
)
_LIVES = (
    select(standing.c.artist_id, profile.c.ended, profile.c.country)
    .join(profile, profile.c.id == standing.c.profile_id)
    .where(standing.c.artist_id.in_(several("artists")), standing.c.standing == "official")
    .order_by(profile.c.id)
)
_NAMESAKES = select(func.count()).where(
    profile.c.name_key == bindparam("name"),
    profile.c.id.not_in(
        select(standing.c.profile_id).where(
            standing.c.artist_id == bindparam("artist"), standing.c.standing == "official"
        )
    ),
)


def artists(connection: Connection, artist_ids: Collection[int]) -> dict[int, Artist]:
    """Describe artists: names, life span, what is claimed and taught as home."""
    found: dict[int, Artist] = {}
    for part in batched(sorted(set(artist_ids)), ROWS_A_STATEMENT):
        aliases = _many(connection.execute(_ALIASES, {"artists": part}))
        labels, prefixes = _claimed(connection, part), _prefixes(connection, part)
        taught = _taught(connection, part)
        spans = _life_spans(connection, part)
        tags = _many(connection.execute(_TAGS, {"artists": part}))
        for row in connection.execute(_ARTISTS, {"artists": part}):
            found[row.id] = Artist(
                id=row.id,
                name=row.name,
                aliases=tuple(sorted(aliases.get(row.id, ()))),
                country=spans.get(row.id, (None, None))[1],
                tags=frozenset(tags.get(row.id, ())),
                died=spans.get(row.id, (None, None))[0],
                weight=row.weight,
                home_labels=frozenset(labels.get(row.id, set()) | taught.get(row.id, set())),
                home_prefixes=frozenset(prefixes.get(row.id, ())),
                namesakes=_namesakes(connection, row.id, row.name_key),
            )
    return found


def _many(rows: object) -> dict[int, set[str]]:
    found: dict[int, set[str]] = {}
    for owner, value in rows:  # type: ignore[attr-defined]
        found.setdefault(owner, set()).add(value)
    return found


def _claimed(connection: Connection, part: Collection[int]) -> dict[int, set[str]]:
    return _many(connection.execute(_CLAIMED, {"artists": part, "subjects": ["label"]}))


def _prefixes(connection: Connection, part: Collection[int]) -> dict[int, set[str]]:
    return _many(connection.execute(_CLAIMED, {"artists": part, "subjects": ["isrc_prefix", "upc_prefix"]}))


def _taught(connection: Connection, part: Collection[int]) -> dict[int, set[str]]:
    """Labels and lines of releases that somebody called legitimate: a verdict teaches at once."""
    return _many(connection.execute(_TAUGHT, {"artists": part}))


def _life_spans(connection: Connection, part: Collection[int]) -> dict[int, tuple[date | None, str | None]]:
    """Read when a life, or a group's, ended and its country, from any official page that tells."""
    rows = connection.execute(_LIVES, {"artists": part})
    found: dict[int, tuple[date | None, str | None]] = {}
    for artist_id, ended, country in rows:
        died, known = found.get(artist_id, (None, None))
        told = claimed_date(ended) if ended else None
        found[artist_id] = (died or (told.date if told else None), known or country)
    return found


def _namesakes(connection: Connection, artist_id: int, name_key: str) -> int:
    """Count other pages of that very name."""
    return int(connection.scalar(_NAMESAKES, {"artist": artist_id, "name": name_key}) or 0)
