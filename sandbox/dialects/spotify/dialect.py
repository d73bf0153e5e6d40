"""Spotify's dialect: tokens that expire, development and extended mode, quota buckets per rolling day.

In development mode ten rows a page, no label, popularity, followers, markets or album_group, and no batch calls.
"""

from datetime import UTC, datetime
from typing import Any

from sandbox.dialects.answer import Answer, Ask, Page, Rule
from sandbox.dialects.grants import Grants
from sandbox.dialects.parties import asked_fields, found_profiles, plays
from sandbox.dialects.spotify.items import SpotifyItems
from sandbox.world import DAY, Act, Release, Track, World, at, tracks_at

REMOVED = ("browse", "recommendations", "audio-features", "audio-analysis", "markets", "users")
REMOVED_BELOW = ("top-tracks", "related-artists")
GROUPS = ("album", "single", "compilation", "appears_on")
SEARCH_END = 1000
TOKEN_LIFE = 3600


class Spotify:
    """Answers as accounts.spotify.com and api.spotify.com do."""

    name = "spotify"

    def __init__(self, world: World, capability: str = "development") -> None:
        """Speak about a world; any id with a secret may have a token."""
        self.world = world
        self.extended = capability == "extended"
        self.grants = Grants(TOKEN_LIFE, "BQ", wordy=True)
        self.page_max = 50 if self.extended else 10
        self.rules = {
            "app_30s": Rule(180 if self.extended else 45, 30.0, per_client=False),
            "artist_albums": Rule(1_000_000 if self.extended else 80, DAY, per_client=False),
            "other": Rule(1_000_000 if self.extended else 1500, DAY, per_client=False),
            "token": Rule(1_000_000, 30.0, per_client=False),
        }

    def buckets(self, ask: Ask) -> tuple[str, ...]:
        """Name the app's window and the day's bucket; quota is counted for the account, not the client id."""
        if ask.path == "api/token":
            return ("token",)
        parts = ask.path.split("/")
        listing = parts[1:2] == ["artists"] and parts[3:4] == ["albums"]
        return ("app_30s", "artist_albums" if listing else "other")

    def refusal(self, bucket: str, wait: float) -> Answer:
        """Refuse in plain text for the short window and in JSON for the day's quota."""
        headers = {"Retry-After": str(max(1, int(wait + 0.999)))}
        if bucket == "app_30s":
            return Answer(status=429, text="Too many requests", headers=headers, content_type="text/plain")
        error = {"status": 429, "message": "Too many requests", "reason": "QUOTA_EXCEEDED"}
        return Answer({"error": error}, status=429, headers=headers)

    def answer(self, ask: Ask, now: float) -> Answer:
        """Answer a token request or, with a token, anything else."""
        if ask.path == "api/token":
            return self.grants.answer(ask, now)
        kind, _, token = ask.headers.get("authorization", "").partition(" ")
        if kind.lower() != "bearer" or not token:
            return failed(401, "No token provided")
        if not self.grants.holder(ask, "Bearer", now):
            return failed(401, "The access token expired" if token in self.grants.given else "Invalid access token")
        if not ask.path.startswith("v1/"):
            return failed(404, "Service not found")
        return self.route(ask, ask.path.removeprefix("v1/").split("/"), Desk(self, ask, now))

    def route(self, ask: Ask, parts: list[str], desk: "Desk") -> Answer:
        """Find what a path means."""
        if parts[0] in REMOVED or (parts[-1] in REMOVED_BELOW and parts[0] == "artists"):
            return failed(403, "Forbidden")
        match parts:
            case ["search"]:
                return desk.search()
            case ["artists", id]:
                return desk.artist(id)
            case ["artists", id, "albums"]:
                return desk.artist_albums(id)
            case ["albums", id]:
                return desk.album(id)
            case ["albums", id, "tracks"]:
                return desk.album_tracks(id)
            case ["tracks", id]:
                return desk.track(id)
            case ["artists" | "albums" | "tracks" as kind]:
                return desk.several(kind) if self.extended else failed(403, "Forbidden")
        return failed(404, "Service not found")


