"""What Spotify and MusicBrainz really said, through the real clients over HTTP, against the raw bodies read here."""

import json
from urllib.parse import parse_qs, urlsplit

import pytest

from spiders.base.platform import Access
from spiders.musicbrainz import Musicbrainz
from spiders.spotify.platform import Spotify
from storage.observations import LineSeen, Outcome, ProfileSeen, ReleaseSeen, TrackSeen
from storage.targets import Ask, Target
from tests import kontinuum
from tests.clients import LAPSE, QuickGate, look
from tests.replay import RECORDED, WHY_SKIPPED, Answer, Replay, recordings

pytestmark = pytest.mark.skipif(not RECORDED.is_dir(), reason=WHY_SKIPPED)

TOKEN = {"access_token": "replayed", "token_type": "Bearer", "expires_in": 3600}
HERE = RECORDED.is_dir()


def recorded(platform, endpoints, status=200):
    """Return the JSON recordings of some endpoints as test parameters."""
    if not HERE:
        return []
    return [
        pytest.param(recording, id=recording.path.stem)
        for recording in recordings(platform)
        if recording.endpoint in endpoints and recording.status == status and recording.path.suffix == ".json"
    ]


@pytest.fixture
def server():
    with Replay(hosts=["https://api.spotify.com"]) as server:
        yield server


@pytest.fixture
def spotify(server):
    access = Access(base_url=server.url, contact="ops@label.example", lapse=LAPSE, capability="extended",
                    credentials={"client_id": "replayed", "client_secret": "replayed"})  # fmt: skip
    client = Spotify(access, QuickGate())
    yield client
    client.close()


@pytest.fixture
def musicbrainz(server):
    client = Musicbrainz(Access(base_url=server.url, contact="ops@label.example", lapse=LAPSE), QuickGate())
    yield client
    client.close()


def serve(server, *bodies):
    """Answer API requests with these bodies in turn, the last one is followed by 404s."""
    left = list(bodies)

    def answer(asked):
        if asked.path == "/api/token":
            return TOKEN
        return left.pop(0) if left else Answer(b'{"error":"Not Found"}', 404)

    server.answer_by(answer)


def subject(url):
    """Return the id that a look-up's URL ends with."""
    return urlsplit(url).path.rstrip("/").rpartition("/")[2]


# --- Spotify --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("recording", recorded("spotify", {"artist"}))
def test_a_spotify_artist(server, spotify, recording):
    raw = json.loads(recording.body)
    serve(server, recording.body)
    told = look(spotify, Target("spotify", Ask.PROFILE, subject(recording.url)))
    (artist,) = told.of(ProfileSeen)
    assert (artist.id, artist.name, artist.url) == (raw["id"], raw["name"], raw["external_urls"]["spotify"])
    followers = raw.get("followers", {}).get("total")  # not yet said in 2014
    assert (artist.followers, artist.genres) == (followers, tuple(raw["genres"]))
    assert artist.image_url == (raw["images"][0]["url"] if raw["images"] else None)
    assert told.coverage.outcome is Outcome.COMPLETE
    assert told.payloads[0].body == recording.body.replace(b"https://api.spotify.com", server.url.encode())


@pytest.mark.parametrize("recording", recorded("spotify", {"release"}))
def test_a_spotify_album(server, spotify, recording):
    raw = json.loads(recording.body)
    serve(server, recording.body)
    told = look(spotify, Target("spotify", Ask.RELEASE, subject(recording.url)))
    (album,) = told.of(ReleaseSeen)
    rows = raw["tracks"]["items"]
    assert (album.id, album.title, album.date) == (raw["id"], raw["name"], raw["release_date"])
    assert (album.kind, album.upc) == (raw["album_type"], raw["external_ids"].get("upc"))
    assert [credit.profile_id for credit in album.credits] == [artist["id"] for artist in raw["artists"]]
    labels = [LineSeen("label", raw["label"])] if raw.get("label") else []
    assert list(album.lines) == labels + [LineSeen(line["type"].lower(), line["text"]) for line in raw["copyrights"]]
    assert (album.markets or ()) == tuple(raw.get("available_markets", ()))
    assert [(seen.id, seen.title, seen.duration_ms, seen.position, seen.disc) for seen in told.of(TrackSeen)] == [
        (row["id"], row["name"], row["duration_ms"], row["track_number"], row["disc_number"]) for row in rows
    ]
    whole = raw["tracks"]["next"] is None and len(rows) == raw["tracks"]["total"]
    assert told.coverage.outcome is (Outcome.COMPLETE if whole else Outcome.PARTIAL)
    assert (told.coverage.expected, told.coverage.received) == (raw["tracks"]["total"], len({r["id"] for r in rows}))


