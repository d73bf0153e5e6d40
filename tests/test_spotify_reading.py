"""What Spotify is asked, and what is read of its answers."""

import json

import pytest

from spiders.base.platform import Access
from spiders.spotify import Spotify
from storage.observations import Absent, LineSeen, OddRow, Outcome, ProfileSeen, Redirected, ReleaseSeen, TrackSeen
from storage.targets import Ask, Target
from tests.clients import QuickGate, look
from tests.spotify_stage import NOVA, album, releases, track


def test_a_section_is_walked_ten_by_ten_with_its_own_group_and_market(stage, spotify):
    stage.rows = [album(n) for n in range(23)]
    gate = QuickGate()
    told = look(spotify(gate), releases())
    assert [seen.id for seen in told.of(ReleaseSeen)] == [f"al{n}" for n in range(23)]
    assert {(seen.listed_on, seen.section) for seen in told.of(ReleaseSeen)} == {(NOVA, "single")}
    assert [asked.query for asked in stage.calls()] == [
        {"include_groups": "single", "market": "US", "limit": "10", "offset": str(offset)} for offset in (0, 10, 20)
    ]
    assert (told.coverage.outcome, told.coverage.expected, told.coverage.received) == (Outcome.COMPLETE, 23, 23)
    assert (told.coverage.pages, told.coverage.cost, gate.waits) == (3, 3, ["artist_albums"] * 3)
    assert told.coverage.blind == {"label", "popularity", "followers", "album_group", "markets"}
    assert [json.loads(payload.body)["offset"] for payload in told.payloads] == [0, 10, 20]


def test_the_market_of_the_question_comes_before_the_installations(stage, spotify):
    look(spotify(market="DE"), releases())
    look(spotify(market="DE"), releases(market="JP"))
    assert [asked.query["market"] for asked in stage.calls()] == ["DE", "JP"]


def test_extended_access_asks_fifty_and_reads_every_field(stage, spotify):
    stage.max = 50
    stage.rows = [album(n, album_group="single", available_markets=["DE", "SE"]) for n in range(60)]
    told = look(spotify(capability="extended"), releases())
    assert [asked.query["limit"] for asked in stage.calls()] == ["50", "50"]
    assert told.of(ReleaseSeen)[0].markets == ("DE", "SE")
    assert told.coverage.blind == frozenset()
    assert Spotify.limits_for(Access(capability="extended"))["artist_albums"].per_day is None


def test_development_budgets_stay_within_the_apps_window_and_the_days_quota():
    limits = Spotify.limits_for(Access())
    assert sum(limit.calls / limit.window_s for limit in limits.values()) <= 45 / 30
    assert (limits["artist_albums"].per_day, limits[""].per_day) == (80, 1500)
    assert Spotify.bucket(Ask.RELEASES, "single") == "artist_albums"
    assert Spotify.bucket(Ask.RELEASE) == Spotify.bucket(Ask.SEARCH) == ""


def test_a_release_row_is_said_as_printed(stage, spotify):
    stage.rows = [
        album(1, release_date="0000", name=""),
        album(2, release_date="2009-05", restrictions={"reason": "market"}, album_type="compilation"),
        album(3, images=[], release_date=None),
    ]
    one, two, three = look(spotify(), releases()).of(ReleaseSeen)
    assert (one.date, one.title, one.status) == ("0000", "", "taken down")
    assert (two.date, two.status, two.kind, two.cover_url) == (
        "2009-05", "restricted: market", "compilation", "https://i.example/2/640")  # fmt: skip
    assert (three.date, three.cover_url, three.markets, three.lines, three.upc) == (None, None, None, None, None)


def test_odd_characters_pass_verbatim(stage, spotify):
    stage.rows = [album(1, name="a\x00b\ud800c")]
    assert look(spotify(), releases()).of(ReleaseSeen)[0].title == "a\x00b\ud800c"


def test_a_name_search_stops_at_a_sensible_depth_and_says_so(stage, spotify):
    stage.rows = [{"id": f"ar{n}", "name": "Nova Qui11", "images": [], "genres": []} for n in range(120)]
    told = look(spotify(), Target("spotify", Ask.SEARCH, "Nova Quill"))
    assert [(seen.id, seen.position) for seen in told.of(ProfileSeen)] == [(f"ar{n}", n + 1) for n in range(50)]
    assert (told.coverage.outcome, told.coverage.stop_reason) == (Outcome.PARTIAL, "the first 50 of 120")
    asked = {"q": "Nova Quill", "type": "artist,album", "market": "US", "limit": "10", "offset": "0"}
    assert stage.calls()[0].query == asked


def test_a_short_name_search_is_complete(stage, spotify):
    stage.rows = [{"id": "ar1", "name": "Nova Quill"}]
    assert look(spotify(), Target("spotify", Ask.SEARCH, "Nova Quill")).coverage.outcome is Outcome.COMPLETE


def test_a_profile_is_read_and_a_merged_one_is_told_as_redirected(stage, spotify):
    profile = {
        "id": NOVA,
        "name": "Nova Quill",
        "genres": ["dream pop"],
        "followers": {"href": None, "total": 7},
        "images": [{"url": "https://i.example/a"}],
        "external_urls": {"spotify": "https://open.spotify.com/x"},
    }
    stage.server.add(f"/v1/artists/{NOVA}", profile)
    stage.server.add("/v1/artists/Old", profile)
    told = look(spotify(), Target("spotify", Ask.PROFILE, NOVA))
    assert told.observations == [
        ProfileSeen(id=NOVA, name="Nova Quill", url="https://open.spotify.com/x", image_url="https://i.example/a",
                    followers=7, genres=("dream pop",))
    ]  # fmt: skip
    assert Redirected("Old", NOVA) in look(spotify(), Target("spotify", Ask.PROFILE, "Old")).observations


