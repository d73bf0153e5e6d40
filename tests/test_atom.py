"""The Atom feed: valid, escaped, stable ids; a feed key in the address reads it and nothing else."""

import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from storage.database import writing
from tests.api_stage import ask, is_problem, served
from tests.test_cases import NOW, event, judged

__all__ = ["event", "served"]  # fixtures

A = "{http://www.w3.org/2005/Atom}"


def feed(served, role="read", **more):
    answer = ask(served, "/v1/cases.atom", role, **more)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("application/atom+xml")
    return ET.fromstring(answer.content)


def test_the_feed_has_what_atom_demands(engine, served, event):
    judged(engine, replace(event, group_id=8, title="Later", loud=False), at=NOW + timedelta(days=1))
    judged(engine, replace(event, group_id=9, title="Stood there", origin="census"))
    root = feed(served)
    assert root.tag == f"{A}feed"
    entries = root.findall(f"{A}entry")
    assert [entry.find(f"{A}title").text.split(": ")[1][:5] for entry in entries] == ["Later", "=cmd∣"]
    for part in (root, *entries):
        for name in ("id", "title", "updated"):
            assert part.find(f"{A}{name}").text
        assert datetime.fromisoformat(part.find(f"{A}updated").text).tzinfo
        assert part.find(f"{A}id").text.startswith("urn:uuid:")
    assert len({entry.find(f"{A}id").text for entry in entries}) == 2
    assert root.find(f"{A}author/{A}name").text == "Falsetto"
    assert len(feed(served, params={"loud": True}).findall(f"{A}entry")) == 1


def test_an_entrys_id_stays_when_its_case_changes(engine, served, event):
    before = feed(served).find(f"{A}entry/{A}id").text
    judged(engine, replace(event, title="Renamed", meaning="2"), at=NOW + timedelta(days=1))
    after = feed(served).find(f"{A}entry")
    assert after.find(f"{A}id").text == before
    assert "Renamed" in after.find(f"{A}title").text


def test_hostile_text_is_escaped_and_holds_no_character_that_xml_forbids(engine, served, event):
    judged(
        engine, replace(event, group_id=8, title="]]><script>alert(1)</script>&amp;\x0b\ufffe\U0001f608" + "x" * 10_000)
    )
    answer = ask(served, "/v1/cases.atom")
    ET.fromstring(answer.content)
    assert b"<script" not in answer.content
    assert len(answer.content) < 10_000


def test_a_feed_key_in_the_address_reads_the_feed_and_nothing_else(served):
    client, given = served
    key = {"key": given["feed"]}
    assert client.get("/v1/cases.atom", params=key).status_code == 200
    assert given["feed"] not in client.get("/v1/cases.atom", params=key).text
    for path in ("/v1/cases", "/v1/candidates", "/metrics", "/v1/cases/1", "/v1/nothing"):
        is_problem(client.get(path, params=key), 401)


@pytest.mark.parametrize("role", ["read", "decide", "admin"])
def test_a_stronger_key_in_an_address_is_as_good_as_none(served, role):
    client, given = served
    is_problem(client.get("/v1/cases.atom", params={"key": given[role]}), 401)
    wrong = {"Authorization": "Bearer nonsense"}
    is_problem(client.get("/v1/cases.atom", params={"key": given["feed"]}, headers=wrong), 401)


def test_an_empty_store_has_a_valid_feed(engine, served):
    with writing(engine) as connection:
        connection.exec_driver_sql("DELETE FROM case_history")
        for table in ("outbox", "finding", "suspect_case"):
            connection.exec_driver_sql(f"DELETE FROM {table}")
    assert feed(served).findall(f"{A}entry") == []
