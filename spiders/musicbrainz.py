"""MusicBrainz: the reference source that says whose profile is whose. No key, 1 request per second.

https://musicbrainz.org/doc/MusicBrainz_API
A User-Agent with a contact is mandatory. Over the limit every request is a 503 until the rate falls, so one 503 pauses
everything. Lists come oldest first and advance by what came, not by what was asked. One URL asked alone is a single
object or a 404; of many only the known ones come back, and those beyond 100 are silently dropped. Searches omit absent
keys where look-ups say null. A merged id answers with the artist it became.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, ClassVar
from urllib.parse import quote

from spiders.base.client import Client, Observing
from spiders.base.errors import Misunderstood, Refused, Trouble
from spiders.base.gate import Gate
from spiders.base.http import Answer, Transport, legible
from spiders.base.pages import same_page, spellings
from spiders.base.platform import Access
from spiders.base.reading import identifier, may, need
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
    batch: ClassVar[Mapping[Ask, int]] = {Ask.IDENTITY: URLS}
    never_says = frozenset({"followers", "popularity", "markets", "copyrights"})
    terms = "Core data is CC0; ask at most once per second and name a contact in the User-Agent."
    reference = True

    def __init__(self, access: Access, gate: Gate) -> None:
        """Open the transport; a 503 is this service's way to say that we are too fast."""
        super().__init__(access, gate)
        self._transport = Transport(self, throttles=(429, 503))

    def observe(self, target: Target, walk: Walk) -> Observing:
        """Answer a name, an artist, its releases, a release, a barcode, an ISRC or a profile's URL."""
        walk.blind = self.blind_for(self.access)
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
        found = tuple(read_artist(raw, rank) for rank, raw in enumerate(need(answer.raw, "artists", list), 1))
        total = need(answer.raw, "count", int)
        walk.page([artist.id for artist in found], total=total)
        yield Page(target, found, answer.payload)
        return walk.stopped(f"the first {len(found)} of {total}") if total > PAGE else walk.ended()

    def _profile(self, target: Target, walk: Walk) -> Observing:
        answer = self._get(f"artist/{quote(target.subject, safe='')}", walk, ("inc", "aliases url-rels"))
        if answer.status != 200:
            return (yield from _gone(target, walk, answer))
        artist = read_artist(answer.raw)
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
            releases = tuple(read_release(raw, target.subject) for raw in need(answer.raw, "releases", list))
            total = need(answer.raw, "release-count", int)
            if need(answer.raw, "release-offset", int) != offset:
                walk.doubt("the answer is for another offset than asked")
            offset += len(releases)
            onward = walk.page([release.id for release in releases], total=total, more=offset < total)
            yield Page(target, releases, answer.payload)
            if not onward or (offset < total and not releases):
                return walk.stopped("an empty page before the end" if onward else "the list goes in circles")
            if offset >= total:
                return walk.ended()

    def _release(self, target: Target, walk: Walk) -> Observing:
        inc = "recordings isrcs labels artist-credits release-groups"
        answer = self._get(f"release/{quote(target.subject, safe='')}", walk, ("inc", inc))
        if answer.status != 200:
            return (yield from _gone(target, walk, answer))
        release, tracks = read_release(answer.raw), read_tracks(answer.raw)
        walk.page(tracks, total=release.track_count)
        yield Page(target, (*_moved(target, release.id), release, *tracks.values()), answer.payload)
        return walk.ended()

    def _barcode(self, target: Target, walk: Walk) -> Observing:
        bare = target.subject.strip().lstrip("0")
        codes = dict.fromkeys((target.subject.strip(), *(bare.zfill(digits) for digits in (12, 13, 14))))
        query = " OR ".join(f'barcode:"{escaped(code)}"' for code in codes)
        answer = self._get("release", walk, ("query", query), ("limit", str(PAGE)))
        found = tuple(read_release(raw) for raw in need(answer.raw, "releases", list))
        found = tuple(release for release in found if release.upc and release.upc.lstrip("0") == bare)
        walk.page([release.id for release in found])
        yield Page(target, found or (Absent(target.subject),), answer.payload)
        return walk.ended() if found else walk.absent("no release bears this barcode")

    def _isrc(self, target: Target, walk: Walk) -> Observing:
        answer = self._get(f"isrc/{quote(target.subject, safe='')}", walk, ("inc", "artist-credits releases"))
        if answer.status != 200:
            return (yield from _gone(target, walk, answer))
        told: list[Observation] = []
        for recording in need(answer.raw, "recordings", list):
            releases = may(recording, "releases", list) or []
            if len(releases) >= LINKED:
                walk.doubt(f"a recording's releases may be cut at {LINKED}")
            for raw in releases:
                release = read_release(raw)
                track = read_recording(recording, release.id, isrc=need(answer.raw, "isrc", str))
                told += [release, track]
        walk.page([identifier(recording) for recording in answer.raw["recordings"]])
        yield Page(target, tuple(told), answer.payload)
        return walk.ended()

    def _identities(self, run: list[Target], walk: Walk) -> Iterator[Page]:
        asked = [("resource", url) for target in run for url in spellings(target.subject)]
        answer = self._get("url", walk, *asked, ("inc", "artist-rels"))
        if answer.status == 400:
            raise Misunderstood(f"url: HTTP 400 for {len(asked)} URLs")
        raws = need(answer.raw, "urls", list) if "urls" in answer.raw else [answer.raw] * (answer.status == 200)
        known: dict[str, list[IdentitySeen]] = {}
        for raw in raws:
            known.setdefault(same_page(need(raw, "resource", str)), []).extend(read_identities(raw))
        for target in run:
            told = known.get(same_page(target.subject), [])
            walk.ids = {who.artist_id for who in told}
            coverage = walk.ended() if told else walk.absent("MusicBrainz knows no artist by this URL")
            observations = tuple(told) or (Absent(target.subject),)
            yield Page(target, observations, answer.payload, replace(coverage, pages=1))
            walk.cost = 0  # one call answered them all: the first target pays


