"""SoundCloud's dialect: tokens that are scarce, pages by their address, uploads newest first, blocked ones on request.

Every track is an upload; a release's first one bears the release's id.
"""

from datetime import UTC, datetime
from math import isfinite
from typing import Any
from urllib.parse import unquote, urlencode, urlsplit

from sandbox.dialects.answer import Answer, Ask, Page, Rule
from sandbox.dialects.grants import Grants
from sandbox.dialects.parties import found_profiles, parties, plays, upload
from sandbox.made.ids import BASE36, spell
from sandbox.world import DAY, Act, Profile, Release, Track, World, at, tracks_at

Item = dict[str, Any]
ALL = {"playable", "preview", "blocked"}


class SoundCloud:
    """Answers as secure.soundcloud.com and api.soundcloud.com do."""

    name = "soundcloud"

    def __init__(self, world: World) -> None:
        """Speak about a world."""
        self.world = world
        self.grants = Grants(3599, "2-", refused=401)
        self.rules = {
            "token": Rule(50, DAY / 2, per_client=False),
            "address": Rule(30, 3600.0),
            "api": Rule(600, 60.0, per_client=False),
        }

    def buckets(self, ask: Ask) -> tuple[str, ...]:
        """Tokens are counted by app and by address."""
        return ("token", "address") if ask.path == "oauth/token" else ("api",)

    def refusal(self, bucket: str, wait: float) -> Answer:
        """Refuse, without a time."""
        return failed(429, "Too many requests")

    def answer(self, ask: Ask, now: float) -> Answer:
        """Answer a request for a token or, with one, anything else."""
        if ask.path == "oauth/token":
            return self.grants.answer(ask, now)
        if not self.grants.holder(ask, "OAuth", now):
            return failed(401, "invalid token")
        match [unquote(part) for part in ask.path.split("/")]:
            case ["resolve"]:
                return self.resolve(ask, now)
            case ["users"]:
                found = found_profiles(self.world, self.name, ask.params.get("q", ""), now)
                return self.part(ask, [lambda p=page: self.user(p, now) for _, page in found])
            case ["users", urn]:
                act = self.who(urn, now)
                return gone() if act is None else Answer(self.user(act.profiles[self.name], now))
            case ["users", urn, "tracks"]:
                return self.tracks(ask, urn, now)
            case ["users", urn, "playlists"]:
                return gone() if self.who(urn, now) is None else self.part(ask, [])
            case ["tracks", urn]:
                pair = upload(self.world, self.name, urn, now)
                return gone() if pair is None or not self.may_be_seen(ask, pair[0]) else Answer(self.item(*pair, now))
        return gone()

    def part(self, ask: Ask, rows: list[Any]) -> Answer:
        """Cut a page."""
        size, cursor = ask.number("limit", 50) or 50, ask.params.get("cursor", "")
        start = int(cursor, 36) if cursor.isalnum() and cursor.isascii() else 0
        size = min(200, max(1, size))
        following = None
        if start + size < len(rows):
            params = {**ask.params, "cursor": spell(start + size, BASE36, 4)}
            following = f"{ask.base}/{ask.path}?{urlencode(params)}"
        document = {"collection": [row() for row in rows[start : start + size]], "next_href": following}
        return Answer(document, page=Page(document, "collection", "next_href"))

    def resolve(self, ask: Ask, now: float) -> Answer:
        """Lead from a page's address to its user."""
        act = self.world.find_profile(self.name, urlsplit(ask.params.get("url", "")).path.strip("/"))
        if act is None or not act.profiles[self.name].is_up(now):
            return gone()
        place = f"{ask.base}/users/{urn_of(act.profiles[self.name])}"
        return Answer({"status": "302 - Found", "location": place}, status=302, headers={"Location": place})

    def who(self, urn: str, now: float) -> Act | None:
        """Find who has a URN."""
        act = self.world.find_profile(self.name, f"user-{urn.rpartition(':')[2]}")
        return act if act is not None and act.profiles[self.name].is_up(now) else None

    def tracks(self, ask: Ask, urn: str, now: float) -> Answer:
        """List somebody's uploads, newest first."""
        act = self.who(urn, now)
        if act is None:
            return gone()
        found = []
        for release in self.world.listings(act.n):
            entry = release.on.get(self.name)
            there = entry is not None and entry.since <= now < entry.until and self.may_be_seen(ask, release)
            if there and plays(release, act.n, self.name, now, ("main", "featured")):
                found += [(release, track) for track in tracks_at(self.world, release, now)]
        found.sort(key=lambda pair: (max(pair[0].on[self.name].since, pair[1].since), pair[0].n), reverse=True)
        page = act.profiles[self.name]
        return self.part(ask, [lambda r=release, t=track: self.item(r, t, now, page) for release, track in found])

    def may_be_seen(self, ask: Ask, release: Release) -> bool:
        """Tell whether a track is shown to who asks so: blocked ones only to who names them."""
        asked = set(ask.params.get("access", "playable,preview").split(","))
        return asked <= ALL and access_of(release) in asked

    def user(self, page: Profile, now: float) -> Item:
        """Write a user."""
        page = at(page, now)
        return {
            "kind": "user", "urn": urn_of(page), "username": page.name, "full_name": "", "permalink": page.id,
            "permalink_url": f"https://soundcloud.com/{page.id}", "country": None, "description": None,
            "avatar_url": f"https://i1.sndcdn.com/avatars-{page.image or 'default'}-large.jpg",
            "followers_count": page.followers, "track_count": None, "playlist_count": 0, "plan": "Free",
        }  # fmt: skip

    def item(self, release: Release, track: Track, now: float, page: Profile | None = None) -> Item:
        """Write an upload: who uploaded it, and whom it names."""
        release = at(release, now)
        named = parties(self.world, track.credits, self.name, now)
        owner = page or (named[0].profile if named else Profile(self.name, "user-1", "somebody"))
        urn = release.on[self.name].id if track.position == 1 else track.ids[self.name]
        since = max(release.on[self.name].since, track.since)
        year, _, rest = release.date.partition("-")
        month, _, day = rest.partition("-")
        return {
            "kind": "track", "urn": urn, "duration": track.duration_ms,
            "title": f"{track.title} ({track.version})" if track.version else track.title,
            "created_at": stamp(since if isfinite(since) else self.world.start - 900 * DAY),
            "isrc": track.isrc, "label_name": release.label, "genre": release.genre,
            "metadata_artist": named[0].name if named and release.n % 3 else None,
            "release_year": int(year) or None, "release_month": int(month or 0) or None,
            "release_day": int(day or 0) or None,
            "artwork_url": f"https://i1.sndcdn.com/artworks-{release.cover[:12]}-large.jpg",
            "permalink_url": f"https://soundcloud.com/{owner.id}/{urn.rpartition(':')[2]}",
            "sharing": "public", "streamable": True, "access": access_of(release), "user": self.user(owner, now),
        }  # fmt: skip


def access_of(release: Release) -> str:
    """Say how a release can be heard."""
    return {5: "blocked", 11: "preview"}.get(release.n % 29, "playable")


def urn_of(page: Profile) -> str:
    """Give a user's URN."""
    return f"soundcloud:users:{page.id.removeprefix('user-')}"


def stamp(moment: float) -> str:
    """Write a moment."""
    return datetime.fromtimestamp(moment, UTC).strftime("%Y/%m/%d %H:%M:%S +0000")


def gone() -> Answer:
    """Say that there is no such thing."""
    return failed(404, "404 - Not Found")


def failed(status: int, message: str) -> Answer:
    """Say an error as SoundCloud does."""
    return Answer({"code": status, "message": message, "status": message, "errors": [], "error": None}, status=status)


def make(world: World, capability: str, country: str) -> SoundCloud:
    """Set the dialect up."""
    return SoundCloud(world)
