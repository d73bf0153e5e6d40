"""Bandcamp's dialect: pages made for people, a host for each band, robots.txt, a grid whose rest hides in an attribute.

Here a band's host is the first part of the path. Every release stands on a host of its own, as on a label's page.
"""

import json
from datetime import UTC, datetime
from html import escape
from math import isfinite
from typing import Any

from sandbox.dialects.answer import Answer, Ask, Rule
from sandbox.dialects.parties import parties, shown
from sandbox.world import DAY, Act, Profile, Release, Track, World, at, tracks_at

ROBOTS = "User-agent: *\nDisallow: /search\nDisallow: /api/\n"
HTML = "text/html; charset=utf-8"
GRID = 16  # squares that stand in the page itself
SITE = ".bandcamp.com"


class Bandcamp:
    """Answers as the hosts of bandcamp.com do."""

    name = "bandcamp"

    def __init__(self, world: World) -> None:
        """Speak about a world."""
        self.world = world
        self.rules = {"pages": Rule(12, 60.0)}

    def buckets(self, ask: Ask) -> tuple[str, ...]:
        """Every page counts."""
        return ("pages",)

    def refusal(self, bucket: str, wait: float) -> Answer:
        """Refuse, without a time."""
        return page("<title>Too many requests</title>", "", 429)

    def answer(self, ask: Ask, now: float) -> Answer:
        """Answer a request for a page of a band."""
        match ask.path.split("/"):
            case [_, "robots.txt"]:
                return Answer(text=ROBOTS, content_type="text/plain")
            case [band, "music"]:
                return self.band(band, now)
            case [host, "album", slug]:
                return self.album(f"{host}{SITE}/album/{slug}", now)
        return gone()

    def band(self, band: str, now: float) -> Answer:
        """Write a band's page."""
        act = self.world.find_profile(self.name, band)
        if act is None or not act.profiles[self.name].is_up(now):
            return gone()
        profile = at(act.profiles[self.name], now)
        listed = [
            self.square(at(release, now), entry.id, act, now)
            for release, entry in shown(self.world, act.n, self.name, "US", now, ("main", "featured"))
        ]
        grid = "".join(
            f'<li data-item-id="album-{row["id"]}" class="music-grid-item square"><a href="{row["page_url"]}">'
            f'<img src="{row["cover"]}" alt=""/><p class="title">\n{escape(str(row["title"]))}\n'
            + (f'<br><span class="artist-override">{escape(str(row["artist"]))}</span>' if row["artist"] else "")
            + "</p></a></li>\n"
            for row in listed[:GRID]
        )
        rest = f' data-client-items="{quoted(listed[GRID:])}"' if len(listed) > GRID else ""
        head = f'<meta property="og:url" content="https://{profile.id}{SITE}">{told(profile)}'
        return page(f"<title>Music | {escape(profile.name)}</title>{head}", f'<ol id="music-grid"{rest}>{grid}</ol>')

    def square(self, release: Release, id: str, act: Act, now: float) -> dict[str, Any]:
        """Write a release as the grid has it."""
        names = [p.name for p in parties(self.world, release.credits, self.name, now) if p.role == "main"]
        joint = " & ".join(names)
        return {
            "id": release.n, "type": "album", "title": release.title, "page_url": f"https://{id}",
            "artist": joint if joint and joint != act.name else None, "cover": cover(release),
        }  # fmt: skip

    def album(self, id: str, now: float) -> Answer:
        """Write a release's page."""
        release = self.world.find_release(self.name, id)
        entry = release.on.get(self.name) if release else None
        if release is None or entry is None or not entry.since <= now < entry.until:
            return gone()
        named = [p for p in parties(self.world, release.credits, self.name, now) if p.role == "main"]
        owner = named[0].profile if named else Profile(self.name, "somebody", "somebody")
        said = at(release, now)
        day = "" if said.date == "0000" else said.date
        tracks = [self.track(track, owner.name, now) for track in tracks_at(self.world, release, now)]
        since = entry.since if isfinite(entry.since) else self.world.start - 900 * DAY
        current = {
            "title": said.title, "artist": named[0].name if named and named[0].name != owner.name else None,
            "type": "album", "id": said.n, "upc": entry.upc or said.upc, "publish_date": stamp(since),
            "release_date": stamp(datetime.fromisoformat(f"{day}-01-01"[:10]).replace(tzinfo=UTC).timestamp())
            if day else None,
        }  # fmt: skip
        thing = {"current": current, "artist": current["artist"] or owner.name, "art_id": said.n, "url": f"https://{id}",
                 "is_preorder": None, "trackinfo": tracks}  # fmt: skip
        site = f"https://{owner.id}{SITE}"
        linked = {"@type": "MusicAlbum", "byArtist": {"name": owner.name, "@id": site}, "publisher": {"@id": site}}
        head = (
            f'<meta property="og:description" content="{len(tracks)} track album">'
            f'<script type="application/ld+json">{json.dumps(linked)}</script>'
            f'<script data-tralbum="{quoted(thing)}"></script>{told(owner)}'
        )
        return page(f"<title>{escape(said.title)}</title>{head}", "")

    def track(self, track: Track, owner: str, now: float) -> dict[str, Any]:
        """Write a track of an album."""
        names = [p.name for p in parties(self.world, track.credits, self.name, now) if p.role != "guest"]
        named = " & ".join(names)
        return {
            "id": int(track.ids[self.name]), "track_id": int(track.ids[self.name]), "track_num": track.position,
            "title": f"{track.title} ({track.version})" if track.version else track.title,
            "duration": track.duration_ms / 1000, "title_link": None, "artist": named if named != owner else None,
        }  # fmt: skip


def told(profile: Profile) -> str:
    """Write whose page it is, as a script's attribute."""
    band = {"id": 1, "name": profile.name, "subdomain": profile.id}
    return f'<script src="https://s4.bcbits.com/head.js" data-band="{quoted(band)}"></script>'


def quoted(value: Any) -> str:
    """Write JSON into an attribute."""
    return escape(json.dumps(value))


def cover(release: Release) -> str:
    """Give a cover's address."""
    return f"https://f4.bcbits.com/img/a{release.n:010}_2.jpg"


def stamp(moment: float) -> str:
    """Write a moment."""
    return datetime.fromtimestamp(moment, UTC).strftime("%d %b %Y %H:%M:%S GMT")


def page(head: str, body: str, status: int = 200) -> Answer:
    """Write a page."""
    text = f"<!DOCTYPE html>\n<html><head>{head}</head><body>{body}</body></html>\n"
    return Answer(text=text, status=status, content_type=HTML)


def gone() -> Answer:
    """Say that there is no such page."""
    link = '<title>Bandcamp</title><link href="https://s4.bcbits.com/page.css">'
    return page(link, "<h2>Sorry, that something isn't here.</h2>", 404)


def make(world: World, capability: str, country: str) -> Bandcamp:
    """Set the dialect up."""
    return Bandcamp(world)
