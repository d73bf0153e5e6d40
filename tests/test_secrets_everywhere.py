"""No credential of any platform stands in anything that is written: logs of every level, errors, looks, the raw store,
a crash report. The server is a bad one: it sends back all that it was sent, under every status."""

import json
import logging
from base64 import b64encode
from urllib.parse import quote

import pytest
from sqlalchemy import select

from spiders.base.client import Client
from spiders.base.platform import NO_SECRETS, Access, platform, platform_names
from spiders.base.trouble import fault_of_ours
from storage.database import writing
from storage.models import metadata, payload
from storage.observations import Told
from storage.recording.payloads import read
from storage.recording.record import record
from storage.targets import Ask, Target
from tests.asking import HOST, answer_of, recorded
from tests.clients import LAPSE, QuickGate, looks
from tests.replay import Answer, Replay
from tests.say import day

CREDENTIALED = [
    name
    for name in platform_names()
    if issubclass(platform(name), Client) and (platform(name).needs or platform(name).may_use)
]


def reach(name):
    """Return a platform's access with every credential that it may be given."""
    said = dict(recorded(name).get("access", {}))
    optional = {word: f"{name}-{word}-which-is-ours" for word in platform(name).may_use}
    return {**said, "credentials": {**optional, **said.get("credentials", {})}}


def secrets_of(name, credentials):
    """List all spellings of what must not be written, tokens that were given for it included."""
    said = [value for word, value in credentials.items() if word not in NO_SECRETS and len(value) >= 8]
    said += [
        answer["access_token"]
        for answer in recorded(name).get("always", {}).values()
        if isinstance(answer, dict) and "access_token" in answer
    ]
    if {"client_id", "client_secret"} <= credentials.keys():
        said.append(b64encode(f"{credentials['client_id']}:{credentials['client_secret']}".encode()).decode())
    lines = [line for value in said for line in value.splitlines() if len(line) >= 8 and "-----" not in line]
    return {form for line in lines for form in (line, quote(line, safe=""))}


def echo(asked, status):
    said = {"errors": [{"detail": json.dumps(asked.headers)}], "error": json.dumps(asked.headers), "url": asked.target}
    return Answer(json.dumps({**said, "message": asked.target}).encode(), status)


@pytest.mark.parametrize("name", CREDENTIALED)
def test_no_credential_is_written_anywhere(name, engine, caplog, tmp_path):
    if engine.dialect.name != "sqlite":
        pytest.skip("what is written does not depend on the store")
    caplog.set_level(logging.DEBUG)
    said, cls = reach(name), platform(name)
    written = []
    with Replay(hosts=[HOST]) as server:
        for where, answer in recorded(name).get("always", {}).items():
            method, _, url = where.rpartition(" ")
            server.add(url, answer_of(name, answer), method=method or "GET")
        client = cls(Access(base_url=server.url, contact="ops@label.example", lapse=LAPSE, **said), QuickGate())
        try:
            for status in (200, 401, 403, 404, 429, 500):
                server.answer_by(lambda asked, status=status: echo(asked, status))
                for ask in (Ask.PROFILE, Ask.SEARCH):
                    target = Target(name, ask, subject_of(name, ask))
                    look = looks(client, target)[target]
                    told = Told(target, tuple(look.observations), look.coverage, day(0), day(0), tuple(look.payloads))
                    with writing(engine) as connection:
                        record(connection, told)
                    written += [repr(told), *(repr(payload.body) for payload in look.payloads)]
        finally:
            client.close()
        secrets = secrets_of(name, said["credentials"])
        sent = {one.headers.get("authorization", "").partition(" ")[2] for one in server.asked} - {""}
        assert sent or any(form in one.target for one in server.asked for form in secrets)
        secrets |= sent
    crash = fault_of_ours(ValueError(" ".join(said["credentials"].values())), client.access)
    written += [repr(crash), caplog.text, repr(client.access), *stored(engine)]
    for secret in secrets:
        assert not [text[:300] for text in written if secret in text]


def subject_of(name, ask):
    return next(case["subject"] for case in recorded(name)["cases"] if case["ask"] == ask.value)


def stored(engine):
    """Yield every row of the store as text, raw bodies unpacked."""
    with engine.connect() as connection:
        for table in metadata.sorted_tables:
            for row in connection.execute(select(table)):
                yield repr([str(value) for value in row])
        for body_hash in connection.scalars(select(payload.c.hash)):
            yield repr(read(connection, body_hash).body)
