"""What is true: the planted events and everything that can be seen, read from the world and not from the dialects."""

from collections.abc import Iterable, Iterator
from math import inf
from typing import Any

from sandbox.dialects import facts
from sandbox.world import Act, Binding, Credit, Planted, Presence, Release, World, iso

CLASSES = {
    "profile_hijack": "A", "back_dated": "A", "wave": "A", "ghost_writer": "A", "geo_hide": "A", "taken_down": "A",
    "track_swap": "A", "same_name": "B", "split_ring": "B", "homoglyph": "C", "typo": "C", "affix": "C",
    "token_subset": "C", "transliteration": "C", "alias_leak": "D", "stranger_feat": "E", "fabricated_collab": "E",
    "sped_up_pack": "F", "phantoms": "G", "dormant_break": "H", "voice_clone": "J", "move_after_takedown": "K",
}  # fmt: skip
NEW_KIND = {"ep": "single"}


def truth(world: World, when: float) -> dict[str, Any]:
    """Give the roster and the planted events that have begun at a time."""
    planted = [event for event in world.planted() if event.since <= when]
    return {
        "at": iso(when), "start": iso(world.start),
        "monitored": [told_artist(world.act(row.act)) for row in world.roster()],
        "attacks": [told_event(world, event) for event in planted if event.attack],
        "twins": [told_event(world, event) for event in planted if not event.attack],
    }  # fmt: skip


def told_artist(act: Act) -> dict[str, Any]:
    """Write a monitored artist with the official profiles."""
    return {
        "key": act.key, "name": act.name, "aliases": list(act.aliases), "labels": list(act.labels),
        "isrc_prefixes": list(act.isrc_prefixes),
        "profiles": {platform: profile.id for platform, profile in act.profiles.items()},
    }  # fmt: skip


def told_event(world: World, event: Planted) -> dict[str, Any]:
    """Write a planted event."""
    artist = world.act(event.artist)
    return {
        "id": event.id, "kind": event.kind, "class": CLASSES.get(event.kind), "scenario": event.scenario,
        "artist": artist.key, "artist_name": artist.name,
        "since": iso(event.since), "campaign": event.campaign or None, "note": event.note,
        "bindings": [told_binding(binding) for binding in event.bindings],
        "profiles": [told_binding(binding) for binding in event.profiles],
    }  # fmt: skip


def told_binding(binding: Binding) -> dict[str, Any]:
    """Write where and when an event shows."""
    return {
        "platform": binding.platform, "profile": binding.profile, "release": binding.release or None,
        "track": binding.track or None, "since": iso(binding.since), "until": iso(binding.until),
    }  # fmt: skip


def visible(
    world: World, platforms: Iterable[str], markets: Iterable[str], when: float, since: float | None
) -> list[dict[str, Any]]:
    """Give every release on every monitored profile that is visible at a time, or at some moment since another."""
    rows: list[dict[str, Any]] = []
    for row in world.roster():
        act = world.act(row.act)
        for platform in platforms:
            if platform in act.profiles:
                for market in markets:
                    rows.extend(on_profile(world, act, platform, market, when, since))
    return rows


def on_profile(
    world: World, act: Act, platform: str, market: str, when: float, since: float | None
) -> list[dict[str, Any]]:
    """Give the visible releases of one profile; those that a platform's cap hides are marked."""
    rows = []
    for release in world.listings(act.n):
        entry = release.on.get(platform)
        if entry is None:
            continue
        for section, start, end in spans(world, release, entry, act, platform, market):
            if start <= when < end if since is None else start <= when and end > since:
                rows.append((release, section, start, end, entry.id))
    longest = facts.of(platform).longest_list
    capped = {id for _, id in sorted(((r.date, r.n), id) for r, _, _, _, id in rows)[:-longest]} if longest else set()
    return [
        {
            "platform": platform,
            "profile": act.profiles[platform].id,
            "release": id,
            "section": section,
            "market": market,
            "from": iso(start),
            "until": iso(end),
            "reachable": id not in capped,
        }
        for _, section, start, end, id in rows
    ]


def spans(
    world: World, release: Release, entry: Presence, act: Act, platform: str, market: str
) -> Iterator[tuple[str, float, float]]:
    """Give the sections in which a release stands under an act, each with its span of time."""
    profile = act.profiles[platform]
    base = (max(entry.since, profile.since), min(entry.until, profile.until))
    if entry.markets is not None and market not in entry.markets:
        return
    for credit, low, high in credits_of(world, release, act.n, platform):
        section = section_of(platform, release, credit.role)
        for start, end in open_parts(entry, market, max(base[0], low), min(base[1], high)):
            if section and start < end:
                yield section, start, end


def credits_of(world: World, release: Release, act: int, platform: str) -> Iterator[tuple[Credit, float, float]]:
    """Give an act's credits on a release, those on tracks that come or go included."""
    for credit in release.credits:
        if credit.act == act and (credit.platforms is None or platform in credit.platforms):
            yield credit, credit.since, credit.until
    for track in world.tracks(release) if release.tracks_vary else ():
        for credit in track.credits:
            if credit.act == act and all(credit.act != other.act for other in release.credits):
                yield Credit(act, "guest"), max(track.since, credit.since), min(track.until, credit.until)


def section_of(platform: str, release: Release, role: str) -> str:
    """Name the section in which a platform lists a release under somebody in a role."""
    if platform == "spotify":
        return NEW_KIND.get(release.kind, release.kind) if role == "main" else "appears_on"
    if role == "guest":
        return "appears_on" if platform == "musicbrainz" else ""
    return "releases" if platform == "musicbrainz" else "albums"


def open_parts(entry: Presence, market: str, start: float, end: float) -> Iterator[tuple[float, float]]:
    """Cut the times out in which a release is hidden from a market."""
    for hide in sorted((h for h in entry.hidden if h.market == market), key=lambda h: h.since):
        if hide.until > start and hide.since < end:
            yield start, hide.since
            start = hide.until
    yield start, min(end, inf)
