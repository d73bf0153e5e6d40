"""Whose page is this? A name alone says little; what stands on it, who follows it and what it copies says more."""

import re
from math import log2

from crawler.suspicion.history import History
from crawler.suspicion.questions.measure import most_followed
from crawler.suspicion.questions.recordings import bare_title
from crawler.suspicion.signal import Signal, Weighed, blind, fired, quiet, weigh
from crawler.suspicion.traits import Traits
from storage.facts.values import Event, Resembled, Shown
from storage.normalize import name_key

_WORDS = re.compile(r"\w+")
MOST_NAME = 20.0  # bits of resemblance that count
FEW, MANY = 100, 10_000  # followers
NO_PAST, LONG_PAST = 2, 20  # releases
TELLING = 8  # letters of a title that is hardly chosen twice
MOST_TITLES = 4
WORD = 4  # letters that a shared word has at least
JOINT = re.compile(r"^\s*(?:,|&|and\b)|(?:,|&|\band)\s*$|\s(?:&|and)\s|,\s")  # in what is left without the name
COPIED = 3  # rare titles that make an event of a page whose name imitates nobody


def resembles_the_name(event: Event, history: History) -> Signal:
    """It goes by the artist's name, or by one that imitates it."""
    best = max(event.resembled, key=lambda r: (r.bits, r.text), default=None)
    if best is None:
        return quiet()
    parts = [weigh("name.likeness", f"{best.text!r} met {best.met!r}: {_how(best)}", min(MOST_NAME, best.bits))]
    if not best.same and "exact" not in best.kinds:
        parts.append(weigh("name.disguised", best.evidence or ", ".join(best.kinds)))
    if not best.whole:
        parts.append(weigh("name.part", "the name is only part of the text"))
        if _joint(best.text, best.met):
            parts.append(weigh("name.joint", "others are named beside it"))
    if best.where == "title" and not _credited(event):
        parts.append(weigh("name.in_title", "whoever it is credited to only says the name"))
    elif best.where == "title" and best.same:
        parts.append(weigh("name.title", "a title: songs are called as bands are"))
    return fired(*parts)


def _joint(text: str, met: str) -> bool:
    """Tell whether others are named beside a name; the "&" that stands in the name itself names nobody."""
    rest = re.sub(re.escape(met), "", text, flags=re.IGNORECASE)
    return (rest != text or not JOINT.search(met)) and bool(JOINT.search(rest))


def common_name(event: Event, history: History) -> Signal:
    """How many bear that name or one like it by chance."""
    best = max(event.resembled, key=lambda r: (r.bits, r.text), default=None)
    if best is None or event.kind != "profile":
        return quiet()
    others = event.artist.namesakes + best.chance
    if others < 0.1:
        return quiet(f"{others:.2f} expected by chance")
    quote = f"{event.artist.namesakes} namesakes seen, {best.chance:.1f} expected by chance"
    return fired(weigh("name.common", quote, log2(1 + others)))


def followers(event: Event, history: History) -> Signal:
    """How many follow it: hardly anybody, or a public of its own."""
    if event.kind != "profile":
        return quiet()
    count = most_followed([f.page for f in event.findings])
    if count is None:
        return blind("followers", low="page.followed", high="page.unfollowed")
    if count < FEW:
        return fired(weigh("page.unfollowed", f"{count} followers"))
    return fired(weigh("page.followed", f"{count} followers")) if count >= MANY else quiet(f"{count} followers")


def no_past(event: Event, history: History) -> Signal:
    """Whether the page has a catalogue with a past of its own."""
    if event.kind != "profile":
        return quiet()
    counts = [f.page.release_count for f in event.findings if f.page.release_count is not None]
    releases = max([*counts, len(event.releases)])
    years = sorted(r.year for r in event.releases if r.year)
    if not counts and not event.releases:
        return blind("releases", low="page.long_past", high="page.no_past")
    if releases <= NO_PAST:
        return fired(weigh("page.no_past", f"{releases} releases"))
    span = years[-1] - years[0] if years else 0
    if releases >= LONG_PAST or span >= 5:
        return fired(weigh("page.long_past", f"{releases} releases over {span} years"))
    return quiet(f"{releases} releases over {span} years")


