"""MusicBrainz' objects, field by field: a search leaves out what a look-up says with null."""

import hashlib
import uuid
from collections.abc import Sequence
from typing import Any

from sandbox.dialects.parties import parties
from sandbox.dialects.search_index import fold, words
from sandbox.world import Act, Link, Release, Track, World, at, iso, tracks_at

PERSON = "b6e035f4-3ce9-331c-97df-83397230b0df"
OFFICIAL = "4e304316-386d-3409-af2e-78857eec5cfe"
ALIAS_TYPE = "894afba6-2816-3c24-8072-eadb66bd04bc"
ALBUM_TYPES = {"album": "Album", "single": "Single", "ep": "EP", "compilation": "Album"}


def made_id(text: str) -> str:
    """Give a UUID that belongs to a text."""
    return str(uuid.UUID(bytes=hashlib.md5(text.encode(), usedforsecurity=False).digest(), version=4))


class MusicBrainzItems:
    """Writes objects."""

    def __init__(self, world: World) -> None:
        """Speak about a world."""
        self.world = world

    def stamp(self, now: float) -> str | None:
        """Write a time."""
        return iso(round(now, 3))

    def area(self, code: str) -> dict[str, Any]:
        """Write a country."""
        return {
            "id": made_id(f"area/{code}"), "name": code, "sort-name": code, "type": None, "type-id": None,
            "disambiguation": "", "iso-3166-1-codes": [code],
        }  # fmt: skip

    def found_artist(self, act: Act, asked: str, place: int) -> dict[str, Any]:
        """Write an artist as a search result."""
        profile = act.profiles["musicbrainz"]
        exact = fold(profile.name) == fold(asked) or any(fold(alias) == fold(asked) for alias in act.aliases)
        shared = len(set(words(profile.name)) & set(words(asked)))
        span = {"begin": act.begin} if act.begin else {}
        ended = {"end": act.ended, "ended": True} if act.ended else {"ended": None}
        return {
            "id": profile.id, "type": "Person", "type-id": PERSON,
            "score": 100 if exact else max(20, 70 + shared * 8 - place),
            "name": profile.name, "sort-name": profile.name, "country": act.country, "area": self.area(act.country),
            **({"disambiguation": act.disambiguation} if act.disambiguation else {}), "life-span": {**span, **ended},
            **({"aliases": self.aliases(act)} if act.aliases else {}),
        }  # fmt: skip

    def aliases(self, act: Act) -> list[dict[str, Any]]:
        """Write an artist's aliases."""
        return [
            {
                "sort-name": alias,
                "name": alias,
                "locale": "en" if alias == act.latin else None,
                "type": "Artist name",
                "type-id": ALIAS_TYPE,
                "primary": True if alias == act.latin else None,
                "begin": None,
                "end": None,
                "ended": False,
            }
            for alias in act.aliases
        ]

    def artist(self, act: Act, inc: Sequence[str], now: float) -> dict[str, Any]:
        """Write an artist as a look-up."""
        profile = act.profiles["musicbrainz"]
        links = [self.relation(link) for link in act.links if link.is_there(now)]
        relations = {"relations": links} if "url-rels" in inc else {}
        return {
            "id": profile.id, "name": profile.name, "sort-name": profile.name, "type": "Person", "type-id": PERSON,
            "disambiguation": act.disambiguation, "country": act.country, "area": self.area(act.country),
            "begin-area": None, "end-area": None, "gender": None, "gender-id": None, "ipis": [], "isnis": [],
            "life-span": {"begin": act.begin or None, "end": act.ended or None, "ended": bool(act.ended)},
            **({"aliases": self.aliases(act)} if "aliases" in inc else {}), **relations,
        }  # fmt: skip

    def relation(self, link: Link) -> dict[str, Any]:
        """Write a url relation as an artist has it."""
        return {
            **self.bare_relation(link), "direction": "forward", "target-type": "url",
            "url": {"id": made_id(link.url), "resource": link.url},
        }  # fmt: skip

    def bare_relation(self, link: Link) -> dict[str, Any]:
        """Write what a relation has on both ends."""
        return {
            "type": link.type, "type-id": link.type_id, "begin": None, "end": "2020" if link.ended else None,
            "ended": link.ended, "attributes": [], "attribute-ids": {}, "attribute-values": {},
            "source-credit": "", "target-credit": "",
        }  # fmt: skip

    def url(self, url: str, holders: Sequence[tuple[Act, Link]], inc: Sequence[str]) -> dict[str, Any]:
        """Write an address with the artists that have it."""
        relations = [
            {**self.bare_relation(link), "direction": "backward", "target-type": "artist", "artist": self.small(act)}
            for act, link in holders
        ]
        return {"id": made_id(url), "resource": url, **({"relations": relations} if "artist-rels" in inc else {})}

    def small(self, act: Act, name: str = "") -> dict[str, Any]:
        """Write an artist in few words."""
        profile = act.profiles["musicbrainz"]
        return {
            "id": profile.id, "name": name or profile.name, "sort-name": profile.name,
            "disambiguation": act.disambiguation, "type": "Person", "type-id": PERSON,
        }  # fmt: skip

    def credit(self, credits: Sequence[Any], now: float) -> list[dict[str, Any]]:
        """Write an artist credit with its joining words."""
        named = [p for p in parties(self.world, credits, "musicbrainz", now) if p.role != "guest"]
        rows = []
        for place, party in enumerate(named):
            follows = named[place + 1] if place + 1 < len(named) else None
            joint = "" if follows is None else " feat. " if follows.role == "featured" else " & "
            artist = self.small(self.world.act(party.act))
            rows.append({"name": party.name, "joinphrase": joint, "artist": artist})
        return rows

    def release(self, release: Release, inc: Sequence[str], now: float) -> dict[str, Any]:
        """Write a release."""
        said, entry = at(release, now), release.on["musicbrainz"]
        date = "" if said.date == "0000" else said.date
        country = "XW"
        more: dict[str, Any] = {}
        if "artist-credits" in inc:
            more["artist-credit"] = self.credit(release.credits, now)
        if "labels" in inc:
            label = {"id": made_id(f"label/{said.label}"), "name": said.label, "label-code": None, "type": None}
            more["label-info"] = [{"catalog-number": None, "label": label}]
        if "release-groups" in inc:
            more["release-group"] = self.group(said, date)
        if "recordings" in inc:
            more["media"] = self.media(release, inc, now)
        if "url-rels" in inc:
            more["relations"] = []
        return {
            "id": entry.id, "title": said.title, "status": "Official", "status-id": OFFICIAL, "date": date,
            "country": country, "release-events": [{"date": date, "area": self.area(country)}],
            "barcode": entry.upc or ("" if release.n % 8 else None),
            "asin": None, "packaging": None, "packaging-id": None, "quality": "normal", "disambiguation": "",
            "text-representation": {"language": "eng", "script": "Latn"},
            "cover-art-archive": {"artwork": False, "count": 0, "front": False, "back": False, "darkened": False},
            **more,
        }  # fmt: skip

    def group(self, release: Release, date: str) -> dict[str, Any]:
        """Write a release group."""
        return {
            "id": made_id(f"group/{release.n}"), "title": release.title, "primary-type": ALBUM_TYPES[release.kind],
            "primary-type-id": made_id(release.kind), "first-release-date": date, "disambiguation": "",
            "secondary-types": ["Compilation"] if release.kind == "compilation" else [], "secondary-type-ids": [],
        }  # fmt: skip

    def media(self, release: Release, inc: Sequence[str], now: float) -> list[dict[str, Any]]:
        """Write the discs."""
        discs: dict[int, list[Track]] = {}
        for track in tracks_at(self.world, release, now):
            discs.setdefault(track.disc, []).append(track)
        return [
            {
                "id": made_id(f"medium/{release.n}/{disc}"),
                "position": disc,
                "format": "Digital Media",
                "format-id": made_id("digital"),
                "title": "",
                "track-offset": 0,
                "track-count": len(tracks),
                "tracks": [self.track(release, track, place, inc, now) for place, track in enumerate(tracks, 1)],
            }
            for disc, tracks in sorted(discs.items())
        ]

    def track(self, release: Release, track: Track, place: int, inc: Sequence[str], now: float) -> dict[str, Any]:
        """Write a track."""
        credit = {"artist-credit": self.credit(track.credits, now)} if "artist-credits" in inc else {}
        recording = {**self.recording(release, track), **credit, **({"isrcs": [track.isrc]} if "isrcs" in inc else {})}
        return {
            "id": track.ids["musicbrainz"], "position": place, "number": str(place), "title": recording["title"],
            "length": track.duration_ms, "recording": recording, **credit,
        }  # fmt: skip

    def recording(self, release: Release, track: Track) -> dict[str, Any]:
        """Write a recording; the same ISRC is the same recording."""
        return {
            "id": made_id(f"recording/{track.isrc}"), "length": track.duration_ms, "video": False, "disambiguation": "",
            "title": f"{track.title} ({track.version.lower()})" if track.version else track.title,
            "first-release-date": "" if release.date == "0000" else release.date,
        }  # fmt: skip

    def recordings(
        self, pairs: Sequence[tuple[Release, Track]], inc: Sequence[str], now: float
    ) -> list[dict[str, Any]]:
        """Write the recordings of an ISRC, each once, with the releases that hold them."""
        rows: dict[str, dict[str, Any]] = {}
        for release, track in pairs:
            recording = self.recording(release, track)
            row = rows.setdefault(recording["id"], recording)
            if "artist-credits" in inc:
                row["artist-credit"] = self.credit(track.credits, now)
            if "releases" in inc:
                row.setdefault("releases", []).append(self.release(release, [], now))
        return list(rows.values())
