"""When an act releases: weekdays, sisters on one day, long gaps, and what is still to come."""

from datetime import UTC, datetime
from random import Random

from sandbox.made.shape import Shape
from sandbox.world import DAY

FUTURE = 180 * DAY
MOST = 390
WEEKDAYS = (
    (2023, (0.04, 0.07, 0.09, 0.10, 0.68, 0.02, 0.02)),
    (2018, (0.06, 0.07, 0.12, 0.10, 0.60, 0.02, 0.02)),
    (2015, (0.11, 0.11, 0.10, 0.09, 0.54, 0.04, 0.03)),
    (0, (0.26, 0.32, 0.09, 0.07, 0.17, 0.04, 0.04)),
)
SISTERS = 0.024
LONG_GAPS = 0.26


def day_text(moment: float) -> str:
    """Write a moment as a date."""
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%d")


def friday(moment: float) -> float:
    """Give the midnight of the Friday on or before a moment."""
    midnight = moment - moment % DAY
    return midnight - (datetime.fromtimestamp(midnight, UTC).weekday() - 4) % 7 * DAY


def weekday(moment: float, rng: Random) -> float:
    """Move a day within its week to a weekday as usual in its year."""
    midnight = moment - moment % DAY
    day = datetime.fromtimestamp(midnight, UTC)
    shares = next(shares for since, shares in WEEKDAYS if day.year >= since)
    return midnight + (rng.choices(range(7), shares)[0] - day.weekday()) * DAY


def release_days(shape: Shape, n: int, born: int, rng: Random) -> list[float]:
    """Choose the days on which an act releases, some of them still to come."""
    ordinal = shape.ordinal(n)
    past = int(rng.lognormvariate(1.8 if ordinal is None else 2.3, 0.62)) + 1
    yearly = rng.uniform(0.2, 2.5) if ordinal is None else rng.uniform(1.0, 9.0)
    if ordinal is not None and ordinal % 50 == 49:
        past = 230
    span = min(past / max(yearly, 0.5), datetime.fromtimestamp(shape.start, UTC).year - born - 16, 45)
    first = shape.start - max(span, 1) * 365 * DAY
    days = [rng.uniform(first, shape.start - 10 * DAY) for _ in range(min(past, 300))]
    days = silenced(days, rng)
    moment = shape.start
    while (moment := moment + rng.expovariate(yearly / (365 * DAY))) < shape.start + FUTURE and len(days) < MOST:
        days.append(moment)
    days = [day for day in days for _ in range(1 + (rng.random() < SISTERS))]
    moved, last = [], None
    for day in sorted(days):
        moved.append(moved[-1] if day == last else weekday(day, rng))
        last = day
    return sorted(moved)


def silenced(days: list[float], rng: Random) -> list[float]:
    """Let a few acts have been silent for some years: what came before the silence came earlier still."""
    if rng.random() > LONG_GAPS or len(days) < 4:
        return days
    cut, years = rng.uniform(min(days), max(days)), rng.uniform(3.2, 8)
    return [day if day > cut else day - years * 365 * DAY for day in days]
