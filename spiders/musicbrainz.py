"""MusicBrainz: the reference source that says whose profile is whose. No key, 1 request per second.

https://musicbrainz.org/doc/MusicBrainz_API
- A User-Agent with a contact is mandatory. Over the limit every request is a 503 until the rate falls: one 503 pauses
  everything.
- Lists come oldest first and advance by what came, not by what was asked. Searches omit absent keys where look-ups say
  null. A look-up cuts the entities linked to it at 25.
- One URL asked alone is a single object or a 404; of many only the known ones come back, and those beyond 100 are
  silently dropped.
- A merged id is redirected to the artist it became, or answers with it.
- A medium's tracks stand in three places: the hidden one before the first, the list, and data tracks; its count counts
  the list only.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from itertools import count
from typing import Any, ClassVar
from urllib.parse import parse_qsl, quote, urlsplit

from spiders.base.client import Client, Observing
from spiders.base.errors import Misunderstood, Refused, Trouble
from spiders.base.gate import Gate
from spiders.base.http import Answer, Transport
from spiders.base.pages import same_page, spellings
from spiders.base.platform import Access, segment
from spiders.base.reading import an_object, each, identifier, may, need, words
from spiders.base.trouble import legible
from spiders.base.walk import Walk
from storage.limits import Limit
from storage.observations import (
    Absent,
    CreditSeen,
    IdentitySeen,
    LineSeen,
    LinkSeen,
    Observation,
    Page,
    ProfileSeen,
    Redirected,
    ReleaseSeen,
    TrackSeen,
)
from storage.targets import Ask, Target

PAGE = 100
MBID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
URLS = 100  # further ones in the same call would be dropped without a word
QUERY_CHARS = 7_000  # many servers refuse a request line of 8 KiB
LISTED = "labels artist-credits release-groups media"
FEATURED = re.compile(r"(?i)\b(feat|ft|featuring)\b")
LINKED = 25  # a look-up cuts the entities linked to it here


class Musicbrainz(Client):
    """MusicBrainz' public web service."""

    name = "musicbrainz"
    title = "MusicBrainz"
    api = "https://musicbrainz.org/ws/2"
    page = "https://musicbrainz.org/artist/{id}"
    page_forms = (rf"(beta\.)?musicbrainz\.org/artist/(?P<id>(?i:{MBID}))(/[\w-]+)*",)
    other_pages: ClassVar[Mapping[str, tuple[str, ...]]] = {
        kind: (rf"(beta\.)?musicbrainz\.org/{kind}/.+",)
        for kind in ("release", "release-group", "recording", "label", "work")
    }
    profile_id = MBID
    accepts = frozenset(Ask)
    limits: ClassVar[Mapping[str, Limit]] = {"": Limit(calls=5, window_s=5.0)}
    throttles = frozenset({429, 503})  # 503 is its way to say that we are too fast
    search_folds = ("case", "marks", "punctuation")
    batch: ClassVar[Mapping[Ask, int]] = {Ask.IDENTITY: URLS}
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
        for run in _runs([target for target in targets if target.ask is Ask.IDENTITY]):
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
            return (yield from _gone(target, walk, answer))
        artist = walk.read(read_artist, answer.raw)
        walk.page([artist.id])
        yield Page(target, (*_moved(target, artist.id), artist), answer.payload)
        return walk.ended()

    def _releases(self, target: Target, walk: Walk) -> Observing:
        offset = 0
        while True:
            asked = ("artist", target.subject), ("inc", LISTED), ("limit", str(PAGE)), ("offset", str(offset))
            answer = self._get("release", walk, *asked)
            if answer.status != 200:
                return (yield from _gone(target, walk, answer))
            rows, total = need(answer.raw, "releases", list), need(answer.raw, "release-count", int)
            releases = walk.read_rows(rows, "release", lambda raw: read_release(raw, target.subject))
            moved = _instead(target, answer)
            if need(answer.raw, "release-offset", int) != offset:
                walk.doubt("the answer is for another offset than asked")
            offset += len(rows)
            onward = walk.page([release.id for release in releases], total=total, more=offset < total)
            yield Page(target, (*moved, *releases), answer.payload)
            walk.must_show(rows, releases)
            if not onward or (offset < total and not rows):
                return walk.stopped("an empty page before the end" if onward else "the list goes in circles")
            if offset >= total:
                return walk.ended()

    def _release(self, target: Target, walk: Walk) -> Observing:
        inc = "recordings isrcs labels artist-credits release-groups"
        answer = self._get(f"release/{segment(target.subject)}", walk, ("inc", inc))
        if answer.status != 200:
            return (yield from _gone(target, walk, answer))
        release, tracks = walk.read(read_release, answer.raw), walk.read(read_tracks, answer.raw)
        walk.page([f"{track.disc}/{track.position}/{track.id}" for track in tracks], total=read_total(answer.raw))
        yield Page(target, (*_moved(target, release.id), release, *tracks), answer.payload)
        return walk.ended()

    def _barcode(self, target: Target, walk: Walk) -> Observing:
        bare = target.subject.strip().lstrip("0")
        codes = dict.fromkeys((target.subject.strip(), *(bare.zfill(digits) for digits in (12, 13, 14))))
        query = " OR ".join(f'barcode:"{escaped(code)}"' for code in codes)
        answer = self._get("release", walk, ("query", query), ("limit", str(PAGE)))
        releases = walk.read_rows(need(answer.raw, "releases", list), "release", read_release)
        found = tuple(release for release in releases if release.upc and release.upc.lstrip("0") == bare)
        walk.page([release.id for release in found])
        if not found and walk.noted:
            yield Page(target, (), answer.payload)
            return walk.stopped("no release of this barcode could be read")
        yield Page(target, found or (Absent(target.subject),), answer.payload)
        return walk.ended() if found else walk.absent("no release bears this barcode")

    def _isrc(self, target: Target, walk: Walk) -> Observing:
        answer = self._get(f"isrc/{segment(target.subject)}", walk, ("inc", "artist-credits releases"))
        if answer.status != 200:
            return (yield from _gone(target, walk, answer))
        rows, isrc = need(answer.raw, "recordings", list), need(answer.raw, "isrc", str)
        found = walk.read_rows(rows, "recording", lambda raw: read_linked(raw, isrc))
        if any(linked >= LINKED for _, linked, _ in found):
            walk.doubt(f"a recording's releases may be cut at {LINKED}")
        walk.page([recording_id for recording_id, _, _ in found])
        yield Page(target, tuple(seen for _, _, told in found for seen in told), answer.payload)
        walk.must_show(rows, found)
        return walk.ended()

    def _identities(self, run: list[Target], walk: Walk) -> Iterator[Page]:
        asked = [("resource", url) for target in run for url in spellings(target.subject)]
        answer = self._get("url", walk, *asked, ("inc", "artist-rels"))
        if answer.status == 400:
            raise Misunderstood(f"url: HTTP 400 for {len(asked)} URLs")
        raws = need(answer.raw, "urls", list) if "urls" in answer.raw else [answer.raw] * (answer.status == 200)
        known: dict[str, list[IdentitySeen]] = {}
        read = walk.read_rows(raws, "url", read_identities)
        walk.must_show(raws, read)
        for page, found in read:
            known.setdefault(page, []).extend(found)
        odd = walk.noted.take()  # whose they are is not known: nobody of this call is absent
        for target in run:
            told = known.get(same_page(target.subject), [])
            walk.ids = {who.artist_id for who in told}
            observations: tuple[Observation, ...] = tuple(told)
            if told or odd:
                coverage = walk.ended()
            else:
                coverage = walk.absent("MusicBrainz knows no artist by this URL")
                observations = (Absent(target.subject),)
            yield Page(target, (*observations, *odd), answer.payload, replace(coverage, pages=1))
            walk.cost = 0  # one call answered them all: the first target pays


