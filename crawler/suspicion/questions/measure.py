"""How far the event's values reach beyond its artist, as the store's surroundings tell."""

from collections.abc import Collection
from math import log2

from storage.facts.values import Event, Page

MOST = 6.0  # bits that nearness may be worth


def spread_of(event: Event, what: str, values: Collection[str]) -> int:
    """Count the other acts that use the least spread of these values; 0 when nobody counted."""
    return min((s.acts for s in event.surroundings.spreads if s.what == what and s.value in values), default=0)


def lift_of_spread(event: Event, what: str, values: Collection[str]) -> float | None:
    """Say in bits how much more usual a value is among acts near the artist than among all; None: nobody counted."""
    around = event.surroundings
    met = [s for s in around.spreads if s.what == what and s.value in values]
    if not around.acts or not met:
        return None
    best = max(met, key=lambda s: (s.near, s.acts))
    near = (best.near + 0.1) / (around.neighbours + 1)
    return max(-MOST, min(MOST, log2(near / ((best.acts + 1) / around.acts))))


def most_followed(pages: Collection[Page]) -> int | None:
    """Return the followers of the most followed page that tells any."""
    return max((p.followers for p in pages if p.followers is not None), default=None)
