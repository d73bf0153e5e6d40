"""What an answer means that is no success: one reading of status, headers and body for every kind of client. Pure.

No number of a server's is taken as it is: a time to wait is read or ignored, never raised over, and never outlives the
platform's own ceiling.
"""

import json
import math
import re
import time
from collections.abc import Mapping
from datetime import UTC
from email.utils import parsedate_to_datetime
from traceback import format_exception
from urllib.parse import urljoin, urlsplit

from spiders.base.errors import SHOWN, Misunderstood, Refused, Throttled, Trouble, Unavailable, legible
from spiders.base.platform import Access, Platform

PAGE_END = 2_000  # a page ends within so many bytes of its last; remarks may follow
REDIRECTS = (301, 302, 303, 307, 308)
_SECONDS = re.compile(r"[0-9]{1,20}(\.[0-9]{0,20})?")


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Read how long to wait: seconds, with decimals or without, or a date; what is neither counts as not said.

    A date is held against the answer's own date, so that it does not matter how our clock stands to the server's.
    """
    said = headers.get("retry-after", "").strip()
    if _SECONDS.fullmatch(said):
        return float(said)
    until, now = _moment(said), _moment(headers.get("date", ""))
    if until is None:
        return None
    return max(0.0, until - (time.time() if now is None else now))


def _moment(text: str) -> float | None:
    try:
        moment = parsedate_to_datetime(text.strip())
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except (TypeError, ValueError, IndexError, OverflowError):
        return None


def pause_for(platform: type[Platform], said_s: float | None, rest_s: float) -> float:
    """Return how long a bucket rests: as long as the platform says or is known to want, within its ceiling."""
    wait_s = max(rest_s, said_s or 0.0)
    return min(wait_s, platform.longest_pause_s) if math.isfinite(wait_s) else platform.longest_pause_s


class Strikes:
    """Refusals in a row: the first ones rest a bucket for a little, later ones for longer."""

    def __init__(self, platform: type[Platform]) -> None:
        """Start without a strike."""
        self._platform = platform
        self._count: dict[str, int] = {}

    def strike(self, bucket: str) -> None:
        """Count another refusal."""
        self._count[bucket] = self._count.get(bucket, 0) + 1

    def clear(self, bucket: str) -> None:
        """Forget them after a good answer."""
        self._count.pop(bucket, None)

    def pause_s(self, bucket: str, said_s: float | None) -> float:
        """Return how long the bucket rests now."""
        parks = self._platform.parks
        rest_s = parks[min(max(1, self._count.get(bucket, 1)), len(parks)) - 1]
        return pause_for(self._platform, said_s, rest_s)


def trouble_with(platform: type[Platform], status: int, headers: Mapping[str, str], what: str) -> Trouble:
    """Say what a status means that brought no answer."""
    said = f"{what}: HTTP {status}"
    if 300 <= status < 400:
        host = _host(headers.get("location", "")) or "elsewhere"
        return Refused(f"{said}, redirect to {host} refused", about_target=True)
    wait_s = retry_after(headers)
    if status in platform.throttles or (status == 503 and wait_s is not None):
        return Throttled(said, wait_s=wait_s)
    if status in (404, 410):
        return Misunderstood(f"{said}: is the base URL right?")
    if status == 451:
        return Refused(said, about_target=True)
    if status in (401, 403, 407):
        return Refused(said)
    if status >= 500 or status in (408, 425):
        return Unavailable(said)
    return Misunderstood(said)


def said_with(trouble: Trouble | None, headers: Mapping[str, str]) -> Trouble | None:
    """Add what the headers say to what a body said: how long to wait."""
    if isinstance(trouble, Throttled) and trouble.wait_s is None:
        trouble.wait_s = retry_after(headers)
    return trouble


def hop(status: int, headers: Mapping[str, str], url: str, base: str) -> str | None:
    """Return where a redirect leads, if that is inside the base URL; every other is nobody's to follow."""
    if status not in REDIRECTS or not headers.get("location", "").strip():
        return None
    try:
        led = urljoin(url, headers["location"].strip())
        there, home = urlsplit(led), urlsplit(base)
    except ValueError:
        return None
    inside = (there.scheme, there.netloc) == (home.scheme, home.netloc) and there.path.startswith(
        f"{home.path.rstrip('/')}/"
    )
    return led if inside and "/../" not in there.path and led.isascii() and led.isprintable() else None


def _host(location: str) -> str:
    try:
        return legible(urlsplit(location).hostname or "")
    except ValueError:
        return ""


def fault_of_ours(error: BaseException, access: Access) -> tuple[Misunderstood, str]:
    """Turn a programming fault into a trouble and a text for the log: it may quote an address with a credential."""
    said = access.masked(str(error))
    traced = access.masked("".join(format_exception(error)))
    return Misunderstood(f"fault of ours: {type(error).__name__}: {said[:SHOWN]}"), f"{said}\n{traced}"


def is_cut(body: bytes) -> bool:
    """Tell whether an object or a page begins and does not end, though every byte that was announced came."""
    start = body.lstrip()[:9].lower()
    if start.startswith(b"<!doctype"):
        return b"</html>" not in body[-PAGE_END:].lower()
    return start[:1] == b"{" and body.rstrip()[-1:] != b"}"


def error_of(body: bytes) -> tuple[object, bool]:
    """Return an error body's `error` and whether the body was JSON at all."""
    try:
        raw = json.loads(body)
    except (ValueError, RecursionError):
        return None, False
    return (raw.get("error") if isinstance(raw, dict) else None), True
