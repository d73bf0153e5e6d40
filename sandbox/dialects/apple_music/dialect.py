"""Apple Music's dialect: signed tokens, views that answer 404 when they are empty, links without a limit."""

import base64
import json
from typing import Any
from urllib.parse import urlencode

from sandbox.dialects.answer import Answer, Ask, Page, Rule
from sandbox.dialects.parties import found_profiles, parties, shown
from sandbox.world import Act, Profile, Release, Track, World, at, track_count_at, tracks_at

Item = dict[str, Any]
LONGEST_LIFE = 15_777_000
SIZES = {"albums": (25, 100), "tracks": (100, 300), "artists": (5, 25), "songs": (20, 20)}  # usual, most


class AppleMusic:
    """Answers as api.music.apple.com does."""

    name = "apple_music"

    def __init__(self, world: World) -> None:
        """Speak about a world."""
        self.world = world
        self.rules = {"token": Rule(20, 4.0, per_client=False)}

    def buckets(self, ask: Ask) -> tuple[str, ...]:
        """Everything that one developer asks shares a limit."""
        return ("token",)

    def refusal(self, bucket: str, wait: float) -> Answer:
        """Refuse without naming a time."""
        return failed(429, "42900", "Too Many Requests")

    def answer(self, ask: Ask, now: float) -> Answer:
        """Answer a request whose token looks as it should; who signed it is not known here."""
        if not signed(ask.headers.get("authorization", "")):
            return Answer(status=401, content_type="text/plain")
        match ask.path.split("/"):
            case ["v1", "catalog", store, *rest]:
                return Desk(self.world, ask, store.upper(), now).answer(rest)
        return missing()


