"""Is it gone, or did we not look? What one look may conclude about a list, and what a target remembers of it. Pure.

Only a complete look can miss something, and only the second miss in a row says "removed". Everything else that comes
short of an answer (a part, a pause, a refusal, a failure) concludes nothing. Much of a page missing at once is what a
platform's bad day looks like: it is held back until it was confirmed over days, and forgotten when the page returns.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import pairwise

from storage.observations import Outcome, Redirected, Told
from storage.targets import Ask

REMOVED_AFTER = 2  # complete looks in a row without it
MUCH = 2, 0.25  # of a page at once: at least so many, and such a share
HALF = 0.5  # of a page at once, however short it is
VERY_MUCH = 25  # of a page at once, however long it is
HELD_LOOKS, HELD_FOR = 4, timedelta(days=3)  # looks in a row without it, and days, that confirm a mass disappearance
ORDERED = 0.95  # of the dated neighbours in a list that is called newest first
QUIET_PARTIALS = 3
_UNANSWERED = {Outcome.FAILED, Outcome.MALFORMED, Outcome.REFUSED}


@dataclass(frozen=True, slots=True)
class Memory:
    """What a target remembers of its looks."""

    last_look_at: datetime | None = None
    last_outcome: str | None = None
    last_complete_at: datetime | None = None
    baseline_at: datetime | None = None
    resume: str | None = None
    walk_started_at: datetime | None = None
    quiet_partials: int = 0
    failures: int = 0
    cut: bool = False


def is_news(memory: Memory, told: Told) -> bool:
    """Say whether a look is later than all that were recorded; an older or repeated one concludes nothing."""
    return memory.last_look_at is None or told.ended_at > memory.last_look_at


def walk_start(memory: Memory, told: Told) -> datetime | None:
    """Return when the walk began that this look ends or goes on with; None when that was not kept."""
    return memory.walk_started_at if told.coverage.resumed else told.started_at


def judged(told: Told, started: datetime | None, gathered: int | None) -> tuple[Outcome, str]:
    """Return a look's outcome and reason, once the looks of a resumed walk are added up.

    A resumed look can't tell by itself whether the whole walk came to the promised total: `gathered` can.
    """
    coverage = told.coverage
    if coverage.outcome is Outcome.COMPLETE and coverage.resumed:
        if started is None:
            return Outcome.PARTIAL, "the start of the resumed walk is not known"
        if gathered is not None and coverage.expected is not None and gathered < coverage.expected:
            return Outcome.PARTIAL, f"{gathered} of {coverage.expected} came"
    return coverage.outcome, coverage.stop_reason


def may_miss(told: Told, outcome: Outcome) -> bool:
    """Say whether what this look did not show may be counted as missing from the page that was asked."""
    if told.target.ask is not Ask.RELEASES or any(isinstance(o, Redirected) for o in told.observations):
        return False
    return outcome in (Outcome.COMPLETE, Outcome.ABSENT)


def is_mass(missed: int, listed: int) -> bool:
    """Say whether so many of a page's listings missing together are a mass disappearance; half of a page always is."""
    number, share = MUCH
    return missed >= HALF * listed or missed >= VERY_MUCH or (missed >= number and missed >= share * listed)


def is_removed(misses: int, missing_since: datetime, at: datetime, *, held: bool) -> bool:
    """Say whether so many looks in a row without it mean that it was removed."""
    if held:
        return misses >= HELD_LOOKS and at - missing_since >= HELD_FOR
    return misses >= REMOVED_AFTER


def news_in_cut_list(dates: Sequence[date | None], known: Sequence[bool]) -> list[bool]:
    """Say which rows of a cut list are news by their place: in a list that is newest first, those above a known one.

    Whatever goes from such a list lets another come up at its far end, and that one may have been there for years.
    """
    dated = [one for one in dates if one is not None]
    sinking = sum(above >= below for above, below in pairwise(dated))
    stood = [one for one, was_known in zip(dates, known, strict=True) if was_known and one is not None]
    if not stood or sinking < ORDERED * (len(dated) - 1):
        return [False] * len(dates)
    oldest = min(stood)
    return [not was_known and one is not None and one > oldest for one, was_known in zip(dates, known, strict=True)]


def remembered(memory: Memory, told: Told, outcome: Outcome, *, brought_new: bool) -> Memory:
    """Return what the target remembers after a look."""
    coverage, ended = told.coverage, told.ended_at
    quiet = _quiet_partials(memory, outcome, told.coverage.to_end, brought_new=brought_new)
    after = replace(
        memory,
        last_look_at=ended,
        last_outcome=outcome.value,
        last_complete_at=ended if outcome is Outcome.COMPLETE else memory.last_complete_at,
        resume=coverage.resume,
        walk_started_at=None if coverage.resume is None else walk_start(memory, told),
        quiet_partials=quiet,
        failures=_failures(memory, outcome),
        cut=_cut(memory, told, outcome),
    )
    if memory.baseline_at is None and _completes(told, outcome, quiet):
        return replace(after, baseline_at=ended)
    return after


def _completes(told: Told, outcome: Outcome, quiet: int) -> bool:
    if told.target.ask is Ask.SEARCH:  # nobody reads a search to its end: an answer is what a listener is shown
        return outcome in (Outcome.COMPLETE, Outcome.PARTIAL)
    return told.target.ask is Ask.RELEASES and (outcome is Outcome.COMPLETE or quiet >= QUIET_PARTIALS)


def _quiet_partials(memory: Memory, outcome: Outcome, to_end: bool, *, brought_new: bool) -> int:
    """Count the looks in a row that came to the end marker short of a total, or cut by the platform, all the same."""
    if brought_new or outcome is Outcome.COMPLETE:
        return 0
    if outcome is not Outcome.PARTIAL:
        return memory.quiet_partials
    return memory.quiet_partials + 1 if to_end else 0


def _failures(memory: Memory, outcome: Outcome) -> int:
    if outcome in _UNANSWERED:
        return memory.failures + 1
    return memory.failures if outcome is Outcome.THROTTLED else 0


def _cut(memory: Memory, told: Told, outcome: Outcome) -> bool:
    return told.coverage.cut or (memory.cut and outcome is not Outcome.COMPLETE)
