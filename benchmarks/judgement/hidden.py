"""The census test: one foreign release hidden in a real discography, every release against all the others."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace

from benchmarks.judgement.catalogue import Act
from benchmarks.judgement.surroundings import Index
from benchmarks.judgement.trials import transplanted
from crawler.suspicion.census import census
from storage.facts.values import Shown

ENOUGH = 8  # releases that tell a line


@dataclass(frozen=True, slots=True)
class Found:
    """Where the foreign release stands in its artist's list."""

    act: str
    place: int
    of: int


def hide(acts: Sequence[Act], index: Index, pool: Sequence[tuple[Act, Shown]], seed: int) -> list[Found]:
    """Hide one release in every discography that is long enough, and look for it."""
    chance = random.Random(seed)
    found = []
    for act in acts:
        told = [shown for shown in act.own if shown.lines]
        if len(told) < ENOUGH:
            continue
        other, foreign = chance.choice([pair for pair in chance.sample(pool, 20) if pair[0].key != act.key])
        stand_in = chance.choice(told)
        planted = replace(transplanted(foreign, other.artist, act.artist, stand_in), group_id=-1)
        releases = (*told, planted)
        left_out = frozenset({act.key, other.key})
        around = {s.group_id: index.around(s, left_out) for s in releases}
        listed = census(act.artist, (*releases, *act.guest), surroundings=around)
        found.append(Found(act.key, next(r.place for r in listed if r.shown.group_id == -1), len(listed)))
    return found
