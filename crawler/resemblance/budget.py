"""How loud a match must be, so that each name raises no more false alarms than its share.

The chance that an unrelated text reaches so many bits with one given name hardly depends on how many names the roster
has. So a budget of alarms per name gives a cut in bits, the same for a roster of a hundred and of a hundred thousand;
only the total of alarms grows with the roster. Titles have chances of their own: they are ordinary words oftener.
"""

from functools import lru_cache
from importlib import resources
from math import log2

import numpy as np

from crawler.resemblance.language import Floats

CREDITS = 100_000.0
"""The unrelated texts that chances are told for."""
ALARMS = 0.1
"""False alarms that an ordinary name may raise among so many texts: 1 % of texts for a roster of 10,000."""
LEAST_STEEP = 0.25


@lru_cache(maxsize=2)
def chances(titles: bool = False) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Return bits, and the logarithm (base 2) of the measured chance that a text reaches them with a given name."""
    name = "data/title_chances.txt" if titles else "data/chances.txt"
    lines = resources.files(__package__).joinpath(name).read_text("ascii").splitlines()
    rows = [tuple(map(float, line.split())) for line in lines if line and not line.startswith("#")]
    return tuple(row[0] for row in rows), tuple(row[1] for row in rows)


def chance_of(bits: Floats, *, titles: bool = False) -> Floats:
    """Return the chance that an unrelated text reaches so many bits with one given name."""
    known, logs = chances(titles)
    # beyond what was measured the chance goes on falling as it did
    beyond = np.maximum(np.asarray(bits) - known[-1], 0) * steepness(titles)
    return np.asarray(2.0 ** (np.interp(bits, known, logs) - np.minimum(beyond, 900)))


def chance(bits: float, *, titles: bool = False) -> float:
    """Return the chance that an unrelated text reaches so many bits with one given name."""
    return float(chance_of(np.array(bits), titles=titles))


def expected(bits: Floats, *, titles: bool = False) -> Floats:
    """Return how many of 100,000 unrelated texts reach so many bits with one given name."""
    return np.asarray(chance_of(bits, titles=titles) * CREDITS)


def steepness(titles: bool = False) -> float:
    """Return by how many doublings the chance falls for each bit, at the loud end of what was measured."""
    known, logs = chances(titles)
    return max(LEAST_STEEP, (logs[0] - logs[-1]) / (known[-1] - known[0]))


def cut_for(alarms_per_name: float, credits: float = CREDITS, *, titles: bool = False) -> float:
    """Return the bits to cut at, so that a name raises this many false alarms among so many texts examined."""
    if alarms_per_name <= 0:
        return float("inf")
    wanted = log2(alarms_per_name) - log2(credits)
    known, logs = chances(titles)
    if wanted < logs[-1]:
        return known[-1] + (logs[-1] - wanted) / steepness(titles)
    if wanted > logs[0]:
        return float("-inf")
    return float(np.interp(-wanted, [-v for v in logs], known))
