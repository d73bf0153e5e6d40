"""The one module that knows httpx: a small JSON transport for platforms that are asked from a thread.

Before every try the gate grants a slot. The host is pinned, one redirect is followed inside the base URL and none
elsewhere, a body is bounded in bytes and in time, and nothing that it tells or raises holds a credential. The
environment's proxies and netrc are not used.
"""

import logging
import ssl
import time
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Protocol
from urllib.parse import urlencode

import httpx

from spiders.base.client import Client
from spiders.base.errors import Misunderstood, Refused, Throttled, Trouble, Unavailable
from spiders.base.platform import SECRET_CHARS, Access, same_host
from spiders.base.reading import parse
from spiders.base.trouble import Strikes, hop, is_cut, said_with, trouble_with
from spiders.base.unpacking import ASKED, unpacked
from spiders.base.walk import Walk
from storage.limits import today
from storage.observations import Payload

logging.getLogger("httpx").setLevel(logging.WARNING)  # it prints every URL at INFO
logging.getLogger("httpcore").setLevel(logging.WARNING)  # it prints headers at DEBUG


@dataclass(frozen=True, slots=True)
class Answer:
    """One JSON object, with the body it was read from."""

    status: int
    raw: dict[str, Any]
    payload: Payload


@dataclass(frozen=True, slots=True)
class Posted:
    """What an address said to a form."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Question:
    """One request that is asked until it gets an answer."""

    url: str
    path: str
    bucket: str
    walk: Walk
    readable: Collection[int]
    headers: Mapping[str, str]


class Credential(Protocol):
    """What a request is signed with."""

    def header(self, fresh: bool) -> str:
        """Return the Authorization header; `fresh` where the last one was not accepted."""


class Transport:
    """Asks one host for JSON objects in the name of one client."""

    def __init__(
        self, client: Client, *, headers: Mapping[str, str] | None = None, credential: Credential | None = None
    ) -> None:
        """Open the connection pool."""
        self._client, self._strikes, self._credential = client, Strikes(type(client)), credential
        said = {"User-Agent": signed(client.access), "Accept": "application/json", "Accept-Encoding": ASKED}
        self._http = httpx.Client(
            verify=_trusted(),
            headers={**said, **(headers or {})},
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
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Ask for one object; statuses in `readable` are answers too, every other but 200 is trouble."""
        try:
            url = f"{self._client.base}/{path}?{urlencode(params, safe=':/@')}".rstrip("?")
        except UnicodeEncodeError as error:
            raise Misunderstood(f"{path}: the question holds characters that no URL can carry") from error
        same_host(url, self._client.base)
        question = Question(url, path, bucket, walk, readable, headers or {})
        return self._client.retrying(lambda: self._try(question))

    def _try(self, asked: Question, *, hopped: bool = False, fresh: bool = False) -> Answer:
        slot = self._client.gate.wait(asked.bucket)
        signature = {} if self._credential is None else {"Authorization": self._credential.header(fresh)}
        asked.walk.cost += 1
        try:
            status, headers, body = self._fetch("GET", asked.url, asked.path, {**asked.headers, **signature})
        finally:
            self._client.gate.landed(slot)  # one that failed may have arrived as well
        body = unsigned(body, signature, self._client.access)
        led = None if hopped else hop(status, headers, asked.url, self._client.base)
        if led is not None:
            return self._try(replace(asked, url=led), hopped=True, fresh=False)
        if status == 401 and signature and not fresh:
            return self._try(asked, hopped=hopped, fresh=True)
        trouble = self._client.refusal(status, body)
        rest_s = self._client.rest_s(headers)
        if trouble is None and (status == 200 or status in asked.readable):
            if is_cut(body):
                raise Unavailable(f"{asked.path}: the answer is cut short")
            self._strikes.clear(asked.bucket)
            if rest_s > 0:
                self._client.gate.pace(asked.bucket, rest_s)
            payload = Payload(self._client.access.masked(asked.url), status, body, headers.get("content-type", ""))
            return Answer(status, parse(body, asked.path), payload)
        trouble = said_with(trouble, headers) or trouble_with(type(self._client), status, headers, asked.path)
        if isinstance(trouble, Throttled):
            trouble.wait_s = rest_s or None if trouble.wait_s is None else trouble.wait_s
            raise self._parked(trouble, asked.bucket)
        raise trouble

    def post(self, url: str, form: Mapping[str, str], headers: Mapping[str, str], what: str) -> Posted:
        """Send a form to a declared address, such as one that gives tokens; nothing is retried or kept."""
        status, said, body = self._fetch("POST", url, what, headers, urlencode(form).encode())
        return Posted(status, said, body)

    def _fetch(
        self, method: str, url: str, path: str, more: Mapping[str, str], form: bytes | None = None
    ) -> tuple[int, Mapping[str, str], bytes]:
        typed = {} if form is None else {"Content-Type": "application/x-www-form-urlencoded"}
        try:
            with self._http.stream(method, url, headers={**more, **typed}, content=form) as response:
                body = bounded(
                    response.iter_raw(), response.headers.get("content-encoding", ""), self._client.access, path
                )
                return response.status_code, response.headers, body
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise trouble_of(error, path) from None  # the original quotes the request

    def _parked(self, trouble: Throttled, bucket: str) -> Throttled:
        self._strikes.strike(bucket)
        wait_s = self._strikes.pause_s(bucket, trouble.wait_s)
        if trouble.quota:
            limits, now = self._client.limits_for(self._client.access), self._client.gate.now()
            zone = limits.get(bucket, limits[""]).resets
            wait_s = max(wait_s, today(zone, now)[1] - now) if zone else wait_s
        reason = f"{trouble}, wait {wait_s:.0f} s"
        self._client.gate.park(bucket, wait_s, reason)
        return Throttled(reason, wait_s=wait_s, bucket=bucket)

    def close(self) -> None:
        """Close the connections."""
        self._http.close()


