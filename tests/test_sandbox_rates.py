"""The worlds are as varied as real catalogues: the page of rates on a world of a seed that set nothing."""

from datetime import UTC, datetime

import pytest

from benchmarks.sandbox import rates, signs
from sandbox.generate import GeneratedWorld
from sandbox.planted.programme import Staging

START = datetime(2026, 3, 2, tzinfo=UTC)


@pytest.fixture(scope="module")
def world():
    return GeneratedWorld(23, 4, START.timestamp(), Staging(attacks=60, days=90))


def test_honest_releases_are_as_strange_as_in_real_catalogues(world):
    counts = rates.measure(world).counts
    for name, (low, high) in {
        "label new": (15, 27), "no word of the label seen": (8, 18), "another label than before": (28, 46),
        "P-line new": (17, 35), "registrant new": (15, 32), "label and registrant new": (5, 17),
        "the title of an earlier one": (4, 17), "anybody else credited": (34, 52), "appears-on: label new": (50, 85),
        "appears-on: registrant new": (30, 70), "release 2 or more years before every ISRC": (0, 0.5),
    }.items():  # fmt: skip
        share = 100 * counts[name].yes / counts[name].of
        assert low <= share <= high, (name, share)


def test_attacks_do_not_all_show_the_one_sign(world):
    counts = signs.count_signs(world)
    for name, (low, high) in {
        "label novel": (70, 99), "label is the victim's own name": (3, 35), "break of genre": (40, 85),
        "victim dead, or silent for more than 5 years": (12, 65), "registrant that the victim has had": (0.5, 25),
        "missing on one store or more": (5, 50), "dated on a Friday": (14, 70),
    }.items():  # fmt: skip
        share = 100 * counts[name].yes / counts[name].of
        assert low <= share <= high, (name, share)


def test_the_page_sets_every_figure_beside_the_real_one(world):
    said = "\n".join([*rates.report(world), *signs.report(world)])
    for name in (*rates.REAL, *signs.DOCUMENTED):
        assert f"| {name} | " in said
    assert said.count("| within |") > 20


def test_names_come_in_many_scripts_and_are_shared_by_namesakes(world):
    names = [world.ordinary_act(n).name for n in range(world.shape.people)]
    scripts = {letter_script(name[0]) for name in names}
    assert len(scripts) >= 8
    monitored = {world.ordinary_act(n).name for n in world.shape.monitored_acts}
    shared = sum(names.count(name) > 1 for name in monitored)
    assert 0.15 < shared / len(monitored) < 0.7


def letter_script(letter):
    import unicodedata

    return unicodedata.name(letter, "?").split(" ")[0]
