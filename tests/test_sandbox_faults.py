"""Every switch does what its name says, over real HTTP, and does it again for the same seed."""

import json
import time

import httpx
import pytest

from sandbox import SandboxRefused, running
from sandbox.server.faults import BAD_DAYS, CONTENT, NAMES, REPLACING, REQUEST, TRANSPORT
from tests.listing import UNLIMITED, client, spotify_client


@pytest.fixture
def albums(small_world, profiles):
    with client() as http:
        url = f"{small_world.url}/deezer/artist/{profiles[0]['deezer']}/albums"
        yield lambda **params: http.get(url, params={"limit": 4, **params})


@pytest.fixture
def singles(small_world, profiles):
    with spotify_client(small_world) as http:
        url = f"{small_world.url}/spotify/v1/artists/{profiles[0]['spotify']}/albums"
        params = {"include_groups": "single", "limit": 2, "market": "US"}
        yield lambda **more: http.get(url, params={**params, **more})


def test_throttling_is_said_in_each_platforms_own_words(small_world, switch, albums, singles):
    switch(throttle=1)
    assert albums().json()["error"]["code"] == 4
    refused = singles()
    assert (refused.status_code, refused.text, refused.headers["retry-after"]) == (429, "Too many requests", "2")
    with client() as http:
        assert http.get(f"{small_world.url}/itunes/lookup?id=1").status_code == 403
        assert http.get(f"{small_world.url}/musicbrainz/ws/2/isrc/x").status_code == 503


def test_a_quota_is_exceeded_for_almost_a_day(switch, singles):
    switch(quota=1)
    refused = singles()
    assert refused.json()["error"]["reason"] == "QUOTA_EXCEEDED"
    assert refused.headers["retry-after"] == "86207"


def test_throttling_in_the_middle_spares_the_first_page(switch, albums, singles):
    switch(throttle_mid_page=1)
    assert "data" in albums().json()
    assert albums(index=4).json()["error"]["code"] == 4
    assert singles().status_code == 200
    assert singles(offset=2).status_code == 429


@pytest.mark.parametrize(
    ("fault", "status", "content"),
    [
        ("storm_503", 503, "Service Unavailable"),
        ("empty_403", 403, ""),
        ("html_error", 502, "<html>"),
        ("error_in_200", 200, '{"error":'),
        ("unauthorized", 401, "Access token missing"),
        ("premium", 403, "Active premium subscription required"),
    ],
)
def test_answers_are_replaced(switch, singles, fault, status, content):
    switch(**{fault: 1})
    reply = singles()
    assert reply.status_code == status
    assert content in reply.text


def test_a_short_page_keeps_its_total_and_next(switch, albums):
    whole = albums().json()
    switch(short_page=1)
    short = albums().json()
    assert short["data"] == whole["data"][:2]
    assert (short["total"], short["next"]) == (whole["total"], whole["next"])


def test_a_cycle_gives_the_first_page_for_ever(switch, albums, singles):
    first = albums().json()["data"]
    switch(cycle=1)
    later = albums(index=4).json()
    assert later["data"] == first
    assert "index=4" in later["next"]
    assert singles(offset=2).json()["items"] == singles().json()["items"]


def test_an_ignored_offset_gives_the_first_page_with_an_honest_next(switch, albums):
    first = albums().json()
    switch(ignore_offset=1)
    assert albums(index=4).json() == first


def test_totals_jitter(switch, albums):
    total = albums().json()["total"]
    switch(jitter_total=1)
    said = [albums().json()["total"] for _ in range(12)]
    assert total not in said
    assert len(set(said)) > 1


def test_null_items_and_foreign_next(switch, singles):
    switch(null_items=1, foreign_next=1)
    page = singles().json()
    assert page["items"].count(None) == 1
    assert page["next"].startswith("http://catalogue.invalid/")


def test_a_field_is_dropped_or_renamed(small_world, switch, albums):
    id = albums().json()["data"][0]["id"]
    with client() as http:
        switch(drop_field={"probability": 1, "field": "label"})
        assert "label" not in http.get(f"{small_world.url}/deezer/album/{id}").json()
        switch(rename_field={"probability": 1, "field": "title", "to": "name"})
        item = albums().json()["data"][0]
    assert "title" not in item
    assert item["name"]


def test_a_reset_really_breaks_the_connection_in_the_body(switch, albums):
    switch(reset=1)
    with pytest.raises((httpx.ReadError, httpx.RemoteProtocolError)):
        albums()


def test_a_truncated_body_is_no_json(switch, albums):
    switch(truncated=1)
    reply = albums()
    assert reply.status_code == 200
    with pytest.raises(json.JSONDecodeError):
        reply.json()


def test_a_slow_body_comes_in_the_end(switch, albums):
    switch(slow={"probability": 1, "seconds": 0.4})
    began = time.monotonic()
    assert albums().json()["data"]
    assert time.monotonic() - began >= 0.4


def test_chance_is_the_same_for_the_same_seed():
    def statuses():
        with running(scale=0.06, lapse=0.001, faults={"storm_503": 0.3}) as sandbox, client() as http:
            sandbox.limits(UNLIMITED)
            return [http.get(f"{sandbox.url}/itunes/lookup?id=1").status_code for _ in range(40)], sandbox.told(
                "faults"
            )

    (first, told), (second, _) = statuses(), statuses()
    assert first == second
    assert 4 < first.count(503) < 22
    assert told["fired"] == {"itunes.storm_503": first.count(503)}


def test_a_fault_can_be_for_one_platform_and_path(small_world, switch, albums, profiles):
    switch(storm_503={"probability": 1, "platforms": ["deezer"], "path": "/albums"})
    with client() as http:
        assert albums().status_code == 503
        assert http.get(f"{small_world.url}/deezer/artist/{profiles[0]['deezer']}").status_code == 200
        assert http.get(f"{small_world.url}/itunes/lookup?id=1").status_code == 200


def test_each_fault_is_switched_off_by_zero(small_world, switch):
    switch(storm_503=1, slow=0.5)
    assert set(small_world.faults(storm_503=0)["on"]) == {"slow"}


@pytest.mark.parametrize(
    ("said", "line"),
    [
        ({"explode": 1}, "no fault is called 'explode'"),
        ({"reset": 2}, "a probability is between 0 and 1"),
        ({"reset": {"platforms": ["napster"]}}, "reset.platforms: a list of"),
        ({"reset": {"chance": 1}}, "reset: a probability or an object"),
        ({"seed": "x"}, "seed: a whole number"),
    ],
)
def test_bad_switches_are_refused_and_change_nothing(small_world, switch, said, line):
    before = switch(slow=0.1)["on"]
    with pytest.raises(SandboxRefused, match=line):
        small_world.faults(**said)
    assert small_world.told("faults")["on"] == before


def test_every_fault_is_of_one_kind():
    assert len(set(NAMES)) == len(NAMES) == len(REPLACING + REQUEST + CONTENT + TRANSPORT + BAD_DAYS)
