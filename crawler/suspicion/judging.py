"""Interim judgement, until the signals with bits stand."""

from dataclasses import dataclass
from typing import Any

from storage.facts.values import Event

RULES = "interim"


@dataclass(frozen=True, slots=True)
class Part:
    """One signal's part in a score."""

    signal: str
    reason: str
    state: str
    bits: float
    because: str

    def as_row(self) -> dict[str, Any]:
        """Return it as a case keeps it."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__}


@dataclass(frozen=True, slots=True)
class Judgement:
    """What an event is worth."""

    score_low: float
    score: float
    score_high: float
    bits: float
    parts: tuple[Part, ...]
    attack: str
    loud: bool
    is_case: bool


def judge(event: Event) -> Judgement:
    """Judge an event."""
    parts = [Part("prior", "The prior.", "fired", -4.0, event.kind)]
    if event.kind == "profile":
        same = [one for one in event.resembled if one.same]
        parts.append(
            Part(
                "name",
                "A page goes by the name.",
                "fired" if same else "quiet",
                4.0 if same else 2.0,
                event.findings[0].page.name,
            )
        )
    else:
        one = event.shown
        assert one is not None
        home = {line.key for p in event.past for line in p.lines} | set(event.artist.home_labels)
        mine = {line.key for line in one.lines}
        state = "blind" if not mine or not home else "quiet" if mine & home else "fired"
        parts.append(
            Part(
                "label",
                "Its label is strange here.",
                state,
                5.0 if state == "fired" else -3.0 if state == "quiet" else 0.0,
                ", ".join(sorted(mine)),
            )
        )
        registrants = {isrc[:5] for p in event.past for isrc in p.isrcs}
        codes = {isrc[:5] for isrc in one.isrcs}
        state = "blind" if not codes or not registrants else "quiet" if codes & registrants else "fired"
        parts.append(
            Part(
                "registrant",
                "Its codes are strange here.",
                state,
                3.0 if state == "fired" else -4.0 if state == "quiet" else 0.0,
                ", ".join(sorted(codes)),
            )
        )
    bits = sum(part.bits for part in parts)
    score = 1 / (1 + 2**-bits)
    return Judgement(score, score, min(1.0, score + 0.2), bits, tuple(parts), event.kind, score > 0.5, score > 0.1)
