"""Profiles that release by a known law: steadily, on Fridays, or in bursts."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np

START = datetime(2026, 1, 5, tzinfo=UTC)  # a Monday
MEDIAN, SPREAD = 1 / 30, 1.2  # releases a day: median and sigma of the logarithm
SUSPECTS = 0.1
FRIDAY = 0.6  # share of releases between Friday 00:00 and 02:00
QUIET, BURST_DAYS, EVERY = 0.3, 5.0, 60.0


@dataclass(slots=True)
class Profiles:
    """Rates, weights and release times in days from the start; times before 0 are the back catalogue."""

    rates: Any
    weights: Any
    releases: list[Any]


def make(kind: str, count: int, before: float, days: float, seed: int) -> Profiles:
    """Draw profiles of one kind: poisson, friday or bursty."""
    chance = np.random.default_rng(seed)
    rates = MEDIAN * np.exp(SPREAD * chance.standard_normal(count))
    weights = np.where(chance.random(count) < SUSPECTS, chance.uniform(5, 20, count), 1.0)
    draw = {"poisson": _steady, "friday": _friday, "bursty": _bursty}[kind]
    return Profiles(rates, weights, [draw(chance, rate, -before, days) for rate in rates])


def when(day: float) -> datetime:
    """Turn days from the start into a time."""
    return START + timedelta(days=float(day))


def _steady(chance: Any, rate: float, low: float, high: float) -> Any:
    return np.sort(chance.uniform(low, high, chance.poisson(rate * (high - low))))


def _friday(chance: Any, rate: float, low: float, high: float) -> Any:
    times = _steady(chance, rate, low, high)
    moved = chance.random(len(times)) < FRIDAY
    fridays = np.floor(times / 7) * 7 + 4 + chance.uniform(0, 2 / 24, len(times))
    return np.sort(np.where(moved, fridays, times))


def _bursty(chance: Any, rate: float, low: float, high: float) -> Any:
    loud = rate * (1 - QUIET * (1 - BURST_DAYS / EVERY)) / (BURST_DAYS / EVERY)
    times, at = [], low - chance.exponential(EVERY)
    while at < high:
        calm = at + chance.exponential(EVERY - BURST_DAYS)
        times.append(_steady(chance, QUIET * rate, at, calm))
        over = calm + chance.exponential(BURST_DAYS)
        times.append(_steady(chance, loud, calm, over))
        at = over
    found = np.concatenate(times)
    return np.sort(found[(found >= low) & (found < high)])
