"""Where does it stand? Honest releases come to every store that the artist is on; some forgeries do not."""

from datetime import timedelta

from crawler.suspicion.history import History
from crawler.suspicion.signal import Signal, fired, quiet, weigh
from storage.facts.values import Event

SETTLED = timedelta(days=5)  # stores need some days


def on_every_store(event: Event, history: History) -> Signal:
    """Whether it stands on every store that the artist is on."""
    shown, watched = event.shown, event.watched_platforms
    if shown is None or len(watched) < 2 or not any(f.role == "listed" for f in event.findings):
        return quiet()
    absent = sorted(watched - shown.platforms)
    if not absent:
        return fired(weigh("stores.all", f"on {', '.join(sorted(watched))}"))
    if event.at is None or event.at - shown.first_seen_at < SETTLED or event.coverage_gap:
        return quiet(f"not on {', '.join(absent)} yet")
    return fired(
        weigh("stores.missing", f"not on {', '.join(absent)} after {(event.at - shown.first_seen_at).days} days")
    )
