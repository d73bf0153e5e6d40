"""Which scenario befalls which monitored artist.

Without wishes every block of fifty meets every scenario once. A list of scenarios plants only those; a number of
attacks spreads that many over the world, in the shares of documented ones, with as many twins as there are attacks
for every two.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from sandbox.made.shape import BLOCK
from sandbox.planted import aftermath, credits, inverse, lookalike_pages, on_pages, twins_elsewhere, twins_on_pages
from sandbox.planted.plan import Plan
from sandbox.planted.playbook import Scenario
from sandbox.planted.stage import Source, Stage

ROOMS = (on_pages, inverse, aftermath, credits, lookalike_pages, twins_on_pages, twins_elsewhere)
SCENARIOS: dict[str, Scenario] = {
    found.name: found for room in ROOMS for found in vars(room).values() if isinstance(found, Scenario)
}
GOLDEN = tuple(f"G{number}" for number in range(1, 20))
CENSUS = (-240.0, -6.0)


@dataclass(frozen=True)
class Staging:
    """What is wished for: only some scenarios, or so many attacks, within so many days."""

    scenarios: tuple[str, ...] = ()
    attacks: int | None = None
    days: float = 21.0

    def __post_init__(self) -> None:
        """Refuse what nobody can play."""
        for name in self.scenarios:
            if name not in GOLDEN and name not in SCENARIOS:
                raise ValueError(f"no scenario is called {name!r}; there are G1 to G19 and {', '.join(SCENARIOS)}")
        if not 7 <= self.days <= 170:
            raise ValueError(f"{self.days:g} days: a world has 7 to 170")
        if self.attacks is not None and self.attacks < 0:
            raise ValueError(f"{self.attacks} attacks: not a number of them")


@dataclass(frozen=True)
class Part:
    """A scenario as it is played: for whom, and in which days after the start."""

    scenario: Scenario
    leads: tuple[int, ...]
    days: tuple[float, float]


# In the order in which a small world meets them; the last ones befall artists to whom something has happened already.
FIRST = (
    "profile_hijack", "back_dated", "same_name", "homoglyph", "legit_posthumous", "typo", "affix", "token_subset",
    "stranger_feat", "deluxe_edition", "fabricated_collab", "wave", "dormant_break", "sped_up_pack",
    "label_remix_account", "ghost_writer", "house_writer", "move_after_takedown", "true_removal", "geo_hide",
    "alias_leak", "transliteration", "track_swap", "homonym_daily", "split_ring", "phantoms", "taken_down",
    "voice_clone", "one_word_wave", "dictionary_run", "uploaded_again", "hijack", "pre_announced", "weekly_series",
    "official_vanished", "page_renamed", "comeback",
)  # fmt: skip
ALREADY_THERE = ("hijack", "same_name")
SECOND = (
    "back_catalogue", "real_collab", "sampler_day", "label_day", "first_self_release", "re_delivery", "late_bonus",
    "az_series", "side_project", "localised_profile", "stylised_page", "mapping_split", "honest_covers", "debut_day",
    "own_hit", "punctuation", "false_remixer", "cover_replaced", "picture_replaced", "link_replaced",
)  # fmt: skip
HARDLY_SHARED = (
    "dormant_break",
    "legit_posthumous",
    "comeback",
    "hijack",
    "homonym_daily",
    "track_swap",
    "page_renamed",
)
# How often each attack comes among many: rows of attacks.md, with the classes that nobody counted put in sparsely.
SHARES = {
    "hijack": 24, "wave": 5, "one_word_wave": 3, "ghost_writer": 3, "profile_hijack": 3, "dormant_break": 6,
    "back_dated": 3, "pre_announced": 3, "weekly_series": 2, "own_hit": 7, "geo_hide": 2, "taken_down": 4,
    "track_swap": 3, "uploaded_again": 3, "move_after_takedown": 3, "same_name": 5, "homoglyph": 2, "punctuation": 2,
    "typo": 2, "affix": 2, "token_subset": 2, "transliteration": 2, "alias_leak": 2, "stranger_feat": 3,
    "fabricated_collab": 1, "false_remixer": 2, "sped_up_pack": 2, "split_ring": 1, "dictionary_run": 1, "phantoms": 1,
    "voice_clone": 1, "official_vanished": 2, "cover_replaced": 1, "page_renamed": 1, "picture_replaced": 1,
    "link_replaced": 1,
}  # fmt: skip
BEFORE_THE_START = 10


def make_plan(source: Source, block: int, staging: Staging, blocks: int) -> Plan:
    """Play everything that befalls one block."""
    stage = Stage(source, Plan())
    stage.alone = staging.attacks is not None or bool(staging.scenarios)
    for part in parts(staging, block, blocks, source.shape.monitored):
        leads = [lead for m in part.leads if (lead := stage.lead(m))]
        if len(leads) == part.scenario.leads:
            stage.role = part.scenario.role
            stage.first, stage.last = part.days
            part.scenario.play(stage, *leads)
    return stage.plan


def parts(staging: Staging, block: int, blocks: int, monitored: int) -> Iterator[Part]:
    """Give what befalls one block, in the order in which it is set up."""
    first = block * BLOCK
    if staging.attacks is not None:
        yield from many(staging, block, blocks, monitored)
    elif staging.scenarios:
        yield from in_turn(chosen(staging.scenarios), first, min(BLOCK, monitored - first), weeks(staging))
    else:
        yield from everything(first, weeks(staging))


def weeks(staging: Staging) -> tuple[float, float]:
    """Give the days in which something begins; the last five are left for what follows."""
    return 1.0, staging.days - 5


def chosen(names: Sequence[str]) -> list[Scenario]:
    """Give the scenarios of some names and golden numbers."""
    wanted = chain.from_iterable(
        [s for s in SCENARIOS.values() if s.role.golden == name] if name in GOLDEN else [SCENARIOS[name]]
        for name in names
    )
    return list(dict.fromkeys(wanted))


def in_turn(scenarios: Sequence[Scenario], first: int, room: int, days: tuple[float, float]) -> Iterator[Part]:
    """Let scenarios befall one artist after the other, as far as there are any."""
    m = 0
    for scenario in scenarios:
        if m + scenario.leads <= room:
            yield Part(scenario, tuple(range(first + m, first + m + scenario.leads)), days)
        m += scenario.leads


def everything(first: int, days: tuple[float, float]) -> Iterator[Part]:
    """Let every scenario befall a block once."""
    m, taken = 0, []
    for name in FIRST:
        scenario = SCENARIOS[name]
        leads = tuple(range(first + m, first + m + scenario.leads))
        yield Part(scenario, leads, days)
        m += scenario.leads
        taken += [lead for lead in leads if name not in HARDLY_SHARED]
    for name in ALREADY_THERE:
        yield Part(SCENARIOS[name], (first + m,), CENSUS)
        m += 1
    for name in SECOND:
        scenario = SCENARIOS[name]
        yield Part(scenario, tuple(taken[: scenario.leads]), days)
        taken = taken[scenario.leads :]


def many(staging: Staging, block: int, blocks: int, monitored: int) -> Iterator[Part]:
    """Spread attacks and twins over the blocks, nobody meeting more than one."""
    first = block * BLOCK
    room = min(BLOCK, monitored - first)
    attacks = share(staging.attacks or 0, block, blocks)
    m = 0
    began = block * 17
    for place in range(began, began + 10_000):
        scenario = ATTACKS[place % len(ATTACKS)]
        if attacks <= 0 or m >= room:
            break
        if scenario.leads <= min(attacks, room - m):
            days = CENSUS if place % BEFORE_THE_START == BEFORE_THE_START - 1 else weeks(staging)
            yield Part(scenario, tuple(range(first + m, first + m + scenario.leads)), days)
            m, attacks = m + scenario.leads, attacks - scenario.leads
    twins = min(room - m, -(-share(staging.attacks or 0, block, blocks) * 3 // 5))
    for place in range(block * 11, block * 11 + 10_000):
        scenario = TWINS[place % len(TWINS)]
        if twins <= 0:
            break
        if scenario.leads <= twins:
            yield Part(scenario, tuple(range(first + m, first + m + scenario.leads)), weeks(staging))
            m, twins = m + scenario.leads, twins - scenario.leads


def share(whole: int, block: int, blocks: int) -> int:
    """Give a block's part of a whole number."""
    return whole * (block + 1) // blocks - whole * block // blocks


def spread() -> list[Scenario]:
    """Give the attacks in an order in which each comes as often as its share says, evenly spread."""
    ranked = [((turn + 0.5) / count, name) for name, count in SHARES.items() for turn in range(count)]
    return [SCENARIOS[name] for _, name in sorted(ranked)]


ATTACKS = spread()
TWINS = [scenario for scenario in SCENARIOS.values() if not scenario.role.attack]
