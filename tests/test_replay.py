"""The replay server answers as it was told, faults included."""

import http.client
import json

import pytest

from tests.replay import Answer, Replay


def ask(server, path, method="GET"):
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=5)
    try:
        connection.request(method, path)
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


def test_the_order_of_a_query_does_not_matter_and_ignored_parameters_do_not_count():
    with Replay(ignore=["market"]) as server:
        server.add("/search?q=a+b&limit=2", {"ok": 1})
        assert ask(server, "/search?limit=2&market=US&q=a%20b") == (200, b'{"ok": 1}')
        assert ask(server, "/search?q=other")[0] == 404
        assert [asked.path for asked in server.unknown] == ["/search"]


def test_answers_come_in_turn_and_by_date():
    with Replay() as server:
        server.add("/a", Answer(status=503), {"n": 1})
        assert [ask(server, "/a")[0] for _ in range(3)] == [503, 200, 200]
        server.add("/b", {"n": 1}, date="2024-01-01")
        server.add("/b", {"n": 2}, date="2024-02-01")
        server.today = "2024-01-31"
        assert json.loads(ask(server, "/b")[1]) == {"n": 1}
        server.today = "2024-02-01"
        assert json.loads(ask(server, "/b")[1]) == {"n": 2}


def test_recorded_hosts_become_the_servers_own():
    with Replay(hosts=["https://api.example.org"]) as server:
        server.add("/a", b'{"next":"https:\\/\\/api.example.org\\/a?x=1","and":"https://api.example.org/b"}')
        assert json.loads(ask(server, "/a")[1]) == {"next": server.url + "/a?x=1", "and": server.url + "/b"}


def test_faults_are_real():
    with Replay() as server:
        server.add("/reset", Answer(reset=True))
        server.add("/cut", Answer(b"x" * 100, cut_at=10))
        with pytest.raises(ConnectionError):
            ask(server, "/reset")
        with pytest.raises(http.client.IncompleteRead):
            ask(server, "/cut")
