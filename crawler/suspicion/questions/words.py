"""Who with a say has spoken? Claims of authorities, what reference sources list, whose page an anchor says it is."""

from crawler.suspicion.history import History
from crawler.suspicion.signal import Signal, Weighed, fired, quiet, weigh
from storage.facts.values import Event, Referred

FIRM = frozenset({"release", "upc", "isrc", "profile"})  # what a claim names exactly
SAY = {"rights_holder": 1.0, "rightsholder": 1.0, "claim": 1.0, "analyst": 0.9, "detection": 0.6, "reference": 0.4}
UNKNOWN_SAY = 0.5
ORDER = tuple(SAY)


def refused(event: Event, history: History) -> Signal:
    """An authority says that this is not the artist's."""
    said = [c for c in event.claims if c.stance == "not_ours"]
    parts = [
        weigh(
            "claim.refused" if c.subject in FIRM else "claim.refused_label",
            f"{c.authority} on {c.made_at:%Y-%m-%d}: {c.subject} {c.value} is not ours",
            SAY.get(c.authority, UNKNOWN_SAY),
        )
        for c in said
    ]
    return fired(*_strongest(parts))


def claimed(event: Event, history: History) -> Signal:
    """An authority says that this is the artist's."""
    said = [c for c in event.claims if c.stance == "ours" and c.subject in FIRM]
    parts = [
        weigh(
            "claim.ours",
            f"{c.authority} on {c.made_at:%Y-%m-%d}: {c.subject} {c.value} is ours",
            SAY.get(c.authority, UNKNOWN_SAY),
        )
        for c in said
    ]
    return fired(*_strongest(parts))


def listed_by_reference(event: Event, history: History) -> Signal:
    """A reference source lists it among the artist's releases."""
    found = [r for r in event.references if r.says == "lists"]
    return fired(weigh("reference.lists", f"{_dated(found[0])}: {found[0].who}")) if found else quiet()


def page_anchored(event: Event, history: History) -> Signal:
    """A reference source says whose page it is."""
    ours = [r for r in event.references if r.says == "anchored"]
    elsewhere = [r for r in event.references if r.says == "elsewhere"]
    if event.kind != "profile":
        return quiet()
    if ours:
        return fired(weigh("reference.anchored", f"{_dated(ours[0])}: the artist's, {ours[0].who}"))
    if elsewhere:
        return fired(weigh("reference.elsewhere", f"{_dated(elsewhere[0])}: somebody else's, {elsewhere[0].who}"))
    return quiet()


def _dated(said: Referred) -> str:
    """Name a source and when its word was last seen: anybody may edit it, at any time."""
    return f"{said.source}, seen {said.seen_at:%d %b %Y}"


def disclosed_as_ai(event: Event, history: History) -> Signal:
    """A platform or its uploader calls it made by AI."""
    told = event.shown.ai if event.shown else ()
    return fired(weigh("context.ai", "; ".join(told))) if told else quiet()


def _strongest(parts: list[Weighed]) -> list[Weighed]:
    return sorted(parts, key=lambda p: (-abs(p.bits), p.quote))[:1]
