"""Two printed names letter by letter: which sign stands for which, as an eye compares them.

Signs are aligned as they are printed, not as they fold: "Metalica" lacks an l of "Metallica" and has no confusable.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from crawler.resemblance.folding import Origin

SAME, OTHER_CASE, MARKED, PRINTED, READ, TYPED = 0.0, 0.01, 0.1, 0.2, 0.3, 1.0
"""What a pair of letters costs: the same; but for case; but for marks; printed otherwise; read otherwise; another."""
LONGEST = 120
"""Letters of what differs that are aligned; longer names are aligned by their places."""


class Letter(NamedTuple):
    """One letter of a printed name."""

    plain: str
    """The Latin letter or digit that is read, or the sign itself where none is."""
    alike: str
    """The same, where letters that look alike are one."""
    sign: str
    """The sign as it is printed; one that is read as several letters stands with each."""
    at: int
    """The place of the sign in the printed name."""
    number: int
    """Which letter of the name it is, from 1."""
    origin: Origin


class Step(NamedTuple):
    """One step of an alignment: a letter of the part, of the name, or of both."""

    mine: Letter | None
    theirs: Letter | None
    swapped: bool = False
    """Whether it is the first of two letters that changed places with the next step."""


def cost(mine: Letter, theirs: Letter) -> float:
    """Return how much one letter for another costs."""
    if mine.sign == theirs.sign:
        return SAME
    if mine.sign.casefold() == theirs.sign.casefold():
        return OTHER_CASE
    if mine.plain == theirs.plain:
        return MARKED if Origin.MARKED in (mine.origin, theirs.origin) else PRINTED
    return READ if mine.alike == theirs.alike else TYPED


def is_same(sign: str, other: str) -> bool:
    """Say whether two signs are the same but for case."""
    return sign == other or sign.casefold() == other.casefold()


def align(mine: Sequence[Letter], theirs: Sequence[Letter]) -> list[Step]:
    """Return the cheapest alignment of two lists of letters."""
    begin, end = 0, 0
    shorter = min(len(mine), len(theirs))
    while begin < shorter and is_same(mine[begin].sign, theirs[begin].sign):
        begin += 1
    while end < shorter - begin and is_same(mine[-1 - end].sign, theirs[-1 - end].sign):
        end += 1
    same = [Step(m, t) for m, t in zip(mine[:begin], theirs[:begin], strict=True)]
    last = [Step(m, t) for m, t in zip(mine[len(mine) - end :], theirs[len(theirs) - end :], strict=True)]
    return same + middle(mine[begin : len(mine) - end], theirs[begin : len(theirs) - end]) + last


def middle(mine: Sequence[Letter], theirs: Sequence[Letter]) -> list[Step]:
    """Return the cheapest alignment of what lies between the same beginning and end."""
    if len(mine) == len(theirs) and all(m.alike == t.alike for m, t in zip(mine, theirs, strict=True)):
        return [Step(m, t) for m, t in zip(mine, theirs, strict=True)]
    if not mine or not theirs or max(len(mine), len(theirs)) > LONGEST:
        shared = min(len(mine), len(theirs))
        pairs = [Step(m, t) for m, t in zip(mine[:shared], theirs[:shared], strict=True)]
        return pairs + [Step(m, None) for m in mine[shared:]] + [Step(None, t) for t in theirs[shared:]]
    table = [[j * TYPED for j in range(len(theirs) + 1)]]
    for i, m in enumerate(mine, 1):
        row = [i * TYPED]
        for j, t in enumerate(theirs, 1):
            least = min(table[i - 1][j - 1] + cost(m, t), table[i - 1][j] + TYPED, row[j - 1] + TYPED)
            if i > 1 and j > 1 and is_swap(mine[i - 2], m, theirs[j - 2], t):
                least = min(least, table[i - 2][j - 2] + TYPED)
            row.append(least)
        table.append(row)
    return walked(mine, theirs, table)


def is_swap(one: Letter, two: Letter, first: Letter, second: Letter) -> bool:
    """Say whether two letters are two others in the other order."""
    return one.plain == second.plain and two.plain == first.plain and one.plain != two.plain


def walked(mine: Sequence[Letter], theirs: Sequence[Letter], table: list[list[float]]) -> list[Step]:
    """Return the way back through a table of costs."""
    steps: list[Step] = []
    i, j = len(mine), len(theirs)
    while i or j:
        here = table[i][j]
        if i and j and abs(table[i - 1][j - 1] + cost(mine[i - 1], theirs[j - 1]) - here) < 1e-9:
            steps.append(Step(mine[i - 1], theirs[j - 1]))
            i, j = i - 1, j - 1
        elif (
            i > 1
            and j > 1
            and is_swap(mine[i - 2], mine[i - 1], theirs[j - 2], theirs[j - 1])
            and abs(table[i - 2][j - 2] + TYPED - here) < 1e-9
        ):
            steps += [Step(mine[i - 1], theirs[j - 1]), Step(mine[i - 2], theirs[j - 2], swapped=True)]
            i, j = i - 2, j - 2
        elif j and abs(table[i][j - 1] + TYPED - here) < 1e-9:
            steps.append(Step(None, theirs[j - 1]))
            j -= 1
        else:
            steps.append(Step(mine[i - 1], None))
            i -= 1
    return steps[::-1]


def runs(steps: list[Step]) -> list[list[Step]]:
    """Return the runs of neighbouring letters that were typed otherwise."""
    told: list[list[Step]] = []
    open_run = False
    for before, step in pairwise([Step(None, None), *steps]):
        if before.swapped:
            open_run = False
            continue
        other = not step.swapped and (step.mine is None or step.theirs is None or cost(step.mine, step.theirs) >= TYPED)
        if other:
            if open_run:
                told[-1].append(step)
            else:
                told.append([step])
        open_run = other
    return told
