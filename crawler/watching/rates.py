"""How often does a profile bring news, and when in the week? Pure.

A gamma posterior seeded with the dates of the back catalogue, for a list tells every release with its date; releases
that come in clusters raise the rate for some days (a self-exciting process whose strength is read off the gaps); and
the week's rhythm, which most stores share, says on which days the raise falls.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import exp

PRIOR_COUNT, PRIOR_DAYS = 0.8, 14.4  # gamma prior: learnt by simulation, forgotten after a few releases
MEMORY = 5.0  # days for which a release makes the next one likelier
FOLLOWED, FOLLOWED_LIKE = 0.06, 24.0  # prior share of releases that bring another, and as from how many releases
MOST_FOLLOWED = 0.75
WITHIN = 1 - exp(-1.0)  # share of followers that come within the memory
WEEK = 7
STEADY = (1.0,) * WEEK
DAWN = 2  # hours after midnight in which scheduled releases land
ENOUGH = 150  # dates without which a week has no rhythm
CERTAIN = 40.0  # chi-square of six degrees that chance does not reach


@dataclass(frozen=True, slots=True)
class Posterior:
    """What is known of a profile's rate: releases a day in the long run, and for now."""

    rate: float
    followed: float = 0.0  # share of releases that bring another within days
    recent: float = 0.0  # recent releases, each faded by its age

    def at(self, days: float = 0.0) -> float:
        """Return the rate so many days from now, if nothing comes."""
        calm = self.rate * (1 - self.followed)
        return calm + self.followed / MEMORY * self.recent * exp(-days / MEMORY)


def posterior(dates: Iterable[datetime], now: datetime, since: datetime) -> Posterior:
    """Learn a profile's rate from the dates of its releases between `since` and now."""
    days = sorted((d - since).total_seconds() / 86400 for d in dates if since <= d <= now)
    watched = max(0.0, (now - since).total_seconds() / 86400)
    rate = (PRIOR_COUNT + len(days)) / (PRIOR_DAYS + watched)
    recent = sum(exp(-(watched - day) / MEMORY) for day in days)
    return Posterior(rate, _followed(days, rate), recent)


def season(dates: Iterable[datetime]) -> tuple[float, ...]:
    """Learn the week's rhythm from the dates of many releases: a weight for each weekday, 1 on average."""
    counts = [0] * WEEK
    for day in dates:
        counts[day.weekday()] += 1
    total = sum(counts)
    mean = total / WEEK
    if total < ENOUGH or sum((count - mean) ** 2 for count in counts) / mean < CERTAIN:
        return STEADY
    return tuple((count + 1) / (mean + 1) for count in counts)


def hourly(week: Sequence[float]) -> tuple[float, ...]:
    """Spread a week's rhythm over its 168 hours: what a day has beyond the quietest one lands at midnight."""
    base = min(week)
    hours = []
    for weight in week:
        hours += [base + (weight - base) * 24 / DAWN] * DAWN + [base] * (24 - DAWN)
    return tuple(hours)


def wait_for(known: Posterior, weight: float, worth: float, week: Sequence[float], now: datetime, most: float) -> float:
    """Say in how many days the delay that has built up is worth a check.

    `worth` is the weighted delay that one check is worth, in release-days; the square-root law in disguise, for a
    steady rate builds up weight x rate x days squared / 2.
    """
    step = 1 / 24
    rhythm = hourly(week)
    hour = now.weekday() * 24 + now.hour
    come = built = 0.0
    days = 0.0
    calm = known.rate * (1 - known.followed)
    excited = known.followed / MEMORY * known.recent
    fade, faded = exp(-step / MEMORY), 1.0
    while days < most:
        come += (calm + excited * faded) * rhythm[hour % 168] * step
        gain = weight * come * step
        if built + gain >= worth:
            return min(most, days + step * (worth - built) / gain)
        built += gain
        days += step
        hour += 1
        faded *= fade
    return most


def _followed(days: Sequence[float], rate: float) -> float:
    """Estimate the share of releases that bring another within days, beyond what chance does."""
    near = first = 0
    for place, day in enumerate(days):
        while days[first] < day - MEMORY:
            first += 1
        near += place - first
    excess = max(0.0, near - len(days) * rate * MEMORY) / WITHIN
    return min(MOST_FOLLOWED, (excess + FOLLOWED * FOLLOWED_LIKE) / (len(days) + FOLLOWED_LIKE))