@pytest.mark.parametrize("recording", recorded("spotify", {"artist releases page 1"}))
def test_a_spotify_artists_first_page(server, spotify, recording):
    """The page is asked as a whole list: what was recorded for several groups is not split here."""
    raw = json.loads(recording.body)
    serve(server, recording.body)
    artist = urlsplit(recording.url).path.split("/")[3]
    told = look(spotify, Target("spotify", Ask.RELEASES, artist))
    if "release_date" not in raw["items"][0]:  # as it was before 2017
        assert told.coverage.outcome is Outcome.MALFORMED
        assert "release_date" in told.coverage.stop_reason
        return
    assert [(seen.id, seen.title, seen.date, seen.listed_on) for seen in told.of(ReleaseSeen)] == [
        (row["id"], row["name"], row["release_date"], artist) for row in raw["items"]
    ]
    assert (told.coverage.expected, told.coverage.received) == (raw["total"], len(raw["items"]))
    assert told.coverage.outcome is Outcome.PARTIAL  # the groups came mixed, though none was asked for


@pytest.mark.parametrize("recording", recorded("spotify", {"artist search"}))
def test_a_spotify_search(server, spotify, recording):
    raw = json.loads(recording.body)["artists"]
    serve(server, recording.body)
    told = look(spotify, Target("spotify", Ask.SEARCH, "whoever"))
    assert [(seen.id, seen.name, seen.position) for seen in told.of(ProfileSeen)] == [
        (row["id"], row["name"], rank) for rank, row in enumerate(raw["items"], 1)
    ]
    assert told.coverage.expected == raw["total"]
    whole = raw["next"] is None and raw["total"] == len(raw["items"])
    assert told.coverage.outcome is (Outcome.COMPLETE if whole else Outcome.PARTIAL)


@pytest.mark.parametrize("recording", recorded("spotify", {"upc lookup"}))
def test_a_spotify_barcode(server, spotify, recording):
    raw = json.loads(recording.body)
    code = parse_qs(urlsplit(recording.url).query)["q"][0].removeprefix("upc:")
    row = raw["albums"]["items"][0]
    tracks = {"items": [], "limit": 50, "offset": 0, "total": 0, "next": None}
    confirmed = {**row, "external_ids": {"upc": code}, "tracks": tracks}  # the album's own answer was not recorded
    serve(server, recording.body, json.dumps(confirmed))
    told = look(spotify, Target("spotify", Ask.UPC, code))
    assert [(seen.id, seen.title, seen.upc) for seen in told.of(ReleaseSeen)] == [(row["id"], row["name"], code)]
    assert told.coverage.outcome is Outcome.COMPLETE


@pytest.mark.parametrize(("status", "outcome"), [(401, Outcome.FAILED), (429, Outcome.THROTTLED),
                                                 (503, Outcome.FAILED), (504, Outcome.FAILED)])  # fmt: skip
def test_spotifys_errors(server, spotify, status, outcome):
    found = [recording for recording in recordings("spotify") if recording.status == status]
    assert found
    for recording in found:
        serve(server, *[Answer(recording.body, status)] * 12)
        told = look(spotify, Target("spotify", Ask.RELEASES, "whoever", "single"))
        assert (told.coverage.outcome, told.observations) == (outcome, [])
        spotify.gate.parked.clear()