@cache  # reading all authorities takes tens of milliseconds of the loop, and a lane opens several clients
def _trusted() -> ssl.SSLContext:
    return httpx.create_ssl_context(trust_env=False)


def unsigned(body: bytes, signature: Mapping[str, str], access: Access) -> bytes:
    """Take token and credentials out of an answer that echoes them, before anybody logs or keeps it."""
    for secret in (signature.get("Authorization", "").partition(" ")[2], *access.credentials.values()):
        if len(secret) >= SECRET_CHARS:
            body = body.replace(secret.encode("utf-8", "replace"), b"***")
    return body


def signed(access: Access) -> str:
    """Return the User-Agent, or refuse a contact that no header can carry."""
    if not (access.user_agent.isascii() and access.user_agent.isprintable()):
        raise Refused("the contact for the User-Agent must be printable ASCII")
    return access.user_agent


def bounded(chunks: Iterable[bytes], encoding: str, access: Access, what: str) -> bytes:
    """Collect a body chunk by chunk as it was before it was encoded, within the bytes and the time allowed."""
    deadline, body = time.monotonic() + access.timeout_s, bytearray()
    for piece in unpacked(_within(chunks, access.max_bytes, what), encoding, access.max_bytes, what):
        body += piece
        if time.monotonic() > deadline:
            raise Unavailable(f"{what}: the body did not come within {access.timeout_s:g} s")
    return bytes(body)


def _within(chunks: Iterable[bytes], max_bytes: int, what: str) -> Iterable[bytes]:
    total = 0
    for chunk in chunks:
        total += len(chunk)
        if total > max_bytes:
            raise Misunderstood(f"{what}: the body is larger than {max_bytes} bytes")
        yield chunk


def trouble_of(error: httpx.HTTPError | httpx.InvalidURL, what: str) -> Trouble:
    """Translate httpx's exceptions into ours."""
    said = f"{what}: {type(error).__name__}"
    match error:
        case httpx.InvalidURL() | httpx.UnsupportedProtocol() | httpx.LocalProtocolError():
            return Refused(f"{said}: the base URL can't be asked")
        case httpx.TooManyRedirects():
            return Refused(said, about_target=True)
        case httpx.DecodingError():
            return Misunderstood(said)
        case _:
            return Unavailable(said)
