"""Releases as grouping looks at them: whose page lists them, their titles, dates and codes. Reads only."""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Select, bindparam, or_, select, tuple_

from storage.models import credit, grouped_release, listing, profile, release, release_line, standing, track
from storage.normalize import name_key
from storage.sets import ROWS_A_STATEMENT, batched, several

MOST = 400  # releases that one key may bring: a title that everybody uses ties nothing
NAMES = 8  # of whom is credited: a sampler's hundred names tie nothing more
_JOINED = re.compile(r",\s+|\s+&\s+")  # as stores write several artists in one text

# Statements are built once: building one costs more than running it.
_RELEASES = select(release).where(release.c.id.in_(several("ids")))
_TRACKS = (
    select(track.c.release_id, track.c.isrc, track.c.duration_ms)
    .where(track.c.release_id.in_(several("ids")), track.c.gone_at.is_(None))
    .order_by(track.c.release_id, track.c.disc, track.c.position, track.c.id)
)
_LINED = select(release_line.c.release_id, release_line.c.text_key).where(
    release_line.c.release_id.in_(several("ids")), release_line.c.gone_at.is_(None)
)
_OF_GTINS = select(release.c.id).where(release.c.gtin14.in_(several("gtins")))
_OF_ISRCS = select(track.c.release_id).where(track.c.isrc.in_(several("isrcs")), track.c.gone_at.is_(None)).distinct()
_TITLED = select(grouped_release.c.release_id).where(grouped_release.c.fold.in_(several("folds")))
_LISTED_TITLES = (
    _TITLED.join(listing, listing.c.release_id == grouped_release.c.release_id)
    .join(standing, standing.c.profile_id == listing.c.profile_id)
    .where(standing.c.artist_id.in_(several("artists")), standing.c.standing == "official")
    .distinct()
    .limit(bindparam("most"))
)
_CREDITED_TITLES = (
    _TITLED.join(credit, credit.c.release_id == grouped_release.c.release_id)
    .outerjoin(profile, profile.c.id == credit.c.profile_id)
    .where(
        or_(profile.c.name_key.in_(several("names")), credit.c.who.in_(several("whos"))), credit.c.track_id.is_(None)
    )
    .distinct()
    .limit(bindparam("most"))
)
_JOINT_TITLES = (  # whose names these texts hold, grouping itself looks at
    _TITLED.join(credit, credit.c.release_id == grouped_release.c.release_id)
    .where(
        or_(credit.c.name.like("%, %"), credit.c.name.like("% & %")),
        credit.c.role == "main",
        credit.c.track_id.is_(None),
    )
    .distinct()
    .limit(bindparam("most"))
)
_ON_PAGES = (
    select(listing.c.release_id, standing.c.artist_id)
    .join(standing, standing.c.profile_id == listing.c.profile_id)
    .where(listing.c.release_id.in_(several("ids")), standing.c.standing == "official")
)
_CREDITED = (
    select(credit.c.release_id, credit.c.name)
    .where(
        credit.c.release_id.in_(several("ids")),
        credit.c.track_id.is_(None),
        credit.c.role == "main",
        credit.c.gone_at.is_(None),
    )
    .order_by(credit.c.release_id, credit.c.position)
)


@dataclass(frozen=True, slots=True)
class Appearing:
    """One release on one platform; `acts` say whose page lists it, or else who is credited.

    Where a store writes several artists in one text, the text and each of its names are acts alike.
    """

    id: int
    platform: str
    platform_id: str
    title: str
    acts: frozenset[str]
    date: date | None
    day: bool
    gtin: str | None
    isrcs: frozenset[str]
    track_count: int | None
    kind: str
    line_keys: frozenset[str]
    lengths: tuple[int, ...]  # of all its tracks, in ms; empty where they are not all known


def appearances(connection: Connection, release_ids: Collection[int]) -> list[Appearing]:
    """Describe releases for grouping."""
    found: list[Appearing] = []
    for part in batched(sorted(set(release_ids)), ROWS_A_STATEMENT):
        acts = _acts(connection, part)
        isrcs, lengths = _tracks(connection, part)
        lines = _texts(connection, _LINED, part)
        for row in connection.execute(_RELEASES, {"ids": part}):
            found.append(
                Appearing(
                    id=row.id,
                    platform=row.platform,
                    platform_id=row.platform_id,
                    title=row.title,
                    acts=frozenset(acts.get(row.id, ())),
                    date=row.date,
                    day=row.date_precision == "day",
                    gtin=row.gtin14,
                    isrcs=frozenset(isrcs.get(row.id, ())),
                    track_count=row.track_count,
                    kind=(row.kind or "").lower(),
                    line_keys=frozenset(lines.get(row.id, ())),
                    lengths=_whole(lengths.get(row.id, ()), row.track_count),
                )
            )
    return found


