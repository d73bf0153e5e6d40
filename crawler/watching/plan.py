"""Who can be watched how fresh under these quotas, and what one more credential buys. Pure.

The square-root law gives every list a share of its platform's calls: sqrt(weight x rate / cost). The pace is what
makes the shares fit the budget; where it allows, nobody is left longer than `oldest` days.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import fsum, sqrt

from crawler.watching.recheck import OLDEST, SOONEST

SPARE = 0.9  # share of a quota that is planned; the rest is for news, details and retries
EASY = 1.25  # looks a list and day on average: more buys little and is no way to treat a platform
CALM = 1.0  # days that nobody is left longer, where the quota allows so many looks
STRETCH = 4.0  # mean waits that a list may be left, where it does not
HALVINGS = 60
GROUPS = ((16.0, "suspects"), (2.0, "weighted"), (0.0, "calm"))


@dataclass(frozen=True, slots=True)
class Watch:
    """A list that is looked at again and again."""

    platform: str
    artist_id: int
    weight: float
    rate: float  # releases a day
    calls: float = 1.0  # that one look costs


@dataclass(frozen=True, slots=True)
class Quota:
    """What a platform grants a day to all our credentials."""

    platform: str
    calls_per_day: float
    credentials: int = 1


@dataclass(frozen=True, slots=True)
class Group:
    """Lists of one weight class: how many, and how long they wait between looks."""

    name: str
    lists: int
    median_days: float
    longest_days: float


@dataclass(frozen=True, slots=True)
class Freshness:
    """What a platform's budget buys."""

    platform: str
    lists: int
    calls_per_day: float
    pace: float
    oldest_days: float  # what the longest wait had to be stretched to
    delay_hours: float  # from a release to the look that sees it, weighted mean
    delay_hours_with_one_more: float  # with one more credential
    groups: tuple[Group, ...]

    @property
    def bounded(self) -> bool:
        """Tell whether the budget allows the oldest age that was asked for."""
        return self.oldest_days <= OLDEST


def plan(watches: Iterable[Watch], quotas: Iterable[Quota], oldest: float = OLDEST) -> tuple[Freshness, ...]:
    """Plan every platform that has both lists and a quota."""
    by_platform: dict[str, list[Watch]] = defaultdict(list)
    for watch in watches:
        by_platform[watch.platform].append(watch)
    return tuple(
        _fresh(quota, by_platform[quota.platform], oldest)
        for quota in sorted(quotas, key=lambda q: q.platform)
        if by_platform[quota.platform]
    )


def pace_for(watches: Sequence[Watch], calls_per_day: float, oldest: float = OLDEST) -> tuple[float, float]:
    """Fit the pace to a budget of calls; return it with the oldest age that the budget allows."""
    floor = fsum(w.calls for w in watches)
    oldest = max(oldest, floor / calls_per_day)
    low, high = 0.0, fsum(w.calls * _share(w) for w in watches) / calls_per_day
    while _spent(watches, high, oldest) > calls_per_day and high < 1e9:
        low, high = high, high * 2
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        if _spent(watches, middle, oldest) > calls_per_day:
            low = middle
        else:
            high = middle
    return high, oldest


def bounds(watches: Sequence[Watch], calls_per_day: float, oldest: float = OLDEST) -> tuple[float, float]:
    """Say how many calls a day are planned, and for how many days a list may be left."""
    daily = fsum(w.calls for w in watches)
    if calls_per_day >= EASY * daily:
        return EASY * daily, min(oldest, CALM)
    return calls_per_day, min(oldest, STRETCH * daily / calls_per_day)


def days_between(watch: Watch, pace: float, oldest: float) -> float:
    """Return the wait between two looks at a list."""
    return min(oldest, max(SOONEST, pace / _share(watch)))


def _fresh(quota: Quota, watches: Sequence[Watch], oldest: float) -> Freshness:
    pace, bound = pace_for(watches, *bounds(watches, SPARE * quota.calls_per_day, oldest))
    more = quota.calls_per_day * (quota.credentials + 1) / max(1, quota.credentials)
    return Freshness(
        platform=quota.platform,
        lists=len(watches),
        calls_per_day=quota.calls_per_day,
        pace=pace,
        oldest_days=bound,
        delay_hours=_delay(watches, pace, bound),
        delay_hours_with_one_more=_delay(watches, *pace_for(watches, *bounds(watches, SPARE * more, oldest))),
        groups=_groups(watches, pace, bound),
    )


def _groups(watches: Sequence[Watch], pace: float, oldest: float) -> tuple[Group, ...]:
    waits: dict[str, list[float]] = defaultdict(list)
    for watch in watches:
        name = next(name for least, name in GROUPS if watch.weight >= least)
        waits[name].append(days_between(watch, pace, oldest))
    return tuple(
        Group(name, len(days), sorted(days)[len(days) // 2], max(days)) for _, name in GROUPS if (days := waits[name])
    )


def _delay(watches: Sequence[Watch], pace: float, oldest: float) -> float:
    wanted = fsum(w.weight * w.rate for w in watches)
    late = fsum(w.weight * w.rate * days_between(w, pace, oldest) / 2 for w in watches)
    return 24 * late / wanted if wanted else 0.0


def _spent(watches: Sequence[Watch], pace: float, oldest: float) -> float:
    return fsum(w.calls / days_between(w, pace, oldest) for w in watches)


def _share(watch: Watch) -> float:
    return sqrt(max(1e-9, watch.weight * watch.rate) / watch.calls)
