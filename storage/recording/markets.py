"""Sets of markets: one row for each set, whoever is offered there. Most of a catalogue shares a handful of them."""

import hashlib
from collections.abc import Mapping

from storage.recording.merge import Bulk

COLUMNS = ("id", "hash", "countries", "size", "first_seen_at")


def keep(bulk: Bulk, told: Mapping[str, int]) -> dict[str, int]:
    """Return the ids of sets, given as JSON with their sizes; those nobody had yet are written."""
    if not told:
        return {}
    port = bulk.port
    hashes = {hashlib.sha256(countries.encode()).hexdigest(): countries for countries in told}
    query = f"SELECT hash, id FROM market_set WHERE {port.among('hash')}"
    found = dict(port.fetch(query, port.many(hashes)))
    new = sorted(hashes.keys() - found.keys())
    if new:
        ids = port.reserve("market_set", len(new))
        rows = [(row_id, one, hashes[one], told[hashes[one]], bulk.now) for row_id, one in zip(ids, new, strict=True)]
        port.insert_shared("market_set", COLUMNS, rows)  # somebody else may have written it a moment ago
        found |= dict(port.fetch(query, port.many(new)))
    return {countries: found[one] for one, countries in hashes.items()}
