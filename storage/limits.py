"""The arithmetic of a budget: when may the next calls go out? Pure; time is an argument, in seconds.

A platform's limit is "so many calls in any window of so many seconds", perhaps with a rolling daily quota. Calls are
spaced evenly instead of bursting, a little wider than the limit, which absorbs the jitter of the way to the server;
jitter is real time, so under a time-lapse it counts for more of the platform's seconds. What was missed lately is made
up for at twice the pace. A log of the last calls keeps every window within the limit all the same: a call stands there
by its slot, or by its answer where that came late, because it may have arrived as late as that.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from math import ceil
from zoneinfo import ZoneInfo

HOUR_S = 3600.0
DAY_HOURS = 24
SPACING_MARGIN = 0.01
BUSY_S = 1.0  # for which the store may be busy before a lane runs dry
CATCH_UP = 0.5  # of the spacing, between calls that make up for what was missed
SKEW_S = 60.0  # real seconds by which clocks of workers may differ; what is reserved further ahead is a wrong clock's
JITTER_S = 0.1  # real seconds; 50 calls per 5 s go out over 5.15 s


@dataclass(frozen=True, slots=True)
class Limit:
    """A platform's stated or measured limit for one bucket of calls."""

    calls: int
    window_s: float
    per_day: int | None = None  # rolling 24 hours, or a calendar day where `resets` names its zone
    resets: str = ""  # the time zone at whose midnight a day's quota begins anew: America/Los_Angeles
    concurrency: int = 1
    jitter_s: float = JITTER_S

    @property
    def margin_s(self) -> float:
        """How much longer than the window its calls are spread over."""
        return self.window_s * SPACING_MARGIN + self.jitter_s

    @property
    def tolerance_s(self) -> float:
        """How late a call may go out: half the margin; the other half is for the way to the server."""
        return self.margin_s / 2

    @property
    def spacing_s(self) -> float:
        """Seconds between two calls."""
        return (self.window_s + self.margin_s) / self.calls

    @property
    def in_flight(self) -> int:
        """How many questions may be in flight: one is recorded while the next is asked, and the store may be busy.

        As many as are asked within a second, two for each call at once at least, and never many more than that.
        """
        return min(max(2 * self.concurrency, ceil(BUSY_S / self.spacing_s) + 1), 8 * self.concurrency)

    def under(self, lapse: float) -> "Limit":
        """Return the limit as it is kept under a time-lapse of that factor.

        Once a window lasts less real time than the jitter, no network could bring a window's calls in together.
        """
        return replace(self, jitter_s=min(JITTER_S * lapse, max(self.window_s, JITTER_S)))


