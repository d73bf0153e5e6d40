"""The HTTP API at work: a store with one case served, a key of each role, and what is asked of it again and again."""

import httpx
import pytest
from sqlalchemy import func, select

from crawler.api.app import build
from crawler.api.rates import Quota
from storage import keys, outbox
from storage.database import writing
from tests import served as serving
from tests.test_cases import NOW, event, judged

__all__ = ["event"]  # a fixture

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
