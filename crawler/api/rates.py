"""How much one key may ask of this process: a bucket each, refilled evenly, and told in RateLimit headers."""

import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Quota:
    """So many requests in so many seconds."""

    requests: int = 600
    seconds: int = 60


@dataclass(frozen=True, slots=True)
class Spent:
    """What a request left of a quota."""

    allowed: bool
    left: int
    full_in_s: int
    again_in_s: int  # until one more may be asked

    def headers(self, quota: Quota) -> dict[str, str]:
        """Tell it as draft-ietf-httpapi-ratelimit-headers does."""
        told = {
            "RateLimit-Policy": f'"key";q={quota.requests};w={quota.seconds}',
            "RateLimit": f'"key";r={self.left};t={self.full_in_s}',
        }
        return told if self.allowed else told | {"Retry-After": str(self.again_in_s)}


class Rates:
    """The buckets of all keys."""

    def __init__(self, quota: Quota, clock: Callable[[], float] = time.monotonic) -> None:
        """Start with full buckets."""
        self.quota, self.clock = quota, clock
        self._lock = threading.Lock()
        self._left: dict[int, tuple[float, float]] = {}  # key -> what was left, and when

    def spend(self, key_id: int) -> Spent:
        """Take one request out of a key's bucket."""
        quota, now = self.quota, self.clock()
        pace = quota.requests / quota.seconds
        with self._lock:
            left, since = self._left.get(key_id, (float(quota.requests), now))
            left = min(float(quota.requests), left + (now - since) * pace)
            allowed = left >= 1
            left -= allowed
            self._left[key_id] = (left, now)
        full = math.ceil((quota.requests - left) / pace)
        return Spent(allowed, int(left), full, max(1, math.ceil((1 - left) / pace)))
