"""Everything about one case in one value: what a document, a page or a terminal shows."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, select

from storage.cases import NoSuchCase
from storage.models import artist, case, credit, listing, profile, release, release_line, standing, track, verdict


@dataclass(frozen=True, slots=True)
class CaseFile:
    """The rows that belong to a case."""

    case: Row[Any]
    artist: Row[Any]
    profile: Row[Any]
    standing: str | None
    release: Row[Any] | None
    lines: tuple[Row[Any], ...]
    credits: tuple[Row[Any], ...]
    tracks: tuple[Row[Any], ...]
    listings: tuple[Row[Any], ...]
    verdicts: tuple[Row[Any], ...]  # newest first

    @property
    def verdict(self) -> Row[Any] | None:
        """Return the verdict that counts."""
        return self.verdicts[0] if self.verdicts else None


def case_file(connection: Connection, case_id: int) -> CaseFile:
    """Gather a case's rows, or raise NoSuchCase."""
    found = connection.execute(select(case).where(case.c.id == case_id)).first()
    if found is None:
        raise NoSuchCase(f"there is no case {case_id}")

    def rows(query: Any) -> tuple[Row[Any], ...]:
        return tuple(connection.execute(query))

    about = found.release_id
    return CaseFile(
        case=found,
        artist=connection.execute(select(artist).where(artist.c.id == found.artist_id)).one(),
        profile=connection.execute(select(profile).where(profile.c.id == found.profile_id)).one(),
        standing=connection.scalar(
            select(standing.c.standing).where(
                standing.c.profile_id == found.profile_id, standing.c.artist_id == found.artist_id
            )
        ),
        release=connection.execute(select(release).where(release.c.id == about)).first() if about else None,
        lines=rows(
            select(release_line)
            .where(release_line.c.release_id == about, release_line.c.gone_at.is_(None))
            .order_by(release_line.c.id)
        ),
        credits=rows(
            select(credit)
            .where(credit.c.release_id == about, credit.c.track_id.is_(None), credit.c.gone_at.is_(None))
            .order_by(credit.c.position)
        ),
        tracks=rows(
            select(track)
            .where(track.c.release_id == about, track.c.gone_at.is_(None))
            .order_by(track.c.disc, track.c.position)
        ),
        listings=rows(select(listing).where(listing.c.release_id == about).order_by(listing.c.id)),
        verdicts=rows(select(verdict).where(verdict.c.case_id == case_id).order_by(verdict.c.id.desc())),
    )
