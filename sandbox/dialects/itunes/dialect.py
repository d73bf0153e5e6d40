"""iTunes' dialect: JSON labelled JavaScript, several ids a look-up, a silent cut at 200, an empty 403 as refusal."""

import re
from collections.abc import Callable, Iterable
from typing import Any

from sandbox.dialects.answer import Answer, Ask, Page, Rule
from sandbox.dialects.parties import found_profiles, parties, shown
from sandbox.world import Act, Release, Track, World, at, track_count_at, tracks_at

ALPHA_3 = {
    "US": ("USA", "USD"), "GB": ("GBR", "GBP"), "DE": ("DEU", "EUR"), "FR": ("FRA", "EUR"), "JP": ("JPN", "JPY"),
    "BR": ("BRA", "BRL"), "AU": ("AUS", "AUD"), "CA": ("CAN", "CAD"), "SE": ("SWE", "SEK"), "MX": ("MEX", "MXN"),
    "IT": ("ITA", "EUR"), "ES": ("ESP", "EUR"),
}  # fmt: skip
CAP = 200
CREDITED = ("main", "featured")


class Itunes:
    """Answers as itunes.apple.com does."""

    name = "itunes"

    def __init__(self, world: World) -> None:
        """Speak about a world."""
        self.world = world
        self.rules = {"all": Rule(20, 60.0)}

    def buckets(self, ask: Ask) -> tuple[str, ...]:
        """Everything shares one limit."""
        return ("all",)

    def refusal(self, bucket: str, wait: float) -> Answer:
        """Refuse with nothing but a status."""
        return Answer(status=403, content_type="text/html")

    def answer(self, ask: Ask, now: float) -> Answer:
        """Answer by path."""
        country = ask.params.get("country", "US").upper()
        if ask.path not in ("lookup", "search"):
            return Answer(status=404, text="<html><body><h1>404 Not Found</h1></body></html>", content_type="text/html")
        if country not in ALPHA_3:
            return Answer({"errorMessage": "Invalid value(s) for key(s): [country]", "queryParameters": {}}, status=400)
        limit = ask.number("limit", 50)
        if limit is None or not limit >= 0:
            return Answer({"errorMessage": "Invalid value(s) for key(s): [limit]", "queryParameters": {}}, status=400)
        shop = Shop(self.world, country, now, min(limit, CAP) or 50)
        rows = shop.search(ask) if ask.path == "search" else shop.lookup(ask)
        document: dict[str, Any] = {"resultCount": len(rows), "results": rows}
        headers = {"Cache-Control": "max-age=86400"}
        return Answer(
            document, headers=headers, content_type="text/javascript; charset=utf-8", before="\n\n\n",
            page=Page(document, "results", total="resultCount"),
        )  # fmt: skip


