"""Alert rules and what was told by them: one alert for each occasion, claimed before it is sent.

A claim is the token that stands on rule and alert before anything leaves this machine. When its holder dies, the claim
ends, and what it held is sent again: at least once, and the message says so. Claims and retries go by the database's
clock; when something began, was told and ended, by the worker's.
"""

import secrets
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, and_, delete, func, insert, or_, select, update

from storage.frontier import now_of
from storage.models import alert, alert_mute, alert_rule, artist, case
from storage.sets import ROWS_A_STATEMENT, batched, dialect_insert

SENDING = timedelta(minutes=5)  # real time after which a sender is taken for dead
PAUSES = tuple(timedelta(minutes=m) for m in (1, 2, 5, 15, 30, 60))  # between tries of a destination that takes nothing
AT_ONCE = 20  # alerts in one message
LONGEST_TROUBLE = 200


class NameTaken(Exception):
    """There is a rule of that name already."""


class NoSuchRule(Exception):
    """There is no rule of that name."""


@dataclass(frozen=True, slots=True)
class Noticed:
    """Something that holds, in the words in which it would be told."""

    key: str
    occasion: str  # empty: one more than the store has
    subject: str
    body: str
    patience: timedelta = timedelta(0)


@dataclass(frozen=True, slots=True)
class Claimed:
    """What one sender sends for one rule."""

    rule: Row[Any]
    token: str
    began: tuple[Row[Any], ...]
    ended: tuple[Row[Any], ...]

    @property
    def again(self) -> bool:
        """Tell whether some of it may have arrived before."""
        return any(row.sent_for is not None for row in (*self.began, *self.ended))


def add(connection: Connection, values: Mapping[str, Any], at: datetime) -> int:
    """Add a rule, or raise NameTaken."""
    if connection.scalar(select(alert_rule.c.id).where(alert_rule.c.name == values["name"])) is not None:
        raise NameTaken(f"there is a rule named {values['name']!r} already")
    return int(
        connection.execute(insert(alert_rule).values(**values, made_at=at).returning(alert_rule.c.id)).scalar_one()
    )


def remove(connection: Connection, name: str) -> None:
    """Remove a rule and what was told by it, or raise NoSuchRule."""
    rule = find(connection, name)
    connection.execute(delete(alert).where(alert.c.rule_id == rule.id))
    connection.execute(delete(alert_rule).where(alert_rule.c.id == rule.id))
    connection.execute(delete(alert_mute).where(alert_mute.c.subject == f"rule:{name}"))


def find(connection: Connection, name: str) -> Row[Any]:
    """Return a rule, or raise NoSuchRule."""
    row = connection.execute(_RULES.where(alert_rule.c.name == name)).first()
    if row is None:
        raise NoSuchRule(f"there is no alert rule named {name!r}; see falsetto alerts list")
    return row


_RULES = (
    select(alert_rule, func.coalesce(artist.c.merged_into, artist.c.id).label("artist"), artist.c.name.label("whose"))
    .outerjoin(artist, artist.c.id == alert_rule.c.artist_id)
    .order_by(alert_rule.c.id)
)


def rules(connection: Connection) -> list[Row[Any]]:
    """List the rules; `artist` follows merges."""
    return list(connection.execute(_RULES))


def mute(connection: Connection, subject: str, until: datetime | None, at: datetime) -> None:
    """Mute a rule, an artist, a case, a campaign or a trouble; without an end, until that is taken back."""
    put = dialect_insert(connection, alert_mute).values(subject=subject, until=until, made_at=at)
    again = {"until": put.excluded.until, "made_at": put.excluded.made_at}
    connection.execute(put.on_conflict_do_update(index_elements=["subject"], set_=again))


def unmute(connection: Connection, subject: str) -> bool:
    """Take a mute back, and tell whether there was one."""
    return bool(connection.execute(delete(alert_mute).where(alert_mute.c.subject == subject)).rowcount)


def muted(connection: Connection, at: datetime) -> dict[str, datetime | None]:
    """Map what is muted now to when that ends."""
    rows = connection.execute(
        select(alert_mute.c.subject, alert_mute.c.until).where(
            or_(alert_mute.c.until.is_(None), alert_mute.c.until > at)
        )
    )
    return {row[0]: row[1] for row in rows}


