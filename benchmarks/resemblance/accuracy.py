"""Goals 1 and 2: recall by kind at the production cut and at equal false-alarm rates, on names that set nothing.

Through the production path (crawler.suspicion.meeting): credits as names, what stands in titles as titles. Templates
are the half of imitations.py that was never learned from, and mined ones that nobody wrote.
"""

import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np

from benchmarks.resemblance.imitations import ALL, FIRST_25, UNLEARNED, Way, imitations
from benchmarks.resemblance.mined import mined_ways
from benchmarks.resemblance.names import fresh_names, kept_names, members, phrase, same_act, squashed
from crawler.resemblance import ALARMS, Index, Kind, RosterName, build_index
from crawler.suspicion.meeting import names_of

SEED = 101
"""Drawn only for the printed figures; nothing was chosen on it."""
RATES = (0.002, 0.005, 0.01, 0.02, 0.05)
GOALS = (0.70, 0.88, 0.93, 0.96, 0.985)
LONGEST_PHRASE = 8
SCARCE = ("symbols", "number_words", "translit_from", "article")
Imitation = tuple[str, str, str]


@dataclass(frozen=True)
class Trial:
    """A roster, a background that does not contain it, and imitations of it."""

    roster: list[str]
    background: list[str]
    made: list[Imitation]


