"""Spotify's objects, field by field, in development and extended mode."""

from collections.abc import Iterable
from typing import Any

from sandbox.dialects.answer import Ask
from sandbox.dialects.parties import Party, parties
from sandbox.world import MARKETS, Act, Credit, Profile, Release, Track, World, at, track_count_at, tracks_at

API = "https://api.spotify.com/v1"
SITE = "https://open.spotify.com"
EMBEDDED = 50
SIZES = ((640, "ab67616d0000b273"), (300, "ab67616d00001e02"), (64, "ab67616d00004851"))
PRECISIONS = {4: "year", 7: "month", 10: "day"}


class SpotifyItems:
    """Writes objects for one request."""

    def __init__(self, world: World, now: float, extended: bool, market: str) -> None:
        """Remember mode, market and time."""
        self.world, self.now, self.extended, self.market = world, now, extended, market

    def named(self, kind: str, id: str) -> dict[str, Any]:
        """Write what every object has."""
        return {
            "external_urls": {"spotify": f"{SITE}/{kind}/{id}"}, "href": f"{API}/{kind}s/{id}", "id": id,
            "type": kind, "uri": f"spotify:{kind}:{id}",
        }  # fmt: skip

    def simple_artist(self, party: Party) -> dict[str, Any]:
        """Write an artist in a credit."""
        return {**self.named("artist", party.profile.id), "name": party.name}

    def artists(self, credits: Iterable[Credit]) -> list[dict[str, Any]]:
        """Write the credited artists; guests of single tracks are not on the sleeve."""
        named = parties(self.world, credits, "spotify", self.now)
        return [self.simple_artist(party) for party in named if party.role != "guest"]

    def artist(self, act: Act, profile: Profile) -> dict[str, Any]:
        """Write a profile."""
        face = f"ab6761610000e5eb{profile.image[:24] or profile.id.encode().hex()[:24]}"
        sizes = (640, 320, 160) if profile.image or profile.followers > 100 else ()
        numbers = {
            "followers": {"href": None, "total": profile.followers},
            "popularity": min(100, len(str(profile.followers)) * 13),
        }
        return {
            **self.named("artist", profile.id), "name": profile.name,
            "genres": [act.genre.lower()] if profile.followers > 1000 else [],
            "images": [{"url": f"https://i.scdn.co/image/{face}", "height": px, "width": px} for px in sizes],
            **(numbers if self.extended else {}),
        }  # fmt: skip

    def markets(self, release: Release, id: str) -> list[str]:
        """Give the markets of a release; a duplicate has the other half of them."""
        entry = release.on["spotify"]
        up = [market for market in sorted(MARKETS) if entry.is_up(market, self.now)]
        if not entry.twin:
            return up
        return up[1::2] if id == entry.twin else up[::2]

    def simple_album(self, release: Release, id: str) -> dict[str, Any]:
        """Write an album without its tracks."""
        release = at(release, self.now)
        kind = "single" if release.kind == "ep" else release.kind
        images = [
            {"url": f"https://i.scdn.co/image/{prefix}{release.cover[:24]}", "height": px, "width": px}
            for px, prefix in SIZES
        ]
        return {
            "album_type": kind, "total_tracks": track_count_at(self.world, release, self.now),
            **({"available_markets": self.markets(release, id)} if self.extended and not self.market else {}),
            **self.named("album", id), "images": images, "name": release.title, "release_date": release.date,
            "release_date_precision": PRECISIONS[len(release.date)], "artists": self.artists(release.credits),
            **({"is_playable": True} if self.market else {}),
        }  # fmt: skip

    def listed(self, release: Release, group: str, id: str = "") -> dict[str, Any]:
        """Write an album as a row of a discography or a search."""
        item = self.simple_album(release, id or release.on["spotify"].id)
        return {**item, "album_group": group} if self.extended and group else item

    def album(self, release: Release, id: str, ask: Ask) -> dict[str, Any]:
        """Write a whole album."""
        item = self.simple_album(release, id)
        said = at(release, self.now)
        tracks = tracks_at(self.world, release, self.now)
        path = f"v1/albums/{id}/tracks"
        more = {"limit": EMBEDDED, "locale": "*"}
        following = ask.url(path, offset=EMBEDDED, **more) if len(tracks) > EMBEDDED else None
        return {
            **item, "tracks": {
                "href": ask.url(path, offset=0, **more), "limit": EMBEDDED, "next": following, "offset": 0,
                "previous": None, "total": len(tracks),
                "items": [self.simple_track(track, release) for track in tracks[:EMBEDDED]],
            },
            "copyrights": [{"text": said.c_line, "type": "C"}, {"text": said.p_line, "type": "P"}],
            "external_ids": {"upc": release.on["spotify"].upc}, "genres": [],
            **({"label": said.label, "popularity": release.n % 80} if self.extended else {}),
        }  # fmt: skip

    def simple_track(self, track: Track, release: Release) -> dict[str, Any]:
        """Write a track of an album: without ISRC."""
        entry = release.on["spotify"]
        up = [market for market in sorted(MARKETS) if entry.is_up(market, self.now)]
        return {
            "artists": self.artists(track.credits),
            **({"available_markets": up} if self.extended and not self.market else {}),
            "disc_number": track.disc, "duration_ms": track.duration_ms, "explicit": track.explicit,
            **self.named("track", track.ids["spotify"]), **({"is_playable": True} if self.market else {}),
            "name": f"{track.title} - {track.version}" if track.version else track.title, "preview_url": None,
            "track_number": track.position, "is_local": False,
        }  # fmt: skip

    def full_track(self, release: Release, track: Track) -> dict[str, Any]:
        """Write a whole track."""
        return {
            **self.simple_track(track, release), "album": self.simple_album(release, release.on["spotify"].id),
            "external_ids": {"isrc": track.isrc}, **({"popularity": release.n % 80} if self.extended else {}),
        }  # fmt: skip
