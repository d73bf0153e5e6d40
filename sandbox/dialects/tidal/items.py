"""TIDAL's resources, field by field; a relationship tells its data only where it was included."""

from collections.abc import Iterable
from datetime import UTC, datetime
from math import isfinite
from typing import Any
from zlib import crc32

from sandbox.dialects.parties import Party, parties
from sandbox.world import GENRES, Act, Credit, Profile, Release, Track, World, at, track_count_at, tracks_at

Item = dict[str, Any]
HOUSES = ("Meridian", "Quickdrop", "Northlight", "Caravel", "Tonehouse", "Pollen", "Semaphore", "Ostinato")
NEVER_FLAGGED, FLAGGED = 5, 7  # of the numbers modulo NINETY, which releases declare nothing, and which are AI
NINETY = 97


class TidalItems:
    """Writes resources for one request, and gathers what they name."""

    def __init__(self, world: World, now: float, market: str, include: str) -> None:
        """Read the include paths: each names every resource on its way."""
        self.world, self.now, self.market = world, now, market
        paths = [path.split(".") for path in include.split(",") if path]
        self.paths = {".".join(path[: end + 1]) for path in paths for end in range(len(path))}
        self.included: dict[tuple[str, str], Item] = {}

    def relation(self, owner: Item, path: str, name: str, named: list[Item], metas: Iterable[Item] = ()) -> None:
        """Put a relationship; its resources were written already."""
        kind, id = owner["type"], owner["id"]
        said: Item = {"links": {"self": f"/{kind}/{id}/relationships/{name}?countryCode={self.market}"}}
        if self.asks(path, name):
            said["data"] = [{"id": one["id"], "type": one["type"]} for one in named]
            for identifier, meta in zip(said["data"], metas, strict=False):
                identifier["meta"] = meta
            self.included.update({(one["type"], one["id"]): one for one in named})
        owner.setdefault("relationships", {})[name] = said

    def asks(self, path: str, name: str) -> bool:
        """Tell whether a relationship was included."""
        return (f"{path}.{name}" if path else name) in self.paths

    def below(self, path: str, name: str) -> str:
        """Give the path of what a relationship leads to."""
        return f"{path}.{name}" if path else name

    # --- resources ---------------------------------------------------------------------------------------------------

    def named_artist(self, profile: Profile, name: str) -> Item:
        """Write an artist."""
        owner = ("LABEL", "LABEL", "MIXED", "USER")[crc32(profile.id.encode()) % 4]
        said = {"name": name, "popularity": min(1.0, len(str(profile.followers)) / 10), "spotlighted": False}
        links = [{"href": f"https://tidal.com/browse/artist/{profile.id}", "meta": {"type": "TIDAL_SHARING"}}]
        told = {"ownerType": owner} if int(profile.id) % 5 else {}
        return {"id": profile.id, "type": "artists", "attributes": {**said, "externalLinks": links, **told}}

    def artist(self, act: Act, path: str = "") -> Item:
        """Write an artist's page."""
        profile = at(act.profiles["tidal"], self.now)
        item = self.named_artist(profile, profile.name)
        self.relation(item, path, "albums", [])
        art = [self.picture(profile.image or f"{crc32(profile.id.encode()):08x}")] if profile.followers > 100 else []
        self.relation(item, path, "profileArt", art)
        shares = self.shares(act) if self.asks(path, "trackProviders") else {}
        named = [self.provider(name) for name in shares]
        self.relation(item, path, "trackProviders", named, [{"numberOfTracks": count} for count in shares.values()])
        return item

    def shares(self, act: Act) -> dict[str, int]:
        """Count an act's tracks by who delivered them."""
        counts: dict[str, int] = {}
        for release in self.world.listings(act.n):
            own = any(c.act == act.n and c.role == "main" for c in release.credits)
            if own and "tidal" in release.on and release.on["tidal"].is_up(self.market, self.now):
                house = provider_of(release)
                counts[house] = counts.get(house, 0) + track_count_at(self.world, release, self.now)
        return counts

    def credits(self, owner: Item, path: str, credits: Iterable[Credit]) -> None:
        """Put who is credited."""
        named: list[Party] = parties(self.world, credits, "tidal", self.now) if self.asks(path, "artists") else []
        self.relation(owner, path, "artists", [self.named_artist(one.profile, one.name) for one in named])

    def album(self, release: Release, path: str = "", items: tuple[int, int] = (0, 0)) -> Item:
        """Write an album; `items` is the part of its list that is shown."""
        release, entry = at(release, self.now), release.on["tidal"]
        kind = {"album": "ALBUM", "ep": "EP", "compilation": "ALBUM"}.get(release.kind, "SINGLE")
        dated = {} if release.date == "0000" else {"releaseDate": full_date(release.date)}
        made = {"createdAt": stamp(entry.since)} if isfinite(entry.since) else {}
        said = {
            "title": release.title, "barcodeId": entry.upc.zfill(14 if release.n % 3 else 13),
            "numberOfVolumes": 1, "numberOfItems": track_count_at(self.world, release, self.now),
            "duration": "PT40M5S", "explicit": release.explicit, "copyright": {"text": release.c_line},
            "popularity": (release.n % 100) / 100, "accessType": "PUBLIC", "mediaTags": ["LOSSLESS"],
            "externalLinks": [], "type": kind, "albumType": kind, **dated, **made, **flag(release.n),
        }  # fmt: skip
        item: Item = {"id": entry.id, "type": "albums", "attributes": said}
        self.credits(item, path, [c for c in release.credits if c.role != "guest"])
        self.relation(item, path, "coverArt", [self.picture(release.cover)])
        number = GENRES.index(release.genre) if release.genre in GENRES else 99
        genre = {"id": str(number), "type": "genres", "attributes": {"genreName": release.genre}}
        self.relation(item, path, "genres", [genre] if release.n % 4 else [])
        self.relation(item, path, "providers", [self.provider(provider_of(release))])
        self.items(item, release, path, items)
        return item

    def items(self, album: Item, release: Release, path: str, part: tuple[int, int]) -> None:
        """Put a part of an album's tracks."""
        tracks = tracks_at(self.world, release, self.now)[slice(*part)] if self.asks(path, "items") else []
        named = [self.track(track, release, self.below(path, "items")) for track in tracks]
        metas = [{"volumeNumber": t.disc, "trackNumber": t.position, "itemCursor": t.ids["tidal"]} for t in tracks]
        self.relation(album, path, "items", named, metas)

    def track(self, track: Track, release: Release, path: str = "") -> Item:
        """Write a track."""
        said = {
            "title": track.title, "isrc": track.isrc, "duration": length(track.duration_ms),
            "copyright": {"text": at(release, self.now).p_line}, "explicit": track.explicit, "key": "UNKNOWN",
            "keyScale": "UNKNOWN", "mediaTags": ["LOSSLESS"], "popularity": (release.n % 50) / 100,
            "accessType": "PUBLIC", **({"version": track.version} if track.version else {}), **flag(release.n),
        }  # fmt: skip
        item: Item = {"id": track.ids["tidal"], "type": "tracks", "attributes": said}
        self.credits(item, path, track.credits)
        if self.asks(path, "albums"):
            self.relation(item, path, "albums", [self.album(release, self.below(path, "albums"))])
        return item

    def provider(self, name: str) -> Item:
        """Write who delivers."""
        return {"id": str(100 + crc32(name.encode()) % 900), "type": "providers", "attributes": {"name": name}}

    def picture(self, hash: str) -> Item:
        """Write a picture in some sizes."""
        place = f"https://resources.tidal.com/images/{hash[:8]}"
        files = [{"href": f"{place}/{px}x{px}.jpg", "meta": {"width": px, "height": px}} for px in (1280, 640, 320)]
        return {"id": f"art{hash[:16]}", "type": "artworks", "attributes": {"mediaType": "IMAGE", "files": files}}


def provider_of(release: Release) -> str:
    """Name who delivered a release: whoever owns its barcode's prefix."""
    return f"{HOUSES[crc32(release.upc.lstrip('0')[:6].encode()) % len(HOUSES)]} Distribution"


def flag(n: int) -> Item:
    """Give the AI flag; some declare nothing."""
    return {} if n % NINETY == NEVER_FLAGGED else {"ai": n % NINETY == FLAGGED}


def length(ms: int) -> str:
    """Write a length of time in whole seconds."""
    minutes, seconds = divmod(ms // 1000, 60)
    return f"PT{minutes}M{seconds}S" if minutes else f"PT{seconds}S"


def full_date(date: str) -> str:
    """Write a date in full, whatever was known of it."""
    return date + "-01" * ((10 - len(date)) // 3)


def stamp(moment: float) -> str:
    """Write a moment."""
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
