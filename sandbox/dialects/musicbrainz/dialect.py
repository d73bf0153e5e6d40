"""MusicBrainz' dialect: a User-Agent with a contact, one call a second, and 503 for everything while over.

Releases are browsed oldest first, and a page with recordings stops at 500 tracks.
"""

import re
from typing import Any

from sandbox.dialects import facts
from sandbox.dialects.answer import Answer, Ask, Page, Rule
from sandbox.dialects.musicbrainz.items import MusicBrainzItems
from sandbox.dialects.parties import found_profiles, plays
from sandbox.world import Act, Link, Release, World, track_count_at

CONTACT = re.compile(r"[^\s/]+/\S+ .*(@|https?://|\w\.\w)")
ISRC = re.compile(r"^[A-Z]{2}[A-Z0-9]{3}[0-9]{7}$")
UUID = re.compile(r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")
TERM = re.compile(r'(\w+):("(?:[^"\\]|\\.)*"|\S+)')
APPLE = r"https://(?:music|itunes)\.apple\.com/[a-z]{2}/artist/(?:id)?(\d+)"  # two forms, and any storefront
ADDRESSES = {
    name: APPLE if "apple.com" in known.page else re.escape(known.page).replace(r"\{id\}", "([^/?#]+)")
    for name, known in facts.every().items()
    if known.page and not known.reference
}
MOST_TRACKS = 500
MOST_URLS = 100
HELP = "For usage, please see: https://musicbrainz.org/development/mmd"
OVER = (
    "Your requests are exceeding the allowable rate limit. "
    "Please see https://wiki.musicbrainz.org/XMLWebService for more information."
)
KNOWN_INC = {
    "artist": {
        "aliases",
        "url-rels",
        "isnis",
        "releases",
        "release-groups",
        "recordings",
        "tags",
        "genres",
        "annotation",
    },
    "release": {"labels", "recordings", "isrcs", "artist-credits", "release-groups", "url-rels", "media", "artists"},
    "isrc": {"artist-credits", "releases", "artists", "isrcs"},
    "url": {"artist-rels", "release-rels", "recording-rels", "label-rels"},
}


class MusicBrainz:
    """Answers as musicbrainz.org does."""

    name = "musicbrainz"

    def __init__(self, world: World) -> None:
        """Speak about a world."""
        self.world = world
        self.rules = {"all": Rule(5, 5.0, stubborn=True)}
        self.items = MusicBrainzItems(world)

    def buckets(self, ask: Ask) -> tuple[str, ...]:
        """Everything shares one limit."""
        return ("all",)

    def refusal(self, bucket: str, wait: float) -> Answer:
        """Refuse everything until the rate falls."""
        return Answer({"error": OVER}, status=503, headers={"Retry-After": "1"})

    def answer(self, ask: Ask, now: float) -> Answer:
        """Answer by path."""
        if not CONTACT.search(ask.headers.get("user-agent", "")):
            return Answer({"error": "Please identify your application with a User-Agent and a contact."}, status=403)
        path = ask.path.removeprefix("ws/2/")
        kind = path.split("/")[0]
        strange = [inc for inc in incs(ask) if inc not in KNOWN_INC.get(kind, ())]
        if kind not in KNOWN_INC:
            return failed(404, "Not Found")
        if strange:
            return failed(400, f"{strange[0]} is not a valid inc parameter for the {kind} resource.")
        return self.route(ask, path.split("/"), now)

    def route(self, ask: Ask, parts: list[str], now: float) -> Answer:
        """Find what a path means."""
        match parts:
            case ["artist"]:
                return self.search_artists(ask, now)
            case ["artist", id]:
                return self.artist(ask, id, now)
            case ["release"]:
                return self.search_releases(ask, now) if "query" in ask.params else self.browse(ask, now)
            case ["release", id]:
                return self.release(ask, id, now)
            case ["isrc", isrc]:
                return self.isrc(ask, isrc, now)
            case ["url"]:
                return self.urls(ask, now)
        return failed(404, "Not Found")

    def window(self, ask: Ask) -> tuple[int, int]:
        """Read offset and limit."""
        limit, offset = ask.number("limit", 25), ask.number("offset", 0)
        return max(0, offset or 0), min(100, limit) if limit is not None and limit > 0 else 25

    def search_artists(self, ask: Ask, now: float) -> Answer:
        """Search artists by name or alias."""
        offset, limit = self.window(ask)
        query = ask.params.get("query", "")
        if not query:
            return failed(400, "Must specify a query")
        words = query_words(query, ("artist", "alias", "name", "artistaccent", "sortname"))
        found = found_profiles(self.world, self.name, words, now)
        rows = [
            self.items.found_artist(act, words, place) for place, (act, _) in enumerate(found[offset : offset + limit])
        ]
        document = {"created": self.items.stamp(now), "count": len(found), "offset": offset, "artists": rows}
        return Answer(document, page=Page(document, "artists", total="count"))

    def artist(self, ask: Ask, id: str, now: float) -> Answer:
        """Look an artist up."""
        if not UUID.match(id):
            return failed(400, "Invalid mbid.")
        act = self.world.find_profile(self.name, id)
        if act is None or not act.profiles[self.name].is_up(now):
            return failed(404, "Not Found")
        return Answer(self.items.artist(act, incs(ask), now))

    def listed(self, act: Act, roles: tuple[str, ...], now: float) -> list[Release]:
        """Give an artist's releases, oldest first and those without a date last."""
        found = []
        for release in self.world.listings(act.n):
            entry = release.on.get(self.name)
            if entry and entry.since <= now < entry.until and plays(release, act.n, self.name, now, roles):
                found.append(release)
        return sorted(found, key=lambda release: (release.date == "0000", release.date, release.n))

    def browse(self, ask: Ask, now: float) -> Answer:
        """Browse the releases of an artist, or those on whose tracks the artist appears."""
        own = "artist" in ask.params
        id = ask.params.get("artist") or ask.params.get("track_artist") or ""
        if not UUID.match(id):
            return failed(400, "Must specify a valid mbid")
        act = self.world.find_profile(self.name, id)
        if act is None or not act.profiles[self.name].is_up(now):
            return failed(404, "Not Found")
        offset, limit = self.window(ask)
        found = self.listed(act, ("main", "featured") if own else ("guest",), now)
        rows: list[dict[str, Any]] = []
        tracks = 0
        for release in found[offset : offset + limit]:
            tracks += track_count_at(self.world, release, now)
            if "recordings" in incs(ask) and tracks > MOST_TRACKS and rows:
                break
            rows.append(self.items.release(release, incs(ask), now))
        document = {"release-count": len(found), "release-offset": offset, "releases": rows}
        return Answer(document, page=Page(document, "releases", total="release-count"))

    def release(self, ask: Ask, id: str, now: float) -> Answer:
        """Look a release up."""
        release = self.world.find_release(self.name, id)
        entry = release.on[self.name] if release else None
        if not UUID.match(id):
            return failed(400, "Invalid mbid.")
        if release is None or entry is None or not entry.since <= now < entry.until:
            return failed(404, "Not Found")
        return Answer(self.items.release(release, incs(ask), now))

    def search_releases(self, ask: Ask, now: float) -> Answer:
        """Search releases by barcode, which must match as it was entered."""
        barcode = query_words(ask.params["query"], ("barcode",))
        found = []
        for release in self.world.by_upc(barcode) if barcode.isdigit() else ():
            entry = release.on.get(self.name)
            if entry and entry.since <= now < entry.until and entry.upc == barcode:
                found.append({**self.items.release(release, ["artist-credits", "labels"], now), "score": 100})
        document = {"created": self.items.stamp(now), "count": len(found), "offset": 0, "releases": found}
        return Answer(document, page=Page(document, "releases", total="count"))

    def isrc(self, ask: Ask, isrc: str, now: float) -> Answer:
        """Look an ISRC up."""
        if not ISRC.match(isrc):
            return failed(400, "Invalid isrc.")
        pairs = []
        for release, track in self.world.by_isrc(isrc):
            entry = release.on.get(self.name)
            if entry and entry.since <= now < entry.until:
                pairs.append((release, track))
        if not pairs:
            return failed(404, "Not Found")
        return Answer({"isrc": isrc, "recordings": self.items.recordings(pairs, incs(ask), now)})

    def urls(self, ask: Ask, now: float) -> Answer:
        """Say which artists have which addresses; more than a hundred are dropped without a word."""
        asked = [value for key, value in ask.every if key == "resource"]
        if not asked:
            return failed(400, "Must specify a resource")
        rows = [row for url in asked[:MOST_URLS] if (row := self.url(url, incs(ask), now))]
        if len(asked) > 1:
            return Answer({"url-count": len(rows), "url-offset": 0, "urls": rows})
        return Answer(rows[0]) if rows else failed(404, "Not Found")

    def url(self, url: str, inc: list[str], now: float) -> dict[str, Any] | None:
        """Give one address with the artists that have it."""
        holders = [(act, link) for act, link in self.holders(url, now) if act.profiles[self.name].is_up(now)]
        return self.items.url(url, holders, inc) if holders else None

    def holders(self, url: str, now: float) -> list[tuple[Act, Link]]:
        """Find who has an address, by the platform id in it."""
        found: list[tuple[Act, Link]] = []
        for platform, pattern in ADDRESSES.items():
            match = re.fullmatch(pattern, url)
            act = self.world.find_profile(platform, match[1]) if match else None
            for candidate in (act, *self.world.linked_to(act)) if act else ():
                if self.name in candidate.profiles:
                    found.extend(
                        (candidate, link) for link in candidate.links if link.url == url and link.is_there(now)
                    )
        return found


def incs(ask: Ask) -> list[str]:
    """Give what a request wants included."""
    return [inc for inc in re.split(r"[+ ]", ask.params.get("inc", "")) if inc]


def query_words(query: str, fields: tuple[str, ...]) -> str:
    """Take the words of the first known field out of a Lucene query, or all of it when there is none."""
    for match in TERM.finditer(query):
        if match[1] in fields:
            return re.sub(r"\\(.)", r"\1", match[2].strip('"'))
    return re.sub(r"\\(.)", r"\1", query.strip('"'))


def failed(status: int, message: str) -> Answer:
    """Say an error the way the web service does."""
    return Answer({"error": message, "help": HELP}, status=status)


def make(world: World, capability: str, country: str) -> MusicBrainz:
    """Set the dialect up."""
    return MusicBrainz(world)
