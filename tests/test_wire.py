"""The connections that messages are pushed over: whatever comes back, a try ends with what it means, and none hangs."""

import asyncio
import ssl
from datetime import UTC, datetime

import pytest

from crawler.feed.push.addresses import Allowed, resolved
from crawler.feed.push.sending import Sender
from tests.test_certificates import certificate

NOW = datetime(2026, 3, 6, tzinfo=UTC)
OK = b"HTTP/1.1 204 No Content\r\n\r\n"


class Answering:
    """A server that answers each request with the next of its bytes; None: it ends the connection without a word."""

    def __init__(self, *answers, closes=False):
        self.answers, self.closes, self.got, self.connections = list(answers), closes, [], 0

    async def __call__(self, reader, writer):
        self.connections += 1
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
                self.got.append((head, await reader.readexactly(length)))
                answer = self.answers.pop(0)
                if answer is not None:
                    writer.write(answer)
                    await writer.drain()
                if answer is None or self.closes:
                    break
        except (asyncio.IncompleteReadError, asyncio.CancelledError, ConnectionError):
            pass
        finally:
            writer.close()


def sent(server, count=1, context=None, timeout_s=5.0, between=lambda: None):
    async def work():
        listening = await asyncio.start_server(server, "127.0.0.1", 0, ssl=context)
        port = listening.sockets[0].getsockname()[1]
        scheme = "https" if context else "http"
        sender = Sender(f"{scheme}://localhost:{port}/hook?a=b", Allowed(loopback=True), resolved, timeout_s)
        outcomes = []
        for _ in range(count):
            outcomes.append(await sender.send({"webhook-id": "m"}, b"{}", NOW))
            await asyncio.sleep(0)
            between()
        await sender.close()
        listening.close()
        return outcomes

    return asyncio.run(work())


def test_several_go_over_one_connection_with_a_head_of_their_own():
    server = Answering(OK, OK, OK)
    assert [one.taken for one in sent(server, 3)] == [True] * 3
    assert server.connections == 1
    head, body = server.got[2]
    assert head.startswith(b"POST /hook?a=b HTTP/1.1\r\nhost: localhost:")
    assert b"\r\nwebhook-id: m\r\n" in head
    assert body == b"{}"


def test_a_connection_that_ended_meanwhile_is_replaced_and_the_message_sent():
    server = Answering(OK, None, OK)
    assert [one.taken for one in sent(server, 2)] == [True, True]
    assert server.connections == 2


@pytest.mark.parametrize(
    ("answer", "closes", "taken", "error"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", False, True, ""),
        (b"HTTP/1.1 200 OK\r\n\r\nuntil the end", True, True, ""),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nok", True, False, "no answer"),
        (b"HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n", False, True, ""),
        (b"HTTP/1.1 103 Early Hints\r\n\r\n", True, False, "no answer"),
        (b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n", False, False, "no answer"),
        (b"HTTP/1.1 302 Found\r\nLocation: /x\r\nContent-Length: 0\r\n\r\n", False, False, "redirect"),
        (b"SSH-2.0-OpenSSH\r\n", False, False, "no HTTP"),
        (b"HTTP/1.1 200 OK\r\nX: " + b"x" * 20_000, False, False, "head without an end"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n" + b"x" * 20_000, False, True, ""),
        (None, True, False, "no answer"),
    ],
)
def test_what_comes_back_is_read_for_what_it_means(answer, closes, taken, error):
    (outcome,) = sent(Answering(answer, closes=closes))
    assert outcome.taken is taken
    assert error in outcome.error


def test_more_than_was_asked_for_ends_the_connection():
    server = Answering(OK + OK, OK)
    assert [one.taken for one in sent(server, 2)] == [True, True]
    assert server.connections == 2


def test_retry_after_is_read_and_a_silent_endpoint_ends_in_time():
    (outcome,) = sent(Answering(b"HTTP/1.1 429 Slow\r\nRetry-After: 90\r\nContent-Length: 0\r\n\r\n"))
    assert outcome.rest.total_seconds() == 90
    (outcome,) = sent(Answering(b""), timeout_s=0.2)
    assert outcome.error == "no whole answer within 0.2 s"


@pytest.mark.parametrize("trusted", [True, False])
def test_over_tls_only_a_trusted_certificate_is_talked_to(tmp_path, monkeypatch, trusted):
    path = certificate(tmp_path, "localhost")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(path))
    server = Answering(OK)
    (outcome,) = sent(server, context=context)
    assert outcome.taken is trusted
    assert bool(server.got) is trusted
    assert trusted or "SSL" in outcome.error
