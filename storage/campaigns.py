"""Campaigns: which cases hang together, and what of a campaign goes on when it grows, splits or falls apart."""

import json
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, insert, select, update

from storage.models import campaign, case
from storage.sets import ROWS_A_STATEMENT, batched

LIVE = ("open", "watching", "returned", "confirmed", "takedown_requested", "gone")


def join(
    connection: Connection,
    case_ids: Sequence[int],
    key: str,
    ties: Sequence[Any],
    at: datetime,
    taken: Collection[int] = (),
) -> int:
    """Put cases into a campaign; one that a member is in goes on, unless another part of it has taken it over."""
    inside = case.c.id.in_(case_ids), case.c.campaign_id.is_not(None)
    known = sorted(set(connection.scalars(select(case.c.campaign_id).where(*inside).distinct())) - set(taken))
    written = json.dumps(list(ties), ensure_ascii=False, sort_keys=True)
    number = known[0] if known else None
    if number is None:
        number = connection.scalar(select(campaign.c.id).where(campaign.c.key == key))
    if number in taken:  # it bore this key once, and has gone on with others
        number, key = None, f"{key}, {at.isoformat()}"
    if number is None:
        values = {"key": key, "ties": written, "opened_at": at, "changed_at": at}
        number = connection.execute(insert(campaign).values(**values).returning(campaign.c.id)).scalar_one()
    else:
        connection.execute(update(campaign).where(campaign.c.id == number).values(ties=written, changed_at=at))
    connection.execute(update(case).where(case.c.id.in_(case_ids)).values(campaign_id=number))
    gone_up = [other for other in known if other != number]
    if gone_up:
        connection.execute(update(case).where(case.c.campaign_id.in_(gone_up)).values(campaign_id=number))
    return int(number)


def leave(connection: Connection, alone: Collection[int], looked: Collection[int], lately: timedelta) -> list[int]:
    """Take cases that nothing ties any more out of their campaigns, with the last of each; return what left.

    A case stays with one that grew too old to be looked at, if that came at most `lately` before it: age parts none.
    """
    mine: set[int] = set()
    for part in batched(sorted(alone), ROWS_A_STATEMENT):
        inside = case.c.id.in_(part), case.c.campaign_id.is_not(None)
        mine.update(connection.scalars(select(case.c.campaign_id).where(*inside).distinct()))
    members: dict[int, list[Any]] = {}
    query = select(case.c.id, case.c.campaign_id, case.c.status, case.c.opened_at)
    for numbers in batched(sorted(mine), ROWS_A_STATEMENT):
        for row in connection.execute(query.where(case.c.campaign_id.in_(numbers))):
            members.setdefault(row.campaign_id, []).append(row)
    left = sorted(one for rows in members.values() for one in _leaving(rows, set(alone), set(looked), lately))
    for part in batched(left, ROWS_A_STATEMENT):
        connection.execute(update(case).where(case.c.id.in_(part)).values(campaign_id=None))
    return left


def _leaving(rows: Sequence[Any], alone: set[int], looked: set[int], lately: timedelta) -> set[int]:
    live = [row for row in rows if row.status in LIVE]
    old = [row.opened_at for row in live if row.id not in looked]
    going = {
        row.id
        for row in rows
        if row.id in alone and not any(timedelta(0) <= row.opened_at - opened_at <= lately for opened_at in old)
    }
    rest = {row.id for row in live} - going
    fell_apart = going and len(rest) < 2 and not rest & (looked - alone)
    return {row.id for row in rows} if fell_apart else going
