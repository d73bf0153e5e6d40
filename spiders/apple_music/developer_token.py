"""The developer token: signed here with the key of a paid developer account, for an hour at a time."""

import time
from pathlib import Path

import jwt
from cryptography.exceptions import UnsupportedAlgorithm

from spiders.base.errors import Refused
from spiders.base.platform import Access

LIFE_S, MARGIN_S = 3600.0, 300.0  # Apple allows half a year; a short one does less harm where it leaks
KEY_BYTES = 10_000
MISSING = "Apple Music is off: it needs team_id, key_id and private_key"


class DeveloperToken:
    """Signs requests with tokens made from a .p8 key."""

    def __init__(self, access: Access) -> None:
        """Nothing is read or signed before somebody asks."""
        self._access = access
        self._kept, self._good_until = "", 0.0

    def header(self, fresh: bool) -> str:
        """Return the Authorization header; a token that was not accepted is made anew, from the same key."""
        now = time.time()
        if fresh or now >= self._good_until:
            self._kept, self._good_until = self._signed(now), now + LIFE_S - MARGIN_S
        return f"Bearer {self._kept}"

    def _signed(self, now: float) -> str:
        team, key_id, key = (self._access.credentials.get(word, "") for word in ("team_id", "key_id", "private_key"))
        if not (team and key_id and key):
            raise Refused(MISSING)
        claims = {"iss": team, "iat": int(now), "exp": int(now + LIFE_S)}
        try:
            return jwt.encode(claims, key_text(key), algorithm="ES256", headers={"kid": key_id})
        except (ValueError, TypeError, UnsupportedAlgorithm, jwt.PyJWTError):
            raise Refused("Apple Music is off: private_key is no .p8 key of an elliptic curve") from None  # quotes it


def key_text(said: str) -> str:
    """Return the key as PEM: it is given as such (in one line, with \\n, too), or by the path of its .p8 file."""
    if "PRIVATE KEY" in said:
        return said.replace("\\n", "\n")
    try:
        with Path(said).open(encoding="ascii") as file:
            return file.read(KEY_BYTES)
    except (OSError, ValueError):
        raise Refused("Apple Music is off: private_key names no .p8 file that can be read") from None
