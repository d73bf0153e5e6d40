"""How far the event's values reach beyond its artist, as the store's surroundings tell."""

from collections.abc import Collection
from math import log2

from storage.facts.values import Event, Page

MEASURED_ON = 20_000  # acts


def spread_of(event: Event, what: str, values: Collection[str]) -> int:
    """Count the other acts that use the least spread of these values; 0 when nobody counted."""
    return min((s.acts for s in event.surroundings.spreads if s.what == what and s.value in values), default=0)


def acts_known(event: Event) -> float:
    """Say how well the store knows other acts: 0 for nobody counted, 1 for as many as the weights were measured on."""
    return min(1.0, log2(1 + event.surroundings.acts) / log2(1 + MEASURED_ON))


def most_followed(pages: Collection[Page]) -> int | None:
    """Return the followers of the most followed page that tells any."""
    return max((p.followers for p in pages if p.followers is not None), default=None)
