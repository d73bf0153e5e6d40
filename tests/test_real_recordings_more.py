"""What TIDAL, YouTube, Apple Music and SoundCloud really said, every resource in it read, against the raw bodies."""

import json
import re
from collections import Counter
from datetime import UTC, datetime

import pytest

from spiders.apple_music import reading as apple
from spiders.bandcamp import page as bandcamp_page
from spiders.bandcamp import reading as bandcamp
from spiders.base.errors import Misunderstood
from spiders.base.walk import Walk
from spiders.soundcloud import read_playlist, read_track, read_user
from spiders.tidal import reading as tidal
from spiders.youtube import reading as youtube
from tests.replay import RECORDED, WHY_SKIPPED, recordings

pytestmark = pytest.mark.skipif(not RECORDED.is_dir(), reason=WHY_SKIPPED)


def resources(name):
    """Yield every resource in every JSON body of a platform, with the document around it."""
    for recording in recordings(name):
        try:
            document = json.loads(recording.body)
        except ValueError:
            continue
        yield from ((recording.path.name, document, one) for one in inside(document))


def inside(raw):
    if isinstance(raw, dict):
        yield raw
        raw = list(raw.values())
    if isinstance(raw, list):
        for entry in raw:
            yield from inside(entry)


def seconds(printed):
    """Read a length of time, apart from the reader under test."""
    days, hours, minutes, rest = (
        float((re.search(rf"([\d.]+){unit}", printed) or [0, 0])[1]) for unit in ("D", "H", "M", "S")
    )
    return ((days * 24 + hours) * 60 + minutes) * 60 + rest


def show(name, counts, odd):
    print(f"{name}: {dict(counts)}, not read: {odd}")  # noqa: T201 -- the counts are what one wants to see


def test_tidal():
    counts, odd = Counter(), []
    for _, document, one in resources("tidal"):
        said = one.get("attributes")
        if not isinstance(said, dict) or one.get("type") not in ("albums", "tracks", "videos", "artists"):
            continue
        walk = Walk()
        included = tidal.Included(walk, document)
        bare = {**one, "relationships": {}}  # shortened documents lack much of what they name
        if one["type"] == "artists":
            seen = tidal.read_artist(included, bare)
            assert (seen.id, seen.name) == (one["id"], said["name"])
            assert seen.owner == (said["ownerType"].lower() if "ownerType" in said else None)
        elif one["type"] == "albums":
            seen = tidal.read_album(included, bare)
            assert (seen.id, seen.upc, seen.date, seen.added) == (
                one["id"], said["barcodeId"], said.get("releaseDate"), said.get("createdAt"),
            )  # fmt: skip
            assert seen.title.startswith(said["title"])
            assert (seen.ai and seen.ai.value) == {True: "yes", False: "no"}.get(said.get("ai"))
            line = said["copyright"] if isinstance(said["copyright"], str) else said["copyright"]["text"]
            assert [text.text for text in seen.lines] == [line]
        else:
            seen = tidal.read_track(included, bare, "album", {})
            assert (seen.id, seen.title, seen.isrc) == (one["id"], said["title"], said["isrc"])
            assert seen.duration_ms == seconds(said["duration"]) * 1000
        counts[one["type"]] += 1
        told = {(i["type"], i["id"]) for i in document.get("included", []) if "type" in i}
        names = (one.get("relationships") or {}).get("artists", {}).get("data")
        if names and all((n["type"], n["id"]) in told for n in names):
            credits = tidal.read_credits(included, one)
            assert [credit.profile_id for credit in credits] == [n["id"] for n in names]
            counts["credits"] += len(names)
    show("tidal", counts, odd)
    assert counts["albums"] >= 8
    assert counts["tracks"] >= 20


def test_youtube():
    counts, odd = Counter(), []
    for file, _, one in resources("youtube"):
        kind = str(one.get("kind", "")).removeprefix("youtube#")
        snippet = one.get("snippet") if isinstance(one.get("snippet"), dict) else {}
        try:
            if kind == "channel" and "title" in snippet:
                _, seen = youtube.read_channel(one)
                assert (seen.id, seen.name) == (one["id"], snippet["title"])
                held = one.get("statistics", {}).get("subscriberCount")
                assert seen.followers in (None, int(held or 0))
            elif kind == "playlistItem" and "resourceId" in snippet and "channelTitle" in snippet:
                seen = youtube.read_upload(one, "UCasked")
                assert seen.id == snippet["resourceId"]["videoId"]
                assert seen.title in (snippet["title"], "")
            elif kind == "video" and "contentDetails" in one and "channelId" in snippet:
                _, seen, track = youtube.read_video(one)
                assert (seen.id, seen.title, seen.added) == (one["id"], snippet["title"], snippet["publishedAt"])
                assert track.duration_ms == seconds(one["contentDetails"]["duration"]) * 1000
            elif kind == "searchResult" and one["id"].get("kind") == "youtube#channel":
                seen = youtube.read_hit(one, 1)
                assert (seen.id, seen.name) == (one["id"]["channelId"], snippet["title"])
            else:
                continue
        except Misunderstood as error:
            odd.append((file, str(error)))
            continue
        counts[kind] += 1
    show("youtube", counts, odd)
    assert sum(counts.values()) >= 20
    assert odd == []


