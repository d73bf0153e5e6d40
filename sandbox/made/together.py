"""Releases of several ordinary acts: collaborations, guest parts and samplers.

Who meets whom is arithmetic, so that it can be read from either side without a list of everything.
"""

from dataclasses import replace

from sandbox.made import names
from sandbox.made.catalogue import COLLAB_SLOT, COLLABS, Draft, make_release, picture, presence
from sandbox.made.people import day_text
from sandbox.made.shape import SAMPLER_GROUP, SAMPLERS, SLOTS, Shape
from sandbox.world import DAY, PLATFORMS, Act, Credit, Release

DISTANCES = (1, 7, 121, 1009)


def guest_of(shape: Shape, host: int, k: int) -> int:
    """Give the act that a host's k-th joint release would be with."""
    return (host + DISTANCES[k]) % shape.people


def host_of(shape: Shape, guest: int, k: int) -> int:
    """Give the act whose k-th joint release would be with a guest."""
    return (guest - DISTANCES[k]) % shape.people


def happens(shape: Shape, host: int, k: int) -> bool:
    """Tell whether a host's k-th joint release exists."""
    return shape.rng("together", host * COLLABS + k).random() < 0.3


def joint_draft(shape: Shape, host: int, k: int) -> Draft:
    """Lay out a joint release."""
    rng = shape.rng("joint", host * COLLABS + k)
    moment = shape.start - rng.uniform(-60, 3000) * DAY
    return Draft(COLLAB_SLOT + k, moment - moment % DAY, "single", 1, 3000 + k * 8, None)


def joint_release(shape: Shape, host: Act, k: int) -> Release:
    """Make a joint release: even ones name both acts, odd ones name the guest on the track only."""
    release = make_release(shape, host, joint_draft(shape, host.n, k))
    role = "main" if k % 2 == 0 else "guest"
    credits = (*release.credits, Credit(guest_of(shape, host.n, k), role))
    return replace(release, credits=credits)


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
    label = names.label_name(shape.rng("label", group))
    members = [group * SAMPLER_GROUP + place for place in range(SAMPLER_GROUP)]
    upc = shape.registrants.upc(
        group * SAMPLER_GROUP // 25, group * SAMPLER_GROUP % 25, SLOTS + edition * 64 + group % 2
    )
    on = {p: presence(shape, p, n, moment, float("inf"), None, upc) for p in PLATFORMS if p != "itunes"}
    return Release(
        n=n, key=f"sampler-{group}-{edition}", title=f"{names.title(rng)}, Vol. {edition + 1}", kind="compilation",
        date=day_text(moment), upc=upc, label=label, p_line=f"℗ {year} {label}", c_line=f"© {year} {label}",
        cover=picture(n), genre="Pop", explicit=False, track_count=SAMPLER_GROUP,
        credits=(Credit(shape.various), *(Credit(member, "guest") for member in members)), on=on,
    )  # fmt: skip
