"""Goal 3, cross-validated: the misspellings of each half of the names, weighed by what the other half set.

`python -m benchmarks.resemblance crossed`. The halves are the tenths of names.py: 0 to 5, from which the shipped
weights are learned, and 6 to 9. Both times made imitations and chance matches are of the learning names.
"""

import random

import numpy as np

from benchmarks.resemblance.accuracy import cut_at
from benchmarks.resemblance.learn import REAL, candidates, learn_weights, names_lessons
from benchmarks.resemblance.names import kept_names, labelled_pairs, learning_names, squashed, tenth
from crawler.resemblance import RosterName, build_index

SEED = 113
SIZE, BACKGROUND = 10_000, 20_000
RATES = (0.01, 0.02, 0.05)
Weights = dict[str, np.ndarray]


def strongest(said: np.ndarray, texts: np.ndarray, count: int) -> np.ndarray:
    """Return the greatest of what is said of each text."""
    best = np.full(count, -np.inf)
    np.maximum.at(best, texts, said)
    return best


def main() -> None:
    """Print the recall of every pair by weights that it did not set."""
    rows = [r for r in labelled_pairs() if r["source"] == "audioscrobbler" and r["label"] == "same"]
    pairs = list(dict.fromkeys((r["variant"], r["canonical"]) for r in rows if r["variant"] != r["canonical"]))
    known = {name for pair in pairs for name in pair}
    pool = [name for name in random.Random(SEED).sample(kept_names(), len(kept_names())) if name not in known]
    roster = (sorted({name for _, name in pairs}) + pool)[:SIZE]
    squash = {squashed(name) for name in roster}
    others = [name for name in pool[SIZE : SIZE + BACKGROUND] if squashed(name) not in squash]
    index = build_index(RosterName(name, name) for name in roster)
    wanted = np.array([roster.index(name) for _, name in pairs])
    x, columns, good = candidates(index, [variant for variant, _ in pairs], "name")
    right = np.flatnonzero(good.alias == wanted[good.text])
    y, _, chance = candidates(index, others, "name")
    hits = {rate: np.zeros(len(pairs), bool) for rate in RATES}
    first = np.array([tenth(name) in REAL for _, name in pairs])
    for part, reported in ((REAL, ~first), (range(REAL.stop, 10), first)):
        weights, _ = learn_weights(list(names_lessons(learning_names(), part)))
        w, constant = np.stack([weights[name] for name in columns], axis=1), weights["constant"]
        met = (x[right] * w[good.found.tier[right]]).sum(1) + constant[good.found.tier[right]]
        loud = (y * w[chance.found.tier]).sum(1) + constant[chance.found.tier]
        best = strongest(met, good.text[right], len(pairs))
        alarms = strongest(loud, chance.text, len(others))
        said = []
        for rate in RATES:
            hits[rate][reported] = (best >= cut_at(rate, alarms))[reported]
            said.append(f"{rate:.0%} {hits[rate][reported].mean():.3f}")
        print(f"  weights from pairs of tenths {part}: {reported.sum()} pairs of the others  {'  '.join(said)}")
    print(
        f"  every pair by the other half: {len(pairs)}  "
        + "  ".join(f"{r:.0%} {h.mean():.3f}" for r, h in hits.items())
    )


if __name__ == "__main__":
    main()
