"""How a case lives: which status an event's state and its verdict make. Pure.

A verdict is sticky: what was cleared stays cleared until something new fires that had not fired when it was decided.
Only what was seen gone on every page is gone; a page that could not be looked at changes nothing.
"""

from collections.abc import Collection
from dataclasses import dataclass

STATUS_OF = {
    "impersonation": "confirmed",
    "legitimate": "cleared",
    "namesake": "cleared",
    "takedown": "takedown_requested",
    "unsure": "watching",
}
DECISIONS = tuple(STATUS_OF)
RIGHTS_HOLDER, ANALYST = 1, 2  # ranks of authority, the strongest first; what comes after decides nothing
REOPENS = 2.0  # bits that a new sign must weigh to reopen what was cleared


@dataclass(frozen=True, slots=True)
class Life:
    """What a case becomes, and why when that needs saying."""

    status: str
    because: str = ""


def next_life(
    status: str, decision: str, *, gone: bool, fired: Collection[tuple[str, float]], settled: Collection[str]
) -> Life:
    """Say what a case becomes. `fired` are ("signal=values", bits); `settled` what had fired at the verdict."""
    if gone:
        return Life("gone" if status not in ("cleared", "merged") else status)
    if status == "gone":
        return Life("returned", "it is there again")
    if status == "cleared":
        known = {one.split("=", 1)[0] for one in settled}
        news = [(sign, bits) for sign, bits in fired if sign not in settled and sign.split("=", 1)[0] not in known]
        if sum(bits for _, bits in news) >= REOPENS:
            return Life("open", "new since it was cleared: " + "; ".join(sign for sign, _ in news))
        return Life(status)
    if status == "returned" and decision in ("impersonation", "takedown"):
        return Life(status)
    return Life(status or "open")
