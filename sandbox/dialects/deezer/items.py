"""Deezer's objects, field by field."""

from functools import lru_cache
from typing import Any
from zlib import crc32

from sandbox.dialects.parties import Party, parties
from sandbox.world import GENRES, MARKETS, Profile, Release, Track, World, at, track_count_at, tracks_at

KINDS = {"album": "album", "ep": "ep", "single": "single", "compilation": "compile"}
API = "https://api.deezer.com"
SITE = "https://www.deezer.com"
IMAGES = "https://cdn-images.dzcdn.net/images"
SIZES = (("small", 56), ("medium", 250), ("big", 500), ("xl", 1000))
EMBEDDED = 25


def pictures(folder: str, key: str, hash: str) -> dict[str, Any]:
    """Give the picture addresses of a cover or an artist."""
    return {f"{key}_{name}": f"{IMAGES}/{folder}/{hash}/{px}x{px}-000000-80-0-0.jpg" for name, px in SIZES}


def artist_item(profile: Profile, albums: int, share: bool = False) -> dict[str, Any]:
    """Write a profile."""
    item = {"id": int(profile.id), "name": profile.name, "link": f"{SITE}/artist/{profile.id}"}
    if share:
        item["share"] = f"{SITE}/artist/{profile.id}?utm_source=deezer&utm_content=artist-{profile.id}&utm_medium=web"
    return {
        **item, "picture": f"{API}/artist/{profile.id}/image", **pictures("artist", "picture", face(profile)),
        "nb_album": albums, "nb_fan": profile.followers, "radio": profile.followers > 500,
        "tracklist": f"{API}/artist/{profile.id}/top?limit=50", "type": "artist",
    }  # fmt: skip


def face(profile: Profile) -> str:
    """Give the hash of a profile's picture; half of the small ones have none."""
    if profile.image:
        return profile.image
    return "" if profile.followers < 200 and int(profile.id) % 2 else f"{crc32(profile.id.encode()):08x}" * 4


def small_artist(party: Party) -> dict[str, Any]:
    """Write an artist in as few words as Deezer does inside a track."""
    id = party.profile.id
    return {"id": int(id), "name": party.name, "tracklist": f"{API}/artist/{id}/top?limit=50", "type": "artist"}


def contributor(party: Party) -> dict[str, Any]:
    """Write a contributor with the role."""
    item = artist_item(party.profile, 0, share=True)
    del item["nb_album"], item["nb_fan"]
    return {**item, "name": party.name, "role": "Main" if party.role == "main" else "Featured"}


def full_date(date: str) -> str:
    """Write a date in full, whatever was known of it."""
    if date == "0000":
        return "0000-00-00"
    return date + "-01-01"[: 10 - len(date)] if len(date) == 4 else date + "-01" * (len(date) == 7)


def covers(release: Release, id: str) -> dict[str, Any]:
    """Write the cover's addresses; a few albums have none."""
    if release.n % 211 == 3:
        return {"cover": "", **{f"cover_{name}": None for name, _ in SIZES}, "md5_image": ""}
    return {"cover": f"{API}/album/{id}/image", **pictures("cover", "cover", release.cover), "md5_image": release.cover}


def album_item(release: Release, now: float) -> dict[str, Any]:
    """Write an album as a row of a discography: no artist, no UPC, no label."""
    release, id = at(release, now), release.on["deezer"].id
    return {
        "id": int(id), "title": release.title, "link": f"{SITE}/album/{id}", **covers(release, id),
        "genre_id": genre_id(release), "fans": release.n % 5000, "release_date": full_date(release.date),
        "record_type": KINDS[release.kind], "tracklist": f"{API}/album/{id}/tracks",
        "explicit_lyrics": release.explicit, "type": "album",
    }  # fmt: skip


def search_album_item(world: World, release: Release, now: float) -> dict[str, Any]:
    """Write an album as a search result: no date, no UPC."""
    item = album_item(release, now)
    del item["release_date"], item["fans"]
    named = [party for party in parties(world, release.credits, "deezer", now) if party.role == "main"]
    return {**item, "nb_tracks": track_count_at(world, release, now), "artist": small_artist(named[0])}


def genre_id(release: Release) -> int:
    """Give a genre's number, or -1 where there is none."""
    return -1 if release.n % 37 == 0 else 100 + GENRES.index(release.genre) if release.genre in GENRES else 0


