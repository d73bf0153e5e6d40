"""What a planted release looks like: its label, its lines, whose codes it carries and on which platforms it stands.

The shares are those of documented forgeries (docs/sandbox.md); most of them are counted from few cases.
"""

from dataclasses import dataclass
from random import Random

from sandbox.made.codes import Origin
from sandbox.world import EVERYWHERE, GENRES, STORES

FORGED_SELF, FORGED_HOME, PLACEHOLDER = 0.15, 0.08, 0.04
GENRE_BREAKS = 0.59
ON_FRIDAY = 0.4
SILENT_VICTIMS = 0.34


@dataclass(frozen=True)
class Look:
    """How a release presents itself; `home` means with the codes of the artist's own label."""

    label: str
    p_owner: str
    c_owner: str
    holder: int
    genre: str
    isrc: Origin
    upc: Origin
    home: bool = False
    writer: str = ""
    platforms: tuple[str, ...] = EVERYWHERE
    cover: str = ""


def forged_label(rng: Random, artist: str, home: str, imprint: str) -> str:
    """Choose what a stranger types as label: an imprint of nobody, the artist's name, the home label, or a filler."""
    dice = rng.random()
    if dice < FORGED_SELF:
        return artist
    if dice < FORGED_SELF + FORGED_HOME:
        return home
    return filler(rng) if dice < FORGED_SELF + FORGED_HOME + PLACEHOLDER else imprint


def filler(rng: Random) -> str:
    """Give a distributor's filler for a label."""
    return f"{rng.randrange(1_000_000, 9_999_999)} Records DK"


def forged_genre(rng: Random, genre: str) -> str:
    """Choose a genre; most forgeries break with the artist's own."""
    return rng.choice([other for other in GENRES if other != genre]) if rng.random() < GENRE_BREAKS else genre


def forged_platforms(rng: Random) -> tuple[str, ...]:
    """Choose the stores that a forgery reaches: most of them all, some not every one."""
    dice = rng.random()
    if dice < 0.65:
        return EVERYWHERE
    missing = rng.choice(STORES)
    return tuple(p for p in EVERYWHERE if p != missing) if dice < 0.9 else (missing,)


def stay(rng: Random) -> float:
    """Choose after how many days a forgery is removed: half a day to some weeks, a fortnight in the middle."""
    return min(46.0, max(0.6, rng.lognormvariate(2.64, 0.9)))
