"""Which targets the roster asks for: lists and pages of official profiles, and searches for every name.

Enrolling again changes nothing but what is new on the roster or newly enabled.
"""

from datetime import datetime

from sqlalchemy import Connection

from crawler.resemblance import plan_queries
from crawler.watching.follow_up import Asking
from storage import frontier
from storage.facts import bindings
from storage.frontier import Wanted
from storage.targets import Ask

LISTS, PAGES, SEARCHES, RARE = 3, 7, 4, 7  # priorities
VARIANTS = 2  # searches beside the name and its aliases


def enrol(connection: Connection, asking: Asking, at: datetime) -> int:
    """Put everything that the roster wants watched on the frontier; return how many targets that is."""
    wanted = [*_official(connection, asking, at), *_searches(connection, asking, at)]
    return len(frontier.want(connection, wanted, at))


def _official(connection: Connection, asking: Asking, at: datetime) -> list[Wanted]:
    wanted = []
    for artist_id, platform, profile_id in bindings.official_profiles(connection):
        cls = asking.platforms.get(platform)
        if cls is None:
            continue
        if Ask.PROFILE in cls.accepts:
            wanted.append(Wanted(asking.about(platform, Ask.PROFILE, profile_id), at, PAGES, (artist_id,)))
        if Ask.RELEASES in cls.accepts:
            for section in cls.sections:
                urgency = RARE if section in cls.rare_sections else LISTS
                target = asking.about(platform, Ask.RELEASES, profile_id, section)
                wanted.append(Wanted(target, at, urgency, (artist_id,)))
    return wanted


def _searches(connection: Connection, asking: Asking, at: datetime) -> list[Wanted]:
    """Search for every name and alias, and rarely for the few variants that reach most imitations."""
    rows = bindings.monitored(connection)
    searchable = [name for name, cls in asking.platforms.items() if Ask.SEARCH in cls.accepts and not cls.reference]
    wanted = []
    for platform in searchable:
        for artist_id, name, aliases, _ in rows:
            spellings = dict.fromkeys((name, *aliases))
            for query in plan_queries(name, aliases, platform, most=len(spellings) + VARIANTS):
                urgency = SEARCHES if query.text in spellings else RARE
                wanted.append(Wanted(asking.about(platform, Ask.SEARCH, query.text), at, urgency, (artist_id,)))
    return wanted
