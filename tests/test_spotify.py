"""Spotify over real HTTP against a small stand-in with its quirks; artists and ids are invented."""

import base64
import json
import logging
import time

import pytest
import requests
import urllib3

from spiders.base.errors import Refused, Unavailable
from spiders.base.platform import Access
from spiders.base.walk import Walk
from spiders.spotify.platform import Spotify
from spiders.spotify.session import trouble_of
from storage.observations import Absent, LineSeen, OddRow, Outcome, ProfileSeen, Redirected, ReleaseSeen, TrackSeen
from storage.targets import Ask, Target
from tests.clients import LAPSE, QuickGate, look
from tests.replay import Answer, Replay

NOVA = "0000000000000000000Nova"
SECRET = "client-s3cr3t-of-ours"
TOKEN = "BQtokenthatnobodymaysee"
BASIC = base64.b64encode(f"ours:{SECRET}".encode()).decode()
PREMIUM = (
    "Active premium subscription required for the owner of the app. When the subscription status changes, "
    "it can take a few hours before requests are allowed again."
)


def album(n, **more):
    return {
        "id": f"al{n}",
        "name": f"Song {n}",
        "album_type": "single",
        "release_date": "2024-08-16",
        "release_date_precision": "day",
        "total_tracks": 1,
        "artists": [{"id": NOVA, "name": "Nova Quill"}],
        "external_urls": {"spotify": f"https://open.spotify.com/album/al{n}"},
        "images": [{"url": f"https://i.example/{n}/640", "width": 640}, {"url": f"https://i.example/{n}/64"}],
        **more,
    }


def track(n, **more):
    return {
        "id": f"tr{n}",
        "name": f"Take {n}",
        "artists": [{"id": NOVA, "name": "Nova Quill"}],
        "duration_ms": 1000 + n,
        "disc_number": 1,
        "track_number": n,
        "explicit": False,
        "external_urls": {},
        **more,
    }


class Stage:
    """A stand-in that pages one list by offset and lets a test put faults before it."""

    def __init__(self, server):
        self.server, self.rows, self.total, self.max = server, [], None, 10
        self.faults = []  # answers to the next API calls, None: answer as usual
        self.twist = lambda asked, page: page
        self.lists = ("/albums", "/tracks")
        self.tokens = [{"access_token": TOKEN, "token_type": "Bearer", "expires_in": 3600}]
        server.answer_by(self.answer)

    def answer(self, asked):
        if asked.path == "/api/token":
            return self.tokens.pop(0) if len(self.tokens) > 1 else self.tokens[0]
        fault = self.faults.pop(0) if self.faults else None
        if fault is not None:
            return fault
        if "limit" in asked.query and int(asked.query["limit"]) > self.max:
            return Answer(b'{"error":{"status":400,"message":"Invalid limit"}}', 400)
        if asked.path == "/v1/search":
            return {asked.query["type"] + "s": self.twist(asked, self.page(asked))}
        if asked.path.endswith(self.lists):
            return self.twist(asked, self.page(asked))
        return None

    def page(self, asked):
        offset, limit = int(asked.query.get("offset", 0)), int(asked.query.get("limit", 20))
        more = offset + limit < len(self.rows)
        following = f"{self.server.url}{asked.path}?offset={offset + limit}&limit={limit}&locale=*"
        total = len(self.rows) if self.total is None else self.total
        return {"items": self.rows[offset : offset + limit], "limit": limit, "offset": offset, "total": total,
                "next": following if more else None, "previous": None, "href": ""}  # fmt: skip

    def calls(self, path=""):
        return [asked for asked in self.server.asked if asked.path.startswith("/v1") and path in asked.path]


@pytest.fixture
def stage():
    with Replay() as server:
        yield Stage(server)


@pytest.fixture
def make(stage):
    opened = []

    def make(gate=None, **access):
        credentials = {"client_id": "ours", "client_secret": SECRET}
        access = {"base_url": stage.server.url, "contact": "ops@label.example", "lapse": LAPSE, "timeout_s": 5.0,
                  "credentials": credentials, **access}  # fmt: skip
        client = Spotify(Access(**access), gate or QuickGate())
        opened.append(client)
        return client

    yield make
    for client in opened:
        client.close()


def releases(section="single", **hints):
    return Target("spotify", Ask.RELEASES, NOVA, section, **hints)


# --- what is asked and read -----------------------------------------------------------------------------------------


