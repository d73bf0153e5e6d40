"""The demo's candidates, pushed to a stand-in detection system on loopback, and the verdicts that it gives back.

Nothing is staged: the deliverer of production pushes signed webhooks, and the verdicts come over the HTTP API with a
detector's key.
"""

import asyncio
import secrets
import threading
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Engine

from crawler.api.app import build
from crawler.api.rates import Quota
from crawler.feed.push import signing
from crawler.feed.push.addresses import Allowed
from crawler.feed.push.deliverer import Deliverer, Terms, in_threads
from sandbox import detectors, loopback
from sandbox.detectors.hearsay import Hearsay
from storage import endpoints, keys
from storage.cases import OPEN
from storage.database import writing
from storage.facts import case_list

NAME = "Hearsay"
LEAST = 0.5  # only what looks most suspicious: the demo is to end soon
PATIENCE_S = 20.0
SHOWN = 3
PLENTY = Quota(100_000, 60)


def told(engine: Engine, truth: Mapping[str, Any]) -> Iterator[str]:
    """Push, wait for the verdicts, and tell what they made of the scores."""
    with engine.connect() as connection:
        before = {row["id"]: row for row in case_list.cases(connection, statuses=OPEN)}
    with loopback.running(build(engine, PLENTY)) as api, detectors.running(truth) as stand_in:
        hearsay = stand_in.hearsay
        tries = _pushed(engine, f"{stand_in.url}/hearsay/candidates", hearsay, api)
        until = time.monotonic() + PATIENCE_S
        while hearsay.busy and time.monotonic() < until:
            threading.Event().wait(0.02)
    with engine.connect() as connection:
        after = {row["id"]: row for row in case_list.cases(connection, statuses=OPEN)}
    yield ""
    yield f"Handed to a stand-in detection system ({NAME}) by signed webhook, and verdicts back over the API:"
    yield (
        f"  {len(hearsay.taken)} candidates of at least {LEAST:g} taken in {tries} tries, "
        f"{len(hearsay.given)} verdicts back, {len(hearsay.failed) + hearsay.refused} refused"
    )
    still = [one for one in hearsay.given.items() if one[0] in before and one[0] in after]  # others were cleared since
    for case_id, decision in sorted(still, key=lambda one: -_moved(before, after, one[0]))[:SHOWN]:
        was, now = before[case_id], after[case_id]
        yield f"  {was['score']:.2f} -> {now['score']:.2f}  {now['title']}: {decision}; it is still {now['status']}"


def _moved(before: Mapping[int, Any], after: Mapping[int, Any], case_id: int) -> float:
    return abs(float(after[case_id]["score"] - before[case_id]["score"]))


def _pushed(engine: Engine, url: str, hearsay: Hearsay, api: str) -> int:
    signing_key, at = secrets.token_hex(32), datetime.now(UTC)
    wanted = {"statuses": list(OPEN), "least_score": LEAST}
    with writing(engine) as connection:
        salt = endpoints.add(connection, NAME, url, wanted, signing.key_check(signing_key), 0, at)
        key = keys.create(connection, NAME, "decide", at, detector=True)
    hearsay.secret, hearsay.api, hearsay.key = signing.secret(signing_key, salt), api, key

    async def work() -> int:
        terms = Terms(signing_key, Allowed(loopback=True))
        deliverer = Deliverer(in_threads(engine), lambda: datetime.now(UTC), terms)
        try:
            return await deliverer.once()
        finally:
            await deliverer.close()

    try:
        return asyncio.run(work())
    finally:
        with writing(engine) as connection:
            endpoints.disable(connection, endpoints.named(connection, NAME, at).id, "the demo is over", at)
