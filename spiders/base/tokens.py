"""An access token got by client id and secret: asked for once, kept while it lasts, never told.

Where a folder is given, the token outlives the process in a file that only its owner may read: some platforms give few.
Threads and processes of one machine take turns, so that one of them asks and the others find what it got.
"""

import base64
import fcntl
import hashlib
import json
import logging
import math
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from spiders.base.client import Client
from spiders.base.errors import Misunderstood, Refused, Throttled, Unavailable
from spiders.base.http import Transport
from spiders.base.reading import parse
from spiders.base.trouble import pause_for, trouble_with

MARGIN_S = 60.0  # a token that ends so soon is not begun with
SHORT_LIFE_S, LONGEST_LIFE_S = 120.0, 7 * 86_400.0
OWNER_ONLY = 0o600
TURN_S = 0.05  # between two looks whether the turn is ours

log = logging.getLogger(__name__)


class Tokens:
    """The tokens of one client, by client credentials."""

    def __init__(self, client: Client, url: str, *, scheme: str = "Bearer", bucket: str | None = None) -> None:
        """`bucket` pays for a token where the platform counts them."""
        self._client, self._url, self._scheme, self._bucket = client, url, scheme, bucket
        id_, secret = (client.access.credentials.get(word, "") for word in ("client_id", "client_secret"))
        self._refusal = "" if _sendable(id_) and _sendable(secret) else f"{client.title} is off: it needs {_both()}"
        self._basic = base64.b64encode(f"{id_}:{secret}".encode()).decode()
        self._kept, self._good_until = "", 0.0
        name = hashlib.sha256(f"{url} {id_}".encode()).hexdigest()[:16]
        folder = client.access.token_dir
        self._file = Path(folder) / f"{client.name}-{name}.json" if folder else None
        self.transport: Transport | None = None  # set by the one who sends

    def header(self, fresh: bool) -> str:
        """Return the Authorization header, asking for a token where there is none that lasts."""
        if self._refusal:
            raise Refused(self._refusal)
        if fresh or time.time() >= self._good_until:
            with self._turn():
                refused = self._kept if fresh else ""
                kept, until = self._found()
                if kept and kept != refused and time.time() < until:
                    self._kept, self._good_until = kept, until
                else:
                    self._kept, self._good_until = self._asked()
                    self._keep()
        return f"{self._scheme} {self._kept}"

    def _asked(self) -> tuple[str, float]:
        """Ask for a token; credentials that were refused are not tried a second time."""
        assert self.transport is not None
        if self._bucket is not None:
            self._client.gate.wait(self._bucket)
        said = {"Authorization": f"Basic {self._basic}", "Accept": "application/json"}
        answer = self.transport.post(self._url, {"grant_type": "client_credentials"}, said, "token")
        if answer.status == 200:
            raw = parse(answer.body, "token")
            token, lasts_s = raw.get("access_token"), raw.get("expires_in")
            if not isinstance(token, str) or not _sendable(token) or " " in token:
                raise Misunderstood("token: an answer without an access token")
            return token, time.time() + _life_s(lasts_s) / self._client.access.lapse
        platform = type(self._client)
        trouble = trouble_with(platform, answer.status, answer.headers, "token")
        if isinstance(trouble, Throttled):
            wait_s = pause_for(platform, trouble.wait_s, platform.parks[0])
            self._client.gate.park(self._bucket or "", wait_s, str(trouble))
            raise Throttled(str(trouble), wait_s=wait_s, bucket=self._bucket or "")
        if isinstance(trouble, Unavailable):
            raise trouble
        if answer.status not in (400, 401, 403):
            raise Misunderstood(f"token: HTTP {answer.status}")
        self._refusal = f"{platform.title} does not accept this {_both()} (HTTP {answer.status})"
        raise Refused(self._refusal)

    # --- across processes --------------------------------------------------------------------------------------------

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """Let one process of this machine ask at a time; without a folder to write in, each asks for itself."""
        if self._file is None:
            yield
            return
        try:
            self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            lock = os.open(self._file.with_suffix(".lock"), os.O_RDWR | os.O_CREAT, OWNER_ONLY)
        except OSError as error:
            log.warning("%s: tokens can't be kept across processes: %s", self._client.name, error.strerror)
            self._file = None
            yield
            return
        try:
            self._wait_for(lock)
            yield
        finally:
            os.close(lock)

    def _wait_for(self, lock: int) -> None:
        """Wait for the turn no longer than for an answer: who has it may hang, or be stopped."""
        deadline = time.monotonic() + self._client.access.timeout_s
        while True:
            try:
                return fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() >= deadline:
                    raise Unavailable("token: another process asks for one, and does not get it") from None
            time.sleep(TURN_S)

    def _found(self) -> tuple[str, float]:
        """Return the token that another process left here; what can't be read is as good as none."""
        if self._file is None:
            return "", 0.0
        try:
            raw = json.loads(self._file.read_bytes())
            token, until = raw["token"], float(raw["until"])
        except (OSError, ValueError, KeyError, TypeError):
            return "", 0.0
        return (token, until) if isinstance(token, str) and _sendable(token) and math.isfinite(until) else ("", 0.0)

    def _keep(self) -> None:
        if self._file is None:
            return
        fresh = self._file.with_suffix(".new")
        try:
            fresh.unlink(missing_ok=True)  # one that was left open to others is not written into
            with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY), "w") as out:
                json.dump({"token": self._kept, "until": self._good_until}, out)
            fresh.replace(self._file)
        except OSError as error:
            log.warning("%s: the token can't be kept: %s", self._client.name, error.strerror)


def _life_s(said: object) -> float:
    """Return how long a token is used: as long as is said, within reason, and a little shorter."""
    if isinstance(said, bool) or not isinstance(said, int | float) or not said >= 0:
        return SHORT_LIFE_S
    return max(0.0, float(min(said, LONGEST_LIFE_S)) - MARGIN_S)


def _sendable(text: str) -> bool:
    return bool(text) and text.isascii() and text.isprintable()


def _both() -> str:
    return "client_id and client_secret"
