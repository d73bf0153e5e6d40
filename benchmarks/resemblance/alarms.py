"""Goal 2, second half: one budget of alarms per name holds for rosters of 1,000, 10,000 and 100,000 names."""

from collections import Counter

import numpy as np

from benchmarks.resemblance.accuracy import trial
from benchmarks.resemblance.imitations import UNLEARNED
from benchmarks.resemblance.names import choosing_names, kept_names, members, same_act, squashed
from crawler.resemblance import RosterName, build_index, cut_for

SEED = 109
SIZES = (1_000, 10_000, 100_000)
"""Of the largest some are names that were looked at while choosing: there are not enough others."""
CREDITS = 20_000
BUDGETS = (0.006, 0.02, 0.06)
"""False alarms that a name may raise among so many credits; the middle one is the crawler's, 0.1 in 100,000."""
LENGTHS = ((0, 6), (7, 10), (11, 15), (16, 999))


def false_alarms(roster: list[str], background: list[str]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the text, the name and the bits of every match that is not of a credit's own member, spelt somehow."""
    index = build_index(RosterName(str(i), name) for i, name in enumerate(roster))
    squash = [squashed(name) for name in roster]
    rows = []
    for number, (text, matches) in enumerate(
        zip(background, index.match_many(background, least=0.0, kind="name"), strict=True)
    ):
        true = members(text)
        rows += [
            (number, int(m.artist), m.bits)
            for m in matches
            if squash[int(m.artist)] not in true and not same_act(m.alias, text)
        ]
    return tuple(np.array(column) for column in zip(*rows, strict=True))  # type: ignore[return-value]


def main() -> None:
    """Print the alarms per name that each budget gives, and what a fixed cut would flag."""
    print(f"false alarms per name among {CREDITS:,} unrelated credits (seed {SEED}); cut chosen by the budget alone")
    print(
        f"{'roster':>8s}  {'fixed cut':>10s}  " + "  ".join(f"budget {b:<6g}" for b in BUDGETS) + "   credits flagged"
    )
    for size in SIZES:
        pool = kept_names() if size < SIZES[-1] else [*kept_names(), *choosing_names()]
        drawn = trial(pool, size, CREDITS, 0, SEED, UNLEARNED)
        texts, names, bits = false_alarms(drawn.roster, drawn.background)
        told = []
        for budget in BUDGETS:
            cut = cut_for(budget, CREDITS)
            told.append(f"{(bits >= cut).sum() / size:13.4f}")
        flagged = [len(set(texts[bits >= cut_for(b, CREDITS)].tolist())) / CREDITS for b in BUDGETS]
        fixed = len(set(texts.tolist())) / CREDITS
        print(f"{size:8,d}  {fixed:10.1%}  " + "  ".join(told) + "   " + " ".join(f"{f:.2%}" for f in flagged))
    by_length(drawn.roster, names, bits)


def by_length(roster: list[str], names: np.ndarray, bits: np.ndarray) -> None:
    """Print how the alarms of the middle budget fall on short and long names, and on the loudest one."""
    loud = names[bits >= cut_for(BUDGETS[1], CREDITS)].astype(int)
    sizes = np.array([len(squashed(name)) for name in roster])
    for low, high in LENGTHS:
        some = (sizes >= low) & (sizes <= high)
        share = some[loud].sum() / max(1, some.sum())
        print(f"    names of {low}-{high} letters: {some.sum():6,d}, {share:.4f} alarms a name at budget {BUDGETS[1]}")
    most = Counter(loud.tolist()).most_common(1)
    print(f"    most alarms of one name: {most[0][1] if most else 0}")


if __name__ == "__main__":
    main()
