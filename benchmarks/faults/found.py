"""What a part of the matrix did, and what came of it."""

from dataclasses import dataclass, field

EXPECTED = "expected"  # the one count that is no harm: the listings that had to be there


@dataclass(frozen=True, slots=True)
class Found:
    """The harm done, in words, and the counts of what went wrong."""

    harm: str
    counts: dict[str, int] = field(default_factory=dict)
    faults: tuple[str, ...] = ()  # what did not end as it should have, in words

    @property
    def bad(self) -> bool:
        """Tell whether anything went wrong, or nothing was there to go wrong."""
        wrong = any(count for name, count in self.counts.items() if name != EXPECTED)
        return bool(self.faults) or wrong or self.counts.get(EXPECTED) == 0

    def __str__(self) -> str:
        """Say it in one line."""
        counts = ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in self.counts.items())
        return "; ".join(part for part in (self.harm, counts, *self.faults) if part)
