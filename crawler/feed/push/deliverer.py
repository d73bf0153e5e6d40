"""Delivers the outbox to endpoints: each has a lane of its own, so that none waits for another.

What is due and when it is tried again stands in the store. A message is leased, sent, and only then noted: whoever is
killed in between has sent it once more than it knows, under the same id.
"""

import asyncio
import json
import logging
import random
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from crawler.feed.push import message, signing
from crawler.feed.push.addresses import Allowed, Resolve, resolved
from crawler.feed.push.sending import Outcome, Sender
from crawler.settings import Settings
from storage import deliveries, endpoints, outbox
from storage.database import writing
from storage.deliveries import Claimed
from storage.endpoints import Endpoint

T = TypeVar("T")
Do = Callable[[Callable[[Connection], T]], Awaitable[T]]
MOST_TRIES = 14  # of one message: over about three days
FIRST_REST, LONGEST_REST = timedelta(seconds=5), timedelta(hours=12)
LONGEST_PAUSE = timedelta(hours=1)  # of an endpoint as a whole
PATIENCE = timedelta(days=5)  # an endpoint that took nothing for so long is disabled
LEASE = timedelta(minutes=10)
READ_AT_ONCE, SENT_AT_ONCE = 200, 200
IDLE_S = 0.5
TURNS = 5

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Terms:
    """How to deliver."""

    signing_key: str
    allowed: Allowed
    public_url: str = ""
    timeout_s: float = 20.0
    width: int = 8  # connections to one endpoint
    resolve: Resolve = resolved

    @staticmethod
    def of(settings: Settings) -> "Terms":
        """Take them from the settings."""
        allowed = Allowed(frozenset(settings.webhook_private_hosts), settings.webhook_loopback)
        return Terms(settings.signing_key.get_secret_value(), allowed, settings.public_url)


@dataclass(frozen=True, slots=True)
class Store:
    """How to get at the store: reading is in nobody's way, so it is what is done while there is nothing to send."""

    do: "Do[Any]"  # in a transaction that writes
    read: "Do[Any]"


def rest(tries: int, chance: float, longest: timedelta = LONGEST_REST) -> timedelta:
    """Say how long to wait after so many failures: three times longer each time, give or take a fifth."""
    grown: timedelta = min(FIRST_REST * int(3 ** min(tries - 1, 20)), longest)
    return grown * (0.8 + 0.4 * chance)


