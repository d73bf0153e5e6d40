"""What do its dates say? Claims of the uploader beside the years of recordings, the artist's life and our own clock."""

from datetime import timedelta
from math import log2

from crawler.suspicion.history import History
from crawler.suspicion.signal import Signal, blind, fired, quiet, weigh
from storage.facts.values import Event

LONG_BEFORE = timedelta(days=90)
SILENCE = 4.0  # years
FORGED_SILENCE = 0.25  # share of documented victims that were long silent; 0.19 to 0.54
UNSURE = 0.02  # a silence is never rarer than this among honest releases
MOST = 4.9  # bits
BURST, WITHIN = 3, timedelta(days=14)
SETTLED = 2018  # honest claims since then are never older than their recordings
LOOSE = 2000  # before, they mostly are


def back_dated(event: Event, history: History) -> Signal:
    """It claims a date long before the day on which it appeared."""
    shown = event.shown
    if shown is None or not shown.news:
        return quiet()
    if shown.date is None:
        return blind("date", high="date.back_dated")
    if shown.first_seen_at.date() - shown.date <= LONG_BEFORE:
        return quiet()
    quote = f"claims {shown.date}, appeared {shown.first_seen_at:%Y-%m-%d}"
    if event.coverage_gap:
        return quiet(f"{quote}; our looks before it were not complete")
    return fired(weigh("date.back_dated", quote))


def older_than_its_codes(event: Event, history: History) -> Signal:
    """Its claimed year lies before the year in which any recording got its code."""
    shown = event.shown
    if shown is None or shown.year is None or not shown.isrcs:
        return quiet()
    years = [_year_of(isrc, shown.first_seen_at.year) for isrc in shown.isrcs]
    if min(years) - shown.year < 2 or shown.year < LOOSE:
        return quiet()
    weight = "date.before_codes" if shown.year >= SETTLED else "date.before_codes_older"
    return fired(weigh(weight, f"claims {shown.year}; recordings coded from {min(years)} on"))


def after_death(event: Event, history: History) -> Signal:
    """It appeared after the artist died or disbanded."""
    shown, died = event.shown, event.artist.died
    if shown is None or died is None or (shown.year is not None and shown.year <= died.year):
        return quiet()
    return fired(weigh("date.after_death", f"ended {died}, release of {shown.date or shown.year or 'no date'}"))


def after_silence(event: Event, history: History) -> Signal:
    """It breaks a silence that is unusual for this artist."""
    shown = event.shown
    if shown is None or shown.date is None or shown.role != "own" or event.artist.died is not None:
        return quiet()
    last = history.last_before(shown.date)
    if last is None or (years := (shown.date - last).days / 365.25) < SILENCE:
        return quiet()
    chance = history.chance_of_gap(years, shown.date)
    bits = min(MOST, max(0.0, log2(FORGED_SILENCE / (chance + UNSURE))))
    quote = f"{years:.1f} years after {last}; so long a silence has a chance of {chance:.1%} here"
    return fired(weigh("date.silence", quote, bits)) if bits else quiet(quote)


def at_the_weekend(event: Event, history: History) -> Signal:
    """It is dated on a Saturday or Sunday, which this artist's releases are not."""
    shown = event.shown
    if shown is None or shown.date is None or shown.date.weekday() < 5 or shown.year is None or shown.year < 2015:
        return quiet()
    days = [t.day.weekday() for t in history.own if t.day]
    share = (sum(d >= 5 for d in days) + 0.5) / (len(days) + 10)
    return fired(weigh("date.weekend", f"{shown.date:%A}", max(0.0, 1 - share / 0.2)))


def burst(event: Event, history: History) -> Signal:
    """Several releases within two weeks, which is not this artist's way."""
    shown = event.shown
    if shown is None or shown.date is None or shown.role != "own":
        return quiet()
    near = [t.day for t in history.own if t.day and abs(t.day - shown.date) <= WITHIN]
    if len(near) + 1 < BURST:
        return quiet()
    return fired(weigh("date.burst", f"{len(near) + 1} releases within {WITHIN.days} days"))


def _year_of(isrc: str, now: int) -> int:
    year = 2000 + int(isrc[5:7])
    return year if year <= now + 1 else year - 100
