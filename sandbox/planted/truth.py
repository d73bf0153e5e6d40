"""What is true: the planted events and everything that can be seen, read from the world and not from the dialects."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from math import inf
from typing import Any

from sandbox.dialects import facts
from sandbox.world import PLATFORMS, Act, Binding, Credit, Planted, Presence, Release, Track, World, iso

NEW_KIND = {"ep": "single"}


def truth(world: World, when: float) -> dict[str, Any]:
    """Give the roster, the planted events that have begun at a time, and every ordinary arrival until then."""
    planted = [event for event in world.planted() if event.since <= when]
    return {
        "at": iso(when), "start": iso(world.start),
        "monitored": [told_artist(world.act(row.act)) for row in world.roster()],
        "attacks": [told_event(world, event) for event in planted if event.attack],
        "twins": [told_event(world, event) for event in planted if not event.attack],
        "ordinary": list(ordinary(world, when)),
    }  # fmt: skip


def told_artist(act: Act) -> dict[str, Any]:
    """Write a monitored artist with the official profiles."""
    return {
        "key": act.key, "name": act.name, "aliases": list(act.aliases), "labels": list(act.labels),
        "isrc_prefixes": list(act.isrc_prefixes), "country": act.country,
        "profiles": {platform: profile.id for platform, profile in act.profiles.items()},
    }  # fmt: skip


def told_event(world: World, event: Planted) -> dict[str, Any]:
    """Write a planted event."""
    artist = world.act(event.artist)
    return {
        "id": event.id, "kind": event.kind, "class": event.group or None, "scenario": event.scenario,
        "artist": artist.key, "artist_name": artist.name, "census": event.since < world.start,
        "since": iso(event.since), "visible_from": iso(event.visible), "swapped_at": iso(event.swapped),
        "taken_down_at": iso(event.down), "campaign": event.campaign or None, "note": event.note,
        "bindings": [told_binding(world, binding) for binding in event.bindings],
        "profiles": [told_binding(world, binding) for binding in event.profiles],
    }  # fmt: skip


def told_binding(world: World, binding: Binding) -> dict[str, Any]:
    """Write where, when and under which name an event shows."""
    release = world.find_release(binding.platform, binding.release) if binding.release else None
    return {
        "platform": binding.platform, "profile": binding.profile, "release": binding.release or None,
        "track": binding.track or None, "title": release.title if release else None, "role": binding.role or None,
        "credited": binding.credited or None, "since": iso(binding.since), "until": iso(binding.until),
    }  # fmt: skip


def bindings_of(release: Release, act: Act) -> list[Binding]:
    """Give where a release stands under an act."""
    return [found for credit in release.credits if credit.act == act.n for found in bound(release, act, credit)]


def track_bindings(release: Release, track: Track, act: Act) -> list[Binding]:
    """Give where one track of a release stands under an act."""
    result = []
    for credit in track.credits:
        for found in bound(release, act, credit) if credit.act == act.n else ():
            since, until = max(found.since, track.since), min(found.until, track.until)
            if since < until and found.platform in track.ids:
                result.append(replace(found, track=track.ids[found.platform], since=since, until=until))
    return result


def bound(release: Release, act: Act, credit: Credit) -> Iterator[Binding]:
    """Give the platforms on which a credit binds a release to an act's page, each with its span of time."""
    for platform in PLATFORMS:
        entry, profile = release.on.get(platform), act.profiles.get(platform)
        if entry is None or profile is None or (credit.platforms is not None and platform not in credit.platforms):
            continue
        since, until = max(entry.since, credit.since, profile.since), min(entry.until, credit.until, profile.until)
        if since < until:
            name = credit.printed or profile.name
            yield Binding(platform, profile.id, entry.id, "", since, until, credit.role, name)


def ordinary(world: World, when: float) -> Iterator[dict[str, Any]]:
    """Give what arrived on the monitored artists' pages since the start without anybody having planted it."""
    planted = {(b.platform, b.release) for event in world.planted() for b in event.bindings if not b.track}
    for row in world.roster():
        act = world.act(row.act)
        for release in sorted(world.listings(act.n), key=lambda release: release.n):
            places = [
                place
                for place in bindings_of(release, act)
                if world.start < place.since <= when and (place.platform, place.release) not in planted
            ]
            if places:
                yield {
                    "artist": act.key, "artist_name": act.name, "release": release.key, "title": release.title,
                    "nature": release.nature or ("own" if places[0].role == "main" else "appears on"),
                    "since": iso(min(place.since for place in places)),
                    "bindings": [told_binding(world, place) for place in places],
                }  # fmt: skip


def whose(world: World, platform: str, page: str, release: str) -> dict[str, Any]:
    """Give whose a page and a release on it are, and since when each is there; times are null for what always was."""
    monitored = {row.act for row in world.roster()}
    act = world.find_profile(platform, page)
    found = world.find_release(platform, release) if release else None
    credited = [credit.act for credit in found.credits] if found else []
    return {
        "platform": platform, "profile": page, "release": release or None,
        "page": act.name if act else None, "page_monitored": act is not None and act.n in monitored,
        "page_since": iso(act.profiles[platform].since) if act and platform in act.profiles else None,
        "title": found.title if found else None, "nature": found.nature if found else None,
        "release_monitored": any(n in monitored for n in credited),
        "release_since": iso(found.on[platform].since) if found and platform in found.on else None,
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
