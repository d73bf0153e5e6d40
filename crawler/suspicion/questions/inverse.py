"""Was something of the artist's taken away or altered? Official releases that go, pages that change hands."""

from crawler.suspicion.history import History
from crawler.suspicion.signal import Signal, blind, fired, quiet, weigh
from storage.facts.values import Event

PAGES = ("name", "image_url", "url")


def gone(event: Event, history: History) -> Signal:
    """An official release is no longer there, and nobody of ours asked for it."""
    if event.kind != "disappearance":
        return quiet()
    removed = [f for f in event.findings if f.removed_at]
    if event.coverage_gap or not removed:
        return blind("complete looks", high="inverse.gone")
    still = sorted(event.still_on)
    where = ", ".join(sorted({f.page.platform for f in removed}))
    if still:
        return fired(weigh("inverse.gone_somewhere", f"gone from {where}, still on {', '.join(still)}"))
    return fired(weigh("inverse.gone", f"gone from {where}"))


def delivered_again(event: Event, history: History) -> Signal:
    """The same recordings or title stand there again under a new id."""
    if event.kind != "disappearance" or event.shown is None:
        return quiet()
    again = [
        past
        for past in event.past
        if past.role == "own" and (past.isrcs & event.shown.isrcs or past.keys & event.shown.keys)
    ]
    return fired(weigh("inverse.again", f"{again[0].title!r}, {again[0].date}")) if again else quiet()


def asked_for(event: Event, history: History) -> Signal:
    """Somebody of ours said that it is not the artist's: its going was asked for."""
    if event.kind != "disappearance":
        return quiet()
    said = [c for c in event.claims if c.stance == "not_ours"]
    return fired(weigh("inverse.asked", f"{said[0].authority}: {said[0].subject} {said[0].value}")) if said else quiet()


def page_altered(event: Event, history: History) -> Signal:
    """Name, image, link or cover of an official page or release was changed."""
    if event.kind != "tampering" or not event.notes:
        return quiet()
    pages = [note for note in sorted(event.notes) if note.split(":")[0].strip().lower() in PAGES]
    covers = [note for note in sorted(event.notes) if note not in pages]
    parts = [weigh("inverse.page", note) for note in pages]
    return fired(*parts, *([weigh("inverse.cover", "; ".join(covers))] if covers else []))
