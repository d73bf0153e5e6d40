"""Print judgement's figures: `python -m benchmarks.judgement --catalogue FOLDER [learn]`."""

import argparse
import sys
from pathlib import Path

from benchmarks.judgement import separation
from benchmarks.judgement.catalogue import Act, read_acts
from benchmarks.judgement.hidden import hide
from benchmarks.judgement.learn import fit
from benchmarks.judgement.surroundings import Index
from benchmarks.judgement.trials import Trial, pool_of, run
from crawler.suspicion.score import ALERT_AT

SEED = 10
SIZE = {False: "all labels", True: "small labels"}


def main() -> int:
    """Read the catalogue, run the trials, print figures."""
    asked = argparse.ArgumentParser(prog="benchmarks.judgement")
    asked.add_argument("--catalogue", type=Path, default=Path("../shared/catalogue"))
    asked.add_argument("part", nargs="*", default=["replay", "census"])
    told = asked.parse_args()
    if not (told.catalogue / "releases.tsv.gz").exists():
        print(f"no catalogue here: {told.catalogue}")
        return 1
    acts = read_acts(told.catalogue)
    index = Index.of(acts)
    setting, reporting = [a for a in acts if a.sets_weights], [a for a in acts if not a.sets_weights]
    print(f"{len(acts)} acts; {len(setting)} set weights, {len(reporting)} report (first byte of SHA-256 of the name)")
    if "learn" in told.part:
        learn(acts, setting, index)
        return 0
    for name, half in (("weights' half", setting), ("reporting half", reporting)):
        for small in (False, True) if "census" in told.part else ():
            places = [f.place for f in hide(half, index, pool_of(acts, index, small), SEED)]
            shares = "  ".join(f"{n}: {sum(p <= n for p in places) / len(places):.3f}" for n in (1, 3, 5))
            print(f"census, {name}, {SIZE[small]}: {len(places)} discographies; among the first {shares}")
        for small in (False, True) if "replay" in told.part else ():
            trials = list(run(half, index, pool_of(acts, index, small), SEED))
            show(f"{name}, {SIZE[small]}", trials)
    return 0


def learn(acts: list[Act], setting: list[Act], index: Index) -> None:
    """Print the measured weights as the weights' half gives them."""
    trials, importance = [], []
    for small, weight in ((False, 1.0), (True, 0.25)):
        for seed in (SEED, SEED + 1):
            found = list(run(setting, index, pool_of(acts, index, small), seed))
            trials += found
            importance += [weight] * len(found)
    for name, bits in fit(trials, importance).items():
        print(f'        "{name}": ({bits}, ""),')


def show(name: str, trials: list[Trial]) -> None:
    """Print one transplant test."""
    honest = [t.judged.bits for t in trials if not t.forged]
    forged = [t.judged.bits for t in trials if t.forged]
    recalls = "  ".join(f"{a:.0%} {separation.recall_at(honest, forged, a):.3f}" for a in separation.ALARMS)
    print(f"{name}: {len(honest)} honest, AUC {separation.area(honest, forged):.4f}; recall at honest alarms {recalls}")
    cases = sum(t.judged.opens for t in trials if not t.forged) / len(honest)
    caught = sum(t.judged.opens for t in trials if t.forged) / len(forged)
    loud = [sum(s >= ALERT_AT for s in scores) / len(scores) for scores in (honest, forged)]
    print(f"    would be a case: honest {cases:.1%}, transplanted {caught:.1%}; loud: {loud[0]:.1%}, {loud[1]:.1%}")


if __name__ == "__main__":
    sys.exit(main())
