"""Which cases are loud: the cut in bits that a budget of false alarms allows. Pure."""

from collections.abc import Sequence

from crawler.suspicion.score import ALERT_AT, alert_cut

BUDGET = 1.0  # false alarms per 100 artists and week
CUT = ALERT_AT  # until a store's own decided cases say more
ENOUGH_WEEKS = 400.0  # artist-weeks of decided cases from which they count


def cut_for(cleared: Sequence[float], artist_weeks: float, budget: float = BUDGET) -> float:
    """Say from how many bits on a case is loud; `cleared` are the bits of cases that were decided as innocent."""
    if artist_weeks < ENOUGH_WEEKS:
        return CUT
    return alert_cut(cleared, artist_weeks, budget, CUT)
