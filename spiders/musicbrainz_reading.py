"""What MusicBrainz' JSON says, as observations. Pure: nothing here asks, cleans or judges."""

from typing import Any

from spiders.reading import identifier, may, need
from storage.observations import (
    CreditSeen,
    IdentitySeen,
    LineSeen,
    LinkSeen,
    ProfileSeen,
    ReleaseSeen,
    TrackSeen,
)

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
