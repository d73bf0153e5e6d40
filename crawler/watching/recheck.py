"""When is a target due again? Pure.

Where the platform's pace is known, by the square-root law: the weighted delay that builds up until a check is worth
the call, with the profile's own rate, what came lately, and the week's rhythm. Without a pace by stated tiers: calm
lists once a day, those under an open case four times as often, profiles nobody vouches for once a week. Trouble backs
off, and nothing is ever dropped.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from crawler.watching.rates import STEADY, Posterior, wait_for
from storage.observations import Outcome
from storage.targets import Ask

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
CALM = {Ask.SEARCH: DAY, Ask.RELEASES: DAY, Ask.PROFILE: 7 * DAY, Ask.IDENTITY: 30 * DAY}
UNVOUCHED = 7 * DAY  # lists of profiles that are neither official nor under suspicion
SUSPECT = 6 * HOUR
SUSPECT_RELEASE = 2 * DAY  # its full record; whether it is still there, its page's list says daily
RECENT_RELEASE = 7 * DAY  # its full record: a track may be swapped without any list telling another thing
RARE_SECTION = 7 * DAY  # lists that are long, unordered and whole-walk only
MOST_SILENT = 2.0  # a calm list that never brings news is stretched at most so far
TROUBLE = 10 * timedelta(minutes=1)
TROUBLE_AT_MOST = 12 * HOUR
SUSPECT_WEIGHT = 16.0  # four times as often, by the square root
SOONEST, OLDEST = 1 / 96, 14.0  # days: no list is asked more than every quarter of an hour, or left longer
LAST = 9  # what is asked only with what the rest leaves over
SPREAD = 0.1  # due times are pulled forward by up to a tenth, so that imports do not beat in one rhythm


@dataclass(frozen=True, slots=True)
class Situation:
    """What the rule looks at."""

    ask: Ask
    outcome: Outcome
    official: bool  # the profile asked for is official for a monitored artist (searches count as official)
    suspected: bool  # an open case concerns what was asked
    news: bool  # this look brought something new
    failures: int  # looks in a row without an answer, this one included
    rare: bool = False
    unfinished: bool = False  # a walk was cut short and goes on where it stopped
    retry_at: datetime | None = None
    silent_for: timedelta = timedelta(0)  # since the last news; since the baseline where none came yet
    salt: int = 0  # spreads due times; the target's id
    accused: bool = False  # a loud case concerns something on the page that was asked for
    canary: bool = False  # a page or record that is asked daily, to see whether the API still says what it said
    recent: bool = False  # a release of the last year, or one of the newest, on an official page
    known: Posterior | None = None  # what is known of the profile's rate
    weight: float = 1.0  # how much a day's delay matters with this artist
    pace: float | None = None  # of the platform: watching/plan.py fits it to the budget
    week: tuple[float, ...] = STEADY  # the platform's rhythm
    second: bool = False  # asked in a second market, for a case alone
    oldest: float = OLDEST  # days that a list may be left; the plan lengthens it where the budget is too small


def next_due(situation: Situation, now: datetime) -> datetime | None:
    """Say when a target should be asked again; None when one answer was all that was wanted."""
    match situation.outcome:
        case Outcome.THROTTLED:
            return max(situation.retry_at or now + TROUBLE, now)
        case Outcome.FAILED | Outcome.MALFORMED | Outcome.REFUSED:
            return now + backed_off(situation.failures)
        case Outcome.BLIND:
            return now + UNVOUCHED
        case Outcome.PARTIAL if situation.unfinished:
            return now
    wait = _wait(situation, now)
    return None if wait is None else now + _spread(wait, situation.salt)


def priority(situation: Situation) -> int:
    """Say how urgent a target is among those due: 0 first, 9 last."""
    if situation.suspected:
        return 1
    if situation.accused and not situation.rare:
        return 2
    if situation.ask is Ask.RELEASE and situation.recent:
        return LAST
    if situation.rare or situation.ask in (Ask.IDENTITY, Ask.PROFILE):
        return 7
    return 3 if situation.official else 6


def interval(
    known: Posterior, weight: float, pace: float, week: tuple[float, ...], now: datetime, oldest: float
) -> float:
    """Say after how many days a list is due again by the law: pace / sqrt(weight x rate) when all is steady."""
    return max(SOONEST, wait_for(known, weight, pace**2 / 2, week, now, oldest))


def _wait(situation: Situation, now: datetime) -> timedelta | None:
    if situation.canary and situation.ask in (Ask.PROFILE, Ask.RELEASE):
        return DAY
    if situation.ask in (Ask.RELEASE, Ask.UPC, Ask.ISRC):
        seen_in_part = situation.ask is Ask.RELEASE and situation.outcome is Outcome.PARTIAL
        if situation.suspected:
            return SUSPECT_RELEASE
        if seen_in_part:
            return UNVOUCHED
        return RECENT_RELEASE if situation.recent and situation.ask is Ask.RELEASE else None
    if situation.second:
        return DAY if situation.suspected else None
    vouched = situation.official or situation.suspected
    if situation.pace is not None and situation.known is not None and vouched and not situation.rare:
        weight = situation.weight * (SUSPECT_WEIGHT if situation.suspected or situation.accused else 1.0)
        days = interval(situation.known, weight, situation.pace, situation.week, now, situation.oldest)
        return timedelta(days=days)
    if situation.suspected:
        return SUSPECT
    if not situation.official:
        return UNVOUCHED
    if situation.rare:
        return RARE_SECTION
    calm = CALM[situation.ask]
    if situation.ask not in (Ask.SEARCH, Ask.RELEASES):
        return calm
    if situation.news:
        return calm / 2
    return calm * min(MOST_SILENT, max(1.0, situation.silent_for / (60 * DAY)))


def backed_off(failures: int) -> timedelta:
    """Say how long trouble is left alone, after so many failures in a row."""
    doublings = min(max(0, failures - 1), 10)
    return min(TROUBLE * (1 << doublings), TROUBLE_AT_MOST)


def _spread(wait: timedelta, salt: int) -> timedelta:
    return wait * (1 - SPREAD * ((salt * 2654435761) % 1000) / 1000)
