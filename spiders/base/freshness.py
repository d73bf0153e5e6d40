"""How fresh a platform can be kept under its declared budgets, and which to enable first. Pure.

An artist's page is taken to list so many releases. A list that is newest first is left after two pages of what is
known, every other is read whole; rare sections are not counted. A part of each budget is kept for details and retries.
"""

from math import ceil

from spiders.base.platform import Access, Platform
from storage.limits import Limit
from storage.targets import Ask

RELEASES = 60  # on an artist's page
SPARE = 0.9  # of a budget that lists may spend
ARTISTS = (100, 1_000, 10_000)
DAY_S = 86_400.0


def calls_a_day(limit: Limit) -> float:
    """Return how many calls a bucket grants a day."""
    steady = DAY_S / limit.spacing_s
    return steady if limit.per_day is None else min(steady, limit.per_day)


def calls_a_page(cls: type[Platform]) -> float:
    """Return how many calls one look at an artist's lists costs."""
    whole, at_once = ceil(RELEASES / cls.rows_a_call), cls.batch.get(Ask.RELEASES, 1)
    often = [section for section in cls.sections if section not in cls.rare_sections]
    return sum(min(2, whole) if section in cls.early_stop else whole for section in often) / at_once


def days(cls: type[Platform], ask: Ask, artists: int) -> float | None:
    """Return how many days it takes to ask once about each artist; None where it can't be asked so."""
    if ask not in cls.accepts:
        return None
    limits, bucket = cls.limits_for(Access()), cls.bucket(ask)
    calls = calls_a_page(cls) if ask is Ask.RELEASES else 1.0
    return artists * calls / (SPARE * calls_a_day(limits.get(bucket) or limits[""]))


def first(known: dict[str, type[Platform]]) -> list[str]:
    """Order the platforms: who says who is who, what needs no key, what tells most, what can be kept freshest."""

    def rank(name: str) -> tuple[bool, bool, int, float]:
        cls = known[name]
        return not cls.reference, bool(cls.needs), len(cls.blind_for(Access())), days(cls, Ask.RELEASES, 1_000) or 0.0

    return sorted(known, key=rank)


def table(known: dict[str, type[Platform]]) -> str:
    """Write the table: lists and name searches of so many artists."""
    counts = [f"{count:,}" for count in ARTISTS]
    lines = [
        "## How fresh each can be kept",
        "",
        f"Computed from the declared budgets: {SPARE:.0%} of each, pages of {RELEASES} releases, one credential and",
        "one address.",
        "How long one round takes, of the lists of so many artists and of searches for so many names:",
        "",
        f"| platform | calls a page | lists: {' | '.join(counts)} | searches: {' | '.join(counts)} |",
        "|---|---|" + "---|" * (2 * len(ARTISTS)),
    ]
    for _, cls in sorted(known.items()):
        cells = [said(days(cls, ask, count)) for ask in (Ask.RELEASES, Ask.SEARCH) for count in ARTISTS]
        lines.append(f"| {cls.title} | {calls_a_page(cls):.2g} | {' | '.join(cells)} |")
    order = ", ".join(known[name].title for name in first(known))
    lines += [
        "",
        f"Enable from the left: {order}. First what says who is who, then what needs no key, then what tells most "
        "(has the fewest blind fields), then what can be kept freshest; each only if its terms allow your use.",
    ]
    return "\n".join(lines)


def said(days: float | None) -> str:
    """Write a length of time in the unit that people would choose."""
    if days is None:
        return "-"
    hours = days * 24
    if hours < 1:
        return f"{max(1, round(hours * 60))} min"
    return f"{hours:.0f} h" if hours < 48 else f"{days:.0f} days"
