"""The measuring of judgement: areas, recalls, and a world's cases against its truth."""

from datetime import UTC, datetime

import pytest

from benchmarks.judgement.separation import area, recall_at
from benchmarks.judgement.worlds import Case, measure

AT = datetime(2026, 1, 2, tzinfo=UTC)


def event(number, cls, *, release="r", census=False):
    where = {"platform": "deezer", "profile": "p", "release": f"{release}{number}", "title": f"Title {number}"}
    return {
        "id": f"e{number}",
        "kind": "profile_hijack",
        "class": cls,
        "census": census,
        "nature": "own",
        "visible_from": "2026-01-01T00:00:00+00:00",
        "bindings": [where],
        "profiles": [],
    }


def case(number, bits, release, **more):
    return Case(number, frozenset({("deezer", "p", release)}), bits, AT, **more)


def test_areas_count_ties_by_half():
    assert area([0, 0], [1, 1]) == 1
    assert area([0, 1], [0, 1]) == 0.5


def test_a_tie_at_the_cut_gives_no_more_than_its_share():
    assert recall_at([1.0, 0.0, 0.0, 0.0], [1.0, 0.0], 0.25) == 0.5
    assert recall_at([0.0] * 4, [0.0] * 2, 0.5) == pytest.approx(0.5)


def test_a_world_is_measured_against_its_truth():
    truth = {
        "attacks": [event(1, "A"), event(2, "A"), event(3, "J"), event(4, "C", census=True)],
        "twins": [event(5, None)],
        "ordinary": [event(6, None)],
    }
    cases = [case(1, 5.0, "r1"), case(2, 1.0, "r1"), case(5, 3.0, "r5"), case(6, 4.0, "r6"), case(7, 6.0, "r7")]
    figures = measure(truth, cases, artist_weeks=100)
    assert (figures.attacks, figures.found) == (2, 1)
    assert figures.recall_at == {1.0: 0.5, 3.0: 0.5}
    assert figures.cuts[1.0] == 4.0  # one false alert, the unplanted one, may pass
    assert (figures.right, figures.ordinary, figures.unplanted) == (2, 1, 1)
    assert figures.cases_per_event == 2
    assert figures.delay_hours == 24
    assert figures.area == 0.5
    assert figures.by_class == {"A": (1, 2)}
    assert measure(truth, cases[:1], artist_weeks=1).recall_at[1.0] == 0.5
    assert any("recall" in line for line in figures.lines())
