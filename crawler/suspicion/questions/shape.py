"""Does it look like the artist's releases? Length, script and style of titles, genre. Each alone is context."""

from math import log

from crawler.suspicion.history import History, most_usual
from crawler.suspicion.signal import Signal, blind, fired, quiet, weigh
from storage.facts.values import Event

SCRIPTS = {"LATIN": 0.93, "CYRILLIC": 0.02, "CJK": 0.015, "HANGUL": 0.005, "HIRAGANA": 0.01, "KATAKANA": 0.01}
STYLES = {"mixed": 0.85, "upper": 0.08, "lower": 0.06}
RARE = 0.005
ENOUGH = 3  # releases that tell a length
USUAL = 0.25  # log distance of an honest release's length
LONGEST = 1.0
MOST_ODD, MOST_USUAL = 3.0, 0.5  # a title in the artist's own script is cheap to type


def strange_length(event: Event, history: History) -> Signal:
    """Its tracks are longer or shorter than the artist's usually are."""
    if event.shown is None or event.shown.role != "own":
        return quiet()
    length = history.read(event.shown).length
    known = sorted(t.length for t in history.own if t.length)
    if not length or len(known) < ENOUGH:
        return quiet()
    usual = known[len(known) // 2]
    off = min(LONGEST, abs(log(length / usual))) - USUAL
    return fired(weigh("shape.length", f"{length:.0f} s beside usual {usual:.0f} s", off))


def strange_script(event: Event, history: History) -> Signal:
    """How usual the script of its title is for this artist."""
    if event.shown is None or event.shown.role != "own":
        return quiet()
    script = history.read(event.shown).script
    if not script or not history.own:
        return quiet()
    base = SCRIPTS.get(script, RARE)
    lift = history.lift((t.script for t in history.own), script, 4.0, base)
    return fired(weigh("shape.script", f"{script.capitalize()} letters", max(-MOST_ODD, min(MOST_USUAL, lift))))


def strange_style(event: Event, history: History) -> Signal:
    """How usual the spelling of its title (all small, all capitals) is."""
    if event.shown is None or event.shown.role != "own":
        return quiet()
    style = history.read(event.shown).style
    if not style or not history.own:
        return quiet()
    lift = history.lift((t.style for t in history.own), style, 8.0, STYLES[style])
    return fired(weigh("shape.style", f"title in {style} case", lift))


def other_genre(event: Event, history: History) -> Signal:
    """None of its genres was ever told of the artist's releases."""
    if event.shown is None or event.shown.role != "own":
        return quiet()
    known = history.counts["genres"]
    if not known:
        return quiet()
    if not event.shown.genres:
        return blind("genre", high="shape.genre")
    if event.shown.genres & set(known):
        return quiet()
    usual = ", ".join(most_usual(known))
    return fired(weigh("shape.genre", f"{', '.join(sorted(event.shown.genres))}; known: {usual}"))
