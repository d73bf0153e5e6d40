"""Spotify Web API, by spotipy as a thin transport. Client id and secret of an app whose owner holds Premium.

https://developer.spotify.com/documentation/web-api
Two capability profiles. "development" (what nearly everybody gets): 10 per page, no label, popularity, followers,
album_group or markets, removed endpoints answer 403 Forbidden, and quotas per rolling day and bucket whose Retry-After
is up to a day. "extended": 50 per page and all fields. Lists are one per include_group; inside album and single newest
first, appears_on in no order. `total` drifts, entries may be null, a taken-down album has an empty name, a false
"explicit" means unknown. Without `market` everything counts as unavailable. UPC searches compare the printed string.
A search for a name asks for albums too, in the same call: those of others whose title holds the name are told.
"""

import re
from collections.abc import Callable, Mapping
from itertools import chain, count
from typing import ClassVar
from urllib.parse import unquote, urlsplit

from spiders.base.client import Client, Observing, instead
from spiders.base.errors import Misunderstood, Refused, Unavailable
from spiders.base.gate import Gate
from spiders.base.platform import Access, same_host, segment
from spiders.base.reading import barcode_forms, identifier, may, need, same_barcode
from spiders.base.walk import Walk, key_of
from spiders.spotify.api import Api
from spiders.spotify.reading import (
    Listing,
    Raw,
    holds_name,
    read_album,
    read_artist,
    read_listing,
    read_relinked,
    read_track,
)
from spiders.spotify.session import WINDOW_S, Missing
from storage.limits import Limit
from storage.observations import Observation, Outcome, Page, Redirected
from storage.targets import Ask, Target

TOKEN_URL = "https://accounts.spotify.com/api/token"
DEPTH = 50  # hits of a name search: further down no listener looks
TRACKS = 50
RUNAWAY = 100  # entries past the named total, after which a list that has no end is left

# The window is counted per app, the day per bucket: together the buckets stay within 45 calls per window.
DEVELOPMENT = {"": Limit(35, WINDOW_S, per_day=1500), "artist_albums": Limit(10, WINDOW_S, per_day=80)}
EXTENDED = {"": Limit(30, WINDOW_S), "artist_albums": Limit(60, WINDOW_S)}

Read = Callable[[Raw, int], tuple[Observation, ...]]


