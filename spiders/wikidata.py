"""Wikidata: a reference source that keeps, for an artist, the ids that other catalogues know the artist by. No key.

https://www.wikidata.org/w/api.php?action=help&modules=wbgetentities
- A User-Agent with a contact is mandatory; questions come one after the other. `maxlag` asks to be refused while its
  servers lag: that error comes with HTTP 200, like every other error of the API.
- A statement is told only where its rank is not deprecated and neither an end nor a reason of deprecation stands with
  it; one item may have several ids of one platform (old pages, mixed-up ones): all of them are told.
- An item that was merged into another answers under the other's id.
- Which property holds which platform's ids is written down here: P4576 (TIDAL) is not verified.
"""

import re
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any, ClassVar

from spiders.base.client import Client, Observing
from spiders.base.errors import Misunderstood, Refused, Throttled, Trouble, legible
from spiders.base.gate import Gate
from spiders.base.http import Answer, Transport
from spiders.base.pages import profiles_of
from spiders.base.platform import Access
from spiders.base.reading import an_object, each, may, need
from spiders.base.trouble import error_of
from spiders.base.walk import Walk
from storage.limits import Limit
from storage.observations import Absent, IdentitySeen, LinkSeen, Observation, Page, ProfileSeen, Redirected
from storage.targets import Ask, Target

PAGES = {
    "P434": ("musicbrainz", "https://musicbrainz.org/artist/{id}"),
    "P1902": ("spotify", "https://open.spotify.com/artist/{id}"),
    "P2722": ("deezer", "https://www.deezer.com/artist/{id}"),
    "P2850": ("itunes", "https://music.apple.com/us/artist/{id}"),
    "P4576": ("tidal", "https://tidal.com/artist/{id}"),
    "P2397": ("youtube", "https://www.youtube.com/channel/{id}"),
    "P3040": ("soundcloud", "https://soundcloud.com/{id}"),
    "P3283": ("bandcamp", "https://{id}.bandcamp.com/"),
    "P1953": ("discogs", "https://www.discogs.com/artist/{id}"),
}
OVER = frozenset({"P582", "P2241"})  # qualifiers: an end, a reason for being deprecated
ITEMS = 50  # that one call answers for
HITS = 10
PLAIN = re.compile(r"[\w.:-]{1,100}", re.ASCII)  # an id that can stand in a search without meaning more

Raw = dict[str, Any]


class Wikidata(Client):
    """Wikidata's items about artists."""

    name = "wikidata"
    title = "Wikidata"
    api = "https://www.wikidata.org/w"
    page = "https://www.wikidata.org/wiki/{id}"
    page_forms = (r"(m\.)?wikidata\.org/(wiki|entity)/(?P<id>Q[1-9]\d{0,11})",)
    profile_id = r"Q[1-9]\d{0,11}"
    accepts = frozenset({Ask.PROFILE, Ask.IDENTITY})
    limits: ClassVar[Mapping[str, Limit]] = {"": Limit(calls=5, window_s=5.0)}
    batch: ClassVar[Mapping[Ask, int]] = {Ask.PROFILE: ITEMS}
    never_says = frozenset({"followers", "popularity", "markets", "copyrights"})
    terms = "CC0; one question at a time, with a contact in the User-Agent (https://www.wikidata.org/wiki/Wikidata:Data_access)."
    reference = True

    def __init__(self, access: Access, gate: Gate) -> None:
        """Open the transport."""
        super().__init__(access, gate)
        self._transport = Transport(self)

    def refusal(self, status: int, body: bytes) -> Trouble | None:
        """Read the error that an answer of any status may be."""
        error, _ = error_of(body)
        return read_error(error) if error is not None else None

    def observe(self, target: Target, walk: Walk) -> Observing:
        """Answer about an item, or say whose a page is."""
        if target.ask is Ask.IDENTITY:
            return (yield from self._identity(target, walk))
        [page] = self._profiles([target], walk)
        yield Page(target, page.observations, page.payload)
        return page.coverage or walk.ended()

    def observe_batch(self, targets: list[Target]) -> Iterator[Page]:
        """Answer about many items by one call, and whose pages are whose one by one."""
        yield from super().observe_batch([target for target in targets if target.ask is not Ask.PROFILE])
        items = [target for target in targets if target.ask is Ask.PROFILE]
        for first in range(0, len(items), ITEMS):
            run, walk = items[first : first + ITEMS], Walk(blind=self.blind_for(self.access))
            try:
                yield from self._profiles(run, walk)
            except Trouble as trouble:
                if isinstance(trouble, Misunderstood) and len(run) > 1:  # one odd id or item spoils it for all of them
                    yield from super().observe_batch(run)
                else:
                    yield from (Page(target, coverage=walk.failed(trouble)) for target in run)

    def close(self) -> None:
        """Close the connections."""
        self._transport.close()

    def _get(self, walk: Walk, **asked: str) -> Answer:
        if not self.access.contact.strip():
            raise Refused("Wikidata wants a contact in the User-Agent: set FALSETTO_CONTACT")
        params = [*asked.items(), ("format", "json"), ("maxlag", "5")]
        return self._transport.get("api.php", params, walk=walk)

    def _entities(self, ids: list[str], walk: Walk) -> Answer:
        return self._get(walk, action="wbgetentities", ids="|".join(ids), props="claims|labels|aliases|descriptions")

    def _profiles(self, run: list[Target], walk: Walk) -> list[Page]:
        """Give each target its own item out of one answer."""
        for target in run:
            if not re.fullmatch(self.profile_id, target.subject):
                raise Misunderstood("no id of an item")
        answer = self._entities([target.subject for target in run], walk)
        entities = need(answer.raw, "entities", dict)
        pages = []
        for target in run:
            found = entity_of(entities, target.subject, len(run))
            tally = Walk(blind=walk.blind, cost=walk.cost, pages=1)
            walk.cost = 0  # one call answered them all: the first target pays
            if found is None:
                told: tuple[Observation, ...] = (Absent(target.subject),)
                coverage = tally.absent("no such item")
            else:
                profile = tally.read(read_item, found)
                tally.ids.add(profile.id)
                moved = () if profile.id == target.subject else (Redirected(target.subject, profile.id),)
                told, coverage = (*moved, profile, *tally.noted.take()), tally.ended()
            pages.append(Page(target, told, answer.payload, coverage))
        return pages

    def _identity(self, target: Target, walk: Walk) -> Observing:
        """Search for the items that have a page's id, and read which of their statements still hold."""
        asked = {
            prop: id_
            for prop, (name, _) in PAGES.items()
            for known, id_ in profiles_of(target.subject)
            if known == name
        }
        asked = {prop: id_ for prop, id_ in asked.items() if PLAIN.fullmatch(id_)}
        if not asked:
            raise Refused("no property of Wikidata keeps such pages", about_target=True)
        query = "haswbstatement:" + "|".join(f"{prop}={id_}" for prop, id_ in asked.items())
        answer = self._get(walk, action="query", list="search", srsearch=query, srlimit=str(HITS), srprop="")
        hits = need(need(answer.raw, "query", dict), "search", list)
        ids = walk.read_rows(hits, "hit", lambda hit: need(hit, "title", str))
        walk.page(ids)
        yield Page(target, (), answer.payload)
        walk.must_show(hits, ids)
        if len(hits) == HITS:
            walk.doubt(f"the first {HITS} items")
        if not ids:
            return (yield from self.absent(target, walk, "no item has this page"))
        answer = self._entities(list(ids), walk)
        found = [raw for raw in need(answer.raw, "entities", dict).values() if "missing" not in an_object(raw)]
        items = walk.read_rows(found, "item", read_item)
        wanted = {PAGES[prop][1].replace("{id}", id_): prop for prop, id_ in asked.items()}
        said = tuple(
            IdentitySeen(target.subject, item.id, item.name, wanted[link.url])
            for item in items
            for link in item.links or ()
            if link.url in wanted
        )
        yield Page(target, (*items, *said), answer.payload)
        return walk.ended()


