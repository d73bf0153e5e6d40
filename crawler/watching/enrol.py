"""Which targets the roster asks for: lists and pages of official profiles, and searches for every name.

A sweep reads the roster beside the writer, compares what is wanted for each artist on each platform with the mark of
what was put on the frontier before, and writes only what differs, a few hundred targets at a time.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from crawler.resemblance import plan_queries
from crawler.watching.follow_up import Asking
from spiders.base.platform import Platform
from storage import frontier
from storage.facts import bindings
from storage.facts.bindings import Monitored
from storage.frontier import Wanted
from storage.targets import Ask

LISTS, PAGES, SEARCHES, RARE = 3, 7, 4, 7  # priorities
VARIANTS = 2  # searches beside the name and its aliases
TOGETHER = 50  # targets a transaction: some five milliseconds of the writer
MANY = 5_000  # so many new targets at once, and the planner is told
SAMPLES = (("Ada Quill", ()), ("AC/DC", ("ACDC",)), ("The Zoë 2", ()), ("Bløf", ()))


@dataclass(frozen=True, slots=True)
class Roster:
    """What a sweep looks at."""

    monitored: tuple[Monitored, ...]
    pages: dict[tuple[str, int], list[str]]  # (platform, artist) -> official profile ids
    marks: dict[str, dict[int, str]]  # platform -> artist -> what was wanted before


@dataclass(frozen=True, slots=True)
class Part:
    """What is put on the frontier in one transaction."""

    platform: str
    wanted: tuple[Wanted, ...]
    marks: dict[int, str]


def read(connection: Connection, asking: Asking) -> Roster:
    """Read the roster, and what was enrolled before."""
    pages: dict[tuple[str, int], list[str]] = {}
    for artist_id, platform, profile_id in bindings.official_profiles(connection):
        pages.setdefault((platform, artist_id), []).append(profile_id)
    marks = {platform: frontier.marks(connection, platform) for platform in asking.platforms}
    return Roster(bindings.monitored(connection), pages, marks)


def parts(roster: Roster, asking: Asking, at: datetime) -> Iterator[Part]:
    """Yield what differs from what was enrolled before, in parts that are short to write."""
    for platform, cls in asking.platforms.items():
        rule = _rule(asking, platform)
        wanted: list[Wanted] = []
        marks: dict[int, str] = {}
        for artist in roster.monitored:
            pages = sorted(roster.pages.get((platform, artist[0]), ()))
            mark = _hash(rule, artist[1], artist[2], pages)
            if roster.marks[platform].get(artist[0]) == mark:
                continue
            wanted += _official(asking, platform, cls, artist[0], pages, at)
            wanted += _searches(asking, platform, cls, artist, at)
            marks[artist[0]] = mark
            if len(wanted) >= TOGETHER:
                yield Part(platform, tuple(wanted), marks)
                wanted, marks = [], {}
        if marks:
            yield Part(platform, tuple(wanted), marks)


def keep(connection: Connection, part: Part, at: datetime) -> int:
    """Put one part on the frontier, and say how many targets that is."""
    found = frontier.want(connection, part.wanted, at)
    frontier.mark(connection, part.platform, part.marks)
    return len(found)


def enrol(connection: Connection, asking: Asking, at: datetime) -> int:
    """Enrol everything in one transaction: for rosters that are small, and stores that nobody else uses."""
    return sum(keep(connection, part, at) for part in list(parts(read(connection, asking), asking, at)))


def _rule(asking: Asking, platform: str) -> str:
    """Fingerprint what besides the roster decides what is asked: the platform's facts, and how searches are planned."""
    cls = asking.platforms[platform]
    planned = [plan_queries(name, list(aliases), cls.search_folds, most=5) for name, aliases in SAMPLES]
    facts = (sorted(cls.accepts), cls.sections, sorted(cls.rare_sections), cls.reference, asking.markets.get(platform))
    return _hash(facts, planned, (LISTS, PAGES, SEARCHES, RARE, VARIANTS))


def _hash(*parts: object) -> str:
    return hashlib.blake2b(repr(parts).encode(errors="surrogatepass"), digest_size=9).hexdigest()


def _official(
    asking: Asking, platform: str, cls: type[Platform], artist_id: int, pages: Iterable[str], at: datetime
) -> Iterator[Wanted]:
    for profile_id in pages:
        if Ask.PROFILE in cls.accepts:
            yield Wanted(asking.about(platform, Ask.PROFILE, profile_id), at, PAGES, (artist_id,))
        if Ask.RELEASES in cls.accepts:
            for section in cls.sections:
                urgency = RARE if section in cls.rare_sections else LISTS
                yield Wanted(asking.about(platform, Ask.RELEASES, profile_id, section), at, urgency, (artist_id,))


def _searches(asking: Asking, platform: str, cls: type[Platform], artist: Monitored, at: datetime) -> Iterator[Wanted]:
    """Search for every name and alias, and rarely for the few variants that reach most imitations."""
    if Ask.SEARCH not in cls.accepts or cls.reference:
        return
    artist_id, name, aliases, _ = artist
    spellings = dict.fromkeys((name, *aliases))
    for query in plan_queries(name, aliases, cls.search_folds, most=len(spellings) + VARIANTS):
        urgency = SEARCHES if query.text in spellings else RARE
        yield Wanted(asking.about(platform, Ask.SEARCH, query.text), at, urgency, (artist_id,))
