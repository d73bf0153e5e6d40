"""What an operator reads: rows for status, roster and case lists."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, bindparam, func, select, tuple_

from storage.models import artist, artist_alias, budget, listing, look, profile, standing, target, watch
from storage.targets import Ask

Rows = Iterator[dict[str, Any]]
PAGE = 1_000  # artists read at once
RECENT = 2_000  # looks among which a platform's newest is looked for first

_PAGE = ("platform", "subject", "section", "market")
_HELD = (
    select(
        profile.c.platform,
        profile.c.platform_id.label("subject"),
        listing.c.section,
        listing.c.market,
        func.count().label("held"),
    )
    .join(profile, profile.c.id == listing.c.profile_id)
    .where(listing.c.held_at.is_not(None))
    .group_by(profile.c.platform, profile.c.platform_id, listing.c.section, listing.c.market)
    .subquery("held")
)


def coverage(connection: Connection, artist_name: str | None = None, artist_ids: Collection[int] | None = None) -> Rows:
    """Yield one row for each artist and target: what was asked, how much of it was seen last, and what is held back."""
    any_look = look.alias()
    last = (
        select(func.max(any_look.c.id)).where(any_look.c.target_id == target.c.id).correlate(target).scalar_subquery()
    )
    query = (
        select(
            artist.c.name.label("artist"),
            target.c.platform,
            target.c.ask,
            target.c.subject,
            target.c.section,
            target.c.market,
            target.c.last_look_at,
            target.c.last_outcome,
            target.c.last_complete_at,
            target.c.baseline_at,
            target.c.due_at,
            look.c.expected,
            look.c.received,
            look.c.stop_reason,
            look.c.blind,
            func.coalesce(_HELD.c.held, 0).label("held"),
        )
        .join(watch, watch.c.target_id == target.c.id)
        .join(artist, artist.c.id == watch.c.artist_id)
        .outerjoin(look, look.c.id == last)
        .outerjoin(_HELD, and_(target.c.ask == Ask.RELEASES.value, *(_HELD.c[one] == target.c[one] for one in _PAGE)))
        .where(target.c.ask.in_([Ask.SEARCH.value, Ask.PROFILE.value, Ask.RELEASES.value]))
        .order_by(artist.c.name, target.c.platform, target.c.ask, target.c.section)
    )
    if artist_name is not None:
        ids = connection.scalars(select(artist.c.id).where(artist.c.name == artist_name)).all()
        query = query.where(watch.c.artist_id.in_(ids))
    if artist_ids is not None:
        query = query.where(watch.c.artist_id.in_(artist_ids))
    for row in connection.execute(query):
        yield dict(row._mapping)


def freshness(connection: Connection, now: datetime) -> Rows:
    """Yield one row for each platform and question: how many live targets, how many seen whole, the oldest whole look.

    Targets that were asked once and answered rest; they are only counted, however many there are.
    """
    resting = dict[tuple[str, str], int]()
    for row in connection.execute(select(target.c.platform, target.c.ask, func.count()).group_by(*_QUESTION)):
        resting[row[0], row[1]] = row[2]
    live = connection.execute(_LIVE, {"now": now}).all()
    for row in live:
        resting[row.platform, row.ask] -= row.targets
    told = set()
    for row in live:
        first = (row.platform, row.ask) not in told
        told.add((row.platform, row.ask))
        yield {**row._mapping, "resting": resting[row.platform, row.ask] if first else 0}
    for (platform, ask), count in sorted(resting.items()):
        if (platform, ask) not in told:
            nothing = {"targets": 0, "seen_whole": 0, "oldest_whole_look": None, "newest_look": None}
            yield {
                "platform": platform,
                "ask": ask,
                "section": "",
                **nothing,
                "due": 0,
                "in_trouble": 0,
                "resting": count,
            }


_QUESTION = (target.c.platform, target.c.ask)
_LIVE = (
    select(
        target.c.platform,
        target.c.ask,
        target.c.section,
        func.count().label("targets"),
        func.count(target.c.last_complete_at).label("seen_whole"),
        func.min(target.c.last_complete_at).label("oldest_whole_look"),
        func.max(target.c.last_look_at).label("newest_look"),
        func.count().filter(target.c.due_at <= bindparam("now")).label("due"),
        func.count().filter(target.c.failures > 0).label("in_trouble"),
    )
    .where(target.c.due_at.is_not(None))
    .group_by(target.c.platform, target.c.ask, target.c.section)
    .order_by(target.c.platform, target.c.ask, target.c.section)
)


def blind_fields(connection: Connection) -> dict[str, str]:
    """Map each platform that is still asked to the fields that its latest look could not see."""
    found: dict[str, str] = {}
    newest = connection.scalar(select(func.max(look.c.id))) or 0
    recent = (
        select(target.c.platform, look.c.blind)
        .join(target, target.c.id == look.c.target_id)
        .where(look.c.id > newest - RECENT)
        .order_by(look.c.id)
    )
    for row in connection.execute(recent):
        found[row.platform] = row.blind
    live = target.c.due_at.is_not(None)
    newest_of = select(target.c.platform, func.max(target.c.last_look_at)).where(live).group_by(target.c.platform)
    for platform, at in connection.execute(newest_of).all():
        if platform not in found and at is not None:  # asked before the last few thousand looks
            # Added to nothing, the number is not looked for along its own index, past all that rests.
            asked = select(func.max(target.c.id + 0)).where(live, target.c.platform == platform)
            asked = asked.where(target.c.last_look_at == at)
            last = select(look.c.blind).where(look.c.target_id == asked.scalar_subquery()).order_by(look.c.id.desc())
            found[platform] = connection.scalar(last.limit(1)) or ""
    return dict(sorted(found.items()))


def budgets(connection: Connection) -> Rows:
    """Yield one row for each budget."""
    for row in connection.execute(select(budget).order_by(budget.c.platform, budget.c.bucket, budget.c.holder)):
        yield dict(row._mapping)


def roster(connection: Connection) -> Rows:
    """Yield one row for each monitored artist in the order of names, with aliases and profiles by standing."""
    after: tuple[str, int] = ("", 0)
    while True:
        page = connection.execute(
            select(artist.c.id, artist.c.key, artist.c.name, artist.c.name_key, artist.c.mbid, artist.c.watched)
            .where(tuple_(artist.c.name_key, artist.c.id) > after, artist.c.merged_into.is_(None))
            .order_by(artist.c.name_key, artist.c.id)
            .limit(PAGE)
        ).all()
        yield from _with_pages(connection, page)
        if len(page) < PAGE:
            return
        after = (page[-1].name_key, page[-1].id)


def _with_pages(connection: Connection, page: Sequence[Any]) -> Rows:
    ids = [row.id for row in page]
    aliases: dict[int, list[str]] = {}
    named = select(artist_alias.c.artist_id, artist_alias.c.name).where(
        artist_alias.c.artist_id.in_(ids), artist_alias.c.ended_at.is_(None)
    )
    for artist_id, name in connection.execute(named.order_by(artist_alias.c.id)).all():
        aliases.setdefault(artist_id, []).append(name)
    pages: dict[int, list[dict[str, str]]] = {}
    columns = (standing.c.artist_id, profile.c.platform, profile.c.platform_id, profile.c.name)
    standings = (
        select(*columns, standing.c.standing, standing.c.authority, standing.c.reason)
        .join(profile, profile.c.id == standing.c.profile_id)
        .where(standing.c.artist_id.in_(ids))
        .order_by(profile.c.platform, profile.c.id)
    )
    for artist_id, platform, platform_id, name, said, authority, reason in connection.execute(standings).all():
        told = {
            "platform": platform,
            "id": platform_id,
            "name": name,
            "standing": said,
            "authority": authority,
            "reason": reason,
        }
        pages.setdefault(artist_id, []).append(told)
    for row in page:
        yield {
            "id": row.id,
            "key": row.key,
            "name": row.name,
            "mbid": row.mbid,
            "watched": row.watched,
            "aliases": aliases.get(row.id, []),
            "profiles": pages.get(row.id, []),
        }
