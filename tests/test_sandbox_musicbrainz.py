"""The stand-in for MusicBrainz speaks as MusicBrainz does, over real HTTP."""

from datetime import UTC, datetime

import pytest

from tests.listing import client

START = datetime(2026, 3, 2, tzinfo=UTC)


@pytest.fixture(scope="module")
def musicbrainz(whole_world):
    with client() as http:
        yield lambda path, **params: http.get(f"{whole_world.url}/musicbrainz/ws/2/{path}", params=params)


def test_musicbrainz_wants_a_contact(whole_world, everywhere):
    url = f"{whole_world.url}/musicbrainz/ws/2/artist/{everywhere[0]['profiles']['musicbrainz']}"
    for agent in ("", "python-httpx/0.28.1", "Mozilla/5.0"):
        with client() as http:
            assert http.get(url, headers={"User-Agent": agent}).status_code == 403


def test_musicbrainz_looks_artists_up_with_aliases_and_relations(musicbrainz, everywhere):
    ended = missing = 0
    for artist in everywhere:
        said = musicbrainz(f"artist/{artist['profiles']['musicbrainz']}", inc="aliases+url-rels", fmt="json").json()
        assert said["name"] == artist["name"]
        assert {alias["name"] for alias in said["aliases"]} if artist["aliases"] else "aliases" in said
        current = {r["url"]["resource"] for r in said["relations"] if not r["ended"]}
        ended += any(relation["ended"] for relation in said["relations"])
        missing += f"https://www.deezer.com/artist/{artist['profiles']['deezer']}" not in current
        assert "life-span" in said
    assert 0 < ended < len(everywhere)
    assert 0 < missing < len(everywhere) / 3


def test_musicbrainz_search_leaves_keys_out_and_says_ended_null(musicbrainz, everywhere):
    said = musicbrainz("artist", query=f'artist:"{everywhere[1]["name"]}"', fmt="json").json()
    first = said["artists"][0]
    assert (first["score"], first["id"]) == (100, everywhere[1]["profiles"]["musicbrainz"])
    assert first["life-span"]["ended"] is None
    assert "disambiguation" not in first
    assert said["count"] >= len(said["artists"])


def test_musicbrainz_browses_oldest_first_and_cuts_pages_at_500_tracks(musicbrainz, whole_world):
    huge = whole_world.truth()["monitored"][49]["profiles"]["musicbrainz"]
    params = {"artist": huge, "inc": "recordings+isrcs+labels+artist-credits", "limit": 100, "fmt": "json"}
    seen, dates = 0, []
    pages = []
    while True:
        page = musicbrainz("release", **params, offset=seen).json()
        pages.append(page)
        assert page["release-offset"] == seen
        tracks = sum(medium["track-count"] for release in page["releases"] for medium in release["media"])
        assert tracks <= 500
        dates += [release["date"] for release in page["releases"]]
        seen += len(page["releases"])
        if seen >= page["release-count"]:
            break
    assert len(pages[0]["releases"]) < 100
    dated = [date for date in dates if date]
    assert dated == sorted(dated)
    assert dates[len(dated) :] == [""] * (len(dates) - len(dated))
    assert pages[0]["releases"][0]["media"][0]["tracks"][0]["recording"]["isrcs"]


def test_musicbrainz_finds_isrcs_barcodes_and_addresses(musicbrainz, everywhere):
    id = everywhere[1]["profiles"]["musicbrainz"]
    releases = musicbrainz("release", artist=id, inc="recordings+isrcs", limit=100, fmt="json").json()["releases"]
    isrc = releases[0]["media"][0]["tracks"][0]["recording"]["isrcs"][0]
    assert musicbrainz(f"isrc/{isrc}", inc="releases").json()["recordings"][0]["releases"]
    assert musicbrainz("isrc/ZZZZZ0000001").status_code == 404
    assert musicbrainz("isrc/nothing").status_code == 400
    assert musicbrainz(f"artist/{id}", inc="coffee").json()["error"].startswith("coffee is not a valid inc parameter")
    coded = next(release for release in releases if release["barcode"])
    assert musicbrainz("release", query=f"barcode:{coded['barcode']}").json()["releases"][0]["id"] == coded["id"]
    assert {release["barcode"] for release in releases} & {"", None} or len(releases) < 8
    assert musicbrainz("release/" + coded["id"], inc="labels").json()["label-info"][0]["label"]["name"]


def test_musicbrainz_answers_one_address_or_many_but_no_more_than_a_hundred(musicbrainz, everywhere):
    urls = [f"https://www.deezer.com/artist/{artist['profiles']['deezer']}" for artist in everywhere]
    found = musicbrainz("url", resource=[*urls[:30], "https://www.deezer.com/artist/1"], inc="artist-rels").json()
    assert found["url-count"] == len(found["urls"]) < 31
    holder = next(row for row in found["urls"] if row["resource"] == urls[1])["relations"]
    assert everywhere[1]["profiles"]["musicbrainz"] in {relation["artist"]["id"] for relation in holder}
    assert musicbrainz("url", resource="https://www.deezer.com/artist/1").status_code == 404
    one = musicbrainz("url", resource=found["urls"][0]["resource"], inc="artist-rels").json()
    assert one["resource"] == found["urls"][0]["resource"]
    late = musicbrainz("url", resource=[*[f"https://www.deezer.com/artist/{n}" for n in range(1, 101)], urls[1]])
    assert urls[1] not in [row["resource"] for row in late.json()["urls"]]
