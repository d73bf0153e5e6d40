"""A loopback server that replays answers by method, path and query, so that the real clients ask over real HTTP.

    with Replay(hosts=["https://api.deezer.com"]) as server:
        server.add("/artist/27", {"id": 27})                       # always this answer
        server.add("/artist/28", Answer(status=503), {"id": 28})   # in turn; the last one repeats
        server.add("/artist/29", {"id": 29}, date="2024-08-19")    # while server.today is that day or a later one
        server.answer_by(lambda asked: Answer(...) or None)        # whatever no route answers
        ... ask server.url ...; server.asked tells what was asked, in order

Queries match in any order of their parameters; those named in `ignore` do not count. `hosts` in bodies become the
server's own address, so that `next` links stay here. What nobody answers is a 404 and stands in `server.unknown`.
"""

import asyncio
import csv
import json
import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

RECORDED = Path(__file__).resolve().parents[2] / "shared" / "recorded"
WHY_SKIPPED = "../shared/recorded is not here: the real bodies are never shipped"


@dataclass(frozen=True)
class Answer:
    """What the server sends; the last four are faults."""

    body: bytes = b""
    status: int = 200
    content_type: str = "application/json; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)
    delay_s: float = 0.0  # before the body
    reset: bool = False  # the connection is reset instead of answered
    cut_at: int | None = None  # the whole length is announced, only so many bytes come
    drip_s: float = 0.0  # a tenth of the body at a time, with so many seconds between


@dataclass(frozen=True)
class Asked:
    """One request as it came in."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes
    at: float  # monotonic seconds
    target: str = ""  # path and query as they came in: a parameter may stand there several times


@dataclass(frozen=True)
class Recording:
    """One real response of ../shared/recorded."""

    platform: str
    method: str
    url: str
    status: int
    endpoint: str
    date: str
    path: Path

    @property
    def body(self) -> bytes:
        """Read the body as it was recorded."""
        return self.path.read_bytes()


Body = Answer | bytes | str | dict[str, Any] | list[Any]
Key = tuple[str, str, tuple[tuple[str, str], ...]]


def recordings(platform: str) -> Iterator[Recording]:
    """Read the index of the real responses of one platform."""
    with (RECORDED / "INDEX.tsv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            if row["platform"] == platform:
                status = int(row["status"][:3]) if row["status"][:3].isdigit() else 200
                yield Recording(
                    platform,
                    row["method"],
                    row["url"],
                    status,
                    row["endpoint"],
                    row["recorded"],
                    RECORDED / row["file"],
                )


class Replay:
    """The server; it runs in a thread of its own while the `with` block lasts."""

    def __init__(
        self, hosts: Iterable[str] = (), ignore: Iterable[str] = (), tls: ssl.SSLContext | None = None
    ) -> None:
        self.hosts, self.ignore, self._tls = list(hosts), frozenset(ignore), tls
        self.today = "9999-12-31"
        self.asked: list[Asked] = []
        self.unknown: list[Asked] = []
        self._routes: dict[Key, dict[str, list[Answer]]] = {}
        self._served: dict[tuple[Key, str], int] = {}
        self._otherwise: Callable[[Asked], Body | None] = lambda asked: None
        self._writers: set[asyncio.StreamWriter] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="replay", daemon=True)
        self._started = threading.Event()

    def add(self, url: str, *answers: Body, method: str = "GET", date: str = "") -> None:
        """Answer a path (or a whole URL) with these in turn; what was added before for it comes first."""
        key = self._key(method, urlsplit(url).path, dict(parse_qsl(urlsplit(url).query, keep_blank_values=True)))
        self._routes.setdefault(key, {}).setdefault(date, []).extend(_answer(body) for body in answers)

    def answer_by(self, otherwise: Callable[[Asked], Body | None]) -> None:
        """Ask this function for whatever no route answers."""
        self._otherwise = otherwise

    def __enter__(self) -> "Replay":
        self._thread.start()
        self._started.wait(10)
        return self

    def __exit__(self, *exc: object) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)

    def _key(self, method: str, path: str, query: Mapping[str, str]) -> Key:
        kept = sorted((name, value) for name, value in query.items() if name not in self.ignore)
        return method, path.rstrip("/") or "/", tuple(kept)

    def _find(self, asked: Asked) -> Answer:
        key = self._key(asked.method, asked.path, asked.query)
        dates = [date for date in self._routes.get(key, {}) if date <= self.today]
        if dates:
            answers = self._routes[key][max(dates)]
            turn = self._served.get((key, max(dates)), 0)
            self._served[key, max(dates)] = turn + 1
            return answers[min(turn, len(answers) - 1)]
        body = self._otherwise(asked)
        if body is None:
            self.unknown.append(asked)
            return Answer(b'{"error":"nothing is recorded for this"}', 404)
        return _answer(body)

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._serve())

    async def _serve(self) -> None:
        self._stop = asyncio.Event()
        server = await asyncio.start_server(self._talk, "127.0.0.1", 0, ssl=self._tls)
        self.port = server.sockets[0].getsockname()[1]
        self.url = f"https://localhost:{self.port}" if self._tls else f"http://127.0.0.1:{self.port}"
        self._started.set()
        await self._stop.wait()
        server.close()
        for writer in list(self._writers):
            writer.transport.abort()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        try:
            while asked := await _read(reader):
                self.asked.append(asked)
                if not await self._send(writer, self._find(asked)):
                    break
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass  # the client went away, or the server stops
        finally:
            self._writers.discard(writer)
            writer.close()

    async def _send(self, writer: asyncio.StreamWriter, answer: Answer) -> bool:
        if answer.reset:
            linger = struct.pack("ii", 1, 0)  # close with a reset instead of a goodbye
            writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            writer.transport.abort()
            return False
        body = answer.body
        for host in self.hosts:
            body = body.replace(host.encode(), self.url.encode())
            body = body.replace(host.replace("/", "\\/").encode(), self.url.replace("/", "\\/").encode())
        head = {"Content-Type": answer.content_type, "Content-Length": str(len(body)), **answer.headers}
        lines = [f"HTTP/1.1 {answer.status} Replayed", *(f"{name}: {value}" for name, value in head.items())]
        writer.write("\r\n".join([*lines, "", ""]).encode())
        await asyncio.sleep(answer.delay_s)
        for part in _parts(body[: answer.cut_at], 10 if answer.drip_s else 1):
            writer.write(part)
            await writer.drain()
            await asyncio.sleep(answer.drip_s)
        return answer.cut_at is None


async def _read(reader: asyncio.StreamReader) -> Asked | None:
    head = await reader.readuntil(b"\r\n\r\n") if not reader.at_eof() else b""
    if not head:
        return None
    first, *lines = head.decode("latin-1").rstrip().split("\r\n")
    method, url, _ = first.split(" ", 2)
    headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    query = dict(parse_qsl(urlsplit(url).query, keep_blank_values=True))
    return Asked(method, urlsplit(url).path, query, headers, body, time.monotonic(), url)


def _answer(body: Body) -> Answer:
    if isinstance(body, Answer):
        return body
    if isinstance(body, bytes | str):
        return Answer(body if isinstance(body, bytes) else body.encode())
    return Answer(json.dumps(body).encode())


def _parts(body: bytes, count: int) -> Iterator[bytes]:
    size = max(1, -(-len(body) // count))
    for start in range(0, len(body), size):
        yield body[start : start + size]
