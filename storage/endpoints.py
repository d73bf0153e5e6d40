"""Where candidates are pushed to. What an endpoint's secret is made of lies here; the secret itself does not."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from storage.models import delivery, endpoint

BOTH_FOR = timedelta(hours=24)  # how long the secret before a rotation signs too


class NameTaken(Exception):
    """There is an endpoint of that name."""


class NoSuchEndpoint(Exception):
    """There is no endpoint of that name."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One endpoint as a deliverer needs it."""

    id: int
    name: str
    url: str
    salts: tuple[str, ...]  # the newest first; each is signed with
    key_check: str
    filters: Mapping[str, Any]
    position: int
    failures: int
    failing_since: datetime | None
    paused_until: datetime | None
    disabled_because: str


def add(
    connection: Connection, name: str, url: str, filters: Mapping[str, Any], key_check: str, after: int, at: datetime
) -> str:
    """Add an endpoint that is told what comes after a cursor; return its salt."""
    if connection.scalar(select(endpoint.c.id).where(endpoint.c.name == name)) is not None:
        raise NameTaken(f"there is an endpoint named {name!r}")
    salt = secrets.token_hex(16)
    connection.execute(
        insert(endpoint).values(
            name=name,
            url=url,
            salt=salt,
            key_check=key_check,
            filters=json.dumps(dict(filters), ensure_ascii=False, sort_keys=True),
            position=after,
            created_at=at,
        )
    )
    return salt


def rotate(connection: Connection, name: str, key_check: str, at: datetime) -> str:
    """Give an endpoint another salt; for a day the one before counts too."""
    row, salt = _named(connection, name), secrets.token_hex(16)
    connection.execute(
        update(endpoint)
        .where(endpoint.c.id == row.id)
        .values(salt=salt, old_salt=row.salt, old_until=at + BOTH_FOR, key_check=key_check)
    )
    return salt


def remove(connection: Connection, name: str) -> None:
    """Remove an endpoint and what was to be delivered to it."""
    row = _named(connection, name)
    connection.execute(delete(delivery).where(delivery.c.endpoint_id == row.id))
    connection.execute(delete(endpoint).where(endpoint.c.id == row.id))


def named(connection: Connection, name: str, at: datetime) -> Endpoint:
    """Find an endpoint, or raise NoSuchEndpoint."""
    return _endpoint(_named(connection, name), at)


def listed(connection: Connection, at: datetime) -> list[Endpoint]:
    """List all endpoints in the order in which they were added."""
    return [_endpoint(row, at) for row in connection.execute(select(endpoint).order_by(endpoint.c.id))]


def locked(connection: Connection, endpoint_id: int, at: datetime) -> Endpoint | None:
    """Read an endpoint that nobody else may change until this transaction ends."""
    row = connection.execute(select(endpoint).where(endpoint.c.id == endpoint_id).with_for_update()).first()
    return None if row is None else _endpoint(row, at)


def queued(connection: Connection, endpoint_id: int, position: int) -> None:
    """Note up to where the feed was queued for an endpoint."""
    connection.execute(update(endpoint).where(endpoint.c.id == endpoint_id).values(position=position))


def answers(connection: Connection, endpoint_id: int) -> None:
    """Note that an endpoint took something."""
    well = {"failures": 0, "failing_since": None, "paused_until": None}
    ill = (endpoint.c.id == endpoint_id, endpoint.c.failures > 0)
    connection.execute(update(endpoint).where(*ill).values(**well))


def fails(connection: Connection, endpoint_id: int, failures: int, since: datetime, until: datetime) -> None:
    """Note that an endpoint failed, and leave it alone for a while."""
    values = {"failures": failures, "failing_since": since, "paused_until": until}
    connection.execute(update(endpoint).where(endpoint.c.id == endpoint_id).values(**values))


def disable(connection: Connection, endpoint_id: int, because: str, at: datetime) -> None:
    """Send nothing more to an endpoint until somebody enables it; what waits keeps waiting."""
    values = {"disabled_at": at, "disabled_because": because}
    connection.execute(update(endpoint).where(endpoint.c.id == endpoint_id).values(**values))


def enable(connection: Connection, endpoint_id: int) -> None:
    """Send to an endpoint again, at once."""
    well = {"failures": 0, "failing_since": None, "paused_until": None, "disabled_at": None, "disabled_because": ""}
    connection.execute(update(endpoint).where(endpoint.c.id == endpoint_id).values(**well))


def _named(connection: Connection, name: str) -> Row[Any]:
    row = connection.execute(select(endpoint).where(endpoint.c.name == name)).first()
    if row is None:
        raise NoSuchEndpoint(f"there is no endpoint named {name!r}; see falsetto feed endpoints list")
    return row


def _endpoint(row: Row[Any], at: datetime) -> Endpoint:
    old = [row.old_salt] if row.old_salt and row.old_until > at else []
    return Endpoint(
        id=row.id,
        name=row.name,
        url=row.url,
        salts=(row.salt, *old),
        key_check=row.key_check,
        filters=json.loads(row.filters),
        position=row.position,
        failures=row.failures,
        failing_since=row.failing_since,
        paused_until=row.paused_until,
        disabled_because=row.disabled_because,
    )
