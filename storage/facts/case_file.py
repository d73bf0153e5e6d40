"""Everything about one case in one value: what a document, a page or a terminal shows. Reads only."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from storage import cases
from storage.detections import DETECTOR
from storage.models import (
    ai_disclosure,
    artist,
    campaign,
    case,
    case_history,
    credit,
    finding,
    profile,
    release,
    release_line,
    release_tie,
    standing,
    track,
    verdict,
)


@dataclass(frozen=True, slots=True)
class Appearance:
    """One finding with what was seen there."""

    finding: Row[Any]
    profile: Row[Any]
    standing: str | None
    release: Row[Any] | None
    lines: tuple[Row[Any], ...] = ()
    credits: tuple[Row[Any], ...] = ()
    tracks: tuple[Row[Any], ...] = ()
    disclosures: tuple[Row[Any], ...] = ()

    @property
    def oldest_at(self) -> datetime:
        """Return when the oldest of what was seen there was last seen."""
        of_release = () if self.release is None else (self.release,)
        seen = (self.profile, *of_release, *self.lines, *self.credits, *self.tracks, *self.disclosures)
        oldest: datetime = min(row.last_seen_at for row in seen)
        return oldest


@dataclass(frozen=True, slots=True)
class CaseFile:
    """The rows that belong to a case."""

    case: Row[Any]
    artist: Row[Any]
    official: tuple[Row[Any], ...]  # the artist's own pages
    appearances: tuple[Appearance, ...]
    ties: tuple[Row[Any], ...]
    verdicts: tuple[Row[Any], ...]  # newest first
    history: tuple[Row[Any], ...]
    campaign: Row[Any] | None = None
    merged: tuple[int, ...] = field(default=())  # earlier numbers of the same case

    @property
    def verdict(self) -> Row[Any] | None:
        """Return the verdict that counts: the strongest authority's latest. What detectors say is none."""
        decided = (row for row in self.verdicts if row.rank < DETECTOR and row.withdrawn_at is None)
        return min(decided, key=lambda row: (row.rank, -row.id), default=None)

    @property
    def decisions(self) -> tuple[Row[Any], ...]:
        """Return the verdicts that people gave, undone ones too, newest first."""
        return tuple(row for row in self.verdicts if row.rank < DETECTOR)

    @property
    def answers(self) -> tuple[Row[Any], ...]:
        """Return what detection systems answered, newest first."""
        return tuple(row for row in self.verdicts if row.rank >= DETECTOR)

    @property
    def profiles(self) -> tuple[Row[Any], ...]:
        """Return the pages concerned."""
        return tuple({one.profile.id: one.profile for one in self.appearances}.values())


def case_file(connection: Connection, case_id: int) -> CaseFile:
    """Gather a case's rows, following merges; raise NoSuchCase."""
    found = cases.find(connection, case_id)

    def rows(query: Any) -> tuple[Row[Any], ...]:
        return tuple(connection.execute(query))

    findings = rows(select(finding).where(finding.c.case_id == found.id).order_by(finding.c.id))
    release_ids = [one.release_id for one in findings if one.release_id is not None]
    return CaseFile(
        case=found,
        artist=connection.execute(select(artist).where(artist.c.id == found.artist_id)).one(),
        official=rows(
            select(profile)
            .join(standing, standing.c.profile_id == profile.c.id)
            .where(standing.c.artist_id == found.artist_id, standing.c.standing == "official")
            .order_by(profile.c.platform, profile.c.id)
        ),
        appearances=_appearances(connection, found.artist_id, findings),
        ties=rows(
            select(release_tie)
            .where(release_tie.c.release_a.in_(release_ids), release_tie.c.release_b.in_(release_ids))
            .order_by(release_tie.c.release_a, release_tie.c.release_b)
        ),
        verdicts=rows(select(verdict).where(verdict.c.case_id == found.id).order_by(verdict.c.id.desc())),
        history=rows(select(case_history).where(case_history.c.case_id == found.id).order_by(case_history.c.id)),
        campaign=connection.execute(select(campaign).where(campaign.c.id == found.campaign_id)).first(),
        merged=tuple(connection.scalars(select(case.c.id).where(case.c.merged_into == found.id))),
    )


def _appearances(connection: Connection, artist_id: int, findings: Sequence[Row[Any]]) -> tuple[Appearance, ...]:
    pages = {one.profile_id for one in findings}
    releases = sorted({one.release_id for one in findings if one.release_id is not None})
    profiles = {row.id: row for row in connection.execute(select(profile).where(profile.c.id.in_(pages)))}
    standings = {
        row.profile_id: row.standing
        for row in connection.execute(
            select(standing).where(standing.c.profile_id.in_(pages), standing.c.artist_id == artist_id)
        )
    }
    known = {row.id: row for row in connection.execute(select(release).where(release.c.id.in_(releases)))}
    lined, tracked = (
        select(release_line).where(release_line.c.gone_at.is_(None)),
        select(track).where(track.c.gone_at.is_(None)),
    )
    credited = select(credit).where(credit.c.track_id.is_(None), credit.c.gone_at.is_(None))
    lines = _by_release(connection, lined, release_line, releases)
    credits = _by_release(connection, credited, credit, releases)
    tracks = _by_release(connection, tracked, track, releases)
    disclosures = _by_release(connection, select(ai_disclosure), ai_disclosure, releases)
    return tuple(
        Appearance(
            finding=one,
            profile=profiles[one.profile_id],
            standing=standings.get(one.profile_id),
            release=known.get(one.release_id),
            lines=tuple(lines.get(one.release_id, ())),
            credits=tuple(sorted(credits.get(one.release_id, ()), key=lambda row: row.position)),
            tracks=tuple(sorted(tracks.get(one.release_id, ()), key=lambda row: (row.disc or 0, row.position or 0))),
            disclosures=tuple(disclosures.get(one.release_id, ())),
        )
        for one in findings
    )


def _by_release(connection: Connection, query: Any, table: Any, releases: Sequence[int]) -> dict[int, list[Row[Any]]]:
    found: dict[int, list[Row[Any]]] = {}
    for row in connection.execute(query.where(table.c.release_id.in_(releases), *_shown(table)).order_by(table.c.id)):
        found.setdefault(row.release_id, []).append(row)
    return found


def _shown(table: Any) -> tuple[Any, ...]:
    """Choose what is shown now; what ended stays in the history."""
    return (table.c.gone_at.is_(None),) if "gone_at" in table.c else ()
