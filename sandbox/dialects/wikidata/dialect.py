"""Wikidata's dialect: items by id and by statement, with deprecated and ended statements among them; errors at 200."""

import re
from typing import Any

from sandbox.dialects.answer import Answer, Ask, Rule
from sandbox.world import Act, World, at

PROPERTIES = {
    "P434": "musicbrainz", "P1902": "spotify", "P2722": "deezer", "P2850": "itunes", "P4576": "tidal",
    "P2397": "youtube", "P3040": "soundcloud", "P3283": "bandcamp", "P1953": "discogs",
}  # fmt: skip
MOST = 50
OLD = 13  # every so many items keep a neighbour's id, deprecated


class Wikidata:
    """Answers as www.wikidata.org does."""

    name = "wikidata"

    def __init__(self, world: World) -> None:
        """Speak about a world."""
        self.world = world
        self.rules = {"api": Rule(60, 60.0)}

    def buckets(self, ask: Ask) -> tuple[str, ...]:
        """Every question counts."""
        return ("api",)

    def refusal(self, bucket: str, wait: float) -> Answer:
        """Refuse, with a time."""
        return Answer(text="Too many requests", status=429, headers={"Retry-After": str(int(wait) + 1)})

    def answer(self, ask: Ask, now: float) -> Answer:
        """Answer a question to the API."""
        if ask.path != "api.php" or "falsetto" not in ask.headers.get("user-agent", "").lower():
            return Answer(text="Please set a user-agent", status=403)
        match ask.params.get("action"):
            case "wbgetentities":
                return self.entities(ask.params.get("ids", "").split("|"), now)
            case "query":
                return self.found(ask.params.get("srsearch", ""), ask.number("srlimit", 10) or 10, now)
        return failed("badvalue", "Unrecognized value for parameter action.")

    def entities(self, ids: list[str], now: float) -> Answer:
        """Give items by their ids."""
        if len(ids) > MOST:
            return failed("toomanyvalues", "Too many values supplied for parameter ids.")
        if any(not re.fullmatch(r"Q[1-9][0-9]*", id) for id in ids):
            return failed("no-such-entity", "Could not find an entity.")
        return Answer({"entities": {id: self.item(id, now) for id in ids}, "success": 1})

    def item(self, id: str, now: float) -> dict[str, Any]:
        """Write one item."""
        act = self.world.find_profile(self.name, id)
        if act is None or not act.profiles[self.name].is_up(now):
            return {"id": id, "missing": ""}
        name = at(act.profiles[self.name], now).name
        claims = {prop: self.statements(act, prop, now) for prop in PROPERTIES}
        return {
            "type": "item", "id": id, "labels": {"en": {"language": "en", "value": name}},
            "descriptions": {"en": {"language": "en", "value": "recording artist"}},
            "aliases": {"en": [{"language": "en", "value": alias} for alias in act.aliases]},
            "claims": {prop: said for prop, said in claims.items() if said},
        }  # fmt: skip

    def statements(self, act: Act, prop: str, now: float) -> list[dict[str, Any]]:
        """Write what an item says of one property."""
        kept = act.profiles.get(PROPERTIES[prop])
        said = []
        if kept is not None and (act.n % 5 or prop == "P434"):
            said.append(statement(prop, kept.id, "normal"))
        if act.n % OLD == 0 and prop in ("P1902", "P2722"):
            other = next((self.world.act(n) for n in (act.n - 1, act.n - 2) if n >= 0), None)
            page = other.profiles.get(PROPERTIES[prop]) if other else None
            if page is not None:
                said.append(statement(prop, page.id, "deprecated"))
                said.append({**statement(prop, page.id, "normal"), "qualifiers": {"P582": [{"snaktype": "value"}]}})
        return said

    def found(self, query: str, most: int, now: float) -> Answer:
        """Give the items whose statements have a value."""
        hits: list[str] = []
        for prop, value in re.findall(r"(P\d+)=([^|]+)", query.removeprefix("haswbstatement:")):
            platform = PROPERTIES.get(prop)
            act = self.world.find_profile(platform, value) if platform else None
            page = act.profiles.get(self.name) if act else None
            if act is not None and page is not None and page.is_up(now) and (act.n % 5 or prop == "P434"):
                hits.append(page.id)
        found = [{"ns": 0, "title": id, "pageid": int(id[1:])} for id in dict.fromkeys(hits)][:most]
        return Answer({"batchcomplete": "", "query": {"searchinfo": {"totalhits": len(found)}, "search": found}})


def statement(prop: str, value: str, rank: str) -> dict[str, Any]:
    """Write a statement."""
    snak = {"snaktype": "value", "property": prop, "datavalue": {"value": value, "type": "string"}}
    return {"mainsnak": {**snak, "datatype": "external-id"}, "type": "statement", "rank": rank}


def failed(code: str, words: str) -> Answer:
    """Say an error as MediaWiki does."""
    return Answer({"error": {"code": code, "info": words}, "servedby": "sandbox"})


def make(world: World, capability: str, country: str) -> Wikidata:
    """Set the dialect up."""
    return Wikidata(world)
