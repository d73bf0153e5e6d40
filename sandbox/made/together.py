"""Samplers by Various Artists: twenty acts of one camp on one release."""

from math import inf

from sandbox.made import names
from sandbox.made.calendar import day_text
from sandbox.made.career import LABEL_TOP
from sandbox.made.catalogue import picture, presence
from sandbox.made.codes import GENERATIONS, LABEL, Origin
from sandbox.made.scenes import CAMPS, LABELS, SCENE, camp_house
from sandbox.made.shape import SAMPLER_GROUP, SAMPLERS, Shape
from sandbox.world import DAY, PLATFORMS, Credit, Release

FIRST_SERIAL = 484
AT_HOME, ANEW = 0.48, 0.36


def members(shape: Shape, group: int) -> list[int]:
    """Give the acts of a group: twenty of one camp of one scene."""
    scene, camp = divmod(group, CAMPS)
    found = (scene * SCENE + camp + CAMPS * place for place in range(SAMPLER_GROUP))
    return [act for act in found if act < shape.people]


def group_of(act: int) -> int | None:
    """Give the group of an act; the last few of a camp are in none."""
    scene, spot = divmod(act, SCENE)
    return scene * CAMPS + spot % CAMPS if spot // CAMPS < SAMPLER_GROUP else None


def sampled_anew(shape: Shape, act: int, edition: int) -> bool:
    """Tell whether a sampler has a recording of its own of an act, with the sampler's code."""
    return shape.rng("sampled", act * SAMPLERS + edition).random() < ANEW


def sampled_isrc(shape: Shape, act: int, edition: int) -> str:
    """Give the ISRC of a sampler's own recording: one of a neighbouring label."""
    house = (camp_house(act) + 1 + edition % 4) % LABELS
    return shape.codes.isrc(Origin(LABEL, house * GENERATIONS + 1), act, 2016 + edition, LABEL_TOP + edition)


def sampler(shape: Shape, group: int, edition: int) -> Release | None:
    """Make a sampler by Various Artists."""
    rng = shape.rng("sampler", group * SAMPLERS + edition)
    named = members(shape, group)
    if rng.random() > 0.45 or not named:
        return None
    n = shape.sampler(group, edition)
    year = 2016 + edition
    moment = (
        shape.start - (2026 - year) * 365 * DAY + rng.randrange(40) * DAY if edition < 7 else shape.start + 12 * DAY
    )
    tongue = shape.tongue(named[0])
    house = camp_house(named[0])
    at_home = names.label_name(shape.rng("label", named[0] // SCENE * LABELS + house), tongue)
    label = at_home if rng.random() < AT_HOME else names.label_name(shape.rng("sampler-label", group), tongue)
    upc = shape.codes.upc(Origin(LABEL, house * GENERATIONS), named[0], FIRST_SERIAL + edition)
    on = {p: presence(shape, p, n, moment, inf, None, upc) for p in PLATFORMS if p != "itunes"}
    return Release(
        n=n, key=f"sampler-{group}-{edition}", title=f"{names.title(rng, tongue)}, Vol. {edition + 1}",
        kind="compilation", date=day_text(moment), upc=upc, label=label, p_line=f"℗ {year} {label}",
        c_line=f"© {year} {label}", cover=picture(n), genre="Pop", explicit=False, track_count=len(named),
        credits=(Credit(shape.various), *(Credit(member, "guest") for member in named)), on=on, nature="sampler",
    )  # fmt: skip
