"""The generated world: the same from the same seed, made lazily, with well-formed ids; and its clock."""

from collections import defaultdict
from datetime import UTC, datetime, timedelta

import pytest

from sandbox import SandboxRefused, running
from sandbox.generate import GeneratedWorld
from sandbox.made.codes import ERAS, LABEL, OWN, OWN_EVERY, POOL, Codes, Origin
from sandbox.made.ids import IdShape, check_digit
from sandbox.made.roster import roster_csv
from sandbox.made.scenes import SCENE, Scenes
from sandbox.planted.truth import truth, visible
from sandbox.server.virtual_clock import Backwards, VirtualClock
from sandbox.world import DAY, PLATFORMS

START = datetime(2026, 3, 2, tzinfo=UTC)


def made(seed=7, scale=0.4):
    return GeneratedWorld(seed, scale, START.timestamp())


def test_the_same_seed_makes_the_same_world_whatever_was_asked_before():
    one, two = made(), made()
    for n in reversed(range(0, two.shape.people, 7)):
        two.listings(n)
    later = one.start + 15 * DAY
    assert roster_csv(one) == roster_csv(two)
    assert truth(one, later) == truth(two, later)
    assert visible(one, PLATFORMS, ["US"], later, None) == visible(two, PLATFORMS, ["US"], later, None)
    assert all(one.listings(n) == two.listings(n) for n in range(0, one.shape.people, 5))


def test_another_seed_makes_another_world():
    assert roster_csv(made(7)) != roster_csv(made(8))


def test_a_child_process_makes_the_same_world():
    with running(seed=7, scale=0.4, lapse=0.001) as sandbox:
        assert sandbox.roster_csv() == roster_csv(made())


def test_scale_says_how_many_are_monitored():
    world = made(scale=1)
    assert len(world.roster()) == 50
    assert sum(1 for _ in world.acts()) > 2000
    assert len(list(GeneratedWorld(7, 0.1, START.timestamp()).roster())) == 5


def test_the_roster_leaves_work_for_resolving():
    rows = made(scale=1).roster()
    complete = [row for row in rows if row.ids]
    only_mbid = [row for row in rows if row.mbid and not row.ids]
    neither = [row for row in rows if not row.mbid and not row.ids]
    assert len(complete) > 25
    assert len(only_mbid) > 10
    assert 1 <= len(neither) <= 5


def test_every_id_leads_back_to_its_thing():
    world = made()
    for n in range(0, world.shape.people, 23):
        for platform, profile in world.act(n).profiles.items():
            assert world.find_profile(platform, profile.id).n == n
        for release in world.listings(n):
            assert release in world.by_upc("00" + release.upc)
            for platform, entry in release.on.items():
                assert world.find_release(platform, entry.id) == release
            for track in world.tracks(release):
                assert any(held == release for held, _ in world.by_isrc(track.isrc))
                assert all(world.find_track(platform, id)[1] == track for platform, id in track.ids.items())


@pytest.mark.parametrize(
    "strange", ["", "0", "x", "-1", "9" * 30, "é" * 22, "0" * 22, "zzz", "00000000-0000-4000-8000-0"]
)
def test_strange_ids_lead_nowhere(strange):
    world = made(scale=0.06)
    for platform in PLATFORMS:
        assert world.find_release(platform, strange) is None
        assert world.find_track(platform, strange) is None
        act = world.find_profile(platform, strange)
        assert act is None or act.profiles[platform].id == strange
    assert world.by_upc(strange) == ()
    assert world.by_isrc(strange) == ()


def test_ids_have_each_platforms_shape():
    world = made(scale=0.06)
    release = next(r for n in world.shape.monitored_acts for r in world.listings(n) if len(r.on) == 4)
    assert len(release.on["spotify"].id) == 22
    assert release.on["spotify"].id.isalnum()
    assert release.on["deezer"].id.isdigit()
    assert release.on["musicbrainz"].id[14] == "4"
    assert check_digit(release.upc[:-1]) == release.upc[-1]


def test_numbers_are_shuffled_one_to_one():
    for platform in PLATFORMS:
        shape = IdShape(platform, "album", 3, 10**8)
        ids = {shape.id(n) for n in range(2000)}
        assert len(ids) == 2000
        assert all(shape.number(shape.id(n)) == n for n in range(2000))


@pytest.mark.parametrize("acts", [150, 3_200, 640_000])
def test_every_code_leads_back_to_the_act_that_it_was_issued_to(acts):
    codes = Codes(3, acts, Scenes(4))
    for act in range(0, acts, max(1, acts // 300)):
        for origin in (Origin(LABEL, 7), Origin(POOL, 5, 2, 3), Origin(POOL, 0, 0, 0), Origin(OWN)):
            if origin.kind != OWN or act % OWN_EVERY == 0:
                assert codes.holder(codes.isrc(origin, act, 2019, 37)) == act
            if origin.kind != OWN:
                assert codes.buyer("0" + codes.upc(origin, act, 11)) == act
    with pytest.raises(ValueError, match="more registrants than there are codes"):
        Codes(3, 10**8, Scenes(4))


def test_the_codes_of_distributors_are_shared_by_many_unrelated_acts():
    world = made(scale=4)
    holders = defaultdict(set)
    for n in range(0, world.shape.people, 3):
        for draft in world.own(n).drafts:
            holders[world.shape.codes.prefix(draft.paper.isrc, n)].add(n // SCENE)
    pooled = [len(scenes) for prefix, scenes in holders.items() if prefix[:2] in ERAS]
    assert max(pooled) > 10
    assert all(len(scenes) == 1 for prefix, scenes in holders.items() if prefix[:2] not in ERAS)


def test_making_a_large_world_makes_no_catalogue():
    world = GeneratedWorld(7, 4, START.timestamp())
    assert world._listings.cache_info().currsize == 0
    assert world._tracks.cache_info().currsize == 0
    world.listings(world.shape.monitored_acts[3])
    assert world._listings.cache_info().currsize == 1


def test_most_new_releases_come_on_fridays():
    world = made(scale=1)
    own = [release for n in range(world.shape.people) for _, release in world.own(n)]
    new = [release for release in own if "2026-03-02" < release.date < "2026-03-23"]
    fridays = sum(datetime.fromisoformat(release.date).weekday() == 4 for release in new)
    assert len(new) > 80
    assert 0.55 < fridays / len(new) < 0.8


def test_the_clock_runs_at_its_pace_and_jumps_forward_only():
    real = [100.0]
    clock = VirtualClock(START, 60.0, lambda: real[0])
    real[0] += 2
    assert clock.moment() == START + timedelta(minutes=2)
    clock.jump(START + timedelta(days=1))
    real[0] += 1
    assert clock.moment() == START + timedelta(days=1, minutes=1)
    with pytest.raises(Backwards):
        clock.jump(START)
    with pytest.raises(ValueError, match="above zero"):
        VirtualClock(START, 0)


def test_the_clock_is_set_from_outside_and_says_no_in_one_line():
    with running(scale=0.06, lapse=0.001) as sandbox:
        assert sandbox.advance(START + timedelta(days=3)).date() == (START + timedelta(days=3)).date()
        with pytest.raises(SandboxRefused, match="it is already 2026-03-05"):
            sandbox.advance(START)
        with pytest.raises(SandboxRefused, match="'soon' is not an ISO time"):
            sandbox.post("clock", {"now": "soon"})
        with pytest.raises(SandboxRefused, match="not a JSON object"):
            sandbox.post("clock", ["now"])
