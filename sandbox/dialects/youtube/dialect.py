"""YouTube's dialect: Topic channels whose uploads are Art Tracks, searches in a bucket of their own, a day's quota.

Every track is a video; a release's first one bears the release's id, since the API knows no albums.
"""

from datetime import UTC, datetime
from math import isfinite
from typing import Any
from zlib import crc32

from sandbox.dialects.answer import Answer, Ask, Page, Rule
from sandbox.dialects.parties import found_profiles, parties, plays, upload
from sandbox.world import DAY, Act, Profile, Release, Track, World, at, tracks_at

Item = dict[str, Any]
PACIFIC = "America/Los_Angeles"
MOST = 50
HOUSES = ("Meridian", "Quickdrop", "Northlight", "Caravel", "Tonehouse", "Pollen", "Semaphore", "Ostinato")
SEARCHES = (
    "Quota exceeded for quota metric 'Search Queries' and limit 'Search Queries per day' "
    "of service 'youtube.googleapis.com' for consumer 'project_number:0'."
)
POOL = 'The request cannot be completed because you have exceeded your <a href="/youtube/v3">quota</a>.'


class YouTube:
    """Answers as youtube.googleapis.com does."""

    name = "youtube"

    def __init__(self, world: World) -> None:
        """Speak about a world."""
        self.world = world
        self.rules = {
            "search": Rule(100, DAY, per_client=False, resets=PACIFIC),
            "pool": Rule(10_000, DAY, per_client=False, resets=PACIFIC),
        }

    def buckets(self, ask: Ask) -> tuple[str, ...]:
        """Searches have a bucket of their own."""
        return ("search",) if ask.path == "search" else ("pool",)

    def refusal(self, bucket: str, wait: float) -> Answer:
        """Refuse until the next day in California."""
        if bucket == "search":
            return failed(429, "rateLimitExceeded", SEARCHES, "global")
        return failed(403, "quotaExceeded", POOL, "youtube.quota")

    def answer(self, ask: Ask, now: float) -> Answer:
        """Answer by path."""
        if not ask.params.get("key") or ask.params["key"] == "invalid":
            return failed(400, "badRequest", "API key not valid. Please pass a valid API key.", "global")
        match ask.path:
            case "search":
                return self.search(ask, now)
            case "channels":
                return self.channels(ask, now)
            case "playlistItems":
                return self.uploads(ask, now)
            case "videos":
                return self.videos(ask, now)
        return Answer(text="<html>Not Found</html>", status=404, content_type="text/html")

    def part(self, ask: Ask, rows: list[Any], kind: str) -> Answer:
        """Cut a page."""
        size, token = ask.number("maxResults", 5), ask.params.get("pageToken", "")
        if size is None or not 0 <= size <= MOST or (token and not token.startswith("EAAa")):
            return failed(400, "invalidValue", "Invalid value.", "global")
        start = int(token[4:] or "0", 16) if token else 0
        document: Item = {"kind": f"youtube#{kind}", "etag": "sandbox"}
        if start + size < len(rows):
            document["nextPageToken"] = f"EAAa{start + size:x}"
        document["pageInfo"] = {"totalResults": len(rows), "resultsPerPage": size}
        document["items"] = [row() for row in rows[start : start + size]]
        return Answer(document, page=Page(document, "items", "nextPageToken"))

    def search(self, ask: Ask, now: float) -> Answer:
        """Find channels by name."""
        if ask.params.get("type") != "channel":
            return failed(400, "invalidSearchFilter", "Only channels can be searched here.", "youtube.search")
        found = found_profiles(self.world, self.name, ask.params.get("q", ""), now)
        return self.part(ask, [lambda p=profile: hit(p) for _, profile in found], "searchListResponse")

    def up(self, id: str, now: float) -> Act | None:
        """Find who has a channel."""
        act = self.world.find_profile(self.name, id)
        return act if act is not None and act.profiles[self.name].is_up(now) else None

    def channels(self, ask: Ask, now: float) -> Answer:
        """Show some channels; where there is none of them, there is no list either."""
        ids = ask.params.get("id", "").split(",")
        acts = [act for id in ids[:MOST] if (act := self.up(id, now))]
        items = [channel(at(act.profiles[self.name], now), len(self.listed(act, now))) for act in acts]
        document = {"kind": "youtube#channelListResponse", "etag": "sandbox", "pageInfo": {"totalResults": len(items)}}
        return Answer({**document, "items": items} if items else document)

    def listed(self, act: Act, now: float) -> list[tuple[Release, Track]]:
        """Give what stands on an act's channel, newest first."""
        found = []
        for release in self.world.listings(act.n):
            entry = release.on.get(self.name)
            if (
                entry
                and entry.since <= now < entry.until
                and plays(release, act.n, self.name, now, ("main", "featured"))
            ):
                found += [(release, track) for track in tracks_at(self.world, release, now)]
        found.sort(key=lambda pair: (max(pair[0].on[self.name].since, pair[1].since), pair[0].n), reverse=True)
        return found

    def uploads(self, ask: Ask, now: float) -> Answer:
        """List the uploads of a channel."""
        playlist = ask.params.get("playlistId", "")
        act = self.up(f"UC{playlist[2:]}", now) if playlist.startswith("UU") else None
        if act is None:
            message = "The playlist identified with the request's playlistId parameter cannot be found."
            return failed(404, "playlistNotFound", message, "youtube.playlistItem")
        page = at(act.profiles[self.name], now)
        rows = [lambda r=release, t=track: self.row(r, t, page, now) for release, track in self.listed(act, now)]
        return self.part(ask, rows, "playlistItemListResponse")

    def row(self, release: Release, track: Track, page: Profile, now: float) -> Item:
        """Write a video as a row of a list."""
        id = video_id(release, track)
        said = self.snippet(release, track, page, now)
        owner = {"videoOwnerChannelTitle": said["channelTitle"], "videoOwnerChannelId": page.id}
        more = {"playlistId": f"UU{page.id[2:]}", "resourceId": {"kind": "youtube#video", "videoId": id}}
        return {
            "kind": "youtube#playlistItem", "etag": "sandbox", "id": f"UExp{id}", "snippet": {**said, **more, **owner},
            "contentDetails": {"videoId": id, "videoPublishedAt": said["publishedAt"]},
            "status": {"privacyStatus": "public"},
        }  # fmt: skip

    def snippet(self, release: Release, track: Track, page: Profile, now: float) -> Item:
        """Write what every rendering of a video says."""
        id, since = video_id(release, track), max(release.on[self.name].since, track.since)
        title = f"{track.title} ({track.version})" if track.version else track.title
        return {
            "publishedAt": stamp(since if isfinite(since) else self.world.start - 900 * DAY), "channelId": page.id,
            "title": title, "description": self.described(release, track, title, now),
            "thumbnails": {"high": {"url": f"https://i.ytimg.com/vi/{id}/hqdefault.jpg", "width": 480, "height": 360}},
            "channelTitle": f"{page.name} - Topic",
        }  # fmt: skip

    def described(self, release: Release, track: Track, title: str, now: float) -> str:
        """Write an Art Track's description."""
        release = at(release, now)
        named = [party.name for party in parties(self.world, track.credits, self.name, now)]
        house = HOUSES[crc32(release.upc.lstrip("0")[:6].encode()) % len(HOUSES)]
        dated = [f"Released on: {release.date}"] if len(release.date) == 10 else []
        people = [f"Composer: {writer}" for writer in track.writers]
        parts = [
            f"Provided to YouTube by {house} Distribution", " · ".join([title, *named]), release.title, release.p_line,
            *dated, "\n".join(people), "Auto-generated by YouTube.",
        ]  # fmt: skip
        return "\n\n".join(part for part in parts if part)

    def videos(self, ask: Ask, now: float) -> Answer:
        """Show some videos."""
        found = [
            pair
            for id in ask.params.get("id", "").split(",")[:MOST]
            if (pair := upload(self.world, self.name, id, now))
        ]
        items = [self.full(release, track, now) for release, track in found]
        return Answer({
            "kind": "youtube#videoListResponse", "etag": "sandbox", "items": items,
            "pageInfo": {"totalResults": len(items), "resultsPerPage": len(items)},
        })  # fmt: skip

    def full(self, release: Release, track: Track, now: float) -> Item:
        """Write a whole video."""
        named = parties(self.world, release.credits, self.name, now)
        page = named[0].profile if named else Profile(self.name, "UC" + "0" * 21 + "g", "Release")
        status = {"uploadStatus": "processed", "privacyStatus": "public", "license": "youtube", "embeddable": True}
        minutes, seconds = divmod(track.duration_ms // 1000, 60)
        return {
            "kind": "youtube#video", "etag": "sandbox", "id": video_id(release, track),
            "snippet": {**self.snippet(release, track, page, now), "categoryId": "10"},
            "contentDetails": {"duration": f"PT{minutes}M{seconds}S", "licensedContent": True, "contentRating": {}},
            "status": {**status, **({"containsSyntheticMedia": release.n % 97 == 7} if release.n % 3 == 0 else {})},
        }  # fmt: skip


def video_id(release: Release, track: Track) -> str:
    """Give the id of a track's video."""
    return release.on["youtube"].id if track.position == 1 else track.ids["youtube"]


def hit(page: Profile) -> Item:
    """Write a channel as a search result."""
    title = f"{page.name} - Topic"
    said = {"publishedAt": "2014-05-02T10:00:00Z", "channelId": page.id, "title": title, "channelTitle": title}
    more = {"description": "", "thumbnails": {}, "liveBroadcastContent": "none"}
    id = {"kind": "youtube#channel", "channelId": page.id}
    return {"kind": "youtube#searchResult", "etag": "sandbox", "id": id, "snippet": {**said, **more}}


def channel(page: Profile, videos: int) -> Item:
    """Write a whole channel."""
    said = {"title": f"{page.name} - Topic", "description": "", "publishedAt": "2014-05-02T10:00:00Z"}
    face = f"https://yt3.ggpht.com/{page.image or crc32(page.id.encode())}=s800"
    count = {"viewCount": str(page.followers * 40), "subscriberCount": str(page.followers), "videoCount": str(videos)}
    return {
        "kind": "youtube#channel", "etag": "sandbox", "id": page.id,
        "snippet": {**said, "thumbnails": {"high": {"url": face, "width": 800, "height": 800}}},
        "contentDetails": {"relatedPlaylists": {"likes": "", "uploads": f"UU{page.id[2:]}"}},
        "statistics": {**count, "hiddenSubscriberCount": False}, "status": {"privacyStatus": "public"},
    }  # fmt: skip


def stamp(moment: float) -> str:
    """Write a moment."""
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def failed(status: int, reason: str, message: str, domain: str) -> Answer:
    """Say an error as Google does."""
    one = {"message": message, "domain": domain, "reason": reason}
    return Answer({"error": {"code": status, "message": message, "errors": [one]}}, status=status)


def make(world: World, capability: str, country: str) -> YouTube:
    """Set the dialect up."""
    return YouTube(world)