def test_a_section_is_walked_ten_by_ten_with_its_own_group_and_market(stage, make):
    stage.rows = [album(n) for n in range(23)]
    gate = QuickGate()
    told = look(make(gate), releases())
    assert [seen.id for seen in told.of(ReleaseSeen)] == [f"al{n}" for n in range(23)]
    assert {(seen.listed_on, seen.section) for seen in told.of(ReleaseSeen)} == {(NOVA, "single")}
    assert [asked.query for asked in stage.calls()] == [
        {"include_groups": "single", "market": "US", "limit": "10", "offset": str(offset)} for offset in (0, 10, 20)
    ]
    assert (told.coverage.outcome, told.coverage.expected, told.coverage.received) == (Outcome.COMPLETE, 23, 23)
    assert (told.coverage.pages, told.coverage.cost, gate.waits) == (3, 3, ["artist_albums"] * 3)
    assert told.coverage.blind == {"label", "popularity", "followers", "album_group", "markets"}
    assert [json.loads(payload.body)["offset"] for payload in told.payloads] == [0, 10, 20]


def test_the_market_of_the_question_comes_before_the_installations(stage, make):
    look(make(market="DE"), releases())
    look(make(market="DE"), releases(market="JP"))
    assert [asked.query["market"] for asked in stage.calls()] == ["DE", "JP"]


def test_extended_access_asks_fifty_and_reads_every_field(stage, make):
    stage.max = 50
    stage.rows = [album(n, album_group="single", available_markets=["DE", "SE"]) for n in range(60)]
    told = look(make(capability="extended"), releases())
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


def test_a_release_row_is_said_as_printed(stage, make):
    stage.rows = [
        album(1, release_date="0000", name=""),
        album(2, release_date="2009-05", restrictions={"reason": "market"}, album_type="compilation"),
        album(3, images=[], release_date=None),
    ]
    one, two, three = look(make(), releases()).of(ReleaseSeen)
    assert (one.date, one.title, one.status) == ("0000", "", "taken down")
    assert (two.date, two.status, two.kind, two.cover_url) == (
        "2009-05", "restricted: market", "compilation", "https://i.example/2/640")  # fmt: skip
    assert (three.date, three.cover_url, three.markets, three.lines, three.upc) == (None, None, None, None, None)


def test_odd_characters_pass_verbatim(stage, make):
    stage.rows = [album(1, name="a\x00b\ud800c")]
    assert look(make(), releases()).of(ReleaseSeen)[0].title == "a\x00b\ud800c"


def test_a_name_search_stops_at_a_sensible_depth_and_says_so(stage, make):
    stage.rows = [{"id": f"ar{n}", "name": "Nova Qui11", "images": [], "genres": []} for n in range(120)]
    told = look(make(), Target("spotify", Ask.SEARCH, "Nova Quill"))
    assert [(seen.id, seen.position) for seen in told.of(ProfileSeen)] == [(f"ar{n}", n + 1) for n in range(50)]
    assert (told.coverage.outcome, told.coverage.stop_reason) == (Outcome.PARTIAL, "the first 50 of 120")
    assert stage.calls()[0].query == {"q": "Nova Quill", "type": "artist", "market": "US", "limit": "10", "offset": "0"}


def test_a_short_name_search_is_complete(stage, make):
    stage.rows = [{"id": "ar1", "name": "Nova Quill"}]
    assert look(make(), Target("spotify", Ask.SEARCH, "Nova Quill")).coverage.outcome is Outcome.COMPLETE


def test_a_profile_is_read_and_a_merged_one_is_told_as_redirected(stage, make):
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
    told = look(make(), Target("spotify", Ask.PROFILE, NOVA))
    assert told.observations == [
        ProfileSeen(id=NOVA, name="Nova Quill", url="https://open.spotify.com/x", image_url="https://i.example/a",
                    followers=7, genres=("dream pop",))
    ]  # fmt: skip
    assert Redirected("Old", NOVA) in look(make(), Target("spotify", Ask.PROFILE, "Old")).observations


def test_an_album_is_read_with_all_its_tracks(stage, make):
    stage.rows, stage.max = [track(n) for n in range(1, 121)], 50
    tracks = {"items": stage.rows[:50], "limit": 50, "offset": 0, "total": 120, "next": f"{stage.server.url}/v1/x"}
    copyrights = [{"type": "C", "text": "© 2024 Quill"}, {"type": "P", "text": "℗ 2024 Quill"}]
    full = album(1, tracks=tracks, copyrights=copyrights, external_ids={"upc": "00602475093060"}, genres=[])
    stage.server.add("/v1/albums/al1?market=US", full)
    told = look(make(), Target("spotify", Ask.RELEASE, "al1"))
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


def test_a_label_is_read_where_the_credential_may_see_it(stage, make):
    tracks = {"items": [track(1, explicit=True)], "limit": 50, "offset": 0, "total": 1, "next": None}
    stage.server.add("/v1/albums/al1?market=US", album(1, label="Quill Records", copyrights=[], tracks=tracks))
    told = look(make(capability="extended"), Target("spotify", Ask.RELEASE, "al1"))
    assert told.of(ReleaseSeen)[0].lines == (LineSeen("label", "Quill Records"),)
    assert told.of(TrackSeen)[0].explicit is True


