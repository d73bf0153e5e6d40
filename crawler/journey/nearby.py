"""Pages that a search began to show though no name of ours meets theirs: judged by what they carry."""

import re
from collections.abc import Collection

from sqlalchemy import Connection

from crawler.suspicion.meeting import Met, Names
from storage.facts import leads
from storage.facts.concerned import page_names
from storage.observations import ProfileSeen, ReleaseSeen, Told
from storage.recording.record import Recorded
from storage.targets import Ask

TELLING = 4  # letters of a word that is hardly shared by chance
_WORDS = re.compile(r"\w+")


def begun(
    connection: Connection, names: Names, told: Told, recorded: Recorded, met: Met, owned: Collection[str]
) -> list[str]:
    """List the pages, never seen before, that a known search began to show and that share a word with the name."""
    if told.target.ask is not Ask.SEARCH or recorded.baseline_at is None or recorded.set_baseline:
        return []
    known = {word for one in recorded.artists for spelling in names.spellings_of(one) for word in _words(spelling)}
    ids = [o.id for o in told.observations if isinstance(o, ProfileSeen) and o.id not in owned]
    shown = page_names(connection, told.target.platform, [one for one in ids if one not in met.profiles])
    new = set(recorded.new_profiles)
    return sorted(one for one, (row_id, name, _) in shown.items() if row_id in new and known & _words(name))


def carrying(connection: Connection, told: Told, met: Met, owned: Collection[str]) -> set[str]:
    """List the strangers' pages under watch of which the list, or the record of a release on it, was told."""
    asked = told.target
    if asked.ask is Ask.RELEASES:
        return {asked.subject}.difference(owned, met.profiles)
    if asked.ask is not Ask.RELEASE:
        return set()
    credits = [c for o in told.observations if isinstance(o, ReleaseSeen) for c in o.credits or ()]
    ids = {c.profile_id for c in credits if c.profile_id is not None}
    return leads.asked_for(connection, asked.platform, ids - met.profiles.keys()) if ids.isdisjoint(owned) else set()


def _words(text: str) -> set[str]:
    return {word for word in _WORDS.findall(text.casefold()) if len(word) >= TELLING}
