"""What stands beside a case: what the artist's pages usually show, related cases, the raw answers. Reads only."""

import json
import statistics
import zlib
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, or_, select

from storage.models import (
    artist_alias,
    campaign,
    case,
    listing,
    look,
    look_payload,
    payload,
    release,
    release_line,
    target,
    track,
)
from storage.sets import ROWS_A_STATEMENT, batched
from storage.targets import Ask

RELEASES_READ = 40
LONGEST_BODY = 200_000
PAYLOADS = 12


@dataclass(slots=True)
class Usual:
    """What an official page shows, added up over its newest releases."""

    profile: Row[Any]
    releases: int = 0
    labels: Counter[str] = field(default_factory=Counter)
    p_lines: Counter[str] = field(default_factory=Counter)
    c_lines: Counter[str] = field(default_factory=Counter)
    line_keys: set[str] = field(default_factory=set)
    registrants: Counter[str] = field(default_factory=Counter)
    prefixes: Counter[str] = field(default_factory=Counter)
    titles: dict[str, str] = field(default_factory=dict)  # folded -> as printed
    genres: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    first_date: str | None = None
    last_date: str | None = None
    durations: list[int] = field(default_factory=list)
    cover_url: str | None = None

    @property
    def duration_ms(self) -> float | None:
        """Return the median duration of the tracks."""
        return statistics.median(self.durations) if self.durations else None


def usual(connection: Connection, pages: Sequence[Row[Any]], without: Collection[int]) -> list[Usual]:
    """Add up what each of an artist's official pages shows, without the releases that are in question."""
    told: list[Usual] = []
    shown_by: dict[int, list[Usual]] = {}  # release -> the pages that show it
    for page in pages:
        one, rows = Usual(page), _newest(connection, page, without)
        _releases(rows, one)
        for row in rows:
            shown_by.setdefault(row.id, []).append(one)
        told.append(one)
    _lines(connection, shown_by)
    _tracks(connection, shown_by)
    return told


def _newest(connection: Connection, page: Row[Any], without: Collection[int]) -> list[Row[Any]]:
    rows = connection.execute(
        select(release)
        .join(listing, listing.c.release_id == release.c.id)
        .where(listing.c.profile_id == page.id, listing.c.removed_at.is_(None), release.c.id.not_in(without))
        .where(listing.c.section != "appears_on")
        .order_by(release.c.date.desc().nulls_last(), release.c.id)
        .limit(RELEASES_READ)
    ).all()
    return list({row.id: row for row in rows}.values())


def _releases(rows: Sequence[Row[Any]], told: Usual) -> None:
    told.releases = len(rows)
    for row in rows:
        told.titles.setdefault(row.title_key, row.title)
        told.cover_url = told.cover_url or row.cover_url
        if row.kind:
            told.kinds[row.kind] += 1
        if row.gtin14:
            told.prefixes[row.gtin14[:8]] += 1
    dates = sorted(row.date.isoformat() for row in rows if row.date)
    told.first_date, told.last_date = (dates[0], dates[-1]) if dates else (None, None)


def _lines(connection: Connection, shown_by: Mapping[int, Sequence[Usual]]) -> None:
    columns = (release_line.c.release_id, release_line.c.kind, release_line.c.text, release_line.c.text_key)
    for part in batched(sorted(shown_by), ROWS_A_STATEMENT):
        shown = select(*columns).where(release_line.c.release_id.in_(part), release_line.c.gone_at.is_(None))
        for row in connection.execute(shown.order_by(release_line.c.id)):
            for told in shown_by[row.release_id]:
                told.line_keys.add(row.text_key)
                tallies = {"label": told.labels, "p": told.p_lines, "c": told.c_lines}
                if row.kind in tallies:
                    tallies[row.kind][row.text] += 1