@pytest.mark.parametrize(("printed", "stored", "searches"), [
    ("602475093060", "00602475093060", ["602475093060", "00602475093060"]),
    ("0602475093060", "602475093060", ["0602475093060", "00602475093060", "602475093060"]),
    ("00602475093060", "00602475093060", ["00602475093060"]),
])  # fmt: skip
def test_a_barcode_is_searched_in_every_spelling_until_one_is_known(stage, make, printed, stored, searches):
    stage.twist = lambda asked, page: page if asked.query["q"] == f"upc:{stored}" else {**page, "items": [], "total": 0}
    stage.rows = [album(1)]
    tracks = {"items": [], "limit": 50, "offset": 0, "total": 0, "next": None}
    stage.server.add("/v1/albums/al1?market=US", album(1, tracks=tracks, external_ids={"upc": stored}))
    told = look(make(), Target("spotify", Ask.UPC, printed))
    assert [asked.query["q"] for asked in stage.calls("search")] == [f"upc:{code}" for code in searches]
    assert [(seen.id, seen.upc) for seen in told.of(ReleaseSeen)] == [("al1", stored)]
    assert told.coverage.outcome is Outcome.COMPLETE


def test_an_unknown_barcode_is_absent_and_another_ones_album_is_no_answer(stage, make):
    told = look(make(), Target("spotify", Ask.UPC, "4006381333931"))
    assert (told.coverage.outcome, told.observations) == (
        Outcome.ABSENT,
        [Absent("4006381333931", "no album bears this barcode")],
    )
    assert [asked.query["q"] for asked in stage.calls()] == ["upc:4006381333931", "upc:04006381333931"]
    stage.rows = [album(1)]
    stage.server.add("/v1/albums/al1?market=US", album(1, external_ids={"upc": "999"}))
    told = look(make(), Target("spotify", Ask.UPC, "4006381333931"))
    assert told.coverage.outcome is Outcome.PARTIAL
    assert "another barcode" in told.coverage.stop_reason


def test_an_isrc_brings_tracks_with_their_albums(stage, make):
    stage.rows = [track(1, album=album(1), external_ids={"isrc": "QZ-AB1-24-00001"}, explicit=True)]
    told = look(make(), Target("spotify", Ask.ISRC, "QZAB12400001"))
    assert [(seen.id, seen.release_id, seen.isrc) for seen in told.of(TrackSeen)] == [("tr1", "al1", "QZ-AB1-24-00001")]
    assert [seen.id for seen in told.of(ReleaseSeen)] == ["al1"]
    assert told.coverage.outcome is Outcome.COMPLETE
    stage.rows = []
    told = look(make(), Target("spotify", Ask.ISRC, "QZAB12400001"))
    said = [Absent("QZAB12400001", "no track bears this ISRC")]
    assert (told.coverage.outcome, told.observations) == (Outcome.ABSENT, said)


@pytest.mark.parametrize("twist", [{"items": [None]}, {"items": [], "total": 1}])
@pytest.mark.parametrize(("ask", "code"), [(Ask.UPC, "4006381333931"), (Ask.ISRC, "QZAB12400001")])
def test_a_hit_that_is_promised_but_does_not_come_is_no_absence(stage, make, ask, code, twist):
    stage.twist = lambda asked, page: {**page, **twist}
    told = look(make(), Target("spotify", ask, code))
    assert told.coverage.outcome is Outcome.PARTIAL
    assert [type(seen) for seen in told.observations] == [OddRow] * len(twist["items"])


# --- early stop, resume ---------------------------------------------------------------------------------------------


def test_an_early_stop_needs_a_known_page_and_one_more(stage, make):
    stage.rows = [album(n) for n in range(60)]
    known = frozenset(f"al{n}" for n in range(3, 60))
    told = look(make(), releases("album", whole=False, known=known))
    assert [asked.query["offset"] for asked in stage.calls()] == ["0", "10", "20"]
    assert (told.coverage.outcome, told.coverage.stop_reason) == (Outcome.PARTIAL, "overlap with what is known")
    assert told.coverage.resume is None


def test_a_gap_in_the_overlap_goes_on(stage, make):
    stage.rows = [album(n) for n in range(50)]
    known = frozenset(f"al{n}" for n in range(50)) - {"al15"}
    look(make(), releases("single", whole=False, known=known))
    assert len(stage.calls()) == 4


