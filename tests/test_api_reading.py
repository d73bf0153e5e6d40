"""Reading over the HTTP API: candidates as the schema says, pages that lose none, the catalogue and whose it is."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import jsonschema
from sqlalchemy import insert

from storage import cases, claims, outbox
from storage.database import writing
from storage.models import watch
from tests.api_stage import BODY, ask, decide, served
from tests.say import releases, say
from tests.test_cases import HOSTILE, NOW, event, judged
from tests.test_feed_document import SCHEMA

__all__ = ["event", "served"]  # fixtures


def test_every_candidate_served_follows_the_published_schema_and_pages_lose_none(engine, served, event):
    judged(engine, *(replace(event, group_id=group, title=f"{HOSTILE} {group}") for group in range(20, 27)))
    with writing(engine) as connection:
        outbox.sequence(connection)
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    seen, after = [], 0
    while page := ask(served, f"/v1/candidates?after={after}&limit=3").json()["items"]:
        for item in page:
            jsonschema.validate(item["candidate"], schema, format_checker=jsonschema.FormatChecker())
            seen.append(item["cursor"])
        after = page[-1]["cursor"]
    assert seen == list(range(1, 9))
    last = ask(served, f"/v1/candidates?after={after}")
    assert last.json() == {"items": [], "next": after}
    assert "link" not in last.headers
    first = ask(served, "/v1/candidates?limit=3")
    assert first.headers["link"] == '</v1/candidates?after=3&limit=3>; rel="next"'


def test_what_has_no_position_is_not_served_yet(engine, served, event):
    judged(engine, replace(event, group_id=30))
    assert ask(served, "/v1/candidates").json()["next"] == 1


def test_cases_are_paged_filtered_and_shown_as_documents(engine, served, event):
    judged(engine, *(replace(event, group_id=group, score=group / 100) for group in (20, 21, 22)))
    first = ask(served, "/v1/cases?limit=3").json()
    rest = ask(served, f"/v1/cases?limit=3&after={first['next']}").json()
    assert len({row["id"] for row in first["items"] + rest["items"]}) == 4
    assert rest["next"] is None
    assert ask(served, "/v1/cases?status=cleared").json()["items"] == []
    assert len(ask(served, "/v1/cases?artist=Ada%20Quill&status=open").json()["items"]) == 4
    assert ask(served, "/v1/cases?artist=Nobody").json()["items"] == []
    shown = ask(served, "/v1/cases/1").json()
    jsonschema.validate(shown, json.loads(SCHEMA.read_text(encoding="utf-8")))
    assert shown["case_id"] == 1


def test_the_number_of_a_merged_case_shows_the_case_it_went_up_in(engine, served, event):
    judged(engine, replace(event, group_id=20))
    with writing(engine) as connection:
        cases.merge_groups(connection, "release", {20: event.group_id}, NOW)
    assert ask(served, "/v1/cases/2").json()["case_id"] == 1
    assert decide(served, "k", body=BODY | {"case_id": 2}).json()["case_id"] == 1


def test_artists_are_served_with_the_pages_that_are_theirs(served):
    (row,) = ask(served, "/v1/artists").json()["items"]
    assert (row["name"], row["official"][0]["platform"], row["official"][0]["id"]) == ("Ada Quill", "deezer", "1")
    assert ask(served, f"/v1/artists?after={row['id']}").json() == {"items": [], "next": None}


def test_coverage_says_what_was_asked_for_an_artist_and_what_was_seen(engine, served):
    say(engine, releases(1, 2, at=0))
    with writing(engine) as connection:
        connection.execute(insert(watch).values(target_id=1, artist_id=1))
    told = ask(served, "/v1/coverage?limit=1").json()
    assert [(row["artist"], row["ask"], row["last_outcome"]) for row in told["items"]] == [
        ("Ada Quill", "releases", "complete")
    ]
    assert ask(served, "/v1/coverage?artist=Nobody").json() == {"items": [], "next": None}
    assert ask(served, f"/v1/coverage?after={told['next']}").json() == {"items": [], "next": None}


def test_profiles_releases_and_claims_are_served_with_whose_they_are(engine, served):
    say(engine, releases(1, 2, profile="1", at=0))
    with writing(engine) as connection:
        said = [claims.Claim(1, "isrc", one, one, "ours", "label") for one in ("QZ1", "QZ2")]
        claims.keep(connection, said, NOW)
        claims.keep(connection, [replace(said[0], stance="not_ours")], NOW)
    (page,) = ask(served, "/v1/profiles?artist=Ada%20Quill&platform=deezer&standing=official").json()["items"]
    assert (page["platform_id"], page["standings"]) == (
        "1",
        [{"artist": "Ada Quill", "key": "k", "standing": "official"}],
    )
    assert ask(served, "/v1/profiles?standing=namesake").json() == {"items": [], "next": None}
    rows = ask(served, "/v1/releases?artist=Ada%20Quill").json()["items"]
    assert [row["listed_on"][0]["profile"] for row in rows] == ["1", "1"]
    first = ask(served, "/v1/releases?limit=2").json()
    assert len(ask(served, f"/v1/releases?after={first['next']}").json()["items"]) == 1
    assert ask(served, "/v1/releases?platform=napster&gtin=04006381333931").json()["items"] == []
    told = ask(served, "/v1/claims?artist=Ada%20Quill").json()["items"]
    assert sorted((row["value"], row["stance"]) for row in told) == [("QZ1", "not_ours"), ("QZ2", "ours")]
    assert len(ask(served, "/v1/claims?superseded=true").json()["items"]) == 3


def test_a_long_poll_answers_when_there_is_something_and_holds_up_nobody(engine, served, event):
    with ThreadPoolExecutor(60) as many:
        waiting = [many.submit(ask, served, "/v1/candidates?after=1&wait=30") for _ in range(50)]
        assert ask(served, "/v1/cases").status_code == 200  # as many wait as there are threads, and more
        judged(engine, replace(event, group_id=30))
        with writing(engine) as connection:
            outbox.sequence(connection)
        told = [one.result().json()["next"] for one in waiting]
    assert told == [2] * 50
    assert ask(served, "/v1/candidates?after=2&wait=1").json() == {"items": [], "next": 2}