class Shop:
    """One country's catalogue at one time."""

    def __init__(self, world: World, country: str, now: float, limit: int) -> None:
        """Open the shop."""
        self.world, self.country, self.now, self.limit = world, country, now, limit

    def search(self, ask: Ask) -> list[dict[str, Any]]:
        """Search by name; only artists and their albums or songs can be found."""
        offset = ask.number("offset", 0) or 0
        found = found_profiles(self.world, "itunes", ask.params.get("term", ""), self.now)
        entity = ask.params.get("entity", "song")
        if entity == "musicArtist":
            return [self.artist(act) for act, _ in found[offset : offset + self.limit]]
        rows: list[dict[str, Any]] = []
        for act, _ in found[:5]:
            rows.extend(self.below(act, entity, by_date=False))
        return rows[offset : offset + self.limit]

    def lookup(self, ask: Ask) -> list[dict[str, Any]]:
        """Look up ids or a UPC; anything else, an ISRC too, finds nothing."""
        entity, by_date = ask.params.get("entity", ""), ask.params.get("sort") == "recent"
        if "upc" in ask.params:
            return self.by_upc(ask.params["upc"], entity)
        rows: list[dict[str, Any]] = []
        for id in ask.params.get("id", "").split(","):
            rows.extend(self.one(id.strip(), entity, by_date))
        return rows

    def one(self, id: str, entity: str, by_date: bool) -> list[dict[str, Any]]:
        """Look up one id of whatever kind."""
        release = self.world.find_release("itunes", id)
        if release and release.on["itunes"].is_up(self.country, self.now):
            return [self.collection(release), *(self.songs(release) if entity == "song" else ())]
        act = self.world.find_profile("itunes", id)
        if act and act.profiles["itunes"].is_up(self.now):
            return [self.artist(act), *self.below(act, entity, by_date)]
        found = self.world.find_track("itunes", id)
        if found and found[0].on["itunes"].is_up(self.country, self.now):
            return [self.song(*found)]
        return []

    def below(self, act: Act, entity: str, by_date: bool) -> list[dict[str, Any]]:
        """Give an artist's albums or songs, cut without a word at the limit."""
        releases = [release for release, _ in shown(self.world, act.n, "itunes", self.country, self.now, CREDITED)]
        key: Callable[[Release], Any] = (lambda r: (r.date, r.n)) if by_date else (lambda r: r.n * 7919 % 10_007)
        releases.sort(key=key, reverse=by_date)
        if entity == "album":
            return [self.collection(release) for release in releases[: self.limit]]
        if entity == "song":
            return [song for release in releases for song in self.songs(release)][: self.limit]
        return []

    def by_upc(self, upc: str, entity: str) -> list[dict[str, Any]]:
        """Look up a UPC; an explicit release has a clean variant under the same number."""
        rows: list[dict[str, Any]] = []
        for release in self.world.by_upc(upc):
            entry = release.on.get("itunes")
            if entry and entry.is_up(self.country, self.now):
                rows.append(self.collection(release))
                if release.explicit:
                    clean = {"collectionId": int(entry.id) + 10**11, "collectionExplicitness": "cleaned"}
                    rows.append({**rows[-1], **clean, "contentAdvisoryRating": "Clean"})
                rows.extend(self.songs(release) if entity == "song" else ())
        return rows

    def artist(self, act: Act) -> dict[str, Any]:
        """Write an artist."""
        profile = at(act.profiles["itunes"], self.now)
        return {
            "wrapperType": "artist", "artistType": "Artist", "artistName": profile.name,
            "artistLinkUrl": f"{self.site()}/artist/{slug(profile.name)}/{profile.id}?uo=4",
            "artistId": int(profile.id),
            **({"amgArtistId": act.n + 3000} if act.n % 3 == 0 else {}),
            "primaryGenreName": act.genre, "primaryGenreId": 20 + len(act.genre),
        }  # fmt: skip

    def site(self) -> str:
        """Give the shop's address."""
        return f"https://music.apple.com/{self.country.lower()}"

    def credit(self, release: Release, credits: Iterable[Any]) -> dict[str, Any]:
        """Write whose something is: everybody's names, one artist's id; Various Artists have no address."""
        named = [party for party in parties(self.world, credits, "itunes", self.now) if party.role == "main"]
        if not named:
            return {"artistName": "Various Artists", "artistId": 4_035_426}
        names = (
            " & ".join([", ".join(party.name for party in named[:-1]), named[-1].name]) if named[1:] else named[0].name
        )
        first = named[0].profile
        view = {"artistViewUrl": f"{self.site()}/artist/{slug(first.name)}/{first.id}?uo=4"}
        return {"artistId": int(first.id), "artistName": names, **(view if first.name != "Various Artists" else {})}

    def collection(self, release: Release) -> dict[str, Any]:
        """Write a release."""
        release = at(release, self.now)
        id, price = release.on["itunes"].id, -1 if release.n % 19 == 0 else round(0.99 + release.track_count * 0.6, 2)
        count = track_count_at(self.world, release, self.now)
        return {
            "wrapperType": "collection", "collectionType": "Album", **self.credit(release, release.credits),
            "collectionId": int(id), "collectionName": self.titled(release),
            "collectionCensoredName": self.titled(release),
            "collectionViewUrl": f"{self.site()}/album/{slug(release.title)}/{id}?uo=4", **self.art(release, (60, 100)),
            **({"collectionPrice": price} if release.n % 17 else {}), **self.rating(release.explicit),
            "trackCount": count, "copyright": release.p_line, **self.money(), **self.dated(release.date, 8),
            "primaryGenreName": release.genre,
        }  # fmt: skip

    def titled(self, release: Release) -> str:
        """Give a title with the suffix that Apple puts on short releases."""
        return release.title + {"single": " - Single", "ep": " - EP"}.get(release.kind, "")

    def art(self, release: Release, sizes: tuple[int, ...]) -> dict[str, str]:
        """Give the artwork's addresses; the file name often gives the UPC away."""
        name = f"{release.upc}.jpg" if release.n % 3 else f"cover_{release.cover[:9]}.jpg"
        base = f"https://is1-ssl.mzstatic.com/image/thumb/Music116/v4/{release.cover[:2]}/{release.cover[2:4]}/{name}"
        return {f"artworkUrl{px}": f"{base}/{px}x{px}bb.jpg" for px in sizes}

    def rating(self, explicit: bool) -> dict[str, str]:
        """Write the advice to parents."""
        if explicit:
            return {"collectionExplicitness": "explicit", "contentAdvisoryRating": "Explicit"}
        return {"collectionExplicitness": "notExplicit"}

    def money(self) -> dict[str, str]:
        """Write the country with three letters, though two were asked with."""
        country, currency = ALPHA_3[self.country]
        return {"country": country, "currency": currency}

    def dated(self, date: str, hour: int) -> dict[str, str]:
        """Write a date as a moment, or leave it out when there is none."""
        full = date + "-01-01"[: 10 - len(date)] if len(date) == 4 else date + "-01" * (len(date) == 7)
        return {} if date == "0000" else {"releaseDate": f"{full}T{hour:02d}:00:00Z"}

    def songs(self, release: Release) -> list[dict[str, Any]]:
        """Give a release's tracks; those that can only be streamed are not in the shop."""
        if release.n % 101 == 7:
            return []
        return [self.song(release, track) for track in tracks_at(self.world, release, self.now)]

    def song(self, release: Release, track: Track) -> dict[str, Any]:
        """Write a track."""
        release = at(release, self.now)
        id, album = track.ids["itunes"], release.on["itunes"].id
        name = f"{track.title} ({track.version})" if track.version else track.title
        link = f"{self.site()}/album/{slug(track.title)}/{album}?i={id}&uo=4"
        explicit = {"trackExplicitness": "explicit" if track.explicit else "notExplicit"}
        return {
            "wrapperType": "track", "kind": "song", **self.credit(release, track.credits), "collectionId": int(album),
            "trackId": int(id), "collectionName": self.titled(release), "trackName": name,
            "collectionCensoredName": self.titled(release), "trackCensoredName": name, "collectionViewUrl": link,
            "trackViewUrl": link, **self.art(release, (30, 60, 100)), "collectionPrice": 9.99, "trackPrice": 1.29,
            **self.dated(release.date, 12), **self.rating(release.explicit), **explicit, "discCount": 1,
            "discNumber": track.disc, "trackCount": track_count_at(self.world, release, self.now),
            "trackNumber": track.position, "trackTimeMillis": track.duration_ms, **self.money(),
            "primaryGenreName": release.genre, "isStreamable": True,
        }  # fmt: skip


def slug(name: str) -> str:
    """Write a name the way addresses do."""
    return re.sub(r"[^\w]+", "-", name.lower()).strip("-") or "x"


def make(world: World, capability: str, country: str) -> Itunes:
    """Set the dialect up."""
    return Itunes(world)
