"""The one place that knows spotipy, a thin transport here: one slot, one request, one answer or one trouble of ours.

spotipy raises away what a refusal said, and stumbles over some; the session keeps every answer raw, and that is read.
"""

import contextlib
import logging
import re
from collections.abc import Mapping
from typing import Any

import spotipy
from spotipy.cache_handler import MemoryCacheHandler
from spotipy.oauth2 import SpotifyClientCredentials, SpotifyOauthError

from spiders.base.client import Client
from spiders.base.errors import Misunderstood, Refused, Throttled, Unavailable
from spiders.base.http import Answer
from spiders.base.trouble import is_cut, pause_for
from spiders.base.walk import Walk
from spiders.spotify.session import WINDOW_S, Led, Stale, Wire, trouble_in

TOKEN_MARGIN_S = 60.0
MISSING = "Spotify is off: it needs client_id and client_secret"


class Redacted(logging.Filter):
    """Takes credentials out of log records: spotipy prints its headers at DEBUG."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite the record; none is dropped."""
        record.msg, record.args = re.sub(r"(?i)\b(bearer|basic)\s+[^\s'\",]+", r"\1 ***", record.getMessage()), ()
        return True


for _name in ("spotipy.client", "spotipy.oauth2", "urllib3.connectionpool"):
    logging.getLogger(_name).addFilter(Redacted())
logging.getLogger("spotipy").setLevel(logging.CRITICAL)  # what it would say, the coverage says
logging.getLogger("urllib3").setLevel(logging.INFO)


class Api:
    """Asks Spotify in the name of one client; without credentials it refuses and asks nothing."""

    def __init__(self, client: Client, token_url: str) -> None:
        """Open both sessions, each pinned to its own host; the token stays in memory."""
        access = client.access
        self._client = client
        self.wire, self._token_wire = (Wire(type(client), access, url) for url in (client.base, token_url))
        self._spotify: Any = spotipy.Spotify(auth="none yet", requests_session=self.wire, language=None)
        self._spotify.prefix = client.base + "/"
        secrets = [access.credentials.get(name, "") for name in client.needs]
        self._refusal = "" if all(secrets) and "".join(secrets).isascii() else MISSING
        self._tokens: Any = None
        self._kept, self._good_until = "", 0.0
        if not self._refusal:
            keeper = MemoryCacheHandler()
            self._tokens = SpotifyClientCredentials(*secrets, requests_session=self._token_wire, cache_handler=keeper)
            self._tokens.OAUTH_TOKEN_URL = token_url

    def get(self, path: str, walk: Walk, bucket: str = "", **params: Any) -> Answer:
        """Ask for one object; what gives no usable answer is asked again a few times."""
        return self._client.retrying(lambda: self._try(path, walk, bucket, params))

    def close(self) -> None:
        """Close the connections."""
        self.wire.close()
        self._token_wire.close()

    def _try(self, path: str, walk: Walk, bucket: str, params: Mapping[str, Any]) -> Answer:
        """Ask once, and once more with a fresh token: some 401s are faults of the server that pass."""
        try:
            return self._led(path, walk, bucket, params, fresh=False)
        except Stale:
            try:
                return self._led(path, walk, bucket, params, fresh=True)
            except Stale as stale:
                raise Unavailable(str(stale)) from stale

    def _led(self, path: str, walk: Walk, bucket: str, params: Mapping[str, Any], *, fresh: bool) -> Answer:
        """Ask once, and follow one redirect inside the base URL."""
        try:
            return self._once(path, walk, bucket, params, fresh=fresh)
        except Led as led:
            try:
                return self._once(led.url, walk, bucket, {}, fresh=False)
            except Led:
                raise Refused(f"{path}: redirected a second time, refused", about_target=True) from None

    def _once(self, path: str, walk: Walk, bucket: str, params: Mapping[str, Any], *, fresh: bool) -> Answer:
        if self._refusal:
            raise Refused(self._refusal)
        slot = self._client.gate.wait(bucket)
        self._spotify.set_auth(self._token(fresh))
        walk.cost += 1
        raw: Any = None
        # SpotifyException is spotipy's word for a refusal, the others its stumbling over one that is no object:
        # whatever it makes of an answer, the body says more.
        try:
            with contextlib.suppress(spotipy.SpotifyException, AttributeError, TypeError, RecursionError):
                raw = self._spotify._get(path, **params)
        finally:
            self._client.gate.landed(slot)  # one that failed may have arrived as well
        answer = self.wire.last
        if answer is None:
            raise Misunderstood(f"{path}: no answer was read")
        if answer.status != 200:
            trouble = trouble_in(type(self._client), answer, self.wire.last_headers, path)
            raise self._parked(trouble, bucket) if isinstance(trouble, Throttled) else trouble
        if is_cut(answer.body):
            raise Unavailable(f"{path}: the answer is cut short")
        if not isinstance(raw, dict):
            raise Misunderstood(f"{path}: a JSON object was expected, {len(answer.body)} bytes came")
        return Answer(200, raw, answer)

    def _parked(self, trouble: Throttled, bucket: str) -> Throttled:
        """Park the bucket; a full window is counted per app and concerns the others too."""
        wait_s = pause_for(type(self._client), trouble.wait_s, 0.0) or WINDOW_S
        for name in self._client.limits_for(self._client.access) if wait_s <= 2 * WINDOW_S else [bucket]:
            self._client.gate.park(name, wait_s, str(trouble))
        return Throttled(str(trouble), wait_s=wait_s, bucket=bucket)

    def _token(self, fresh: bool) -> str:
        """Return the token kept in memory while it lasts, in the platform's time, or ask for one."""
        if fresh or self._client.gate.now() >= self._good_until:
            self._kept, lasts_s = self._new_token()
            self._good_until = self._client.gate.now() + max(0.0, lasts_s - TOKEN_MARGIN_S)
        return self._kept

    def _new_token(self) -> tuple[str, float]:
        """Ask for a token and how long it lasts; refused credentials are not tried a second time."""
        try:
            token = self._tokens.get_access_token(as_dict=False, check_cache=False)
            lasts_s = float(self._tokens.cache_handler.get_cached_token()["expires_in"])
        except (SpotifyOauthError, ValueError, KeyError, TypeError, AttributeError):
            token, lasts_s = None, 0.0
        if isinstance(token, str) and token.isascii() and token.isprintable() and token:
            return token, lasts_s
        answer = self._token_wire.last
        if answer is not None and answer.status == 200 and is_cut(answer.body):
            raise Unavailable("token: the answer is cut short")
        if answer is None or answer.status == 200:
            raise Misunderstood("token: an answer without an access token")
        trouble = trouble_in(type(self._client), answer, self._token_wire.last_headers, "token")
        if isinstance(trouble, Throttled):
            raise self._parked(Throttled(str(trouble), wait_s=trouble.wait_s), "")
        if isinstance(trouble, Unavailable):
            raise trouble
        if answer.status not in (400, 401, 403):
            raise Misunderstood(f"token: HTTP {answer.status}")
        self._refusal = f"Spotify does not accept this client_id and client_secret (HTTP {answer.status})"
        raise Refused(self._refusal)
