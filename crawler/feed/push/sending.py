"""One try: the frozen bytes to an endpoint within a time limit, and what the answer means. Redirects are failures."""

import asyncio
import email.utils
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import httpcore

from crawler.feed.push.addresses import Forbidden

MOST_READ = 16 * 1024  # of an answer's body; nothing in it is used
LONGEST_REST = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one try."""

    taken: bool
    error: str = ""  # names the kind of trouble; never the address, never a secret
    rest: timedelta | None = None  # that the endpoint asked for
    ends: bool = False  # nothing may be sent there any more


class Sender:
    """Connections to one endpoint, kept open between tries."""

    def __init__(self, url: str, backend: httpcore.AsyncNetworkBackend, timeout_s: float, width: int) -> None:
        """Open nothing yet."""
        self.url, self.timeout_s = url, timeout_s
        self.target = httpcore.URL(url)
        host = urlsplit(url).netloc.encode("ascii")
        self._fixed = [(b"host", host), (b"user-agent", b"falsetto"), (b"content-type", b"application/json")]
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=ssl.create_default_context() if url.startswith("https") else None,
            max_connections=width,
            keepalive_expiry=15.0,
            network_backend=backend,
        )

    async def send(self, headers: dict[str, str], body: bytes, now: datetime) -> Outcome:
        """Try once."""
        sent = [*self._fixed, *((name.encode(), value.encode()) for name, value in headers.items())]
        sent.append((b"content-length", str(len(body)).encode()))
        try:
            async with (
                asyncio.timeout(self.timeout_s),  # over all of it: a drip of bytes would outlast any other
                self._pool.stream("POST", self.target, headers=sent, content=body) as response,
            ):
                read = 0
                async for part in response.aiter_stream():
                    read += len(part)
                    if read > MOST_READ:
                        break
                given = {name.lower(): value for name, value in response.headers}
                return _meaning(response.status, given.get(b"retry-after", b"").decode("ascii", "replace"), now)
        except Forbidden as fault:
            return Outcome(False, f"refused: {fault}", ends=True)
        except TimeoutError:
            return Outcome(False, f"no whole answer within {self.timeout_s:g} s")
        except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.TimeoutException, ssl.SSLError) as fault:
            return Outcome(False, f"no answer: {type(fault).__name__}")

    async def close(self) -> None:
        """Close what is open."""
        await self._pool.aclose()


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
