"""Whose profile a page is: many URLs asked by one call, and each target's own answer out of it."""

from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import quote

from spiders.base.errors import Misunderstood
from spiders.base.http import Answer
from spiders.base.pages import same_page, spellings
from spiders.base.reading import each, identifier, need
from spiders.base.walk import Walk
from spiders.musicbrainz.reading import Raw
from storage.observations import Absent, IdentitySeen, Observation, Page
from storage.targets import Target

URLS = 100  # further ones in the same call would be dropped without a word
QUERY_CHARS = 7_000  # many servers refuse a request line of 8 KiB


def runs(targets: list[Target]) -> Iterator[list[Target]]:
    """Split profile URLs into runs that fit into one call."""
    run: list[Target] = []
    urls = chars = 0
    for target in targets:
        more = spellings(target.subject)
        size = sum(len(quote(url, safe=":/@", errors="replace")) + len("&resource=") for url in more)
        if run and (urls + len(more) > URLS or chars + size > QUERY_CHARS):
            yield run
            run, urls, chars = [], 0, 0
        run.append(target)
        urls, chars = urls + len(more), chars + size
    if run:
        yield run


def asked(run: list[Target]) -> list[tuple[str, str]]:
    """Return what to ask for these profile URLs, each in every spelling under which it may be kept."""
    return [("resource", url) for target in run for url in spellings(target.subject)]


def told(run: list[Target], answer: Answer, walk: Walk) -> Iterator[Page]:
    """Give each target its own part of an answer; who is not in it is absent."""
    if answer.status == 400:
        raise Misunderstood(f"url: HTTP 400 for {len(asked(run))} URLs")
    raws = [answer.raw] * (answer.status == 200)
    if "urls" in answer.raw:
        raws, total = need(answer.raw, "urls", list), need(answer.raw, "url-count", int)
        if total > len(raws):
            walk.doubt(f"{len(raws)} of {total} URLs came")
    known: dict[str, list[IdentitySeen]] = {}
    read = walk.read_rows(raws, "url", read_identities)
    walk.must_show(raws, read)
    for page, found in read:
        known.setdefault(page, []).extend(found)
    odd = walk.noted.take()  # whose they are is not known: nobody of this call is absent
    for target in run:
        said = known.get(same_page(target.subject), [])
        walk.ids = {who.artist_id for who in said}
        observations: tuple[Observation, ...] = tuple(said)
        if said or odd or walk.doubts:
            coverage = walk.ended()
        else:
            coverage = walk.absent("MusicBrainz knows no artist by this URL")
            observations = (Absent(target.subject),)
        yield Page(target, (*observations, *odd), answer.payload, replace(coverage, pages=1))
        walk.cost = 0  # one call answered them all: the first target pays


def read_identities(raw: Raw) -> tuple[str, tuple[IdentitySeen, ...]]:
    """Read which page a URL is, and whose profile; relations that have ended are told as ended."""
    url = need(raw, "resource", str)
    found = each(need(raw, "relations", list), "relation", lambda relation: _identity(relation, url))
    return same_page(url), tuple(who for who in found if who is not None)


def _identity(relation: Raw, url: str) -> IdentitySeen | None:
    if need(relation, "target-type", str) != "artist":
        return None
    artist = need(relation, "artist", dict)
    return IdentitySeen(
        url=url,
        artist_id=identifier(artist),
        artist_name=need(artist, "name", str),
        type_id=identifier(relation, "type-id"),
        ended=need(relation, "ended", bool),
    )
