"""The lists that are looked at again and again, with how often they brought something. Reads only, set-wise."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection, and_, func, or_, select

from storage.campaigns import LIVE
from storage.facts.circumstances import UNDER, YEAR
from storage.models import (
    artist,
    artist_tag,
    budget,
    case,
    finding,
    listing,
    profile,
    release,
    standing,
    target,
    watch,
)
from storage.targets import Ask

FEW = 2  # victims of one campaign that share a country or a tag: the wave is local


class Watched(NamedTuple):
    """A list with what is known of its page."""

    platform: str
    artist_id: int
    weight: float
    suspected: bool
    dated: int  # releases of the last year, by the dates that the page tells
    section: str = ""
    official: bool = False


def watched(connection: Connection, now: datetime) -> Iterator[Watched]:
    """Yield every live list, once for each artist it is looked at for."""
    dated: dict[tuple[str, str, str], int] = {}
    official = _official(connection)
    counted = connection.execute(
        select(profile.c.platform, profile.c.platform_id, listing.c.section, func.count(func.distinct(release.c.date)))
        .join(listing, listing.c.profile_id == profile.c.id)
        .join(release, release.c.id == listing.c.release_id)
        .join(standing, and_(standing.c.profile_id == profile.c.id, standing.c.standing == "official"))
        .where(release.c.date >= _day(now - YEAR), release.c.date <= _day(now))
        .group_by(profile.c.platform, profile.c.platform_id, listing.c.section)
    )
    for platform, subject, section, count in counted:
        for part in {section, ""}:
            dated[platform, subject, part] = dated.get((platform, subject, part), 0) + count
    suspects = {
        (row[0], row[1])
        for row in connection.execute(
            select(profile.c.platform, profile.c.platform_id)
            .join(finding, finding.c.profile_id == profile.c.id)
            .join(case, case.c.id == finding.c.case_id)
            .where(case.c.status.in_(UNDER), or_(finding.c.release_id.is_(None), case.c.loud))
            .distinct()
        )
    }
    rows = connection.execute(
        select(target.c.platform, target.c.subject, target.c.section, artist.c.id, artist.c.weight)
        .join(watch, watch.c.target_id == target.c.id)
        .join(artist, artist.c.id == watch.c.artist_id)
        .where(target.c.ask == Ask.RELEASES.value, target.c.due_at.is_not(None), artist.c.watched)
        .order_by(target.c.id)
    )
    for platform, subject, section, artist_id, weight in rows:
        key = (platform, subject)
        count = dated.get((*key, section), 0)
        yield Watched(platform, artist_id, weight, key in suspects, count, section, key in official)


def _official(connection: Connection) -> set[tuple[str, str]]:
    rows = connection.execute(
        select(profile.c.platform, profile.c.platform_id)
        .join(standing, standing.c.profile_id == profile.c.id)
        .where(standing.c.standing == "official")
    )
    return {(row[0], row[1]) for row in rows}


def weekdays(connection: Connection, now: datetime) -> dict[str, list[date]]:
    """Map each platform to the claimed days of the last year's releases on official pages, each day once a page."""
    days: dict[str, list[date]] = {}
    rows = connection.execute(
        select(profile.c.platform, release.c.date, func.count(func.distinct(profile.c.id)))
        .join(listing, listing.c.profile_id == profile.c.id)
        .join(release, release.c.id == listing.c.release_id)
        .join(standing, and_(standing.c.profile_id == profile.c.id, standing.c.standing == "official"))
        .where(release.c.date >= _day(now - YEAR), release.c.date <= _day(now), release.c.date_precision == "day")
        .group_by(profile.c.platform, release.c.date)
    )
    for platform, day, count in rows:
        days.setdefault(platform, []).extend([day] * count)
    return days


def near_waves(connection: Connection, since: datetime) -> frozenset[int]:
    """List the artists whose country or tag several victims of one campaign share: the next may be they."""
    victims = (
        select(case.c.campaign_id.label("wave"), case.c.artist_id)
        .where(case.c.campaign_id.is_not(None), case.c.opened_at >= since, case.c.status.in_(LIVE))
        .distinct()
        .cte("victims")
    )
    lands = (
        select(standing.c.artist_id, profile.c.country.label("shared"))
        .join(profile, profile.c.id == standing.c.profile_id)
        .where(standing.c.standing == "official", profile.c.country.is_not(None))
    )
    tags = select(artist_tag.c.artist_id, artist_tag.c.tag.label("shared"))
    near: set[int] = set()
    for what in (lands.cte("lands"), tags.cte("tags")):
        local = (
            select(what.c.shared)
            .join(victims, victims.c.artist_id == what.c.artist_id)
            .group_by(victims.c.wave, what.c.shared)
            .having(func.count(func.distinct(victims.c.artist_id)) >= FEW)
        )
        near.update(connection.scalars(select(what.c.artist_id).where(what.c.shared.in_(local)).distinct()))
    return frozenset(near)


def holders(connection: Connection) -> dict[str, int]:
    """Count the credentials (or addresses) that have spent on each platform."""
    rows = connection.execute(
        select(budget.c.platform, func.count(func.distinct(budget.c.holder))).group_by(budget.c.platform)
    )
    return {row[0]: row[1] for row in rows}


def _day(moment: datetime) -> date:
    return moment.date()
