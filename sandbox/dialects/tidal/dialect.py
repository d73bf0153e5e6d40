"""TIDAL's dialect: JSON:API with strict includes, cursors without a size, and a bucket of tokens told in headers."""

import base64
import binascii
from typing import Any
from urllib.parse import urlencode

from sandbox.dialects.answer import Answer, Ask, Page, Rule
from sandbox.dialects.grants import Grants
from sandbox.dialects.parties import found_profiles, shown
from sandbox.dialects.tidal.items import Item, TidalItems
from sandbox.made.ids import BASE36, spell
from sandbox.world import Release, World

JSON_API = "application/vnd.api+json"
SIZE = 20
BURST, COST, RATE = 10.0, 5.0, 1.0  # tokens, tokens a call, tokens a second
TOKEN_LIFE = 86_400
MOST_INCLUDED = 10


class Tidal:
    """Answers as auth.tidal.com and openapi.tidal.com do."""

    name = "tidal"

    def __init__(self, world: World) -> None:
        """Speak about a world."""
        self.world = world
        self.grants = Grants(TOKEN_LIFE, "ey")
        self.rules = {
            "client": Rule(int(BURST / COST), BURST / RATE, stubborn=True, per_client=False),
            "token": Rule(1000, 60.0),
        }
        self.left: tuple[float, float] = (BURST, 0.0)

    def buckets(self, ask: Ask) -> tuple[str, ...]:
        """Tokens are free; everything else shares one bucket."""
        return ("token",) if ask.path == "v1/oauth2/token" else ("client",)

    def refusal(self, bucket: str, wait: float) -> Answer:
        """Refuse without naming a time; the headers tell what is left."""
        return self.told(failed(429, "Rate limit exceeded"), 0.0)

    def answer(self, ask: Ask, now: float) -> Answer:
        """Answer a request for a token or, with one, anything else."""
        if ask.path == "v1/oauth2/token":
            return self.grants.answer(ask, now)
        tokens, then = self.left
        tokens = max(0.0, min(BURST, tokens + (now - then) * RATE) - COST)
        self.left = tokens, now
        if not self.grants.holder(ask, "Bearer", now):
            return self.told(failed(401, "Unauthorized"), tokens)
        if "countryCode" not in ask.params:
            return self.told(failed(400, "countryCode is required"), tokens)
        answer = Desk(self, ask, now).answer() if ask.path.startswith("v2/") else failed(404, "Not found")
        return self.told(answer, tokens)

    def told(self, answer: Answer, tokens: float) -> Answer:
        """Add the headers that every answer has."""
        answer.content_type = JSON_API
        said = {"remaining": tokens, "requested-tokens": COST, "burst-capacity": BURST, "replenish-rate": RATE}
        answer.headers.update({f"x-ratelimit-{word}": str(int(value)) for word, value in said.items()})
        return answer


