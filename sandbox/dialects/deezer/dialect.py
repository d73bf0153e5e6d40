"""Deezer's dialect: errors inside HTTP 200, 50 calls in any 5 seconds, pages that may be short, almost sorted lists.

The country is that of the caller's address, so there is one for the whole server.
"""

from typing import Any

from sandbox.dialects.answer import Answer, Ask, Page, Rule
from sandbox.dialects.deezer.items import (
    album_item,
    artist_item,
    full_album,
    full_track,
    listed_track,
    search_album_item,
)
from sandbox.dialects.parties import asked_fields, found_profiles, plays, shown
from sandbox.world import Act, Release, Track, World, at, tracks_at

GROUPS = ("album", "ep", "single", "compilation")
CREDITED = ("main", "featured")
LONGEST_PAGE = 100


class Deezer:
    """Answers as api.deezer.com does."""

    name = "deezer"

    def __init__(self, world: World, country: str = "US") -> None:
        """Speak about a world as seen from one country."""
        self.world = world
        self.country = country
        self.rules = {"all": Rule(50, 5.0)}

    def buckets(self, ask: Ask) -> tuple[str, ...]:
        """Everything shares one limit."""
        return ("all",)

    def refusal(self, bucket: str, wait: float) -> Answer:
        """Refuse inside HTTP 200."""
        return said_error("Exception", "Quota limit exceeded", 4)

    def answer(self, ask: Ask, now: float) -> Answer:
        """Answer by path."""
        answer = self.route(ask, now)
        answer.headers["Set-Cookie"] = "dzr_uniq_id=dzr_uniq_id_fr0sandbox; path=/; domain=.deezer.com"
        answer.headers["X-Org"] = self.country
        return answer

    def route(self, ask: Ask, now: float) -> Answer:
        """Find what a path means."""
        match ask.path.removeprefix("2.0/").split("/"):
            case ["search"] | ["search", "track"]:
                return self.search_tracks(ask, now)
            case ["search", "artist"]:
                return self.search_artists(ask, now)
            case ["search", "album"]:
                return self.search_albums(ask, now)
            case ["artist", id]:
                return self.artist(id, now)
            case ["artist", id, "albums"]:
                return self.artist_albums(ask, id, now)
            case ["album", id]:
                return self.album(id, now)
            case ["album", id, "tracks"]:
                return self.album_tracks(ask, id, now)
            case ["track", id]:
                return self.track(id, now)
        return Answer({"error": "Not Found"}, status=404)

    def search_artists(self, ask: Ask, now: float) -> Answer:
        """Search profiles by name."""
        query = ask.params.get("q", "")
        if not query:
            return said_error("MissingParameterException", "Missing parameters: q", 501)
        fields, free = asked_fields(query)
        found = found_profiles(self.world, self.name, fields.get("artist", free), now, ask.params.get("strict") == "on")
        return self.paged(ask, [lambda p=p, a=a: self.artist_row(a, p.id, now) for a, p in found])

    def artist_row(self, act: Act, id: str, now: float) -> dict[str, Any]:
        """Write a profile as a search result."""
        return artist_item(at(act.profiles[self.name], now), len(self.albums_of(act.n, now)))

    def search_albums(self, ask: Ask, now: float) -> Answer:
        """Search albums by artist, title or both."""
        fields, free = asked_fields(ask.params.get("q", ""))
        if "label" in fields:
            return said_error("InvalidQueryException", "Wrong query", 600)
        rows = []
        for act, _ in found_profiles(self.world, self.name, fields.get("artist", free), now)[:10]:
            for release in self.albums_of(act.n, now):
                if fields.get("album", "").casefold() in release.title.casefold():
                    rows.append(lambda r=release: search_album_item(self.world, r, now))
        return self.paged(ask, rows)

    def search_tracks(self, ask: Ask, now: float) -> Answer:
        """Search tracks by artist, title or both; this is how guest parts are found."""
        fields, free = asked_fields(ask.params.get("q", ""))
        rows = []
        for act, _ in found_profiles(self.world, self.name, fields.get("artist", free), now)[:5]:
            for release, _ in shown(self.world, act.n, self.name, self.country, now, ("main", "featured", "guest")):
                for track in tracks_at(self.world, release, now):
                    named = any(credit.act == act.n for credit in track.credits)
                    if named and fields.get("track", "").casefold() in track.title.casefold():
                        rows.append(lambda r=release, t=track: full_track(self.world, r, t, now, self.country, False))
        return self.paged(ask, rows)

    def artist(self, id: str, now: float) -> Answer:
        """Show a profile."""
        act = self.world.find_profile(self.name, id)
        if act is None or not act.profiles[self.name].is_up(now):
            return no_data()
        page = at(act.profiles[self.name], now)
        return Answer(artist_item(page, len(self.albums_of(act.n, now)), share=True))

    def albums_of(self, act: int, now: float) -> list[Release]:
        """Give the releases that name an act on the sleeve, in Deezer's order."""
        found = [release for release, _ in shown(self.world, act, self.name, self.country, now, CREDITED)]
        return almost_sorted(found)

    def artist_albums(self, ask: Ask, id: str, now: float) -> Answer:
        """List a profile's releases; those hidden from this country leave holes in the pages."""
        act = self.world.find_profile(self.name, id)
        if act is None or not act.profiles[self.name].is_up(now):
            return no_data()
        everywhere = []
        for release in self.world.listings(act.n):
            entry = release.on.get(self.name)
            if entry and entry.since <= now < entry.until and plays(release, act.n, self.name, now, CREDITED):
                everywhere.append(release)
        rows = []
        for release in almost_sorted(everywhere):
            up = release.on[self.name].is_up(self.country, now)
            rows.append((lambda r=release: album_item(r, now)) if up else None)
        return self.paged(ask, rows)

    def album(self, id: str, now: float) -> Answer:
        """Show an album, or now and then its regional alternative instead."""
        release = self.album_by(id)
        entry = release.on.get(self.name) if release else None
        if release is None or entry is None or not entry.is_up(self.country, now):
            return no_data()
        return Answer(full_album(self.world, release, now, entry.twin or entry.id))

    def album_by(self, id: str) -> Release | None:
        """Find an album by id or by exact UPC."""
        if not id.startswith("upc:"):
            return self.world.find_release(self.name, id)
        upc = id.removeprefix("upc:")
        found = (release for release in self.world.by_upc(upc) if self.name in release.on)
        return next((release for release in found if release.on[self.name].upc == upc), None)

    def album_tracks(self, ask: Ask, id: str, now: float) -> Answer:
        """List an album's tracks with their ISRCs."""
        release = self.album_by(id)
        if release is None or not release.on[self.name].is_up(self.country, now):
            return no_data()
        tracks = tracks_at(self.world, release, now)
        return self.paged(ask, [lambda t=t: listed_track(self.world, t, now) for t in tracks])

    def track(self, id: str, now: float) -> Answer:
        """Show a track by id, or an arbitrary one of those with an ISRC."""
        found = self.track_by(id, now)
        if found is None:
            return no_data()
        release, track = found
        entry = release.on[self.name]
        if not entry.since <= now < entry.until or not track.since <= now < track.until:
            return no_data()
        return Answer(full_track(self.world, release, track, now, self.country, True))

    def track_by(self, id: str, now: float) -> tuple[Release, Track] | None:
        """Find a track; of several with one ISRC the choice is the platform's."""
        if not id.startswith("isrc:"):
            return self.world.find_track(self.name, id)
        pairs = [(r, t) for r, t in self.world.by_isrc(id.removeprefix("isrc:").upper()) if self.name in r.on]
        pairs = [(r, t) for r, t in pairs if r.on[self.name].since <= now < r.on[self.name].until]
        return pairs[len(id) * 7 % len(pairs)] if pairs else None

    def paged(self, ask: Ask, rows: list[Any]) -> Answer:
        """Cut a page; an empty place in the rows shortens it."""
        index, limit = ask.number("index", 0), ask.number("limit", 25)
        if index is None or limit is None or index < 0 or limit < 0:
            return said_error("ParameterException", "Wrong parameter", 500)
        limit = min(limit, LONGEST_PAGE) or 25
        data = [row() for row in rows[index : index + limit] if row is not None]
        document: dict[str, Any] = {"data": data, "total": len(rows)}
        if index > 0:
            document["prev"] = ask.url(ask.path, index=max(0, index - limit))
        if index + limit < len(rows):
            document["next"] = ask.url(ask.path, index=index + limit)
        return Answer(document, page=Page(document, "data", "next", "total"))


def almost_sorted(releases: list[Release]) -> list[Release]:
    """Order by kind and then newest first, with the odd pair the wrong way round."""
    ordered = sorted(releases, key=lambda release: release.n)
    ordered.sort(key=lambda release: release.date, reverse=True)
    ordered.sort(key=lambda release: GROUPS.index(release.kind))
    for place in range(1, len(ordered)):
        if ordered[place].n % 7 == 3 and ordered[place].kind == ordered[place - 1].kind:
            ordered[place - 1], ordered[place] = ordered[place], ordered[place - 1]
    return ordered


def said_error(kind: str, message: str, code: int) -> Answer:
    """Say an error the way Deezer does: with HTTP 200."""
    return Answer({"error": {"type": kind, "message": message, "code": code}})


def no_data() -> Answer:
    """Say that there is no such thing, here and now."""
    return said_error("DataException", "no data", 800)


def make(world: World, capability: str, country: str) -> Deezer:
    """Set the dialect up."""
    return Deezer(world, country)
