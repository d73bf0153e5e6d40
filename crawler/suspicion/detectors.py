"""What detection systems say of an event: a part of the score of its own, that opens, clears and reopens nothing. Pure.

Of several detectors that say the same, the one that says most counts once: they may all have learnt from one another.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from math import fsum
from typing import Any

from crawler.suspicion.score import Judged, Part, posterior, raised
from crawler.suspicion.signal import FIRED, QUIET, Weighed, weigh
from storage.detections import Detected, Sum

SIGNAL = "detectors"
REASON = "Detection systems answered: they move the score and decide nothing alone."
WEIGHT_OF = {
    ("", "impersonation"): "detector.impersonation",
    ("", "takedown"): "detector.impersonation",
    ("", "legitimate"): "detector.legitimate",
    ("", "namesake"): "detector.legitimate",
    ("voice_clone", "yes"): "detector.voice_clone",
    ("copy_of", "yes"): "detector.copy",
    ("cover_of", "yes"): "detector.cover",
    ("ai_generated", "yes"): "detector.ai",
}


def part_of(detected: Sequence[Detected]) -> Part:
    """Weigh what detectors said, and quote all of them."""
    weights: dict[str, Weighed] = {}
    for one in detected:
        name = WEIGHT_OF.get((one.question, one.says))
        if name is not None:
            weights.setdefault(name, weigh(name, _quoted(one)))
    return Part(
        signal=SIGNAL,
        reason=REASON,
        state=FIRED if weights else QUIET,
        bits=round(fsum(w.bits for w in weights.values()), 3),
        because="; ".join(_quoted(one) for one in detected),
        weights=tuple(weights.values()),
    )


def heard(judged: Judged, detected: Sequence[Detected], cut: float | None = None) -> Judged:
    """Add what detectors said to a judgement; whether it is a case is left to the rest of the evidence."""
    if not detected:
        return judged
    told = raised(judged, part_of(detected), cut)
    loud = None if cut is None else judged.opens and told.bits >= cut
    return replace(told, opens=judged.opens, why=judged.why, loud=loud)


def added_up(evidence: Iterable[dict[str, Any]], detected: Sequence[Detected]) -> Sum:
    """Put what detectors said among a case's kept parts."""
    parts = (*(one for one in evidence if one["signal"] != SIGNAL), part_of(detected).as_row())
    bits = _sum(one["bits"] for one in parts)
    low = _sum([bits, *(one.get("low", 0.0) for one in parts)])
    high = _sum([bits, *(one.get("high", 0.0) for one in parts)])
    return Sum(parts, bits, posterior(low), posterior(bits), posterior(high))


def _sum(bits: Iterable[float]) -> float:
    return round(fsum(bits), 3)


def _quoted(one: Detected) -> str:
    about = f" on {one.question}" if one.question else ""
    return f"{one.detector} on {one.at:%Y-%m-%d}{about}: {one.says or one.quote}"
