"""Apple Music API: the catalogue with labels, lines, barcodes and ISRCs, for who pays for a developer account.

https://developer.apple.com/documentation/applemusicapi
- Requests are signed by a token made here (ES256) from the account's .p8 key; no listener's token is needed.
- A link to the next page says where it begins and not how long it is: our own parameters are put back.
- A 404 in the middle of a list is a fault and no absence: it is asked again, and then the look has failed. A view that
  has nothing to show answers 404 as well: then the artist tells whether the page is there.
- Lists have no order that is promised. `copyright` is one text and may be missing. ISRCs come as delivered, with dirt.
- Its pages and ids are those of iTunes.
- The rate is not published; it is told by a 429 that passes within a second.
- Not asked: record labels' views (no page of ours is a label's). Not verified against the live service: all of it.
"""

from collections.abc import Callable, Mapping
from itertools import count
from typing import ClassVar
from urllib.parse import parse_qsl, urlsplit

from spiders.apple_music.developer_token import DeveloperToken
from spiders.apple_music.reading import (
    Raw,
    Rows,
    read_album,
    read_artist,
    read_recording,
    read_song,
    related,
)
from spiders.base.client import Client, Observing, instead
from spiders.base.errors import Misunderstood, Refused, Unavailable, legible
from spiders.base.gate import Gate
from spiders.base.http import Answer, Transport
from spiders.base.platform import Access, same_host, segment
from spiders.base.reading import barcode_forms, may, need
from spiders.base.walk import Walk, key_of
from storage.limits import Limit
from storage.observations import Page
from storage.targets import Ask, Target

PAGES = r"(geo\.)?(music|itunes)\.apple\.com(/(?P<country>[a-z]{2}))?"
HITS = 25
PAGES_OF_HITS = 2  # of a name search: further down no listener looks
ALBUMS, TRACKS = 100, 300
VIEWS = {"": "albums", "appears_on": "view/appears-on-albums"}

Params = list[tuple[str, str]]
Read = Callable[[Raw], Rows]


