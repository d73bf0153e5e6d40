"""Who may ask the HTTP API what, how often and how much; every refusal is a problem that tells nothing else."""

import httpx
import pytest
from sqlalchemy import text

from crawler.api.app import build
from crawler.api.rates import Quota, Rates
from storage import keys
from storage.database import head, writing
from storage.models import verdict
from tests import served as serving
from tests.api_stage import BODY, ask, count, is_problem, served
from tests.test_cases import NOW, event

__all__ = ["event", "served"]  # fixtures

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
