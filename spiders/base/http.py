"""The one module that knows httpx: a small JSON transport for platforms that are asked from a thread.

Before every try the gate grants a slot. The host is pinned, redirects are refused, a body is bounded in bytes and in
time, and nothing that it tells or raises holds a credential. The environment's proxies and netrc are not used.
"""

import logging
import math
import time
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx

from spiders.base.client import Client
from spiders.base.errors import Misunderstood, Refused, Throttled, Trouble, Unavailable
from spiders.base.platform import Access, same_host
from spiders.base.reading import parse
from spiders.base.walk import Walk
from storage.observations import Payload

PAUSE_S = 5.0  # after a refusal that names no time; doubled while refusals follow each other
MAX_PAUSE_S = 640.0
MAX_WAIT_S = 7 * 86_400.0  # a Retry-After beyond a week is no promise, but a mistake

logging.getLogger("httpx").setLevel(logging.WARNING)  # it prints every URL at INFO
logging.getLogger("httpcore").setLevel(logging.WARNING)  # it prints headers at DEBUG


@dataclass(frozen=True, slots=True)
class Answer:
    """One JSON object, with the body it was read from."""

    status: int
    raw: dict[str, Any]
    payload: Payload


class Transport:
    """Asks one host for JSON objects in the name of one client."""

    def __init__(
        self,
        client: Client,
        *,
        headers: Mapping[str, str] | None = None,
        throttles: Collection[int] = (429,),
    ) -> None:
        """Open the connection pool; `throttles` are the statuses by which this platform says "not now"."""
        self._client, self._throttles, self._pause_s = client, throttles, PAUSE_S
        self._http = httpx.Client(
            headers={"User-Agent": signed(client.access), "Accept": "application/json", **(headers or {})},
            timeout=client.access.timeout_s,
            follow_redirects=False,
            trust_env=False,
        )

    def get(
        self,
        path: str,
        params: list[tuple[str, str]],
        bucket: str = "",
        *,
        walk: Walk,
        readable: Collection[int] = (),
    ) -> Answer:
        """Ask for one object; statuses in `readable` are answers too, every other but 200 is trouble."""
        try:
            url = f"{self._client.base}/{path}?{urlencode(params, safe=':/@')}"
            shown = f"{self._client.base}/{path}?{urlencode(self._hidden(params), safe=':/@*')}"
        except UnicodeEncodeError as error:
            raise Misunderstood(f"{path}: the question holds characters that no URL can carry") from error
        same_host(url, self._client.base)
        return self._client.retrying(lambda: self._try(url, shown, path, bucket, walk, readable))

    def _try(self, url: str, shown: str, path: str, bucket: str, walk: Walk, readable: Collection[int]) -> Answer:
        self._client.gate.wait(bucket)
        walk.cost += 1
        status, headers, body = self._fetch(url, path)
        if status in self._throttles:
            raise self._not_now(status, headers, path, bucket)
        self._pause_s = PAUSE_S
        if status != 200 and status not in readable:
            raise trouble_with(status, headers, path)
        payload = Payload(shown, status, body, headers.get("content-type", ""))
        return Answer(status, parse(body, path), payload)

    def _fetch(self, url: str, path: str) -> tuple[int, Mapping[str, str], bytes]:
        try:
            with self._http.stream("GET", url) as response:
                body = bounded(response.iter_bytes(), self._client.access, path)
                return response.status_code, response.headers, body
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise trouble_of(error, path) from None  # the original quotes the request

    def _not_now(self, status: int, headers: Mapping[str, str], path: str, bucket: str) -> Throttled:
        wait_s = max(self._pause_s, retry_after(headers) or 0.0)
        self._pause_s = min(2 * self._pause_s, MAX_PAUSE_S)
        reason = f"{path}: HTTP {status}, wait {wait_s:.0f} s"
        self._client.gate.park(bucket, wait_s, reason)
        return Throttled(reason, wait_s=wait_s, bucket=bucket)

    def _hidden(self, params: list[tuple[str, str]]) -> list[tuple[str, str]]:
        """Take this client's credentials out of a question, for the eyes of others."""
        secrets = frozenset(self._client.access.credentials.values())
        return [(name, "***" if value in secrets else value) for name, value in params]

    def close(self) -> None:
        """Close the connections."""
        self._http.close()


def signed(access: Access) -> str:
    """Return the User-Agent, or refuse a contact that no header can carry."""
    if not (access.user_agent.isascii() and access.user_agent.isprintable()):
        raise Refused("the contact for the User-Agent must be printable ASCII")
    return access.user_agent


def bounded(chunks: Iterable[bytes], access: Access, what: str) -> bytes:
    """Collect a body chunk by chunk, within the bytes and the time that this access allows."""
    deadline, body = time.monotonic() + access.timeout_s, bytearray()
    for chunk in chunks:
        body += chunk
        if len(body) > access.max_bytes:
            raise Misunderstood(f"{what}: the body is larger than {access.max_bytes} bytes")
        if time.monotonic() > deadline:
            raise Unavailable(f"{what}: the body did not come within {access.timeout_s:g} s")
    return bytes(body)


def legible(text: str) -> str:
    """Return what can be shown of a server's words: printable, and not many."""
    return "".join(char for char in text[:200] if char.isprintable()).strip()


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Read a Retry-After given in seconds; anything else counts as not said."""
    try:
        wait_s = float(headers.get("retry-after", ""))
    except ValueError:
        return None
    return min(wait_s, MAX_WAIT_S) if math.isfinite(wait_s) and wait_s >= 0 else None


def trouble_with(status: int, headers: Mapping[str, str], what: str) -> Trouble:
    """Say what a status means that brought no answer."""
    if 300 <= status < 400:
        host = urlsplit(headers.get("location", "")).hostname or "elsewhere"
        return Refused(f"{what}: HTTP {status}, redirect to {host} refused")
    if status in (401, 403, 407, 451):
        return Refused(f"{what}: HTTP {status}")
    if status == 429:
        return Throttled(f"{what}: HTTP 429", wait_s=retry_after(headers))
    if status >= 500 or status in (408, 425):
        return Unavailable(f"{what}: HTTP {status}")
    return Misunderstood(f"{what}: HTTP {status}")


def trouble_of(error: httpx.HTTPError | httpx.InvalidURL, what: str) -> Trouble:
    """Translate httpx's exceptions into ours."""
    said = f"{what}: {type(error).__name__}"
    match error:
        case httpx.InvalidURL() | httpx.UnsupportedProtocol() | httpx.LocalProtocolError():
            return Refused(f"{said}: the base URL can't be asked")
        case httpx.TooManyRedirects():
            return Refused(said)
        case httpx.DecodingError():
            return Misunderstood(said)
        case _:
            return Unavailable(said)
