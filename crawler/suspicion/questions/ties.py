"""What does it share with events of other artists? Lines, code runs, covers, writers, naming; hubs say little."""

from math import log2

from crawler.suspicion.history import History
from crawler.suspicion.signal import Signal, fired, quiet, weigh
from crawler.suspicion.traits import led_by_others
from storage.facts.values import Event, Shared
from storage.normalize import name_key

HUB = 1.5  # power by which the share of those who do not fit the wave takes from what a value says
LATELY = 30.0  # days
GUEST = 0.3  # what samplers and other people's releases share is theirs


def shared_line(event: Event, history: History) -> Signal:
    """A label or rights line that several monitored artists met within days."""
    return _tied(event, history, "line")


def shared_registrant(event: Event, history: History) -> Signal:
    """A registrant that several monitored artists met within days."""
    return _tied(event, history, "registrant")


def shared_codes(event: Event, history: History) -> Signal:
    """Its codes follow directly on those of other artists' arrivals."""
    return _tied(event, history, "code_run")


def shared_cover(event: Event, history: History) -> Signal:
    """Its cover stands on releases of unrelated artists."""
    return _tied(event, history, "cover")


def shared_writer(event: Event, history: History) -> Signal:
    """A writer or producer whom only arrivals on several artists' pages know."""
    return _tied(event, history, "writer")


def shared_naming(event: Event, history: History) -> Signal:
    """Its naming runs on from arrivals on other artists' pages."""
    return _tied(event, history, "naming")


def shared_image(event: Event, history: History) -> Signal:
    """Its page shows the image of an official page."""
    return _tied(event, history, "image")


def _tied(event: Event, history: History, what: str) -> Signal:
    found = [s for s in event.shared if s.what == what and s.artists | s.events and not _home(s, history, event)]
    if not found:
        return quiet()
    best = max(found, key=lambda s: (reach(s), s.value, len(s.artists), s.spread, -s.days))
    quote = f"{best.value}: {len(best.artists)} other artists within {best.days:.0f} days, {best.spread} in all"
    one = event.shown
    lent = GUEST if one is not None and (one.role != "own" or led_by_others(history.read(one))) else 1.0
    return fired(weigh(f"tie.{what}", quote, reach(best) * lent))


def reach(shared: Shared) -> float:
    """Say how much a tie counts: more artists more, hubs and long spans less."""
    artists = max(1, len(shared.artists))
    hub = min(1.0, (artists + 1) / max(1, shared.spread))
    return log2(1 + artists) * float(hub**HUB) * min(1.0, LATELY / max(LATELY, shared.days))


def _home(shared: Shared, history: History, event: Event) -> bool:
    known = {"line": "line_keys", "registrant": "registrants", "writer": "makers"}.get(shared.what)
    if known is None:
        return False
    taught = event.artist.home_labels | event.artist.home_prefixes
    value = name_key(shared.value) if known == "makers" else shared.value
    return value in history.counts[known] or value in taught or (known == "makers" and value in history.names)