class Spotify(Client):
    """Spotify's catalogue, as much of it as the credential may see."""

    name = "spotify"
    title = "Spotify"
    api = "https://api.spotify.com/v1"
    page = "https://open.spotify.com/artist/{id}"
    page_forms = (
        r"(open|play)\.spotify\.com(/intl-[\w-]+|/embed)?/artist/(?P<id>[0-9A-Za-z]{22})(/[\w-]+)*",
        r"spotify:artist:(?P<id>[0-9A-Za-z]{22})",
    )
    release_forms = (
        r"(open|play)\.spotify\.com(/intl-[\w-]+|/embed)?/album/(?P<id>[0-9A-Za-z]{22})",
        r"spotify:album:(?P<id>[0-9A-Za-z]{22})",
    )
    other_pages: ClassVar[Mapping[str, tuple[str, ...]]] = {
        **{
            kind: (rf"(open|play)\.spotify\.com(/intl-[\w-]+|/embed)?/{kind}/.+", rf"spotify:{kind}:.+")
            for kind in ("album", "track", "playlist", "user", "show", "episode")
        },
        "short link": (r"(spotify\.link|spoti\.fi|spotify\.app\.link)/.+",),
    }
    profile_id = r"[0-9A-Za-z]{22}"
    accepts = frozenset({Ask.SEARCH, Ask.PROFILE, Ask.RELEASES, Ask.RELEASE, Ask.UPC, Ask.ISRC})
    limits: ClassVar[Mapping[str, Limit]] = DEVELOPMENT
    sections = ("album", "single", "compilation", "appears_on")
    rare_sections = frozenset({"compilation", "appears_on"})
    early_stop = frozenset({"album", "single"})
    rows_a_call = 10
    has_markets = True
    markets_agree = True
    needs = ("client_id", "client_secret")
    counted_by = "client_id"
    longest_pause_s = 26 * 3600.0  # a rolling day's quota, and a little
    capabilities = ("development", "extended")
    remedies: ClassVar[Mapping[str, str]] = {
        "(?i)premium": "the app's owner must hold Premium; after it is renewed, hours may pass",
        "does not accept": "compare client_id and client_secret with the app's page at developer.spotify.com",
    }
    terms = (
        "Spotify's Developer Terms forbid crawling, databases of its content and analysing it: "
        "enable it only with a written agreement, and state that basis."
    )

    def __init__(self, access: Access, gate: Gate) -> None:
        """Prepare both sessions; without credentials the platform stays off and says so when asked."""
        super().__init__(access, gate)
        root = access.base_url.rstrip("/")
        self.base = f"{root}/v1" if root else self.api
        self._size = 50 if access.capability == "extended" else 10
        self._api = Api(self, f"{root}/api/token" if root else TOKEN_URL)

    @classmethod
    def limits_for(cls, access: Access) -> Mapping[str, Limit]:
        """Return the limits of this access's capability profile."""
        return EXTENDED if access.capability == "extended" else DEVELOPMENT

    @classmethod
    def blind_for(cls, access: Access) -> frozenset[str]:
        """Return the fields that were removed from development mode."""
        withheld = {"label", "popularity", "followers", "album_group", "markets"}
        return frozenset() if access.capability == "extended" else frozenset(withheld)

    @classmethod
    def bucket(cls, ask: Ask, section: str = "") -> str:
        """Name the bucket: the lists of an artist's releases have the smallest quota of their own."""
        return "artist_albums" if ask is Ask.RELEASES else ""

    def observe(self, target: Target, walk: Walk) -> Observing:
        """Answer a name, an artist, one section of its releases, an album, a barcode or an ISRC."""
        try:
            match target.ask:
                case Ask.SEARCH:
                    return (yield from self._search(target, walk))
                case Ask.PROFILE:
                    return (yield from self._profile(target, walk))
                case Ask.RELEASES:
                    return (yield from self._releases(target, walk))
                case Ask.RELEASE:
                    return (yield from self._album(target, walk))
                case Ask.UPC:
                    return (yield from self._barcode(target, walk))
                case _:
                    return (yield from self._isrc(target, walk))
        except Missing as missing:
            if walk.pages:
                return walk.stopped(f"what was listed is not there: {missing}")
            return (yield from self.absent(target, walk, str(missing), self._api.wire.last))
        except (Misunderstood, Refused, Unavailable) as trouble:
            # A page that fails again and again must not keep the walk from its beginning, where the news are.
            if not isinstance(trouble, Unavailable) or (walk.resumed and walk.pages <= 1):
                walk.resume = None
            raise

    def close(self) -> None:
        """Close the connections."""
        self._api.close()

    def _search(self, target: Target, walk: Walk) -> Observing:
        def enough(listing: Listing, ids: list[str]) -> str:
            seen = listing.offset + listing.step
            return f"the first {seen} of {listing.total}" if seen >= DEPTH else ""

        def read(raw: Raw, rank: int) -> tuple[Observation, ...]:
            return (read_artist(raw, rank),)

        def beside(raw: Raw) -> tuple[Observation, ...]:
            rows = need(may(raw, "albums", dict) or {"items": []}, "items", list)
            albums = walk.read_rows([row for row in rows if row is not None], "album", read_album)
            return tuple(album for album in albums if holds_name(album, target.subject))

        asked = {"q": target.subject, "type": "artist,album", "market": self._market(target)}
        walking = self._list(target, walk, "search", asked, read, key="artists", enough=enough, beside=beside)
        return (yield from walking)

    def _profile(self, target: Target, walk: Walk) -> Observing:
        answer = self._api.get(f"artists/{segment(target.subject)}", walk)
        artist = walk.read(read_artist, answer.raw)
        walk.page([artist.id])
        yield Page(target, (*instead(target, artist.id), artist), answer.payload)
        return walk.ended()

    def _releases(self, target: Target, walk: Walk) -> Observing:
        """Walk one section; a resumed walk goes one page back, because lists move while nobody looks."""
        resume = int(target.resume) if target.resume and target.resume.isdecimal() else 0
        start, streak = max(0, resume - self._size), 0
        may_stop = not target.whole and not start and target.section in self.early_stop

        def enough(listing: Listing, ids: list[str]) -> str:
            nonlocal streak
            walk.resume = str(listing.offset + listing.step)
            full = len(ids) == listing.step
            # A total that is not what we know says that something stands, or is gone, further down.
            agreed = listing.total == len(target.known | walk.ids)
            streak = streak + 1 if may_stop and full and agreed and target.known.issuperset(ids) else 0
            return "overlap with what is known" if streak == 2 else ""

        def read(raw: Raw, rank: int) -> tuple[Observation, ...]:
            if (may(raw, "album_group", str) or target.section) != target.section:
                walk.doubt("include_groups was not obeyed")
            return (read_album(raw, target.subject, target.section),)

        walk.resumed = start > 0
        walk.resume = target.resume if start else None
        path = f"artists/{segment(target.subject)}/albums"
        asked = {"include_groups": target.section or ",".join(self.sections), "market": self._market(target)}
        walking = self._list(target, walk, path, asked, read, bucket="artist_albums", offset=start, enough=enough)
        coverage = yield from walking
        return walk.stopped("the list is shorter than where we went on") if start and not walk.ids else coverage

    def _album(self, target: Target, walk: Walk) -> Observing:
        walk.blind |= {"isrc"}  # a track says its ISRC only when it is asked for alone
        path, market = f"albums/{segment(target.subject)}", {"market": self._market(target)}
        answer = self._api.get(path, walk, **market)
        album, listing = walk.read(read_album, answer.raw), read_listing(need(answer.raw, "tracks", dict))

        def read(raw: Raw, rank: int) -> tuple[Observation, ...]:
            return (read_track(raw, album.id), *read_relinked(raw))

        rows = walk.read_rows(listing.rows, "track", lambda raw: read(raw, 0))
        onward = _count(walk, listing, rows)
        yield Page(target, (*instead(target, album.id), album, *chain(*rows)), answer.payload)
        if listing.next is None or not onward:
            return walk.ended()
        same_host(listing.next, self.base)
        path, offset = f"{path}/tracks", listing.offset + listing.step
        return (yield from self._list(target, walk, path, market, read, size=TRACKS, offset=offset))

    def _barcode(self, target: Target, walk: Walk) -> Observing:
        """Search each spelling until one is known, then read the albums found: only they print their barcode."""
        market = self._market(target)
        for code in barcode_forms(target.subject, (14, 13, 12)):
            answer = self._api.get(
                "search", walk, q=f"upc:{code}", type="album", market=market, limit=self._size, offset=0
            )
            listing = read_listing(need(answer.raw, "albums", dict))
            ids = walk.read_rows(listing.rows, "album", identifier)
            walk.page(ids, total=listing.total, asked=listing.step, more=listing.next is not None)
            yield Page(target, (), answer.payload)
            for album_id in ids:
                full = self._api.get(f"albums/{segment(album_id)}", walk, market=market)
                album = walk.read(read_album, full.raw)
                if not same_barcode(album.upc, code):
                    walk.doubt("an album of another barcode was found")
                yield Page(target, (album,), full.payload)
            if listing.rows:
                return walk.ended()
        if walk.doubts or walk.expected:
            return walk.stopped("an album was promised, but none came")
        return (yield from self.absent(target, walk, "no album bears this barcode"))

    def _isrc(self, target: Target, walk: Walk) -> Observing:
        def read(raw: Raw, rank: int) -> tuple[Observation, ...]:
            album = read_album(need(raw, "album", dict))
            track = read_track(raw, album.id)
            if re.sub(r"[^A-Z0-9]", "", (track.isrc or "").upper()) != target.subject:
                walk.doubt("a track of another ISRC was found")
            return track, album, *read_relinked(raw)

        asked = {"q": f"isrc:{target.subject}", "type": "track", "market": self._market(target)}
        coverage = yield from self._list(target, walk, "search", asked, read, key="tracks")
        if walk.ids or coverage.outcome is not Outcome.COMPLETE:
            return coverage
        return (yield from self.absent(target, walk, "no track bears this ISRC"))

    def _list(
        self,
        target: Target,
        walk: Walk,
        path: str,
        asked: Mapping[str, str],
        read: Read,
        *,
        key: str = "",
        bucket: str = "",
        size: int = 0,
        offset: int = 0,
        enough: Callable[[Listing, list[str]], str] = lambda listing, ids: "",
        beside: Callable[[Raw], tuple[Observation, ...]] = lambda raw: (),
    ) -> Observing:
        """Walk a list by offsets of our own until it ends, goes in circles, or is `enough`."""
        while True:
            answer = self._api.get(path, walk, bucket, **asked, limit=size or self._size, offset=offset)
            listing = read_listing(need(answer.raw, key, dict) if key else answer.raw)
            walk.at(listing.offset, offset)
            if led := _led_elsewhere(target, answer.payload.url):
                yield Page(target, (Redirected(target.subject, led),), answer.payload)
                return walk.withheld(f"answered with {led} instead")
            ranks = count(offset + 1)
            rows = walk.read_rows(listing.rows, "row", lambda raw, ranks=ranks: read(raw, next(ranks)))  # type: ignore[misc]
            _count(walk, listing, rows)
            yield Page(target, (*chain(*rows), *beside(answer.raw)), answer.payload)
            walk.must_show(listing.rows, rows)
            if listing.next is not None:
                same_host(listing.next, self.base)
            if reason := walk.stuck(listing.rows, more=listing.next is not None):
                return walk.stopped(reason)
            if listing.next is None:
                return walk.ended()
            if reason := enough(listing, [row[0].id for row in rows]):  # type: ignore[union-attr]
                return walk.stopped(reason)
            offset += listing.step
            if offset > (walk.expected or 0) + RUNAWAY:
                return walk.stopped("the list goes on beyond its total")

    def _market(self, target: Target) -> str:
        return target.market or self.access.market


def _count(walk: Walk, listing: Listing, rows: tuple[tuple[Observation, ...], ...]) -> bool:
    """Count a page by its rows: a track that stands on an album twice is two."""
    ids = [key_of(row) for row in rows]
    return walk.page(ids, total=listing.total, asked=listing.step, more=listing.next is not None)


def _led_elsewhere(target: Target, url: str) -> str:
    """Return what a redirect put in the place of the artist or album whose list was asked."""
    parts = urlsplit(url).path.split("/")
    if target.ask not in (Ask.RELEASES, Ask.RELEASE) or segment(target.subject) in parts:
        return ""
    return unquote(parts[-2])