def test_an_album_is_read_with_all_its_tracks(stage, spotify):
    stage.rows, stage.max = [track(n) for n in range(1, 121)], 50
    tracks = {"items": stage.rows[:50], "limit": 50, "offset": 0, "total": 120, "next": f"{stage.server.url}/v1/x"}
    copyrights = [{"type": "C", "text": "© 2024 Quill"}, {"type": "P", "text": "℗ 2024 Quill"}]
    full = album(1, tracks=tracks, copyrights=copyrights, external_ids={"upc": "00602475093060"}, genres=[])
    stage.server.add("/v1/albums/al1?market=US", full)
    told = look(spotify(), Target("spotify", Ask.RELEASE, "al1"))
    (release,) = told.of(ReleaseSeen)
    assert release.lines == (LineSeen("c", "© 2024 Quill"), LineSeen("p", "℗ 2024 Quill"))
    assert (release.upc, release.listed_on, release.genres) == ("00602475093060", None, None)
    assert [(seen.id, seen.release_id, seen.position) for seen in told.of(TrackSeen)] == [
        (f"tr{n}", "al1", n) for n in range(1, 121)
    ]
    assert (told.of(TrackSeen)[0].explicit, told.of(TrackSeen)[0].duration_ms) == (None, 1001)
    assert [asked.query.get("offset") for asked in stage.calls()] == [None, "50", "100"]
    assert told.coverage.outcome is Outcome.COMPLETE
    assert "isrc" in told.coverage.blind


def test_a_label_is_read_where_the_credential_may_see_it(stage, spotify):
    tracks = {"items": [track(1, explicit=True)], "limit": 50, "offset": 0, "total": 1, "next": None}
    stage.server.add("/v1/albums/al1?market=US", album(1, label="Quill Records", copyrights=[], tracks=tracks))
    told = look(spotify(capability="extended"), Target("spotify", Ask.RELEASE, "al1"))
    assert told.of(ReleaseSeen)[0].lines == (LineSeen("label", "Quill Records"),)
    assert told.of(TrackSeen)[0].explicit is True


@pytest.mark.parametrize(("printed", "stored", "searches"), [
    ("602475093060", "00602475093060", ["602475093060", "00602475093060"]),
    ("0602475093060", "602475093060", ["0602475093060", "00602475093060", "602475093060"]),
    ("00602475093060", "00602475093060", ["00602475093060"]),
])  # fmt: skip
def test_a_barcode_is_searched_in_every_spelling_until_one_is_known(stage, spotify, printed, stored, searches):
    stage.twist = lambda asked, page: page if asked.query["q"] == f"upc:{stored}" else {**page, "items": [], "total": 0}
    stage.rows = [album(1)]
    tracks = {"items": [], "limit": 50, "offset": 0, "total": 0, "next": None}
    stage.server.add("/v1/albums/al1?market=US", album(1, tracks=tracks, external_ids={"upc": stored}))
    told = look(spotify(), Target("spotify", Ask.UPC, printed))
    assert [asked.query["q"] for asked in stage.calls("search")] == [f"upc:{code}" for code in searches]
    assert [(seen.id, seen.upc) for seen in told.of(ReleaseSeen)] == [("al1", stored)]
    assert told.coverage.outcome is Outcome.COMPLETE


def test_an_unknown_barcode_is_absent_and_another_ones_album_is_no_answer(stage, spotify):
    told = look(spotify(), Target("spotify", Ask.UPC, "4006381333931"))
    assert (told.coverage.outcome, told.observations) == (
        Outcome.ABSENT,
        [Absent("4006381333931", "no album bears this barcode")],
    )
    assert [asked.query["q"] for asked in stage.calls()] == ["upc:4006381333931", "upc:04006381333931"]
    stage.rows = [album(1)]
    stage.server.add("/v1/albums/al1?market=US", album(1, external_ids={"upc": "999"}))
    told = look(spotify(), Target("spotify", Ask.UPC, "4006381333931"))
    assert told.coverage.outcome is Outcome.PARTIAL
    assert "another barcode" in told.coverage.stop_reason


def test_an_isrc_brings_tracks_with_their_albums(stage, spotify):
    stage.rows = [track(1, album=album(1), external_ids={"isrc": "QZ-AB1-24-00001"}, explicit=True)]
    told = look(spotify(), Target("spotify", Ask.ISRC, "QZAB12400001"))
    assert [(seen.id, seen.release_id, seen.isrc) for seen in told.of(TrackSeen)] == [("tr1", "al1", "QZ-AB1-24-00001")]
    assert [seen.id for seen in told.of(ReleaseSeen)] == ["al1"]
    assert told.coverage.outcome is Outcome.COMPLETE
    stage.rows = []
    told = look(spotify(), Target("spotify", Ask.ISRC, "QZAB12400001"))
    said = [Absent("QZAB12400001", "no track bears this ISRC")]
    assert (told.coverage.outcome, told.observations) == (Outcome.ABSENT, said)


@pytest.mark.parametrize("twist", [{"items": [None]}, {"items": [], "total": 1}])
@pytest.mark.parametrize(("ask", "code"), [(Ask.UPC, "4006381333931"), (Ask.ISRC, "QZAB12400001")])
def test_a_hit_that_is_promised_but_does_not_come_is_no_absence(stage, spotify, ask, code, twist):
    stage.twist = lambda asked, page: {**page, **twist}
    told = look(spotify(), Target("spotify", ask, code))
    assert told.coverage.outcome is Outcome.PARTIAL
    assert [type(seen) for seen in told.observations] == [OddRow] * len(twist["items"])