def titles_of_the_artist(event: Event, history: History) -> Signal:
    """Rare titles of the artist stand on it."""
    if event.kind == "release" and any(f.role == "listed" for f in event.findings):
        return quiet()
    if event.kind == "release" and not _credited(event) and any(r.where == "title" for r in event.resembled):
        return quiet("its title says whose they are")
    if event.kind == "profile" and not event.releases:
        return blind("releases", high="page.titles")
    rare = rare_titles(event)
    if not rare:
        return quiet()
    return fired(weigh("page.titles", f"{len(rare)}: {', '.join(rare[:3])}", min(MOST_TITLES, len(rare))))


def name_held(event: Event, history: History) -> Signal:
    """Rare titles of the artist stand on a page whose name holds the artist's words."""
    if event.kind != "profile" or event.resembled or len(rare_titles(event)) < COPIED:
        return quiet()
    spellings = (event.artist.name, *event.artist.aliases)
    pages = sorted({f.page.name for f in event.findings})
    held = [(page, name) for page in pages for name in spellings if _holds(_words(page), _words(name))]
    return fired(weigh("name.held", f"{held[0][0]!r} beside {held[0][1]!r}")) if held else quiet()


def _holds(page: set[str], name: set[str]) -> bool:
    """Tell whether one name has the other's words, at most one of several left out."""
    shared = page & name
    telling = any(len(word) >= WORD or not word.isascii() for word in shared)
    return telling and len(shared) >= max(1, min(len(page), len(name)) - 1)


def _words(text: str) -> set[str]:
    return {key for word in _WORDS.findall(text) if (key := name_key(word))}


def _credited(event: Event) -> bool:
    """Tell whether a release is credited to the artist's own page."""
    return any(credit.artist_id == event.artist.id for credit in (event.shown.credits if event.shown else ()))


def rare_titles(event: Event) -> list[str]:
    """List the folded titles of the artist's that are hardly chosen twice and stand on what the event is about."""
    shown = event.releases if event.kind == "profile" else (event.shown,) if event.shown else ()
    known = {past.group_id for past in event.past}  # the very release on two pages copies nothing
    own = {key for past in event.past if past.role == "own" for key in _titles(past)}
    met = sorted({key for release in shown if release.group_id not in known for key in _titles(release)} & own)
    return [key for key in met if len(key) >= TELLING or not key.isascii()]


def home_on_the_page(event: Event, history: History) -> Signal:
    """Its releases carry the artist's own codes or lines: an own page not linked yet."""
    if event.kind != "profile":
        return quiet()
    if not event.releases:
        return blind("releases", low="page.home_codes")
    traits = [history.read(r) for r in event.releases]
    parts: list[Weighed] = []
    codes = history.known("registrants", {r for t in traits for r in t.registrants})
    lines = history.known("holders", {h for t in traits for h in t.holders if "".join(h) not in history.names})
    own = {isrc for past in event.past if past.role == "own" for isrc in past.isrcs}
    same = own & {isrc for r in event.releases for isrc in r.isrcs}
    if same:
        parts.append(weigh("page.home_recordings", f"{len(same)} recordings are the artist's own, {min(same)} ..."))
    elif codes:
        parts.append(weigh("page.home_codes", f"registrant {codes[0]}"))
    if lines:
        parts.append(weigh("page.home_lines", " ".join(lines[0]) if isinstance(lines[0], tuple) else str(lines[0])))
    bears = any(r.same and r.whole for r in event.resembled)
    if bears and (same or codes) and not any(_strange(t, history) for t in traits):
        parts.append(weigh("page.home_whole", "nothing on it carries a strange line or code"))
    return fired(*parts)


def _strange(traits: Traits, history: History) -> bool:
    """Tell whether a release has lines or codes, and none of the artist's."""
    held = {h for h in traits.holders if "".join(h) not in history.names}
    lines, codes = history.known("holders", held), history.known("registrants", traits.registrants)
    return bool(held and not lines) or bool(traits.registrants and not codes)


def _titles(shown: Shown) -> set[str]:
    return {bare_title(shown.title), *(bare_title(t.title) for t in shown.tracks)} - {""}


def _how(best: Resembled) -> str:
    return "the same name" if best.same else ", ".join(best.kinds)