def test_spotifys_absences(server, spotify):
    found = [recording for recording in recordings("spotify") if recording.status == 404]
    assert len(found) >= 3
    for recording in found:
        serve(server, Answer(recording.body, 404))
        told = look(spotify, Target("spotify", Ask.RELEASE, subject(recording.url)))
        assert told.coverage.outcome is Outcome.ABSENT


def test_one_artist_on_24_dates(server, spotify):
    seen, first_seen, outcomes = {}, {}, {}
    for day in kontinuum.days():
        day.serve(server)
        for section in Spotify.sections:
            told = look(spotify, Target("spotify", Ask.RELEASES, kontinuum.ARTIST, section))
            outcomes[day.date, section] = told.coverage.outcome
            for release in told.of(ReleaseSeen):
                seen.setdefault(day.date, []).append(release.id)
                first_seen.setdefault(release.id, day.date)
                raw = next(row for row in day.listed["items"] if row["id"] == release.id)
                assert (release.title, release.date) == (raw["name"], raw["release_date"])
                assert (release.section, release.section) == (section, raw["album_group"])
            if section == "single":
                assert (told.coverage.expected, told.coverage.received) == (day.listed["total"], len(day.ids))
    lists = {day.date: day.ids for day in kontinuum.days()}
    assert len(lists) == 24
    assert seen == lists
    assert first_seen == {id: min(date for date in lists if id in lists[date]) for ids in lists.values() for id in ids}
    titles = {day.date: {row["name"] for row in day.listed["items"]} for day in kontinuum.days()}
    assert titles["2021-12-26"] - titles["2022-05-23"] == {"Alive"} <= titles["2022-06-10"]
    assert {key for key, outcome in outcomes.items() if outcome is not Outcome.COMPLETE} == {("2024-08-24", "single")}
    assert outcomes["2024-08-24", "single"] is Outcome.PARTIAL  # 16 promised, 7 came


def test_the_albums_of_that_artist_on_24_dates(server, spotify):
    read = retried = 0
    for day in kontinuum.days():
        day.serve(server)
        for path, answers in day.answers.items():
            if path.startswith("albums/") and not path.endswith("/tracks"):
                told = look(spotify, Target("spotify", Ask.RELEASE, subject(path)))
                raw = json.loads(answers[-1].body)
                (album,) = told.of(ReleaseSeen)
                assert (album.id, album.upc, album.date) == (raw["id"], raw["external_ids"]["upc"], raw["release_date"])
                assert [seen.id for seen in told.of(TrackSeen)] == [row["id"] for row in raw["tracks"]["items"]]
                assert told.coverage.outcome is Outcome.COMPLETE
                read, retried = read + 1, retried + (told.coverage.cost > 1)
    assert (read >= 24 * 5, retried) == (True, 1)  # the 503 of 2023-01-09


# --- MusicBrainz ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("recording", recorded("musicbrainz", {"artist"}))
def test_a_musicbrainz_artist(server, musicbrainz, recording):
    raw = json.loads(recording.body)
    if "relations" not in raw:  # it was asked without them, and is no answer to our question
        serve(server, recording.body)
        told = look(musicbrainz, Target("musicbrainz", Ask.PROFILE, raw["id"]))
        assert (told.coverage.outcome, told.observations) == (Outcome.MALFORMED, [])
        raw["relations"] = []
    serve(server, json.dumps(raw))
    told = look(musicbrainz, Target("musicbrainz", Ask.PROFILE, raw["id"]))
    (artist,) = told.of(ProfileSeen)
    assert (artist.id, artist.name, artist.country) == (raw["id"], raw["name"], raw.get("country"))
    life = raw["life-span"]
    assert (artist.began, artist.ended) == (life.get("begin"), life.get("end"))
    if "aliases" in raw:
        assert artist.aliases == tuple(alias["name"] for alias in raw["aliases"])
    urls = [row for row in raw.get("relations", []) if row["target-type"] == "url"]
    assert [(link.url, link.type_id, link.ended) for link in artist.links or ()] == [
        (row["url"]["resource"], row["type-id"], row["ended"]) for row in urls
    ]
    assert told.coverage.outcome is Outcome.COMPLETE