def test_apple_music():
    counts, odd = Counter(), []
    for file, _, one in resources("apple_music"):
        said = one.get("attributes")
        if not isinstance(said, dict) or one.get("type") not in ("albums", "songs", "artists", "music-videos"):
            continue
        try:
            if one["type"] == "artists":
                seen = apple.read_artist(one)
                assert (seen.id, seen.name) == (one["id"], said["name"])
            elif one["type"] == "albums":
                seen = apple.read_album(one)
                assert (seen.id, seen.title, seen.date, seen.upc, seen.track_count) == (
                    one["id"], said["name"], said.get("releaseDate"), said.get("upc"), said.get("trackCount"),
                )  # fmt: skip
                texts = {line.kind: line.text for line in seen.lines or ()}
                assert texts.get("label") == said.get("recordLabel")
                assert texts.get("p", texts.get("c")) == said.get("copyright")
            else:
                seen = apple.read_song(one, "album")
                assert (seen.id, seen.title, seen.isrc, seen.duration_ms) == (
                    one["id"], said["name"], said.get("isrc"), said.get("durationInMillis"),
                )  # fmt: skip
        except Misunderstood as error:
            odd.append((file, one["type"], str(error)))
            continue
        counts[one["type"]] += 1
    show("apple_music", counts, odd)
    assert counts["albums"] >= 10
    assert counts["songs"] >= 20
    assert odd == []


def test_soundcloud():
    counts, odd = Counter(), Counter()
    readers = {"track": lambda raw: read_track(raw)[0], "playlist": read_playlist, "user": read_user}
    for _, _, one in resources("soundcloud"):
        kind = one.get("kind")
        if kind not in readers or "urn" not in one:  # older bodies have numbers alone
            continue
        try:
            seen = readers[kind](one)
        except Misunderstood as error:
            odd[f"{kind}: {error}"] += 1
            continue
        if kind == "user":
            assert (seen.id, seen.name) == (one["permalink"], one["username"])
        else:
            assert (seen.id, seen.title, seen.added) == (one["urn"], one["title"], one.get("created_at"))
        counts[kind] += 1
    show("soundcloud", counts, dict(odd))
    assert sum(counts.values()) >= 10


def test_bandcamp():
    counts, odd = Counter(), []
    for recording in recordings("bandcamp"):
        body = recording.body
        if recording.path.suffix == ".json":
            said = json.loads(body)
            raw = {
                "thing": said.get("tralbum"),
                "band": said.get("band"),
                "ld": {},
                "about": said.get("og:description"),
            }
        elif "/search" in recording.url:
            continue  # searches are not for robots, and never asked
        else:
            try:
                raw = bandcamp_page.open_page(body)
            except Misunderstood as error:
                odd.append((recording.path.name, str(error)))
                continue
            assert bandcamp.read_band(raw, "asked").name == raw["band"]["name"]
            counts["bands"] += 1
        if raw.get("rows"):
            seen = [bandcamp.read_row(row, "asked") for row in raw["rows"]]
            told = re.findall(r'data-item-id="(?:album|track)-\d+"', body.decode())
            assert len(seen) == len(told)
            counts["squares"] += len(seen)
        if isinstance(thing := raw.get("thing"), dict):
            release, *tracks = bandcamp.read_release(raw, "asked.bandcamp.com/music")
            current = thing["current"]
            assert (release.title, release.upc) == (current["title"], current.get("upc"))
            said_on = current["release_date"] or thing["album_release_date"]
            assert release.date == (
                said_on and datetime.strptime(said_on[:11], "%d %b %Y").replace(tzinfo=UTC).date().isoformat()
            )
            assert release.credits[0].name == (current["artist"] or thing["artist"])
            assert [(t.id, t.title, t.duration_ms) for t in tracks] == [
                (str(t["track_id"]), t["title"], round(t["duration"] * 1000) or None) for t in thing["trackinfo"]
            ]
            if current["type"] == "track":
                assert tracks[0].isrc == current["isrc"]
            counts["releases"] += 1
            counts["tracks"] += len(tracks)
    show("bandcamp", counts, odd)
    assert counts["releases"] >= 15
    assert {reason for _, reason in odd} <= {
        "mandatory key 'data-band' is missing",  # shortened by who recorded them
        "this is no page of Bandcamp: is the base URL right?",  # it is one of example.com
    }
