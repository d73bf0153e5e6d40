"""The console at work: a filled store served, and a client for each person."""

import re
import shutil
from contextlib import contextmanager

import httpx
import pytest

from crawler.api import app as api
from crawler.console import app as console
from crawler.console.guard import Front
from storage.database import open_database
from tests import reviewed
from tests import served as serving
from tests.conftest import ENGINES
from tests.reviewed import NOW

SECRET = "s" * 40


@pytest.fixture
def desk(engine):
    """A filled store served, and a client for each person."""
    with at_work(engine, ordinary=8) as people:
        yield people


@pytest.fixture(scope="module", params=ENGINES)
def room(request, tmp_path_factory):
    """The same once for all tests that only look."""
    if request.param == "sqlite":
        path = tmp_path_factory.mktemp("console") / "store.db"
        shutil.copyfile(request.getfixturevalue("sqlite_template"), path)
        url = f"sqlite:///{path}"
    else:
        server = request.getfixturevalue("postgres_server")
        url = server.url(server.create("prepared"))
    engine = open_database(url)
    with at_work(engine, ordinary=30) as people:
        yield people | {"engine": engine}
    engine.dispose()


@contextmanager
def at_work(engine, ordinary):
    given = reviewed.fill(engine, ordinary)
    pages = console.build(engine, lambda: NOW, secret=SECRET)
    with serving.running(Front(api.build(engine), pages)) as url:
        people = {}
        for name, key in given.items():
            people[name] = httpx.Client(base_url=url, timeout=60, follow_redirects=True)
            assert people[name].post("/console/login", data={"key": key}).status_code == 200
        people["nobody"] = httpx.Client(base_url=url, timeout=60)
        yield people
        for client in people.values():
            client.close()


def token(client):
    return re.search(r'name="token" value="([^"]*)"', client.get("/console/review").text)[1]


def post(client, path, **form):
    return client.post(path, data={"token": token(client)} | form)


def decide(client, number, decision="impersonation", revision=1, **form):
    return post(client, f"/console/cases/{number}/decide", decision=decision, revision=revision, **form)
