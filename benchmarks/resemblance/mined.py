"""Templates that nobody wrote: real titles, joint credits and affixed names with their artist taken out.

They are mined from rows of kept artists only, and nothing of the matcher was chosen by them.
"""

import random
import re
from collections import Counter
from functools import lru_cache

from benchmarks.resemblance.imitations import ALL, Way, after, from_templates
from benchmarks.resemblance.names import DIVIDER, KEPT, all_names, catalogue, kept_names, squashed, tenth

COUNT = 300
FEWEST = 4


def without(text: str, artist: str) -> str | None:
    """Return a text with an artist taken out where it stands between word bounds, as a template."""
    found = re.search(rf"(?<!\w){re.escape(artist)}(?!\w)", text) if len(artist) > 3 else None
    if not found or "{" in text or found.group() == text:
        return None
    return text[: found.start()] + "{}" + text[found.end() :]


@lru_cache(maxsize=1)
def mined_titles() -> list[str]:
    """Return templates of real titles that name an artist of their own track."""
    told = []
    for row in catalogue("tracks"):
        if tenth(row["artists"]) in KEPT:
            for artist in DIVIDER.split(row["artists"])[1:]:
                told.append(without(row["title"], artist.strip()))
    return sample([t for t in told if t])


@lru_cache(maxsize=1)
def mined_credits() -> list[str]:
    """Return templates of real joint credits, with one of their members taken out."""
    told = []
    for row in catalogue("releases"):
        members = [m.strip() for m in DIVIDER.split(row["artist"])]
        if len(members) > 1 and tenth(row["artist"]) in KEPT and all(members):
            told.append(without(row["artist"], random.Random(row["artist"]).choice(members)))
    return sample([t for t in told if t])


@lru_cache(maxsize=1)
def mined_affixes() -> list[str]:
    """Return the words that several real names put before or after another real name."""
    known = {squashed(name) for name in all_names()}
    told: Counter[str] = Counter()
    for name in kept_names():
        words = name.split()
        if len(words) > 2 and squashed(" ".join(words[:-1])) in known:
            told["{} " + words[-1]] += 1
        if len(words) > 2 and squashed(" ".join(words[1:])) in known:
            told[words[0] + " {}"] += 1
    return [
        template
        for template, count in told.most_common()
        if count >= FEWEST and not re.search(r"[&,]|\bThe\b", template)
    ]


def sample(templates: list[str]) -> list[str]:
    """Return some of the templates, each once."""
    once = sorted(set(templates))
    return random.Random(29).sample(once, min(COUNT, len(once)))


def mined_ways() -> dict[str, Way]:
    """Return the kinds of imitation that use templates, with the mined ones."""
    affix, embedded = from_templates(mined_affixes()), from_templates(mined_titles())
    homoglyph, typo = ALL["homoglyph"], ALL["typo1"]
    return {
        "affix": affix,
        "embedded": embedded,
        "creditlist": from_templates(mined_credits()),
        "affix_homoglyph": after(homoglyph, affix),
        "affix_typo": after(typo, affix),
        "embedded_homoglyph": after(homoglyph, embedded),
        "embedded_typo": after(typo, embedded),
    }
