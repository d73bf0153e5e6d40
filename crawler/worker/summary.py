"""What a run did, in counts: the one line that every run ends with."""

import signal
from dataclasses import dataclass, field
from typing import Any

from storage.observations import Outcome

FAULTY = (Outcome.MALFORMED.value, Outcome.REFUSED.value, "unrecorded", "restarted")


class CantWork(Exception):
    """A worker can't do what it is for."""


class LaneEnded(CantWork):
    """A lane stopped again and again although nobody told it to: a worker with a dead lane must not look alive."""


class ClockOff(CantWork):
    """This machine's clock is so wrong that nothing may be recorded by it."""


@dataclass(slots=True)
class Summary:
    """Looks by platform and outcome, and what came of them."""

    looks: dict[str, dict[str, int]] = field(default_factory=dict)
    new_cases: int = 0
    changed_cases: int = 0
    unjudged: int = 0  # looks that were recorded and could not be judged
    refused: dict[str, str] = field(default_factory=dict)
    held: dict[str, int] = field(default_factory=dict)  # platform -> due targets that other workers had at the end
    lost: dict[str, int] = field(default_factory=dict)  # platform -> late answers that nobody recorded since
    stopped_by: signal.Signals | None = None

    @property
    def faulty(self) -> bool:
        """Tell whether something needs an operator: malformed answers, refusals, nothing recorded, nobody answering."""
        return bool(self.unjudged or self.lost) or any(
            any(tally.get(outcome) for outcome in FAULTY) or set(tally) == {Outcome.FAILED.value}
            for tally in self.looks.values()
        )

    def as_row(self) -> dict[str, Any]:
        """Return the counts under stable keys."""
        return {
            "looks": self.looks,
            "new_cases": self.new_cases,
            "changed_cases": self.changed_cases,
            "unjudged": self.unjudged,
            "refused": self.refused,
            "held_by_others": self.held,
            "lost": self.lost,
            "stopped_by": self.stopped_by.name if self.stopped_by else None,
        }

    def lines(self) -> list[str]:
        """Return the counts for a reader."""
        lines = []
        for platform, tally in self.looks.items():
            counts = ", ".join(f"{count} {outcome}" for outcome, count in sorted(tally.items())) or "nothing was due"
            lines.append(f"{platform}: {counts}")
        lines += [f"{platform} refuses: {why}" for platform, why in self.refused.items()]
        lines += [f"{platform}: {count} due targets are held by other workers" for platform, count in self.held.items()]
        lines += [
            f"{platform}: {count} answers came after their claims were over and were not recorded: they are still due"
            for platform, count in self.lost.items()
        ]
        lines.append(f"cases: {self.new_cases} new, {self.changed_cases} changed")
        if self.unjudged:
            lines.append(f"{self.unjudged} looks were recorded and could not be judged: the log says why")
        return lines