class Deliverer:
    """Sends what the outbox holds to every endpoint."""

    def __init__(self, store: Store, now: Callable[[], datetime], terms: Terms) -> None:
        """Prepare."""
        self.store, self.now, self.terms = store, now, terms
        self.lease = uuid.uuid4().hex
        self._chance = random.Random()
        self._senders: dict[int, Sender] = {}

    async def run(self, stopping: asyncio.Event) -> None:
        """Deliver until stopped."""
        lanes: dict[int, asyncio.Task[None]] = {}
        try:
            while not stopping.is_set():
                try:
                    ready = await self._ready()
                except SQLAlchemyError:
                    log.exception("the store did not tell what is to be delivered")
                    ready = []
                for endpoint_id in ready:
                    if endpoint_id not in lanes or lanes[endpoint_id].done():
                        lanes[endpoint_id] = asyncio.create_task(self._lane(endpoint_id, stopping))
                await _pause(stopping)
        finally:
            for lane in lanes.values():
                lane.cancel()
            await asyncio.gather(*lanes.values(), return_exceptions=True)
            await self.close()

    async def once(self) -> int:
        """Send everything that is due now to every endpoint, all lanes at once; return how many tries that took."""

        async def drained(endpoint_id: int) -> int:
            tries = 0
            while (turn := await self.turn(endpoint_id)) is not None:
                tries += turn
            return tries

        return sum(await asyncio.gather(*(drained(endpoint_id) for endpoint_id in await self._ready())))

    async def turn(self, endpoint_id: int) -> int | None:
        """Queue what an endpoint is to be told, and try what is due; return how many tries that was, None at the end.

        No try is no end: all that was read of the feed may be what the endpoint does not ask for.
        """
        one, claimed, more = await self.store.do(lambda connection: self._take(connection, endpoint_id))
        if one is None or not claimed:
            return 0 if more else None
        sender = self._sender(one)
        outcomes = await self._sent(one, sender, claimed)
        await self.store.do(lambda connection: self._note(connection, endpoint_id, claimed, outcomes))
        return len(outcomes)

    async def close(self) -> None:
        """Close every connection."""
        for sender in self._senders.values():
            await sender.close()
        self._senders.clear()

    async def _ready(self) -> list[int]:
        """Place what the feed has not placed, and list the endpoints for which there is something to do."""
        if await self.store.read(outbox.unplaced):
            await self.store.do(outbox.sequence)
        ready: list[int] = await self.store.read(lambda connection: deliveries.ready(connection, self.now()))
        return ready

    async def _lane(self, endpoint_id: int, stopping: asyncio.Event) -> None:
        try:
            while not stopping.is_set() and await self.turn(endpoint_id) is not None:
                pass
        except SQLAlchemyError:
            log.exception("the store did not take what became of deliveries; they are sent again")

    def _sender(self, one: Endpoint) -> Sender:
        if one.id not in self._senders:
            terms = self.terms
            self._senders[one.id] = Sender(one.url, terms.allowed, terms.resolve, terms.timeout_s)
        return self._senders[one.id]

    def _take(self, connection: Connection, endpoint_id: int) -> tuple[Endpoint | None, list[Claimed], bool]:
        """Return the endpoint, what to send to it, and whether the feed may hold more for it."""
        at = self.now()
        one = endpoints.locked(connection, endpoint_id, at)
        if one is None or one.disabled_because or (one.paused_until is not None and one.paused_until > at):
            return None, [], False
        if one.key_check != signing.key_check(self.terms.signing_key):
            endpoints.disable(connection, one.id, "FALSETTO_SIGNING_KEY is another one: rotate its secret", at)
            return None, [], False
        more = self._queue(connection, one, at)
        most = 1 if one.failures else SENT_AT_ONCE
        return one, deliveries.claim(connection, one.id, self.lease, at + LEASE, at, most), more

    def _queue(self, connection: Connection, one: Endpoint, at: datetime) -> bool:
        rows = list(outbox.since(connection, one.position, READ_AT_ONCE))
        if not rows:
            return False
        read = [(position, document, json.loads(document)) for position, document in rows]
        known = deliveries.told_before(connection, one.id, {document["case_id"] for _, _, document in read})
        messages = []
        for position, text, document in read:
            case_id = document["case_id"]
            if case_id in known or message.wanted(one.filters, document):
                known.add(case_id)  # what was pushed must hear of its end, whatever the filters say
                bytes_ = message.body(text, document, position, self.terms.public_url)
                messages.append(deliveries.Queued(position, case_id, document["idempotency_key"], bytes_))
        deliveries.queue(connection, one.id, messages, at)
        endpoints.queued(connection, one.id, rows[-1][0])
        return len(rows) == READ_AT_ONCE

    async def _sent(self, one: Endpoint, sender: Sender, claimed: list[Claimed]) -> dict[int, Outcome]:
        secrets = [signing.secret(self.terms.signing_key, salt) for salt in one.salts]
        outcomes: dict[int, Outcome] = {}
        ahead = iter(claimed)

        async def connection() -> None:
            for delivery in ahead:
                if any(not outcome.taken for outcome in outcomes.values()):
                    return
                at = self.now()
                headers = signing.headers(secrets, delivery.message, delivery.body, at)
                outcomes[delivery.id] = await sender.send(headers, delivery.body.encode(), at)

        await asyncio.gather(*(connection() for _ in range(self.terms.width)))
        return outcomes

    def _note(
        self, connection: Connection, endpoint_id: int, claimed: list[Claimed], outcomes: dict[int, Outcome]
    ) -> None:
        at = self.now()
        one = endpoints.locked(connection, endpoint_id, at)
        if one is None:
            return
        taken = [number for number, outcome in outcomes.items() if outcome.taken]
        deliveries.delivered(connection, taken, self.lease, at)
        deliveries.released(connection, [d.id for d in claimed if d.id not in outcomes], self.lease)
        failures = [(d, outcomes[d.id]) for d in claimed if d.id in outcomes and not outcomes[d.id].taken]
        if not failures:
            endpoints.answers(connection, endpoint_id)
            return
        for delivery, outcome in failures:
            self._note_failure(connection, delivery, outcome, at)
        self._rest(connection, one, bool(taken), failures[-1][1], at)

    def _note_failure(self, connection: Connection, delivery: Claimed, outcome: Outcome, at: datetime) -> None:
        if outcome.ends:
            deliveries.released(connection, [delivery.id], self.lease)
            return
        tries = delivery.tries + 1
        again = max(rest(tries, self._chance.random()), outcome.rest or timedelta(0))
        next_at = None if tries >= MOST_TRIES else at + again
        deliveries.failed(connection, delivery.id, self.lease, outcome.error, next_at)
        if next_at is None:
            log.warning("message %s is dead after %s tries: %s", delivery.message, tries, outcome.error)

    def _rest(self, connection: Connection, one: Endpoint, took_some: bool, last: Outcome, at: datetime) -> None:
        failures = 1 if took_some else one.failures + 1
        since = at if took_some or one.failing_since is None else one.failing_since
        log.warning("endpoint %s: %s", one.name, last.error)
        if last.ends or at - since > PATIENCE:
            endpoints.disable(connection, one.id, last.error, at)
            return
        pause = max(rest(failures, self._chance.random(), LONGEST_PAUSE), last.rest or timedelta(0))
        endpoints.fails(connection, one.id, failures, since, at + pause)


async def _pause(stopping: asyncio.Event) -> None:
    """Wait a moment, or until stopped."""
    try:
        async with asyncio.timeout(IDLE_S):
            await stopping.wait()
    except TimeoutError:
        return


def in_threads(engine: Engine) -> Store:
    """Read and write in threads beside the loop; a transaction that others are in the way of is run again."""

    def reading(work: Callable[[Connection], Any]) -> Any:
        with engine.connect() as connection:
            return work(connection)

    def transaction(work: Callable[[Connection], Any]) -> Any:
        for turn in range(TURNS):
            try:
                with writing(engine) as connection:
                    return work(connection)
            except OperationalError:
                if turn == TURNS - 1:
                    raise
        raise AssertionError

    return Store(lambda work: asyncio.to_thread(transaction, work), lambda work: asyncio.to_thread(reading, work))
