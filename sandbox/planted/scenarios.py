"""Which scenario befalls which monitored artist: every block of fifty meets all of them."""

from collections.abc import Callable

from sandbox.planted import attacks, twins
from sandbox.planted.plan import Plan
from sandbox.planted.stage import Source, Stage

Scenario = Callable[..., None]
PROGRAMME: tuple[tuple[Scenario, int], ...] = (
    (attacks.profile_hijack, 1), (attacks.back_dated, 1), (attacks.same_name, 1), (attacks.homoglyph, 1),
    (twins.legit_posthumous, 1), (attacks.typo, 1), (attacks.affix, 1), (attacks.token_subset, 1),
    (attacks.stranger_feat, 1), (twins.deluxe_edition, 1), (attacks.fabricated_collab, 2), (attacks.wave, 5),
    (attacks.dormant_break, 1), (attacks.sped_up_pack, 1), (twins.label_remix_account, 1), (attacks.ghost_writer, 3),
    (twins.house_writer, 1), (attacks.move_after_takedown, 1), (twins.true_removal, 1), (attacks.geo_hide, 1),
    (attacks.alias_leak, 1), (twins.side_project, 1), (attacks.transliteration, 1), (twins.localised_profile, 1),
    (attacks.track_swap, 1), (twins.back_catalogue, 1), (twins.homonym_daily, 1), (twins.real_collab, 2),
    (attacks.split_ring, 1), (twins.mapping_split, 1), (twins.sampler_day, 4), (twins.first_self_release, 1),
    (twins.honest_covers, 1), (twins.re_delivery, 1), (attacks.phantoms, 1), (twins.debut_day, 1),
    (attacks.taken_down, 1), (twins.late_bonus, 1), (attacks.voice_clone, 1),
)  # fmt: skip


def make_plan(source: Source, block: int) -> Plan:
    """Run the programme for one block; in a small world the later scenarios find no artist."""
    stage = Stage(source, block)
    slot = 0
    for scenario, count in PROGRAMME:
        leads = [lead for place in range(slot, slot + count) if (lead := stage.lead(place))]
        slot += count
        if len(leads) == count:
            scenario(stage, *leads)
    return stage.plan
