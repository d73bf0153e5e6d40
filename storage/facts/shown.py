"""What release groups show, added up over their appearances. Reads only, in sets: groups in, values out."""

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select

from storage.facts.values import Credit, Line, Shown, Track
from storage.models import (
    ai_disclosure,
    credit,
    grouped_release,
    listing,
    profile,
    release,
    release_line,
    standing,
    track,
)
from storage.normalize import name_key
from storage.sets import ROWS_A_STATEMENT, batched, several

WRITERS = frozenset({"composer", "lyricist", "writer", "songwriter", "author"})

# Statements are built once: building one costs more than running it. They read no column that nobody looks at.
_RELEASES = (
    select(
        grouped_release.c.group_id,
        release.c.id,
        release.c.platform,
        release.c.title,
        release.c.title_key,
        release.c.kind,
        release.c.date,
        release.c.date_precision,
        release.c.gtin14,
        release.c.cover_url,
        release.c.explicit,
        release.c.genres,
        release.c.first_seen_at,
    )
    .join(release, release.c.id == grouped_release.c.release_id)
    .where(grouped_release.c.group_id.in_(several("groups")))
    .order_by(release.c.id)
)
_DISCLOSED = select(ai_disclosure).where(ai_disclosure.c.release_id.in_(several("ids")))
_LINES = (
    select(release_line.c.release_id, release_line.c.kind, release_line.c.text, release_line.c.text_key)
    .where(release_line.c.release_id.in_(several("ids")), release_line.c.gone_at.is_(None))
    .order_by(release_line.c.id)
)
_TRACKS = (
    select(
        track.c.release_id,
        track.c.title,
        track.c.title_key,
        track.c.version,
        track.c.duration_ms,
        track.c.isrc,
        track.c.first_seen_at,
        track.c.gone_at,
    )
    .where(track.c.release_id.in_(several("ids")))
    .order_by(track.c.disc, track.c.position, track.c.id)
)
_CREDITS = (
    select(
        credit.c.release_id,
        credit.c.name,
        credit.c.role,
        credit.c.track_id.is_not(None),
        standing.c.artist_id,
        profile.c.platform,
        profile.c.platform_id,
    )
    .outerjoin(profile, profile.c.id == credit.c.profile_id)
    .outerjoin(standing, (standing.c.profile_id == profile.c.id) & (standing.c.standing == "official"))
    .where(credit.c.release_id.in_(several("ids")), credit.c.gone_at.is_(None))
    .order_by(credit.c.release_id, credit.c.track_id, credit.c.position, credit.c.id)
)
_LISTED = (
    select(listing.c.release_id, listing.c.section, listing.c.first_seen_at, listing.c.new)
    .join(standing, standing.c.profile_id == listing.c.profile_id)
    .where(
        listing.c.release_id.in_(several("ids")),
        standing.c.artist_id == bindparam("artist"),
        standing.c.standing == "official",
    )
)
_PAST = (
    select(grouped_release.c.group_id)
    .join(listing, listing.c.release_id == grouped_release.c.release_id)
    .join(standing, standing.c.profile_id == listing.c.profile_id)
    .where(standing.c.artist_id == bindparam("artist"), standing.c.standing == "official")
    .distinct()
)


@dataclass(slots=True)
class Adding:
    """A group that is being added up."""

    rows: list[Any] = field(default_factory=list)
    listed: list[Any] = field(default_factory=list)  # listings on the artist's official pages
    lines: dict[Line, None] = field(default_factory=dict)  # in order, each once
    tracks: dict[int, list[Track]] = field(default_factory=dict)  # release id -> tracks
    credits: dict[tuple[Any, ...], Credit] = field(default_factory=dict)  # in order, each once
    gtins: set[str] = field(default_factory=set)
    isrcs: set[str] = field(default_factory=set)
    genres: set[str] = field(default_factory=set)
    covers: set[str] = field(default_factory=set)
    ai: list[str] = field(default_factory=list)


def shown(
    connection: Connection, artist_id: int, group_ids: Collection[int], references: frozenset[str] = frozenset()
) -> dict[int, Shown]:
    """Describe groups as the artist's pages and all other appearances show them; reference sources host no music."""
    adding: dict[int, Adding] = {}
    for part in batched(sorted(set(group_ids)), ROWS_A_STATEMENT):
        for row in connection.execute(_RELEASES, {"groups": part}):
            if row.platform not in references:
                adding.setdefault(row.group_id, Adding()).rows.append(row)
    _fill(connection, artist_id, adding)
    return {group_id: _added(group_id, one, artist_id) for group_id, one in adding.items()}


def _fill(connection: Connection, artist_id: int, adding: dict[int, Adding]) -> None:
    group_of = {row.id: group_id for group_id, one in adding.items() for row in one.rows}
    for part in batched(sorted(group_of), ROWS_A_STATEMENT):
        _lines(connection, part, group_of, adding)
        _tracks(connection, part, group_of, adding)
        _credits(connection, part, group_of, adding)
        _listed(connection, artist_id, part, group_of, adding)
        for row in connection.execute(_DISCLOSED, {"ids": part}):
            adding[group_of[row.release_id]].ai.append(f"{row.field}: {row.value}")


