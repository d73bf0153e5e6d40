"""How much harm a part of the matrix does, what it did, and what came of it."""

from dataclasses import dataclass, field

EXPECTED = "expected"  # the one count that is no harm: the listings that had to be there


@dataclass(frozen=True, slots=True)
class Harm:
    """What share of the whole harm is done, in a world that is as much smaller, by which chance."""

    share: float = 1.0
    seed: int = 1

    def of(self, whole: int) -> int:
        """Return the share of so many."""
        return max(1, round(whole * self.share))

    def between(self, fewest: int, most: int) -> int:
        """Return something between what the shortest form takes and what the whole takes."""
        return fewest + round((most - fewest) * self.share)


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
