"""Who is on it besides the artist? Usual collaborators speak for it; strangers who lean on the name against it."""

from math import log2

from crawler.suspicion.history import History
from crawler.suspicion.questions.measure import most_followed
from crawler.suspicion.signal import FIRED, Signal, blind, fired, quiet, weigh
from crawler.suspicion.traits import ITSELF, led_by_others
from crawler.suspicion.weights import WEIGHTS
from storage.facts.values import Event

MOST_STRANGERS = 5
ENOUGH = 3  # releases that name their writers
NOBODY = 100  # followers


def usual_company(event: Event, history: History) -> Signal:
    """Somebody on it worked with the artist before."""
    if event.shown is None:
        return quiet()
    names = history.read(event.shown).collaborators
    known = history.known("collaborators", names)
    if known:
        return fired(
            weigh("company.usual", f"{known[0]}: on {history.counts['collaborators'][known[0]]} releases before")
        )
    met = sorted(names & history.guests.get("collaborators", set()))
    if met:
        return fired(weigh("company.guest", f"{met[0]}: met on a guest appearance"))
    return quiet()


def strangers_on_it(event: Event, history: History) -> Signal:
    """Names on it that the artist never worked with."""
    if event.shown is None:
        return quiet()
    traits = history.read(event.shown)
    new = sorted(n for n in traits.collaborators if n not in history.counts["collaborators"])
    if not new or traits.role != "own":
        return quiet()
    return fired(weigh("company.strangers", f"new: {', '.join(new[:3])}", min(MOST_STRANGERS, len(new))))


def strange_writers(event: Event, history: History) -> Signal:
    """Nobody who wrote or produced it ever worked on the artist's releases."""
    if event.shown is None or event.shown.role != "own":
        return quiet()
    traits = history.read(event.shown)
    makers = traits.makers
    if history.told["makers"] < ENOUGH:
        return quiet("writers of earlier releases were not told")
    if not makers:
        return blind("composer", low="writer.known", high="writer.new")
    known = history.known("makers", makers)
    if known:
        times = history.counts["makers"][known[0]]
        name = history.artist.name if known[0] == ITSELF else str(known[0])
        return fired(weigh("writer.known", f"{name}: on {times} of {history.told['makers']} before"))
    if makers & traits.collaborators:
        return quiet("somebody who is credited beside the artist wrote it")
    if led_by_others(traits):
        return quiet("somebody else on it leads it: theirs are the writers")
    chance = history.chance_new("makers")
    return fired(
        weigh("writer.new", f"by {', '.join(sorted(makers)[:3])}, never before"),
        weigh("writer.new_rarity", f"only new ones are usual in {chance:.0%}", -log2(chance)),
    )


def credited_by_a_stranger(event: Event, history: History) -> Signal:
    """Somebody who never worked with the artist puts the name on a release."""
    shown = event.shown
    roles = {f.role for f in event.findings}
    pages = event.leaders or [f.page for f in event.findings if f.role in ("credited", "named")]
    if shown is None or not roles & {"listed", "appears_on", "credited", "named"}:
        return quiet()
    traits = history.read(shown)
    told = bool(pages) or traits.leads or (traits.leads is None and traits.role == "own")
    if not pages and told:
        return quiet()
    met = {*history.counts["collaborators"], *history.guests.get("collaborators", set())}
    if traits.collaborators & met or traits.holders & {
        *history.counts["holders"],
        *history.guests.get("holders", set()),
    }:
        return quiet("the main artist or the label is known from before")
    if not told:
        return blind("leader", high="stranger.nobody")
    parts = [weigh("stranger.credit", f"by {', '.join(sorted(p.name for p in pages)[:2]) or 'an unknown artist'}")]
    followers = most_followed(pages)
    if followers is None:
        return Signal(FIRED, tuple(parts), missing=("followers",), high=WEIGHTS["stranger.nobody"].bits)
    small = all((p.release_count or 0) <= 2 for p in pages if p.release_count is not None)
    if followers < NOBODY and small:
        parts.append(weigh("stranger.nobody", f"{followers} followers and next to no releases"))
    return fired(*parts)


def two_victims_together(event: Event, history: History) -> Signal:
    """Two monitored artists together for the first time, on a label of neither."""
    if event.shown is None:
        return quiet()
    traits = history.read(event.shown)
    others = {c.key: c.name for c in event.shown.credits if c.artist_id not in (None, event.artist.id)}
    new = sorted(name for key, name in others.items() if key not in history.counts["collaborators"])
    if not new or history.known("holders", traits.holders) or not traits.holders:
        return quiet()
    if traits.line_keys & event.surroundings.homes:
        return quiet("its label is the other's")
    return fired(weigh("company.victims", f"with {', '.join(new[:3])}, never before"))
