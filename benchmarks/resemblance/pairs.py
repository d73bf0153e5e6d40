"""Goal 3: the labelled real pairs, met as names.

Roster: the canonical names of each set, padded with kept names to 10,000. The pairs were read for their misses while
the matcher was made, so only those of kept names are nearly blind.
"""

import random
from collections import defaultdict
from collections.abc import Callable

import numpy as np
from rapidfuzz import fuzz
from rapidfuzz.utils import default_process

from benchmarks.resemblance.accuracy import cut_at, strongest
from benchmarks.resemblance.imitations import ALL
from benchmarks.resemblance.names import all_names, kept_names, labelled_pairs, squashed, tenth
from crawler.resemblance import ALARMS, RosterName, build_index

SEED = 113
SIZE = 10_000
RATES = (0.01, 0.02, 0.05, 0.08, 0.115)
Pair = tuple[str, str]


def look_alike(pair: Pair) -> bool:
    """Say whether a pair looks alike at all: ratio or token_set of at least 80."""
    one, other = map(default_process, pair)
    return max(fuzz.ratio(one, other), fuzz.token_set_ratio(one, other)) >= 80


def cause(pair: Pair) -> str:
    """Return why a pair may well be missed."""
    canonical = pair[1]
    if not look_alike(pair):
        scripts = [any(ord(c) > 0x2FF for c in name) for name in pair]
        return "another script, read otherwise" if scripts[0] != scripts[1] else "another name (renaming, real name)"
    words = [set(default_process(name).split()) for name in pair]
    if words[0] < words[1]:
        return "some of the name's words"
    if words[1] < words[0]:
        return "the name among other words"
    return "three edits or more" if len(squashed(canonical)) >= 9 else "two edits in a short name"


def measured(title: str, pairs: list[Pair]) -> tuple[list[Pair], dict[float, float], np.ndarray]:
    """Match the variants of pairs against a padded roster, and return them, the cut of each rate, and surprises."""
    pairs = list(dict.fromkeys(pair for pair in pairs if pair[0] != pair[1]))
    rng = random.Random(SEED)
    canonical = sorted({pair[1] for pair in pairs})
    known = set(canonical) | {pair[0] for pair in pairs}
    pool = [name for name in rng.sample(kept_names(), len(kept_names())) if name not in known]
    roster = (canonical + pool)[:SIZE]
    index = build_index(RosterName(name, name) for name in roster)
    squash = {squashed(name) for name in roster}
    background = [name for name in pool[SIZE : SIZE + 20_000] if squashed(name) not in squash]
    chance = strongest(index, background)
    best = strongest(index, [pair[0] for pair in pairs], [pair[1] for pair in pairs])
    cut = index.cuts(ALARMS, "name")
    print(
        f"{title}: {len(pairs)} pairs, roster {len(roster)}; flagged without a cut {np.mean(chance > -1e9):.3f}, "
        f"at the production cut ({cut:.2f} bits) {np.mean(chance >= cut):.4f}"
    )
    print(f"  told at the production cut: {np.mean(best >= cut):.3f}")
    return pairs, {rate: cut_at(rate, chance) for rate in RATES}, best


def articles() -> None:
    """Print the share of kept names that are met without their article."""
    rng = random.Random(SEED)
    names = [name for name in kept_names() if ALL["article"](rng, name)]
    names = rng.sample(names, min(2_000, len(names)))
    pairs, cuts, best = measured("dropped articles", [(str(ALL["article"](rng, name)), name) for name in names])
    table("all", np.ones(len(pairs), bool), cuts, best)


def table(name: str, chosen: np.ndarray, cuts: dict[float, float], best: np.ndarray) -> None:
    """Print the share that is met at each rate of alarms."""
    if chosen.any():
        shares = "  ".join(f"{rate:.1%} {np.mean(best[chosen] >= cut):.3f}" for rate, cut in cuts.items())
        print(f"  {name:44s} {chosen.sum():5d}  {shares}  any {np.mean(best[chosen] > -1e9):.3f}")


def misses(pairs: list[Pair], best: np.ndarray, say: Callable[[str], None], examples: int = 3) -> None:
    """Print the pairs that are not met at all, by cause."""
    causes: dict[str, list[Pair]] = defaultdict(list)
    for pair, value in zip(pairs, best, strict=True):
        if not value > -1e9:
            causes[cause(pair)].append(pair)
    for why, those in sorted(causes.items(), key=lambda item: -len(item[1])):
        some = "; ".join(f"{variant} | {canonical}" for variant, canonical in those[:examples])
        say(f"    {len(those):4d} missed: {why}, e.g. {some}")


def main() -> None:
    """Print recall on same pairs by source, and the share of different pairs that is flagged."""
    assert all_names()
    rows = labelled_pairs()
    scrobbled = [
        (r["variant"], r["canonical"]) for r in rows if r["source"] == "audioscrobbler" and r["label"] == "same"
    ]
    pairs, cuts, best = measured("Audioscrobbler misspellings", scrobbled)
    alike = np.array([look_alike(pair) for pair in pairs])
    table("all", np.ones(len(pairs), bool), cuts, best)
    table("those that look alike at all", alike, cuts, best)
    table("of kept names", np.array([tenth(pair[1]) >= 6 for pair in pairs]), cuts, best)
    misses(pairs, best, print)
    articles()
    labelled = [r for r in rows if r["source"] != "audioscrobbler"]
    pairs, cuts, best = measured("other labelled pairs", [(r["variant"], r["canonical"]) for r in labelled])
    of = {(r["variant"], r["canonical"]): (r["label"], r["source"]) for r in labelled}
    alike = np.array([look_alike(pair) for pair in pairs])
    for label in ("same", "different", "not-linked", "related", "alias"):
        chosen = np.array([of[pair][0] == label for pair in pairs])
        table(label, chosen, cuts, best)
        if label == "same":
            for source in sorted({of[pair][1] for pair in pairs}):
                table(f"    {source}", chosen & np.array([of[pair][1] == source for pair in pairs]), cuts, best)
            table("    those that look alike at all", chosen & alike, cuts, best)
            same = np.flatnonzero(chosen)
            misses([pairs[i] for i in same], best[same], print)


if __name__ == "__main__":
    main()