def full_album(world: World, release: Release, now: float, id: str) -> dict[str, Any]:
    """Write a whole album, its first tracks included."""
    release = at(release, now)
    named = [party for party in parties(world, release.credits, "deezer", now) if party.role != "guest"]
    tracks = tracks_at(world, release, now)
    entry = release.on["deezer"]
    return {
        "id": int(id), "title": release.title,
        "upc": other_upc(entry.upc) if entry.upc and id != entry.id else entry.upc,
        "link": f"{SITE}/album/{id}", "share": f"{SITE}/album/{id}?utm_source=deezer&utm_content=album-{id}",
        **covers(release, id), "genre_id": genre_id(release),
        "genres": {"data": [{"id": genre_id(release), "name": release.genre, "picture": "", "type": "genre"}]},
        "label": release.label, "nb_tracks": len(tracks), "duration": sum(t.duration_ms // 1000 for t in tracks),
        "fans": release.n % 5000, "release_date": full_date(release.date), "record_type": KINDS[release.kind],
        "available": True, "tracklist": f"{API}/album/{id}/tracks", "explicit_lyrics": release.explicit,
        "explicit_content_lyrics": 1 if release.explicit else release.n % 3 * 2, "explicit_content_cover": 2,
        "contributors": [contributor(party) for party in named],
        "artist": small_artist(named[0]) if named else None, "type": "album",
        "tracks": {"data": [embedded_track(world, release, t, now) for t in tracks[:EMBEDDED]]},
    }  # fmt: skip


@lru_cache(1024)
def other_upc(upc: str) -> str:
    """Give the UPC of the regional alternative."""
    body = f"{(int(upc[:11]) + 50_000_000_000) % 100_000_000_000:011d}"
    total = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(body))
    return body + str(-total % 10)


def basic_track(world: World, track: Track, now: float) -> dict[str, Any]:
    """Write what every rendering of a track has."""
    named = parties(world, track.credits, "deezer", now)
    id = int(track.ids["deezer"])
    rank = id % 900_000
    full = f"{track.title} ({track.version})" if track.version else track.title
    return {
        "id": id, "readable": True, "title": full, "title_short": track.title,
        "title_version": f"({track.version})" if track.version else "", "link": f"{SITE}/track/{id}",
        "duration": track.duration_ms // 1000, "rank": str(rank) if id % 23 == 0 else rank,
        "explicit_lyrics": track.explicit, "explicit_content_lyrics": int(track.explicit), "explicit_content_cover": 0,
        "preview": preview(id, now) if id % 9 else "",
        "md5_image": f"{id:032x}", "artist": small_artist(named[0]) if named else None, "type": "track",
    }  # fmt: skip


def preview(id: int, now: float) -> str:
    """Give the address of a preview, signed for a quarter of an hour."""
    return f"https://cdnt-preview.dzcdn.net/api/1/1/{id}.mp3?hdnea=exp={int(now) + 900}~acl=/*"


def embedded_track(world: World, release: Release, track: Track, now: float) -> dict[str, Any]:
    """Write a track as an album embeds it: without ISRC."""
    return {**basic_track(world, track, now), "album": small_album(release)}


def small_album(release: Release) -> dict[str, Any]:
    """Write an album in few words."""
    id = release.on["deezer"].id
    return {
        "id": int(id), "title": release.title, **covers(release, id),
        "tracklist": f"{API}/album/{id}/tracks", "type": "album",
    }  # fmt: skip


def listed_track(world: World, track: Track, now: float) -> dict[str, Any]:
    """Write a track as a row of an album's track list."""
    item = basic_track(world, track, now)
    return {**item, "isrc": track.isrc, "track_position": track.position, "disk_number": track.disc}


def full_track(world: World, release: Release, track: Track, now: float, country: str, whole: bool) -> dict[str, Any]:
    """Write a whole track, or the shorter row of a search."""
    item = listed_track(world, track, now)
    entry = release.on["deezer"]
    item["readable"] = entry.is_up(country, now)
    item["album"] = {**small_album(release), "release_date": full_date(release.date)}
    if whole:
        item["share"] = f"{SITE}/track/{item['id']}?utm_source=deezer"
        item["release_date"] = full_date(release.date)
        item["bpm"], item["gain"] = 0, -9.1
        item["available_countries"] = [market for market in sorted(MARKETS) if entry.is_up(market, now)]
        item["contributors"] = [contributor(party) for party in parties(world, track.credits, "deezer", now)]
        item["track_token"] = f"AAAAA{track.ids['deezer']}"
    return item
