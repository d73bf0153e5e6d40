"""The session that spotipy speaks through, and what Spotify's refusals mean.

One pinned host, no redirects, bounded bodies, the last answer kept raw. A session of our own is also what stops spotipy
from sleeping through a Retry-After and losing it.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import requests
import urllib3

from spiders.base.errors import Misunderstood, Refused, Throttled, Trouble, Unavailable, legible
from spiders.base.http import bounded, signed
from spiders.base.platform import Access, Platform, same_host
from spiders.base.trouble import error_of, hop, retry_after, trouble_with
from spiders.base.unpacking import ASKED
from storage.observations import Outcome, Payload

CHUNK = 16_384
SECRET_CHARS = 12  # a shorter word may stand in an answer by chance
WINDOW_S = 30.0
UNSAID_QUOTA_S = 3600.0  # a used-up quota that names no time; a full window without one lasts a window


class Withheld(Trouble):
    """This credential may not ask that: the endpoint was removed from its capability profile."""

    outcome = Outcome.BLIND


class Missing(Trouble):
    """There is no such id; the platform turns this into an answer."""

    outcome = Outcome.ABSENT


class Stale(Trouble):
    """The access token was not accepted."""


class Led(Trouble):
    """The answer is a redirect inside the base URL."""

    def __init__(self, url: str) -> None:
        """Remember where it leads."""
        super().__init__("redirected")
        self.url = url


class Wire(requests.Session):
    """A session for one host; what goes wrong on the way becomes ours here."""

    def __init__(self, platform: type[Platform], access: Access, base: str) -> None:
        """Pin the host; the environment's proxies and netrc are not used."""
        super().__init__()
        self.trust_env = False
        self.headers.update({"User-Agent": signed(access), "Accept-Encoding": ASKED})
        self._platform, self._access, self._base = platform, access, base
        self.last: Payload | None = None
        self.last_headers: dict[str, str] = {}

    def request(self, method: str, url: str | bytes, *args: Any, **options: Any) -> requests.Response:
        """Ask once and read the whole answer, within the bytes and the time allowed."""
        self.last, self.last_headers = None, {}
        same_host(str(url), self._base)
        options |= {"stream": True, "allow_redirects": False, "timeout": self._access.timeout_s}
        try:
            with super().request(method, url, *args, **options) as response:
                encoding = response.headers.get("content-encoding", "")
                read = bounded(_chunks(response), encoding, self._access, "Spotify")
                body = self._masked(read, options.get("headers"))
        except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
            raise trouble_of(error) from None  # the original holds the request with its credentials
        response._content = body
        headers = {name.lower(): value for name, value in response.headers.items()}
        if 300 <= response.status_code < 400:
            led = hop(response.status_code, headers, str(response.url), self._base)
            raise Led(led) if led else trouble_with(self._platform, response.status_code, headers, "Spotify")
        self.last = Payload(
            self._access.masked(str(response.url)), response.status_code, body, headers.get("content-type", "")
        )
        self.last_headers = headers
        return response

    def _masked(self, body: bytes, headers: Mapping[str, str] | None) -> bytes:
        """Take our credentials out of an answer that echoes them, before anybody logs or keeps it."""
        bearer = (headers or {}).get("Authorization", "").removeprefix("Bearer ")
        for secret in (bearer, self._access.credentials.get("client_secret", "")):
            if len(secret) >= SECRET_CHARS:
                body = body.replace(secret.encode(), b"***")
        return body


def trouble_in(platform: type[Platform], answer: Payload, headers: Mapping[str, str], what: str) -> Trouble:
    """Say what an answer means that is no success: the body knows more than the status."""
    message, reason, is_own = _said(answer.body)
    said = f"{what}: HTTP {answer.status}" + (f", {message}" if message else "")
    match answer.status:
        case 404 if is_own and message != "Service not found":
            return Missing(said)
        case 404:
            return Misunderstood(f"{said}: is the base URL right?")
        case 400 if re.search(r"(?i)invalid (base62 )?id\b|non.?existing id", message):
            return Missing(said)
        case 400:
            return Misunderstood(said)
        case 401:
            return Stale(said)
        case 403 if is_own and message == "Forbidden":
            return Withheld(f"{said}: removed for this credential")
        case 403:
            return Refused(said)
        case 429:
            unsaid = UNSAID_QUOTA_S if reason == "QUOTA_EXCEEDED" else WINDOW_S
            named = retry_after(headers)
            return Throttled(f"{said} {reason}".rstrip(), wait_s=unsaid if named is None else named)
        case status:
            return trouble_with(platform, status, headers, what)


def _said(body: bytes) -> tuple[str, str, bool]:
    """Read message and reason of an error, and whether it is the API's own: JSON of two shapes, or nothing at all."""
    error, is_json = error_of(body)
    if not is_json:
        return legible(body[:200].decode("utf-8", "replace").partition("\n")[0]), "", not body
    if isinstance(error, dict):
        message = error.get("message")
        return legible(str(message or "")), legible(str(error.get("reason") or "")), isinstance(message, str)
    return legible(str(error or "")), "", isinstance(error, str)


def trouble_of(error: requests.RequestException | urllib3.exceptions.HTTPError) -> Trouble:
    """Translate the exceptions of requests and urllib3 into ours."""
    said = f"Spotify: {type(error).__name__}"
    match error:
        case (
            requests.exceptions.InvalidURL()
            | requests.exceptions.MissingSchema()
            | requests.exceptions.InvalidSchema()
            | requests.exceptions.InvalidHeader()
        ):
            return Refused(f"{said}: the base URL or a credential can't be used")
        case _:
            return Unavailable(said)


def _chunks(response: requests.Response) -> Iterator[bytes]:
    """Yield a body as it comes: a plain read would wait until a whole chunk is there."""
    while chunk := response.raw.read1(CHUNK, decode_content=False):
        yield chunk
