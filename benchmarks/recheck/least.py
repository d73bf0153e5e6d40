"""What no rule can better: a cold start judged by someone who knows how rates are spread, and nothing of any profile.

The square-root law over the exact posterior mean of every rate, day by day and in closed form, as if every release were
known on its day. What a real rule pays beyond that is its own; what this one pays is the price of not knowing.
"""

from typing import Any

import numpy as np

from benchmarks.recheck.worlds import MEDIAN, SPREAD, make

PROFILES, SEED = 6000, 1
GRID = np.linspace(-5.0, 5.0, 401)  # standard deviations of the logarithm of a rate


def least(days: float, count: int = PROFILES, seed: int = SEED) -> float:
    """Return the weighted delay as a share of the optimum's whose rates are known, over so many days from nothing."""
    profiles = make("poisson", count, 0.0, days, seed)
    roots = np.sqrt(profiles.weights * profiles.rates)
    ratios = []
    for day in range(int(days)):
        seen = np.array([np.searchsorted(released, day) for released in profiles.releases])
        means = expected(day, int(seen.max()))[seen]
        ours = np.sqrt(profiles.weights * means)
        ratios.append(float((roots**2 / ours).sum() * ours.sum() / roots.sum() ** 2))
    return float(np.mean(ratios))


def expected(day: float, most: int) -> Any:
    """Return the expected rate after so many days in which 0, 1, 2 ... releases came."""
    rates = MEDIAN * np.exp(SPREAD * GRID)
    counts = np.arange(most + 1)[:, None]
    log_weights = counts * np.log(rates) - rates * day - GRID**2 / 2
    weights = np.exp(log_weights - log_weights.max(axis=1, keepdims=True))
    return (weights * rates).sum(axis=1) / weights.sum(axis=1)