def escaped(text: str) -> str:
    """Escape a text for a quoted Lucene term."""
    return text.replace("\\", "\\\\").replace('"', '\\"')


def _instead(target: Target, answer: Answer) -> tuple[Redirected, ...]:
    """Say which artist a redirect led to, where the answer itself does not."""
    said = dict(parse_qsl(urlsplit(answer.payload.url).query)).get("artist", target.subject)
    return () if said.lower() == target.subject.lower() else (Redirected(target.subject, said),)


def _moved(target: Target, got: str) -> tuple[Redirected, ...]:
    return () if got == target.subject.lower() else (Redirected(target.subject, got),)


def _gone(target: Target, walk: Walk, answer: Answer) -> Observing:
    said = legible(str(answer.raw.get("error", "no such thing")))
    if walk.pages:
        return walk.stopped(f"a page of the list is not there: {said}")
    walk.page(())
    yield Page(target, (Absent(target.subject, said),), answer.payload)
    return walk.absent(said)


def _runs(targets: list[Target]) -> Iterator[list[Target]]:
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


SITE = "https://musicbrainz.org"
Raw = dict[str, Any]


def read_artist(raw: Raw, position: int | None = None) -> ProfileSeen:
    """Read an artist, from a search or a look-up; links are told only where they were asked for."""
    life, artist_id = may(raw, "life-span", dict) or {}, identifier(raw)
    aliases = may(raw, "aliases", list)
    return ProfileSeen(
        id=artist_id,
        name=need(raw, "name", str),
        url=f"{SITE}/artist/{artist_id}",
        country=may(raw, "country", str),
        disambiguation=may(raw, "disambiguation", str) or None,
        aliases=None if aliases is None else each(aliases, "alias", lambda alias: need(alias, "name", str)),
        began=may(life, "begin", str),
        ended=may(life, "end", str),
        links=_links(raw) if "relations" in raw else None,
        position=position,
    )


