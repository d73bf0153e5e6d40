"""Writes a world as a world file."""

import json
from math import inf
from pathlib import Path
from typing import Any

from sandbox.files.worldfile import FORMAT
from sandbox.world import Act, Binding, Change, Credit, Planted, Presence, Release, RosterRow, Track, World, iso


def export_world(world: World, path: Path) -> None:
    """Write a whole world; a generated one is made completely for this, so keep the scale small."""
    acts = list(world.acts())
    releases: dict[int, Release] = {}
    for n in acts:
        releases.update((release.n, release) for release in world.listings(n))
    keys = {n: world.act(n).key for n in acts}
    document = {
        "format": FORMAT, "start": iso(world.start), "artists": [said_artist(world.act(n)) for n in acts],
        "releases": [said_release(world, release, keys) for _, release in sorted(releases.items())],
        "roster": [said_row(row, keys) for row in world.roster()],
        "planted": [said_event(event, keys) for event in world.planted()],
    }  # fmt: skip
    path.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def lean(said: dict[str, Any]) -> dict[str, Any]:
    """Leave out what an absent key already says."""
    return {key: value for key, value in said.items() if value}


def span(since: float, until: float) -> dict[str, Any]:
    """Write a span, open ends left out."""
    return {
        **({"since": iso(since)} if since != -inf else {}),
        **({"until": iso(until)} if until != inf else {}),
    }


def said_artist(act: Act) -> dict[str, Any]:
    """Write an artist."""
    profiles = [
        {
            "platform": p.platform, "id": p.id, "name": p.name, "followers": p.followers, **span(p.since, p.until),
            **lean({"image": p.image, "changes": said_changes(p.changes)}),
        }
        for p in act.profiles.values()
    ]  # fmt: skip
    links = [
        {"url": k.url, "type": k.type, "type_id": k.type_id, **lean({"ended": k.ended}), **span(k.since, k.until)}
        for k in act.links
    ]
    texts = {
        "aliases": list(act.aliases), "latin": act.latin, "label": act.label, "labels": list(act.labels),
        "isrc_prefixes": list(act.isrc_prefixes), "begin": act.begin, "ended": act.ended,
        "disambiguation": act.disambiguation,
    }  # fmt: skip
    return {
        "key": act.key, "n": act.n, "name": act.name, **lean(texts), "genre": act.genre, "country": act.country,
        **lean({"profiles": profiles, "links": links}),
    }  # fmt: skip


def said_changes(changes: tuple[Change, ...]) -> list[dict[str, Any]]:
    """Write what says something else from some time on."""
    return [{"at": iso(c.at), "field": c.field, "value": c.value} for c in changes]


def said_credit(credit: Credit, keys: dict[int, str]) -> dict[str, Any]:
    """Write a credit."""
    platforms = sorted(credit.platforms) if credit.platforms is not None else None
    more = {"platforms": platforms} if platforms is not None else {}
    printed = {"printed": credit.printed} if credit.printed else {}
    return {"artist": keys[credit.act], "role": credit.role, **printed, **more, **span(credit.since, credit.until)}


def said_presence(platform: str, entry: Presence) -> dict[str, Any]:
    """Write a release's entry on one platform."""
    hidden = [{"market": hide.market, **span(hide.since, hide.until)} for hide in entry.hidden]
    markets = {"markets": sorted(entry.markets)} if entry.markets is not None else {}
    more = lean({"hidden": hidden, "upc": entry.upc, "twin": entry.twin})
    return {"platform": platform, "id": entry.id, **span(entry.since, entry.until), **markets, **more}


def said_track(track: Track, release: Release, keys: dict[int, str]) -> dict[str, Any]:
    """Write a track."""
    credits = {"credits": [said_credit(c, keys) for c in track.credits]} if track.credits != release.credits else {}
    return {
        "position": track.position, "title": track.title, "isrc": track.isrc, "duration_ms": track.duration_ms,
        "ids": dict(track.ids), **credits, "disc": track.disc,
        **lean({"version": track.version, "explicit": track.explicit, "writers": list(track.writers)}),
        **span(track.since, track.until),
    }  # fmt: skip


def said_release(world: World, release: Release, keys: dict[int, str]) -> dict[str, Any]:
    """Write a release with its tracks."""
    return {
        "key": release.key, "n": release.n, "title": release.title, "kind": release.kind, "date": release.date,
        "upc": release.upc, "label": release.label, "p_line": release.p_line, "c_line": release.c_line,
        "cover": release.cover, "genre": release.genre, "explicit": release.explicit,
        "credits": [said_credit(credit, keys) for credit in release.credits],
        "on": [said_presence(platform, entry) for platform, entry in release.on.items()],
        **lean({"changes": said_changes(release.changes), "nature": release.nature}),
        "tracks": [said_track(track, release, keys) for track in world.tracks(release)],
    }  # fmt: skip


def said_row(row: RosterRow, keys: dict[int, str]) -> dict[str, Any]:
    """Write a roster row."""
    more = {
        "aliases": list(row.aliases), "mbid": row.mbid, "labels": list(row.labels),
        "isrc_prefixes": list(row.isrc_prefixes), "ids": dict(row.ids),
    }  # fmt: skip
    return {"artist": keys[row.act], "name": row.name, **lean(more)}


def said_binding(binding: Binding) -> dict[str, Any]:
    """Write where an event shows."""
    texts = {
        "release": binding.release, "track": binding.track, "role": binding.role, "credited": binding.credited
    }  # fmt: skip
    more = lean(texts)
    return {"platform": binding.platform, "profile": binding.profile, **more, **span(binding.since, binding.until)}


def said_event(event: Planted, keys: dict[int, str]) -> dict[str, Any]:
    """Write the truth about an event."""
    more = {
        "bindings": [said_binding(b) for b in event.bindings], "profiles": [said_binding(b) for b in event.profiles],
        "campaign": event.campaign, "note": event.note, "scenario": event.scenario, "group": event.group,
        "visible": iso(event.visible), "swapped": iso(event.swapped), "down": iso(event.down),
    }  # fmt: skip
    return {
        "id": event.id, "kind": event.kind, "artist": keys[event.artist], "attack": event.attack,
        "since": iso(event.since),
        **lean(more),
    }  # fmt: skip