def entity_of(entities: Mapping[str, Any], asked: str, of: int) -> Raw | None:
    """Find the item that was asked for, under its own id or that of the item it was merged into; None: no such item."""
    found = entities.get(asked)
    if found is None:
        came = [an_object(entity) for entity in entities.values()]
        moved = [entity for entity in came if (may(entity, "redirects", dict) or {}).get("from") == asked]
        moved = moved or (came if of == len(came) == 1 else [])
        if not moved:
            raise Misunderstood("an item that was asked for did not come")
        found = moved[0]
    return None if "missing" in an_object(found) else found


def read_item(raw: Raw) -> ProfileSeen:
    """Read an item: its names, and the pages whose ids it keeps by statements that hold."""
    id_, claims = need(raw, "id", str), need(raw, "claims", dict)
    labels = read_texts(may(raw, "labels", dict))
    links = [
        link
        for prop in PAGES
        for link in each(may(claims, prop, list) or (), f"statement of {prop}", partial(read_statement, prop))
    ]
    aliases = may(raw, "aliases", dict) or {}
    others = [need(one, "value", str) for language in aliases for one in need(aliases, language, list)]
    name = labels.get("en") or labels.get("mul") or next(iter(labels.values()), id_)
    descriptions = read_texts(may(raw, "descriptions", dict))
    return ProfileSeen(
        id=id_,
        name=name,
        url=Wikidata.profile_url(id_),
        disambiguation=descriptions.get("en"),
        aliases=tuple(dict.fromkeys(text for text in (*labels.values(), *others) if text != name)),
        links=tuple(link for link in links if link is not None),
    )


def read_texts(raw: Raw | None) -> dict[str, str]:
    """Read texts by language."""
    return {language: need(text, "value", str) for language, text in (raw or {}).items()}


def read_statement(prop: str, raw: Raw) -> LinkSeen | None:
    """Read which page a statement names; None where it no longer holds, or says that there is none."""
    snak, rank = need(raw, "mainsnak", dict), need(raw, "rank", str)
    if rank == "deprecated" or OVER & (may(raw, "qualifiers", dict) or {}).keys():
        return None
    if need(snak, "snaktype", str) != "value":
        return None
    value = need(need(snak, "datavalue", dict), "value", str)
    return LinkSeen(PAGES[prop][1].replace("{id}", value), prop)


def read_error(error: object) -> Trouble:
    """Say what an error means."""
    code = error.get("code") if isinstance(error, dict) else None
    words = f"error {legible(str(code or error))}"
    match code:
        case "maxlag" | "ratelimited" | "readonly" | "internal_api_error":
            return Throttled(words)
        case "blocked" | "permissiondenied" | "mwoauth-invalid-authorization":
            return Refused(words)
    return Misunderstood(words)
