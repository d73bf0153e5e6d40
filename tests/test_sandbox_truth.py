"""What the truth says is what the platforms show, over real HTTP and at every time."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from sandbox.dialects.deezer.dialect import Deezer
from sandbox.dialects.itunes.dialect import Itunes
from sandbox.dialects.spotify.dialect import GROUPS, Desk, Spotify
from sandbox.generate import GeneratedWorld
from sandbox.planted.scenarios import PROGRAMME
from sandbox.planted.truth import visible
from sandbox.server import running
from sandbox.world import DAY, PLATFORMS
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
            said = {key(row): row for row in sandbox.visible()}
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
    kinds = Counter(event.kind for event in world.planted())
    assert kinds == {scenario.__name__: count for scenario, count in PROGRAMME}
    assert sum(count for _, count in PROGRAMME) == 50
    assert {event.attack for event in world.planted()} == {True, False}


def test_every_binding_is_shown_by_its_platform_while_it_holds_and_at_no_other_time(world):
    dialects = {"deezer": Deezer(world), "spotify": Spotify(world), "itunes": Itunes(world)}
    checked = 0
    for event in world.planted():
        for binding in event.bindings:
            if binding.platform == "musicbrainz":
                continue
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
    elif binding.platform == "itunes":
        found = {r.on["itunes"].id for r in world.listings(act.n) if listed_on_itunes(r, act, now)}
    else:
        desk = Desk(dialects["spotify"], ask("US"), now)
        found = {row()["id"] for group in GROUPS for row in desk.group(act.n, group)}
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
    assert len({release.cover for release in releases}) == 1
    assert len({world.tracks(release)[0].isrc[:7] for release in releases}) == 1


def test_truth_is_silent_about_what_has_not_begun(world):
    from sandbox.planted.truth import truth

    early, late = truth(world, world.start + 60), truth(world, world.start + 21 * DAY)
    assert early["attacks"] == []
    assert len(late["attacks"]) > 20
    assert {event["class"] for event in late["attacks"]} == set("ABCDEFGHJK")
    assert {event["class"] for event in late["twins"]} == {None}
    assert len(late["monitored"]) == 50
    assert {platform for artist in late["monitored"] for platform in artist["profiles"]} == set(PLATFORMS)
