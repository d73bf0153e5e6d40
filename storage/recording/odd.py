"""Entries of answers that could not be read: kept with their raw text, each once for a target, for whoever mends it."""

import hashlib
from collections.abc import Sequence
from datetime import datetime

from storage.normalize import LINE, NAME, clean_text
from storage.observations import OddRow
from storage.recording.engines import Port

RAW = 4_000
COLUMNS = ("target_id", "what", "reason", "raw", "digest", "times", "first_seen_at", "last_seen_at")
KEPT = 100  # different ones of a target; whoever can make up odd entries must not fill the store


def keep(port: Port, target_id: int, rows: Sequence[OddRow], at: datetime) -> None:
    """Keep a look's odd entries; one that is there already is only seen again."""
    if not rows:
        return
    now = port.moment(at)
    told = {hashlib.sha256(row.raw.encode("utf-8", "surrogatepass")).hexdigest(): row for row in rows}
    kept = port.fetch("SELECT digest FROM odd_row WHERE target_id = ?", target_id)
    known = {row[0] for row in kept}
    for digest in told.keys() & known:
        port.run(
            "UPDATE odd_row SET times = times + 1, what = ?, reason = ?, last_seen_at = ?"
            " WHERE target_id = ? AND digest = ? AND last_seen_at < ?",
            *(clean_text(told[digest].what, LINE)[0], clean_text(told[digest].reason, NAME)[0], now),
            *(target_id, digest, now),
        )
    fresh = [(digest, row) for digest, row in told.items() if digest not in known][: max(0, KEPT - len(known))]
    if fresh:
        port.insert("odd_row", COLUMNS, [_values(target_id, digest, row, now) for digest, row in fresh])


def _values(target_id: int, digest: str, row: OddRow, now: object) -> tuple[object, ...]:
    what, reason, raw = clean_text(row.what, LINE)[0], clean_text(row.reason, NAME)[0], clean_text(row.raw, RAW)[0]
    return (target_id, what, reason, raw, digest, 1, now, now)
