"""One kept-open HTTP/1.1 connection: a request's bytes out, an answer's status and Retry-After in, and nothing else.

Small on purpose: of an answer only its status counts, and a general client spends more on a message than all the rest
of delivering it. Parsing is httptools', the one that Uvicorn reads requests with.
"""

import asyncio
import time
from dataclasses import dataclass

import httptools

MOST_READ = 16 * 1024  # of one answer, with its head; nothing in its body is used
IDLE_S = 15.0  # after which a connection is not used again


class Broken(Exception):
    """The connection ended, or what came is no HTTP; `unread` tells that not one byte of an answer had come."""

    def __init__(self, why: str, *, unread: bool = False) -> None:
        """Keep both."""
        super().__init__(why)
        self.unread = unread


@dataclass(frozen=True, slots=True)
class Head:
    """What counts of an answer."""

    status: int
    retry_after: str


class Wire(asyncio.Protocol):
    """One connection, for one request at a time."""

    def __init__(self) -> None:
        """Wait to be connected."""
        self._transport: asyncio.Transport | None = None
        self._answer: asyncio.Future[Head] | None = None
        self._used_at = time.monotonic()
        self._begin()

    def _begin(self) -> None:
        self._parser = httptools.HttpResponseParser(self)
        self._read, self._retry_after, self._has_end, self._has_head = 0, "", False, False

    @property
    def is_usable(self) -> bool:
        """Tell whether another request may go out here."""
        open_ = self._transport is not None and not self._transport.is_closing()
        return open_ and time.monotonic() - self._used_at < IDLE_S

    async def ask(self, request: bytes) -> Head:
        """Send a request and wait for its answer; who stops waiting has broken the connection."""
        if self._transport is None or self._transport.is_closing():
            raise Broken("closed", unread=True)
        self._begin()
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        try:
            return await self._answer
        except asyncio.CancelledError:
            self.abort()
            raise
        finally:
            self._answer, self._used_at = None, time.monotonic()

    def abort(self) -> None:
        """End the connection at once."""
        if self._transport is not None:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep what to write to."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        """An answer of no stated length ends with its connection; any other is broken off."""
        if self._has_head and not self._has_end:
            self._told()
        self._failed("ended" if exc is None else type(exc).__name__, unread=self._read == 0)

    def data_received(self, data: bytes) -> None:
        """Read on."""
        if self._answer is None or self._answer.done():
            self.abort()  # nobody asked for that
            return
        self._read += len(data)
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade):
            self._failed("what came is no HTTP")
            self.abort()
            return
        if self._read > MOST_READ and not self._answer.done():
            if self._has_head:
                self._told()
            self._failed("a head without an end")
            self.abort()

    def on_header(self, name: bytes, value: bytes) -> None:
        """Note the headers that matter."""
        word = name.lower()
        if word == b"retry-after":
            self._retry_after = value.decode("ascii", "replace")
        if word in (b"content-length", b"transfer-encoding"):
            self._has_end = True

    def on_headers_complete(self) -> None:
        """Note that the status is known."""
        self._has_head = self._parser.get_status_code() >= 200

    def on_message_complete(self) -> None:
        """An interim answer is none, and a second one nobody asked for."""
        if self._answer is None or self._answer.done():
            self.abort()
            return
        if self._parser.get_status_code() < 200:
            self._has_end, self._retry_after = False, ""
            return
        keeps = self._parser.should_keep_alive()
        self._told()
        if not keeps:
            self.abort()

    def _told(self) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_result(Head(self._parser.get_status_code(), self._retry_after))

    def _failed(self, why: str, *, unread: bool = False) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(Broken(why, unread=unread))
