"""Raw answers: kept once by the hash of their body, and compressed; storage/retention.py purges them."""

import hashlib
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from sqlalchemy import Connection, select

from storage.models import payload
from storage.normalize import ID, clean_text
from storage.normalize import URL as URL_LENGTH
from storage.observations import Payload
from storage.recording.engines import Port

LEVEL = 1  # of zlib: the next level costs half as much time again for a few percent
COLUMNS = ("hash", "platform", "body", "size", "content_type", "first_seen_at", "last_seen_at")


@dataclass(frozen=True, slots=True)
class Kept:
    """A raw answer out of the store."""

    platform: str
    body: bytes
    content_type: str
    first_seen_at: datetime
    last_seen_at: datetime


@lru_cache(maxsize=4)  # one large answer may speak of hundreds of targets, each recorded for itself
def digest(body: bytes) -> str:
    """Return what a body is kept under."""
    return hashlib.sha256(body).hexdigest()


def keep(port: Port, platform: str, look_id: int, payloads: Sequence[Payload], at: datetime) -> None:
    """Keep a look's raw answers; a body that is there already is only seen again."""
    if not payloads:
        return
    now = port.moment(at)
    hashes = [digest(p.body) for p in payloads]
    known = {row[0] for row in port.fetch(f"SELECT hash FROM payload WHERE {port.among('hash')}", port.many(hashes))}
    if known:
        port.run(
            f"UPDATE payload SET last_seen_at = ? WHERE {port.among('hash')} AND last_seen_at < ?",
            *(now, port.many(sorted(known)), now),
        )
    new = {h: p for h, p in zip(hashes, payloads, strict=True) if h not in known}
    rows = [
        (h, platform, zlib.compress(p.body, LEVEL), len(p.body), clean_text(p.content_type, ID)[0], now, now)
        for h, p in sorted(new.items())
    ]
    if rows:
        port.insert_shared("payload", COLUMNS, rows)
    port.insert(
        "look_payload",
        ("look_id", "position", "hash", "url", "status"),
        [
            (look_id, position, h, clean_text(p.url, URL_LENGTH)[0], p.status)
            for position, (h, p) in enumerate(zip(hashes, payloads, strict=True))
        ],
    )


def read(connection: Connection, body_hash: str) -> Kept | None:
    """Return a raw answer by its hash, or None when it was purged."""
    row = connection.execute(select(payload).where(payload.c.hash == body_hash)).first()
    if row is None:
        return None
    return Kept(row.platform, zlib.decompress(row.body), row.content_type, row.first_seen_at, row.last_seen_at)
