"""Coverage as a heat map of platform x day, or x week over half a year, with its months and its way back. Pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

DAYS, WEEKS, WEEK = 28, 26, timedelta(days=7)
SEVERITY = ("failed", "malformed", "refused", "throttled", "blind", "absent", "partial", "complete")
LEVELS = {"complete": "whole", "partial": "part", "absent": "part"}
FIRST = date(2000, 1, 1)  # nothing was seen before
Seen = Mapping[tuple[str, date], Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of days, each a column, or of weeks."""

    until: date
    today: date
    weekly: bool = False

    @property
    def columns(self) -> list[tuple[date, date]]:
        """List the first and the last day of each column, the oldest first."""
        step, number = (7, WEEKS) if self.weekly else (1, DAYS)
        lasts = [self.until - timedelta(days=back * step) for back in range(number - 1, -1, -1)]
        return [(last - timedelta(days=step - 1), last) for last in lasts]

    @property
    def first(self) -> date:
        """Return the oldest day that is shown."""
        return self.columns[0][0]

    @property
    def months(self) -> list[tuple[str, int]]:
        """List the months with how many columns begin in each."""
        found: list[tuple[str, int]] = []
        for first, _ in self.columns:
            name = f"{first:%b %Y}"
            if found and found[-1][0] == name:
                found[-1] = (name, found[-1][1] + 1)
            else:
                found.append((name, 1))
        return found

    @property
    def earlier(self) -> str | None:
        """Write the address of the stretch before, if there can be anything."""
        before = self.first - timedelta(days=1)
        return self._address(before, self.weekly) if before > FIRST else None

    @property
    def later(self) -> str | None:
        """Write the address of the stretch behind, if it has begun."""
        if self.until >= self.today:
            return None
        return self._address(min(self.today, self.until + (self.until - self.first) + timedelta(days=1)), self.weekly)

    @property
    def other(self) -> str:
        """Write the address of the same end by weeks instead of days, or by days instead of weeks."""
        return self._address(self.until, not self.weekly)

    def _address(self, until: date, weekly: bool) -> str:
        asked = {"by": "week"} if weekly else {}
        return "?" + urlencode(asked | ({"until": until.isoformat()} if until < self.today else {}))


def heat(seen: Seen, span: Span, platforms: Collection[str] = ()) -> dict[str, list[dict[str, Any]]]:
    """Say for each platform and column how well it was seen: whole, in part, not at all, or not asked."""
    named = sorted({platform for platform, _ in seen} | set(platforms))
    return {platform: [_cell(seen, platform, *column) for column in span.columns] for platform in named}


def _cell(seen: Seen, platform: str, first: date, last: date) -> dict[str, Any]:
    told: dict[str, int] = {}
    for number in range((last - first).days + 1):
        for outcome, looks in seen.get((platform, first + timedelta(days=number)), {}).items():
            told[outcome] = told.get(outcome, 0) + looks
    worst = next((one for one in SEVERITY if told.get(one)), None)
    level = "none" if worst is None else LEVELS.get(worst, "blind")
    if first < last and level == "blind" and told.get("complete"):
        level = "part"  # a week in which something failed is not a week without sight
    if level == "whole" and told.get("with blind fields"):
        level = "whole-but"
    words = ", ".join(f"{number} {outcome}" for outcome, number in told.items())
    days = f"{first}" if first == last else f"{first} to {last}"
    return {"days": days, "level": level, "words": words or "not asked"}
