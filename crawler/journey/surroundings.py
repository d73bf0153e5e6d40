"""What the whole store knows about the values that an event carries: added to it before it is judged."""

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from crawler.suspicion.lines import holder_text, holders
from storage.facts import spreads
from storage.facts.values import Event, Shown, Spread, Surroundings
from storage.sets import batched

Counting = Callable[[Connection, int, Collection[str]], dict[str, int]]
MOST = 120  # values of one kind that are counted for releases judged together
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
    found = of_releases(connection, event.artist.id, [event.shown], acts, at, most=spreads.VALUES)
    return replace(event, surroundings=found[event.shown.group_id])


def of_releases(
    connection: Connection, artist_id: int, releases: Sequence[Shown], acts: Acts, at: datetime, most: int = MOST
) -> dict[int, Surroundings]:
    """Map an artist's releases, by group, to what the store knows of their values; each value is counted once."""
    about = (connection, artist_id, most)
    lines = _counted(*about, spreads.of_lines, {line.key for one in releases for line in one.lines})
    codes = _counted(*about, spreads.of_registrants, {c[:5] for one in releases for c in one.isrcs})
    prefixes = _counted(*about, spreads.of_prefixes, {g[1:8] for one in releases for g in one.gtins})
    count = acts.known(connection, at)
    found = {}
    for one in releases:
        held: dict[str, int] = {}
        for line in one.lines:
            for holder in holders(line.text):
                text = holder_text(holder)
                held[text] = max(held.get(text, 0), lines[line.key])
        spread = [Spread("holder", text, acts_of) for text, acts_of in sorted(held.items())]
        spread += [Spread("registrant", value, codes[value]) for value in sorted({c[:5] for c in one.isrcs})]
        spread += [Spread("prefix", value, prefixes[value]) for value in sorted({g[1:8] for g in one.gtins})]
        others = {c.artist_id for c in one.credits if c.artist_id not in (None, artist_id)}
        homes = spreads.homes_of(connection, others, (line.key for line in one.lines))
        found[one.group_id] = Surroundings(count, tuple(spread), homes)
    return found


def _counted(
    connection: Connection, artist_id: int, most: int, counting: Counting, values: Collection[str]
) -> Counter[str]:
    """Count who else uses each value, a few at a time; one beyond the bound is used by nobody that we know of."""
    found = Counter[str]()
    for part in batched(sorted(values)[:most], spreads.VALUES):
        found.update(counting(connection, artist_id, part))
    return found
