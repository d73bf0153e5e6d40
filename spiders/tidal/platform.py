"""TIDAL API v2: JSON:API, a free key, the only catalogue that says who delivered and whether it is declared AI.

https://developer.tidal.com/apiref
- Includes are strict: a relationship's `data` comes only if it was included, and may be absent altogether otherwise.
  What was included may still be missing: such a row is listed and not told, which is no row that can be read.
- Lists end where `links.next` is missing; it is a path relative to the API's root, without a size and without a total.
  No order is promised, so that every list is read whole.
- Several ISRCs or barcodes in one call bring one track or album each, which hides the duplicates: one is asked a time.
  `barcodeId` keeps leading zeros.
- Every call costs 5 tokens of a bucket of 10 that fills by 1 a second; the headers `x-ratelimit-*` tell what is left,
  and the next call waits for as long as they ask.
- A search answers with one result of an opaque id whose artists are a list of their own.
- `ai` is the platform's own flag; where it is absent nothing is declared. `copyright` was a text before September 2025.
- Not verified against the live service: the life of a token, whether 429 names a time, the terms' text.
"""

import re
from collections.abc import Generator, Mapping
from typing import ClassVar
from urllib.parse import urlsplit

from spiders.base.client import Client, Observing, instead
from spiders.base.errors import Misunderstood, Refused, legible
from spiders.base.gate import Gate
from spiders.base.http import Answer, Transport
from spiders.base.platform import Access, same_host, segment
from spiders.base.reading import barcode_forms, need
from spiders.base.tokens import Tokens
from spiders.base.walk import Walk, key_of
from spiders.tidal.reading import (
    Included,
    Raw,
    Read,
    Rows,
    next_of,
    one_of,
    read_album,
    read_artist,
    read_item,
    read_listed,
    read_recording,
)
from storage.limits import Limit
from storage.observations import Page
from storage.targets import Ask, Target

TOKEN_URL = "https://auth.tidal.com/v1/oauth2/token"
PAGES_OF_HITS = 2  # of a name search: further down no listener looks
ITEMS = "items,items.artists"
FULL = "artists,coverArt,genres,providers"

Params = list[tuple[str, str]]