@dataclass(frozen=True, slots=True)
class Spent:
    """What one budget has spent: the persisted half of a limit."""

    next_at: float = 0.0  # epoch seconds before which no further call may go out
    paused_until: float = 0.0
    hours: Mapping[int, int] = field(default_factory=dict)  # epoch hour -> calls, the last 24 and the current one
    recent: tuple[float, ...] = ()  # the last window's worth of calls: when each may have arrived, less the margin

    def in_last_day(self, now: float) -> int:
        """Count the calls of the rolling day, the oldest hour counted whole."""
        return sum(self.day(now).values())

    def day(self, now: float) -> dict[int, int]:
        """Return the hours of the rolling day; those that lie ahead were written by a clock that was wrong."""
        hour = int(now // HOUR_S)
        return {h: calls for h, calls in self.hours.items() if hour - DAY_HOURS <= h <= hour + 1}


@dataclass(frozen=True, slots=True)
class Grant:
    """Moments at which calls may go out; empty when the budget is parked until `not_before`."""

    slots: tuple[float, ...]
    not_before: float = 0.0
    reason: str = ""
    busy: bool = False  # no refusal: the next slots are taken, ask again at `not_before`


def grant(
    limit: Limit, spent: Spent, now: float, want: int, ahead_s: float, skew_s: float = SKEW_S
) -> tuple[Grant, Spent]:
    """Reserve up to `want` calls that may go out within `ahead_s` from now, and say what is spent then.

    Nothing is reserved further ahead than that (or than one spacing, if a strict limit's is longer), so that a pause
    that another worker learns of is obeyed: then the grant is empty with `busy` set, and one asks again. A reservation
    further ahead than any clock that is `skew_s` off could have made is nobody's: it is not waited for.
    """
    if spent.paused_until > now:
        return Grant((), spent.paused_until, "paused"), spent
    hour = int(now // HOUR_S)
    hours = spent.day(now)
    left = want
    if limit.per_day is not None:
        begun = today(limit.resets, now)[0] // HOUR_S if limit.resets else 0.0
        left = min(want, limit.per_day - sum(calls for h, calls in hours.items() if h >= begun))
        if left <= 0:
            return Grant((), again_at(limit, hours, now), "daily quota used up"), spent
    horizon = now + max(ahead_s, limit.spacing_s) + limit.spacing_s + skew_s
    next_at = spent.next_at if spent.next_at <= horizon else now + limit.spacing_s
    recent = [moment for moment in spent.recent if moment <= horizon][-limit.calls :]
    # Who was busy makes up for what was missed in the last half window; who was idle missed nothing.
    busy = bool(recent) and recent[-1] > now - 2 * limit.window_s
    next_at = max(next_at, now - limit.window_s / 2 if busy else now)
    slots: list[float] = []
    while len(slots) < left:
        slot = _earliest(limit, recent, max(now, next_at))
        if slot > now + (ahead_s if slots else max(ahead_s, limit.spacing_s)):
            break
        slots.append(slot)
        recent.append(slot)
        next_at += limit.spacing_s
    if not slots:
        return Grant((), slot - ahead_s, "others are before us", busy=True), spent
    hours[hour] = hours.get(hour, 0) + len(slots)
    spent = replace(spent, next_at=next_at, hours=hours, recent=tuple(recent[-limit.calls :]))
    return Grant(tuple(slots)), spent


def _earliest(limit: Limit, recent: Sequence[float], moment: float) -> float:
    """Return when a call may go out after these, no sooner than at a moment."""
    if recent:
        moment = max(moment, recent[-1] + limit.spacing_s * CATCH_UP)
    if len(recent) >= limit.calls:
        moment = max(moment, recent[-limit.calls] + limit.window_s + limit.margin_s)
    return moment


def again_at(limit: Limit, hours: Mapping[int, int], now: float) -> float:
    """Return when a day's quota that is used up comes again."""
    return today(limit.resets, now)[1] if limit.resets else (min(hours) + DAY_HOURS + 1) * HOUR_S


def today(zone: str, now: float) -> tuple[float, float]:
    """Return the epoch seconds of the midnights around a moment in a time zone: 23, 24 or 25 hours apart."""
    there = datetime.fromtimestamp(now, ZoneInfo(zone))
    begun = there.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
    return begun.timestamp(), (begun + timedelta(days=1)).timestamp()


def pause(spent: Spent, until: float) -> Spent:
    """Park the budget until a moment; a pause is never shortened."""
    return replace(spent, paused_until=max(spent.paused_until, until))


def landed(limit: Limit, spent: Spent, slot: float, at: float) -> Spent:
    """Note that a call is answered, and arrived no later than now; within the margin of its slot nothing changes."""
    if at - slot <= limit.margin_s or slot not in spent.recent:
        return spent
    rest = list(spent.recent)
    rest.remove(slot)
    return replace(spent, recent=tuple(sorted([*rest, at - limit.margin_s])))


def put_off(spent: Spent, at: float) -> Spent:
    """Let the next call go out at a moment and no sooner; this is no pause, and what waits for its turn waits on."""
    return replace(spent, next_at=max(spent.next_at, at))
