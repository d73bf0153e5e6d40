"""Samplers by Various Artists: twenty neighbouring acts on one release."""

from math import inf

from sandbox.made import names
from sandbox.made.calendar import day_text
from sandbox.made.catalogue import picture, presence
from sandbox.made.codes import LABEL, Origin
from sandbox.made.scenes import LABELS, SCENE
from sandbox.made.shape import SAMPLER_GROUP, SAMPLERS, Shape
from sandbox.world import DAY, PLATFORMS, Credit, Release

FIRST_SERIAL = 484


def sampler(shape: Shape, group: int, edition: int) -> Release | None:
    """Make a sampler of twenty neighbouring acts by Various Artists."""
    rng = shape.rng("sampler", group * SAMPLERS + edition)
    if rng.random() > 0.45:
        return None
    n = shape.sampler(group, edition)
    year = 2016 + edition
    moment = (
        shape.start - (2026 - year) * 365 * DAY + rng.randrange(40) * DAY if edition < 7 else shape.start + 12 * DAY
    )
    first = group * SAMPLER_GROUP
    tongue = shape.tongue(first)
    label = names.label_name(shape.rng("sampler-label", group // 2), tongue)
    members = [first + place for place in range(SAMPLER_GROUP)]
    house = Origin(LABEL, group % LABELS * 2)
    upc = shape.codes.upc(house, first // SCENE * SCENE + first % SCENE, FIRST_SERIAL + edition)
    on = {p: presence(shape, p, n, moment, inf, None, upc) for p in PLATFORMS if p != "itunes"}
    return Release(
        n=n, key=f"sampler-{group}-{edition}", title=f"{names.title(rng, tongue)}, Vol. {edition + 1}",
        kind="compilation", date=day_text(moment), upc=upc, label=label, p_line=f"℗ {year} {label}",
        c_line=f"© {year} {label}", cover=picture(n), genre="Pop", explicit=False, track_count=SAMPLER_GROUP,
        credits=(Credit(shape.various), *(Credit(member, "guest") for member in members)), on=on, nature="sampler",
    )  # fmt: skip
