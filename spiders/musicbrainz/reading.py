"""What MusicBrainz' JSON says, as observations. Pure: nothing here asks, cleans or judges."""

import re
from dataclasses import replace
from functools import partial
from typing import Any

from spiders.base.reading import an_object, each, identifier, may, need, words
from storage.observations import CreditSeen, LineSeen, LinkSeen, Observation, ProfileSeen, ReleaseSeen, TrackSeen

SITE = "https://musicbrainz.org"
FEATURED = re.compile(r"(?i)\b(feat|ft|featuring)\b")
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
    linked = need(raw, "releases", list)  # asked for, so that a recording has it, and be it empty

    def read(entry: Raw) -> tuple[Observation, ...]:
        release = read_release(entry)
        return release, read_recording(raw, release.id, isrc=isrc)

    told = each(linked, "release", read)
    return identifier(raw), len(linked), tuple(seen for pair in told for seen in pair)


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
