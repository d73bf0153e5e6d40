"""Canaries: pages whose answers are known, asked again and again. What they cease to say, the API has lost. Pure.

A value that an answer lacks never overwrites what was said before, so that a field which an API drops is missed by
nobody else. A list counts a field as said where at least half of its rows have it.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, fields

from crawler.watching.follow_up import Asking
from storage.canaries import Chosen
from storage.observations import Observation, Outcome, ProfileSeen, ReleaseSeen, Told, TrackSeen
from storage.targets import Ask, Target

PAGES = 3  # of each platform, where the operator named none
MOSTLY = 0.5
KINDS = {"page": ProfileSeen, "release": ReleaseSeen, "track": TrackSeen}
READ = frozenset({Outcome.COMPLETE, Outcome.PARTIAL})
NO_FIELDS = frozenset({"id", "name", "title", "release_id", "listed_on", "section", "position", "version"})


@dataclass(frozen=True, slots=True)
class Heard:
    """What an answer said of its subject: fields that it mostly tells, and those whose silence it does not show."""

    mostly: frozenset[str]
    ever: frozenset[str]


def wanted(asking: Asking, platform: str, chosen: Collection[Chosen]) -> list[Target]:
    """List what canaries are asked: the page, its lists that are read whole, and one release of it."""
    cls, found = asking.platforms[platform], []
    for one in chosen:
        if Ask.PROFILE in cls.accepts:
            found.append(asking.about(platform, Ask.PROFILE, one.profile_id))
        if Ask.RELEASES in cls.accepts and not cls.windowed:
            found += asking.lists(platform, one.profile_id)
        if Ask.RELEASE in cls.accepts and one.release_id is not None:
            found.append(asking.about(platform, Ask.RELEASE, one.release_id))
    return found


def heard(told: Told) -> Heard | None:
    """Say which fields an answer told; None where it told nothing that could be held against another one."""
    if told.coverage.outcome not in READ:
        return None
    mostly: set[str] = set()
    ever: set[str] = set()
    unseen: set[str] = set()
    for kind, rows in _about(told.target, told.observations):
        counted = Counter(field for row in rows for field in _said(kind, row))
        ever |= counted.keys()
        mostly |= {field for field, count in counted.items() if count >= MOSTLY * len(rows)}
        unseen |= {f"{kind} {word}" for field in told.coverage.blind for word in _words(field)}
        if not rows and told.coverage.outcome is Outcome.PARTIAL:  # what was not reached
            unseen |= {f"{kind} {one.name}" for one in fields(KINDS[kind])}
    return Heard(frozenset(mostly), frozenset(ever | unseen)) if ever else None


def _words(blind: str) -> tuple[str, str]:
    """Name a field that an access can't see as it is counted here, be it a field or a line."""
    return blind, f"{blind.removesuffix('_line')} line"


def _about(asked: Target, told: Sequence[Observation]) -> Iterator[tuple[str, list[Observation]]]:
    """Sort what stands in an answer for its own sake: not who is merely credited."""
    if asked.ask is Ask.PROFILE:
        yield "page", [one for one in told if isinstance(one, ProfileSeen) and one.id == asked.subject]
    else:
        yield "release", [one for one in told if isinstance(one, ReleaseSeen)]
        yield "track", [one for one in told if isinstance(one, TrackSeen)]


def _said(kind: str, seen: Observation) -> Iterator[str]:
    for one in fields(seen):
        value = getattr(seen, one.name)
        if value is None or value in ("", ()) or one.name in NO_FIELDS:
            continue
        if one.name == "lines":
            yield from {f"{kind} {line.kind} line" for line in value}
        else:
            yield f"{kind} {one.name}"
