"""How much likelier a candidate is as an imitation of the name than by chance, and what probability that makes.

The likelihood ratio is of one text and one name: P(seen | imitates the name) / P(seen | any other credit). Its
logarithm is a weighted sum of features; the weights (data/weights.txt) were learned from the learning names.
"""

from functools import lru_cache
from importlib import resources
from math import inf, log

import numpy as np

from crawler.resemblance.features import Features
from crawler.resemblance.language import Floats
from crawler.resemblance.letters import Ints

TIERS = 6
PRIOR = 1e-5
"""That a credit imitates one given name: one credit in a hundred imitates one of a thousand names."""


@lru_cache(maxsize=2)
def weights(titles: bool = False) -> dict[str, Floats]:
    """Return the shipped weights by feature, one for each tier of candidates, for names and credits or for titles."""
    name = "data/title_weights.txt" if titles else "data/weights.txt"
    text = resources.files(__package__).joinpath(name).read_text("ascii")
    lines = (line.rsplit(" ", TIERS) for line in text.splitlines() if line and not line.startswith("#"))
    return {name: np.array(list(map(float, each))) for name, *each in lines}


def likelihood(features: Features, tier: Ints, titles: bool = False) -> Floats:
    """Return the natural logarithm of the likelihood ratio of every candidate."""
    learned = weights(titles)
    total: Floats = learned["constant"][tier]
    for name, each in learned.items():
        if name != "constant":
            total += each[tier] * features[name]
    return total


def surprise(likelihoods: Floats) -> Floats:
    """Return likelihood ratios in bits."""
    return np.asarray(likelihoods / log(2))


def probability(likelihoods: Floats) -> Floats:
    """Return how probable an imitation is, at the reference prior."""
    return np.asarray(1 / (1 + np.exp(-np.clip(likelihoods + log(PRIOR), -500, 500))))


def bits_of(score: float) -> float:
    """Return the bits from which a candidate has at least this score."""
    if score <= 0:
        return -inf
    return inf if score >= 1 else (log(score / (1 - score)) - log(PRIOR)) / log(2)