class Desk:
    """Answers one request with a good token."""

    def __init__(self, platform: Spotify, ask: Ask, now: float) -> None:
        """Take the request."""
        self.platform, self.world, self.ask, self.now = platform, platform.world, ask, now
        self.market = ask.params.get("market", "").upper()
        self.items = SpotifyItems(self.world, now, platform.extended, self.market)

    def limits(self, default: int, most: int) -> tuple[int, int] | Answer:
        """Read offset and limit, or refuse them."""
        limit, offset = self.ask.number("limit", default), self.ask.number("offset", 0)
        if limit is None or not 1 <= limit <= most:
            return failed(400, "Invalid limit")
        if offset is None or offset < 0:
            return failed(400, "Invalid offset")
        return offset, limit

    def paged(self, rows: list[Any], offset: int, limit: int, **params: object) -> dict[str, Any]:
        """Cut a page; the next address carries a locale that nobody asked for."""
        ask, path = self.ask, self.ask.path
        more = {"limit": limit, "locale": "*", **params}
        following, before = offset + limit, max(0, offset - limit)
        return {
            "href": ask.url(path, offset=offset, **more),
            "items": [row() for row in rows[offset : offset + limit]], "limit": limit,
            "next": ask.url(path, offset=following, **more) if following < len(rows) else None, "offset": offset,
            "previous": ask.url(path, offset=before, **more) if offset > 0 else None, "total": len(rows),
        }  # fmt: skip

    def seen(self, release: Release) -> bool:
        """Tell whether a release shows in the market asked for, or anywhere when none was."""
        entry = release.on.get("spotify")
        if entry is None:
            return False
        if not self.market:
            return entry.since <= self.now < entry.until
        return entry.is_up(self.market, self.now)

    def profile(self, id: str) -> Act | None:
        """Find a profile that is up."""
        act = self.world.find_profile("spotify", id)
        return act if act and act.profiles["spotify"].is_up(self.now) else None

    def artist(self, id: str) -> Answer:
        """Show a profile."""
        act = self.profile(id)
        if act is None:
            return wrong_id(id)
        return Answer(self.items.artist(act, at(act.profiles["spotify"], self.now)))

    def artist_albums(self, id: str) -> Answer:
        """List a profile's releases, group by group."""
        limits = self.limits(20 if self.platform.extended else 5, self.platform.page_max)
        if isinstance(limits, Answer):
            return limits
        asked = self.ask.params.get("include_groups", ",".join(GROUPS))
        groups = [group for group in asked.split(",") if group]
        if any(group not in GROUPS for group in groups):
            return failed(400, "Invalid include_groups parameter")
        act = self.profile(id)
        if act is None:
            return wrong_id(id)
        rows = [row for group in GROUPS if group in groups for row in self.group(act.n, group)]
        document = self.paged(rows, *limits, include_groups=asked)
        return Answer(document, page=Page(document, "items", "next", "total"))

    def group(self, act: int, group: str) -> list[Any]:
        """Give one group's releases: newest first, except appears_on, which has no order."""
        found = [
            release for release in self.world.listings(act) if self.seen(release) and self.is_in(release, act, group)
        ]
        if group == "appears_on":
            found.sort(key=lambda release: release.n * 48_271 % 65_521)
        else:
            found.sort(key=lambda release: (release.date, release.n), reverse=True)
        rows: list[Any] = []
        for release in found:
            rows.append(lambda r=release: self.items.listed(r, group))
            twin = release.on["spotify"].twin
            if twin and not self.market:
                rows.append(lambda r=release, t=twin: self.items.listed(r, group, t))
        return rows

    def is_in(self, release: Release, act: int, group: str) -> bool:
        """Tell whether a release belongs in one of an act's groups."""
        if plays(release, act, "spotify", self.now, ("main",)):
            return group == ("single" if release.kind == "ep" else release.kind)
        if group != "appears_on":
            return False
        if plays(release, act, "spotify", self.now, ("featured", "guest")):
            return True
        return any(c.act == act and c.holds("spotify", self.now) for t in self.varying(release) for c in t.credits)

    def varying(self, release: Release) -> list[Track]:
        """Give the tracks of a release whose guests the release itself does not name."""
        return tracks_at(self.world, release, self.now) if release.tracks_vary else []

    def find_album(self, id: str) -> Release | None:
        """Find a release that shows, by its id or by its duplicate for other markets."""
        release = self.world.find_release("spotify", id)
        return release if release and self.seen(release) else None

    def album(self, id: str) -> Answer:
        """Show a whole album; some that were taken down still answer, without a name."""
        release = self.find_album(id)
        if release:
            return Answer(self.items.album(release, id, self.ask))
        gone = self.world.find_release("spotify", id)
        if gone and gone.n % 3 == 0 and gone.on["spotify"].until <= self.now:
            return Answer({**self.items.album(gone, id, self.ask), "name": ""})
        return wrong_id(id)

    def album_tracks(self, id: str) -> Answer:
        """List an album's tracks."""
        limits = self.limits(20, 50)
        if isinstance(limits, Answer):
            return limits
        release = self.find_album(id)
        if release is None:
            return wrong_id(id)
        tracks = tracks_at(self.world, release, self.now)
        document = self.paged([lambda t=t: self.items.simple_track(t, release) for t in tracks], *limits)
        return Answer(document, page=Page(document, "items", "next", "total"))

    def track(self, id: str) -> Answer:
        """Show a whole track, the only place of its ISRC."""
        found = self.world.find_track("spotify", id)
        if found is None or not self.seen(found[0]) or not found[1].since <= self.now < found[1].until:
            return wrong_id(id)
        return Answer(self.items.full_track(*found))

    def several(self, kind: str) -> Answer:
        """Answer a batch call."""
        ids = self.ask.params.get("ids", "").split(",")
        if len(ids) > (20 if kind == "albums" else 50):
            return failed(400, "Too many ids requested")
        one = {"artists": self.artist, "albums": self.album, "tracks": self.track}[kind]
        answers = [one(id) for id in ids]
        return Answer({kind: [answer.document if answer.status == 200 else None for answer in answers]})

    def search(self) -> Answer:
        """Search artists, albums or tracks."""
        limits = self.limits(20 if self.platform.extended else 5, self.platform.page_max)
        if isinstance(limits, Answer):
            return limits
        offset, limit = limits
        query, kinds = self.ask.params.get("q", ""), self.ask.params.get("type", "").split(",")
        if not query:
            return failed(400, "No search query")
        if offset + limit > SEARCH_END:
            return failed(400, "Invalid offset")
        finders = {"artist": self.find_artists, "album": self.find_albums, "track": self.find_tracks}
        if any(kind not in finders for kind in kinds):
            return failed(400, "Bad search type field")
        document = {f"{kind}s": self.paged(finders[kind](query)[:SEARCH_END], offset, limit) for kind in kinds}
        return Answer(document, page=Page(document[f"{kinds[0]}s"], "items", "next", "total"))

    def find_artists(self, query: str) -> list[Any]:
        """Find profiles by name."""
        fields, free = asked_fields(query)
        pairs = found_profiles(self.world, "spotify", fields.get("artist", free), self.now)
        return [lambda a=act, p=profile: self.items.artist(a, p) for act, profile in pairs]

    def find_albums(self, query: str) -> list[Any]:
        """Find albums by UPC, exactly as stored, or by artist, title and year."""
        fields, free = asked_fields(query)
        if "upc" in fields:
            found = [
                r for r in self.world.by_upc(fields["upc"]) if self.seen(r) and r.on["spotify"].upc == fields["upc"]
            ]
        else:
            pairs = found_profiles(self.world, "spotify", fields.get("artist", free), self.now)[:5]
            listed = [*self.world.titled(free)] if free else []
            listed += [release for act, _ in pairs for release in self.world.listings(act.n)]
            once = {release.n: release for release in listed}.values()
            found = [release for release in once if self.seen(release) and self.fits(release, fields)]
        return [lambda r=release: self.items.listed(r, "") for release in found]

    def fits(self, release: Release, fields: dict[str, str]) -> bool:
        """Tell whether an album answers the fields of a search."""
        first, _, last = fields.get("year", "0-9999").partition("-")
        recent = datetime.fromtimestamp(self.now - 14 * DAY, UTC).strftime("%Y-%m-%d")
        return (
            fields.get("album", "").casefold() in release.title.casefold()
            and first <= release.date[:4] <= (last or first)
            and (fields.get("tag") != "new" or release.date >= recent)
        )

    def find_tracks(self, query: str) -> list[Any]:
        """Find tracks by ISRC, or by artist and title."""
        fields, free = asked_fields(query)
        if "isrc" in fields:
            found = [(r, t) for r, t in self.world.by_isrc(fields["isrc"].upper()) if self.seen(r)]
        else:
            pairs = found_profiles(self.world, "spotify", fields.get("artist", free), self.now)[:3]
            listed = [release for act, _ in pairs for release in self.world.listings(act.n) if self.seen(release)]
            wanted = fields.get("track", "").casefold()
            found = [(r, t) for r in listed for t in tracks_at(self.world, r, self.now) if wanted in t.title.casefold()]
        return [lambda r=release, t=track: self.items.full_track(r, t) for release, track in found]


def failed(status: int, message: str) -> Answer:
    """Say an error the way the Web API does."""
    return Answer({"error": {"status": status, "message": message}}, status=status)


def wrong_id(id: str) -> Answer:
    """Say that an id is no id, or that nothing has it."""
    good = len(id) == 22 and id.isascii() and id.isalnum()
    return failed(404, "Resource not found") if good else failed(400, "Invalid base62 id")


def make(world: World, capability: str, country: str) -> Spotify:
    """Set the dialect up."""
    return Spotify(world, capability)
