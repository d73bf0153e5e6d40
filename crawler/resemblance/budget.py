"""How loud a match must be, so that each name raises no more false alarms than its share.

The chance that an unrelated credit reaches so many bits with one given name hardly depends on how many names the
roster has. So a budget of alarms per name gives a cut in bits, the same for a roster of a hundred and of a hundred
thousand; only the total of alarms grows with the roster.
"""

from functools import lru_cache
from importlib import resources
from math import log2

import numpy as np


@lru_cache(maxsize=1)
def chances() -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Return bits, and the logarithm (base 2) of the measured chance that a credit reaches them with a given name."""
    lines = resources.files(__package__).joinpath("data/chances.txt").read_text("ascii").splitlines()
    rows = [tuple(map(float, line.split())) for line in lines if line and not line.startswith("#")]
    return tuple(row[0] for row in rows), tuple(row[1] for row in rows)


def chance(bits: float) -> float:
    """Return the chance that an unrelated credit reaches so many bits with one given name."""
    known, logs = chances()
    if bits > known[-1]:
        # a likelihood ratio of r is met by chance at most once in r times: the measured slope is less steep
        return float(2 ** (logs[-1] - (bits - known[-1]) * steepness()))
    return float(2 ** np.interp(bits, known, logs))


def steepness() -> float:
    """Return by how many doublings the chance falls for each bit, at the loud end of what was measured."""
    known, logs = chances()
    return max(0.25, (logs[0] - logs[-1]) / (known[-1] - known[0]))


def cut_for(alarms_per_name: float, credits: float) -> float:
    """Return the bits to cut at, so that a name raises this many false alarms among so many credits examined."""
    wanted = log2(alarms_per_name) - log2(credits)
    known, logs = chances()
    if wanted < logs[-1]:
        return known[-1] + (logs[-1] - wanted) / steepness()
    return float(np.interp(-wanted, [-v for v in logs], known))