@pytest.mark.parametrize("total", [41, 39])
def test_a_total_that_does_not_agree_means_that_the_walk_goes_on(stage, make, total):
    """Forty are known, and a fake that claims to be old stands at place 35; or one of them is gone."""
    stage.rows = [album(n) for n in range(40)]
    known = frozenset(f"al{n}" for n in range(40))
    stage.rows.insert(35, album(99)) if total == 41 else stage.rows.pop(35)
    told = look(make(), releases("album", whole=False, known=known))
    assert told.coverage.outcome is Outcome.COMPLETE
    assert len({release.id for release in told.of(ReleaseSeen)}) == total


@pytest.mark.parametrize(("section", "whole"), [("appears_on", False), ("compilation", False), ("album", True)])
def test_other_sections_and_full_walks_never_stop_early(stage, make, section, whole):
    stage.rows = [album(n) for n in range(60)]
    known = frozenset(f"al{n}" for n in range(60))
    told = look(make(), releases(section, whole=whole, known=known))
    assert (len(stage.calls()), told.coverage.outcome) == (6, Outcome.COMPLETE)


def test_a_walk_longer_than_the_days_quota_goes_on_the_next_day(stage, make):
    stage.rows = [album(n) for n in range(1035)]
    seen, resume, days = set(), None, []
    for _ in range(3):
        told = look(make(QuickGate(slots=40)), releases("appears_on", resume=resume))
        seen |= {release.id for release in told.of(ReleaseSeen)}
        resume = told.coverage.resume
        days.append((told.coverage.outcome, resume, told.coverage.resumed))
    assert days == [
        (Outcome.THROTTLED, "400", False),
        (Outcome.THROTTLED, "790", True),  # each day goes back by one page
        (Outcome.COMPLETE, None, True),
    ]
    assert len(seen) == 1035


def test_a_resumed_walk_beyond_a_list_that_shrank_is_not_complete(stage, make):
    stage.rows = [album(n) for n in range(12)]
    stage.twist = lambda asked, page: {**page, "next": None}
    told = look(make(), releases("appears_on", resume="400"))
    assert (told.coverage.outcome, told.coverage.received, told.coverage.resume) == (Outcome.PARTIAL, 0, None)


@pytest.mark.parametrize("fault", [Answer(b"{}", 200), Answer(b"", 502)])
def test_a_page_that_fails_again_and_again_does_not_hide_the_beginning(stage, make, fault):
    stage.rows = [album(n) for n in range(60)]
    at_20 = stage.page

    def page(asked):
        return fault if asked.query["offset"] == "20" else at_20(asked)

    stage.page, resume, offsets = page, None, []
    for _ in range(3):
        told = look(make(), releases("appears_on", resume=resume))
        assert told.coverage.outcome in (Outcome.MALFORMED, Outcome.FAILED)
        offsets.append(stage.calls()[0].query["offset"])
        stage.server.asked.clear()
        resume = told.coverage.resume
    assert offsets.count("0") >= 2


def test_a_list_that_never_ends_is_left(stage, make):
    more = stage.server.url + "/v1/more"
    stage.twist = lambda asked, page: {
        **page, "total": 30, "next": more, "items": [album(int(asked.query["offset"]) + n) for n in range(10)]
    }  # fmt: skip
    told = look(make(), releases("appears_on"))
    assert (told.coverage.outcome, told.coverage.resume) == (Outcome.PARTIAL, None)
    assert len(stage.calls()) == 14


def test_a_resume_that_is_no_offset_starts_anew(stage, make):
    stage.rows = [album(1)]
    told = look(make(), releases("appears_on", resume="garbage"))
    assert (told.coverage.outcome, told.coverage.resumed, told.coverage.received) == (Outcome.COMPLETE, False, 1)


# --- refusals -------------------------------------------------------------------------------------------------------


def test_a_429_in_the_middle_parks_the_bucket_at_once_and_keeps_the_place(stage, make):
    stage.rows = [album(n) for n in range(40)]
    stage.faults = [None, None, Answer(b"Too many requests", 429, "text/plain", {"Retry-After": "20000"})]
    gate, before = QuickGate(), time.monotonic()
    told = look(make(gate), releases("appears_on"))
    assert time.monotonic() - before < 5
    assert gate.parked == {"artist_albums": 20_000.0}
    assert (told.coverage.outcome, told.coverage.resume, told.coverage.received) == (Outcome.THROTTLED, "20", 20)
    assert len(stage.calls()) == 3