def notice(connection: Connection, rule_id: int, noticed: Iterable[Noticed], at: datetime, silent: bool = False) -> int:
    """Keep what a rule must tell, once for each occasion, and count what is new; an earlier occasion is over."""
    now = list(noticed)
    known = _occasions(connection, rule_id, {one.key for one in now})
    fresh = 0
    for one in now:
        before = known.get(one.key, {})
        is_open = any(before.values())
        occasion = one.occasion or str(1 + max((int(o) for o in before if o.isdecimal()), default=-1))
        if occasion in before or (is_open and not one.occasion):
            continue
        put = dialect_insert(connection, alert).values(
            rule_id=rule_id,
            key=one.key,
            occasion=occasion,
            subject=one.subject,
            body=one.body,
            began_at=at,
            tell_at=at + one.patience,
            silent=silent,
        )
        added = connection.execute(put.on_conflict_do_nothing().returning(alert.c.id)).scalar()
        if added is None:
            continue
        fresh += 1
        if is_open:
            over = update(alert).where(alert.c.rule_id == rule_id, alert.c.key == one.key, alert.c.id != added)
            connection.execute(over.where(alert.c.ended_at.is_(None)).values(ended_at=at, end_told_at=at))
    return fresh


def _occasions(connection: Connection, rule_id: int, keys: Collection[str]) -> dict[str, dict[str, bool]]:
    """Map keys to the occasions that a rule has noticed, each with whether it is open."""
    found: dict[str, dict[str, bool]] = {}
    for part in batched(sorted(keys), ROWS_A_STATEMENT):
        query = select(alert.c.key, alert.c.occasion, alert.c.ended_at)
        for row in connection.execute(query.where(alert.c.rule_id == rule_id, alert.c.key.in_(part))):
            found.setdefault(row.key, {})[row.occasion] = row.ended_at is None
    return found


def open_keys(connection: Connection, rule_id: int) -> list[str]:
    """List what a rule noticed and that is not over yet."""
    return list(
        connection.scalars(
            select(alert.c.key).where(alert.c.rule_id == rule_id, alert.c.ended_at.is_(None)).order_by(alert.c.id)
        )
    )


def end(connection: Connection, rule_id: int, keys: Collection[str], at: datetime, *, told: bool = True) -> None:
    """Say that this is no longer so; what nobody was told of, or needs no such news, ends without a word."""
    for part in batched(sorted(keys), ROWS_A_STATEMENT):
        still = and_(alert.c.rule_id == rule_id, alert.c.key.in_(part), alert.c.ended_at.is_(None))
        quiet = or_(alert.c.told_at.is_(None), alert.c.silent)
        if told:
            connection.execute(
                update(alert).where(still, quiet, alert.c.sent_for.is_(None)).values(ended_at=at, end_told_at=at)
            )
            connection.execute(update(alert).where(still).values(ended_at=at))
        else:
            connection.execute(update(alert).where(still).values(ended_at=at, end_told_at=at))


def claim(connection: Connection, rule_id: int, at: datetime, silenced: Collection[str]) -> Claimed | None:
    """Take what a rule has to tell now, unless somebody else sends for it or its destination rests."""
    now, token = datetime.fromtimestamp(now_of(connection), UTC), secrets.token_hex(8)
    free = or_(alert_rule.c.sending_until.is_(None), alert_rule.c.sending_until <= now)
    rested = or_(alert_rule.c.next_try_at.is_(None), alert_rule.c.next_try_at <= now)
    ours = update(alert_rule).where(alert_rule.c.id == rule_id, free, rested)
    if not connection.execute(ours.values(sending_until=now + SENDING, sender=token)).rowcount:
        return None
    rule = connection.execute(select(alert_rule).where(alert_rule.c.id == rule_id)).one()
    mine = and_(alert.c.rule_id == rule_id, alert.c.silent.is_(False), alert.c.key.not_in(sorted(silenced)))
    untold = and_(alert.c.told_at.is_(None), alert.c.ended_at.is_(None), alert.c.tell_at <= at)
    # What was cut off while it was sent may have arrived: its end is told too.
    over = and_(
        or_(alert.c.told_at.is_not(None), alert.c.sent_for.is_not(None)),
        alert.c.ended_at.is_not(None),
        alert.c.end_told_at.is_(None),
    )
    began = connection.execute(select(alert).where(mine, untold).order_by(alert.c.id).limit(AT_ONCE)).all()
    ended = connection.execute(select(alert).where(mine, over).order_by(alert.c.id).limit(AT_ONCE)).all()
    if not began and not ended:
        _free(connection, rule_id, token)
        return None
    ids = [row.id for row in (*began, *ended)]
    connection.execute(update(alert).where(alert.c.id.in_(ids)).values(sent_for=token))
    return Claimed(rule, token, tuple(began), tuple(ended))


