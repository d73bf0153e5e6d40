"""Strict limits: every call is measured in virtual time, and none too many gets through or stays uncounted."""

from collections import Counter, deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sandbox.dialects.answer import Rule


@dataclass
class Window:
    """A sliding window over the calls of one bucket by one client."""

    rule: Rule
    times: deque[float] = field(default_factory=deque)

    def wait(self, now: float) -> float:
        """Give the time until another call is welcome; zero means now."""
        begun, again = midnights(self.rule.resets, now) if self.rule.resets else (now - self.rule.seconds, now)
        while self.times and self.times[0] <= begun:
            self.times.popleft()
        if len(self.times) < self.rule.allowed:
            return 0.0
        if self.rule.resets:
            return again - now
        return self.times[-self.rule.allowed] + self.rule.seconds - now


def midnights(zone: str, now: float) -> tuple[float, float]:
    """Give the midnights around a time."""
    day = datetime.fromtimestamp(now, ZoneInfo(zone)).replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
    return day.timestamp(), (day + timedelta(days=1)).timestamp()


@dataclass
class Tally:
    """What happened in one bucket."""

    rule: Rule
    calls: int = 0
    violations: int = 0
    max_in_window: int = 0
    statuses: Counter[int] = field(default_factory=Counter)

    def told(self) -> dict[str, object]:
        """Write the tally for people and tests."""
        return {
            "calls": self.calls, "violations": self.violations, "max_in_window": self.max_in_window,
            "allowed": self.rule.allowed, "window_s": self.rule.seconds,
            "statuses": {str(status): count for status, count in sorted(self.statuses.items())},
        }  # fmt: skip


class Limiter:
    """The limits of one platform."""

    def __init__(self, rules: dict[str, Rule]) -> None:
        """Begin with nothing counted."""
        self.rules = rules
        self.enforced = True
        self.windows: dict[tuple[str, str], Window] = {}
        self.tallies = {bucket: Tally(rule) for bucket, rule in rules.items()}

    def set_rule(self, bucket: str, allowed: int, seconds: float) -> None:
        """Replace a limit's numbers."""
        old = self.rules[bucket]
        self.rules[bucket] = self.tallies[bucket].rule = Rule(
            allowed, seconds, old.stubborn, old.per_client, old.resets
        )
        self.windows = {key: window for key, window in self.windows.items() if key[0] != bucket}

    def admit(self, buckets: tuple[str, ...], client: str, now: float) -> tuple[str, float] | None:
        """Let a call in, or name the bucket that refuses it and for how long."""
        windows = [self.window(bucket, client) for bucket in buckets]
        waits = [window.wait(now) for window in windows]
        refusing = next((place for place, wait in enumerate(waits) if wait > 0), None)
        for place, (bucket, window) in enumerate(zip(buckets, windows, strict=True)):
            tally = self.tallies[bucket]
            tally.calls += 1
            tally.violations += place == refusing
            tally.max_in_window = max(tally.max_in_window, len(window.times) + 1)
            if refusing is None or window.rule.stubborn or not self.enforced:
                window.times.append(now)
        if refusing is None or not self.enforced:
            return None
        return buckets[refusing], waits[refusing]

    def window(self, bucket: str, client: str) -> Window:
        """Give the window of a bucket, one for each client where the platform counts by address."""
        rule = self.rules[bucket]
        key = bucket, client if rule.per_client else ""
        found = self.windows.get(key)
        if found is None:
            found = self.windows[key] = Window(rule)
        return found

    def note_status(self, buckets: tuple[str, ...], status: int) -> None:
        """Count what was answered."""
        for bucket in buckets:
            self.tallies[bucket].statuses[status] += 1