@pytest.mark.parametrize(("headers", "wait_s"), [({"Retry-After": "86207"}, 86_207.0), ({}, 3600.0)])
def test_a_used_up_quota_parks_its_own_bucket_only(stage, make, headers, wait_s):
    body = {"error": {"status": 429, "message": "Too many requests", "reason": "QUOTA_EXCEEDED"}}
    stage.faults = [Answer(json.dumps(body).encode(), 429, headers=headers)]
    gate = QuickGate()
    client = make(gate)
    told = look(client, releases())
    assert (told.coverage.outcome, gate.parked) == (Outcome.THROTTLED, {"artist_albums": wait_s})
    assert "QUOTA_EXCEEDED" in told.coverage.stop_reason
    stage.server.add(f"/v1/artists/{NOVA}", {"id": NOVA, "name": "Nova Quill"})
    assert look(client, Target("spotify", Ask.PROFILE, NOVA)).coverage.outcome is Outcome.COMPLETE


def test_a_full_window_is_the_apps_and_parks_both_buckets(stage, make):
    stage.faults = [Answer(b'{"error":{"status":429,"message":"API rate limit exceeded"}}', 429)]
    gate = QuickGate()
    assert look(make(gate), releases()).coverage.outcome is Outcome.THROTTLED
    assert gate.parked == {"": 30.0, "artist_albums": 30.0}


def test_our_own_spent_budget_asks_nothing(stage, make):
    told = look(make(QuickGate(slots=0)), releases())
    assert (told.coverage.outcome, told.coverage.cost, stage.server.asked) == (Outcome.THROTTLED, 0, [])


def test_a_lapsed_premium_is_refused_in_spotifys_words(stage, make):
    stage.faults = [Answer(PREMIUM.encode(), 403, "text/plain")]
    told = look(make(), releases())
    assert told.coverage.outcome is Outcome.REFUSED
    assert "Active premium subscription required" in told.coverage.stop_reason


def test_a_removed_endpoint_is_blind_and_never_empty(stage, make):
    stage.faults = [Answer(b'{"error":{"status":403,"message":"Forbidden"}}', 403)]
    told = look(make(), releases())
    assert (told.coverage.outcome, told.observations) == (Outcome.BLIND, [])


def test_a_token_that_is_lost_on_the_way_is_renewed_once(stage, make):
    stage.rows = [album(1)]
    stage.tokens = [{"access_token": f"token{n}", "expires_in": 3600} for n in range(9)]
    stage.faults = [Answer(b'{"error":{"status":401,"message":"Access token missing"}}', 401)]
    gate = QuickGate()
    told = look(make(gate), releases())
    assert (told.coverage.outcome, told.coverage.cost, len(gate.waits)) == (Outcome.COMPLETE, 2, 2)
    assert [asked.headers["authorization"] for asked in stage.calls()] == ["Bearer token0", "Bearer token1"]


@pytest.mark.parametrize(("expires_in", "fetched"), [(3600, 1), (1, 4)])
def test_a_token_is_kept_while_it_lasts(stage, make, expires_in, fetched):
    stage.tokens = [{"access_token": TOKEN, "expires_in": expires_in}]
    client = make(lapse=1.0)
    for _ in range(4):
        look(client, releases())
    assert len(stage.server.asked) - len(stage.calls()) == fetched


def test_a_token_ages_in_the_platforms_time(stage, make):
    client = make(lapse=36_000.0)
    look(client, releases())
    time.sleep(0.15)  # 5,400 of the platform's seconds
    look(client, releases())
    assert len(stage.server.asked) - len(stage.calls()) == 2


def test_a_short_secret_spoils_no_answer(stage, make):
    stage.rows = [album(1)]
    told = look(make(credentials={"client_id": "a", "client_secret": "e"}), releases())
    assert told.of(ReleaseSeen)[0].title == "Song 1"


def test_a_token_that_is_never_accepted_fails_without_hammering(stage, make):
    stage.faults = [Answer(b'{"error":{"status":401,"message":"The access token expired"}}', 401)] * 99
    told = look(make(), releases())
    assert told.coverage.outcome is Outcome.FAILED
    assert len(stage.calls()) == 6  # three tries, each with a token kept and a fresh one
    assert len(stage.server.asked) - len(stage.calls()) <= 4


def test_bad_credentials_are_refused_once_and_for_all(stage, make):
    stage.tokens = [Answer(b'{"error":"invalid_client","error_description":"Invalid client"}', 400)]
    client = make()
    for _ in range(3):
        told = look(client, releases())
        assert told.coverage.outcome is Outcome.REFUSED
        assert told.coverage.stop_reason == "Spotify does not accept this client_id and client_secret (HTTP 400)"
    assert len(stage.server.asked) == 1


@pytest.mark.parametrize("credentials", [{}, {"client_id": "ours"}, {"client_id": "", "client_secret": "x"},
                                         {"client_id": "ours", "client_secret": "schlüssel"}])  # fmt: skip
