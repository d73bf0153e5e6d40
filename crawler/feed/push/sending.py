"""One try: the frozen bytes to an endpoint within a time limit, and what the answer means. Redirects are failures."""

import asyncio
import email.utils
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from crawler.feed.push.addresses import Allowed, Forbidden, Resolve, connected
from crawler.feed.push.wire import Broken, Head, Wire

LONGEST_REST = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one try."""

    taken: bool
    error: str = ""  # names the kind of trouble; never the address, never a secret
    rest: timedelta | None = None  # that the endpoint asked for
    ends: bool = False  # nothing may be sent there any more


class Sender:
    """Connections to one endpoint, kept open between tries: as many as there are tries at once."""

    def __init__(self, url: str, allowed: Allowed, resolve: Resolve, timeout_s: float) -> None:
        """Open nothing yet."""
        parts = urlsplit(url)
        self.timeout_s = timeout_s
        self._allowed, self._resolve = allowed, resolve
        self._is_tls = parts.scheme == "https"
        self._host, self._port = parts.hostname or "", parts.port or (443 if self._is_tls else 80)
        self._context = ssl.create_default_context() if self._is_tls else None
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        fixed = {"host": parts.netloc, "user-agent": "falsetto", "content-type": "application/json"}
        self._head = f"POST {target} HTTP/1.1\r\n" + _lines(fixed)
        self._free: list[Wire] = []

    async def send(self, headers: dict[str, str], body: bytes, now: datetime) -> Outcome:
        """Try once."""
        head = self._head + _lines(headers | {"content-length": str(len(body))}) + "\r\n"
        try:
            async with asyncio.timeout(self.timeout_s):  # over all of it: a drip of bytes would outlast any other
                answer = await self._asked(head.encode("ascii") + body)
        except Forbidden as fault:
            return Outcome(False, f"refused: {fault}", ends=True)
        except TimeoutError:
            return Outcome(False, f"no whole answer within {self.timeout_s:g} s")
        except Broken as fault:
            return Outcome(False, f"no answer: {fault}")
        except OSError as fault:  # TLS too
            return Outcome(False, f"no answer: {type(fault).__name__}")
        return _meaning(answer.status, answer.retry_after, now)

    async def _asked(self, request: bytes) -> Head:
        """Ask on a connection that is open, and on a new one where that had ended meanwhile without a word."""
        while self._free:
            wire = self._free.pop()
            if not wire.is_usable:
                wire.abort()
                continue
            try:
                return await self._on(wire, request)
            except Broken as fault:
                if not fault.unread:
                    raise
        loop = asyncio.get_running_loop()
        name = self._host if self._is_tls else None
        wire = await connected(
            self._host,
            self._port,
            self._allowed,
            self._resolve,
            lambda address: loop.create_connection(Wire, address, self._port, ssl=self._context, server_hostname=name),
        )
        return await self._on(wire, request)

    async def _on(self, wire: Wire, request: bytes) -> Head:
        answer = await wire.ask(request)
        if wire.is_usable:
            self._free.append(wire)
        return answer

    async def close(self) -> None:
        """Close what is open."""
        while self._free:
            self._free.pop().abort()


def _lines(headers: dict[str, str]) -> str:
    return "".join(f"{name}: {value}\r\n" for name, value in headers.items())


def _meaning(status: int, retry_after: str, now: datetime) -> Outcome:
    if 200 <= status < 300:
        return Outcome(True)
    if status == 410:
        return Outcome(False, "it answered 410 Gone", ends=True)
    said = f"it answered {status}" + (", a redirect, which is not followed" if 300 <= status < 400 else "")
    return Outcome(False, said, rest=_rest(retry_after, now))


def _rest(retry_after: str, now: datetime) -> timedelta | None:
    if retry_after.isascii() and retry_after.isdecimal():
        return min(timedelta(seconds=min(int(retry_after[:9]), 10**6)), LONGEST_REST)
    try:
        moment = email.utils.parsedate_to_datetime(retry_after)
    except ValueError:
        return None
    moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
    return max(timedelta(0), min(moment - now, LONGEST_REST))
