"""Ordinary titles: real song titles of other artists, held against 10,000 names, bare and with version words."""

import random

import numpy as np

from benchmarks.resemblance.names import KEPT, kept_names, members, names_in, same_act, squashed, titles
from crawler.resemblance import ALARMS, Match, RosterName, build_index

SEED = 103
VERSIONS = ("", " - Radio Edit", " (Live)", " (Remastered 2011)", " - Acoustic Version", " [Remix]")
WORDS = (
    "America Kiss Rush Yes Air Prince Queen Europe Asia Boston "
    "Chicago Kansas Heart Journey Genesis Blur Pulp Hole Bush Cream"
)
EDGE = 0.5
EXAMPLES = 0


def names_truly(title: str, artists: str, match: Match) -> bool:
    """Say whether a title names an artist by right, or is by that artist."""
    named = names_in(title) | members(artists)
    return squashed(match.alias) in named or squashed(match.part) in named or same_act(match.alias, artists)


def measured(roster: list[str], told: list[tuple[str, str]], examples: int = EXAMPLES) -> None:
    """Print how many titles are loud, and how many beyond those that truly name somebody."""
    index = build_index(RosterName(name, name) for name in roster)
    cut = index.cuts(ALARMS, "title")
    squash = {squashed(name) for name in roster}
    equal = np.mean([squashed(title) in squash for title, _ in told])
    print(f"{len(told)} titles, roster {len(roster)}; {equal:.2%} equal a name; production cut {cut:.2f} bits")
    for plus in VERSIONS:
        found = index.match_many([title + plus for title, _ in told], kind="title", least=0.0)
        rows = [
            (m, title, names_truly(title, artists, m))
            for (title, artists), ms in zip(told, found, strict=True)
            for m in ms
        ]
        loud = {title for m, title, _ in rows if m.score >= EDGE}
        false = {title for m, title, truly in rows if m.score >= EDGE and not truly}
        alarms = {title for m, title, truly in rows if m.bits >= cut and not truly}
        n = len(told)
        print(
            f"  {plus or 'bare'!r:22s} score >= {EDGE}: {len(loud) / n:6.2%}, beyond those that name the "
            f"artist {len(false) / n:6.2%}; false at the production cut {len(alarms) / n:6.2%}"
        )
        if examples and not plus:
            worst = sorted(((m.bits, t, m.alias, m.evidence) for m, t, truly in rows if not truly), reverse=True)
            for row in worst[:examples]:
                print("     ", *row, sep=" | ")


def words() -> None:
    """Print what a title that is an artist's name and an ordinary word scores, bare and with version words."""
    index = build_index(RosterName(name, name) for name in WORDS.split())
    for plus in VERSIONS:
        scores = [
            max((m.score for m in index.match(w + plus, kind="title", least=0.0)), default=0) for w in WORDS.split()
        ]
        print(f"  20 word names, {plus or 'bare'!r:22s} mean {np.mean(scores):.2f}, most {max(scores):.2f}")


def main(size: int = 10_000) -> None:
    """Print the share of real titles of kept artists that are loud on a roster of kept names."""
    names = kept_names()
    roster = random.Random(SEED).sample(names, size)
    print(f"seed {SEED}; weights of titles learned from titles of learning artists")
    measured(roster, titles(KEPT))
    words()


if __name__ == "__main__":
    main()
