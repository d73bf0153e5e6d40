"""What the whole store knows about the values that an event carries: added to it before it is judged."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from crawler.suspicion.lines import holder_text, holders
from storage.facts import spreads
from storage.facts.values import Event, Shown, Spread, Surroundings

COUNTED_FOR = timedelta(hours=1)  # how long the number of acts known is good for


@dataclass(slots=True)
class Acts:
    """How many acts the store knows, counted now and then: counting walks an index."""

    count: int = 0
    counted_at: datetime | None = None

    def known(self, connection: Connection, at: datetime) -> int:
        """Return the count, made anew when it is old."""
        if self.counted_at is None or abs(at - self.counted_at) > COUNTED_FOR:
            self.count, self.counted_at = spreads.acts_known(connection), at
        return self.count


def within(connection: Connection, event: Event, acts: Acts, at: datetime) -> Event:
    """Add to an event how widespread its lines, registrants and barcode prefixes are."""
    if event.kind != "release" or event.shown is None:
        return event
    found = tuple(_spreads(connection, event.artist.id, event.shown))
    others = {c.artist_id for c in event.shown.credits if c.artist_id not in (None, event.artist.id)}
    homes = spreads.homes_of(connection, others, (line.key for line in event.shown.lines))
    return replace(event, surroundings=Surroundings(acts.known(connection, at), found, homes))


def _spreads(connection: Connection, artist_id: int, one: Shown) -> list[Spread]:
    by_key = spreads.of_lines(connection, artist_id, (line.key for line in one.lines))
    held: dict[str, int] = {}
    for line in one.lines:
        for holder in holders(line.text):
            text = holder_text(holder)
            held[text] = max(held.get(text, 0), by_key.get(line.key, 0))
    found = [Spread("holder", text, count) for text, count in sorted(held.items())]
    codes = spreads.of_registrants(connection, artist_id, (isrc[:5] for isrc in one.isrcs))
    found += [Spread("registrant", value, count) for value, count in codes.items()]
    prefixes = spreads.of_prefixes(connection, artist_id, (gtin[1:8] for gtin in one.gtins))
    return found + [Spread("prefix", value, count) for value, count in prefixes.items()]
