"""Fit the measured weights on the half of the acts that sets weights, with every other weight held as it is."""

import math
from collections.abc import Sequence

import numpy as np

from benchmarks.judgement.trials import Trial
from crawler.suspicion.weights import MEASURED, WEIGHTS

RIDGE = 4.0  # pulls a standardised weight towards 0
STEPS = 40


def fit(
    trials: Sequence[Trial], importance: Sequence[float], names: Sequence[str] = tuple(MEASURED)
) -> dict[str, float]:
    """Return bits for each measured weight, by ridge logistic regression."""
    place = {name: i for i, name in enumerate(names)}
    x = np.zeros((len(trials), len(names)))
    held = np.zeros(len(trials))
    y = np.array([t.forged for t in trials], float)
    w = np.array(importance, float)
    for row, trial in enumerate(trials):
        for part in trial.judged.parts:
            for weighed in part.weights:
                if weighed.weight in place:
                    x[row, place[weighed.weight]] += weighed.times
                else:
                    held[row] += WEIGHTS[weighed.weight].bits * weighed.times * math.log(2)
    scale = np.sqrt(np.average(x**2, axis=0, weights=w)) + 1e-9
    z = x / scale  # no intercept: one of line.home and line.new is always there, and bits must mean what they say
    beta = np.zeros(z.shape[1])
    penalty = np.diag([RIDGE] * len(names))
    for _ in range(STEPS):
        p = 1 / (1 + np.exp(-np.clip(z @ beta + held, -30, 30)))
        gradient = z.T @ (w * (p - y)) + penalty @ beta
        hessian = (z * (w * p * (1 - p))[:, None]).T @ z + penalty + 1e-6 * np.eye(len(beta))
        beta -= np.linalg.solve(hessian, gradient)
    bits = beta / scale / math.log(2)
    return {name: round(float(b), 2) for name, b in zip(names, bits, strict=True)}
