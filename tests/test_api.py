"""The HTTP API: who may read what, candidates as the schema says, verdicts once each, problems for every error."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime

import httpx
import jsonschema
import pytest
from sqlalchemy import func, insert, select, text, update

from crawler.api.app import build
from crawler.api.rates import Quota, Rates
from storage import cases, claims, idempotency, keys, outbox
from storage.database import head, writing
from storage.models import api_key, audit, idempotent_answer, verdict, watch
from tests import served as serving
from tests.say import releases, say
from tests.test_cases import HOSTILE, NOW, event, judged
from tests.test_feed_document import SCHEMA

__all__ = ["event"]  # a fixture

FEED = {"feed", "read", "decide", "admin"}
READ, DECIDE, ADMIN, NOBODY, HEALTH = {"read", "decide", "admin"}, {"decide", "admin"}, {"admin"}, set(), None
SIGNED = "only a detection system's signature"
MATRIX = {
    ("GET", "/healthz"): HEALTH,
    ("GET", "/readyz"): HEALTH,
    ("GET", "/metrics"): READ,
    ("GET", "/v1/candidates"): READ,
    ("GET", "/v1/cases"): READ,
    ("GET", "/v1/cases/{case_id}"): READ,
    ("GET", "/v1/cases.atom"): FEED,
    ("GET", "/v1/artists"): READ,
    ("GET", "/v1/coverage"): READ,
    ("GET", "/v1/profiles"): READ,
    ("GET", "/v1/releases"): READ,
    ("GET", "/v1/claims"): READ,
    ("GET", "/v1/audit"): ADMIN,
    ("POST", "/v1/verdicts"): DECIDE,
    ("POST", "/v1/answers/{detector}"): SIGNED,
    ("GET", "/v1/openapi.json"): READ,
}
BODY = {"case_id": 1, "decision": "namesake", "note": "another Ada"}


@pytest.fixture
def served(engine, event):
    """A store with one case, a client, and a key of each role."""
    judged(engine, event)
    with writing(engine) as connection:
        outbox.sequence(connection)
        given = {role: keys.create(connection, f"the {role} key", role, NOW) for role in keys.ROLES}
    with serving.running(build(engine, Quota(10**6, 60))) as url, httpx.Client(base_url=url, timeout=60) as client:
        yield client, given


def ask(served, path, role="read", method="GET", **more):
    client, given = served
    headers = {"Authorization": f"Bearer {given[role]}"} if role in given else {}
    return client.request(method, path, headers=headers | more.pop("headers", {}), **more)


def decide(served, key, role="decide", body=BODY):
    headers = {} if key is None else {"Idempotency-Key": key}
    return ask(served, "/v1/verdicts", role, "POST", json=body, headers=headers)


def is_problem(answer, status):
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert body["status"] == status
    assert body["title"]
    assert body["detail"]
    return body


def count(engine, table):
    with engine.connect() as connection:
        return connection.scalar(select(func.count()).select_from(table))


def routes(app):
    found = set()
    for path, methods in app.openapi()["paths"].items():
        found |= {(method.upper(), path) for method in methods}
    return found


def test_the_matrix_names_every_endpoint(engine):
    assert routes(build(engine)) | {("GET", "/v1/openapi.json")} == set(MATRIX)


@pytest.mark.parametrize("role", ["no key", "a wrong key", "a revoked key", *keys.ROLES])
@pytest.mark.parametrize(("method", "path"), MATRIX, ids=lambda one: str(one))
def test_each_endpoint_answers_the_roles_that_may_and_no_other(engine, served, method, path, role):
    client, given = served
    may = MATRIX[method, path]
    key = given.get(role, "")
    if role == "a wrong key":
        key = f"{given['admin'][:-1]}{'0' if given['admin'][-1] != '0' else '1'}"
    if role == "a revoked key":
        key = given["admin"]
        with writing(engine) as connection:
            keys.revoke(connection, "the admin key", NOW)
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    if method == "POST":
        headers["Idempotency-Key"] = "one"
    body = BODY if method == "POST" else None
    path = path.format(case_id=1, detector="longear") + ("?asked=1" if may == SIGNED else "")
    answer = client.request(method, path, headers=headers, json=body)
    if may == SIGNED:
        is_problem(answer, 401)
        assert count(engine, verdict) == 0
        return
    if may is None or role in may:
        assert answer.status_code == (201 if method == "POST" else 200), answer.text
        return
    is_problem(answer, 403 if role in keys.ROLES else 401)
    assert "Ada" not in answer.text
    assert count(engine, verdict) == 0


@pytest.mark.parametrize("path", ["/", "/docs", "/openapi.json", "/v1/nothing", "/v1/cases/99", "/healthz/", "/static"])
def test_without_a_key_a_path_that_is_not_there_looks_like_any_other(served, path):
    is_problem(ask(served, path, role="nobody", follow_redirects=False), 401)


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


def test_a_verdict_decides_the_case_tells_the_feed_and_is_audited(engine, served):
    answer = decide(served, "first")
    assert answer.status_code == 201
    effect = answer.json()
    assert (effect["case_id"], effect["status"], effect["authority"]) == (1, "cleared", "the decide key")
    shown = ask(served, "/v1/cases/1").json()
    assert shown["verdict"]["authority"] == "the decide key"
    assert shown["revision"] == effect["revision"]
    (item,) = ask(served, "/v1/candidates?after=1").json()["items"]
    assert (item["candidate"]["event"], item["candidate"]["status"]) == ("withdrawn", "cleared")
    (row,) = ask(served, "/v1/audit", "admin").json()["items"]
    assert (row["who"], row["action"], row["subject"]) == ("the decide key", "verdict given", "case 1")
    assert datetime.fromisoformat(row["at"]).astimezone(UTC) > NOW


def test_a_whole_number_may_be_written_as_json_allows(served):
    answer = decide(served, "first", body=BODY | {"case_id": 1.0})
    assert answer.status_code == 201
    assert answer.json()["case_id"] == 1


def test_a_detection_systems_verdict_moves_the_score_and_decides_nothing(engine, served):
    given = served[1]
    with writing(engine) as connection:
        given["detector"] = keys.create(connection, "Detector 7", "decide", NOW, detector=True)
    before = ask(served, "/v1/cases/1").json()
    assert decide(served, "first", "detector").json()["status"] == before["status"] == "open"
    after = ask(served, "/v1/cases/1").json()
    assert after["verdict"] is None
    assert after["detections"][0]["detector"] == "Detector 7"
    assert (after["bits"], after["revision"]) == (before["bits"] - 2.0, before["revision"] + 1)


def test_the_same_key_and_body_again_get_the_first_answer_and_change_nothing(engine, served):
    first = decide(served, "k-1")
    again = decide(served, '"k-1"')
    assert (again.status_code, again.content) == (201, first.content)
    assert again.headers["idempotency-replayed"] == "true"
    assert "idempotency-replayed" not in first.headers
    assert (count(engine, verdict), count(engine, audit)) == (1, 1)


def test_the_same_key_with_another_body_is_refused_and_without_a_key_nothing_is_decided(engine, served):
    is_problem(decide(served, None), 400)
    for bad in ("", '""', "x" * 256):
        is_problem(decide(served, bad), 400)
    assert count(engine, verdict) == 0
    assert decide(served, "k").status_code == 201
    is_problem(decide(served, "k", body=BODY | {"decision": "impersonation"}), 422)
    assert count(engine, verdict) == 1


def test_another_holders_key_of_the_same_word_is_another_key(engine, served):
    assert decide(served, "k").json()["authority"] == "the decide key"
    assert decide(served, "k", "admin").json()["authority"] == "the admin key"
    assert count(engine, verdict) == 2


def test_a_refused_verdict_leaves_its_key_free(engine, served):
    is_problem(decide(served, "k", body=BODY | {"case_id": 99}), 404)
    assert decide(served, "k").status_code == 201


def test_the_same_verdict_many_times_at_once_is_one(engine, served):
    with ThreadPoolExecutor(8) as many:
        answers = list(many.map(lambda _: decide(served, "same"), range(16)))
    given = [answer for answer in answers if answer.status_code == 201]
    assert len({answer.content for answer in given}) == 1
    for answer in answers:
        if answer.status_code != 201:
            is_problem(answer, 409)
    assert decide(served, "same").content == given[0].content
    assert (count(engine, verdict), count(engine, audit)) == (1, 1)


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"[]",
        b'{"case_id":1}',
        b'{"case_id":0,"decision":"unsure"}',
        b'{"case_id":1.5,"decision":"unsure"}',
        b'{"case_id":1e999,"decision":"unsure"}',
        b'{"case_id":9223372036854775808,"decision":"unsure"}',
        b'{"case_id":"1","decision":"unsure"}',
        b'{"case_id":true,"decision":"unsure"}',
        b'{"case_id":1,"decision":"fake"}',
        b'{"case_id":1,"decision":"unsure","by":"me"}',
        b'{"case_id":1,"decision":"unsure","note":"\\ud800"}',
        b'{"\\ud800":1}',
        b"\xff",
    ],
)
def test_a_bad_body_is_a_problem_and_nothing_is_decided(engine, served, body):
    headers = {"Idempotency-Key": "k", "Content-Type": "application/json"}
    answer = ask(served, "/v1/verdicts", "decide", "POST", content=body, headers=headers)
    is_problem(answer, answer.status_code)
    assert answer.status_code in {400, 422}
    assert count(engine, verdict) == 0


def test_a_note_may_hold_what_no_database_can(engine, served):
    body = BODY | {"note": f"a\x00b {HOSTILE}"}
    assert decide(served, "k", body=body).status_code == 201
    assert "\x00" not in ask(served, "/v1/cases/1").json()["verdict"]["note"]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/v1/nothing", 404),
        ("/v1/cases/99", 404),
        ("/v1/cases?after=99", 404),
        ("/v1/cases/0", 422),
        ("/v1/cases/99999999999999999999", 422),
        ("/v1/candidates?after=-1", 422),
        ("/v1/candidates?after=99999999999999999999", 422),
        ("/v1/candidates?limit=0", 422),
        ("/v1/candidates?limit=1001", 422),
        ("/v1/cases?status=odd", 422),
        ("/v1/artists?artist=%00", 422),
        ("/v1/profiles?platform=%00", 422),
        ("/v1/profiles?standing=odd", 422),
        ("/v1/releases?gtin=4006381333931", 422),
        ("/v1/claims?after=-1", 422),
        ("/v1/verdicts", 405),
    ],
)
def test_every_error_is_a_problem_document(served, path, status):
    is_problem(ask(served, path), status)


def test_bodies_that_are_too_large_or_of_unknown_size_are_not_read(served):
    is_problem(ask(served, "/v1/verdicts", "decide", "POST", content=b" " * 70_000), 413)
    is_problem(ask(served, "/v1/verdicts", "decide", "POST", content=iter([b"{}"])), 411)


def test_a_store_that_fails_is_a_problem_that_names_no_store(engine, served):
    with writing(engine) as connection:
        connection.execute(text("ALTER TABLE outbox RENAME TO elsewhere"))
    assert "elsewhere" not in str(is_problem(ask(served, "/v1/candidates"), 503))
    with writing(engine) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    assert "0001" not in str(is_problem(ask(served, "/readyz", "nobody"), 503))
    assert ask(served, "/healthz", "nobody").status_code == 200
    with writing(engine) as connection:
        connection.execute(text("ALTER TABLE elsewhere RENAME TO outbox"))
        connection.execute(text("UPDATE alembic_version SET version_num = :head"), {"head": head()})


def test_no_other_site_may_read_an_answer(served):
    asked = {"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "GET"}
    for method in ("GET", "OPTIONS"):
        answer = ask(served, "/v1/candidates", "admin", method, headers=asked)
        assert not [name for name in answer.headers if name.startswith("access-control")]


def test_metrics_count_by_route_and_not_by_made_up_paths(served):
    ask(served, "/v1/cases/1")
    ask(served, "/v1/made-up")
    ask(served, "/v1/cases", "nobody")
    shown = ask(served, "/metrics").text
    assert 'falsetto_http_requests_total{method="GET",route="/v1/cases/{case_id}",status="200"} 1.0' in shown
    assert 'falsetto_http_requests_total{method="GET",route="none",status="404"} 1.0' in shown
    assert 'falsetto_http_requests_total{method="GET",route="none",status="401"} 1.0' in shown
    assert "falsetto_feed_position 1.0" in shown
    assert "made-up" not in shown


def test_an_idempotency_key_that_is_being_answered_is_a_conflict_until_whoever_began_is_given_up(engine, served):
    with writing(engine) as connection:
        number = connection.scalar(select(api_key.c.id).where(api_key.c.name == "the decide key"))
        assert idempotency.begin(connection, number, "k", "another's", datetime.now(UTC)) is None
    is_problem(decide(served, "k"), 409)
    assert count(engine, verdict) == 0
    with writing(engine) as connection:
        long_ago = datetime.now(UTC) - 2 * idempotency.GIVEN_UP
        connection.execute(update(idempotent_answer).values(answered_at=long_ago))
    assert decide(served, "k").status_code == 201


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


def test_a_key_that_asks_too_often_is_told_when_to_come_back_and_others_are_served(engine):
    with writing(engine) as connection:
        given = [keys.create(connection, name, "read", NOW) for name in ("one", "two")]
    with serving.running(build(engine, Quota(3, 3600))) as url, httpx.Client(base_url=url) as client:
        one, two = ({"Authorization": f"Bearer {key}"} for key in given)
        answers = [client.get("/v1/cases", headers=one) for _ in range(4)]
        assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
        assert [answer.headers["ratelimit"].split(";")[1] for answer in answers] == ["r=2", "r=1", "r=0", "r=0"]
        assert answers[0].headers["ratelimit-policy"] == '"key";q=3;w=3600'
        assert 1190 <= int(is_problem(answers[3], 429) and answers[3].headers["retry-after"]) <= 1200
        assert client.get("/v1/cases", headers=two).status_code == 200
        assert client.get("/healthz").status_code == 200


def test_a_bucket_fills_evenly_and_never_over_its_brim():
    now = [0.0]
    rates = Rates(Quota(2, 10), lambda: now[0])
    assert [rates.spend(1).allowed for _ in range(3)] == [True, True, False]
    now[0] = 5.0
    assert [rates.spend(1).allowed for _ in range(2)] == [True, False]
    now[0] = 1e6
    assert [rates.spend(1).allowed for _ in range(3)] == [True, True, False]