def sharing(connection: Connection, keys: Collection[str]) -> list[int]:
    """Find releases that share one of grouping's keys: gtin:..., isrc:..., title:act|title."""
    found: set[int] = set()
    of: dict[str, list[str]] = {}
    for key in keys:
        kind, value = key.split(":", 1)
        of.setdefault(kind, []).append(value)
    for part in batched(sorted(of.get("gtin", ())), ROWS_A_STATEMENT):
        found.update(connection.scalars(_OF_GTINS, {"gtins": part}))
    for part in batched(sorted(of.get("isrc", ())), ROWS_A_STATEMENT):
        found.update(connection.scalars(_OF_ISRCS, {"isrcs": part}))
    found.update(_of_acts(connection, of.get("title", ())))
    return sorted(found)


def _of_acts(connection: Connection, values: Iterable[str]) -> Iterator[int]:
    """Find releases of these acts under these titles; which title is whose, grouping itself looks at."""
    artists: set[int] = set()
    names: set[str] = set()
    folds: set[str] = set()
    for value in values:
        act, fold = value.split("|", 1)
        kind, who = act.split(":", 1)
        folds.add(fold)
        if kind == "artist":
            artists.add(int(who))
        else:
            names.add(who)
    for part in batched(sorted(folds), ROWS_A_STATEMENT):
        wanted = {"folds": part, "most": MOST * len(part)}
        if artists:
            yield from connection.scalars(_LISTED_TITLES, wanted | {"artists": sorted(artists)})
        if names:
            whos = [f"name:{name}" for name in sorted(names)]
            yield from connection.scalars(_CREDITED_TITLES, wanted | {"names": sorted(names), "whos": whos})
            yield from connection.scalars(_JOINT_TITLES, wanted)


def _acts(connection: Connection, part: Collection[int]) -> dict[int, set[str]]:
    acts: dict[int, set[str]] = {}
    for release_id, artist_id in connection.execute(_ON_PAGES, {"ids": part}):
        acts.setdefault(release_id, set()).add(f"artist:{artist_id}")
    others = [one for one in part if one not in acts]
    for release_id, name in connection.execute(_CREDITED, {"ids": others}) if others else ():
        mine = acts.setdefault(release_id, set())
        if len(mine) < NAMES:
            mine.update(f"name:{name_key(part)}" for part in (name, *_JOINED.split(name)[:NAMES]))
    return acts


def _tracks(connection: Connection, ids: Collection[int]) -> tuple[dict[int, set[str]], dict[int, list[int | None]]]:
    """Read the ISRCs and the lengths of releases' tracks."""
    isrcs: dict[int, set[str]] = {}
    lengths: dict[int, list[int | None]] = {}
    for release_id, isrc, length in connection.execute(_TRACKS, {"ids": ids}):
        lengths.setdefault(release_id, []).append(length)
        if isrc:
            isrcs.setdefault(release_id, set()).add(isrc)
    return isrcs, lengths


def _whole(lengths: Sequence[int | None], count: int | None) -> tuple[int, ...]:
    """Return the lengths of a release that was seen with all its tracks."""
    known = tuple(length for length in lengths if length is not None)
    return known if len(known) == len(lengths) and count in (None, len(known)) else ()


def _texts(connection: Connection, query: Select[Any], ids: Collection[int]) -> dict[int, set[str]]:
    found: dict[int, set[str]] = {}
    for release_id, text in connection.execute(query, {"ids": ids}):
        if text:
            found.setdefault(release_id, set()).add(text)
    return found


def ids_of(connection: Connection, refs: Collection[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """Map (platform, release id) to row ids."""
    found: dict[tuple[str, str], int] = {}
    for part in batched(sorted(refs), ROWS_A_STATEMENT):
        rows = connection.execute(
            select(release.c.platform, release.c.platform_id, release.c.id).where(
                tuple_(release.c.platform, release.c.platform_id).in_(part)
            )
        )
        found.update(((row[0], row[1]), row[2]) for row in rows)
    return found


def to_group(connection: Connection, artist_id: int) -> list[int]:
    """List releases on an artist's official pages that are in no group yet, and those that are news."""
    query = (
        select(listing.c.release_id)
        .join(standing, standing.c.profile_id == listing.c.profile_id)
        .outerjoin(grouped_release, grouped_release.c.release_id == listing.c.release_id)
        .where(
            standing.c.artist_id == artist_id,
            standing.c.standing == "official",
            or_(grouped_release.c.release_id.is_(None), listing.c.new),
        )
        .distinct()
    )
    return sorted(connection.scalars(query))


def releases_of(connection: Connection, listing_ids: Collection[int]) -> list[int]:
    """List the releases of listings."""
    found: set[int] = set()
    for part in batched(sorted(set(listing_ids)), ROWS_A_STATEMENT):
        found.update(connection.scalars(select(listing.c.release_id).where(listing.c.id.in_(part))))
    return sorted(found)