class Desk:
    """Answers one request with a good token."""

    def __init__(self, platform: Tidal, ask: Ask, now: float) -> None:
        """Take the request."""
        self.world, self.ask, self.now = platform.world, ask, now
        self.market = ask.params["countryCode"].upper()
        self.items = TidalItems(self.world, now, self.market, ask.params.get("include", ""))
        self.path = ask.path.removeprefix("v2/")

    def answer(self) -> Answer:
        """Find what a path means."""
        if len({path.split(".")[-1] for path in self.items.paths}) > MOST_INCLUDED:
            return failed(400, "too many resources included")
        match self.path.split("/"):
            case ["searchResults"]:
                return self.search()
            case ["searchResults", id, "relationships", "artists"]:
                return self.hits(id)
            case ["artists", id]:
                return self.artist(id)
            case ["artists", id, "relationships", "albums"]:
                return self.albums(id)
            case ["albums"]:
                return self.by_barcode()
            case ["albums", id]:
                return self.album(id)
            case ["albums", id, "relationships", "items"]:
                return self.album_items(id)
            case ["tracks"]:
                return self.by_isrc()
        return failed(404, "Resource not found")

    def document(self, data: Any) -> Item:
        """Write a document around its data."""
        query = urlencode(dict(self.ask.every))
        said = {"data": data, "links": {"self": f"/{self.path}?{query}"}}
        return {**said, "included": list(self.items.included.values())} if self.items.included else said

    def part(self, count: int, path: str = "") -> tuple[int, int, Item]:
        """Read the cursor and give where the page begins and ends, with its links."""
        path, cursor = path or self.path, self.ask.params.get("page[cursor]", "")
        start = int(cursor[3:], 36) if cursor.startswith("3nI") and cursor[3:].isalnum() else 0
        params = {key: value for key, value in self.ask.params.items() if key != "page[cursor]"}
        links: Item = {"self": f"/{path}?{urlencode(params)}"}
        if start + SIZE < count:
            following = f"3nI{spell(start + SIZE, BASE36, 4)}"
            links["next"] = f"/{path}?{urlencode({**params, 'page[cursor]': following})}"
            links["meta"] = {"nextCursor": following}
        return start, start + SIZE, links

    def listed(self, named: list[Item], links: Item) -> Answer:
        """Answer with a page of identifiers."""
        document = self.document([{"id": one["id"], "type": one["type"]} for one in named])
        document["links"] = links
        return Answer(document, page=Page(document, "data", "next", links=links))

    def artist(self, id: str) -> Answer:
        """Show an artist."""
        act = self.world.find_profile("tidal", id)
        if act is None or not act.profiles["tidal"].is_up(self.now):
            return failed(404, "Resource not found")
        return Answer(self.document(self.items.artist(act)))

    def albums(self, id: str) -> Answer:
        """List an artist's albums, in no order."""
        act = self.world.find_profile("tidal", id)
        if act is None or not act.profiles["tidal"].is_up(self.now):
            return failed(404, "Resource not found")
        found = [r for r, _ in shown(self.world, act.n, "tidal", self.market, self.now, ("main", "featured"))]
        found.sort(key=lambda release: release.n * 48_271 % 65_521)
        start, end, links = self.part(len(found))
        named = [self.items.album(release, "albums") for release in found[start:end]]
        if "albums" in self.items.paths:
            self.items.included.update({("albums", one["id"]): one for one in named})
        return self.listed(named, links)

    def up(self, release: Release | None) -> bool:
        """Tell whether a release shows here and now."""
        entry = release.on.get("tidal") if release else None
        return entry is not None and entry.is_up(self.market, self.now)

    def album(self, id: str) -> Answer:
        """Show an album with the first of its items."""
        release = self.world.find_release("tidal", id)
        if release is None or not self.up(release):
            return failed(404, "Resource not found")
        item = self.items.album(release, "", (0, SIZE))
        _, _, links = self.part(item["attributes"]["numberOfItems"], f"albums/{id}/relationships/items")
        if "items" in self.items.paths:
            item["relationships"]["items"]["links"] |= links
        document = self.document(item)
        return Answer(document, page=Page(item["relationships"]["items"], "data", "next", links=links))

    def album_items(self, id: str) -> Answer:
        """List a further part of an album's items."""
        release = self.world.find_release("tidal", id)
        if release is None or not self.up(release):
            return failed(404, "Resource not found")
        whole = self.items.album(release)
        start, end, links = self.part(whole["attributes"]["numberOfItems"])
        self.items.included.clear()
        self.items.items(whole, release, "", (start, end))
        document = self.document(whole["relationships"]["items"].get("data", []))
        document["links"] = links
        return Answer(document, page=Page(document, "data", "next", links=links))

    def search(self) -> Answer:
        """Give the one result of a search, with its first artists if they were included."""
        query = self.ask.params.get("filter[query]", "")
        if not query or len(query) > 256:
            return failed(400, "filter[query] must have 1 to 256 characters")
        id = base64.urlsafe_b64encode(query.encode("utf-8", "replace")).decode().rstrip("=")
        found = found_profiles(self.world, "tidal", query, self.now)
        _, end, links = self.part(len(found), f"searchResults/{id}/relationships/artists")
        result: Item = {"id": id, "type": "searchResults", "attributes": {"query": query, "trackingId": "sandbox"}}
        self.items.relation(result, "", "artists", [self.items.artist(act, "artists") for act, _ in found[:end]])
        result["relationships"]["artists"]["links"] = links
        return Answer(
            self.document([result]), page=Page(result["relationships"]["artists"], "data", "next", links=links)
        )

    def hits(self, id: str) -> Answer:
        """List further artists of a search."""
        try:
            query = base64.urlsafe_b64decode(id + "=" * (-len(id) % 4)).decode()
        except (binascii.Error, ValueError):
            return failed(404, "Resource not found")
        found = found_profiles(self.world, "tidal", query, self.now)
        start, end, links = self.part(len(found))
        named = [self.items.artist(act, "artists") for act, _ in found[start:end]]
        self.items.included.update({("artists", one["id"]): one for one in named})
        return self.listed(named, links)

    def by_barcode(self) -> Answer:
        """Give the albums of a barcode, as it is printed; of several barcodes one album each."""
        codes = self.ask.params.get("filter[barcodeId]", "").split(",")
        found = []
        for code in codes:
            here = [r for r in self.world.by_upc(code) if self.up(r)] if code.isdigit() else []
            exact = [item for r in here if (item := self.items.album(r))["attributes"]["barcodeId"] == code]
            found += exact[:1] if len(codes) > 1 else exact
        return self.whole(found)

    def by_isrc(self) -> Answer:
        """Give the tracks of an ISRC; of several ISRCs one track each."""
        codes = self.ask.params.get("filter[isrc]", "").upper().split(",")
        found = []
        for code in codes:
            here = [(r, t) for r, t in self.world.by_isrc(code) if self.up(r) and t.since <= self.now < t.until]
            found += here[:1] if len(codes) > 1 else here
        start, end, links = self.part(len(found))
        return self.whole([self.items.track(track, release) for release, track in found[start:end]], links)

    def whole(self, found: list[Item], links: Item | None = None) -> Answer:
        """Answer with whole resources."""
        document = self.document(found)
        document["links"] = links or document["links"]
        return Answer(document, page=Page(document, "data", "next", links=document["links"]))


def failed(status: int, detail: str) -> Answer:
    """Say an error as JSON:API does."""
    return Answer({"errors": [{"status": str(status), "detail": detail}]}, status=status)


def make(world: World, capability: str, country: str) -> Tidal:
    """Set the dialect up."""
    return Tidal(world)
