"""How well scores part the forged from the honest: area under the curve, recall at equal alarms. Pure."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

ALARMS = (0.01, 0.02, 0.03, 0.05, 0.10, 0.20)


def area(honest: Sequence[float], forged: Sequence[float]) -> float:
    """Return the chance that a forged one scores above an honest one, ties counted half."""
    ranked = sorted(honest)
    won = sum((bisect_left(ranked, s) + bisect_right(ranked, s)) / 2 for s in forged)
    return won / (len(ranked) * len(forged))


def recall_at(honest: Sequence[float], forged: Sequence[float], alarms: float) -> float:
    """Return the share of forged ones above the cut that so large a share of honest ones passes.

    Where honest ones tie at the cut, the share of that tie that fits is counted on both sides.
    """
    ranked = sorted(honest, reverse=True)
    room = alarms * len(ranked)
    cut = ranked[min(int(room), len(ranked) - 1)]
    above = sum(s > cut for s in ranked)
    tied = sum(s == cut for s in ranked)
    part = max(0.0, min(1.0, (room - above) / tied))
    return (sum(s > cut for s in forged) + part * sum(s == cut for s in forged)) / len(forged)
