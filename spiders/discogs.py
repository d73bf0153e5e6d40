"""Discogs: a reference source that numbers the artists who share a name. No key, or a token for more calls.

https://www.discogs.com/developers
- 25 calls in a moving minute and address without a token, 60 with one; `X-Discogs-Ratelimit-Remaining` tells what is
  left. The User-Agent must be a name of its own.
- "Nova Quill (2)" is the second artist of that name: the number is no part of the name, and tells namesakes apart.
- A search finds by words and not by names alone; it may be refused without a token (not verified).
- Pictures are not told: who has none is given one that all share, and without a token a look-up names none.
- An artist's pages elsewhere are typed in by its readers: evidence, and often old.
"""

import re
from collections.abc import Mapping
from itertools import count
from typing import Any, ClassVar

from spiders.base.client import Client, Observing, instead
from spiders.base.errors import Misunderstood
from spiders.base.gate import Gate
from spiders.base.http import Answer, Transport
from spiders.base.platform import Access, segment
from spiders.base.reading import identifier, may, need, words
from spiders.base.walk import Walk
from storage.limits import Limit
from storage.observations import LinkSeen, Page, ProfileSeen
from storage.targets import Ask, Target

PAGE = 100
NUMBERED = re.compile(r"(?P<name>.*\S)\s+\((?P<number>[1-9]\d{0,4})\)", re.S)
LATER = re.compile(r"(?P<name>.*\S), (?P<article>The|A|An|Los|Las|Die|Der|Das|Les|La|Le)", re.S)

Raw = dict[str, Any]


class Discogs(Client):
    """Discogs' artists."""

    name = "discogs"
    title = "Discogs"
    api = "https://api.discogs.com"
    page = "https://www.discogs.com/artist/{id}"
    page_forms = (r"discogs\.com(/[a-z]{2}(_[A-Z]{2})?)?/artist/(?P<id>[1-9]\d*)(-[^/]*)?",)
    other_pages: ClassVar[Mapping[str, tuple[str, ...]]] = {
        kind: (rf"discogs\.com/(.+/)?{kind}/.+",) for kind in ("release", "master", "label")
    }
    profile_id = r"[1-9]\d{0,11}"
    accepts = frozenset({Ask.SEARCH, Ask.PROFILE})
    limits: ClassVar[Mapping[str, Limit]] = {"": Limit(calls=25, window_s=60.0)}
    parks = (60.0, 120.0, 300.0)
    may_use = ("token",)
    never_says = frozenset({"followers", "popularity", "markets", "copyrights"})
    # What is restricted may be shown for six hours at most; only what is free (CC0) is read.
    terms = (
        "Artists' names, numbers and links are CC0; pictures and offers are restricted and not read (with a token, raw "
        "answers name pictures: keep them shortly); name Discogs (https://support.discogs.com/hc/articles/360009334593)."
    )
    reference = True

    def __init__(self, access: Access, gate: Gate) -> None:
        """Open the transport, with a token where there is one."""
        super().__init__(access, gate)
        token = access.credentials.get("token", "")
        self._transport = Transport(self, headers={"Authorization": f"Discogs token={token}"} if token else {})

    @classmethod
    def limits_for(cls, access: Access) -> Mapping[str, Limit]:
        """Return more calls for who has a token."""
        return {"": Limit(calls=60, window_s=60.0)} if access.credentials.get("token") else cls.limits

    def observe(self, target: Target, walk: Walk) -> Observing:
        """Answer a name with those who bear it, or an artist."""
        match target.ask:
            case Ask.SEARCH:
                return (yield from self._search(target, walk))
            case Ask.PROFILE:
                return (yield from self._profile(target, walk))
        raise Misunderstood(f"{self.name} can't be asked by {target.ask}")

    def close(self) -> None:
        """Close the connections."""
        self._transport.close()

    def _get(self, path: str, walk: Walk, *params: tuple[str, str]) -> Answer:
        answer = self._transport.get(path, [*params], walk=walk, readable=(404,))
        if answer.status == 404 and not isinstance(answer.raw.get("message"), str):
            raise Misunderstood(f"{path}: HTTP 404 without a word of Discogs: is the base URL right?")
        return answer

    def _search(self, target: Target, walk: Walk) -> Observing:
        asked = ("type", "artist"), ("q", target.subject), ("per_page", str(PAGE))
        answer = self._get("database/search", walk, *asked)
        if answer.status == 404:
            raise Misunderstood("a search was expected, got no such thing")
        rows, total = need(answer.raw, "results", list), need(need(answer.raw, "pagination", dict), "items", int)
        ranks = count(1)
        found = walk.read_rows(rows, "artist", lambda raw: read_hit(raw, next(ranks)))
        walk.page([artist.id for artist in found], total=total)
        yield Page(target, found, answer.payload)
        walk.must_show(rows, found)
        return walk.stopped(f"the first {len(rows)} of {total}") if total > PAGE else walk.ended()

    def _profile(self, target: Target, walk: Walk) -> Observing:
        answer = self._get(f"artists/{segment(target.subject)}", walk)
        if answer.status == 404:
            walk.page(())
            return (yield from self.absent(target, walk, "no such artist", answer.payload))
        artist = walk.read(read_artist, answer.raw)
        walk.page([artist.id])
        yield Page(target, (*instead(target, artist.id), artist), answer.payload)
        return walk.ended()


def read_hit(raw: Raw, position: int | None = None) -> ProfileSeen:
    """Read an artist as a search hit."""
    if need(raw, "type", str) != "artist":
        raise Misunderstood(f"an artist was asked for, a {raw['type'][:40]} came")
    name, number = read_name(need(raw, "title", str))
    id_ = identifier(raw)
    return ProfileSeen(id=id_, name=name, url=Discogs.profile_url(id_), disambiguation=number, position=position)


def read_artist(raw: Raw) -> ProfileSeen:
    """Read an artist in full."""
    name, number = read_name(need(raw, "name", str))
    id_, real, urls = identifier(raw), may(raw, "realname", str), words(raw, "urls") or ()
    others = [read_name(text)[0] for text in (*(words(raw, "namevariations") or ()), *([real] if real else ()))]
    return ProfileSeen(
        id=id_,
        name=name,
        url=Discogs.profile_url(id_),
        disambiguation=number,
        aliases=tuple(dict.fromkeys(other for other in others if other != name)),
        links=tuple(LinkSeen(url.strip(), "url") for url in urls if url.strip()),
    )


def read_name(printed: str) -> tuple[str, str | None]:
    """Take a name apart: the name as people write it, and the number that tells it from its namesakes."""
    found = NUMBERED.fullmatch(printed)
    name, number = (found["name"], f"({found['number']})") if found else (printed, None)
    later = LATER.fullmatch(name)
    return (f"{later['article']} {later['name']}" if later else name), number