def _tracks(connection: Connection, shown_by: Mapping[int, Sequence[Usual]]) -> None:
    columns = (track.c.release_id, track.c.isrc, track.c.duration_ms)
    for part in batched(sorted(shown_by), ROWS_A_STATEMENT):
        shown = select(*columns).where(track.c.release_id.in_(part), track.c.gone_at.is_(None)).order_by(track.c.id)
        for row in connection.execute(shown):
            for told in shown_by[row.release_id]:
                if row.isrc:
                    told.registrants[row.isrc[:5]] += 1
                if row.duration_ms:
                    told.durations.append(row.duration_ms)


def names(connection: Connection, artist_id: int) -> list[str]:
    """List an artist's other names."""
    query = select(artist_alias.c.name).where(artist_alias.c.artist_id == artist_id, artist_alias.c.ended_at.is_(None))
    return list(connection.scalars(query.order_by(artist_alias.c.id)))


def siblings(connection: Connection, row: Row[Any], limit: int = 12) -> list[dict[str, Any]]:
    """List the other cases of the same campaign, then of the same artist, the most suspicious first."""
    shown = (case.c.id, case.c.kind, case.c.title, case.c.status, case.c.score, case.c.campaign_id, case.c.opened_at)
    same = case.c.artist_id == row.artist_id
    if row.campaign_id is not None:
        same = or_(same, case.c.campaign_id == row.campaign_id)
    query = select(*shown).where(same, case.c.id != row.id, case.c.merged_into.is_(None))
    found = connection.execute(query.order_by(case.c.score.desc(), case.c.id).limit(4 * limit)).all()
    ordered = sorted(found, key=lambda one: one.campaign_id is None or one.campaign_id != row.campaign_id)
    return [dict(one._mapping) for one in ordered[:limit]]


def campaign_of(connection: Connection, number: int) -> Row[Any] | None:
    """Return a campaign's row."""
    return connection.execute(select(campaign).where(campaign.c.id == number)).first()


@dataclass(frozen=True, slots=True)
class Answer:
    """A raw answer as it came, and when."""

    url: str
    status: int
    outcome: str
    heard_at: datetime
    text: str | None  # None: the body is kept no longer
    cut: bool


def raw(connection: Connection, subjects: Collection[tuple[str, str, str]]) -> Iterator[Answer]:
    """Yield the newest answers to questions (platform, ask, subject)."""
    if not subjects:
        return
    asked = or_(*(and_(target.c.platform == p, target.c.ask == a, target.c.subject == s) for p, a, s in subjects))
    targets = connection.scalars(select(target.c.id).where(asked)).all()
    left = PAYLOADS
    for number in targets:
        last = select(look.c.id, look.c.ended_at, look.c.outcome).where(look.c.target_id == number)
        for heard in connection.execute(last.order_by(look.c.id.desc()).limit(1)):
            query = (
                select(look_payload, payload.c.body)
                .outerjoin(payload, payload.c.hash == look_payload.c.hash)
                .where(look_payload.c.look_id == heard.id)
                .order_by(look_payload.c.position)
                .limit(left)
            )
            for row in connection.execute(query):
                left -= 1
                body, cut = _read(row.body)
                yield Answer(row.url, row.status, heard.outcome, heard.ended_at, body, cut)


def _read(body: bytes | None) -> tuple[str | None, bool]:
    if body is None:
        return None, False
    reader = zlib.decompressobj()
    read = reader.decompress(body, LONGEST_BODY)
    return read.decode("utf-8", "replace"), bool(reader.unconsumed_tail)


def questions(appearances: Sequence[Any]) -> set[tuple[str, str, str]]:
    """Say which questions' answers a case's findings rest on."""
    asked = set()
    for one in appearances:
        platform = one.profile.platform
        if one.release is not None:
            asked.add((platform, Ask.RELEASE.value, one.release.platform_id))
        else:
            asked.add((platform, Ask.PROFILE.value, one.profile.platform_id))
        asked.add((platform, Ask.RELEASES.value, one.profile.platform_id))
    return asked


def ties(row: Row[Any]) -> list[str]:
    """List what ties a campaign's cases."""
    return [str(tie) for tie in json.loads(row.ties)]