def _lines(connection: Connection, part: Collection[int], group_of: dict[int, int], adding: dict[int, Adding]) -> None:
    for row in connection.execute(_LINES, {"ids": part}):
        adding[group_of[row.release_id]].lines.setdefault(Line(row.kind, row.text, row.text_key))


def _tracks(connection: Connection, part: Collection[int], group_of: dict[int, int], adding: dict[int, Adding]) -> None:
    for release_id, *told in connection.execute(_TRACKS, {"ids": part}).all():
        one, recording = adding[group_of[release_id]], Track(*told)
        one.tracks.setdefault(release_id, []).append(recording)
        if recording.isrc and recording.until is None:
            one.isrcs.add(recording.isrc)


def _credits(
    connection: Connection, part: Collection[int], group_of: dict[int, int], adding: dict[int, Adding]
) -> None:
    for release_id, *told in connection.execute(_CREDITS, {"ids": part}).all():
        credits = adding[group_of[release_id]].credits
        if (known := tuple(told)) not in credits:
            name, role, on_track, artist_id, platform, platform_id = told
            page = None if platform is None else (platform, platform_id)
            credits[known] = Credit(name, name_key(name), role, bool(on_track), artist_id, page)


def _listed(
    connection: Connection,
    artist_id: int,
    part: Collection[int],
    group_of: dict[int, int],
    adding: dict[int, Adding],
) -> None:
    for row in connection.execute(_LISTED, {"ids": part, "artist": artist_id}):
        adding[group_of[row.release_id]].listed.append(row)


def _added(group_id: int, one: Adding, artist_id: int) -> Shown:
    first = one.rows[0]
    for row in one.rows:
        if row.gtin14:
            one.gtins.add(row.gtin14)
        if row.cover_url:
            one.covers.add(row.cover_url)
        one.genres.update(json.loads(row.genres) if row.genres else ())
    kinds = [row.kind.lower() for row in one.rows if row.kind]
    tracks = max(one.tracks.values(), key=lambda told: (len(told), sum(t.isrc is not None for t in told)), default=[])
    told = Shown(
        group_id=group_id,
        title=first.title,
        keys=frozenset(row.title_key for row in one.rows),
        kind=kinds[0] if kinds else "",
        role=_role(one, kinds, artist_id),
        date=min((row.date for row in one.rows if row.date and row.date_precision == "day"), default=None),
        year=min((row.date.year for row in one.rows if row.date), default=None),
        first_seen_at=min(_moments(one)),
        news=bool(one.listed) and all(row.new for row in one.listed),
        platforms=frozenset(row.platform for row in one.rows),
        lines=tuple(one.lines),
        isrcs=frozenset(one.isrcs),
        gtins=frozenset(one.gtins),
        credits=tuple(one.credits.values()),
        tracks=tuple(tracks),
        genres=frozenset(genre.lower() for genre in one.genres),
        covers=frozenset(one.covers),
        explicit=next((row.explicit for row in one.rows if row.explicit is not None), None),
        ai=tuple(one.ai),
        blind=_blind(one),
    )
    return told


def _moments(one: Adding) -> Iterable[datetime]:
    return [row.first_seen_at for row in (one.listed or one.rows)]


def _role(one: Adding, kinds: list[str], artist_id: int) -> str:
    """Say how the artist stands to it: own, a guest, or one of many on a compilation."""
    sections = {row.section for row in one.listed}
    main = [c for c in one.credits.values() if not c.on_track and c.role == "main"]
    if sections and sections <= {"appears_on"}:
        return "appears_on"
    ours = {c.role for c in one.credits.values() if not c.on_track and c.artist_id == artist_id}
    if "featured" in ours and any(c.artist_id != artist_id for c in main):
        return "appears_on"  # some stores call every name main: the one that tells them apart is right
    if main and all(c.artist_id != artist_id for c in main):
        return "compilation" if "compilation" in kinds or len(main) > 4 else "appears_on"
    return "own"


def past_groups(connection: Connection, artist_id: int) -> list[int]:
    """List the release groups that stand, or stood, on the artist's official pages."""
    return sorted(connection.scalars(_PAST, {"artist": artist_id}))


def dates_seen(connection: Connection, artist_id: int) -> list[date]:
    """List the claimed days of everything on the artist's official pages, for the rate of releases."""
    rows = connection.scalars(
        select(release.c.date)
        .join(listing, listing.c.release_id == release.c.id)
        .join(standing, standing.c.profile_id == listing.c.profile_id)
        .where(
            standing.c.artist_id == artist_id,
            standing.c.standing == "official",
            release.c.date.is_not(None),
            release.c.date_precision == "day",
        )
        .distinct()
    )
    return sorted(rows)


def _blind(one: Adding) -> frozenset[str]:
    """Name the fields that nobody told."""
    kinds = {line.kind for line in one.lines}
    told = {
        "label": "label" in kinds,
        "p_line": "p" in kinds,
        "c_line": "c" in kinds,
        "provider": "provider" in kinds,
        "isrc": bool(one.isrcs),
        "upc": bool(one.gtins),
        "tracks": bool(one.tracks),
        "genre": bool(one.genres),
        "composer": any(c.role in WRITERS for c in one.credits.values()),
    }
    return frozenset(name for name, is_told in told.items() if not is_told)
