"""What a release shows, field by field, in the form that history counts. Pure."""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from statistics import median

from crawler.suspicion.lines import Holder, holders, telling_words
from storage.facts.values import Artist, Credit, Shown
from storage.normalize import name_key

LEADING = frozenset({"main", "primary", "artist", "mainartist", "", "with"})
MAKING = frozenset({"composer", "lyricist", "writer", "songwriter", "producer", "author", "arranger", "mixer"})
ITSELF = "~"
_ACCENTED = re.compile("[À-ɏ]")
_BRACKETS = re.compile(r"[(\[].*")


@dataclass(frozen=True, slots=True)
class Traits:
    """One release as history counts it; an empty field was not told."""

    group_id: int
    day: date | None
    year: int | None
    role: str
    kind: str
    title: str
    keys: frozenset[str]
    holders: frozenset[Holder]
    words: frozenset[str]
    line_keys: frozenset[str]
    registrants: frozenset[str]  # the first five characters of ISRCs
    prefixes: frozenset[str]  # seven digits of barcodes
    providers: frozenset[str]
    collaborators: frozenset[str]  # folded names, the artist left out
    makers: frozenset[str]  # writers and producers; ITSELF where the artist is one
    leads: bool | None  # the artist is a main artist of it; None: nobody told
    genres: frozenset[str]
    script: str
    style: str  # how its title is written: lower, upper, mixed
    accented: bool
    tracks: int
    length: float | None  # median duration in seconds


def own_names(artist: Artist) -> frozenset[str]:
    """Fold every spelling of the artist."""
    return frozenset(name_key(name) for name in (artist.name, *artist.aliases))


def traits_of(shown: Shown, artist: Artist, names: frozenset[str] | None = None) -> Traits:
    """Read a release's traits as a release of this artist."""
    names = own_names(artist) if names is None else names
    held = frozenset[Holder]().union(*(holders(line.text) for line in shown.lines if line.kind != "provider"))
    ours = [c for c in shown.credits if c.key in names or c.artist_id == artist.id]
    others = frozenset(c.key for c in shown.credits if c.key and c.key not in names and c.artist_id != artist.id)
    makers = frozenset(c.key for c in shown.credits if c.key in others and _bare(c.role) in MAKING)
    itself = {ITSELF for c in ours if _bare(c.role) in MAKING}
    lengths = [t.duration_ms / 1000 for t in shown.tracks if t.duration_ms and t.until is None]
    title = _BRACKETS.sub("", shown.title) or shown.title
    return Traits(
        group_id=shown.group_id,
        day=shown.date,
        year=shown.year or (shown.date.year if shown.date else None),
        role=shown.role,
        kind=shown.kind,
        title=shown.title,
        keys=shown.keys,
        holders=held,
        words=telling_words(held),
        line_keys=frozenset(line.key for line in shown.lines if line.kind != "provider"),
        registrants=frozenset(isrc[:5] for isrc in shown.isrcs),
        prefixes=frozenset(gtin[1:8] for gtin in shown.gtins),
        providers=frozenset(line.key for line in shown.lines if line.kind == "provider"),
        collaborators=frozenset(c.key for c in shown.credits if c.key in others and _bare(c.role) not in MAKING),
        makers=makers | itself,
        leads=_leads(ours),
        genres=shown.genres,
        script=script_of(title),
        style=_style(title),
        accented=bool(_ACCENTED.search(title)),
        tracks=len([t for t in shown.tracks if t.until is None]),
        length=median(lengths) if lengths else None,
    )


def _leads(ours: Sequence[Credit]) -> bool | None:
    """Tell whether the artist is a main artist of it; a store that says "featured" tells more than others."""
    if any(_bare(c.role) == "featured" for c in ours if not c.on_track):
        return False
    return any(_bare(c.role) in LEADING for c in ours) if ours else None


def led_by_others(traits: Traits) -> bool:
    """Tell whether somebody else on the release leads it: the artist is no main artist, or a line is their name."""
    return traits.leads is False or any("".join(holder) in traits.collaborators for holder in traits.holders)


@lru_cache(maxsize=100_000)
def script_of(text: str) -> str:
    """Name the script that most letters of a text are of; "" where there are none."""
    if text.isascii():
        return "LATIN" if any(c.isalpha() for c in text) else ""
    scripts = Counter(unicodedata.name(c, "?").split()[0] for c in text if c.isalpha())
    return scripts.most_common(1)[0][0] if scripts else ""


def _style(title: str) -> str:
    letters = [c for c in title if c.isalpha() and c.lower() != c.upper()]
    if len(letters) < 3:
        return ""
    if all(c.islower() for c in letters):
        return "lower"
    return "upper" if all(c.isupper() for c in letters) else "mixed"


def _bare(role: str) -> str:
    return role.lower().replace(" ", "").replace("_", "")
