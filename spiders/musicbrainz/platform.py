"""MusicBrainz: the reference source that says whose profile is whose. No key, 1 request per second.

https://musicbrainz.org/doc/MusicBrainz_API
- A User-Agent with a contact is mandatory. Over the limit every request is a 503 until the rate falls: one 503 pauses
  everything.
- Lists come oldest first and advance by what came, not by what was asked: between two whole walks only their tail is
  read, while the total is what is known. Searches omit absent keys where look-ups say null. A look-up cuts the entities
  linked to it at 25.
- One URL asked alone is a single object or a 404; of many only the known ones come back, and those beyond 100 are
  silently dropped.
- A merged id is redirected to the artist it became, or answers with it.
- A medium's tracks stand in three places: the hidden one before the first, the list, and data tracks; its count counts
  the list only.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import count
from typing import ClassVar
from urllib.parse import parse_qsl, urlsplit

from spiders.base.client import Client, Observing, instead
from spiders.base.errors import Misunderstood, Refused, Trouble, Unavailable, legible
from spiders.base.gate import Gate
from spiders.base.http import Answer, Transport
from spiders.base.platform import Access, segment
from spiders.base.reading import Noted, barcode_forms, need, same_barcode
from spiders.base.walk import Walk
from spiders.musicbrainz import identity
from spiders.musicbrainz.reading import read_artist, read_linked, read_release, read_total, read_tracks
from storage.limits import Limit
from storage.observations import Page
from storage.targets import Ask, Target

PAGE = 100
MBID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
LISTED = "labels artist-credits release-groups media"
OVERLAP = 30  # releases known before the tail of a list: dates are mended, and lists move
LINKED = 25  # a look-up cuts the entities linked to it here


class Musicbrainz(Client):
    """MusicBrainz' public web service."""

    name = "musicbrainz"
    title = "MusicBrainz"
    api = "https://musicbrainz.org/ws/2"
    page = "https://musicbrainz.org/artist/{id}"
    page_forms = (rf"(beta\.)?musicbrainz\.org/artist/(?P<id>(?i:{MBID}))(/[\w-]+)*",)
    release_forms = (rf"(beta\.)?musicbrainz\.org/release/(?P<id>(?i:{MBID}))(/[\w-]+)*",)
    other_pages: ClassVar[Mapping[str, tuple[str, ...]]] = {
        kind: (rf"(beta\.)?musicbrainz\.org/{kind}/.+",)
        for kind in ("release", "release-group", "recording", "label", "work")
    }
    profile_id = MBID
    accepts = frozenset(Ask)
    limits: ClassVar[Mapping[str, Limit]] = {"": Limit(calls=5, window_s=5.0)}
    throttles = frozenset({429, 503})  # 503 is its way to say that we are too fast
    search_folds = ("case", "marks", "punctuation")
    batch: ClassVar[Mapping[Ask, int]] = {Ask.IDENTITY: identity.URLS}
    early_stop = frozenset({""})  # at the other end: see `_tail`
    never_says = frozenset({"followers", "popularity", "markets", "copyrights"})
    terms = "Core data is CC0; ask at most once per second and name a contact in the User-Agent."
    reference = True

    def __init__(self, access: Access, gate: Gate) -> None:
        """Open the transport."""
        super().__init__(access, gate)
        self._transport = Transport(self)

    def observe(self, target: Target, walk: Walk) -> Observing:
        """Answer a name, an artist, its releases, a release, a barcode, an ISRC or a profile's URL."""
        match target.ask:
            case Ask.SEARCH:
                return (yield from self._search(target, walk))
            case Ask.PROFILE:
                return (yield from self._profile(target, walk))
            case Ask.RELEASES:
                return (yield from self._releases(target, walk))
            case Ask.RELEASE:
                return (yield from self._release(target, walk))
            case Ask.UPC:
                return (yield from self._barcode(target, walk))
            case Ask.ISRC:
                return (yield from self._isrc(target, walk))
            case Ask.IDENTITY:
                [page] = self._identities([target], walk)
                yield replace(page, coverage=None)
                return page.coverage or walk.ended()

    def observe_batch(self, targets: list[Target]) -> Iterator[Page]:
        """Answer up to 100 URLs by one call, and everything else one by one."""
        yield from super().observe_batch([target for target in targets if target.ask is not Ask.IDENTITY])
        for run in identity.runs([target for target in targets if target.ask is Ask.IDENTITY]):
            walk = Walk(blind=self.blind_for(self.access))
            try:
                yield from self._identities(run, walk)
            except Trouble as trouble:
                yield from (Page(target, coverage=walk.failed(trouble)) for target in run)

    def close(self) -> None:
        """Close the connections."""
        self._transport.close()

    def _get(self, path: str, walk: Walk, *params: tuple[str, str]) -> Answer:
        if not self.access.contact.strip():
            raise Refused("MusicBrainz wants a contact in the User-Agent: set FALSETTO_CONTACT")
        answer = self._transport.get(path, [*params, ("fmt", "json")], walk=walk, readable=(400, 404))
        said = legible(str(answer.raw.get("error", "")))
        if answer.status != 200 and not isinstance(answer.raw.get("error"), str):
            raise Misunderstood(f"{path}: HTTP {answer.status} without a word of MusicBrainz: is the base URL right?")
        if answer.status == 400 and not re.search(r"(?i)\b(invalid|a valid) (mbid|isrc)", said):
            raise Misunderstood(f"{path}: HTTP 400, {said}")
        return answer

    def _search(self, target: Target, walk: Walk) -> Observing:
        name = escaped(target.subject)
        query = ("query", f'artist:"{name}" OR alias:"{name}"'), ("limit", str(PAGE))
        answer = self._get("artist", walk, *query)
        rows, total = need(answer.raw, "artists", list), need(answer.raw, "count", int)
        ranks = count(1)
        found = walk.read_rows(rows, "artist", lambda raw: read_artist(raw, position=next(ranks)))
        walk.page([artist.id for artist in found], total=total)
        yield Page(target, found, answer.payload)
        walk.must_show(rows, found)
        return walk.stopped(f"the first {len(rows)} of {total}") if total > PAGE else walk.ended()

    def _profile(self, target: Target, walk: Walk) -> Observing:
        answer = self._get(f"artist/{segment(target.subject)}", walk, ("inc", "aliases url-rels"))
        if answer.status != 200:
            return (yield from self._gone(target, walk, answer))
        need(answer.raw, "relations", list)  # asked for, so that a look-up has it, and be it empty
        artist = walk.read(read_artist, answer.raw)
        walk.page([artist.id])
        yield Page(target, (*instead(target, artist.id, folds_case=True), artist), answer.payload)
        return walk.ended()

    def _releases(self, target: Target, walk: Walk) -> Observing:
        """Walk the list, or its tail; a resumed walk goes one page back, because lists move while nobody looks."""
        tail = len(target.known) - OVERLAP
        if not target.whole and target.resume is None and tail >= PAGE:
            return (yield from self._tail(target, walk, tail))
        resume = int(target.resume) if target.resume and target.resume.isdecimal() else 0
        start = max(0, resume - PAGE)
        walk.resumed, walk.resume = start > 0, target.resume if start else None
        try:
            return (yield from self._list(target, walk, start))
        except (Misunderstood, Refused, Unavailable) as trouble:
            # A page that fails again and again must not keep the walk from its beginning.
            if not isinstance(trouble, Unavailable) or (walk.resumed and walk.pages <= 1):
                walk.resume = None
            raise

    def _tail(self, target: Target, walk: Walk, offset: int) -> Observing:
        """Read the end of a long list; where it and what is known are not all that there is, walk the whole."""
        answer = self._page(target, walk, offset)
        rows = need(answer.raw, "releases", list) if answer.status == 200 else []
        releases = walk.read_rows(rows, "release", lambda raw: read_release(raw, target.subject))
        total = need(answer.raw, "release-count", int) if rows else 0
        # Something new with an old date stands further up, where only the total tells of it.
        if not total == offset + len(rows) == len(target.known.union(release.id for release in releases)):
            walk.noted, walk.entries = Noted(), 0  # the whole walk meets these rows again
            return (yield from self._list(target, walk, 0))
        walk.at(need(answer.raw, "release-offset", int), offset)
        walk.page([release.id for release in releases])
        yield Page(target, releases, answer.payload)
        return walk.stopped("the tail of the list: what stands before it is known")

    def _page(self, target: Target, walk: Walk, offset: int) -> Answer:
        asked = ("artist", target.subject), ("inc", LISTED), ("limit", str(PAGE)), ("offset", str(offset))
        return self._get("release", walk, *asked)

    def _list(self, target: Target, walk: Walk, offset: int) -> Observing:
        while True:
            answer = self._page(target, walk, offset)
            if answer.status != 200:
                return (yield from self._gone(target, walk, answer))
            rows, total = need(answer.raw, "releases", list), need(answer.raw, "release-count", int)
            releases = walk.read_rows(rows, "release", lambda raw: read_release(raw, target.subject))
            moved = instead(target, _listed(target, answer), folds_case=True)
            walk.at(need(answer.raw, "release-offset", int), offset)
            offset += len(rows)
            more = offset < total
            walk.page([release.id for release in releases], total=total, more=more)
            yield Page(target, (*moved, *releases), answer.payload)
            walk.must_show(rows, releases)
            if reason := walk.stuck(rows, more=more):
                return walk.stopped(reason)
            if walk.resumed and not walk.ids:
                return walk.stopped("the list is shorter than where we went on")
            if offset > total:
                walk.doubt(f"{offset} came of {total}")
            if not more:
                return walk.ended()
            walk.resume = str(offset)

    def _release(self, target: Target, walk: Walk) -> Observing:
        inc = "recordings isrcs labels artist-credits release-groups"
        answer = self._get(f"release/{segment(target.subject)}", walk, ("inc", inc))
        if answer.status != 200:
            return (yield from self._gone(target, walk, answer))
        release, tracks = walk.read(read_release, answer.raw), walk.read(read_tracks, answer.raw)
        walk.page([f"{track.disc}/{track.position}/{track.id}" for track in tracks], total=read_total(answer.raw))
        yield Page(target, (*instead(target, release.id, folds_case=True), release, *tracks), answer.payload)
        return walk.ended()

    def _barcode(self, target: Target, walk: Walk) -> Observing:
        query = " OR ".join(f'barcode:"{escaped(code)}"' for code in barcode_forms(target.subject))
        answer = self._get("release", walk, ("query", query), ("limit", str(PAGE)))
        rows, total = need(answer.raw, "releases", list), need(answer.raw, "count", int)
        releases = walk.read_rows(rows, "release", read_release)
        found = tuple(release for release in releases if same_barcode(release.upc, target.subject))
        walk.page([release.id for release in found])
        if total > len(rows):
            walk.doubt(f"the first {len(rows)} of {total}")
        if not found and not walk.noted and not walk.doubts:
            return (yield from self.absent(target, walk, "no release bears this barcode", answer.payload))
        yield Page(target, found, answer.payload)
        return walk.ended() if found else walk.stopped("none of the releases that came bears this barcode")

    def _isrc(self, target: Target, walk: Walk) -> Observing:
        answer = self._get(f"isrc/{segment(target.subject)}", walk, ("inc", "artist-credits releases"))
        if answer.status != 200:
            return (yield from self._gone(target, walk, answer))
        rows, isrc = need(answer.raw, "recordings", list), need(answer.raw, "isrc", str)
        found = walk.read_rows(rows, "recording", lambda raw: read_linked(raw, isrc))
        if any(linked >= LINKED for _, linked, _ in found):
            walk.doubt(f"a recording's releases may be cut at {LINKED}")
        walk.page([recording_id for recording_id, _, _ in found])
        yield Page(target, tuple(seen for _, _, told in found for seen in told), answer.payload)
        walk.must_show(rows, found)
        return walk.ended()

    def _gone(self, target: Target, walk: Walk, answer: Answer) -> Observing:
        said = legible(str(answer.raw["error"]))
        if walk.pages:
            return walk.stopped(f"a page of the list is not there: {said}")
        walk.page(())
        return (yield from self.absent(target, walk, said, answer.payload))

    def _identities(self, run: list[Target], walk: Walk) -> Iterator[Page]:
        answer = self._get("url", walk, *identity.asked(run), ("inc", "artist-rels"))
        yield from identity.told(run, answer, walk)


def escaped(text: str) -> str:
    """Escape a text for a quoted Lucene term."""
    return text.replace("\\", "\\\\").replace('"', '\\"')


def _listed(target: Target, answer: Answer) -> str:
    """Return whose list a redirect led to: the answer itself does not say it."""
    return dict(parse_qsl(urlsplit(answer.payload.url).query)).get("artist", target.subject)
