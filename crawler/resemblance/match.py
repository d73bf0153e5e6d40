"""The values that go in and out: a name on the roster, and a match with its reasons."""

from dataclasses import dataclass
from typing import NamedTuple


@dataclass(frozen=True)
class RosterName:
    """A monitored artist's key, name and other spellings; the weight says how much is at stake (1 is ordinary)."""

    artist: str
    name: str
    aliases: tuple[str, ...] = ()
    weight: float = 1.0

    @property
    def spellings(self) -> tuple[str, ...]:
        """The name and its aliases, each once."""
        return tuple(dict.fromkeys(s for s in (self.name, *self.aliases) if s.strip()))


class Match(NamedTuple):
    """A monitored artist met in a text: a frozen value, of which only the explanation is worked out later.

    `bits` is the logarithm (base 2) of the likelihood ratio: P(seen | it imitates this name) / P(seen | any other
    credit). Bits of independent evidence add up. `chance` is how many of 100,000 unrelated texts of its kind would
    reach so many bits with one name by chance alone. `kinds`, `reasons` and `evidence` are worked out when asked for.
    """

    artist: str
    alias: str
    """The roster's spelling that was met."""
    part: str
    """What was met, as printed."""
    span: tuple[int, int]
    """Where the part stands in the text."""
    score: float
    """The probability of an imitation, at the prior that score.py states."""
    bits: float
    """By how many doublings an imitation explains the text better than chance does."""
    chance: float
    """How many of 100,000 unrelated texts would be as loud with one name by chance."""
    edits: int
    """How many letters were typed otherwise (two neighbours that are swapped are one); look-alikes are none."""
    text: str
    """The whole text, as printed."""

    @property
    def surprise(self) -> float:
        """The bits, by their older name."""
        return self.bits

    @property
    def reasons(self) -> tuple[tuple[str, str], ...]:
        """Every (kind, evidence) of the match, worked out when asked for."""
        from crawler.resemblance.explain import reasons

        return reasons(self.text, self.span, self.alias)

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of imitation, most telling first."""
        return tuple(dict.fromkeys(kind for kind, _ in self.reasons))

    @property
    def evidence(self) -> str:
        """What differs, quoted."""
        return "; ".join(said for _, said in self.reasons)