def test_without_credentials_the_platform_is_off_and_says_so(stage, make, credentials, monkeypatch):
    monkeypatch.setenv("SPOTIPY_CLIENT_ID", "from-the-environment")
    monkeypatch.setenv("SPOTIPY_CLIENT_SECRET", "from-the-environment")
    told = look(make(credentials=credentials), releases())
    assert told.coverage.outcome is Outcome.REFUSED
    assert "client_id and client_secret" in told.coverage.stop_reason
    assert stage.server.asked == []


@pytest.mark.parametrize(
    ("token", "outcome"),
    [
        (Answer(b"<html>", 503, "text/html"), Outcome.FAILED),
        (Answer(b"not json", 200), Outcome.MALFORMED),
        (b'{"access_token":"BQtok', Outcome.FAILED),
        (b"[]", Outcome.MALFORMED),
        (b'{"token_type":"Bearer"}', Outcome.MALFORMED),
        (b'{"access_token":null,"expires_in":3600}', Outcome.MALFORMED),
        (b'{"access_token":"a\\r\\nb","expires_in":3600}', Outcome.MALFORMED),
        (Answer(b"Too many requests", 429, headers={"Retry-After": "9"}), Outcome.THROTTLED),
        (Answer(b"[1]", 400), Outcome.REFUSED),
        (Answer(b"<html>", 404), Outcome.MALFORMED),
        (Answer(b"", 404), Outcome.MALFORMED),
        (Answer(status=302, headers={"Location": "https://evil.example/"}), Outcome.REFUSED),
        (Answer(reset=True), Outcome.FAILED),
    ],
)
def test_a_strange_token_answer_is_no_token(stage, make, token, outcome):
    stage.tokens = [token]
    told = look(make(), releases())
    assert told.coverage.outcome is outcome
    assert stage.calls() == []


def test_an_unknown_id_is_absent(stage, make):
    for fault in (Answer(b"", 404), Answer(b'{"error":{"status":400,"message":"Invalid base62 id"}}', 400)):
        stage.faults = [fault]
        told = look(make(), releases())
        assert told.coverage.outcome is Outcome.ABSENT
        assert [seen.id for seen in told.of(Absent)] == [NOVA]


@pytest.mark.parametrize(
    "body",
    [b"<html>nginx</html>", b"not found", b'{"error":{"status":404,"message":"Service not found"}}', b"{}", b"[]",
     b'{"error":null}', b'{"error":{}}', b'{"error":[]}', b'{"error":{"status":404,"message":7}}', b'{"message":"no"}'],
)  # fmt: skip
def test_another_servers_404_makes_nothing_absent(stage, make, body):
    stage.faults = [Answer(body, 404)]
    told = look(make(), releases())
    assert (told.coverage.outcome, told.observations) == (Outcome.MALFORMED, [])


@pytest.mark.parametrize("status", [403, 404, 429])
def test_what_a_server_says_is_shown_only_as_far_as_it_is_legible(stage, make, status):
    stage.faults = [Answer(b'{"error":{"message":"a\\u0000b\\ud800c\\nd"}}', status)]
    told = look(make(), releases())
    assert "abcd" in told.coverage.stop_reason
    assert told.coverage.stop_reason.isprintable()


def test_a_page_that_is_missing_in_the_middle_makes_nothing_absent(stage, make):
    stage.rows, stage.faults = [album(n) for n in range(30)], [None, Answer(b"", 404)]
    told = look(make(), releases())
    assert (told.coverage.outcome, told.of(Absent), told.coverage.received) == (Outcome.PARTIAL, [], 10)


# --- faults of the server -------------------------------------------------------------------------------------------


def test_a_storm_of_503_passes_or_fails_but_is_never_complete(stage, make):
    stage.rows = [album(n) for n in range(20)]
    stage.faults = [Answer(b"<html>", 503, "text/html"), Answer(b"", 500), None]
    gate = QuickGate()
    assert look(make(gate), releases()).coverage.outcome is Outcome.COMPLETE
    assert len(gate.waits) == len(stage.calls()) == 4
    stage.faults = [None] + [Answer(b"upstream", 503, "text/plain")] * 9
    told = look(make(), releases())
    assert (told.coverage.outcome, told.coverage.received, told.coverage.resume) == (Outcome.FAILED, 10, "10")


@pytest.mark.parametrize("fault", [Answer(reset=True), Answer(b'{"items":[]}' + b" " * 99, cut_at=12),
                                   Answer(b'{"a":"0123456789"}', drip_s=0.15), Answer(b"{}", delay_s=3)])  # fmt: skip