def trial(pool: Sequence[str], size: int, background: int, per_kind: int, seed: int, table: dict[str, Way]) -> Trial:
    """Draw a trial: a tenth of the background are joint credits.

    Few names have numbers, other scripts or no letters at all, so of those the roster gets enough to be measured.
    """
    names = random.Random(seed).sample(list(pool), len(pool))
    wanted = [name for kind in SCARCE for name in able(kind, names, per_kind)]
    names = list(dict.fromkeys(wanted + names))
    roster, rest = names[:size], names[size:]
    joint = [name for name in rest if len(members(name)) > 2][: background // 10]
    taken = set(joint)
    others = [name for name in rest if name not in taken][: background - len(joint)]
    return Trial(roster, others + joint, imitations(table, roster, per_kind, seed))


def able(kind: str, names: list[str], count: int) -> list[str]:
    """Return the first names that a kind of imitation applies to."""
    rng = random.Random(kind)
    return list(islice((name for name in names if ALL[kind](rng, name) is not None), count))


def contains(text: str, phrases: set[str]) -> bool:
    """Say whether a credit contains a roster name word for word, or spells one in one of its members."""
    words = phrase(text).split()
    runs = (" ".join(words[i : i + n]) for n in range(1, LONGEST_PHRASE + 1) for i in range(len(words) - n + 1))
    return any(run in phrases for run in runs)


def same_acts(index: Index, text: str) -> bool:
    """Say whether the loudest match of a text is the same act, spelt another way by another list."""
    return any(same_act(text, match.alias) for match in index.match(text, kind="name", least=0.0)[:1])


def kind_of(way: str) -> Kind:
    """Return as what the crawler meets an imitation: what stands in titles is met there."""
    return "title" if way.startswith("embedded") else "name"


def strongest(index: Index, texts: list[str], wanted: list[str] | None = None, kind: Kind = "name") -> np.ndarray:
    """Return the bits of each text's strongest match (with the wanted artist, where one is given)."""
    best = np.full(len(texts), -np.inf)
    for at, matches in enumerate(index.match_many(texts, least=0.0, kind=kind)):
        told = [m.bits for m in matches if wanted is None or m.artist == wanted[at]]
        best[at] = max(told, default=-np.inf)
    return best


def strongest_of(index: Index, made: list[Imitation]) -> np.ndarray:
    """Return the bits with which each imitation's own artist is met."""
    best = np.zeros(len(made))
    for kind in ("name", "title"):
        some = [at for at, (way, _, _) in enumerate(made) if kind_of(way) == kind]
        texts, names = [made[at][1] for at in some], [made[at][2] for at in some]
        best[some] = strongest(index, texts, names, kind)
    return best


def told_of(roster: list[str], made: list[Imitation]) -> np.ndarray:
    """Return which imitations the crawler tells, at its own cut, of the right artist."""
    names = names_of(tuple((number, name, (), 1.0) for number, name in enumerate(roster)))
    number = {name: at for at, name in enumerate(roster)}
    met = {kind: names.met_in([t for way, t, _ in made if kind_of(way) == kind], kind) for kind in ("name", "title")}
    found = [met[kind_of(way)].get(text, ()) for way, text, _ in made]
    return np.array([number[n] in {m.artist_id for m in ms} for (_, _, n), ms in zip(made, found, strict=True)])


def by_kind(made: list[Imitation], hit: np.ndarray) -> dict[str, float]:
    """Return the share of each kind's imitations that are met."""
    hits = defaultdict(list)
    for (kind, _, _), value in zip(made, hit.tolist(), strict=True):
        hits[kind].append(value)
    return {kind: float(np.mean(met)) for kind, met in hits.items()}


def mean(shares: dict[str, float]) -> float:
    """Return the mean over kinds."""
    return float(np.mean(list(shares.values())))


def cut_at(rate: float, best: np.ndarray) -> float:
    """Return the least bits that flag at most this share of texts."""
    allowed = int(rate * len(best))
    return float(np.sort(best)[::-1][allowed]) + 1e-9


def report(title: str, drawn: Trial, full: bool) -> None:
    """Print recall at the production cut and at each rate of false alarms."""
    index = build_index(RosterName(name, name) for name in drawn.roster)
    met = strongest_of(index, drawn.made)
    phrases = {phrase(name).strip() for name in drawn.roster} - {""}
    chance = strongest(index, drawn.background)
    clean = np.array([not contains(text, phrases) for text in drawn.background])
    apart = clean & np.array([not same_acts(index, text) for text in drawn.background])
    squash = {squashed(name) for name in drawn.roster}
    loose = np.array([not (members(text) & squash) for text in drawn.background])
    print(f"{title}: roster {len(drawn.roster)}, background {len(drawn.background)}, {len(drawn.made)} imitations")
    told = by_kind(drawn.made, told_of(drawn.roster, drawn.made))
    cut = index.cuts(ALARMS, "name")
    first = mean({k: v for k, v in told.items() if k in FIRST_25})
    flagged = [float(np.mean(chance[kept] >= cut)) for kept in (clean, loose, apart)]
    print(
        f"  PRODUCTION CUT {cut:.2f} bits: alarms {flagged[0]:.2%} (names removed as phrases; "
        f"{flagged[1]:.2%} as members; "
        f"{flagged[2]:.2%} without the same act spelt twice); "
        f"recall through meeting {first:.3f} (25 kinds) {mean(told):.3f} (all)"
    )
    removed = "roster names removed as phrases"
    for name, kept in (
        (removed, clean),
        ("removed only where a member is one", loose),
        (f"{removed}, and the same act spelt twice", apart),
    ):
        print(f"  {name}: {kept.sum()} credits left")
        for rate, goal in zip(RATES, GOALS, strict=True):
            cut = cut_at(rate, chance[kept])
            shares = by_kind(drawn.made, met >= cut)
            first = mean({k: v for k, v in shares.items() if k in FIRST_25})
            print(f"    {rate:6.1%} cut {cut:6.2f} bits  recall {first:.3f} (25) {mean(shares):.3f} (all)  goal {goal}")
    if full:
        columns = [by_kind(drawn.made, met >= cut_at(rate, chance[clean])) for rate in RATES]
        print("  kind               told " + " ".join(f"{r:6.1%}" for r in RATES))
        for kind, share in told.items():
            print(f"  {kind:18s} {share:.3f} " + " ".join(f"{c[kind]:6.3f}" for c in columns))


def main(size: int = 10_000, background: int = 20_000, per_kind: int = 400) -> None:
    """Print the kept names with unlearned and mined templates, and fresh names with mined ones."""
    print(f"seed {SEED}; the weights learned from learning names and learned templates; cut from their chances")
    kept = kept_names()
    mined = {**UNLEARNED, **mined_ways()}
    report("kept names, unlearned templates", trial(kept, size, background, per_kind, SEED, UNLEARNED), full=True)
    report("kept names, mined templates", trial(kept, size, background, per_kind, SEED + 1, mined), full=True)
    fresh = fresh_names()
    count = len(fresh) // 3
    report("fresh names, mined templates", trial(fresh, count, 2 * count, per_kind, SEED + 2, mined), full=False)


if __name__ == "__main__":
    main()