def escaped(text: str) -> str:
    """Escape a text for a quoted Lucene term."""
    return text.replace("\\", "\\\\").replace('"', '\\"')


def _moved(target: Target, got: str) -> tuple[Redirected, ...]:
    return () if got == target.subject else (Redirected(target.subject, got),)


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
        size = sum(len(quote(url, safe=":/@")) + len("&resource=") for url in more)
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
        aliases=None if aliases is None else tuple(need(alias, "name", str) for alias in aliases),
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


def read_tracks(raw: Raw) -> dict[str, TrackSeen]:
    """Read a release's tracks by track id; each is told under its recording's id, which look-ups by ISRC share."""
    tracks = {}
    for medium in need(raw, "media", list):
        for track in may(medium, "tracks", list) or []:
            recording = need(track, "recording", dict)
            tracks[identifier(track)] = read_recording(
                recording,
                identifier(raw),
                title=need(track, "title", str),
                disc=may(medium, "position", int),
                position=may(track, "position", int),
                duration_ms=may(track, "length", int) or may(recording, "length", int),
                credits=_credits(track),
            )
    return tracks


def read_recording(raw: Raw, release_id: str, **more: Any) -> TrackSeen:
    """Read a recording as a track of a release; of several ISRCs the first is told."""
    isrcs = may(raw, "isrcs", list) or [None]
    said: Raw = {
        "title": need(raw, "title", str),
        "duration_ms": may(raw, "length", int),
        "isrc": isrcs[0],
        "credits": _credits(raw),
    }
    recording_id = identifier(raw)
    said |= {key: value for key, value in more.items() if value is not None}
    return TrackSeen(id=recording_id, release_id=release_id, url=f"{SITE}/recording/{recording_id}", **said)


def read_identities(raw: Raw) -> tuple[IdentitySeen, ...]:
    """Read whose profile a URL is; relations that have ended are told as ended."""
    found = []
    for relation in need(raw, "relations", list):
        if need(relation, "target-type", str) == "artist":
            artist = need(relation, "artist", dict)
            found.append(
                IdentitySeen(
                    url=need(raw, "resource", str),
                    artist_id=identifier(artist),
                    artist_name=need(artist, "name", str),
                    type_id=identifier(relation, "type-id"),
                    ended=need(relation, "ended", bool),
                )
            )
    return tuple(found)


def _links(raw: Raw) -> tuple[LinkSeen, ...]:
    return tuple(
        LinkSeen(
            url=need(need(relation, "url", dict), "resource", str),
            type_id=identifier(relation, "type-id"),
            ended=need(relation, "ended", bool),
        )
        for relation in need(raw, "relations", list)
        if need(relation, "target-type", str) == "url"
    )


def _credits(raw: Raw) -> tuple[CreditSeen, ...] | None:
    names = may(raw, "artist-credit", list)
    if names is None:
        return None
    return tuple(CreditSeen(need(name, "name", str), identifier(need(name, "artist", dict))) for name in names)


def _labels(raw: Raw) -> tuple[LineSeen, ...] | None:
    labels = may(raw, "label-info", list)
    if labels is None:
        return None
    named = [label for info in labels if (label := may(info, "label", dict))]  # null: a number without a label
    return tuple(LineSeen("label", need(label, "name", str)) for label in named)


def _track_count(raw: Raw) -> int | None:
    media = may(raw, "media", list)
    if not media:
        return may(raw, "track-count", int)
    return sum(need(medium, "track-count", int) for medium in media)
