"""Which recordings are on it? Known ones speak for it; copies under other codes and stretched ones against it."""

import re
from collections.abc import Iterable
from datetime import timedelta
from functools import lru_cache
from statistics import median

from crawler.suspicion.history import History
from crawler.suspicion.signal import Signal, fired, quiet, weigh
from storage.facts.values import Event, Shown, Track
from storage.normalize import title_key

VERSION = re.compile(
    r"\b(?:sped[\s-]?up|speed[\s-]?up|slowed|reverb|nightcore|8d|bass[\s-]?boosted|daycore|hardstyle remix|ai[\s-]cover"
    r"|ai version|type beat|lo-?fi version|pitched|chipmunk|tiktok version)\b",
    re.IGNORECASE,
)
TRIBUTE = re.compile(
    r"\b(?:tribute|karaoke|in the style of|originally performed by|made famous by|cover(?:s|ed)?(?: by| version)?"
    r"|as made|backing track|instrumental version of|plays the music of)\b",
    re.IGNORECASE,
)
_DRESS = re.compile(r"\s*(?:[(\[].*?[)\]]|-\s.*$)")
SAME_LENGTH_MS = 2_000
STRETCHED, STRAIGHT = 0.04, 0.015  # further from 1 than an edit, closer to each other than chance
SETTLING = timedelta(days=1)  # a list may come before its details
FEW = 2


def known_recordings(event: Event, history: History) -> Signal:
    """It carries recordings by the codes of the artist's own releases."""
    if event.shown is None or not event.shown.isrcs:
        return quiet()
    known = event.shown.isrcs & {isrc for past in _own(event) for isrc in past.isrcs}
    if not known:
        return quiet()
    share = len(known) / len(event.shown.isrcs)
    return fired(weigh("recordings.known", f"{len(known)} of {len(event.shown.isrcs)}, {min(known)} ...", share))


def copied_under_other_codes(event: Event, history: History) -> Signal:
    """Its tracks are the artist's by title and length, under other codes."""
    shown = event.shown
    if shown is None:
        return quiet()
    pairs = [
        (mine, theirs)
        for mine, theirs in _same_titles(shown, _own(event))
        if mine.duration_ms and theirs.duration_ms and abs(mine.duration_ms - theirs.duration_ms) <= SAME_LENGTH_MS
    ]
    codes = {i for past in _own(event) for i in past.isrcs}
    copies = [(m, t) for m, t in pairs if m.isrc and t.isrc and m.isrc not in codes and m.isrc[:5] != t.isrc[:5]]
    if not copies:
        return quiet()
    mine, theirs = copies[0]
    quote = f"{len(copies)} tracks: {mine.title!r} {mine.isrc} beside {theirs.isrc}"
    return fired(weigh("recordings.copied", quote, min(2.0, len(copies) / FEW)))


def constant_ratio(event: Event, history: History) -> Signal:
    """Its tracks are the artist's, all sped up or slowed down by the same ratio."""
    shown = event.shown
    if shown is None:
        return quiet()
    ratios = [
        m.duration_ms / t.duration_ms for m, t in _same_titles(shown, _own(event)) if m.duration_ms and t.duration_ms
    ]
    if len(ratios) < FEW:
        return quiet()
    middle = median(ratios)
    near = STRAIGHT if len(ratios) > FEW else STRAIGHT / 4  # two may agree by chance
    straight = [r for r in ratios if abs(r / middle - 1) <= near]
    if abs(middle - 1) <= STRETCHED or len(straight) < max(FEW, 0.7 * len(ratios)):
        return quiet()
    return fired(weigh("recordings.stretched", f"{len(straight)} tracks last {middle:.0%} of the originals"))


def version_words(event: Event, history: History) -> Signal:
    """It calls itself a sped up, slowed or otherwise altered version."""
    shown = event.shown
    if shown is None:
        return quiet()
    texts = [shown.title, *(f"{t.title} {t.version or ''}" for t in shown.tracks)]
    found = next((m[0] for text in texts if (m := VERSION.search(text))), None)
    return fired(weigh("recordings.version_words", repr(found))) if found else quiet()


def tribute_words(event: Event, history: History) -> Signal:
    """It says itself that it is a tribute, a cover or karaoke."""
    texts = [event.shown.title] if event.shown else []
    texts += [f.page.name for f in event.findings if f.page.standing != "official"]
    if event.kind == "release" and any(f.role == "listed" for f in event.findings):
        return quiet()
    found = next((m[0] for text in texts if (m := TRIBUTE.search(text))), None)
    return fired(weigh("recordings.tribute_words", repr(found))) if found else quiet()


def tracks_changed(event: Event, history: History) -> Signal:
    """Tracks were put on or taken off a release that stood before."""
    shown = event.shown
    if shown is None or not shown.tracks:
        return quiet()
    began = min(t.since or shown.first_seen_at for t in shown.tracks)
    stood = max(began, shown.first_seen_at)  # a store may come late with its whole list: none of that was added
    added = [t for t in shown.tracks if t.since and t.since - stood > SETTLING]
    gone = [t for t in shown.tracks if t.until]
    if not added and not gone:
        return quiet()
    home = {i[:5] for t in shown.tracks if t.isrc and t not in added for i in [t.isrc]} | {
        str(r) for r in history.counts["registrants"]
    }
    foreign = [t for t in added if t.isrc and t.isrc[:5] not in home]
    quote = f"added {_titles(added)}; gone {_titles(gone)}"
    parts = [weigh("recordings.changed", quote)]
    if added and all(t.isrc and t.isrc[:5] in home for t in added):
        parts.append(weigh("recordings.changed_home", f"{added[0].title!r} carries {added[0].isrc}"))
    if foreign:
        parts.append(weigh("recordings.changed_foreign", f"{foreign[0].title!r} carries {foreign[0].isrc}"))
    if added and gone:
        parts.append(weigh("recordings.swapped", f"{len(gone)} gone where {len(added)} came"))
    return fired(*parts)


@lru_cache(100_000)  # every release of an artist is held against the titles of all others
def bare_title(title: str) -> str:
    """Fold a track title without what stands in brackets or after a dash."""
    return title_key(_DRESS.sub("", title)) or title_key(title)


def _own(event: Event) -> list[Shown]:
    return [past for past in event.past if past.role == "own"]


def _same_titles(shown: Shown, own: Iterable[Shown]) -> list[tuple[Track, Track]]:
    ours = [(bare_title(t.title), t) for t in shown.tracks if t.until is None]
    wanted = {key for key, _ in ours}
    theirs = {key: t for past in own for t in past.tracks if (key := bare_title(t.title)) in wanted}
    return [(t, theirs[key]) for key, t in ours if key in theirs]


def _titles(tracks: list[Track]) -> str:
    return ", ".join(repr(t.title) for t in tracks[:3]) or "none"
