"""One small judgement about an event, as a sum of weights with the values that they were put on. Pure."""

from dataclasses import dataclass
from math import fsum

from crawler.suspicion.weights import WEIGHTS

FIRED, QUIET, BLIND = "fired", "quiet", "blind"


@dataclass(frozen=True, slots=True)
class Weighed:
    """A weight of the table, how many times it was put on, and the values that it was put on for."""

    weight: str
    times: float
    quote: str

    @property
    def bits(self) -> float:
        """Multiply it out."""
        return round(WEIGHTS[self.weight].bits * self.times, 3)


@dataclass(frozen=True, slots=True)
class Signal:
    """What one question found: fired, quiet or blind; a blind one says what it misses and how far it might go."""

    state: str
    parts: tuple[Weighed, ...] = ()
    quote: str = ""
    missing: tuple[str, ...] = ()
    low: float = 0.0  # bits that what is missing might still take off
    high: float = 0.0  # bits that it might still add

    @property
    def bits(self) -> float:
        """Add up its parts."""
        return round(fsum(part.bits for part in self.parts), 3)

    @property
    def because(self) -> str:
        """Quote the values that met."""
        return "; ".join(dict.fromkeys([*filter(None, [self.quote]), *(p.quote for p in self.parts if p.quote)]))


def weigh(weight: str, quote: str, times: float = 1.0) -> Weighed:
    """Put a weight on."""
    return Weighed(weight, round(times, 4), quote)


def fired(*parts: Weighed) -> Signal:
    """Say that something was found; without any part it was not."""
    return Signal(FIRED, parts) if parts else Signal(QUIET)


def quiet(quote: str = "") -> Signal:
    """Say that the question was answered with nothing to report."""
    return Signal(QUIET, quote=quote)


def blind(*missing: str, low: str | None = None, high: str | None = None) -> Signal:
    """Say that the question could not be answered, and by which weights its answer might have moved the score."""
    return Signal(
        BLIND,
        missing=missing,
        low=min(0.0, WEIGHTS[low].bits) if low else 0.0,
        high=max(0.0, WEIGHTS[high].bits) if high else 0.0,
        quote="not told: " + ", ".join(missing),
    )