class Tidal(Client):
    """TIDAL's catalogue."""

    name = "tidal"
    title = "TIDAL"
    api = "https://openapi.tidal.com/v2"
    page = "https://tidal.com/artist/{id}"
    page_forms = (r"(listen\.)?tidal\.com(/browse)?/artist/(?P<id>[1-9]\d*)(/[\w-]+)*",)
    release_forms = (r"(listen\.)?tidal\.com(/browse)?/album/(?P<id>[1-9]\d*)(/[\w-]+)*",)
    other_pages: ClassVar[Mapping[str, tuple[str, ...]]] = {
        kind: (rf"(listen\.)?tidal\.com(/browse)?/{kind}/.+",)
        for kind in ("album", "track", "video", "playlist", "mix")
    }
    profile_id = r"[1-9]\d*"
    accepts = frozenset({Ask.SEARCH, Ask.PROFILE, Ask.RELEASES, Ask.RELEASE, Ask.UPC, Ask.ISRC})
    limits: ClassVar[Mapping[str, Limit]] = {"": Limit(calls=2, window_s=10.0)}
    parks = (5.0, 10.0, 30.0, 60.0, 300.0)
    rows_a_call = 20
    has_markets = True
    markets_agree = True
    needs = ("client_id", "client_secret")
    counted_by = "client_id"
    never_says = frozenset({"label", "followers", "markets", "composer"})
    remedies: ClassVar[Mapping[str, str]] = {
        "does not accept": "compare client_id and client_secret with the app's page at developer.tidal.com",
    }
    terms = (
        "TIDAL's Developer Terms were not read by us: read them, and what they say on keeping answers, before you "
        "enable it (https://developer.tidal.com/documentation/guidelines/guidelines-developer-terms)."
    )

    def __init__(self, access: Access, gate: Gate) -> None:
        """Prepare the transport; without credentials the platform stays off and says so when asked."""
        super().__init__(access, gate)
        root = access.base_url.rstrip("/")
        self.base = f"{root}/v2" if root else self.api
        tokens = Tokens(self, f"{root}/v1/oauth2/token" if root else TOKEN_URL)
        headers = {"Accept": "application/vnd.api+json"}
        self._transport = tokens.transport = Transport(self, headers=headers, credential=tokens)

    def observe(self, target: Target, walk: Walk) -> Observing:
        """Answer a name, an artist, its releases, an album, a barcode or an ISRC."""
        id_ = segment(target.subject)
        match target.ask:
            case Ask.SEARCH:
                return (yield from self._search(target, walk))
            case Ask.PROFILE:
                return (yield from self._profile(target, walk, f"artists/{id_}"))
            case Ask.RELEASES:
                include = "albums,albums.artists,albums.coverArt"
                path = f"artists/{id_}/relationships/albums"
                return (yield from self._list(target, walk, path, [("include", include)], read_listed(target.subject)))
            case Ask.RELEASE:
                return (yield from self._album(target, walk, f"albums/{id_}"))
            case Ask.UPC:
                return (yield from self._barcode(target, walk))
            case Ask.ISRC:
                asked = [("filter[isrc]", target.subject), ("include", "albums,artists")]
                return (yield from self._list(target, walk, "tracks", asked, read_recording))
        raise Misunderstood(f"{self.name} can't be asked by {target.ask}")

    def rest_s(self, headers: Mapping[str, str]) -> float:
        """Read what the bucket holds after this call, and how long the next call's tokens take to come."""
        left, cost, rate = (_number(headers, word) for word in ("remaining", "requested-tokens", "replenish-rate"))
        if left is None or cost is None or not rate:
            return 0.0
        return min(max(0.0, (cost - left) / rate), self.parks[-1])

    def close(self) -> None:
        """Close the connections."""
        self._transport.close()

    # --- asking -----------------------------------------------------------------------------------------------------

    def _get(self, target: Target, walk: Walk, path: str, params: Params) -> Answer:
        """Ask for a document; a 404 of the API's own is an answer."""
        market = [] if "countryCode=" in path else [("countryCode", target.market or self.access.market)]
        answer = self._transport.get(path, [*market, *params], walk=walk, readable=(404,))
        if answer.status == 404 and not isinstance(answer.raw.get("errors"), list):
            raise Misunderstood(f"{path}: HTTP 404 without errors: is the base URL right?")
        return answer

    def _list(
        self, target: Target, walk: Walk, path: str, params: Params, read: Read, *, told: Rows = (), at_most: int = 0
    ) -> Observing:
        """Walk a list of identifiers by its links until it ends."""
        while True:
            answer = self._get(target, walk, path, params)
            if answer.status == 404:
                return (yield from self._gone(target, walk, answer))
            stopped = yield from self._page(target, walk, answer, answer.raw, read, told)
            onward = next_of(answer.raw)
            if onward is None and target.ask is Ask.ISRC and not walk.ids:
                return (yield from self.uncarried(target, walk))
            if onward is None:
                return walk.ended()
            path, params, told = self._followed(onward), [], ()
            if stopped or walk.pages == at_most:
                return walk.stopped(stopped or f"the first {len(walk.ids)}")

    def _page(
        self, target: Target, walk: Walk, answer: Answer, holder: Raw, read: Read, told: Rows
    ) -> Generator[Page, None, str]:
        """Tell one page of a list; return why the walk must not go on, if it must not."""
        included, onward = Included(walk, answer.raw), next_of(holder)
        identifiers = need(holder, "data", list)
        rows = walk.read_rows(identifiers, "row", lambda raw: read(included, raw))
        circling = not walk.page([key_of(row) for row in rows], more=onward is not None)
        moved = instead(target, _listed(target, answer))
        yield Page(target, (*told, *moved, *(seen for row in rows for seen in row)), answer.payload)
        walk.must_show(identifiers, rows)
        if onward is not None and not circling and not identifiers:
            return "an empty page before the end"
        return "the list goes in circles" if circling else ""

    def _followed(self, onward: str) -> str:
        """Return a link's path below the API's root; one that leads elsewhere is refused."""
        if not onward.startswith("/") or onward.startswith("//"):
            onward = same_host(onward, self.base).removeprefix(self.base)
            if not onward.startswith("/"):
                raise Refused("link to another place than the API refused", about_target=True)
        return onward[1:]

    def _search(self, target: Target, walk: Walk) -> Observing:
        asked = [("filter[query]", target.subject[:256]), ("include", "artists")]
        answer = self._get(target, walk, "searchResults", asked)
        if answer.status == 404:
            return (yield from self._gone(target, walk, answer))
        result = one_of(answer.raw)
        artists = need(need(result, "relationships", dict), "artists", dict)
        ranks: list[str] = []

        def read(included: Included, raw: Raw) -> Rows:
            ranks.append("")
            return (read_artist(included, included.of(raw), len(ranks)),)

        stopped = yield from self._page(target, walk, answer, artists, read, ())
        onward = next_of(artists)
        if stopped:
            return walk.stopped(stopped)
        if onward is None:
            return walk.ended()
        path, more = self._followed(onward), [] if "include=" in onward else [("include", "artists")]
        return (yield from self._list(target, walk, path, more, read, at_most=PAGES_OF_HITS))

    def _profile(self, target: Target, walk: Walk, path: str) -> Observing:
        answer = self._get(target, walk, path, [("include", "profileArt,trackProviders")])
        if answer.status == 404:
            return (yield from self._gone(target, walk, answer))
        included, raw = Included(walk, answer.raw), need(answer.raw, "data", dict)
        artist = walk.read(lambda raw: read_artist(included, raw), raw)
        walk.page([artist.id])
        yield Page(target, (*instead(target, artist.id), artist), answer.payload)
        return walk.ended()

    def _album(self, target: Target, walk: Walk, path: str) -> Observing:
        answer = self._get(target, walk, path, [("include", f"{FULL},{ITEMS}")])
        if answer.status == 404:
            return (yield from self._gone(target, walk, answer))
        included, raw = Included(walk, answer.raw), need(answer.raw, "data", dict)
        album = walk.read(lambda raw: read_album(included, raw), raw)
        items = need(need(raw, "relationships", dict), "items", dict)
        read = read_item(album.id)
        stopped = yield from self._page(target, walk, answer, items, read, (*instead(target, album.id), album))
        onward = next_of(items)
        if stopped:
            return walk.stopped(stopped)
        if onward is not None:
            path = self._followed(onward)
            more = [] if "include=" in onward else [("include", ITEMS)]
            coverage = yield from self._list(target, walk, path, more, read)
            if not coverage.to_end:
                return coverage
        if album.track_count is not None and len(walk.ids) < album.track_count:
            walk.doubt(f"{len(walk.ids)} of {album.track_count} items came: the rest is not in this market")
        return walk.ended()

    def _barcode(self, target: Target, walk: Walk) -> Observing:
        """Ask for each spelling until one is known: several in one call would hide all albums but one."""
        include = ("include", FULL)
        for code in barcode_forms(target.subject):
            answer = self._get(target, walk, "albums", [("filter[barcodeId]", code), include])
            if answer.status == 404 or not need(answer.raw, "data", list):
                continue
            yield from self._page(target, walk, answer, answer.raw, lambda i, raw: (read_album(i, raw),), ())
            onward = next_of(answer.raw)
            if onward is None:
                return walk.ended()
            return (yield from self._list(target, walk, self._followed(onward), [], lambda i, r: (read_album(i, r),)))
        return (yield from self.uncarried(target, walk))

    def _gone(self, target: Target, walk: Walk, answer: Answer) -> Observing:
        errors = [error for error in answer.raw["errors"] if isinstance(error, dict)]
        said = legible(str((errors or [{}])[0].get("detail", ""))) or "no such thing"
        if walk.pages:
            return walk.stopped(f"a page of the list is not there: {said}")
        walk.page(())
        return (yield from self.absent(target, walk, said, answer.payload))


def _number(headers: Mapping[str, str], word: str) -> float | None:
    said = headers.get(f"x-ratelimit-{word}", "")
    return float(said) if re.fullmatch(r"\d{1,6}(\.\d{1,6})?", said, re.ASCII) else None


def _listed(target: Target, answer: Answer) -> str:
    """Return whose list a redirect led to: the answer itself does not say it."""
    parts = urlsplit(answer.payload.url).path.split("/")
    return target.subject if target.ask is not Ask.RELEASES or segment(target.subject) in parts else parts[-3]
