"""Open cases as campaigns look at them: what of theirs is not home for their artist. Reads only, in sets."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import combinations

from sqlalchemy import Connection, Subquery, func, select

from storage.campaigns import LIVE
from storage.facts.shown import WRITERS
from storage.models import (
    case,
    credit,
    finding,
    grouped_release,
    listing,
    profile,
    release,
    release_line,
    standing,
    track,
)
from storage.normalize import name_key
from storage.sets import ROWS_A_STATEMENT, batched


@dataclass(slots=True)
class Suspect:
    """A case with the values that it may share with others."""

    case: int
    artist: int
    seen_at: datetime
    bits: float
    confirmed: bool
    lines: set[str] = field(default_factory=set)
    isrcs: set[str] = field(default_factory=set)
    gtins: set[str] = field(default_factory=set)
    covers: set[str] = field(default_factory=set)
    writers: dict[str, str] = field(default_factory=dict)  # as printed -> folded
    images: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    event: tuple[str, int] = ("", 0)  # kind and group: the same for two artists of one release


def suspects(connection: Connection, since: datetime) -> list[Suspect]:
    """Describe the news cases that were opened since a moment."""
    rows = connection.execute(
        select(case.c.id, case.c.artist_id, case.c.opened_at, case.c.bits, case.c.status, case.c.title)
        .add_columns(case.c.kind, case.c.group_id)
        .where(case.c.opened_at >= since, case.c.origin == "news", case.c.status.in_(LIVE))
        .where(case.c.kind.in_(("release", "profile")))
        .order_by(case.c.id)
    ).all()
    found = {row.id: Suspect(row.id, row.artist_id, row.opened_at, row.bits, row.status == "confirmed") for row in rows}
    for row in rows:
        found[row.id].names.add(name_key(row.title))
        found[row.id].event = (row.kind, row.group_id)
    for part in batched(sorted(found), ROWS_A_STATEMENT):
        _releases(connection, part, found)
        images = connection.execute(
            select(finding.c.case_id, profile.c.image_url)
            .join(profile, profile.c.id == finding.c.profile_id)
            .where(finding.c.case_id.in_(part), finding.c.release_id.is_(None), profile.c.image_url.is_not(None))
        )
        for case_id, image in images:
            found[case_id].images.add(image)
    _leave_home_out(connection, found.values())
    return list(found.values())


def together(connection: Connection, found: Iterable[Suspect]) -> set[frozenset[int]]:
    """List the pairs of cases of artists whom one release credits beside each other: it ties nobody with itself."""
    of_group: dict[int, list[Suspect]] = defaultdict(list)
    for one in found:
        kind, group_id = one.event
        if kind == "release":
            of_group[group_id].append(one)
    several = sorted(group_id for group_id, cases in of_group.items() if len(cases) > 1)
    credited: dict[tuple[int, int], set[int]] = defaultdict(set)
    for part in batched(several, ROWS_A_STATEMENT):
        rows = connection.execute(
            select(grouped_release.c.group_id, credit.c.release_id, standing.c.artist_id)
            .join(credit, credit.c.release_id == grouped_release.c.release_id)
            .join(standing, (standing.c.profile_id == credit.c.profile_id) & (standing.c.standing == "official"))
            .where(grouped_release.c.group_id.in_(part), credit.c.gone_at.is_(None))
            .distinct()
        )
        for row in rows:
            credited[row.group_id, row.release_id].add(row.artist_id)
    return {
        frozenset({a.case, b.case})
        for (group_id, _), artists in credited.items()
        for a, b in combinations(of_group[group_id], 2)
        if {a.artist, b.artist} <= artists
    }


def _releases(connection: Connection, part: Iterable[int], found: dict[int, Suspect]) -> None:
    of_case = select(finding.c.case_id, finding.c.release_id).where(
        finding.c.case_id.in_(list(part)), finding.c.release_id.is_not(None)
    )
    bound = of_case.subquery()
    for case_id, gtin, cover in connection.execute(
        select(bound.c.case_id, release.c.gtin14, release.c.cover_url).join(release, release.c.id == bound.c.release_id)
    ):
        found[case_id].gtins |= {gtin} if gtin else set()
        found[case_id].covers |= {cover} if cover else set()
    lines = select(bound.c.case_id, release_line.c.text_key).join(
        release_line, release_line.c.release_id == bound.c.release_id
    )
    isrcs = select(bound.c.case_id, track.c.isrc).join(track, track.c.release_id == bound.c.release_id)
    writers = (
        select(bound.c.case_id, credit.c.name)
        .join(credit, credit.c.release_id == bound.c.release_id)
        .where(credit.c.role.in_(sorted(WRITERS)))
    )
    for case_id, key in connection.execute(lines):
        found[case_id].lines.add(key)
    for case_id, isrc in connection.execute(isrcs.where(track.c.isrc.is_not(None))):
        found[case_id].isrcs.add(isrc)
    for case_id, name in connection.execute(writers):
        found[case_id].writers[name] = name_key(name)


def _leave_home_out(connection: Connection, found: Collection[Suspect]) -> None:
    """Take off the lines and registrants that stood on the artist's own pages at the first look."""
    lines: set[tuple[int, str]] = set()
    registrants: set[tuple[int, str]] = set()
    for part in batched(sorted({one.artist for one in found}), ROWS_A_STATEMENT):
        own = _own(part)
        keys = select(own.c.artist_id, release_line.c.text_key).join(
            release_line, release_line.c.release_id == own.c.release_id
        )
        codes = select(own.c.artist_id, func.substr(track.c.isrc, 1, 5)).join(
            track, track.c.release_id == own.c.release_id
        )
        lines.update((row[0], row[1]) for row in connection.execute(keys.distinct()))
        known = connection.execute(codes.where(track.c.isrc.is_not(None)).distinct())
        registrants.update((row[0], row[1]) for row in known)
    for one in found:
        one.lines = {key for key in one.lines if (one.artist, key) not in lines}
        one.isrcs = {isrc for isrc in one.isrcs if (one.artist, isrc[:5]) not in registrants}


def _own(artist_ids: Sequence[int]) -> Subquery:
    return (
        select(standing.c.artist_id, listing.c.release_id)
        .join(listing, listing.c.profile_id == standing.c.profile_id)
        .where(standing.c.artist_id.in_(artist_ids), standing.c.standing == "official", ~listing.c.new)
        .subquery()
    )