def test_connections_that_break_or_crawl_fail_in_time(stage, make, fault):
    stage.faults = [fault] * 9
    before = time.monotonic()
    told = look(make(timeout_s=0.3), releases())
    assert (told.coverage.outcome, told.coverage.cost) == (Outcome.FAILED, 3)
    assert time.monotonic() - before < 4


@pytest.mark.parametrize(
    "body",
    [b'{"items":[{"id":}', b"", b"[]", b"null", b'"text"', b'{"a":' * 100_000 + b"}", b'{"items":"x" }',
     b'{"items":[7],"limit":10,"offset":0,"total":1,"next":null}',
     b'{"items":[],"limit":0,"offset":0,"total":1,"next":null}',
     b'{"items":[],"limit":10,"offset":0,"total":1}',
     b'{"items":[{"id":"al1"}],"limit":10,"offset":0,"total":1,"next":null}'],
)  # fmt: skip
def test_what_is_no_page_is_misunderstood(stage, make, body):
    stage.faults = [body]
    told = look(make(), releases())
    assert (told.coverage.outcome, len(stage.calls())) == (Outcome.MALFORMED, 1)
    assert all(isinstance(seen, OddRow) for seen in told.observations)


def test_a_page_that_was_cut_at_the_source_is_asked_again(stage, make):
    stage.rows, cut = [album(1)], b'{"items":[{"id":'
    stage.faults = [cut]
    told = look(make(), releases())
    assert (told.coverage.outcome, told.coverage.cost) == (Outcome.COMPLETE, 2)
    stage.faults = [cut] * 3
    told = look(make(), releases())
    assert (told.coverage.outcome, told.coverage.cost) == (Outcome.FAILED, 3)
    assert "cut short" in told.coverage.stop_reason


@pytest.mark.parametrize("status", [400, 403, 500])
@pytest.mark.parametrize("body", [b"[1]", b'{"error":"text"}', b'{"error":[]}', b"null", b'{"a":' * 100_000])
def test_an_error_of_any_shape_is_told_and_never_crashes(stage, make, status, body):
    stage.faults = [Answer(body, status)] * 9
    expected = {400: Outcome.MALFORMED, 403: Outcome.REFUSED, 500: Outcome.FAILED}
    assert look(make(), releases()).coverage.outcome is expected[status]


def test_ten_megabytes_are_given_up(stage, make):
    stage.faults = [b'{"a":"' + b"x" * 10_000_000 + b'"}']
    told = look(make(), releases())
    assert (told.coverage.outcome, told.payloads) == (Outcome.MALFORMED, [])


@pytest.mark.parametrize("foreign", ["https://evil.example/v1/x?offset=10", "//evil.example/x", "http://127.0.0.1:1/x"])
def test_a_next_link_to_another_host_is_refused(stage, make, foreign):
    stage.rows = [album(n) for n in range(20)]
    stage.twist = lambda asked, page: {**page, "next": foreign}
    told = look(make(), releases())
    assert (told.coverage.outcome, len(stage.calls()), told.coverage.received) == (Outcome.REFUSED, 1, 10)


def test_redirects_are_refused_and_the_token_stays_home(stage, make):
    with Replay() as elsewhere:
        elsewhere.answer_by(lambda asked: {})
        stage.faults = [Answer(status=302, headers={"Location": elsewhere.url + "/x"})]
        assert look(make(), releases()).coverage.outcome is Outcome.REFUSED
        assert elsewhere.asked == []


def test_null_entries_are_survived_but_not_seen_whole(stage, make):
    stage.rows = [album(1), None, album(3)]
    told = look(make(), releases())
    assert [seen.id for seen in told.of(ReleaseSeen)] == ["al1", "al3"]
    assert told.coverage.outcome is Outcome.PARTIAL
    assert "row 2: an object was expected, got NoneType" in told.coverage.stop_reason


def test_a_total_that_promises_more_than_comes_is_partial(stage, make):
    stage.rows, stage.total = [album(n) for n in range(7)], 16
    told = look(make(), releases())
    assert (told.coverage.outcome, told.coverage.expected, told.coverage.received) == (Outcome.PARTIAL, 16, 7)


def test_a_jittering_total_is_partial_when_it_once_promised_more(stage, make):
    stage.rows, totals = [album(n) for n in range(30)], iter((30, 33, 29))
    stage.twist = lambda asked, page: {**page, "total": next(totals)}
    told = look(make(), releases())
    assert (told.coverage.outcome, told.coverage.expected, told.coverage.received) == (Outcome.PARTIAL, 33, 30)


def test_an_ignored_offset_ends_the_walk(stage, make):
    stage.rows, first = [album(n) for n in range(40)], {}
    stage.twist = lambda asked, page: first.setdefault("page", page)
    told = look(make(), releases())
    assert (told.coverage.outcome, len(stage.calls()), told.coverage.received) == (Outcome.PARTIAL, 2, 10)


