"""The line to a detection system: one request, JSON back, within limits of time and size; redirects are failures."""

import time
from collections.abc import Mapping
from typing import Any

import httpx

from crawler.detectors.reading import Failed, read_object
from crawler.feed.answer import Outcome
from spiders.base.errors import Trouble
from spiders.base.unpacking import ASKED, unpacked

MOST_READ = 1_000_000  # bytes
TIMEOUT_S = 60.0
MEANING: Mapping[int, Outcome] = {402: "quota", 404: "not_found", 410: "not_found", 429: "quota"}


class Line:
    """One connection to one detector, kept open."""

    def __init__(self, timeout_s: float = TIMEOUT_S) -> None:
        """Open nothing yet."""
        self._timeout_s = timeout_s
        self._client = httpx.Client(
            timeout=timeout_s,
            follow_redirects=False,
            headers={"user-agent": "falsetto", "accept-encoding": ASKED},
            trust_env=False,  # a .netrc would replace the key, a proxy would read it
        )

    def ask(self, method: str, url: str, headers: Mapping[str, str], body: object = None) -> dict[str, Any]:
        """Send one request and return the object that came, or raise Failed."""
        until = time.monotonic() + self._timeout_s  # over all of it: a drip of bytes would outlast any other
        try:
            with self._client.stream(method, url, headers=dict(headers), json=body) as response:
                text = b""
                encoding = response.headers.get("content-encoding", "")
                for part in unpacked(response.iter_raw(), encoding, MOST_READ, "its answer"):
                    text += part
                    if time.monotonic() > until:
                        raise Failed("failed", f"no whole answer within {self._timeout_s:g} s")
                status = response.status_code
        except Trouble as fault:
            raise Failed("failed", str(fault)) from None
        except httpx.HTTPError as fault:
            raise Failed("failed", f"no answer: {type(fault).__name__}") from None
        if not 200 <= status < 300:
            raise Failed(MEANING.get(status, "failed"), f"it answered {status}")
        return read_object(text)

    def close(self) -> None:
        """Close what is open."""
        self._client.close()