class AppleMusic(Client):
    """Apple Music's catalogue."""

    name = "apple_music"
    title = "Apple Music"
    api = "https://api.music.apple.com/v1"
    page = "https://music.apple.com/artist/{id}"
    page_forms = (rf"{PAGES}/artist(/[^/]+)?/(id)?(?P<id>[1-9]\d*)(/[\w-]+)*",)
    pages_of = "itunes"
    spellings = ("https://music.apple.com/{country}/artist/{id}", "https://itunes.apple.com/{country}/artist/id{id}")
    profile_id = r"[1-9]\d*"
    accepts = frozenset({Ask.SEARCH, Ask.PROFILE, Ask.RELEASES, Ask.RELEASE, Ask.UPC, Ask.ISRC})
    limits: ClassVar[Mapping[str, Limit]] = {"": Limit(calls=20, window_s=5.0)}
    parks = (2.0, 5.0, 15.0, 60.0, 300.0)
    sections = tuple(VIEWS)
    rare_sections = frozenset({"appears_on"})
    has_markets = True
    needs = ("team_id", "key_id", "private_key")
    counted_by = "team_id"
    never_says = frozenset({"followers", "popularity", "markets", "ai"})
    remedies: ClassVar[Mapping[str, str]] = {
        "HTTP 401": "team_id, key_id and private_key do not belong together, the key was revoked, or this machine's "
        "clock is wrong",
        "HTTP 403": "the key has no MusicKit service: add it in the developer account",
        "private_key": "give the .p8 file's path or its text, as downloaded from the developer account",
    }
    terms = (
        "Apple's MusicKit terms allow the API for the subscriptions of your own users and nothing else: enable it only "
        "with Apple's agreement, and state that basis (https://developer.apple.com/support/terms/)."
    )

    def __init__(self, access: Access, gate: Gate) -> None:
        """Prepare the transport; without the key the platform stays off and says so when asked."""
        super().__init__(access, gate)
        root = access.base_url.rstrip("/")
        self.base = f"{root}/v1" if root else self.api
        self._transport = Transport(self, credential=DeveloperToken(access))

    def observe(self, target: Target, walk: Walk) -> Observing:
        """Answer a name, an artist, a section of its albums, an album, a barcode or an ISRC."""
        shop, id_ = f"catalog/{self._store(target)}", segment(target.subject)
        match target.ask:
            case Ask.SEARCH:
                return (yield from self._search(target, walk, f"{shop}/search"))
            case Ask.PROFILE:
                return (yield from self._profile(target, walk, f"{shop}/artists/{id_}"))
            case Ask.RELEASES:
                path, asked = f"{shop}/artists/{id_}", [("include", "artists"), ("limit", str(ALBUMS))]

                def read(raw: Raw) -> Rows:
                    return (read_album(raw, target.subject, target.section),)

                return (yield from self._list(target, walk, f"{path}/{VIEWS[target.section]}", asked, read, over=path))
            case Ask.RELEASE:
                return (yield from self._album(target, walk, f"{shop}/albums/{id_}"))
            case Ask.UPC:
                return (yield from self._barcode(target, walk, f"{shop}/albums"))
            case Ask.ISRC:
                asked = [("filter[isrc]", target.subject), ("include", "albums,artists")]
                return (yield from self._list(target, walk, f"{shop}/songs", asked, read_recording))
        raise Misunderstood(f"{self.name} can't be asked by {target.ask}")

    def close(self) -> None:
        """Close the connections."""
        self._transport.close()

    # --- asking -----------------------------------------------------------------------------------------------------

    def _store(self, target: Target) -> str:
        return segment((target.market or self.access.market).lower())

    def _get(self, path: str, walk: Walk, params: Params) -> Answer:
        """Ask for a document; a 404 of the API's own is an answer, but in the middle of a list it is a fault."""

        def ask() -> Answer:
            answer = self._transport.get(path, params, walk=walk, readable=(404,))
            if answer.status == 404 and not isinstance(answer.raw.get("errors"), list):
                raise Misunderstood(f"{path}: HTTP 404 without errors: is the base URL right?")
            if answer.status == 404 and walk.pages:
                raise Unavailable(f"{path}: HTTP 404 in the middle of a list")
            return answer

        return self.retrying(ask) if walk.pages else ask()

    def _followed(self, onward: str, own: Params) -> tuple[str, Params]:
        """Return a link's path below the API's root and its parameters, with ours put back."""
        if not onward.startswith("/") or onward.startswith("//"):
            onward = same_host(onward, self.base).removeprefix(self.base.removesuffix("/v1"))
        parts = urlsplit(onward)
        if not parts.path.startswith("/v1/"):
            raise Refused("link to another place than the API refused", about_target=True)
        said = parse_qsl(parts.query, keep_blank_values=True)
        return parts.path.removeprefix("/v1/"), [*said, *(one for one in own if one[0] not in dict(said))]

    def _list(
        self,
        target: Target,
        walk: Walk,
        path: str,
        own: Params,
        read: Read,
        *,
        over: str = "",
        at_most: int = 0,
        params: Params | None = None,
    ) -> Observing:
        """Walk a list by its links until it ends; `over` is the page that a view belongs to."""
        params = own if params is None else params
        while True:
            answer = self._get(path, walk, params)
            if answer.status == 404:
                return (yield from self._nothing(target, walk, answer, over))
            holder = _hits(answer.raw) if target.ask is Ask.SEARCH else answer.raw
            entries = need(holder, "data", list)
            rows = walk.read_rows(entries, "row", read)
            onward = may(holder, "next", str) or None
            circling = not walk.page([key_of(row) for row in rows], more=onward is not None)
            moved = instead(target, _listed(target, answer))
            yield Page(target, (*moved, *(seen for row in rows for seen in row)), answer.payload)
            walk.must_show(entries, rows)
            if onward is None and target.ask is Ask.ISRC and not walk.ids:
                return (yield from self.uncarried(target, walk))
            if onward is None:
                return walk.ended()
            if circling or not entries:
                return walk.stopped("the list goes in circles" if circling else "an empty page before the end")
            if walk.pages == at_most:
                return walk.stopped(f"the first {len(walk.ids)}")
            path, params = self._followed(onward, own)

    def _nothing(self, target: Target, walk: Walk, answer: Answer, over: str) -> Observing:
        """Tell a view that has nothing to show from a page that is not there."""
        if target.section and over and self._get(over, walk, []).status == 200:
            walk.page(())
            yield Page(target, (), answer.payload)
            return walk.ended()
        return (yield from self._gone(target, walk, answer))

    def _gone(self, target: Target, walk: Walk, answer: Answer) -> Observing:
        errors = [error for error in answer.raw["errors"] if isinstance(error, dict)]
        said = legible(str((errors or [{}])[0].get("title", ""))) or "no such thing"
        walk.page(())
        return (yield from self.absent(target, walk, said, answer.payload))

    def _search(self, target: Target, walk: Walk, path: str) -> Observing:
        ranks = count(1)
        own = [("term", target.subject), ("types", "artists"), ("limit", str(HITS))]
        read = lambda raw: (read_artist(raw, next(ranks)),)  # noqa: E731 -- it counts
        return (yield from self._list(target, walk, path, own, read, at_most=PAGES_OF_HITS))

    def _profile(self, target: Target, walk: Walk, path: str) -> Observing:
        answer = self._get(path, walk, [])
        if answer.status == 404:
            return (yield from self._gone(target, walk, answer))
        artist = walk.read(read_artist, _only(answer.raw))
        walk.page([artist.id])
        yield Page(target, (*instead(target, artist.id), artist), answer.payload)
        return walk.ended()

    def _album(self, target: Target, walk: Walk, path: str) -> Observing:
        answer = self._get(path, walk, [("include", "artists,tracks")])
        if answer.status == 404:
            return (yield from self._gone(target, walk, answer))
        raw = _only(answer.raw)
        album, entries = walk.read(read_album, raw), related(raw, "tracks")
        holder = need(need(raw, "relationships", dict), "tracks", dict)
        if entries is None:
            raise Misunderstood("mandatory key 'data' is missing")

        def read(one: Raw) -> Rows:
            return (read_song(one, album.id),)

        rows = walk.read_rows(entries, "track", read)
        onward = may(holder, "next", str) or None
        circling = not walk.page([key_of(row) for row in rows], more=onward is not None)
        told: Rows = (*instead(target, album.id), album, *(seen for row in rows for seen in row))
        yield Page(target, told, answer.payload)
        walk.must_show(entries, rows)
        if onward is not None and not circling:
            own = [("limit", str(TRACKS))]
            path, params = self._followed(onward, own)
            return (yield from self._list(target, walk, path, own, read, params=params))
        return walk.stopped("the list goes in circles") if circling else walk.ended()

    def _barcode(self, target: Target, walk: Walk, path: str) -> Observing:
        """Ask for each spelling until one is known: barcodes are compared as they are printed."""
        for code in barcode_forms(target.subject):
            own = [("filter[upc]", code), ("include", "artists")]
            answer = self._get(path, walk, own)
            if answer.status == 404 or not (entries := need(answer.raw, "data", list)):
                continue
            rows = walk.read_rows(entries, "album", read_album)
            walk.page([album.id for album in rows])
            yield Page(target, rows, answer.payload)
            walk.must_show(entries, rows)
            return walk.stopped("more albums of this barcode follow") if may(answer.raw, "next", str) else walk.ended()
        return (yield from self.uncarried(target, walk))


def _only(raw: Raw) -> Raw:
    """Return the one resource that a document tells."""
    data = need(raw, "data", list)
    if len(data) != 1 or not isinstance(data[0], dict):
        raise Misunderstood(f"one resource was expected, {len(data)} came")
    return data[0]


def _hits(raw: Raw) -> Raw:
    """Return the artists of a search's results; where there is none, their list is missing."""
    results = need(raw, "results", dict)
    return may(results, "artists", dict) or {"data": []}


def _listed(target: Target, answer: Answer) -> str:
    """Return whose list a redirect led to: the answer itself does not say it."""
    parts = urlsplit(answer.payload.url).path.split("/")
    if target.ask is not Ask.RELEASES or segment(target.subject) in parts or "artists" not in parts[:-1]:
        return target.subject
    return parts[parts.index("artists") + 1]