def test_a_cycle_ends_the_walk(stage, make):
    stage.rows = [album(n) for n in range(20)]
    more = stage.server.url + "/v1/more"
    stage.twist = lambda asked, page: {
        **page, "next": more, "items": stage.rows[(int(asked.query["offset"]) % 20) :][:10]
    }  # fmt: skip
    told = look(make(), releases())
    assert (told.coverage.outcome, len(stage.calls()), told.coverage.received) == (Outcome.PARTIAL, 3, 20)


def test_empty_pages_that_never_end_are_left(stage, make):
    stage.twist = lambda asked, page: {**page, "next": stage.server.url + "/v1/more"}
    told = look(make(), releases())
    assert (told.coverage.outcome, len(stage.calls())) == (Outcome.PARTIAL, 1)


def test_a_server_that_applies_a_smaller_limit_loses_nothing(stage, make):
    stage.rows = [album(n) for n in range(12)]

    def five(asked, page):
        offset = int(asked.query["offset"])
        more = stage.server.url + "/v1/more" if offset + 5 < 12 else None
        return {**page, "limit": 5, "items": stage.rows[offset : offset + 5], "next": more}

    stage.twist = five
    told = look(make(), releases())
    assert (told.coverage.outcome, told.coverage.received) == (Outcome.COMPLETE, 12)


def test_a_group_that_was_not_obeyed_is_partial(stage, make):
    stage.rows = [album(1, album_group="appears_on")]
    told = look(make(), releases("single"))
    assert (told.coverage.outcome, "include_groups" in told.coverage.stop_reason) == (Outcome.PARTIAL, True)


# --- secrets --------------------------------------------------------------------------------------------------------


@pytest.fixture
def loud(caplog):
    names = ("spotipy", "spotipy.client", "spotipy.oauth2", "urllib3", "urllib3.connectionpool", "requests")
    levels = {name: logging.getLogger(name).level for name in names}
    yield caplog
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)


def test_no_secret_is_told_logged_or_raised(stage, make, loud, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    client = make()
    for name in ("spotipy", "spotipy.client", "spotipy.oauth2", "urllib3", "urllib3.connectionpool", "requests"):
        loud.set_level(logging.DEBUG, name)
    loud.set_level(logging.DEBUG)
    stage.rows = [album(n) for n in range(11)]
    told = [look(client, releases()).text()]
    unauthorised = Answer(f'{{"error":{{"status":401,"message":"{TOKEN} expired"}}}}'.encode(), 401)
    for fault in (unauthorised, Answer(TOKEN.encode(), 403), Answer(reset=True), Answer(status=500), Answer(b"x", 429)):
        stage.faults = [fault] * 9
        told.append(look(client, releases()).text())
    stage.tokens = [Answer(json.dumps({"error": "invalid_client", "error_description": SECRET}).encode(), 400)]
    told.append(look(make(), releases()).text())
    assert "Sending GET" in loud.text  # spotipy did print its headers
    assert "Bearer ***" in loud.text
    assert "Basic ***" in loud.text
    for secret in (TOKEN, SECRET, BASIC):
        assert secret not in loud.text
        assert not [text for text in told if secret in text]
    assert SECRET not in repr(client.access)
    assert list(tmp_path.iterdir()) == []  # no .cache with a token in it


def test_exceptions_keep_no_request_with_its_headers(stage, make):
    stage.faults = [Answer(reset=True)] * 9
    client = make()
    with pytest.raises(Unavailable) as caught:
        client._api.get("artists/x", Walk())
    error = caught.value
    while error is not None:
        assert TOKEN not in repr(vars(error))
        assert getattr(error, "request", None) is None
        error = error.__cause__


def test_every_exception_of_the_session_becomes_ours():
    said = [*vars(requests.exceptions).values(), *vars(urllib3.exceptions).values()]
    roots = requests.RequestException | urllib3.exceptions.HTTPError
    kinds = [kind for kind in said if isinstance(kind, type) and issubclass(kind, roots)]
    assert len(kinds) > 30
    for kind in kinds:
        assert isinstance(trouble_of(kind.__new__(kind)), Refused | Unavailable)


def test_a_base_that_is_no_url_is_refused(make):
    told = look(make(base_url="nonsense"), releases())
    assert told.coverage.outcome is Outcome.REFUSED


def test_without_a_base_both_hosts_are_spotifys_own():
    client = Spotify(Access(credentials={"client_id": "a", "client_secret": "b"}), QuickGate())
    assert client.base == "https://api.spotify.com/v1"
    assert client._api._tokens.OAUTH_TOKEN_URL == "https://accounts.spotify.com/api/token"
    client.close()