def read_release(raw: Raw, listed_on: str | None = None) -> ReleaseSeen:
    """Read a release, from a list, a search or a look-up."""
    release_id, group = identifier(raw), may(raw, "release-group", dict) or {}
    return ReleaseSeen(
        id=release_id,
        title=need(raw, "title", str),
        url=f"{SITE}/release/{release_id}",
        kind=may(group, "primary-type", str),
        date=may(raw, "date", str),
        upc=may(raw, "barcode", str) or None,  # "" means: known to have none
        track_count=_track_count(raw),
        lines=_labels(raw),
        credits=_credits(raw),
        listed_on=listed_on,
        status=may(raw, "status", str),
    )


def read_tracks(raw: Raw) -> tuple[TrackSeen, ...]:
    """Read a release's tracks, the hidden one and data tracks too."""
    release_id, media = identifier(raw), need(raw, "media", list)
    read = [each(track_rows(medium), "track", partial(read_track, release_id, medium)) for medium in _objects(media)]
    return tuple(track for tracks in read for track in tracks)


def track_rows(medium: Raw) -> list[Any]:
    """Return what stands on a medium: the track before the first, the list, and tracks that are no audio."""
    hidden = may(medium, "pregap", dict)
    return [*([hidden] if hidden else []), *(may(medium, "tracks", list) or []), *_more(medium)]


def read_total(raw: Raw) -> int | None:
    """Count the tracks that a release must have: its media's counts leave out the hidden one and data tracks."""
    counted, media = _track_count(raw), _objects(may(raw, "media", list) or [])
    more = sum(len(_more(medium)) + (may(medium, "pregap", dict) is not None) for medium in media)
    return None if counted is None else counted + more


def read_track(release_id: str, medium: Raw, track: Raw) -> TrackSeen:
    """Read a track; it is told under its recording's id, which look-ups by ISRC share."""
    recording = need(track, "recording", dict)
    identifier(track)
    return read_recording(
        recording,
        release_id,
        title=need(track, "title", str),
        disc=may(medium, "position", int),
        position=may(track, "position", int),
        duration_ms=may(track, "length", int) or may(recording, "length", int),
        credits=_credits(track),
    )


def read_recording(raw: Raw, release_id: str, **more: Any) -> TrackSeen:
    """Read a recording as a track of a release; of several ISRCs the first is told."""
    isrcs = words(raw, "isrcs") or (None,)
    said: Raw = {
        "title": need(raw, "title", str),
        "duration_ms": may(raw, "length", int),
        "isrc": isrcs[0],
        "credits": _credits(raw),
    }
    recording_id = identifier(raw)
    said |= {key: value for key, value in more.items() if value is not None}
    return TrackSeen(id=recording_id, release_id=release_id, url=f"{SITE}/recording/{recording_id}", **said)


def read_linked(raw: Raw, isrc: str) -> tuple[str, int, tuple[Observation, ...]]:
    """Read a recording with the releases linked to it: its id, how many those are, and each with its track."""
    linked = may(raw, "releases", list) or []

    def read(entry: Raw) -> tuple[Observation, ...]:
        release = read_release(entry)
        return release, read_recording(raw, release.id, isrc=isrc)

    told = each(linked, "release", read)
    return identifier(raw), len(linked), tuple(seen for pair in told for seen in pair)


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


def _links(raw: Raw) -> tuple[LinkSeen, ...]:
    links = each(need(raw, "relations", list), "relation", _link)
    return tuple(link for link in links if link is not None)


def _link(relation: Raw) -> LinkSeen | None:
    if need(relation, "target-type", str) != "url":
        return None
    return LinkSeen(
        url=need(need(relation, "url", dict), "resource", str),
        type_id=identifier(relation, "type-id"),
        ended=need(relation, "ended", bool),
    )


def _credits(raw: Raw) -> tuple[CreditSeen, ...] | None:
    """Read who is credited; who stands behind a "feat." is featured."""
    names = may(raw, "artist-credit", list)
    if names is None:
        return None
    told, role = [], "main"
    for credit in each(names, "credit", _credit):
        told.append(replace(credit, role=role))
        if credit.join is not None and FEATURED.search(credit.join):
            role = "featured"
    return tuple(told)


def _credit(raw: Raw) -> CreditSeen:
    name = need(raw, "name", str)
    return CreditSeen(name, identifier(need(raw, "artist", dict)), join=may(raw, "joinphrase", str) or None)


def _labels(raw: Raw) -> tuple[LineSeen, ...] | None:
    """Read labels and their catalogue numbers; either may be missing."""
    labels = may(raw, "label-info", list)
    if labels is None:
        return None
    return tuple(line for lines in each(labels, "label", _label) for line in lines)


def _label(raw: Raw) -> tuple[LineSeen, ...]:
    label, number = may(raw, "label", dict), may(raw, "catalog-number", str)
    named = (LineSeen("label", need(label, "name", str)),) if label else ()
    return (*named, LineSeen("catalogue", number)) if number else named


def _more(medium: Raw) -> list[Any]:
    return may(medium, "data-tracks", list) or []


def _objects(entries: list[Any]) -> tuple[Raw, ...]:
    return each(entries, "medium", an_object)


def _track_count(raw: Raw) -> int | None:
    media = may(raw, "media", list)
    if not media:
        return may(raw, "track-count", int)
    return sum(need(medium, "track-count", int) for medium in _objects(media))
