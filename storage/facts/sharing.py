"""What an event has in common with events of other monitored artists lately: the ties of a campaign. Reads only."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import BindParameter, Connection, Select, bindparam, func, select

from storage.facts.shown import WRITERS
from storage.facts.spreads import ISRC, span
from storage.facts.values import Shared, Shown
from storage.models import Moment, credit, grouped_release, listing, profile, release, release_line, standing, track

WINDOW = timedelta(days=30)
VALUES_MOST = 12  # of one kind that are looked at


@dataclass(frozen=True, slots=True)
class Asked:
    """The two questions about a value of one kind, built once: building a statement costs more than running it."""

    events: Select[Any]
    spread: Select[Any]


def _asked(releases: Select[Any]) -> Asked:
    events = (
        select(standing.c.artist_id, grouped_release.c.group_id, func.min(listing.c.first_seen_at))
        .join(standing, standing.c.profile_id == listing.c.profile_id)
        .join(grouped_release, grouped_release.c.release_id == listing.c.release_id)
        .where(
            listing.c.release_id.in_(releases),
            listing.c.new,
            listing.c.first_seen_at > bindparam("since", type_=Moment),
            standing.c.standing == "official",
            standing.c.artist_id != bindparam("artist"),
            grouped_release.c.group_id != bindparam("group"),
        )
        .group_by(standing.c.artist_id, grouped_release.c.group_id)
    )
    spread = (
        select(func.count(func.distinct(profile.c.name_key)))
        .join(listing, listing.c.profile_id == profile.c.id)
        .where(listing.c.release_id.in_(releases))
    )
    return Asked(events, spread)


_VALUE: BindParameter[str] = bindparam("value")
_LINED = _asked(
    select(release_line.c.release_id).where(release_line.c.text_key == _VALUE, release_line.c.gone_at.is_(None))
)
_REGISTERED = _asked(
    select(track.c.release_id).where(
        track.c.isrc.between(bindparam("first"), bindparam("last")), track.c.gone_at.is_(None)
    )
)
_COVERED = _asked(select(release.c.id).where(release.c.cover_url == _VALUE))
_WRITTEN = _asked(
    select(credit.c.release_id).where(
        credit.c.name == _VALUE, credit.c.role.in_(sorted(WRITERS)), credit.c.gone_at.is_(None)
    )
)


def shared(connection: Connection, artist_id: int, one: Shown, at: datetime) -> tuple[Shared, ...]:
    """List what news on other artists' pages share with a group, with how widespread it is in all."""
    kinds: tuple[tuple[str, Asked, set[str]], ...] = (
        ("line", _LINED, {line.key for line in one.lines if line.key}),
        ("registrant", _REGISTERED, {isrc[:5] for isrc in one.isrcs}),
        ("cover", _COVERED, set(one.covers)),
        ("writer", _WRITTEN, {c.name for c in one.credits if c.role in WRITERS}),
    )
    found: list[Shared] = []
    for what, asked, values in kinds:
        for value in sorted(values)[:VALUES_MOST]:
            found += _tie(connection, artist_id, one, what, value, asked, at)
    return tuple(found)


def _tie(
    connection: Connection, artist_id: int, one: Shown, what: str, value: str, asked: Asked, at: datetime
) -> Iterable[Shared]:
    first, last = span(value, ISRC)
    values = {"value": value, "first": first, "last": last}  # the ends are asked of a registrant alone
    about = {"artist": artist_id, "group": one.group_id, "since": at - WINDOW}
    rows = connection.execute(asked.events, {**values, **about}).all()
    if not rows:
        return ()
    spread = connection.scalar(asked.spread, values)
    moments = [row[2] for row in rows] + [one.first_seen_at]
    return (
        Shared(
            what=what,
            value=value,
            artists=frozenset(row[0] for row in rows),
            events=frozenset(row[1] for row in rows),
            spread=int(spread or 0),
            days=(max(moments) - min(moments)).total_seconds() / 86400,
        ),
    )
