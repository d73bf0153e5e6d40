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
    """A monitored artist met in a text: how, how probably an imitation, and how surprising by chance."""

    artist: str
    alias: str
    """The roster's spelling that was met."""
    part: str
    """What was met, as printed."""
    span: tuple[int, int]
    """Where the part stands in the text."""
    score: float
    """The probability of an imitation, at the prior that score.py states."""
    surprise: float
    """Bits by which an imitation explains the text better than chance does; cut on this for an alert budget."""
    text: str
    """The whole text."""

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