def told(connection: Connection, claimed: Claimed, at: datetime, *, is_page: bool = False) -> None:
    """Say that a message arrived; a day's page is over once it is told."""
    began, ended = [row.id for row in claimed.began], [row.id for row in claimed.ended]
    ours = alert.c.sent_for == claimed.token
    over = {"ended_at": at, "end_told_at": at} if is_page else {}
    connection.execute(update(alert).where(alert.c.id.in_(began), ours).values(told_at=at, sent_for=None, **over))
    connection.execute(update(alert).where(alert.c.id.in_(ended), ours).values(end_told_at=at, sent_for=None))
    well = {"failing_since": None, "trouble": "", "tries": 0, "next_try_at": None}
    connection.execute(update(alert_rule).where(alert_rule.c.id == claimed.rule.id).values(**well))
    _free(connection, claimed.rule.id, claimed.token)


def failed(connection: Connection, claimed: Claimed, trouble: str, at: datetime) -> None:
    """Say that a destination did not take a message; it is tried again after a while."""
    now, tries = datetime.fromtimestamp(now_of(connection), UTC), claimed.rule.tries + 1
    connection.execute(
        update(alert_rule)
        .where(alert_rule.c.id == claimed.rule.id, alert_rule.c.sender == claimed.token)
        .values(
            failing_since=func.coalesce(alert_rule.c.failing_since, at),
            trouble=trouble[:LONGEST_TROUBLE],
            tries=tries,
            next_try_at=now + PAUSES[min(tries, len(PAUSES)) - 1],
        )
    )
    _free(connection, claimed.rule.id, claimed.token)


def _free(connection: Connection, rule_id: int, token: str) -> None:
    ours = update(alert_rule).where(alert_rule.c.id == rule_id, alert_rule.c.sender == token)
    connection.execute(ours.values(sending_until=None, sender=None))


def waiting(connection: Connection) -> dict[int, int]:
    """Map rules to how much of what they noticed is not told yet."""
    rows = connection.execute(
        select(alert.c.rule_id, func.count())
        .where(alert.c.told_at.is_(None), alert.c.ended_at.is_(None), alert.c.silent.is_(False))
        .group_by(alert.c.rule_id)
    )
    return {row[0]: row[1] for row in rows}


def of_artists(connection: Connection, rule_id: int, artist_ids: Collection[int]) -> set[str]:
    """List what a rule still has to tell of these artists alone: their cases, and campaigns against nobody else."""
    told = or_(alert.c.told_at.is_(None), alert.c.end_told_at.is_(None))
    keys = connection.scalars(select(alert.c.key).where(alert.c.rule_id == rule_id, told)).all() if artist_ids else ()
    theirs: set[str] = set()
    for kind, column in (("case", case.c.id), ("campaign", case.c.campaign_id)):
        numbers = {int(key.partition(":")[2]) for key in keys if key.startswith(f"{kind}:")}
        whose: dict[int, set[int]] = {}
        for part in batched(sorted(numbers), ROWS_A_STATEMENT):
            for number, artist_id in connection.execute(select(column, case.c.artist_id).where(column.in_(part))):
                whose.setdefault(number, set()).add(artist_id)
        theirs.update(f"{kind}:{number}" for number, artists in whose.items() if artists <= set(artist_ids))
    return theirs


def newest_of(connection: Connection, rule_id: int) -> datetime | None:
    """Return when the newest alert of a rule began."""
    newest: datetime | None = connection.scalar(
        select(alert.c.began_at).where(alert.c.rule_id == rule_id).order_by(alert.c.id.desc()).limit(1)
    )
    return newest


def log(connection: Connection, limit: int) -> Iterable[dict[str, Any]]:
    """Yield what was noticed and told, the newest first."""
    columns = (alert.c.key, alert.c.occasion, alert.c.subject, alert.c.began_at, alert.c.silent)
    times = (alert.c.told_at, alert.c.ended_at, alert.c.end_told_at)
    rows = connection.execute(
        select(alert_rule.c.name.label("rule"), *columns, *times)
        .join(alert_rule, alert_rule.c.id == alert.c.rule_id)
        .order_by(alert.c.id.desc())
        .limit(limit)
    )
    for row in rows:
        yield dict(row._mapping)


def has(connection: Connection, rule_id: int, key: str) -> bool:
    """Tell whether a rule has noticed this before."""
    return (
        connection.scalar(select(alert.c.id).where(alert.c.rule_id == rule_id, alert.c.key == key).limit(1)) is not None
    )
