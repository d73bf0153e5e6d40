"""Waves over several artists: ties that are shown, hubs that say little, members that are raised."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.suspicion.campaigns import Member, campaigns, raise_members
from crawler.suspicion.score import judge
from storage.facts.values import Shared
from tests.making import NOW, arrival, shown


def member(case, **more):
    return replace(Member(case, artist=case, seen_at=NOW + timedelta(minutes=case), bits=-4.0), **more)


members = st.lists(
    st.builds(
        member,
        case=st.integers(1, 40),
        lines=st.sets(st.sampled_from(["gulden", "sallow", "fennmusic"]), max_size=2).map(frozenset),
        covers=st.sets(st.sampled_from(["c1", "c2"]), max_size=1).map(frozenset),
        isrcs=st.sets(st.sampled_from(["QZXY92600001", "QZXY92600020", "QZAB12699999"]), max_size=2).map(frozenset),
        names=st.sets(st.sampled_from(["zygote", "zygoteic", "zygotes", "zygotta", "calm"]), max_size=2).map(frozenset),
        country=st.sampled_from([None, "IS", "NL"]),
    ),
    max_size=10,
    unique_by=lambda m: m.case,
)


@given(members, st.randoms(use_true_random=False))
def test_the_order_of_cases_does_not_matter_and_nobody_is_in_two_waves(cases, chance):
    found = campaigns(cases)
    assert campaigns(chance.sample(cases, len(cases))) == found
    placed = [case for wave in found for case in wave.members]
    assert len(placed) == len(set(placed))


@given(members)
def test_every_wave_hangs_together_by_its_ties(cases):
    for wave in campaigns(cases):
        reached = {min(wave.members)}
        while more := {t.b for t in wave.ties if t.a in reached} | {t.a for t in wave.ties if t.b in reached}:
            if more <= reached:
                break
            reached |= more
        assert reached == wave.members
        assert all(t.bonds for t in wave.ties)


def test_a_strange_line_on_two_artists_joins_and_an_aggregators_does_not():
    cases = [member(1, lines=frozenset({"gulden"})), member(2, lines=frozenset({"gulden"}))]
    (wave,) = campaigns(cases)
    assert wave.artists == {1, 2}
    assert ("line", "gulden", 1) in wave.values
    assert campaigns(cases, {("line", "gulden"): 4000}) == ()


def test_a_shared_registrant_joins_only_when_codes_follow_on_each_other():
    far = [member(1, isrcs=frozenset({"QZXY92600001"})), member(2, isrcs=frozenset({"QZXY92699001"}))]
    near = [far[0], member(2, isrcs=frozenset({"QZXY92600009"}))]
    assert campaigns(far, {("registrant", "QZXY9"): 50}) == ()
    assert campaigns(near)[0].values[0][0] == "code_run"


def test_circumstances_alone_join_nobody():
    assert campaigns([member(n, country="IS", tags=frozenset({"x"})) for n in (1, 2)]) == ()


def test_names_like_a_dictionary_are_a_run_from_four_on():
    names = ["zygotes", "zygotic", "zygotoid", "zygotta"]
    cases = [member(n, names=frozenset({name})) for n, name in enumerate(names, 1)]
    assert campaigns(cases)[0].members == {1, 2, 3, 4}
    assert campaigns(cases[:3]) == ()


def test_what_was_parted_by_hand_is_not_tied_again():
    cases = [member(1, lines=frozenset({"gulden"})), member(2, lines=frozenset({"gulden"}))]
    assert campaigns(cases, cuts=[frozenset({1, 2})]) == ()


def test_a_wave_raises_its_members_once_and_a_confirmed_one_more():
    lines = frozenset({"guldentidemedia"})
    wave = campaigns([member(n, lines=lines) for n in (1, 2, 3, 4)])[0]
    plain = judge(arrival(shown(label="Gulden Tide Media", isrcs=())))
    raised = raise_members({1: plain}, wave)[1]
    assert raised.bits > plain.bits + 2
    assert raise_members({1: raised}, wave)[1] == raised
    assert raise_members({1: plain}, replace(wave, confirmed=True))[1].bits == pytest.approx(raised.bits + 4)
    tie = Shared("line", "guldentidemedia", frozenset({2, 3, 4}), frozenset(), 3, 1.0)
    tied = judge(arrival(shown(label="Gulden Tide Media", isrcs=()), shared=(tie,)))
    assert raise_members({1: tied}, wave)[1].bits == tied.bits  # its own tie already says it
