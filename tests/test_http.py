"""The JSON transport keeps to one host, within bytes and time, and speaks our errors only."""

import inspect
import logging
import time

import httpx
import pytest

from spiders.base.client import Client
from spiders.base.errors import Misunderstood, Refused, Throttled, Unavailable
from spiders.base.http import Transport, trouble_of
from spiders.base.platform import Access
from spiders.base.walk import Walk
from tests.clients import LAPSE, QuickGate
from tests.replay import Answer

SECRET = "s3cr3t/with+signs"


class Anyone(Client):
    name = "anyone"
    api = "https://api.example.org"

    def observe(self, target, walk):
        return (yield from self.absent(target, walk, "nobody asks it"))


@pytest.fixture
def make(server):
    opened = []

    def make(base_url="", gate=None, **access):
        access = {"contact": "ops@label.example", "lapse": LAPSE, "timeout_s": 5.0, **access}
        client = Anyone(Access(base_url=base_url or server.url, **access), gate or QuickGate())
        opened.append(transport := Transport(client))
        return transport

    yield make
    for transport in opened:
        transport.close()


def ask(transport, path="thing", walk=None, **more):
    return transport.get(path, [("q", "a b")], "bucket", walk=walk or Walk(), **more)


def test_an_answer_comes_with_its_raw_body_and_says_who_asks(server, make):
    server.add("/thing?q=a+b", {"id": 1})
    gate, walk = QuickGate(), Walk()
    answer = ask(make(gate=gate), walk=walk)
    assert (answer.status, answer.raw, answer.payload.body) == (200, {"id": 1}, b'{"id": 1}')
    assert answer.payload.url == f"{server.url}/thing?q=a+b"
    assert server.asked[0].headers["user-agent"] == "Falsetto/0.1 ( ops@label.example )"
    assert (gate.waits, walk.cost) == (["bucket"], 1)


