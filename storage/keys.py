"""API keys: shown once, kept as a hash, revoked for good.

A key is `falsetto_<public id>_<secret>`. The public id finds the row, so that the secret is only ever compared, in a
time that tells nothing of how much of it was right.
"""

import hashlib
import hmac
import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from storage.models import api_key

ROLES = ("feed", "read", "decide", "admin")  # each may do what those before it may; feed: the Atom feed and no more
SHAPE = re.compile(r"falsetto_([0-9a-f]{16})_([0-9a-f]{64})")
NOBODY = hashlib.sha256(b"").hexdigest()  # what an unknown id is compared with: it costs what a known one does


class NameTaken(Exception):
    """A key of that name was there before, and verdicts may bear it."""


class NoSuchKey(Exception):
    """There is no live key of that name."""


@dataclass(frozen=True, slots=True)
class Holder:
    """Whoever asks with a key that is good."""

    id: int
    name: str
    role: str
    is_detector: bool = False

    def may(self, role: str) -> bool:
        """Tell whether this role is enough."""
        return ROLES.index(self.role) >= ROLES.index(role)


def create(connection: Connection, name: str, role: str, at: datetime, *, detector: bool = False) -> str:
    """Make a key and return it; nobody can read it again."""
    if role not in ROLES:
        raise ValueError(f"unknown role {role!r}")
    if connection.scalar(select(api_key.c.id).where(api_key.c.name == name)) is not None:
        raise NameTaken(f"there is or was a key named {name!r}; take another name")
    public_id, secret = secrets.token_hex(8), secrets.token_hex(32)
    connection.execute(
        insert(api_key).values(
            public_id=public_id,
            name=name,
            role=role,
            secret_sha256=_hashed(secret),
            created_at=at,
            detector=detector,
        )
    )
    return f"falsetto_{public_id}_{secret}"


def revoke(connection: Connection, name: str, at: datetime) -> None:
    """End a key for good, or raise NoSuchKey."""
    live = update(api_key).where(api_key.c.name == name, api_key.c.revoked_at.is_(None))
    if connection.execute(live.values(revoked_at=at)).rowcount == 0:
        raise NoSuchKey(f"there is no live key named {name!r}")


def listed(connection: Connection) -> Iterator[dict[str, Any]]:
    """Yield every key that is or was, without anything secret."""
    kept = (api_key.c.name, api_key.c.role, api_key.c.detector, api_key.c.public_id)
    times = (api_key.c.created_at, api_key.c.revoked_at)
    for row in connection.execute(select(*kept, *times).order_by(api_key.c.id)):
        yield dict(row._mapping)


def is_detector(connection: Connection, name: str) -> bool:
    """Tell whether a name is, or was, that of a detection system's key."""
    return bool(connection.scalar(select(api_key.c.detector).where(api_key.c.name == name)))


def any_live(connection: Connection) -> bool:
    """Tell whether some key is good."""
    return connection.scalar(select(api_key.c.id).where(api_key.c.revoked_at.is_(None)).limit(1)) is not None


def holder(connection: Connection, presented: str) -> Holder | None:
    """Find whose key this is; None for one that is malformed, unknown, wrong or revoked."""
    shaped = SHAPE.fullmatch(presented)
    if shaped is None:
        return None
    row = connection.execute(select(api_key).where(api_key.c.public_id == shaped[1])).first()
    known = NOBODY if row is None else row.secret_sha256
    is_right = hmac.compare_digest(_hashed(shaped[2]), known)
    if row is None or not is_right or row.revoked_at is not None:
        return None
    return _held_by(row)


def live(connection: Connection, number: int) -> Holder | None:
    """Find the holder of a key by the key's own number; None for one that is revoked or never was."""
    row = connection.execute(select(api_key).where(api_key.c.id == number, api_key.c.revoked_at.is_(None))).first()
    return None if row is None else _held_by(row)


def _held_by(row: Row[Any]) -> Holder:
    return Holder(row.id, row.name, row.role, row.detector)


def _hashed(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
