"""What the truth says is what the platforms show, over real HTTP and at every time."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sandbox import running
from sandbox.dialects.deezer.dialect import Deezer
from sandbox.dialects.itunes.dialect import Itunes
from sandbox.dialects.spotify.dialect import GROUPS, Desk, Spotify
from sandbox.generate import GeneratedWorld
from sandbox.planted.programme import GOLDEN, SCENARIOS, Staging
from sandbox.planted.truth import truth, visible
from sandbox.world import DAY, PLATFORMS, at, tracks_at
from tests.listing import READERS, UNLIMITED, client, spotify_client

START = datetime(2026, 3, 2, tzinfo=UTC)


@pytest.fixture(scope="module")
def world():
    return GeneratedWorld(7, 1, START.timestamp())


def test_every_profile_shows_exactly_what_the_truth_says_over_three_weeks():
    with running(seed=7, scale=1, lapse=0.001) as sandbox, client() as plain:
        sandbox.limits(UNLIMITED)
        seen_at = []
        for day in (0, 9, 21):
            sandbox.advance(START + timedelta(days=day, hours=5))
            with spotify_client(sandbox) as authorised:
                shown = read_everything(sandbox, {"spotify": authorised}, plain)
            said = {key(row): row for row in sandbox.visible() if row["platform"] in READERS}
            reachable = {place for place, row in said.items() if row["reachable"]}
            assert shown == reachable
            assert len(said) - len(reachable) == (
                0 if day < 0 else len([r for r in said.values() if not r["reachable"]])
            )
            seen_at.append(shown)
        assert len(seen_at[2] - seen_at[0]) > 100
        assert len(seen_at[0] - seen_at[2]) > 3


def read_everything(sandbox, clients, otherwise):
    shown = set()
    for artist in sandbox.truth()["monitored"]:
        for platform, profile in artist["profiles"].items():
            if platform not in READERS:  # tests/test_dialects.py asks every one
                continue
            http = clients.get(platform, otherwise)
            found = list(READERS[platform](http, sandbox, profile))
            assert len(found) == len(set(found)), "an id was listed twice"
            shown.update((platform, profile, id, section) for section, id in found)
    return shown


def key(row):
    return row["platform"], row["profile"], row["release"], row["section"]


def test_the_cap_of_itunes_hides_only_the_oldest_of_the_one_huge_catalogue(world):
    rows = visible(world, ["itunes"], ["US"], world.start, None)
    hidden = Counter(row["profile"] for row in rows if not row["reachable"])
    assert len(hidden) == 1
    assert Counter(row["profile"] for row in rows)[next(iter(hidden))] == 200 + sum(hidden.values())


def test_every_scenario_is_planted_once_in_a_block(world):
    kinds = Counter(event.kind for event in world.planted() if event.since >= world.start)
    assert kinds == {scenario.name: scenario.leads for scenario in SCENARIOS.values()}
    assert {event.kind for event in world.planted() if event.since < world.start} == {"hijack", "same_name"}
    assert len({event.id for event in world.planted()}) == len(list(world.planted()))


@pytest.mark.parametrize("golden", GOLDEN)
def test_a_golden_scenario_is_planted_alone_attack_and_twin(golden):
    world = GeneratedWorld(5, 0.4, START.timestamp(), Staging((golden,)))
    events = list(world.planted())
    assert {event.scenario for event in events} == {golden}
    assert {event.kind for event in events} == {s.name for s in SCENARIOS.values() if s.role.golden == golden}
    assert {event.attack for event in events} == {"G18": {False}, "G19": {True}}.get(golden, {True, False})
    assert len({event.artist for event in events}) == len(events)
    assert all(event.since >= world.start for event in events)
    assert all(event.bindings for event in events)


def test_so_many_attacks_as_wished_are_spread_over_the_days_and_classes():
    world = GeneratedWorld(5, 8, START.timestamp(), Staging(attacks=120, days=90))
    attacks = [event for event in world.planted() if event.attack]
    assert len(attacks) == 120
    assert len({event.artist for event in world.planted()}) == len(list(world.planted()))
    assert len({event.group for event in attacks}) >= 8
    later = [event for event in attacks if event.since > world.start + 45 * DAY]
    assert 30 < len(later) < 80
    assert any(event.since < world.start for event in attacks)


@pytest.mark.parametrize(("staging", "line"), [
    ({"scenarios": ("G20",)}, "no scenario is called 'G20'"), ({"days": 3}, "3 days"), ({"attacks": -1}, "-1 attacks"),
])  # fmt: skip
def test_wishes_that_nobody_can_play_are_refused(staging, line):
    with pytest.raises(ValueError, match=line):
        Staging(**staging)


def test_every_binding_is_shown_by_its_platform_while_it_holds_and_at_no_other_time(world):
    dialects = {"deezer": Deezer(world), "spotify": Spotify(world), "itunes": Itunes(world)}
    checked = 0
    for event in world.planted():
        for binding in event.bindings:
            if binding.platform not in dialects:
                continue
            if binding.since > world.start - 10 * DAY:
                assert shows(world, dialects, binding, binding.since + 60), (event.id, binding)
            if binding.since > world.start:
                assert not shows(world, dialects, binding, binding.since - 60), (event.id, binding)
            if binding.until < world.start + 60 * DAY:
                assert not shows(world, dialects, binding, binding.until + 60), (event.id, binding)
            checked += 1
    assert checked > 300


def shows(world, dialects, binding, now):
    act = world.find_profile(binding.platform, binding.profile)
    if not act.profiles[binding.platform].is_up(now):
        return False
    if binding.platform == "deezer":
        found = {r.on["deezer"].id for r in dialects["deezer"].albums_of(act.n, now)}
        found |= {r["album"]["id"] and str(r["album"]["id"]) for r in guest_parts(dialects["deezer"], act, now)}
        if binding.track:
            page = dialects["deezer"].album_tracks(ask(limit="100"), binding.release, now).document
            return binding.release in found and binding.track in {str(row["id"]) for row in page["data"]}
    elif binding.platform == "itunes":
        found = {r.on["itunes"].id for r in world.listings(act.n) if listed_on_itunes(r, act, now)}
    else:
        desk = Desk(dialects["spotify"], ask("US"), now)
        found = {row()["id"] for group in GROUPS for row in desk.group(act.n, group)}
    if binding.track and binding.release in found:
        release = world.find_release(binding.platform, binding.release)
        return binding.track in {track.ids.get(binding.platform) for track in tracks_at(world, release, now)}
    return binding.release in found


def listed_on_itunes(release, act, now):
    entry = release.on.get("itunes")
    return (
        bool(entry)
        and entry.is_up("US", now)
        and any(c.act == act.n and c.holds("itunes", now) for c in release.credits)
    )


def guest_parts(deezer, act, now):
    name = act.profiles["deezer"].name.replace('"', "")
    pages = (
        deezer.search_tracks(ask(q=f'artist:"{name}"', limit="100", index=str(i)), now) for i in range(0, 600, 100)
    )
    return [row for page in pages for row in page.document["data"]]


def ask(market="", **params):
    from sandbox.dialects.answer import Ask

    said = {**params, **({"market": market} if market else {})}
    return Ask("GET", "search", said, tuple(said.items()), base="http://127.0.0.1")


def test_attacks_that_use_a_name_are_found_by_searching_it(world):
    reached = {
        "same_name",
        "homoglyph",
        "typo",
        "affix",
        "token_subset",
        "split_ring",
        "move_after_takedown",
        "homonym_daily",
    }
    for event in world.planted():
        if event.kind in reached:
            found = world.search(world.act(event.artist).name, exact=False)
            fakes = {world.find_profile(b.platform, b.profile).n for b in event.profiles}
            assert fakes <= set(found), event.id


def test_a_stranger_is_reached_by_alias_or_latin_name(world):
    for event in world.planted():
        if event.kind in ("alias_leak", "transliteration", "localised_profile"):
            artist = world.act(event.artist)
            spoken = [*artist.aliases, artist.latin or artist.name]
            fake = world.find_profile(event.profiles[0].platform, event.profiles[0].profile)
            assert any(fake.n in world.search(name, exact=False) for name in spoken), event.id


def test_campaigns_share_what_their_scenario_says(world):
    waves = [event for event in world.planted() if event.kind == "wave"]
    releases = [world.find_release(e.bindings[0].platform, e.bindings[0].release) for e in waves]
    assert len({release.label for release in releases}) == 1
    assert len({release.cover for release in releases}) == 2
    assert len({world.tracks(release)[0].isrc[:7] for release in releases}) == 1


def test_truth_is_silent_about_what_has_not_begun(world):
    early, late = truth(world, world.start + 60), truth(world, world.start + 21 * DAY)
    assert {event["census"] for event in early["attacks"]} == {True}
    assert early["ordinary"] == []
    assert len(late["attacks"]) > 40
    assert {event["class"] for event in late["attacks"]} == {*"ABCDEFGHIJK", "inverse"}
    assert {event["class"] for event in late["twins"]} == {None}
    assert len(late["monitored"]) == 50
    assert {platform for artist in late["monitored"] for platform in artist["profiles"]} == set(PLATFORMS)


def test_the_truth_names_release_track_page_credit_and_times(world):
    told = truth(world, world.start + 21 * DAY)
    for event in told["attacks"] + told["twins"]:
        assert event["bindings"] or event["profiles"], event["id"]
        for binding in event["bindings"]:
            told_of = ("platform", "profile", "release", "title", "credited", "role", "since")
            assert [name for name in told_of if not binding[name]] == [], event["id"]
    swap = next(event for event in told["attacks"] if event["kind"] == "track_swap")
    assert swap["swapped_at"] == swap["visible_from"] == swap["since"]
    assert all(binding["track"] for binding in swap["bindings"])
    down = next(event for event in told["attacks"] if event["kind"] == "taken_down")
    assert down["since"] < down["taken_down_at"]
    assert next(event for event in told["attacks"] if event["kind"] == "voice_clone")["visible_from"] is None


def test_what_arrives_is_planted_or_ordinary_and_nothing_is_left_out(world):
    now = world.start + 21 * DAY
    told = truth(world, now)
    named = {
        (b["platform"], b["profile"], b["release"])
        for event in (*told["attacks"], *told["twins"], *told["ordinary"])
        for b in event["bindings"]
    }
    before = {key(row)[:3] for row in visible(world, PLATFORMS, ["US", "DE"], world.start, None)}
    arrived = {key(row)[:3] for row in visible(world, PLATFORMS, ["US", "DE"], now, None)} - before
    assert len(arrived) > 100
    assert arrived <= named
    assert all(entry["nature"] and entry["since"] > told["start"] for entry in told["ordinary"])


def test_the_inverse_attack_changes_what_was_official(world):
    events = {event.kind: event for event in world.planted() if event.group == "inverse"}
    assert set(events) == {"official_vanished", "cover_replaced", "page_renamed", "picture_replaced", "link_replaced"}
    gone = events["official_vanished"]
    assert all(binding.until == gone.swapped for binding in gone.bindings)
    for kind in ("page_renamed", "picture_replaced"):
        page = events[kind].profiles[0]
        act = world.act(events[kind].artist)
        before, after = (at(act.profiles[page.platform], events[kind].swapped + shift) for shift in (-60, 60))
        assert (before.name, before.image) != (after.name, after.image)
    moved = events["link_replaced"]
    links = [
        [link.url for link in world.act(moved.artist).links if link.is_there(moved.swapped + s)] for s in (-60, 60)
    ]
    assert any(
        moved.profiles[0].profile in url or moved.profiles[1].profile in url for url in set(links[1]) - set(links[0])
    )


def test_the_documents_name_every_scenario_with_its_class_and_golden_number():
    said = (Path(__file__).resolve().parent.parent / "docs" / "sandbox.md").read_text(encoding="utf-8")
    for scenario in SCENARIOS.values():
        group = f" {scenario.role.group} |" if scenario.role.attack else ""
        golden = f" {scenario.role.golden} |".replace("  ", " ") if scenario.role.golden else "  |"
        assert f"| `{scenario.name}` |{group}{golden} {scenario.story} |" in said