def test_proxies_of_the_environment_are_none_of_ours(server, make, monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    server.answer_by(lambda asked: Answer(b'{"ok": 1}'))
    assert ask(make()).raw == {"ok": 1}


def test_no_answer_is_tried_again_and_every_try_pays_a_slot(server, make):
    server.add("/thing?q=a+b", Answer(status=503), Answer(reset=True), {"id": 1})
    gate, walk = QuickGate(), Walk()
    assert ask(make(gate=gate), walk=walk).raw == {"id": 1}
    assert (len(gate.waits), walk.cost) == (3, 3)
    assert [slot.bucket for slot in gate.landings] == ["bucket"] * 3  # what failed may have arrived as well


def test_after_a_few_tries_it_is_unavailable(server, make):
    server.add("/thing?q=a+b", Answer(b"<html>", 502, "text/html"))
    gate = QuickGate()
    with pytest.raises(Unavailable, match="thing: HTTP 502"):
        ask(make(gate=gate))
    assert len(gate.waits) == len(server.asked) == 3


def test_a_throttle_is_not_tried_again_and_doubles_while_it_lasts(server, make):
    server.add(
        "/thing?q=a+b", Answer(status=429), Answer(status=429), Answer(status=429), {"id": 1}, Answer(status=429)
    )
    gate, waited = QuickGate(), []
    transport = make(gate=gate)
    for _ in range(3):
        with pytest.raises(Throttled) as caught:
            ask(transport)
        waited.append((caught.value.wait_s, gate.parked.pop("bucket"), caught.value.bucket))
    assert waited == [(5.0, 5.0, "bucket"), (10.0, 10.0, "bucket"), (20.0, 20.0, "bucket")]
    ask(transport)
    with pytest.raises(Throttled) as caught:
        ask(transport)
    assert caught.value.wait_s == 5.0
    assert len(server.asked) == 5


@pytest.mark.parametrize(("said", "waits"), [("2000", 2_000.0), ("1795568813", 3_600.0), ("nonsense", 5.0)])
def test_a_named_time_is_obeyed_within_the_platforms_ceiling(server, make, said, waits):
    server.add("/thing?q=a+b", Answer(status=503 if said != "nonsense" else 429, headers={"Retry-After": said}))
    gate = QuickGate()
    with pytest.raises(Throttled) as caught:
        ask(make(gate=gate))
    assert caught.value.wait_s == gate.parked["bucket"] == waits


def test_a_redirect_to_another_host_is_refused_and_concerns_one_target(server, make):
    server.add("/thing?q=a+b", Answer(status=302, headers={"Location": "https://evil.example/thing"}))
    with pytest.raises(Refused, match=r"redirect to evil\.example") as caught:
        ask(make())
    assert caught.value.about_target
    assert len(server.asked) == 1


def test_one_redirect_is_followed_inside_the_base_url_for_a_slot_of_its_own(server, make):
    server.add("/thing?q=a+b", Answer(status=301, headers={"Location": "/elsewhere?q=c"}))
    server.add("/elsewhere?q=c", {"id": 2}, Answer(status=301, headers={"Location": "/thing?q=a+b"}))
    gate, walk = QuickGate(), Walk()
    transport = make(gate=gate)
    answer = ask(transport, walk=walk)
    assert (answer.raw, answer.payload.url) == ({"id": 2}, f"{server.url}/elsewhere?q=c")
    assert (len(gate.waits), walk.cost) == (2, 2)
    with pytest.raises(Refused, match="redirect"):
        ask(transport)
    assert len(server.asked) == 4


def test_a_redirect_out_of_the_base_path_is_refused(server, make):
    server.add("/v1/thing?q=a+b", Answer(status=301, headers={"Location": "/v2/thing"}))
    with pytest.raises(Refused, match="redirect"):
        ask(make(base_url=f"{server.url}/v1"))


@pytest.mark.parametrize(
    ("status", "trouble"),
    [(401, Refused), (403, Refused), (451, Refused), (400, Misunderstood), (418, Misunderstood), (408, Unavailable)],
)
def test_a_status_is_read_as_what_it_means(server, make, status, trouble):
    server.add("/thing?q=a+b", Answer(b"{}", status))
    with pytest.raises(trouble, match=f"HTTP {status}"):
        ask(make())


def test_a_readable_status_is_an_answer(server, make):
    server.add("/thing?q=a+b", Answer(b'{"error":"gone"}', 404))
    assert ask(make(), readable=(404,)).raw == {"error": "gone"}
    with pytest.raises(Misunderstood):
        ask(make())


def test_a_readable_status_with_another_servers_page_is_no_answer(server, make):
    server.add("/thing?q=a+b", Answer(b"<html>not found</html>", 404, "text/html"))
    with pytest.raises(Misunderstood, match="not JSON"):
        ask(make(), readable=(404,))


@pytest.mark.parametrize("body", [b'{"id": 1,}', b"", b"[1]", b"null", b"\xff\xfe", b'{"a":' * 100_000 + b"}"])
def test_what_is_no_json_object_is_misunderstood(server, make, body):
    server.add("/thing?q=a+b", body)
    with pytest.raises(Misunderstood):
        ask(make())
    assert len(server.asked) == 1


@pytest.mark.parametrize(("body", "status"), [(b'{"id": 1', 200), (b'{"error":"Not F', 404)])
def test_a_body_that_was_cut_at_the_source_is_asked_again(server, make, body, status):
    server.add("/thing?q=a+b", Answer(body, status), {"id": 1})
    gate = QuickGate()
    assert ask(make(gate=gate), readable=(404,)).raw == {"id": 1}
    assert len(gate.waits) == 2
    server.answer_by(lambda asked: Answer(body, status))
    with pytest.raises(Unavailable, match="cut short"):
        ask(make(), "other", readable=(404,))


def test_a_body_that_is_cut_off_is_no_answer(server, make):
    server.add("/thing?q=a+b", Answer(b'{"id": 1}' + b" " * 1000, cut_at=9))
    with pytest.raises(Unavailable, match="RemoteProtocolError"):
        ask(make())


def test_a_body_of_ten_megabytes_is_given_up(server, make):
    server.add("/thing?q=a+b", b'{"a":"' + b"x" * 10_000_000 + b'"}')
    with pytest.raises(Misunderstood, match="larger than 8000000 bytes"):
        ask(make())


def test_a_body_that_drips_is_given_up_in_time(server, make):
    server.add("/thing?q=a+b", Answer(b'{"a":"0123456789"}', drip_s=0.15))
    before = time.monotonic()
    with pytest.raises(Unavailable, match="did not come within"):
        ask(make(timeout_s=0.3))
    assert time.monotonic() - before < 3 * 1.0


def test_a_server_that_says_nothing_is_given_up_in_time(server, make):
    server.add("/thing?q=a+b", Answer(b"{}", delay_s=5))
    with pytest.raises(Unavailable, match="ReadTimeout"):
        ask(make(timeout_s=0.1))


def test_nobody_there_is_unavailable(make):
    with pytest.raises(Unavailable, match="ConnectError"):
        ask(make(base_url="http://127.0.0.1:9"))


def test_a_base_that_is_no_url_is_refused(make):
    with pytest.raises(Refused, match="base URL"):
        ask(make(base_url="nonsense"))


def test_a_contact_that_no_header_can_carry_is_refused(make):
    for contact in ("a\r\nX-Evil: 1", "ops@lábel.example"):
        with pytest.raises(Refused, match="contact"):
            make(contact=contact)


def test_a_question_that_no_url_can_carry_is_misunderstood(server, make):
    with pytest.raises(Misunderstood, match="no URL can carry"):
        make().get("thing", [("q", "\ud800")], walk=Walk())
    assert server.asked == []


def test_every_exception_of_httpx_becomes_one_of_ours():
    request = httpx.Request("GET", "https://api.example.org/?key=" + SECRET)
    for kind in vars(httpx).values():
        if inspect.isclass(kind) and issubclass(kind, httpx.HTTPError) and kind is not httpx.HTTPStatusError:
            error = kind("said " + SECRET)
            error.request = request
            trouble = trouble_of(error, "thing")
            assert isinstance(trouble, Refused | Unavailable | Misunderstood)
            assert SECRET not in str(trouble)
    assert isinstance(trouble_of(httpx.ReadTimeout(""), "x"), Unavailable)
    assert isinstance(trouble_of(httpx.InvalidURL(""), "x"), Refused)
    assert isinstance(trouble_of(httpx.DecodingError(""), "x"), Misunderstood)


def test_a_credential_in_a_question_reaches_neither_payload_nor_log_nor_error(server, make, caplog):
    caplog.set_level(logging.DEBUG)
    transport = make(credentials={"key": SECRET})
    server.answer_by(lambda asked: {"ok": True} if asked.path == "/good" else Answer(status=500))
    answer = transport.get("good", [("key", SECRET)], walk=Walk())
    with pytest.raises(Unavailable) as caught:
        transport.get("bad", [("key", SECRET)], walk=Walk())
    assert server.asked[0].query == {"key": SECRET}
    for text in (repr(answer), repr(caught.value), str(caught.value), caplog.text):
        assert SECRET not in text
        assert "s3cr3t" not in text
