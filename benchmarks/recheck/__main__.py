"""Print the recheck figures: `python -m benchmarks.recheck [--seeds N] [--profiles N] [--kinds poisson friday bursty]`.

Before them stands what a cold start costs at the very least, steady releases given: that of a rule which is told how
rates are spread over profiles, and what every profile released up to that day.
"""

import argparse
import sys

import numpy as np

from benchmarks.recheck.least import least
from benchmarks.recheck.simulate import Ours, optimum, round_robin, run, tiers
from benchmarks.recheck.worlds import make
from crawler.watching.rates import STEADY

DAYS = 80.0
TRUE_WEEK = (0.4, 0.4, 0.4, 0.4, 4.6, 0.4, 0.4)  # Friday 60 % and a seventh of the rest


def main() -> int:
    """Run every world under every rule."""
    asked = argparse.ArgumentParser(prog="benchmarks.recheck")
    asked.add_argument("--seeds", type=int, default=20)
    asked.add_argument("--profiles", type=int, default=300)
    asked.add_argument("--budgets", type=float, nargs="*", default=[1.0, 0.2])
    asked.add_argument("--kinds", nargs="*", default=["poisson", "friday", "bursty"])
    told = asked.parse_args()
    print(f"the least that a cold start costs: {least(DAYS):.3f} of the optimum whose rates are known")
    print(f"{told.profiles} profiles, {DAYS:.0f} days, {told.seeds} seeds; weighted delay, as a share of the optimum's")
    for kind in told.kinds:
        week = TRUE_WEEK if kind == "friday" else STEADY
        for budget in told.budgets:
            found = np.array([one(kind, week, budget, told.profiles, seed) for seed in range(told.seeds)])
            ratio = found / found[:, :1]
            mean = ratio.mean(axis=0)
            print(
                f"{kind:8s} {budget:3.1f} checks a profile and day: optimum {24 * found[:, 0].mean():6.1f} h; "
                f"warm {mean[1]:.3f}  cold {mean[2]:.3f}  round robin {mean[3]:.3f}  tiers {mean[4]:.3f}  "
                f"ours/round robin {(found[:, 1] / found[:, 3]).mean():.3f}",
                flush=True,
            )
    return 0


def one(kind: str, week: tuple[float, ...], budget: float, count: int, seed: int) -> list[float]:
    """Run one seed: optimum, ours warm, ours cold, round robin, tiers."""
    profiles = make(kind, count, 365.0, DAYS, seed)
    per_day = budget * count
    results = [run(profiles, DAYS, per_day, optimum(profiles, per_day, week))[1]]
    for memory in (365.0, 0.0):
        ours = Ours(profiles, per_day, memory)
        results.append(run(profiles, DAYS, per_day, ours.wait, ours.pace)[1])
    results += [run(profiles, DAYS, per_day, rule(profiles, per_day))[1] for rule in (round_robin, tiers)]
    return results


if __name__ == "__main__":
    sys.exit(main())
