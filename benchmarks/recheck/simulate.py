"""A budget of checks spread over profiles by a rule: what delay do releases see?"""

from collections.abc import Callable
from heapq import heapify, heappop, heappush
from typing import Any

import numpy as np

from benchmarks.recheck.worlds import Profiles, when
from crawler.watching.rates import STEADY, Posterior, posterior, season, wait_for

MOST = 60.0  # days: no rule waits longer
Wait = Callable[[int, float], float]  # profile, now -> days until it is due again


def run(
    profiles: Profiles, days: float, per_day: float, wait: Wait, spend: Callable[[float], None] | None = None
) -> Any:
    """Give every slot of the budget to the profile that is due first; return how often each was checked, and J."""
    count = len(profiles.rates)
    due = [(wait(i, 0.0) * (i + 1) / count, i) for i in range(count)]
    heapify(due)
    checks = np.zeros(count)
    seen = [int(np.searchsorted(r, 0.0)) for r in profiles.releases]
    total = weight = 0.0
    slots = int(days * per_day)
    for slot in range(slots):
        now = slot / per_day
        if spend is not None:
            spend(now)
        _, i = heappop(due)
        checks[i] += 1
        upto = int(np.searchsorted(profiles.releases[i], now))
        if upto > seen[i]:
            new = profiles.releases[i][seen[i] : upto]
            total += profiles.weights[i] * float(np.sum(now - new))
            weight += profiles.weights[i] * len(new)
            seen[i] = upto
        heappush(due, (now + wait(i, now), i))
    for i, releases in enumerate(profiles.releases):  # what nobody looked for before the end waited until then
        late = releases[seen[i] : np.searchsorted(releases, days)]
        total += profiles.weights[i] * float(np.sum(days - late))
        weight += profiles.weights[i] * len(late)
    return checks, total / weight


def optimum(profiles: Profiles, per_day: float, week: tuple[float, ...]) -> Wait:
    """The square-root law with the true long-run rates, and the true week."""
    roots = np.sqrt(profiles.weights * profiles.rates)
    pace = float(roots.sum()) / per_day
    if week == STEADY:
        return lambda i, now: min(MOST, pace / roots[i])
    known = [Posterior(float(rate)) for rate in profiles.rates]
    return lambda i, now: wait_for(known[i], float(profiles.weights[i]), pace**2 / 2, week, when(now), MOST)


def round_robin(profiles: Profiles, per_day: float) -> Wait:
    """Everybody in turn."""
    return lambda i, now: len(profiles.rates) / per_day


def tiers(profiles: Profiles, per_day: float) -> Wait:
    """Suspects four times as often as the rest."""
    share = np.where(profiles.weights > 1, 4.0, 1.0)
    waits = share.sum() / per_day / share
    return lambda i, now: float(waits[i])


class Ours:
    """Our rule: posteriors from the dates that a check shows, paced by the budget once a day."""

    def __init__(self, profiles: Profiles, per_day: float, memory: float) -> None:
        """Start with a back catalogue of `memory` days."""
        self.profiles, self.per_day, self.memory = profiles, per_day, memory
        self.known = [self._learn(i, 0.0) for i in range(len(profiles.rates))]
        self.checked = [0.0] * len(profiles.rates)
        self.week = self._week()
        self.paced_at = -1.0
        self.worth = 0.0
        self.pace(0.0)

    def wait(self, i: int, now: float) -> float:
        """Learn what the check showed, and say when the next is due."""
        self.known[i] = self._learn(i, now)
        self.checked[i] = now
        weight = float(self.profiles.weights[i])
        return wait_for(self.known[i], weight, self.worth, self.week, when(now), MOST)

    def pace(self, now: float) -> None:
        """Fit the worth of a check to the budget, once a day."""
        if now - self.paced_at < 1.0:
            return
        self.paced_at = now
        rates = np.array([k.at(now - c) for k, c in zip(self.known, self.checked, strict=True)])
        pace = float(np.sqrt(self.profiles.weights * rates).sum()) / self.per_day
        self.worth = pace**2 / 2
        self.week = self._week()

    def _learn(self, i: int, now: float) -> Posterior:
        releases = self.profiles.releases[i]
        past = releases[(releases >= -self.memory) & (releases <= now)]
        return posterior([when(d) for d in past], when(now), when(-self.memory))

    def _week(self) -> tuple[float, ...]:
        """Learn the week from what checks have shown, never from releases that nobody has looked for yet."""
        shown = zip(self.profiles.releases, self.checked, strict=True)
        return season(when(d) for r, checked in shown for d in r[(r >= -self.memory) & (r <= checked)])