class Desk:
    """Answers one request."""

    def __init__(self, world: World, ask: Ask, market: str, now: float) -> None:
        """Take the request."""
        self.world, self.ask, self.market, self.now = world, ask, market, now
        self.shop = f"/v1/catalog/{market.lower()}"
        self.include = ask.params.get("include", "").split(",")

    def answer(self, parts: list[str]) -> Answer:
        """Find what a path means."""
        match parts:
            case ["search"]:
                return self.search()
            case ["artists", id]:
                act = self.up(id)
                return missing() if act is None else Answer({"data": [self.artist(act.profiles["apple_music"])]})
            case ["artists", id, "albums"]:
                return self.albums(id, ("main", "featured"))
            case ["artists", id, "view", "appears-on-albums"]:
                return self.albums(id, ("guest",), view=True)
            case ["albums"]:
                return self.by_barcode()
            case ["albums", id]:
                return self.one_album(id)
            case ["albums", id, "tracks"]:
                return self.tracks(id)
            case ["songs"]:
                return self.by_isrc()
        return missing()

    def part(self, rows: list[Any], kind: str) -> Item:
        """Cut a page; its link says where the next begins, and nothing else."""
        usual, most = SIZES[kind]
        limit, offset = self.ask.number("limit", usual), self.ask.number("offset", 0)
        size, start = min(most, max(1, limit or usual)), max(0, offset or 0)
        said: Item = {"data": [row() for row in rows[start : start + size]]}
        if start + size < len(rows):
            kept = {key: self.ask.params[key] for key in ("term", "types") if key in self.ask.params}
            said["next"] = f"/{self.ask.path}?{urlencode({**kept, 'offset': start + size})}"
        return said

    def up(self, id: str) -> Act | None:
        """Find who has a page."""
        act = self.world.find_profile("apple_music", id)
        return act if act is not None and act.profiles["apple_music"].is_up(self.now) else None

    def shows(self, release: Release | None) -> bool:
        """Tell whether a release can be seen here and now."""
        entry = release.on.get("apple_music") if release else None
        return entry is not None and entry.is_up(self.market, self.now)

    def search(self) -> Answer:
        """Find artists by name; where there are none, their list is missing."""
        term = self.ask.params.get("term", "")
        found = found_profiles(self.world, "apple_music", term, self.now)
        if not term or self.ask.params.get("types") != "artists":
            return failed(400, "40005", "Invalid Parameter Value")
        results = {"artists": self.part([lambda p=p: self.artist(p) for _, p in found], "artists")} if found else {}
        page = Page(results["artists"], "data", "next") if found else None
        return Answer({"results": results, "meta": {"results": {"order": list(results)}}}, page=page)

    def albums(self, id: str, roles: tuple[str, ...], view: bool = False) -> Answer:
        """List an artist's albums, in no order that is promised; a view without any is not there."""
        act = self.up(id)
        if act is None:
            return missing()
        own = {r.n for r, _ in shown(self.world, act.n, "apple_music", self.market, self.now, ("main", "featured"))}
        found = [r for r, _ in shown(self.world, act.n, "apple_music", self.market, self.now, roles)]
        found = [release for release in found if not view or release.n not in own]
        if view and not found:
            return missing()
        found.sort(key=lambda release: release.n * 48_271 % 65_521)
        document = self.part([lambda r=release: self.album(r) for release in found], "albums")
        return Answer(document, page=Page(document, "data", "next"))

    def one_album(self, id: str) -> Answer:
        """Show an album with its first tracks."""
        release = self.world.find_release("apple_music", id)
        if release is None or not self.shows(release):
            return missing()
        item, most = self.album(release), SIZES["tracks"][1]
        songs = tracks_at(self.world, release, self.now)
        held: Item = {"href": f"{item['href']}/tracks", "data": [self.song(t, release) for t in songs[:most]]}
        if len(songs) > most:
            held["next"] = f"{item['href']}/tracks?offset={most}"
        item["relationships"]["tracks"] = held
        return Answer({"data": [item]}, page=Page(held, "data", "next"))

    def tracks(self, id: str) -> Answer:
        """List further tracks of an album."""
        release = self.world.find_release("apple_music", id)
        if release is None or not self.shows(release):
            return missing()
        songs = tracks_at(self.world, release, self.now)
        document = self.part([lambda t=track: self.song(t, release) for track in songs], "tracks")
        return Answer(document, page=Page(document, "data", "next"))

    def by_barcode(self) -> Answer:
        """Give the albums of barcodes, compared as they are printed."""
        codes = self.ask.params.get("filter[upc]", "").split(",")
        found = [r for code in codes if code.isdigit() for r in self.world.by_upc(code) if self.shows(r)]
        items = [self.album(release) for release in {r.n: r for r in found}.values()]
        return Answer({"data": [item for item in items if item["attributes"]["upc"] in codes]})

    def by_isrc(self) -> Answer:
        """Give the songs of ISRCs, each with the album that it stands on."""
        codes = self.ask.params.get("filter[isrc]", "").upper().split(",")[:25]
        found = [(r, t) for code in codes for r, t in self.world.by_isrc(code) if self.shows(r)]
        items = []
        for release, track in found:
            if track.since <= self.now < track.until:
                item = self.song(track, release)
                item["relationships"] = {"albums": {"data": [self.album(release)]}}
                items.append(item)
        return Answer({"data": items})

    def artist(self, page: Profile) -> Item:
        """Write an artist."""
        page, id = at(page, self.now), page.id
        said: Item = {"name": page.name, "genreNames": ["Music"], "url": f"https://music.apple.com/us/artist/x/{id}"}
        if page.image:
            said["artwork"] = picture(page.image)
        return {
            "id": id,
            "type": "artists",
            "href": f"/v1/catalog/{self.market.lower()}/artists/{id}",
            "attributes": said,
        }

    def album(self, release: Release) -> Item:
        """Write an album."""
        release, id = at(release, self.now), release.on["apple_music"].id
        named = [one for one in parties(self.world, release.credits, "apple_music", self.now) if one.role != "guest"]
        suffix = {"single": " - Single", "ep": " - EP"}.get(release.kind, "")
        printed = " & ".join(one.name for one in named) or "Various Artists"
        said: Item = {
            "name": f"{release.title}{suffix}", "artistName": printed,
            "recordLabel": release.label, "upc": release.on["apple_music"].upc.zfill(14 if release.n % 4 == 0 else 13),
            "trackCount": track_count_at(self.world, release, self.now), "isSingle": release.kind == "single",
            "isCompilation": release.kind == "compilation", "isComplete": True, "genreNames": [release.genre, "Music"],
            "artwork": picture(release.cover), "url": f"https://music.apple.com/us/album/x/{id}",
            "playParams": {"id": id, "kind": "album"},
        }  # fmt: skip
        if release.n % 61:
            said["copyright"] = release.p_line
        if release.date != "0000":
            said["releaseDate"] = release.date
        if release.explicit:
            said["contentRating"] = "explicit"
        href = f"{self.shop}/albums/{id}"
        artists = [self.artist(one.profile) | {"attributes": {"name": one.name}} for one in named]
        if "artists" not in self.include:
            artists = [{key: one[key] for key in ("id", "type", "href")} for one in artists]
        relations = {"artists": {"href": f"{href}/artists", "data": artists}}
        return {"id": id, "type": "albums", "href": href, "attributes": said, "relationships": relations}

    def song(self, track: Track, release: Release) -> Item:
        """Write a song."""
        id, release = track.ids["apple_music"], at(release, self.now)
        named = parties(self.world, track.credits, "apple_music", self.now)
        said: Item = {
            "name": f"{track.title} ({track.version})" if track.version else track.title, "albumName": release.title,
            "artistName": " & ".join(one.name for one in named) or "Various Artists", "discNumber": track.disc,
            "trackNumber": track.position, "durationInMillis": track.duration_ms, "isrc": track.isrc,
            "genreNames": [release.genre], "url": f"https://music.apple.com/us/song/x/{id}",
        }  # fmt: skip
        if track.writers:
            said["composerName"] = ", ".join(track.writers)
        if track.explicit:
            said["contentRating"] = "explicit"
        return {"id": id, "type": "songs", "href": f"{self.shop}/songs/{id}", "attributes": said}


def signed(header: str) -> bool:
    """Tell whether a token says what it must: the algorithm, a key, a team, and a life that is not too long."""
    scheme, _, token = header.partition(" ")
    try:
        head, claims = (json.loads(base64.urlsafe_b64decode(part + "==")) for part in token.split(".")[:2])
        life = claims["exp"] - claims["iat"]
        good = head["alg"] == "ES256" and bool(head["kid"]) and bool(claims["iss"])
    except (ValueError, KeyError, TypeError):
        return False
    return scheme == "Bearer" and good and 0 < life <= LONGEST_LIFE and token.count(".") == 2


def picture(hash: str) -> Item:
    """Write a picture's address."""
    return {"width": 3000, "height": 3000, "url": f"https://is1-ssl.mzstatic.com/image/{hash[:16]}/{{w}}x{{h}}bb.jpg"}


def missing() -> Answer:
    """Say that there is no such thing."""
    return failed(404, "40400", "Resource Not Found")


def failed(status: int, code: str, title: str) -> Answer:
    """Say an error as Apple does."""
    one = {"id": "SANDBOX", "title": title, "detail": title, "status": str(status), "code": code}
    return Answer({"errors": [one]}, status=status)


def make(world: World, capability: str, country: str) -> AppleMusic:
    """Set the dialect up."""
    return AppleMusic(world)