@pytest.mark.parametrize("recording", recorded("musicbrainz", {"artist search"}))
def test_a_musicbrainz_search(server, musicbrainz, recording):
    raw = json.loads(recording.body)
    serve(server, recording.body)
    told = look(musicbrainz, Target("musicbrainz", Ask.SEARCH, "bob dylan"))
    assert [(seen.id, seen.name) for seen in told.of(ProfileSeen)] == [
        (row["id"], row["name"]) for row in raw["artists"]
    ]
    assert (told.coverage.outcome, told.coverage.expected) == (Outcome.PARTIAL, raw["count"])


@pytest.mark.parametrize("recording", recorded("musicbrainz", {"releases browse"}))
def test_a_musicbrainz_browse(server, musicbrainz, recording):
    """It was recorded for a label and ten rows a page; the shape is the same for an artist."""
    raw = json.loads(recording.body)
    serve(server, recording.body)
    told = look(musicbrainz, Target("musicbrainz", Ask.RELEASES, "whoever"))
    assert [(seen.id, seen.title, seen.date, seen.upc or "") for seen in told.of(ReleaseSeen)] == [
        (row["id"], row["title"], row.get("date"), row["barcode"] or "") for row in raw["releases"]
    ]
    assert [asked.query["offset"] for asked in server.asked] == ["0", str(len(raw["releases"]))]
    assert (told.coverage.outcome, told.coverage.expected) == (Outcome.PARTIAL, raw["release-count"])


def musicbrainz_rows(medium):
    """Return all that stands on a medium."""
    hidden = [medium["pregap"]] if medium.get("pregap") else []
    return hidden + medium.get("tracks", []) + medium.get("data-tracks", [])


@pytest.mark.parametrize("recording", recorded("musicbrainz", {"release"}))
def test_a_musicbrainz_release(server, musicbrainz, recording):
    raw = json.loads(recording.body)
    serve(server, recording.body)
    told = look(musicbrainz, Target("musicbrainz", Ask.RELEASE, raw.get("id", "")))
    if "media" not in raw:  # it was asked without its recordings
        assert told.coverage.outcome is Outcome.MALFORMED
        return
    (release,) = told.of(ReleaseSeen)
    rows = [row for medium in raw["media"] for row in musicbrainz_rows(medium)]
    assert (release.id, release.title, release.date) == (raw["id"], raw["title"], raw.get("date"))
    assert (release.upc or None) == (raw.get("barcode") or None)
    labels = [info["label"]["name"] for info in raw.get("label-info", []) if info["label"]]
    numbers = [info["catalog-number"] for info in raw.get("label-info", []) if info["catalog-number"]]
    assert [line.text for line in release.lines or () if line.kind == "label"] == labels
    assert [line.text for line in release.lines or () if line.kind != "label"] == numbers
    assert [(seen.id, seen.title, seen.duration_ms) for seen in told.of(TrackSeen)] == [
        (row["recording"]["id"], row["title"], row["length"] or row["recording"]["length"]) for row in rows
    ]
    isrcs = [row["recording"].get("isrcs") or [None] for row in rows]
    assert [seen.isrc for seen in told.of(TrackSeen)] == [codes[0] for codes in isrcs]
    promised = sum(medium["track-count"] for medium in raw["media"])
    assert told.coverage.outcome is (Outcome.COMPLETE if promised == len(rows) else Outcome.PARTIAL)


@pytest.mark.parametrize("recording", recorded("musicbrainz", {"release search"}))
def test_a_musicbrainz_barcode(server, musicbrainz, recording):
    raw = json.loads(recording.body)
    printed = next((row["barcode"] for row in raw["releases"] if row.get("barcode")), "0000000000000")
    serve(server, recording.body)
    told = look(musicbrainz, Target("musicbrainz", Ask.UPC, printed))
    expected = [row["id"] for row in raw["releases"] if row.get("barcode") == printed]
    assert [seen.id for seen in told.of(ReleaseSeen)] == expected
    whole = Outcome.COMPLETE if expected else Outcome.ABSENT
    assert told.coverage.outcome is (Outcome.PARTIAL if raw["count"] > len(raw["releases"]) else whole)
