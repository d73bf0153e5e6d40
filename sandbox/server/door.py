"""The one door of the sandbox: finds the platform by the path, applies limits and faults, and speaks HTTP."""

import asyncio
import json
import socket
import struct
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl

from sandbox.dialects.answer import Answer, Ask
from sandbox.dialects.platforms import Standing
from sandbox.server.bad_days import bad_day
from sandbox.server.faults import (
    BAD_DAYS,
    CONTENT,
    REPLACING,
    TRANSPORT,
    Faults,
    Switch,
    replacement,
    spoil,
    without_offset,
)
from sandbox.server.virtual_clock import VirtualClock

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]
CONTROL = "_sandbox"
LONGEST_BODY = 1_000_000


class Door:
    """An ASGI application."""

    def __init__(self, standing: dict[str, Standing], clock: VirtualClock, faults: Faults, control: App) -> None:
        """Open the door."""
        self.standing, self.clock, self.faults, self.control = standing, clock, faults, control

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Take one request."""
        platform, _, path = scope["path"].lstrip("/").partition("/")
        if scope["type"] != "http" or platform == CONTROL:
            await self.control(scope, receive, send)
        elif platform in self.standing:
            ask = await read_ask(scope, receive, platform, path.rstrip("/"))
            await self.serve(ask, self.standing[platform], scope, send)
        else:
            await write(Answer({"error": f"no platform {platform!r} here"}, status=404), send)

    async def serve(self, ask: Ask, standing: Standing, scope: Scope, send: Send) -> None:
        """Answer one platform's request."""
        name = standing.dialect.name
        buckets = standing.dialect.buckets(ask)
        now = self.clock.now()
        refused = standing.limiter.admit(buckets, ask.client, now)
        drawn = self.faults.draw(ask, name) if self.faults.switches else {}
        answer = standing.dialect.refusal(*refused) if refused else self.answer(ask, standing, drawn, now)
        standing.limiter.note_status(buckets, answer.status)
        broken = next((drawn[fault] for fault in TRANSPORT if fault in drawn), None) if not refused else None
        if broken is None:
            await write(answer, send, ask.method == "HEAD")
            return
        self.faults.note(broken.name, name)
        await write_badly(answer, broken, scope, send)

    def answer(self, ask: Ask, standing: Standing, drawn: dict[str, Switch], now: float) -> Answer:
        """Give the true answer, or what the faults make of it."""
        name = standing.dialect.name
        for fault in REPLACING:
            instead = replacement(fault, standing.dialect, ask) if fault in drawn else None
            if instead:
                self.faults.note(fault, name)
                return instead
        shifted = without_offset(ask) if "ignore_offset" in drawn or "cycle" in drawn else ask
        answer = self.on_a_bad_day(shifted, standing, drawn, now) or standing.dialect.answer(shifted, now)
        if "ignore_offset" in drawn and shifted.params != ask.params:
            self.faults.note("ignore_offset", name)
        for fault in ("cycle", *CONTENT):
            if fault in drawn and spoil(answer, drawn[fault], ask, self.faults.chance(fault, name)):
                self.faults.note(fault, name)
        return answer

    def on_a_bad_day(self, ask: Ask, standing: Standing, drawn: dict[str, Switch], now: float) -> Answer | None:
        """Give the answer of a platform that has lost pages, if it has lost one that is asked for."""
        for fault in BAD_DAYS:
            answer = bad_day(drawn[fault], standing.dialect, ask, now, self.faults.seed) if fault in drawn else None
            if answer is not None:
                self.faults.note(fault, standing.dialect.name)
                return answer
        return None


async def read_ask(scope: Scope, receive: Receive, platform: str, path: str) -> Ask:
    """Read a request."""
    headers = {key.decode("latin-1"): value.decode("latin-1") for key, value in scope["headers"]}
    every = tuple(parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True))
    base = f"http://{headers.get('host', '127.0.0.1')}/{platform}"
    client = scope["client"][0] if scope.get("client") else ""
    ask = Ask(scope["method"], path, dict(every), every, headers, client, base)
    return ask if scope["method"] in ("GET", "HEAD") else replace(ask, body=await read_body(receive))


async def read_body(receive: Receive) -> bytes:
    """Read a request's body, up to a length."""
    body = b""
    while len(body) < LONGEST_BODY:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body"):
            break
    return body


def encoded(answer: Answer) -> tuple[list[tuple[bytes, bytes]], bytes]:
    """Give the headers and the body of an answer."""
    body = (answer.before + answer.text).encode()
    if answer.document is not None:
        try:
            body = (answer.before + json.dumps(answer.document, ensure_ascii=False, separators=(",", ":"))).encode()
        except UnicodeEncodeError:  # a lone surrogate; JSON can only escape it
            body = (answer.before + json.dumps(answer.document)).encode()
    headers = {"Content-Type": answer.content_type, **answer.headers, "Content-Length": str(len(body))}
    return [(key.lower().encode("latin-1"), value.encode("latin-1")) for key, value in headers.items()], body


async def write(answer: Answer, send: Send, head: bool = False) -> None:
    """Send an answer."""
    headers, body = encoded(answer)
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if head else body})


async def write_badly(answer: Answer, switch: Switch, scope: Scope, send: Send) -> None:
    """Send an answer slowly, cut short, or until the connection breaks."""
    headers, body = encoded(answer)
    half = body[: len(body) // 2]
    if switch.name == "truncated":
        headers = [(key, str(len(half)).encode() if key == b"content-length" else value) for key, value in headers]
        await send({"type": "http.response.start", "status": answer.status, "headers": headers})
        await send({"type": "http.response.body", "body": half})
        return
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": half, "more_body": True})
    if switch.name == "slow":
        await asyncio.sleep(switch.seconds)
        await send({"type": "http.response.body", "body": body[len(half) :]})
        return
    reset(scope)


def reset(scope: Scope) -> None:
    """Break the connection for real: the peer is told nothing but RST."""
    transport = scope["sandbox.transport"]
    peer = transport.get_extra_info("socket")
    if peer is not None:
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()
